/* stun_flow.h -- for tests of the dissector: one flow, shown packet by packet, and what was said about it. */
#ifndef PW_STUN_FLOW_H
#define PW_STUN_FLOW_H

#include "../../dissectors/dissector.h"
#include "../../dissectors/stun_say.h"
#include "stun_make.h"

#include <netinet/in.h>

extern const struct dissector stun_dissector;

enum { OUT = true, IN = false };

/* One flow, as the sensor would hold it. */
static struct facts facts;
static _Alignas(8) uint8_t memory[2][4096];
static uint64_t now_ns, packet_number;
static enum verdict verdict;
static struct input input;		/* the last one, as the dissector left it */

static inline int setup(void **state)
{
	(void)state;
	memset(memory, 0, sizeof memory);
	now_ns = 1700000000000000000;
	packet_number = 0;
	facts_reset(&facts);
	facts.detail = false;
	facts.base = FACT_OWN;
	return 0;
}

static inline enum verdict ask(struct cursor bytes, bool from_local, unsigned depth, bool stream, bool gap, const struct packet *p)
{
	size_t mark = facts_mark(&facts);

	assert_true(stun_dissector.state_size <= sizeof memory[0]);
	facts.header = (struct message){.ts_ns = now_ns, .packet = packet_number, .from_local = from_local, .nested = depth > 0};
	facts.n_inner = 0;
	input = (struct input){.packet = p, .from_local = from_local, .bytes = bytes, .stream = stream, .gap = gap,
	    .nested = depth > 0};
	verdict = stun_dissector.dissect(&input, memory[depth], &facts);
	if (verdict == V_NO)
		facts_rewind(&facts, mark);
	return verdict;
}

/* What was wrapped is shown to the dissector one level deeper. */
static inline void ask_inner(const struct packet *p, bool from_local)
{
	enum verdict outer = verdict;
	struct input outer_input = input;
	struct inner inner[INNER_MAX];
	unsigned n = facts.n_inner;

	memcpy(inner, facts.inner, sizeof inner);
	for (unsigned i = 0; i < n; i++) {
		facts.peer = inner[i].peer;
		if (stun_dissector.first(&inner[i].datagram))
			ask(inner[i].datagram, from_local, 1, false, false, p);
	}
	facts.n_inner = 0;
	verdict = outer;
	input = outer_input;
}

/* A datagram, a millisecond after the one before; its facts stand alone in the batch. At the edge of a page. */
static inline enum verdict datagram(const struct made *made, bool from_local)
{
	uint8_t *edge = edge_copy(made->b, made->n);
	struct packet p = {.ip_proto = IPPROTO_UDP, .payload = cur_of(edge, made->n), .payload_len = (uint32_t)made->n};

	facts_reset(&facts);
	now_ns += 1000000;
	p.ts_ns = now_ns;
	p.number = ++packet_number;
	verdict = V_NO;
	if (stun_dissector.first(&p.payload)) {
		ask(p.payload, from_local, 0, false, false, &p);
		ask_inner(&p, from_local);
	}
	edge_free(edge, made->n);
	return verdict;
}

/* --- reading what was said --- */

static inline unsigned messages(void)
{
	const struct message *m;
	size_t at = 0;
	unsigned n = 0;

	while (facts_next(&facts, &at, &m))
		n++;
	return n;
}

static inline const struct message *message_at(unsigned i)
{
	const struct message *m = NULL;
	size_t at = 0;

	do
		assert_true(facts_next(&facts, &at, &m));
	while (i-- > 0);
	return m;
}

static inline bool said(unsigned id)
{
	return messages() > 0 && message_has(message_at(0), id);
}

static inline uint64_t number(unsigned id)
{
	struct fact f;

	assert_true(message_find(message_at(0), id, &f));
	assert_int_equal(f.type, FACT_UINT);
	return f.uint;
}

static inline const char *endpoint_of(const struct message *m, unsigned id)
{
	static char text[ENDPOINT_TEXT];
	struct fact f;

	assert_true(message_find(m, id, &f));
	assert_int_equal(f.type, FACT_ENDPOINT);
	return endpoint_text(&f.endpoint, text);
}

static inline bool text_is(unsigned id, const char *want)
{
	struct fact f;

	return messages() > 0 && message_find(message_at(0), id, &f) && f.bytes.left == strlen(want) &&
	    cur_starts(&f.bytes, want, strlen(want));
}

/* --- messages --- */

static inline struct made success(uint8_t id)
{
	struct made m = made_message(0x0101, id);

	made_address(&m, 0x0020, 0xc6336401, 40000, true);
	return m;
}

static inline struct made check(uint8_t id, const char *username)
{
	struct made m = made_message(0x0001, id);

	made_text(&m, 0x0006, username);
	made_number(&m, 0x0024, 0x6e0001ff);
	made_attr(&m, 0x802a, "\1\2\3\4\5\6\7\x08", 8);
	made_integrity(&m);
	made_fingerprint(&m);
	return m;
}

static inline struct made allocated(uint8_t id)
{
	struct made m = made_message(0x0103, id);

	made_address(&m, 0x0016, 0xcb007105, 50000, true);
	made_address(&m, 0x0020, 0xc6336401, 40000, true);
	made_number(&m, 0x000d, 600);
	return m;
}

static inline struct made channel_bind(uint8_t id, unsigned channel)
{
	struct made m = made_message(0x0009, id);

	made_number(&m, 0x000c, channel << 16);
	made_address(&m, 0x0012, 0xcb007107, 7000, true);
	return m;
}

static inline struct made channel_data(unsigned channel, const void *payload, size_t n)
{
	struct made m = {.n = 0};

	made_u16(&m, channel);
	made_u16(&m, (unsigned)n);
	made_put(&m, payload, n);
	return m;
}

static inline struct made indication(unsigned type, uint8_t id, const void *data, size_t n)
{
	struct made m = made_message(type, id);

	made_address(&m, 0x0012, 0xcb007107, 7000, true);
	made_attr(&m, 0x0013, data, n);
	return m;
}

#endif
