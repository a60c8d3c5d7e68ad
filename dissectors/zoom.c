/* zoom.c -- Zoom's hello between two participants who shall talk directly: its own way to punch a hole, without STUN.
 *
 *   1f 02 01, own and other number (2 bytes each, in a frame of 7), nonce[4], kind[4], id[4] with padding: 24 bytes
 *   length[4] and an address as text, length[4] (36) and the call's UUID as text, zeros
 *
 * Both ends send them, many a second, until one gets through, each with the other's address as it was told. A hello after
 * one of the other end's with the same UUID says that it came: so it is a check, and then an answer, too.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	HELLO_HEADER = 24, TEXT_MOST = 45, UUID = 36,
	HELLO_LEAST = HELLO_HEADER + 4 + 2 + 4 + UUID,
	AGAIN_NS = 1000000000,		/* a check that goes on is told once a second */
};

enum zoom_fact {
	ZOOM_HELLO = FACT_OWN,
	ZOOM_CALL,
	ZOOM_ADDRESS,
};

static const struct fact_def zoom_facts[] = {
	{"zoom.hello", FACT_UINT, "a hello between two participants; its kind"},
	{"zoom.call", FACT_BYTES, "the call's UUID, the same from both ends"},
	{"zoom.address", FACT_BYTES, "the receiver's address as the sender was told it: often a private one"},
};

struct zoom_state {
	uint8_t uuid[UUID];
	bool has_uuid, said[2], answered[2], said_app;
	uint64_t told_ns[2];		/* by from_local */
};

static bool zoom_first(const struct cursor *c)
{
	return cur_peek_u32(c, 0) >> 8 == 0x1f0201 && c->left >= HELLO_LEAST;
}

static bool is_uuid(struct cursor c)
{
	for (unsigned i = 0; i < UUID; i++) {
		uint8_t b = cur_u8(&c);
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? b != '-' : !((b >= '0' && b <= '9') || (b >= 'A' && b <= 'F') || (b >= 'a' && b <= 'f')))
			return false;
	}
	return true;
}

static bool is_address(struct cursor c)
{
	bool separated = false;

	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		separated |= b == '.' || b == ':';
		if (!(b >= '0' && b <= ':') && b != '.' && !(b >= 'a' && b <= 'f') && !(b >= 'A' && b <= 'F'))
			return false;
	}
	return separated;
}

static bool read_hello(struct cursor c, uint32_t *kind, struct cursor *address, struct cursor *uuid)
{
	uint32_t n;

	*kind = cur_peek_u32(&c, 14);
	cur_skip(&c, HELLO_HEADER);
	n = cur_u32(&c);
	*address = cur_take(&c, n <= TEXT_MOST ? n : c.left + 1);
	n = cur_u32(&c);
	*uuid = cur_take(&c, UUID);
	return !c.bad && n == UUID && is_address(*address) && is_uuid(*uuid);
}

static void check(struct facts *facts, struct zoom_state *st, uint32_t kind, struct cursor address, struct cursor uuid, bool again)
{
	facts_begin(facts);
	fact_flag(facts, FACT_ICE_CHECK);
	if (again)
		fact_flag(facts, FACT_TX_REPEATED);
	fact_text(facts, FACT_DIALECT, "zoom");
	fact_uint(facts, ZOOM_HELLO, kind);
	fact_bytes(facts, ZOOM_CALL, uuid);
	fact_bytes(facts, ZOOM_ADDRESS, address);
	if (!st->said_app)
		fact_text(facts, FACT_FLOW_APP, "zoom");
	st->said_app = true;
}

static enum verdict zoom_dissect(struct input *in, void *state, struct facts *facts)
{
	struct zoom_state *st = state;
	bool way = in->from_local;
	struct cursor address, uuid, copy;
	uint32_t kind;

	if (in->nested || !zoom_first(&in->bytes) || !read_hello(in->bytes, &kind, &address, &uuid))
		return V_NO;
	if (!st->has_uuid || !cur_starts(&uuid, st->uuid, UUID)) {	/* the first; or another call on the same ports */
		*st = (struct zoom_state){.has_uuid = true, .said_app = st->said_app};
		copy = uuid;
		cur_copy(&copy, st->uuid, UUID);
	}
	if (!st->said[way] || in->packet->ts_ns - st->told_ns[way] >= AGAIN_NS) {
		check(facts, st, kind, address, uuid, st->said[way]);
		st->said[way] = true;
		st->told_ns[way] = in->packet->ts_ns;
	}
	if (st->said[!way] && !st->answered[way]) {
		st->answered[way] = true;
		facts_begin(facts);
		fact_flag(facts, FACT_ICE_ANSWER);
		fact_flag(facts, FACT_TX_MATCHED);
		fact_uint(facts, ZOOM_HELLO, kind);
	}
	return V_YES;
}

const struct dissector zoom_dissector = {
	.name = "zoom",
	.facts = zoom_facts,
	.n_facts = sizeof zoom_facts / sizeof *zoom_facts,
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct zoom_state),
	.first = zoom_first,
	.udp = {{0x1f, 0x1f}},
	.udp_third = {{0x01, 0x01}},
	.opening = OPENING_ALL,
	.dissect = zoom_dissect,
};
