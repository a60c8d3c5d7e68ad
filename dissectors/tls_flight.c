/* tls_flight.c -- see tls_flight.h. */
#include "tls_flight.h"

enum { NAMED_CURVE = 3, ALPN_SAID = 4, HOST_MAX = 255 };

/* --- the server's messages --- */

static enum tls_progress server_hello(struct tls_flight *f, struct cursor body, bool datagram)
{
	struct tls_server_hello h;

	if (!tls_server_hello(&h, body, datagram))
		return TLS_STRANGE;
	if (h.retry)
		return TLS_GOES_ON;
	f->has_hello = true;
	f->version = h.version;
	f->suite = h.suite;
	f->group = h.group != 0 ? h.group : f->group;
	f->srtp = h.srtp;
	f->resumed = h.psk;
	return tls_is_13(h.version) ? TLS_COMPLETE : TLS_GOES_ON;
}

/* RFC 5246, 7.4.3: parameters, then (unless anonymous) a signature, which names its algorithm since TLS 1.2. Nothing is
 * taken that does not end where the message ends. */
static bool is_signed_end(struct cursor c, bool names_algorithm, uint16_t *signature)
{
	uint16_t scheme = 0;

	if (c.bad || c.left == 0)
		return !c.bad;
	if (names_algorithm)
		scheme = cur_u16(&c);
	cur_skip(&c, cur_u16(&c));
	if (c.bad || c.left > 0)
		return false;
	*signature = scheme;
	return true;
}

/* RFC 8422, 5.4 */
static bool elliptic(struct tls_flight *f, struct cursor c, bool names_algorithm)
{
	uint8_t kind = cur_u8(&c);
	uint16_t group = cur_u16(&c);

	cur_skip(&c, cur_u8(&c));
	if (kind != NAMED_CURVE || !is_signed_end(c, names_algorithm, &f->signature))
		return false;
	f->group = group;
	return true;
}

static unsigned bits_of(struct cursor n)
{
	unsigned bits;

	while (n.left > 0 && cur_peek_u8(&n, 0) == 0)
		cur_skip(&n, 1);
	bits = (unsigned)n.left * 8;
	for (unsigned mask = 0x80; n.left > 0 && mask > 0 && (cur_peek_u8(&n, 0) & mask) == 0; mask >>= 1)
		bits--;
	return bits;
}

static bool finite(struct tls_flight *f, struct cursor c, bool names_algorithm)
{
	struct cursor prime = cur_take(&c, cur_u16(&c));

	cur_skip(&c, cur_u16(&c));
	cur_skip(&c, cur_u16(&c));
	if (!is_signed_end(c, names_algorithm, &f->signature))
		return false;
	f->dh_bits = (uint16_t)bits_of(prime);
	return true;
}

static void key_exchange(struct tls_flight *f, struct cursor body)
{
	bool is_12 = f->version == TLS_1_2 || f->version == DTLS_1_2;

	f->has_keys = true;
	/* Datagrams may come in another order: without the hello it is either way, as far as it reads to the end. */
	if ((is_12 || !f->has_hello) && (elliptic(f, body, true) || finite(f, body, true)))
		return;
	if (!is_12 && !elliptic(f, body, false))
		finite(f, body, false);
}

enum tls_progress tls_flight_message(struct tls_flight *f, uint8_t type, struct cursor body, bool datagram)
{
	bool cut;

	switch (type) {
	case TLS_SERVER_HELLO:
		return server_hello(f, body, datagram);
	case TLS_CERTIFICATE:
		if (f->skip_certs) {
			f->certs_cut = true;
			return TLS_GOES_ON;
		}
		f->n_certs = (uint8_t)tls_cert_chain(f->certs, body, &cut);
		f->certs_cut = cut;
		return TLS_GOES_ON;
	case TLS_SERVER_KEY_EXCHANGE:
		key_exchange(f, body);
		return TLS_GOES_ON;
	case TLS_SERVER_HELLO_DONE:
		return body.left == 0 ? TLS_COMPLETE : TLS_STRANGE;
	case TLS_HELLO_REQUEST:
	case TLS_CERTIFICATE_REQUEST:
	case TLS_CERTIFICATE_STATUS:
	case TLS_NEW_SESSION_TICKET:
	case TLS_SUPPLEMENTAL_DATA:
		return TLS_GOES_ON;
	default:
		return TLS_STRANGE;
	}
}

/* --- saying it --- */

static bool is_name(struct cursor c)
{
	if (c.bad || c.left == 0 || c.left > HOST_MAX)
		return false;
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		if (b <= ' ' || b >= 0x7f)
			return false;
	}
	return true;
}

static void say_list(struct facts *facts, unsigned fact, struct cursor list)
{
	if (list.left > 0)
		fact_bytes(facts, fact, list);
}

void tls_say_offer(struct facts *facts, const struct tls_client_hello *h, const char *from)
{
	struct cursor list = h->alpn, name;

	if (is_name(h->host)) {
		fact_bytes(facts, FACT_HOST, h->host);
		fact_text(facts, FACT_HOST_FROM, from);
	}
	for (unsigned n = 0; n < ALPN_SAID && tls_alpn_next(&list, &name); n++)
		if (is_name(name))
			fact_bytes(facts, FACT_ALPN, name);
	fact_flag(facts, FACT_CRYPTO_OFFER);
	say_list(facts, FACT_CRYPTO_OFFER_SUITES, h->suites);
	say_list(facts, FACT_CRYPTO_OFFER_GROUPS, h->groups);
	say_list(facts, FACT_CRYPTO_OFFER_SRTP, h->srtp);
}

static void put_certs(struct facts *facts, const struct cert certs[], unsigned n, bool cut)
{
	char text[CERT_TEXT];

	for (unsigned i = 0; i < n; i++)
		fact_text(facts, FACT_CRYPTO_CERT, cert_print(&certs[i], text));
	if (cut)
		fact_flag(facts, FACT_CRYPTO_CERT_CUT);
}

static void say_number(struct facts *facts, unsigned fact, uint16_t v)
{
	if (v != 0)
		fact_uint(facts, fact, v);
}

void tls_say_choice(struct facts *facts, const struct tls_flight *f, const char *protocol)
{
	facts_begin(facts);
	fact_text(facts, FACT_CRYPTO_PROTOCOL, protocol);
	fact_uint(facts, FACT_CRYPTO_VERSION, f->version);
	fact_uint(facts, FACT_CRYPTO_SUITE, f->suite);
	say_number(facts, FACT_CRYPTO_GROUP, f->group);
	say_number(facts, FACT_CRYPTO_DH_BITS, f->dh_bits);
	say_number(facts, FACT_CRYPTO_SRTP, f->srtp);
	say_number(facts, FACT_CRYPTO_SIGNATURE, f->signature);
	if (f->resumed)
		fact_flag(facts, FACT_CRYPTO_RESUMED);
	put_certs(facts, f->certs, f->n_certs, f->certs_cut);
}

void tls_say_certs(struct facts *facts, const struct cert certs[], unsigned n, bool cut)
{
	facts_begin(facts);
	put_certs(facts, certs, n, cut);
}
