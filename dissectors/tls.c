/* tls.c -- TLS over TCP: whom the client wants to talk to, and what the two agree upon. RFC 8446, 5246, 6066.
 *
 * It is TLS if the stream begins with a ClientHello that can be read to its last byte (or, where only the server is seen,
 * with such a ServerHello). Once the server's choices have been seen it lets go of the stream: what follows is encrypted.
 */
#include "dissector.h"
#include "tls_flight.h"
#include "tls_record.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 64,			/* a ClientHello may come in small pieces */
	BEGINS = 11,
	MESSAGES_MAX = 16,		/* of the server, until nothing is hidden any more */
};

struct way {
	struct tls_records records;
	bool began, done;		/* bytes were seen; no more are wanted */
};

struct tls_state {
	struct way way[2];		/* by from_local */
	struct tls_flight flight;
	uint8_t messages;
	bool hello;			/* a hello was seen: it is TLS */
	bool retry;			/* the server wants another ClientHello: its CCS is none (RFC 8446, D.4) */
};

_Static_assert(sizeof(struct tls_state) <= 96, "every TLS connection has one for a while");

struct at {
	struct input *in;
	struct tls_state *st;
	struct facts *facts;
};

/* Nothing more is to be learnt here: what was learnt is said. */
static enum verdict finish(const struct at *at)
{
	struct tls_state *st = at->st;

	cur_skip(&at->in->bytes, at->in->bytes.left);
	if (!st->hello)
		return V_NO;
	if (st->flight.has_hello)
		tls_say_choice(at->facts, &st->flight, "TLS");
	return V_DONE;
}

static enum verdict leave(const struct at *at, struct way *w)
{
	w->done = true;
	cur_skip(&at->in->bytes, at->in->bytes.left);
	return at->st->way[!at->in->from_local].done ? finish(at) : V_YES;
}

static bool client_message(const struct at *at, uint8_t type, struct cursor body)
{
	struct tls_client_hello h;

	if (type != TLS_CLIENT_HELLO || !tls_client_hello(&h, body, false))
		return false;
	facts_begin(at->facts);
	fact_text(at->facts, FACT_FLOW_APP, "tls");
	tls_say_offer(at->facts, &h, "tls");
	at->st->hello = true;
	return true;
}

/* The web's port, and no relay around it: there are too many of them, and nobody is called there. */
static bool is_web(const struct input *in)
{
	return !in->nested && (in->packet->src.port == 443 || in->packet->dst.port == 443);
}

/* The server's first message must be its hello. Where the client was seen, he must have spoken TLS. */
static enum tls_progress server_message(const struct at *at, uint8_t type, struct cursor body)
{
	struct tls_state *st = at->st;
	enum tls_progress progress;

	if (!st->hello && (type != TLS_SERVER_HELLO || st->way[!at->in->from_local].began))
		return TLS_STRANGE;
	st->flight.skip_certs = is_web(at->in);
	progress = ++st->messages > MESSAGES_MAX ? TLS_STRANGE : tls_flight_message(&st->flight, type, body, false);
	if (progress == TLS_STRANGE)
		return progress;
	st->retry = type == TLS_SERVER_HELLO && !st->flight.has_hello;
	if (!st->hello) {
		facts_begin(at->facts);
		fact_text(at->facts, FACT_FLOW_APP, "tls");
		st->hello = true;
		st->way[!at->in->from_local].done = true;	/* it began before the capture: there will be no offer */
	}
	return progress;
}

/* A record that holds no handshake. */
static enum verdict other(const struct at *at, struct way *w, uint8_t type)
{
	struct tls_state *st = at->st;

	if (!st->hello)
		return V_NO;
	if (type == TLS_CHANGE_CIPHER_SPEC && st->retry) {
		struct cursor c = at->in->bytes;

		cur_skip(&c, TLS_RECORD_HEADER + 1);
		if (c.bad)
			return V_YES;
		at->in->bytes = c;
		return V_MORE;
	}
	/* RFC 5246, 7.3: who goes on with an old session's keys sends no certificate, and has no "done". */
	if (type == TLS_CHANGE_CIPHER_SPEC && st->flight.has_hello && st->flight.n_certs == 0 && !st->flight.certs_cut &&
	    !st->flight.has_keys)
		st->flight.resumed = true;
	w->done = true;
	return finish(at);
}

/* The beginning of a ClientHello, as far as its first record's header, its own and its version go: forty bits and two lengths that
 * agree. What only began so is claimed already, so that nobody else has to look at it. */
static bool hello_begins(const struct cursor *c)
{
	size_t record = cur_peek_u16(c, 3), message = (size_t)cur_peek_u8(c, 6) << 16 | cur_peek_u16(c, 7);

	return c->left >= BEGINS && cur_peek_u8(c, 0) == TLS_HANDSHAKE && cur_peek_u8(c, 1) == 3 && cur_peek_u8(c, 5) == TLS_CLIENT_HELLO &&
	    tls_version_known(cur_peek_u16(c, 9), false) && message + 4 >= record && message <= TLS_MESSAGE_MAX;
}

/* The direction that opens with a ClientHello: nothing else of it matters. */
static enum verdict read_first(const struct at *at, struct way *w, uint8_t *room)
{
	uint8_t type;
	struct cursor body;
	enum tls_next next = tls_records_next(&w->records, &at->in->bytes, room, &type, &body);

	if (next == TLS_NEXT_MORE)
		return at->in->ended ? V_NO : hello_begins(&at->in->bytes) ? V_YES : V_MORE;
	if (next != TLS_NEXT_MESSAGE)
		return V_NO;
	if (client_message(at, type, body))
		return leave(at, w);
	switch (server_message(at, type, body)) {
	case TLS_STRANGE:
		return V_NO;
	case TLS_COMPLETE:
		return finish(at);
	default:
		return V_YES;		/* asked again at once: see dissect() */
	}
}

static enum verdict read_server(const struct at *at, struct way *w, uint8_t *room)
{
	for (;;) {
		uint8_t type;
		struct cursor body;
		enum verdict v;

		switch (tls_records_next(&w->records, &at->in->bytes, room, &type, &body)) {
		case TLS_NEXT_MORE:
			return at->in->ended ? finish(at) : V_YES;
		case TLS_NEXT_BAD:
			return finish(at);
		case TLS_NEXT_OTHER:
			v = other(at, w, type);
			if (v != V_MORE)
				return v;
			break;
		case TLS_NEXT_MESSAGE:
			if (server_message(at, type, body) != TLS_GOES_ON)
				return finish(at);
			break;
		}
	}
}

/* Either end's hello: who saw only one direction has the server's. */
static bool begins(const struct input *in)
{
	const struct cursor *c = &in->bytes;
	uint8_t message = cur_peek_u8(c, TLS_RECORD_HEADER);

	return cur_peek_u8(c, 0) == TLS_HANDSHAKE && (c->left < 2 || cur_peek_u8(c, 1) == 3) &&
	    (c->left <= TLS_RECORD_HEADER || message == TLS_CLIENT_HELLO || message == TLS_SERVER_HELLO);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct tls_state *st = state;
	struct at at = {.in = in, .st = st, .facts = facts};
	struct way *w = &st->way[in->from_local];
	uint8_t room[TLS_MESSAGE_MAX];
	enum verdict v;

	if (in->gap)
		return finish(&at);
	if (w->done) {
		cur_skip(&in->bytes, in->bytes.left);
		return V_YES;
	}
	w->began |= in->bytes.left > 0;
	if (!st->hello) {
		v = read_first(&at, w, room);
		if (v != V_YES || w->done || !st->hello)
			return v;
	}
	return read_server(&at, w, room);
}

const struct dissector tls_dissector = {
	.name = "tls",
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct tls_state),
	.tcp = {{0x16, 0x16}},
	.begins = begins,
	.from_start = true,
	.hint = true,
	.dissect = dissect,
};
