/* teredo.c -- Teredo (RFC 4380) on its outer flow: IPv6 in UDP that an inside host takes through the NAT by itself.
 *
 * The decoder opens the packet inside (tunnel.c); here is what the datagram around it says. A Teredo address tells who it
 * belongs to: 2001:0, the server, flags, and the client's public port and address with all bits turned. So the far end of
 * the flow is what the inner addresses make of it:
 *
 *   server	it sends advertisements, or is the server that the inner address names
 *   peer	the inner address at the far end has the flow's own far address in it: a client like ours
 *   relay	it brings packets of an ordinary IPv6 address
 *
 * What counts as Teredo at all: an IPv6 packet that fills the datagram, and either a solicitation or advertisement between
 * the addresses that only Teredo uses, or an address of Teredo's prefix at one end.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	IPV6_HEADER = 40,
	NEXT_NONE = 59, NEXT_ICMP6 = 58,
	ICMP6_SOLICIT = 133, ICMP6_ADVERTISE = 134,
};

enum teredo_fact {
	TEREDO_SOLICIT = FACT_OWN,
	TEREDO_ADVERTISE,
	TEREDO_BUBBLE,
	TEREDO_DATA,
	TEREDO_MAPPED,
	TEREDO_ADDRESS,
	TEREDO_SERVER,
	TEREDO_PEER,
	TEREDO_RELAY,
};

static const struct fact_def teredo_facts[] = {
	{"teredo.solicit", FACT_FLAG, "a client asks a Teredo server for an address: qualification begins"},
	{"teredo.advertise", FACT_FLAG, "the server's answer"},
	{"teredo.bubble", FACT_FLAG, "an empty packet that opens the way through a NAT"},
	{"teredo.data", FACT_FLAG, "an IPv6 packet inside"},
	{"teredo.mapped", FACT_ENDPOINT, "origin: the public address that the server sees"},
	{"teredo.address", FACT_ENDPOINT, "the inside host's Teredo address, without a port"},
	{"teredo.server", FACT_FLAG, "the far end is a Teredo server"},
	{"teredo.peer", FACT_FLAG, "the far end is a Teredo client, reached directly: its inner address has its outer one in it"},
	{"teredo.relay", FACT_FLAG, "the far end is a relay: it brings packets of an ordinary IPv6 address"},
};

enum said {				/* what the flow has shown, each way */
	SAID_SOLICIT = 1, SAID_ADVERTISE = 2, SAID_BUBBLE = 4, SAID_DATA = 8, SAID_SERVER = 16, SAID_PEER = 32, SAID_RELAY = 64,
};

struct teredo_state {
	uint8_t said[2];		/* by from_local */
	bool said_app;
};

struct teredo {				/* a datagram */
	bool has_origin;
	struct endpoint origin;
	struct addr src, dst;
	uint8_t next, icmp_type;
	uint16_t length;
};

static bool teredo_first(const struct cursor *c)
{
	uint16_t head = cur_peek_u16(c, 0);

	return c->left >= IPV6_HEADER && (head >> 12 == 6 || head <= 1);
}

static bool is_teredo_address(const struct addr *a)
{
	/* And the prefix that it had before it was given one for good (6bone). */
	static const uint8_t prefix[] = {0x20, 0x01, 0, 0}, before[] = {0x3f, 0xfe, 0x83, 0x1f};

	return memcmp(a->b, prefix, sizeof prefix) == 0 || memcmp(a->b, before, sizeof before) == 0;
}

static bool is_link_local(const struct addr *a)
{
	static const uint8_t prefix[] = {0xfe, 0x80, 0, 0, 0, 0, 0, 0};

	return memcmp(a->b, prefix, sizeof prefix) == 0;
}

static bool is_all_routers(const struct addr *a)
{
	static const uint8_t routers[] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

	return memcmp(a->b, routers, sizeof routers) == 0;
}

static uint32_t bits32(const struct addr *a, unsigned at)
{
	return (uint32_t)a->b[at] << 24 | (uint32_t)a->b[at + 1] << 16 | (uint32_t)a->b[at + 2] << 8 | a->b[at + 3];
}

/* RFC 4380 4: the client's public end, as it stands in its address. */
static struct endpoint client_of(const struct addr *a)
{
	return (struct endpoint){addr_v4(~bits32(a, 12)), (uint16_t)~(a->b[10] << 8 | a->b[11])};
}

/* Is this end the server that the address names? Servers answer from a second address, the next one. */
static bool is_server(const struct addr *teredo, const struct endpoint *end)
{
	struct addr first = addr_v4(bits32(teredo, 4)), second = addr_v4(bits32(teredo, 4) + 1);

	return addr_equal(&first, &end->addr) || addr_equal(&second, &end->addr);
}

/* Authentication and origin, both optional, then IPv6 that fills the datagram. */
static bool read_teredo(struct teredo *t, const struct input *in)
{
	size_t missing = in->packet->payload_len - in->packet->payload.left;
	struct cursor c = in->bytes;
	uint8_t id, auth;

	*t = (struct teredo){0};
	if (cur_peek_u16(&c, 0) == 0x0001) {
		cur_skip(&c, 2);
		id = cur_u8(&c);
		auth = cur_u8(&c);
		cur_skip(&c, (size_t)id + auth + 9);	/* both, nonce, confirmation */
	}
	if (cur_peek_u16(&c, 0) == 0x0000) {
		cur_skip(&c, 2);
		t->origin.port = (uint16_t)~cur_u16(&c);
		t->origin.addr = addr_v4(~cur_u32(&c));
		t->has_origin = true;
	}
	if (cur_peek_u8(&c, 0) >> 4 != 6)
		return false;
	cur_skip(&c, 4);
	t->length = cur_u16(&c);
	t->next = cur_u8(&c);
	cur_skip(&c, 1);
	cur_copy(&c, t->src.b, sizeof t->src.b);
	cur_copy(&c, t->dst.b, sizeof t->dst.b);
	if (c.bad || t->length != c.left + missing)
		return false;
	t->icmp_type = t->next == NEXT_ICMP6 ? cur_peek_u8(&c, 0) : 0;
	return true;
}

static bool is_unicast(const struct addr *a)
{
	return a->b[0] >> 5 == 1 || (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80) || (a->b[0] & 0xfe) == 0xfc;
}

/* What this datagram shows: bits of enum said; 0: it is no Teredo. */
static unsigned judge(const struct teredo *t, const struct input *in)
{
	const struct packet *p = in->packet;
	const struct endpoint *far = in->from_local ? &p->dst : &p->src;
	const struct addr *inner_far = in->from_local ? &t->dst : &t->src, *inner_near = in->from_local ? &t->src : &t->dst;
	struct endpoint client;
	unsigned shows;

	if (t->icmp_type == ICMP6_SOLICIT && is_link_local(&t->src) && is_all_routers(&t->dst))
		return SAID_SOLICIT | (in->from_local ? SAID_SERVER : 0);
	if (t->icmp_type == ICMP6_ADVERTISE && is_link_local(&t->src) && is_link_local(&t->dst) && t->has_origin)
		return SAID_ADVERTISE | (in->from_local ? 0 : SAID_SERVER);
	if (!is_unicast(&t->src) || !is_unicast(&t->dst) || (!is_teredo_address(&t->src) && !is_teredo_address(&t->dst)))
		return 0;
	shows = t->next == NEXT_NONE && t->length == 0 ? SAID_BUBBLE : SAID_DATA;
	client = client_of(inner_far);
	/* A NAT that maps by destination gives the peer another port than the server saw: its address is enough. */
	if (is_teredo_address(inner_far) && addr_equal(&client.addr, &far->addr))
		return shows | SAID_PEER;
	/* Bubbles to and from somebody go by the server that his or our address names. */
	if ((is_teredo_address(inner_far) && is_server(inner_far, far)) || (is_teredo_address(inner_near) && is_server(inner_near, far)))
		return shows | SAID_SERVER;
	return !is_teredo_address(inner_far) && !is_link_local(inner_far) ? shows | SAID_RELAY : shows;
}

static void tell(struct facts *facts, struct teredo_state *st, const struct teredo *t, unsigned shows, bool from_local)
{
	static const uint16_t facts_of[] = {
		TEREDO_SOLICIT, TEREDO_ADVERTISE, TEREDO_BUBBLE, TEREDO_DATA, TEREDO_SERVER, TEREDO_PEER, TEREDO_RELAY,
	};
	const struct addr *own = from_local ? &t->src : &t->dst;

	if ((shows & ~st->said[from_local]) == 0)
		return;
	st->said[from_local] |= (uint8_t)shows;
	facts_begin(facts);
	for (unsigned i = 0; i < sizeof facts_of / sizeof *facts_of; i++)
		if ((shows >> i & 1) != 0)
			fact_flag(facts, facts_of[i]);
	if (t->has_origin && !from_local)
		fact_endpoint(facts, TEREDO_MAPPED, &t->origin);
	if (is_teredo_address(own))
		fact_endpoint(facts, TEREDO_ADDRESS, &(struct endpoint){*own, 0});
	if (!st->said_app)
		fact_text(facts, FACT_FLOW_APP, "teredo");
	st->said_app = true;
}

static enum verdict teredo_dissect(struct input *in, void *state, struct facts *facts)
{
	struct teredo t;
	unsigned shows;

	if (in->nested || !teredo_first(&in->bytes) || !read_teredo(&t, in))
		return V_NO;
	shows = judge(&t, in);
	if (shows == 0)
		return V_NO;
	tell(facts, state, &t, shows, in->from_local);
	return V_YES;
}

const struct dissector teredo_dissector = {
	.name = "teredo",
	.facts = teredo_facts,
	.n_facts = sizeof teredo_facts / sizeof *teredo_facts,
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct teredo_state),
	.first = teredo_first,
	.udp = {{0x00, 0x01}, {0x60, 0x6f}},
	.dissect = teredo_dissect,
};
