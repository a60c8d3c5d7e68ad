/* dtls.c -- DTLS: what two ends agree upon before their media or data. RFC 6347 (1.0: 4347), 9147, 5764.
 *
 * A flow speaks DTLS once a ClientHello or a ServerHello was put together that can be read to its last byte; nothing else begins
 * it. The socket is shared with STUN and media, so this is but a glance: what was read stays data of the flow. Nested in a
 * relay's message, and beside a STUN message, the same. Once it is known, the flow's encrypted datagrams are counted, by
 * steps: who sends files through a data channel does it here.
 */
#include "dissector.h"
#include "dtls_gather.h"
#include "tls_flight.h"
#include "tls_record.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 32,
	RECORD_HEADER = 13,
	HANDSHAKE_HEADER = 12,
	RANDOM_AT = 2,			/* in a ClientHello; eight bytes of it tell two apart */
	FIRST_STEP_SHIFT = 16, STEP_SHIFT = 4,	/* data are said at 64 KiB, 1 MiB, 16 MiB, ... */
	MESSAGES = 32,			/* of one end; those beyond are not looked at */
};

enum dtls_fact {
	DTLS_FACT_DATA_OUT = FACT_OWN,
	DTLS_FACT_DATA_IN,
	DTLS_FACT_END
};

static const struct fact_def fact_defs[DTLS_FACT_END - FACT_OWN] = {
	{"dtls.data_out", FACT_UINT, "bytes of application data from local so far; said in steps of 16 from 64 KiB on"},
	{"dtls.data_in", FACT_UINT, "bytes of application data to local so far"},
};

struct dtls_state {
	struct tls_flight flight;
	uint64_t data[2];		/* bytes of application data, by from_local */
	uint64_t random;		/* of the ClientHello: another one begins another handshake */
	uint32_t seen[2];		/* message numbers that were looked at */
	uint8_t step;
	bool proven;			/* it is DTLS */
	bool app_said;
	bool offer_said, choice_said;
	bool client_known, client_local;
	bool done;			/* the server's flight has ended */
	struct dtls_gather gather;
};

_Static_assert(sizeof(struct dtls_state) <= 8192, "the state of a flow has outgrown its budget");

struct at {
	struct input *in;
	struct dtls_state *st;
	struct facts *facts;
};

/* --- telling --- */

static void begin(const struct at *at)
{
	facts_begin(at->facts);
	if (!at->st->app_said && !at->in->nested)
		fact_text(at->facts, FACT_FLOW_APP, "dtls");
	at->st->app_said = true;
}

static void say_choice(const struct at *at)
{
	struct dtls_state *st = at->st;

	if (!st->flight.has_hello || st->choice_said)
		return;
	st->choice_said = true;
	tls_say_choice(at->facts, &st->flight, "DTLS");
}

/* The client goes on, or data come: whatever of the server's flight was not seen will not be. */
static void flight_over(const struct at *at)
{
	struct dtls_state *st = at->st;

	if (dtls_gather_waits(&st->gather, !st->client_local))
		st->flight.certs_cut = true;
	say_choice(at);
}

/* --- the client's messages --- */

static void know_client(struct dtls_state *st, bool is_local)
{
	st->client_known = true;
	st->client_local = is_local;
}

/* Sent again, or with the server's cookie, it has the same random bytes. With others it begins anew: an older handshake on
 * this flow counts no more. */
static bool client_hello(const struct at *at, struct cursor body)
{
	struct dtls_state *st = at->st;
	struct cursor random = body;
	struct tls_client_hello h;
	uint64_t number;

	if (!tls_client_hello(&h, body, true))
		return false;
	cur_skip(&random, RANDOM_AT);
	number = cur_u64(&random);
	st->proven = true;
	if (st->offer_said && number == st->random)
		return true;
	if (st->choice_said) {
		st->flight = (struct tls_flight){0};
		st->choice_said = st->done = false;
		st->seen[0] = st->seen[1] = 0;
	}
	know_client(st, at->in->from_local);
	st->random = number;
	st->offer_said = true;
	begin(at);
	tls_say_offer(at->facts, &h, "dtls");
	return true;
}

static bool client_message(const struct at *at, uint8_t type, struct cursor body)
{
	struct cert certs[TLS_CERTS];
	unsigned n;
	bool cut;

	switch (type) {
	case TLS_CLIENT_HELLO:
		return client_hello(at, body);
	case TLS_CERTIFICATE:
		flight_over(at);
		n = tls_cert_chain(certs, body, &cut);
		if (n > 0 || cut)
			tls_say_certs(at->facts, certs, n, cut);
		return true;
	case TLS_CLIENT_KEY_EXCHANGE:
		flight_over(at);
		return true;
	default:
		return type == TLS_CERTIFICATE_VERIFY || type == TLS_FINISHED;
	}
}

/* --- the server's messages --- */

static bool server_message(const struct at *at, uint8_t type, struct cursor body)
{
	struct dtls_state *st = at->st;

	if (type == TLS_HELLO_VERIFY_REQUEST)
		return true;
	switch (tls_flight_message(&st->flight, type, body, true)) {
	case TLS_STRANGE:
		return type == TLS_FINISHED;
	case TLS_COMPLETE:
		st->done = true;
		break;
	default:
		break;
	}
	if (st->flight.has_hello && !st->proven) {	/* its client was not heard */
		st->proven = true;
		begin(at);
	}
	if (st->done && !dtls_gather_waits(&st->gather, at->in->from_local))
		say_choice(at);
	return true;
}

/* --- records --- */

/* Who is the client? Only some messages tell. */
static bool tells_roles(uint8_t type)
{
	return type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO || type == TLS_HELLO_VERIFY_REQUEST ||
	    type == TLS_SERVER_KEY_EXCHANGE || type == TLS_SERVER_HELLO_DONE || type == TLS_CLIENT_KEY_EXCHANGE;
}

static bool is_clients(uint8_t type)
{
	return type == TLS_CLIENT_HELLO || type == TLS_CLIENT_KEY_EXCHANGE;
}

static bool message(const struct at *at, const struct dtls_fragment *f)
{
	struct dtls_state *st = at->st;
	uint32_t bit = f->number < MESSAGES ? 1U << f->number : 0;
	struct cursor body;

	if (!st->client_known && tells_roles(f->type))
		know_client(st, at->in->from_local == is_clients(f->type));
	/* Sent again: what it said is known. A ClientHello may begin anew. */
	if (f->type != TLS_CLIENT_HELLO && (bit == 0 || (st->seen[at->in->from_local] & bit) != 0))
		return true;
	if (!dtls_gather(&st->gather, f, &body))
		return true;
	st->seen[at->in->from_local] |= bit;
	if (!st->client_known)
		return true;		/* a Certificate, and nothing before it */
	return at->in->from_local == st->client_local ? client_message(at, f->type, body) : server_message(at, f->type, body);
}

static bool handshake(const struct at *at, struct cursor record)
{
	while (record.left > 0) {
		struct dtls_fragment f = {.from_local = at->in->from_local};

		if (!dtls_fragment_next(&record, &f) || !message(at, &f))
			return false;
	}
	return !record.bad;
}

/* RFC 5246, 7.3: who goes on with an old session's keys sends no certificate and no "done". */
static void change_cipher(const struct at *at)
{
	struct dtls_state *st = at->st;

	if (!st->client_known || !st->flight.has_hello)
		return;
	if (at->in->from_local != st->client_local && !st->done && st->flight.n_certs == 0 && !st->flight.has_keys &&
	    !dtls_gather_waits(&st->gather, at->in->from_local))
		st->flight.resumed = true;
	flight_over(at);
}

static void data(const struct at *at, size_t bytes)
{
	struct dtls_state *st = at->st;

	if (!st->proven)
		return;
	if (st->client_known && !st->choice_said)
		flight_over(at);
	st->data[at->in->from_local] += bytes;
	if (st->data[at->in->from_local] >> (FIRST_STEP_SHIFT + st->step * STEP_SHIFT) == 0)
		return;
	st->step++;
	facts_begin(at->facts);
	fact_uint(at->facts, DTLS_FACT_DATA_OUT, st->data[true]);
	fact_uint(at->facts, DTLS_FACT_DATA_IN, st->data[false]);
}

/* RFC 9147, 4: 001CSLEE */
static bool is_unified(uint8_t b)
{
	return (b & 0xe0) == 0x20;
}

/* The records of one datagram. False: one of them is none. */
static bool records(const struct at *at, struct cursor c)
{
	while (c.left > 0) {
		struct cursor record;
		uint16_t version, epoch;
		uint8_t type;

		if (is_unified(cur_peek_u8(&c, 0))) {
			data(at, c.left);	/* its length may not be said; whatever is behind it is encrypted, too */
			return at->st->proven;
		}
		type = cur_u8(&c);
		version = cur_u16(&c);
		epoch = cur_u16(&c);
		cur_skip(&c, 6);
		record = cur_take(&c, type == TLS_CID ? 0 : cur_u16(&c));
		if (c.bad || !tls_version_known(version, true))
			return false;
		if (type == TLS_CID) {	/* RFC 9146: an id of unknown length stands before the length */
			data(at, c.left);
			return at->st->proven;
		}
		if (type == TLS_HANDSHAKE && epoch == 0 && !handshake(at, record))
			return false;
		if (type == TLS_CHANGE_CIPHER_SPEC)
			change_cipher(at);
		if (type == TLS_APPLICATION_DATA && epoch > 0)
			data(at, record.left);
	}
	return true;
}

/* --- the dissector --- */

/* A handshake in clear, whose first record is all there. */
static bool first(const struct cursor *c)
{
	return cur_peek_u8(c, 0) == TLS_HANDSHAKE && tls_version_known(cur_peek_u16(c, 1), true) && cur_peek_u16(c, 3) == 0 &&
	    cur_peek_u16(c, 11) >= HANDSHAKE_HEADER && c->left >= RECORD_HEADER + (size_t)cur_peek_u16(c, 11);
}

static bool later(const struct cursor *c)
{
	uint8_t b = cur_peek_u8(c, 0);

	return is_unified(b) || (b >= TLS_CHANGE_CIPHER_SPEC && b <= TLS_ACK && tls_version_known(cur_peek_u16(c, 1), true));
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct dtls_state *st = state;
	struct at at = {.in = in, .st = st, .facts = facts};

	if (!first(&in->bytes) && !(st->proven && later(&in->bytes)))
		return st->proven || st->gather.age > 0 ? V_MORE : V_NO;	/* somebody else's; what was begun is kept */
	if (!records(&at, in->bytes))
		return st->proven ? V_MORE : V_NO;
	return st->proven ? V_YES : V_MORE;
}

const struct dissector dtls_dissector = {
	.name = "dtls",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.opening = OPENING_ALL,
	.glance = true,
	.follows = FOLLOWS_OWN,
	.udp = {{TLS_CHANGE_CIPHER_SPEC, TLS_ACK}, {0x20, 0x3f}},
	.state_size = sizeof(struct dtls_state),
	.first = first,
	.dissect = dissect,
};
