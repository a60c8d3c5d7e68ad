/* wireguard.c -- WireGuard's handshake, and who of the two began it.
 *
 *   01 00 00 00 sender[4] ...		initiation, 148 bytes; its last 16 are zero unless the other end is under load
 *   02 00 00 00 sender[4] receiver[4] ...	response, 92 bytes: receiver is the initiation's sender
 *   03 00 00 00 receiver[4] ...		cookie, 64 bytes
 *   04 00 00 00 receiver[4] counter[8] ...	data, 32 bytes or more, a multiple of 16
 *
 * A client of a VPN's server sends initiations and gets responses. Where both ends send initiations before either has
 * answered, neither of them is a server that waits to be called: they were told of each other, and cross (`wireguard.crossing`).
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	INITIATION = 1, RESPONSE = 2, COOKIE = 3, DATA = 4,
	INITIATION_LEN = 148, RESPONSE_LEN = 92, COOKIE_LEN = 64, DATA_LEAST = 32,
	MAC2 = 16,
	SENDERS = 4,			/* initiations that wait for their response, each way */
	GIVE_UP = 20,
};

enum wireguard_fact {
	WIREGUARD_INITIATION = FACT_OWN,
	WIREGUARD_RESPONSE,
	WIREGUARD_CROSSING,
};

static const struct fact_def wireguard_facts[] = {
	{"wireguard.initiation", FACT_FLAG, "a WireGuard handshake begins"},
	{"wireguard.response", FACT_FLAG, "it is answered: the answer names the question"},
	{"wireguard.crossing", FACT_FLAG, "both ends began, before either had answered: neither is a server"},
};

struct wireguard_state {
	uint32_t sender[2][SENDERS];	/* of initiations, by from_local; 0: none */
	uint8_t next[2];
	bool began[2];			/* sent an initiation */
	bool said_began[2], said_response[2], said_app;
	bool settled;			/* a handshake was answered, or data ran: what comes now renews keys */
	bool crossed;
};

static bool wireguard_first(const struct cursor *c)
{
	switch (cur_peek_u32(c, 0)) {
	case INITIATION << 24:
		return c->left == INITIATION_LEN;
	case RESPONSE << 24:
		return c->left == RESPONSE_LEN;
	case COOKIE << 24:
		return c->left == COOKIE_LEN;
	case DATA << 24:
		return c->left >= DATA_LEAST && c->left % 16 == 0;
	default:
		return false;
	}
}

static void begin(const struct input *in, struct facts *facts, struct wireguard_state *st)
{
	facts_begin(facts);
	if (!st->said_app && !in->nested)
		fact_text(facts, FACT_FLOW_APP, "wireguard");
	st->said_app = true;
}

static bool ends_in_zeros(struct cursor c)
{
	cur_skip(&c, INITIATION_LEN - MAC2);
	while (c.left > 0)
		if (cur_u8(&c) != 0)
			return false;
	return true;
}

static enum verdict initiation(struct input *in, struct wireguard_state *st, struct facts *facts)
{
	bool way = in->from_local, crosses;

	/* Under load it has a second MAC: then the cookie that was sent for it goes before, and what it began is known. */
	if (!ends_in_zeros(in->bytes) && !st->began[way])
		return V_NO;
	st->sender[way][st->next[way]] = cur_peek_u32(&in->bytes, 4);
	st->next[way] = (uint8_t)((st->next[way] + 1) % SENDERS);
	st->began[way] = true;
	crosses = st->began[!way] && !st->settled && !st->crossed;
	if (st->said_began[way] && !crosses)
		return V_YES;
	st->said_began[way] = true;
	begin(in, facts, st);
	fact_flag(facts, WIREGUARD_INITIATION);
	if (crosses)
		fact_flag(facts, WIREGUARD_CROSSING);
	st->crossed |= crosses;
	return V_YES;
}

static enum verdict response(struct input *in, struct wireguard_state *st, struct facts *facts)
{
	bool way = in->from_local, known = false;
	uint32_t receiver = cur_peek_u32(&in->bytes, 8);

	for (unsigned i = 0; i < SENDERS; i++)
		known |= st->began[!way] && st->sender[!way][i] == receiver;
	st->settled = true;
	if (!known)
		return st->began[0] || st->began[1] ? V_YES : V_NO;
	if (st->said_response[way])
		return V_YES;
	st->said_response[way] = true;
	begin(in, facts, st);
	fact_flag(facts, WIREGUARD_RESPONSE);
	fact_flag(facts, FACT_TX_MATCHED);
	return V_YES;
}

static enum verdict wireguard_dissect(struct input *in, void *state, struct facts *facts)
{
	struct wireguard_state *st = state;

	if ((in->packet->cut && !in->nested) || !wireguard_first(&in->bytes))
		return V_NO;
	switch (cur_peek_u8(&in->bytes, 0)) {
	case INITIATION:
		return initiation(in, st, facts);
	case RESPONSE:
		return response(in, st, facts);
	case DATA:
		/* Data from before the capture began are remembered: what follows is no first handshake. */
		if (st->settled)
			return st->said_app ? V_YES : V_NO;
		st->settled = true;
		return V_MORE;
	default:
		return st->said_app ? V_YES : V_NO;
	}
}

const struct dissector wireguard_dissector = {
	.name = "wireguard",
	.facts = wireguard_facts,
	.n_facts = sizeof wireguard_facts / sizeof *wireguard_facts,
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct wireguard_state),
	.first = wireguard_first,
	.udp = {{1, 4}},
	.udp_third = {{0x00, 0x01}},
	.dissect = wireguard_dissect,
};
