/* n2n.c -- n2n: edges of a virtual Ethernet that find each other through a supernode and then talk directly.
 *
 * Every packet begins with its version and carries the community's name in the clear (unless headers are encrypted, which
 * nobody can see through). One packet proves little; the same name both ways does.
 *
 *   v1	01, type, ttl, sent by a supernode, name[16], two MACs, two addresses of 20 bytes that begin with AF_INET
 *   v2	02, ttl, flags and type (16 bits), name[16], padded with zeros
 *   v3	03, the same with name[20]
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	V1 = 1, V2 = 2, V3 = 3,
	V1_LEAST = 72, V1_ADDRESS = 32, V1_ADDRESS_2 = 52, V1_FAMILY = 2,
	V1_NAME = 16, V3_NAME = 20, NAME_MOST = 20,
	TTL_MOST = 16,
	FLAG_SUPERNODE = 0x20, TYPE_BITS = 0x1f, TYPE_MOST = 12,
	GIVE_UP = 12,
};

enum n2n_fact {
	N2N_VERSION = FACT_OWN,
	N2N_COMMUNITY,
	N2N_SUPERNODE,
	N2N_PEER,
	N2N_SERVES,
};

static const struct fact_def n2n_facts[] = {
	{"n2n.version", FACT_UINT, "version of the protocol, 1 to 3"},
	{"n2n.community", FACT_BYTES, "name of the virtual network, the same both ways"},
	{"n2n.supernode", FACT_FLAG, "the far end is a supernode"},
	{"n2n.peer", FACT_FLAG, "the far end is an edge: its packets come directly"},
	{"n2n.serves", FACT_FLAG, "the inside end is a supernode"},
};

struct n2n {				/* a packet */
	uint8_t version;
	bool by_supernode;
	uint8_t name_len;
	uint8_t name[NAME_MOST];
};

struct n2n_state {
	struct n2n last[2];		/* by from_local */
	bool proved, said_supernode, said_peer, said_serves;
};

static bool n2n_first(const struct cursor *c)
{
	switch (cur_peek_u8(c, 0)) {
	case V1:
		return c->left >= V1_LEAST && cur_peek_u8(c, 2) <= TTL_MOST && cur_peek_u8(c, 3) <= 1 && cur_peek_u8(c, V1_ADDRESS) == V1_FAMILY &&
		    cur_peek_u8(c, V1_ADDRESS_2) == V1_FAMILY;
	case V2:
	case V3:
		return c->left > 4 + V1_NAME && cur_peek_u8(c, 1) <= TTL_MOST && cur_peek_u8(c, 2) == 0;
	default:
		return false;
	}
}

/* A name, then zeros; v1 does not clear what follows the first. */
static bool read_name(struct n2n *n, struct cursor field, bool padded)
{
	size_t len = 0, i;

	while (len < field.left && cur_peek_u8(&field, len) > 0x20 && cur_peek_u8(&field, len) < 0x7f)
		len++;
	for (i = len; i < field.left && (padded || i == len); i++)
		if (cur_peek_u8(&field, i) != 0)
			return false;
	n->name_len = (uint8_t)len;
	cur_copy(&field, n->name, len);
	return len > 0;
}

static bool read_n2n(struct n2n *n, struct cursor c)
{
	uint8_t a, b, type;

	*n = (struct n2n){.version = cur_u8(&c)};
	a = cur_u8(&c);
	b = cur_u8(&c);
	if (n->version == V1) {
		type = a;
		n->by_supernode = cur_u8(&c) != 0;
		a = b;
	} else {
		uint8_t flags = cur_u8(&c);

		type = flags & TYPE_BITS;
		n->by_supernode = (flags & FLAG_SUPERNODE) != 0;
	}
	return a <= TTL_MOST && type >= 1 && type <= TYPE_MOST &&
	    read_name(n, cur_take(&c, n->version == V3 ? V3_NAME : V1_NAME), n->version != V1) && !c.bad;
}

static bool same_network(const struct n2n *a, const struct n2n *b)
{
	return a->version == b->version && a->name_len == b->name_len && memcmp(a->name, b->name, a->name_len) == 0;
}

/* What is new of the two ends, once it is proved what they speak. */
static void tell(struct facts *facts, struct n2n_state *st, bool first)
{
	const struct n2n *in = &st->last[0], *out = &st->last[1];
	bool supernode = in->by_supernode && !st->said_supernode, serves = out->by_supernode && !st->said_serves;
	bool peer = !in->by_supernode && !out->by_supernode && !st->said_peer;

	if (!first && !supernode && !serves && !peer)
		return;
	st->said_supernode |= supernode;
	st->said_serves |= serves;
	st->said_peer |= peer;
	facts_begin(facts);
	fact_uint(facts, N2N_VERSION, in->version);
	fact_bytes(facts, N2N_COMMUNITY, cur_of(in->name, in->name_len));
	if (supernode)
		fact_flag(facts, N2N_SUPERNODE);
	if (serves)
		fact_flag(facts, N2N_SERVES);
	/* Who is forwarded by a supernode is no peer of this flow. */
	if (peer && !st->said_supernode && !st->said_serves)
		fact_flag(facts, N2N_PEER);
	if (first)
		fact_text(facts, FACT_FLOW_APP, "n2n");
}

static enum verdict n2n_dissect(struct input *in, void *state, struct facts *facts)
{
	struct n2n_state *st = state;
	struct n2n n;
	bool first = !st->proved;

	if (in->nested || !n2n_first(&in->bytes) || !read_n2n(&n, in->bytes))
		return V_NO;
	st->last[in->from_local] = n;
	if (!same_network(&st->last[0], &st->last[1]))
		return V_MORE;
	st->proved = true;
	tell(facts, st, first);
	return V_YES;
}

const struct dissector n2n_dissector = {
	.name = "n2n",
	.facts = n2n_facts,
	.n_facts = sizeof n2n_facts / sizeof *n2n_facts,
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct n2n_state),
	.first = n2n_first,
	.udp = {{1, 3}},
	.udp_third = {{0, TTL_MOST}},
	.dissect = n2n_dissect,
};
