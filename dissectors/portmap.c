/* portmap.c -- a host asks its gateway to open a port: NAT-PMP (RFC 6886) and PCP (RFC 6887), UDP 5351.
 *
 * The gateway is inside, too; but what it is asked for concerns the border, so every message says FACT_BORDER. A request
 * for a mapping counts, answered or not; one for the public address alone is a hint.
 */
#include "dissector.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>

enum {
	TEXT = 96,
	PORTMAP_PORT = 5351,
	NATPMP = 0, PCP = 2,				/* the first byte: version */
	NATPMP_REQUEST = 12, NATPMP_ANSWER = 16,
	NATPMP_ASK = 2, NATPMP_ADDRESS = 12,
	PCP_HEADER = 24, PCP_MAP = 60, PCP_PEER = 80, PCP_MOST = 1100,
	OP_ANNOUNCE = 0, OP_MAP = 1, OP_PEER = 2,	/* PCP */
	OP_ANSWER = 0x80,
	KNOWN = 4,					/* requests remembered, so that each is told once */
};

enum portmap_fact {
	PORTMAP_PROTOCOL = FACT_OWN,
	PORTMAP_REQUEST,
	PORTMAP_ANSWER,
	PORTMAP_REFUSED,
	PORTMAP_ADDRESS,
	PORTMAP_TRANSPORT,
	PORTMAP_INTERNAL,
	PORTMAP_EXTERNAL,
	PORTMAP_LIFETIME,
	PORTMAP_DELETE,
	PORTMAP_PEER,
};

static const struct fact_def portmap_facts[] = {
	{"portmap.protocol", FACT_BYTES, "how the gateway is asked: nat-pmp, pcp"},
	{"portmap.request", FACT_BYTES, "asks the gateway to let the outside in on a port: which, as a sentence"},
	{"portmap.answer", FACT_BYTES, "the gateway did so: what it gave"},
	{"portmap.refused", FACT_UINT, "the gateway refused: its result code"},
	{"portmap.address", FACT_FLAG, "asks the gateway for its public address, or the answer"},
	{"portmap.transport", FACT_BYTES, "protocol of the mapping: udp, tcp, all, other"},
	{"portmap.internal_port", FACT_UINT, "port of the inside host that is mapped"},
	{"portmap.external", FACT_ENDPOINT, "where the outside reaches it: wished for in a request, given in an answer"},
	{"portmap.lifetime", FACT_UINT, "seconds that the mapping lives"},
	{"portmap.delete", FACT_FLAG, "the mapping is given back"},
	{"portmap.peer", FACT_ENDPOINT, "PCP PEER: the outside end that the mapping is for"},
};

/* What is asked for, from either protocol. */
struct mapping {
	struct endpoint external, peer;
	uint32_t lifetime;
	uint16_t internal;
	uint8_t transport;		/* IPPROTO_; 0: all */
	uint8_t result;
	bool has_peer;
};

struct known {				/* a request that was told */
	uint16_t internal, external;
	uint8_t transport;
	bool set, deleted, answered;
};

struct portmap_state {
	struct known known[KNOWN];
	uint8_t next;
	bool said_app, said_address[2];
};

static bool portmap_first(const struct cursor *c)
{
	uint8_t version = cur_peek_u8(c, 0), op = cur_peek_u8(c, 1) & (uint8_t)~OP_ANSWER;

	return c->left >= NATPMP_ASK && op <= OP_PEER && cur_peek_u8(c, 2) == 0 &&
	    ((version == NATPMP && c->left <= NATPMP_ANSWER) || (version == PCP && c->left >= PCP_HEADER && c->left <= PCP_MOST));
}

static void begin(struct facts *facts, struct portmap_state *st, const char *protocol)
{
	facts_begin(facts);
	fact_flag(facts, FACT_BORDER);
	fact_text(facts, PORTMAP_PROTOCOL, protocol);
	if (!st->said_app)
		fact_text(facts, FACT_FLOW_APP, protocol);
	st->said_app = true;
}

static const char *transport_name(uint8_t transport)
{
	return transport == IPPROTO_UDP ? "udp" : transport == IPPROTO_TCP ? "tcp" : transport == 0 ? "all" : "other";
}

/* The slot of this request, or of the request that this answers: found or made. */
static unsigned slot_of(struct portmap_state *st, const struct mapping *m, bool answer, bool *found)
{
	unsigned i;

	for (i = 0; i < KNOWN; i++) {
		const struct known *k = &st->known[i];

		*found = k->set && k->internal == m->internal && k->transport == m->transport &&
		    (answer || k->external == m->external.port);
		if (*found)
			return i;
	}
	i = st->next;
	st->next = (uint8_t)((i + 1) % KNOWN);
	st->known[i] = (struct known){.internal = m->internal, .external = m->external.port, .transport = m->transport, .set = true};
	return i;
}

/* Requests are repeated until they are answered, and mappings renewed: each is told once. */
static bool is_news(struct portmap_state *st, const struct mapping *m, bool answer)
{
	bool found, deletes = m->lifetime == 0 && m->result == 0, news;
	struct known *k = &st->known[slot_of(st, m, answer, &found)];

	news = answer ? !k->answered : !found || k->deleted != deletes;
	k->answered = answer;
	if (!answer)
		k->deleted = deletes;
	return news;
}

/* "udp port 8080 at 198.51.100.2:40001 for 3600 s" */
static void mapping_text(char to[static TEXT], const struct mapping *m)
{
	char at[ENDPOINT_TEXT];

	if (!addr_is_unspecified(&m->external.addr))
		endpoint_text(&m->external, at);
	else if (m->external.port != 0)
		snprintf(at, sizeof at, "port %u", m->external.port);
	else
		snprintf(at, sizeof at, "any port");
	snprintf(to, TEXT, "%s port %u at %s for %" PRIu32 " s", transport_name(m->transport), m->internal, at, m->lifetime);
}

static void tell(struct facts *facts, struct portmap_state *st, const char *protocol, const struct mapping *m, bool answer)
{
	bool deletes = m->lifetime == 0 && m->result == 0;
	char text[TEXT];

	if (!is_news(st, m, answer))
		return;
	begin(facts, st, protocol);
	mapping_text(text, m);
	if (m->result != 0)
		fact_uint(facts, PORTMAP_REFUSED, m->result);
	else if (!deletes)
		fact_text(facts, answer ? PORTMAP_ANSWER : PORTMAP_REQUEST, text);
	else
		fact_flag(facts, PORTMAP_DELETE);
	fact_text(facts, PORTMAP_TRANSPORT, transport_name(m->transport));
	fact_uint(facts, PORTMAP_INTERNAL, m->internal);
	if (m->external.port != 0 || !addr_is_unspecified(&m->external.addr))
		fact_endpoint(facts, PORTMAP_EXTERNAL, &m->external);
	fact_uint(facts, PORTMAP_LIFETIME, m->lifetime);
	if (m->has_peer)
		fact_endpoint(facts, PORTMAP_PEER, &m->peer);
}

/* The public address: asked for often, told once each way. */
static void tell_address(struct facts *facts, struct portmap_state *st, struct cursor *c, bool answer)
{
	struct endpoint external = {addr_v4(0), 0};

	if (answer) {
		cur_skip(c, 4);		/* epoch */
		external.addr = addr_v4(cur_u32(c));
	}
	if (st->said_address[answer])
		return;
	st->said_address[answer] = true;
	begin(facts, st, "nat-pmp");
	fact_flag(facts, PORTMAP_ADDRESS);
	if (answer)
		fact_endpoint(facts, PORTMAP_EXTERNAL, &external);
}

static enum verdict natpmp(struct cursor c, struct portmap_state *st, struct facts *facts, bool answer)
{
	static const uint8_t transports[] = {0, IPPROTO_UDP, IPPROTO_TCP};
	size_t len = c.left;
	uint8_t op;
	struct mapping m = {.external = {addr_v4(0), 0}};
	uint16_t zero;

	cur_skip(&c, 1);
	op = cur_u8(&c) & (uint8_t)~OP_ANSWER;
	if (op == 0) {
		if (len != (answer ? NATPMP_ADDRESS : NATPMP_ASK))
			return V_NO;
		if (answer && cur_u16(&c) != 0)
			return V_YES;
		tell_address(facts, st, &c, answer);
		return V_YES;
	}
	if (len != (answer ? NATPMP_ANSWER : NATPMP_REQUEST))
		return V_NO;
	zero = cur_u16(&c);
	if (answer) {
		m.result = (uint8_t)zero;
		cur_skip(&c, 4);
	}
	m.transport = transports[op];
	m.internal = cur_u16(&c);
	m.external.port = cur_u16(&c);
	m.lifetime = cur_u32(&c);
	if (zero > (answer ? UINT8_MAX : 0) || (m.internal == 0 && m.lifetime != 0))
		return V_NO;
	tell(facts, st, "nat-pmp", &m, answer);
	return V_YES;
}

static struct addr read_addr(struct cursor *c)
{
	struct addr a = {{0}};

	cur_copy(c, a.b, sizeof a.b);
	return a;
}

static enum verdict pcp(struct cursor c, struct portmap_state *st, struct facts *facts, bool answer)
{
	struct mapping m = {0};
	size_t len = c.left;
	uint8_t op;

	cur_skip(&c, 1);
	op = cur_u8(&c) & (uint8_t)~OP_ANSWER;
	if (len % 4 != 0 || op == OP_ANNOUNCE || len < (op == OP_PEER ? PCP_PEER : PCP_MAP))
		return op == OP_ANNOUNCE && len == PCP_HEADER ? V_YES : V_NO;
	if (cur_u8(&c) != 0)
		return V_NO;
	m.result = cur_u8(&c);		/* a request has zero there */
	m.lifetime = cur_u32(&c);
	cur_skip(&c, 16);		/* the client's address, or epoch */
	cur_skip(&c, 12);		/* nonce */
	m.transport = cur_u8(&c);
	if (cur_u8(&c) != 0 || cur_u16(&c) != 0 || (!answer && m.result != 0))
		return V_NO;
	m.internal = cur_u16(&c);
	m.external.port = cur_u16(&c);
	m.external.addr = read_addr(&c);
	if (op == OP_PEER) {
		m.peer.port = cur_u16(&c);
		cur_skip(&c, 2);
		m.peer.addr = read_addr(&c);
		m.has_peer = true;
	}
	tell(facts, st, "pcp", &m, answer);
	return V_YES;
}

static enum verdict portmap_dissect(struct input *in, void *state, struct facts *facts)
{
	const struct packet *p = in->packet;
	bool answer = (cur_peek_u8(&in->bytes, 1) & OP_ANSWER) != 0;

	if (in->nested || p->cut || !portmap_first(&in->bytes) || (answer ? p->src.port : p->dst.port) != PORTMAP_PORT ||
	    addr_is_multicast(&p->dst.addr))
		return V_NO;
	return cur_peek_u8(&in->bytes, 0) == NATPMP ? natpmp(in->bytes, state, facts, answer) : pcp(in->bytes, state, facts, answer);
}

const struct dissector portmap_dissector = {
	.name = "portmap",
	.facts = portmap_facts,
	.n_facts = sizeof portmap_facts / sizeof *portmap_facts,
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct portmap_state),
	.first = portmap_first,
	.udp = {{0, 2}},
	.udp_third = {{0x00, 0x01}},
	.opening = OPENING_ALL,
	.dissect = portmap_dissect,
};
