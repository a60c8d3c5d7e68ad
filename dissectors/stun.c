/* stun.c -- STUN, TURN and ICE: the dissector. RFC 8489, 8656, 8445, 5780, 6062, 6544, 3489, [MS-TURN], [MS-ICE2], and
 * what Zoom, Meta and others make of them.
 *
 * stun_wire parses one message, stun_attr reads its attributes, stun_stream cuts TCP into messages, stun_tx joins answers to
 * requests, stun_relay counts what is relayed, stun_say tells. Here they come together: one flow, its state, its packets.
 */
#include "dissector.h"
#include "stun_relay.h"
#include "stun_say.h"
#include "stun_stream.h"

#include <netinet/in.h>

enum {
	PENDING = 2,
	GIVE_UP = 32,			/* RFC 3489 clients ask nine times; streams may come byte by byte */
	MS_MULTIPLEXED = 0xff10,	/* [MS-TURN] 2.2.3 */
	MS_MULTIPLEXED_HEADER = 12,
	CHANNEL_HEADER = 4,
};

/* A query without cookie and attributes: 20 bytes that prove nothing until they are answered. */
struct pending {
	uint8_t id[STUN_ID];
	uint64_t first_ns, last_ns, packet;	/* first_ns 0: empty */
	bool from_local;
};

struct stun_state {
	struct stun_txs txs;
	struct stun_relayed direct;	/* data between the messages of a stream */
	struct stun_stream stream[2];	/* by from_local */
	struct pending pending[PENDING];
	struct endpoint wanted;		/* the relay's address that a Meta request named */
	uint8_t next_pending;
	bool has_wanted;
	bool seen;			/* something that proves itself was seen */
	bool said_stun, said_turn;	/* as FACT_FLOW_APP */
	struct stun_peer_stream peer[2];	/* by from_local */
	struct stun_relay relay;	/* the most of it, and mostly not used: last (classify/holds.h) */
};

_Static_assert(sizeof(struct stun_state) <= 2560, "the state of a flow has outgrown its budget");

/* One message and where it stands. */
struct at {
	struct input *in;
	struct stun_state *st;
	struct facts *facts;
	const char *framing;
	bool shared;
};

/* --- what is wrapped --- */

static void say_bulk(const struct at *at, const struct endpoint *peer, uint64_t bytes)
{
	facts_begin(at->facts);
	fact_endpoint(at->facts, FACT_PEER, peer);
	fact_uint(at->facts, STUN_FACT_RELAY_BULK, bytes);
}

/* Payload of a relay's message: handed on, and the peer's data unless it is nested STUN. */
static void relayed(const struct at *at, struct cursor payload, size_t len, const struct endpoint *peer)
{
	bool out = at->in->from_local;
	struct stun_relayed *p;

	fact_inner(at->facts, payload, peer);
	if (stun_is_cookied(&payload))
		return;
	p = stun_relay_data(&at->st->relay, at->facts, out, peer, len, at->in->packet->ts_ns);
	if (p == NULL)
		return;
	stun_shape_add(&p->shape[out], &payload, len);
	if (stun_shape_is_bulk(&p->shape[out], &p->shape[!out]))
		say_bulk(at, peer, p->shape[out].bytes);
}

/* A peer's own stream, behind a ConnectionBind. Media come framed, and so do ICE's checks; everything else is somebody's tunnel. */
static void peer_stream(const struct at *at, struct cursor bytes)
{
	struct stun_state *st = at->st;
	struct stun_peer_stream *p = &st->peer[at->in->from_local];
	const char *what = stun_peer_stream_add(p, &bytes);

	stun_relay_data(&st->relay, at->facts, at->in->from_local, &stun_nobody, bytes.left, at->in->packet->ts_ns);
	if (what != NULL) {
		facts_begin(at->facts);
		fact_endpoint(at->facts, FACT_PEER, &stun_nobody);
		fact_text(at->facts, STUN_FACT_RELAY_STREAM, what);
	}
	if (!st->peer[0].framed && !st->peer[1].framed && stun_peer_stream_is_bulk(p))
		say_bulk(at, &stun_nobody, p->bytes);
}

/* --- messages --- */

static void remember_query(struct at *at, const struct stun_message *m)
{
	struct stun_state *st = at->st;
	const struct packet *p = at->in->packet;
	struct pending *q;

	for (unsigned i = 0; i < PENDING; i++) {
		q = &st->pending[i];
		if (q->first_ns != 0 && q->from_local == at->in->from_local && memcmp(q->id, m->id, STUN_ID) == 0) {
			q->last_ns = p->ts_ns;
			return;
		}
	}
	q = &st->pending[st->next_pending];
	st->next_pending = (uint8_t)((st->next_pending + 1) % PENDING);
	*q = (struct pending){.first_ns = p->ts_ns, .last_ns = p->ts_ns, .packet = p->number, .from_local = at->in->from_local};
	memcpy(q->id, m->id, STUN_ID);
}

/* An answer whose query was kept back: tell the query first. */
static void prove_query(struct at *at, const struct stun_message *m)
{
	for (unsigned i = 0; i < PENDING; i++) {
		struct pending *q = &at->st->pending[i];

		if (q->first_ns == 0 || q->from_local == at->in->from_local || memcmp(q->id, m->id, STUN_ID) != 0)
			continue;
		stun_tx_request(&at->st->txs, q->from_local, m->id, STUN_KIND_QUERY, q->last_ns);
		facts_begin_earlier(at->facts, q->first_ns, q->packet, q->from_local);
		fact_flag(at->facts, FACT_STUN_COOKIELESS);
		fact_flag(at->facts, FACT_STUN_QUERY);
		if (at->facts->detail) {	/* all there was to it is its id */
			struct stun_message kept = {.type = STUN_BINDING_REQUEST, .method = STUN_BINDING, .class_ = STUN_REQUEST};

			memcpy(kept.id, q->id, STUN_ID);
			stun_say_detail(at->facts, &kept);
		}
		q->first_ns = 0;
	}
}

/* Match it with what was seen before. */
static void place(struct at *at, const struct stun_message *m, struct stun_context *ctx)
{
	struct input *in = at->in;

	ctx->kind = stun_kind(m);
	switch (m->class_) {
	case STUN_REQUEST:
		ctx->repeated = stun_tx_request(&at->st->txs, in->from_local, m->id, ctx->kind, in->packet->ts_ns);
		break;
	case STUN_SUCCESS:
	case STUN_FAILURE:
		if (!m->cookie)
			prove_query(at, m);
		ctx->match = stun_tx_answer(&at->st->txs, in->from_local, m->id, in->packet->ts_ns, &ctx->kind, &ctx->rtt_us);
		ctx->repeated = ctx->match == STUN_MATCHED_AGAIN;
		break;
	}
}

/* What later packets of the flow must know. */
static void learn(struct at *at, const struct stun_message *m, const struct stun_context *ctx)
{
	struct stun_state *st = at->st;
	struct endpoint peer;
	uint64_t channel;

	if (!m->malformed)
		st->seen = true;
	if (at->in->nested || !stun_is_turn(m))
		return;
	st->relay.turn = true;
	if (m->class_ == STUN_REQUEST && m->method == STUN_CHANNEL_BIND && stun_peers(m, &peer, 1) == 1 &&
	    stun_attr_uint(m, STUN_A_CHANNEL_NUMBER, &channel))
		stun_relay_bind(&st->relay, (uint16_t)channel, &peer);
	/* [MS-TURN] 2.2.1: Set Active Destination; from then on data come without an address. */
	if (m->class_ == STUN_REQUEST && m->form == STUN_FORM_MS && m->method == STUN_SEND && stun_peers(m, &peer, 1) == 1) {
		st->relay.active = peer;
		st->relay.has_active = true;
	}
	if (m->class_ == STUN_REQUEST && m->meta && stun_attr_endpoint(m, STUN_A_XOR_RELAYED_ADDRESS, &st->wanted))
		st->has_wanted = true;
	/* RFC 6062, 4.4: behind this answer the connection belongs to the peer. */
	if (at->in->stream && m->method == STUN_CONNECTION_BIND && m->class_ == STUN_SUCCESS && ctx->match != STUN_NO_MATCH)
		st->stream[0].framing = st->stream[1].framing = STUN_PEER_DATA;
}

static const char *app(struct at *at)
{
	struct stun_state *st = at->st;

	if (at->in->nested || !st->seen)
		return NULL;
	if (st->relay.turn) {
		if (st->said_turn)
			return NULL;
		st->said_turn = st->said_stun = true;
		return "turn";
	}
	if (st->said_stun)
		return NULL;
	st->said_stun = true;
	return "stun";
}

/* Send and Data carry media: mostly nothing is said. True if that is all. */
static bool is_bulk(struct at *at, const struct stun_message *m, struct cursor *data, struct endpoint *peer)
{
	if (m->class_ != STUN_INDICATION || (m->method != STUN_SEND && m->method != STUN_DATA) || at->in->nested)
		return false;
	if (stun_peers(m, peer, 1) == 0 || !stun_attr_bytes(m, STUN_A_DATA, data))
		return false;
	return true;
}

static enum verdict message(struct at *at, struct cursor bytes, size_t wire_bytes)
{
	struct stun_message m;
	struct stun_context ctx = {.datagram = bytes, .framing = at->framing, .shared = at->shared};
	struct endpoint peer;
	struct cursor data;
	bool bulk, quiet;

	if (!stun_parse(&m, bytes, wire_bytes))
		return V_NO;
	if (m.empty_classic && !at->st->seen) {
		remember_query(at, &m);
		return V_MORE;
	}
	place(at, &m, &ctx);
	learn(at, &m, &ctx);
	bulk = is_bulk(at, &m, &data, &peer);
	quiet = bulk && !at->facts->detail && !stun_is_cookied(&data) &&
	    !stun_relay_is_new(&at->st->relay, at->in->from_local, &peer);
	if (!quiet) {
		ctx.app = app(at);
		ctx.relay = at->st->has_wanted ? &at->st->wanted : NULL;
		facts_begin(at->facts);
		stun_say(at->facts, &m, &ctx);
	}
	if (bulk)
		relayed(at, data, data.left, &peer);
	if (stun_attr_bytes(&m, STUN_A_DTLS, &data) && data.left > 0)
		fact_beside(at->facts, data);
	return V_YES;
}

/* --- datagrams --- */

/* RFC 8656, 12.4. QUIC's short headers and much else look like it, so the flow must be known to speak TURN. */
static enum verdict channel_data(struct at *at, struct cursor bytes)
{
	uint16_t channel, len;
	struct cursor payload;

	if (!at->st->relay.turn || at->in->nested)
		return V_NO;
	channel = cur_u16(&bytes);
	len = cur_u16(&bytes);
	payload = cur_take(&bytes, len);
	if (bytes.bad || bytes.left > 3)
		return V_NO;
	relayed(at, payload, len, stun_relay_channel(&at->st->relay, channel));
	return V_YES;
}

/* [MS-TURN] 2.2.3: to a relay that many share, each datagram names its session. What is inside belongs to this flow. */
static enum verdict ms_multiplexed(struct at *at, struct cursor bytes)
{
	uint16_t len;

	cur_skip(&bytes, 2);
	len = cur_u16(&bytes);
	if (bytes.bad || len != bytes.left || at->in->nested)
		return V_NO;
	cur_skip(&bytes, MS_MULTIPLEXED_HEADER - 4);
	if (!stun_is_cookied(&bytes)) {
		if (!at->st->relay.turn || bytes.bad)
			return V_NO;
		relayed(at, bytes, bytes.left, at->st->relay.has_active ? &at->st->relay.active : &stun_nobody);
		return V_YES;
	}
	at->framing = "ms-mux";
	at->shared = true;
	return message(at, bytes, bytes.left);
}

static enum verdict dissect_datagram(struct at *at)
{
	struct cursor bytes = at->in->bytes;
	size_t wire_bytes = bytes.left;

	if (!at->in->nested && at->in->packet->cut && at->in->packet->payload_len > wire_bytes)
		wire_bytes = at->in->packet->payload_len;
	if ((cur_peek_u8(&bytes, 0) & 0xc0) == 0x40)
		return channel_data(at, bytes);
	if (cur_peek_u16(&bytes, 0) == MS_MULTIPLEXED)
		return ms_multiplexed(at, bytes);
	return message(at, bytes, wire_bytes);
}

/* --- streams --- */

static void stream_data(struct at *at, const struct stun_stream *s, const struct stun_unit *u)
{
	struct stun_state *st = at->st;
	uint64_t ts_ns = at->in->packet->ts_ns;

	if (s->framing == STUN_RFC4571)
		stun_direct_data(&st->direct, at->facts, at->in->from_local, u->len_bytes, ts_ns);
	else if (s->framing == STUN_PEER_DATA)
		peer_stream(at, u->bytes);
	else
		relayed(at, u->bytes, u->len_bytes, st->relay.has_active ? &st->relay.active : &stun_nobody);
}

static enum verdict dissect_stream(struct at *at)
{
	struct stun_state *st = at->st;
	struct stun_stream *s = &st->stream[at->in->from_local];
	struct stun_unit u;

	if (at->in->gap)
		stun_stream_gap(s);
	/* A full list of wrapped datagrams, or batch of facts, is taken away by the caller, who then asks again. */
	while (at->facts->n_inner < INNER_MAX && !facts_tight(at->facts)) {
		enum stun_next next = stun_stream_next(s, &at->in->bytes, st->relay.turn, &u);

		if (next == STUN_NEXT_NO && st->stream[!at->in->from_local].framing == STUN_UNFRAMED_YET)
			return V_NO;
		if (next == STUN_NEXT_NO)
			stun_stream_lose(s, &at->in->bytes);	/* the other direction is sure */
		if (next == STUN_NEXT_MORE)
			break;
		at->framing = stun_stream_name(s);
		if (next == STUN_NEXT_CHANNEL)
			relayed(at, u.bytes, u.len_bytes, stun_relay_channel(&st->relay, u.channel));
		else if (next == STUN_NEXT_DATA)
			stream_data(at, s, &u);
		else
			message(at, u.bytes, u.bytes.left);
	}
	return st->seen || s->framing != STUN_UNFRAMED_YET ? V_YES : V_MORE;
}

/* --- the dissector --- */

static bool first(const struct cursor *c)
{
	uint8_t b = cur_peek_u8(c, 0);

	if (b < 0x40)
		return stun_begins(c);
	/* Nearly all of QUIC passes here, so the length must fit; ChannelData that was captured short does not count. */
	if (b < 0x80)
		return c->left - CHANNEL_HEADER - (size_t)cur_peek_u16(c, 2) <= 3;
	return b == MS_MULTIPLEXED >> 8 && cur_peek_u16(c, 0) == MS_MULTIPLEXED && c->left == 4 + (size_t)cur_peek_u16(c, 2);
}

static bool begins(const struct input *in)
{
	return stun_stream_begins(&in->bytes);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct at at = {.in = in, .st = state, .facts = facts};

	if (in->nested && !stun_is_cookied(&in->bytes))
		return V_NO;		/* forms without a cookie stand in the open only */
	return in->stream ? dissect_stream(&at) : dissect_datagram(&at);
}

const struct dissector stun_dissector = {
	.name = "stun",
	.facts = stun_fact_defs,
	.n_facts = sizeof stun_fact_defs / sizeof stun_fact_defs[0],
	.give_up = GIVE_UP,
	.state_size = sizeof(struct stun_state),
	.first = first,
	.begins = begins,
	.udp = {{0x00, 0x7f}, {0xff, 0xff}},
	.opening = OPENING_ALL,
	.tcp = {{0x00, 0x3f}, {0x80, 0x80}},	/* ChannelData come later; the last is a hello that only looks like TLS */
	.dissect = dissect,
};
