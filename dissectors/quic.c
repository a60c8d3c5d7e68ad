/* quic.c -- QUIC: the dissector. RFC 9000, 9001, 9369, drafts from 23 on.
 *
 * A client's Initial packets are opened (quic_crypt), their CRYPTO frames put together in whatever order and however many
 * pieces they come (browsers shuffle and split them on purpose), and the ClientHello in them names the other end (quic_hello).
 * Then there is nothing more to learn. A connection that is met in the middle has no keys that anybody could know, and is not
 * claimed.
 */
#include "dissector.h"
#include "quic_crypt.h"
#include "quic_hello.h"

#include <netinet/in.h>

enum {
	HELLO_MOST = 4096,		/* with post-quantum key shares and tickets about 2000 */
	COALESCED_MOST = 4,		/* packets of one datagram that are looked at */
	OPENED_MOST = 24,		/* packets of a flow that were opened and brought no end of the hello */
};

enum quic_fact { QUIC_VERSION = FACT_OWN, QUIC_USER_AGENT, QUIC_ECH };

static const struct fact_def fact_defs[] = {
	{"quic.version", FACT_UINT, "version of a connection's first packet, which decrypts: 1, 0x6b3343cf (2), 0xff00001d (draft 29)"},
	{"quic.user_agent", FACT_BYTES, "user agent in the transport parameters (Google's clients)"},
	{"quic.ech", FACT_FLAG, "the real ClientHello is encrypted; the name is a front's"},
};

struct quic_state {
	struct quic_keys keys;
	bool started;			/* an Initial was opened: the rest is valid */
	bool from_local;		/* the client is the local end */
	uint8_t opened;
	uint16_t contiguous;		/* bytes from the start that are there */
	uint8_t there[HELLO_MOST / 8];	/* a bit for each byte */
	uint8_t hello[HELLO_MOST];
};

/* --- the hello is put together --- */

static bool is_there(const struct quic_state *st, size_t i)
{
	return (st->there[i / 8] >> i % 8 & 1) != 0;
}

static void add_piece(struct quic_state *st, uint64_t offset, struct cursor data)
{
	size_t at = (size_t)offset, n = data.left;

	if (offset >= HELLO_MOST)
		return;
	if (n > HELLO_MOST - at)
		n = HELLO_MOST - at;
	/* What came first stays: a piece sent again is the same, or somebody plays tricks. */
	for (size_t i = at; i < at + n; i++) {
		uint8_t b = cur_u8(&data);

		if (!is_there(st, i)) {
			st->hello[i] = b;
			st->there[i / 8] |= (uint8_t)(1u << i % 8);
		}
	}
	while (st->contiguous < HELLO_MOST && is_there(st, st->contiguous))
		st->contiguous++;
}

/* No more is to come that could be read. */
static bool is_complete(const struct quic_state *st)
{
	size_t all;

	if (st->contiguous < QUIC_HELLO_HEADER)
		return false;
	all = quic_hello_bytes(st->hello);
	return all <= st->contiguous || st->contiguous == HELLO_MOST;
}

/* --- packets --- */

/* Made by this flow's client? A server that asks to try again (Retry) changes the id, and so the keys. */
static bool open_initial(const struct input *in, struct quic_state *st, const struct quic_packet *p,
    uint8_t plain[static QUIC_PLAIN_MOST], size_t *n)
{
	struct quic_keys keys;

	if (st->started && st->from_local != in->from_local)
		return false;
	if (st->started && quic_open(&st->keys, p, plain, n))
		return true;
	if (p->dcid.left < 8 || !quic_client_keys(&keys, p->version, p->dcid) || !quic_open(&keys, p, plain, n))
		return false;
	*st = (struct quic_state){.keys = keys, .started = true, .from_local = in->from_local, .opened = st->opened};
	return true;
}

/* All packets of the datagram; their number that were opened. *version is theirs. */
static unsigned open_datagram(struct input *in, struct quic_state *st, uint32_t *version)
{
	uint8_t plain[QUIC_PLAIN_MOST];
	struct quic_packet p;
	unsigned opened = 0;
	size_t n;

	for (unsigned i = 0; i < COALESCED_MOST && quic_next(&in->bytes, &p); i++) {
		struct cursor frames, data;
		uint64_t offset;

		if (!p.initial)
			continue;
		if (!open_initial(in, st, &p, plain, &n))
			break;
		opened++;
		*version = p.version->number;
		frames = cur_of(plain, n);
		while (quic_next_crypto(&frames, &offset, &data))
			add_piece(st, offset, data);
	}
	return opened;
}

/* --- what is said --- */

static void say_hello(const struct quic_state *st, struct facts *f)
{
	struct quic_hello h;

	if (!quic_hello(cur_of(st->hello, st->contiguous), &h))
		return;
	if (h.server_name.left > 0) {
		fact_bytes(f, FACT_HOST, h.server_name);
		fact_text(f, FACT_HOST_FROM, "quic");
	}
	for (unsigned i = 0; i < h.n_alpn; i++)
		fact_bytes(f, FACT_ALPN, h.alpn[i]);
	if (h.user_agent.left > 0)
		fact_bytes(f, QUIC_USER_AGENT, h.user_agent);
	if (h.encrypted)
		fact_flag(f, QUIC_ECH);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct quic_state *st = state;
	bool first = !st->started, complete;
	uint32_t version = 0;
	unsigned opened;

	/* A client's first datagram is a large one, so that nobody can have small ones answered by large ones. */
	if (first && in->bytes.left < QUIC_DATAGRAM_LEAST)
		return V_NO;
	opened = open_datagram(in, st, &version);
	if (opened == 0)
		return V_NO;
	st->opened = (uint8_t)(st->opened + opened);
	complete = is_complete(st) || st->opened >= OPENED_MOST;
	if (first || complete) {
		facts_begin(facts);
		if (!in->nested)
			fact_text(facts, FACT_FLOW_APP, "quic");
		fact_uint(facts, QUIC_VERSION, version);
		if (complete)
			say_hello(st, facts);
	}
	return complete ? V_DONE : V_YES;
}

const struct dissector quic_dissector = {
	.name = "quic",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct quic_state),
	.first = quic_begins,
	.udp = {{0xc0, 0xff}},
	.udp_third = {{0x00, 0x01}, {0x33, 0x33}, {0xce, 0xce}},	/* of the version */
	.opening = OPENING_ALL,		/* a punched hole speaks STUN first, and for long */
	.dissect = dissect,
};
