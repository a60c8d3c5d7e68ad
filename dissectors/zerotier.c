/* zerotier.c -- ZeroTier, by its HELLO: the one packet that is sent in the clear, to roots and, every minute, to peers.
 *
 *   packet id[8], receiver[5], sender[5], flags and cipher, MAC[8], verb and flags, protocol, version[2], revision[2],
 *   time in milliseconds[8], identity: address[5], kind, public key[64], ...
 *
 * The sender's address stands in it twice, and cipher, verb, kind and time must fit: more than 90 bits.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	HELLO_LEAST = 111,		/* with the public key */
	AT_RECEIVER = 8, AT_SENDER = 13, AT_FLAGS = 18, AT_VERB = 27, AT_TIME = 33, AT_IDENTITY = 41, AT_KIND = 46,
	ADDRESS = 5,
	CIPHER_BITS = 0x38, VERB_BITS = 0x1f, VERB_HELLO = 1,
	PROTOCOL_LEAST = 2, PROTOCOL_MOST = 40, MAJOR_MOST = 4,
};

enum zerotier_fact {
	ZEROTIER_HELLO = FACT_OWN,
	ZEROTIER_PEER,
	ZEROTIER_ROOT,
};

static const struct fact_def zerotier_facts[] = {
	{"zerotier.hello", FACT_BYTES, "a HELLO: the sender's ZeroTier address"},
	{"zerotier.peer", FACT_FLAG, "the far end says HELLO, too, and is none of ZeroTier's own roots"},
	{"zerotier.root", FACT_FLAG, "the far end is one of ZeroTier's own roots"},
};

struct zerotier_state {
	uint8_t said[2][ADDRESS];	/* who said HELLO, by from_local */
	bool said_root;
};

static bool zerotier_first(const struct cursor *c)
{
	return c->left >= HELLO_LEAST && (cur_peek_u8(c, AT_VERB) & VERB_BITS) == VERB_HELLO &&
	    cur_peek_u32(c, AT_SENDER) == cur_peek_u32(c, AT_IDENTITY) &&
	    cur_peek_u8(c, AT_SENDER + 4) == cur_peek_u8(c, AT_IDENTITY + 4);
}

/* The roots that every client knows ("planet"), as they have been since 2020. */
static bool is_root(struct cursor address)
{
	static const uint8_t roots[][ADDRESS] = {
		{0x62, 0xf8, 0x65, 0xae, 0x71}, {0x77, 0x8c, 0xde, 0x71, 0x90}, {0xca, 0xfe, 0x04, 0xeb, 0xa9},
		{0xca, 0xfe, 0xfd, 0x67, 0x17}, {0xca, 0xfe, 0x9e, 0xfe, 0xb9},
	};

	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (cur_starts(&address, roots[i], ADDRESS))
			return true;
	return false;
}

/* From 2011 on, and for the next hundred years. */
static bool is_time(const struct cursor *c)
{
	uint64_t ms = (uint64_t)cur_peek_u32(c, AT_TIME) << 32 | cur_peek_u32(c, AT_TIME + 4);

	return ms > 1293840000000 && ms < 4449600000000;
}

static bool is_hello(const struct cursor *c)
{
	uint8_t protocol = cur_peek_u8(c, AT_VERB + 1), first = cur_peek_u8(c, AT_SENDER);

	return zerotier_first(c) && (cur_peek_u8(c, AT_FLAGS) & CIPHER_BITS) == 0 && protocol >= PROTOCOL_LEAST &&
	    protocol <= PROTOCOL_MOST && cur_peek_u8(c, AT_VERB + 2) <= MAJOR_MOST && cur_peek_u8(c, AT_KIND) == 0 &&
	    first != 0xff && is_time(c);
}

static enum verdict zerotier_dissect(struct input *in, void *state, struct facts *facts)
{
	struct zerotier_state *st = state;
	struct cursor c = in->bytes, receiver, sender;
	uint8_t *said = st->said[in->from_local];
	bool root, app = !st->said[0][0] && !st->said[1][0];

	if (in->nested || !is_hello(&c))
		return V_NO;
	cur_skip(&c, AT_RECEIVER);
	receiver = cur_take(&c, ADDRESS);
	sender = cur_take(&c, ADDRESS);
	root = is_root(in->from_local ? receiver : sender) && !st->said_root;
	if (cur_starts(&sender, said, ADDRESS) && !root)
		return V_YES;
	facts_begin(facts);
	fact_bytes(facts, ZEROTIER_HELLO, sender);
	cur_copy(&sender, said, ADDRESS);
	if (root)
		fact_flag(facts, ZEROTIER_ROOT);
	else if (!in->from_local && !st->said_root)
		fact_flag(facts, ZEROTIER_PEER);
	st->said_root |= root;
	if (app)
		fact_text(facts, FACT_FLOW_APP, "zerotier");
	return V_YES;
}

const struct dissector zerotier_dissector = {
	.name = "zerotier",
	.facts = zerotier_facts,
	.n_facts = sizeof zerotier_facts / sizeof *zerotier_facts,
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct zerotier_state),
	.first = zerotier_first,
	.dissect = zerotier_dissect,
};
