/* mumble.c -- Mumble's ping: what a client asks each server of its list, and each server that it talks through.
 *
 * Asked: u32 0, u64 of the client's own. Answered: u32 version, the same u64, u32 users, u32 most users, u32 bits a second.
 * The voice itself is encrypted and begins as anything may.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	PING_BYTES = 12,
	PONG_BYTES = 24,
	WAITING = 4,
	GIVE_UP = 8,
	USERS_MOST = 1 << 20,
	BANDWIDTH_LEAST = 1000, BANDWIDTH_MOST = 10000000,
};

enum { MUMBLE_PING = FACT_OWN, MUMBLE_PONG, MUMBLE_VERSION, MUMBLE_USERS };

static const struct fact_def fact_defs[] = {
	{"mumble.ping", FACT_FLAG, "a server was asked, and answered"},
	{"mumble.pong", FACT_FLAG, "the answer: it brings back what the question had"},
	{"mumble.version", FACT_UINT, "version of the server, as on the wire: 0x010305 is 1.3.5"},
	{"mumble.users", FACT_UINT, "how many use the server"},
};

struct state {
	struct {
		uint64_t ident, ts_ns, packet;	/* ts_ns 0: none */
		bool from_local;
	} asked[WAITING];
	uint8_t next;
	bool told;
};

static bool first(const struct cursor *c)
{
	if (c->left == PING_BYTES)
		return cur_peek_u32(c, 0) == 0;
	return c->left == PONG_BYTES && cur_peek_u8(c, 0) == 0 && cur_peek_u32(c, 0) != 0;
}

static enum verdict ping(struct state *s, const struct input *in, struct cursor c)
{
	cur_skip(&c, 4);
	s->asked[s->next].ident = cur_u64(&c);
	s->asked[s->next].ts_ns = in->packet->ts_ns;
	s->asked[s->next].packet = in->packet->number;
	s->asked[s->next].from_local = in->from_local;
	s->next = (uint8_t)((s->next + 1) % WAITING);
	return V_MORE;
}

static enum verdict pong(struct state *s, const struct input *in, struct cursor c, struct facts *facts)
{
	uint32_t version = cur_u32(&c), users, most, bandwidth;
	uint64_t ident = cur_u64(&c);
	unsigned i = 0;

	users = cur_u32(&c);
	most = cur_u32(&c);
	bandwidth = cur_u32(&c);
	if (users > most || most > USERS_MOST || bandwidth < BANDWIDTH_LEAST || bandwidth > BANDWIDTH_MOST)
		return V_NO;
	while (i < WAITING && (s->asked[i].ts_ns == 0 || s->asked[i].ident != ident || s->asked[i].from_local == in->from_local))
		i++;
	if (i == WAITING)
		return V_NO;
	if (!s->told) {
		s->told = true;
		facts_begin_earlier(facts, s->asked[i].ts_ns, s->asked[i].packet, !in->from_local);
		fact_text(facts, FACT_FLOW_APP, "mumble");
		fact_flag(facts, MUMBLE_PING);
		facts_begin(facts);
		fact_flag(facts, MUMBLE_PONG);
		fact_flag(facts, FACT_TX_MATCHED);
		fact_uint(facts, MUMBLE_VERSION, version);
		fact_uint(facts, MUMBLE_USERS, users);
	}
	s->asked[i].ts_ns = 0;
	return V_YES;
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	if (in->nested || !first(&in->bytes))
		return V_NO;
	return in->bytes.left == PING_BYTES ? ping(state, in, in->bytes) : pong(state, in, in->bytes, facts);
}

const struct dissector mumble_dissector = {
	.name = "mumble",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct state),
	.udp = {{0, 1}},
	.first = first,
	.dissect = dissect,
};
