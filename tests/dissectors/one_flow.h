/* one_flow.h -- for tests of a dissector: one flow, shown packet by packet, and what was said about it.
 *
 * Say which dissector before: `#define DISSECTOR rtp_dissector`.
 */
#ifndef PW_ONE_FLOW_H
#define PW_ONE_FLOW_H

#include "../../dissectors/dissector.h"
#include "../test.h"

#include <netinet/in.h>

extern const struct dissector DISSECTOR;

enum { OUT = true, IN = false };
enum { FLOW_STATE = 1 << 15, FLOW_STREAM = 1 << 16 };

static struct facts facts;
static _Alignas(16) uint8_t flow_memory[FLOW_STATE];
static uint64_t now_ns, packet_number;
static struct endpoint flow_local = {.port = 5000}, flow_remote = {.port = 6000};
static bool seen_way[2];
/* A stream's bytes that the dissector left for next time, by direction. */
static uint8_t stream_left[2][FLOW_STREAM];
static size_t stream_left_n[2];

static inline int setup(void **state)
{
	(void)state;
	assert_true(DISSECTOR.state_size <= sizeof flow_memory);
	memset(flow_memory, 0, sizeof flow_memory);
	memset(stream_left_n, 0, sizeof stream_left_n);
	memset(seen_way, 0, sizeof seen_way);
	now_ns = 1700000000000000000;
	packet_number = 0;
	flow_local = (struct endpoint){addr_v4(0x0a000001), 5000};
	flow_remote = (struct endpoint){addr_v4(0xcb007101), 6000};
	facts_reset(&facts);
	facts.detail = false;
	facts.base = FACT_OWN;
	return 0;
}

static inline enum verdict flow_ask(struct input *in, bool from_local, bool nested)
{
	size_t mark = facts_mark(&facts);
	static _Alignas(16) uint8_t before[FLOW_STATE];
	bool fresh = true;
	enum verdict v;

	seen_way[from_local] = true;
	facts.header = (struct message){.ts_ns = now_ns, .packet = packet_number, .from_local = from_local, .nested = nested,
	    .local = flow_local, .remote = flow_remote, .ip_proto = in->stream ? IPPROTO_TCP : IPPROTO_UDP,
	    .two_way = seen_way[0] && seen_way[1]};
	facts.n_inner = 0;
	for (size_t i = 0; i < DISSECTOR.state_size && fresh; i++)
		fresh = flow_memory[i] == 0;
	memcpy(before, flow_memory, DISSECTOR.state_size);
	v = DISSECTOR.dissect(in, flow_memory, &facts);
	if (v == V_NO) {
		facts_rewind(&facts, mark);
		/* Who has no hold on the flow yet keeps nothing. */
		if (fresh)
			memcpy(flow_memory, before, DISSECTOR.state_size);
	}
	return v;
}

/* A datagram, 20 ms after the one before, right before an unmapped page; its facts stand alone in the batch. */
static inline enum verdict datagram_at(const void *bytes, size_t n, bool from_local, bool nested)
{
	uint8_t *edge = edge_copy(bytes, n);
	struct packet p = {.ip_proto = IPPROTO_UDP, .payload = cur_of(edge, n), .payload_len = (uint32_t)n};
	struct input in = {.packet = &p, .from_local = from_local, .bytes = p.payload, .nested = nested};
	enum verdict v = V_NO;

	facts_reset(&facts);
	now_ns += 20000000;
	p.ts_ns = now_ns;
	p.number = ++packet_number;
	p.src = from_local ? flow_local : flow_remote;
	p.dst = from_local ? flow_remote : flow_local;
	if (DISSECTOR.first == NULL || DISSECTOR.first(&in.bytes))
		v = flow_ask(&in, from_local, nested);
	edge_free(edge, n);
	return v;
}

static inline enum verdict datagram(const void *bytes, size_t n, bool from_local)
{
	return datagram_at(bytes, n, from_local, false);
}

/* The next bytes of one direction of a stream. What is left of it is shown again with the next ones. */
static inline enum verdict stretch(const void *bytes, size_t n, bool from_local)
{
	uint8_t *left = stream_left[from_local], *edge;
	size_t all = stream_left_n[from_local] + n;
	struct packet p = {.ip_proto = IPPROTO_TCP};
	struct input in = {.packet = &p, .from_local = from_local, .stream = true};
	enum verdict v;

	assert_true(all <= FLOW_STREAM);
	if (n > 0)
		memcpy(left + stream_left_n[from_local], bytes, n);
	edge = edge_copy(left, all);
	in.bytes = p.payload = cur_of(edge, all);
	facts_reset(&facts);
	now_ns += 20000000;
	p.ts_ns = now_ns;
	p.number = ++packet_number;
	p.payload_len = (uint32_t)n;
	v = flow_ask(&in, from_local, false);
	assert_true(in.bytes.left <= all);
	stream_left_n[from_local] = in.bytes.bad ? 0 : in.bytes.left;
	memmove(left, left + all - stream_left_n[from_local], stream_left_n[from_local]);
	edge_free(edge, all);
	return v;
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

static inline bool said_at(unsigned i, unsigned id)
{
	return messages() > i && message_has(message_at(i), id);
}

static inline bool said(unsigned id)
{
	return said_at(0, id);
}

static inline uint64_t number_at(unsigned i, unsigned id)
{
	struct fact f;

	assert_true(message_find(message_at(i), id, &f));
	assert_int_equal(f.type, FACT_UINT);
	return f.uint;
}

static inline uint64_t number(unsigned id)
{
	return number_at(0, id);
}

static inline bool text_at(unsigned i, unsigned id, const char *want)
{
	struct fact f;

	return messages() > i && message_find(message_at(i), id, &f) && f.bytes.left == strlen(want) &&
	    cur_starts(&f.bytes, want, strlen(want));
}

static inline bool text_is(unsigned id, const char *want)
{
	return text_at(0, id, want);
}

static inline const char *endpoint_at(unsigned i, unsigned id)
{
	static char text[ENDPOINT_TEXT];
	struct fact f;

	assert_true(message_find(message_at(i), id, &f));
	assert_int_equal(f.type, FACT_ENDPOINT);
	return endpoint_text(&f.endpoint, text);
}

#endif
