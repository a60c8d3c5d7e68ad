/* nebula.c -- Nebula: hosts of a virtual network that learn of each other from a lighthouse and then talk directly.
 *
 *   version and type (4 bits each), subtype, reserved (2 bytes, zero), receiver's index[4], counter[8]
 *
 * The first message of a handshake has index 0 and counter 1, its answer counter 2: with version, type and zeros that is a
 * header of 128 and of 96 known bits. To the lighthouse go messages of a type of its own (3), and to nobody else.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	HEADER = 16,
	VERSION = 1,
	HANDSHAKE = 0, MESSAGE = 1, LIGHTHOUSE = 3, TYPE_MOST = 6,
	IX_PSK0 = 0,			/* subtype of a handshake */
	GIVE_UP = 8,
};

enum nebula_fact {
	NEBULA_HANDSHAKE = FACT_OWN,
	NEBULA_LIGHTHOUSE,
	NEBULA_PEER,
};

static const struct fact_def nebula_facts[] = {
	{"nebula.handshake", FACT_UINT, "a Nebula handshake: 1 begins, 2 answers"},
	{"nebula.lighthouse", FACT_FLAG, "the far end is a lighthouse: it is told, or asked, where hosts are"},
	{"nebula.peer", FACT_FLAG, "messages run with the far end, which is no lighthouse: a host like ours"},
};

struct nebula_state {
	bool handshake[2];		/* by its counter less one */
	bool message[2];		/* by from_local */
	bool said_lighthouse, said_peer, said_app;
};

static bool nebula_first(const struct cursor *c)
{
	return c->left >= HEADER && cur_peek_u8(c, 0) >> 4 == VERSION && (cur_peek_u8(c, 0) & 0x0f) <= TYPE_MOST &&
	    cur_peek_u8(c, 1) <= 1 && cur_peek_u16(c, 2) == 0;
}

static void begin(struct facts *facts, struct nebula_state *st)
{
	facts_begin(facts);
	if (!st->said_app)
		fact_text(facts, FACT_FLOW_APP, "nebula");
	st->said_app = true;
}

static enum verdict handshake(struct cursor c, struct nebula_state *st, struct facts *facts)
{
	uint32_t index = cur_peek_u32(&c, 4), high = cur_peek_u32(&c, 8), counter = cur_peek_u32(&c, 12);

	if (cur_peek_u8(&c, 1) != IX_PSK0 || high != 0 || c.left < HEADER + 32 ||
	    !((counter == 1 && index == 0) || (counter == 2 && index != 0)))
		return V_NO;
	if (st->handshake[counter - 1])
		return V_YES;
	st->handshake[counter - 1] = true;
	begin(facts, st);
	fact_uint(facts, NEBULA_HANDSHAKE, counter);
	return V_YES;
}

static enum verdict nebula_dissect(struct input *in, void *state, struct facts *facts)
{
	struct nebula_state *st = state;
	uint8_t type = cur_peek_u8(&in->bytes, 0) & 0x0f;

	if (in->nested || !nebula_first(&in->bytes))
		return V_NO;
	if (type == HANDSHAKE)
		return handshake(in->bytes, st, facts);
	if (!st->handshake[0] && !st->handshake[1])
		return V_NO;
	if (type == LIGHTHOUSE && !st->said_lighthouse) {
		st->said_lighthouse = true;
		begin(facts, st);
		fact_flag(facts, NEBULA_LIGHTHOUSE);
	}
	st->message[in->from_local] |= type == MESSAGE;
	if (st->message[0] && st->message[1] && !st->said_lighthouse && !st->said_peer) {
		st->said_peer = true;
		begin(facts, st);
		fact_flag(facts, NEBULA_PEER);
	}
	return V_YES;
}

const struct dissector nebula_dissector = {
	.name = "nebula",
	.facts = nebula_facts,
	.n_facts = sizeof nebula_facts / sizeof *nebula_facts,
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct nebula_state),
	.first = nebula_first,
	.udp = {{0x10, 0x1f}},
	.udp_third = {{0x00, 0x01}},
	.dissect = nebula_dissect,
};
