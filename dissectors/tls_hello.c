/* tls_hello.c -- see tls_hello.h. A hello is taken for one only if it can be read to its last byte. */
#include "tls_hello.h"

enum {
	X_SERVER_NAME = 0, X_SUPPORTED_GROUPS = 10, X_USE_SRTP = 14, X_ALPN = 16, X_PRE_SHARED_KEY = 41, X_SUPPORTED_VERSIONS = 43,
	X_KEY_SHARE = 51,
};

enum { RANDOM = 32, SESSION_ID_MAX = 32, EXTENSIONS_MAX = 128 };

/* RFC 8446, 4.1.3: SHA-256 of "HelloRetryRequest" stands for the random bytes. */
static const uint8_t retry_random[RANDOM] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
	0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

bool tls_version_known(uint16_t v, bool datagram)
{
	if (datagram)
		return v == DTLS_1_0 || v == DTLS_1_2 || v == DTLS_1_3 || v == DTLS_BAD;
	return v >= SSL_3 && v <= TLS_1_3;
}

/* The newer one. DTLS counts downwards, and its first try is older than all. */
static bool is_newer(uint16_t a, uint16_t b, bool datagram)
{
	if (!datagram)
		return a > b;
	return b == DTLS_BAD ? a != DTLS_BAD : a != DTLS_BAD && a < b;
}

/* A list of two-byte numbers behind its own length, which must fill `c`. */
static struct cursor numbers(struct cursor c, unsigned length_bytes)
{
	size_t n = length_bytes == 1 ? cur_u8(&c) : cur_u16(&c);
	struct cursor list = cur_take(&c, n);

	if (c.bad || c.left > 0 || n % 2 != 0)
		cur_fail(&list);
	return list;
}

/* RFC 6066, 3: a list of names, of which only one kind was ever defined. */
static struct cursor host_name(struct cursor c)
{
	struct cursor list, name;
	uint8_t kind;

	list = cur_take(&c, cur_u16(&c));
	kind = cur_u8(&list);
	name = cur_take(&list, cur_u16(&list));
	if (list.bad || kind != 0)
		cur_fail(&name);
	return name;
}

static uint16_t best_version(struct cursor list, uint16_t legacy, bool datagram)
{
	uint16_t best = 0;

	while (list.left > 0) {
		uint16_t v = cur_u16(&list);

		if (tls_version_known(v, datagram) && (best == 0 || is_newer(v, best, datagram)))
			best = v;
	}
	return best != 0 ? best : legacy;
}

static void client_extension(struct tls_client_hello *h, uint16_t type, struct cursor c, bool datagram)
{
	switch (type) {
	case X_SERVER_NAME:
		h->host = host_name(c);
		break;
	case X_SUPPORTED_GROUPS:
		h->groups = numbers(c, 2);
		break;
	case X_USE_SRTP:		/* RFC 5764, 4.1.1: the profiles, then an MKI */
		h->srtp = cur_take(&c, cur_u16(&c));
		break;
	case X_ALPN:
		h->alpn = cur_take(&c, cur_u16(&c));
		break;
	case X_PRE_SHARED_KEY:
		h->psk = true;
		break;
	case X_SUPPORTED_VERSIONS:
		h->version = best_version(numbers(c, 1), h->version, datagram);
		break;
	default:
		break;
	}
}

/* Extensions fill the rest of a hello, or there are none. */
static bool extensions(struct cursor *c, struct cursor *list)
{
	*list = cur_of("", 0);
	if (c->left == 0)
		return !c->bad;
	*list = cur_take(c, cur_u16(c));
	return !c->bad && c->left == 0;
}

/* The next one; false at the end, or where `list` went bad. */
static bool extension(struct cursor *list, uint16_t *type, struct cursor *content)
{
	if (list->left == 0)
		return false;
	*type = cur_u16(list);
	*content = cur_take(list, cur_u16(list));
	return !list->bad;
}

static bool is_null_compression(struct cursor c)
{
	while (c.left > 0)
		if (cur_u8(&c) == 0)
			return true;
	return false;
}

bool tls_client_hello(struct tls_client_hello *h, struct cursor c, bool datagram)
{
	struct cursor nothing = cur_of("", 0), compressions, list, content;
	uint16_t type;
	uint8_t session;

	*h = (struct tls_client_hello){.suites = nothing, .groups = nothing, .srtp = nothing, .host = nothing, .alpn = nothing,
	    .cookie = nothing};
	h->version = cur_u16(&c);
	cur_skip(&c, RANDOM);
	session = cur_u8(&c);
	cur_skip(&c, session);
	if (datagram)
		h->cookie = cur_take(&c, cur_u8(&c));
	h->suites = cur_take(&c, cur_u16(&c));
	compressions = cur_take(&c, cur_u8(&c));
	if (c.bad || !tls_version_known(h->version, datagram) || session > SESSION_ID_MAX || h->suites.left == 0 ||
	    h->suites.left % 2 != 0 || !is_null_compression(compressions) || !extensions(&c, &list))
		return false;
	for (unsigned n = 0; extension(&list, &type, &content); n++)
		if (n < EXTENSIONS_MAX)
			client_extension(h, type, content, datagram);
	return !list.bad;
}

static void server_extension(struct tls_server_hello *h, uint16_t type, struct cursor c, bool datagram)
{
	uint16_t v;

	switch (type) {
	case X_USE_SRTP:
		c = cur_take(&c, cur_u16(&c));
		h->srtp = cur_u16(&c);
		break;
	case X_PRE_SHARED_KEY:
		h->psk = true;
		break;
	case X_SUPPORTED_VERSIONS:
		v = cur_u16(&c);
		if (tls_version_known(v, datagram))
			h->version = v;
		break;
	case X_KEY_SHARE:
		h->group = cur_u16(&c);
		break;
	default:
		break;
	}
}

bool tls_server_hello(struct tls_server_hello *h, struct cursor c, bool datagram)
{
	struct cursor random, list, content;
	uint8_t session, compression;
	uint16_t type;

	*h = (struct tls_server_hello){0};
	h->version = cur_u16(&c);
	random = cur_take(&c, RANDOM);
	session = cur_u8(&c);
	cur_skip(&c, session);
	h->suite = cur_u16(&c);
	compression = cur_u8(&c);
	if (c.bad || !tls_version_known(h->version, datagram) || session > SESSION_ID_MAX || compression > 1 ||
	    !extensions(&c, &list))
		return false;
	h->retry = cur_starts(&random, retry_random, sizeof retry_random);
	for (unsigned n = 0; extension(&list, &type, &content); n++)
		if (n < EXTENSIONS_MAX)
			server_extension(h, type, content, datagram);
	return !list.bad;
}

bool tls_alpn_next(struct cursor *list, struct cursor *name)
{
	if (list->left == 0)
		return false;
	*name = cur_take(list, cur_u8(list));
	return !list->bad;
}
