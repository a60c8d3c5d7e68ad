/* dissected.h -- for tests of a dissector: one flow, shown packet by packet as the sensor would, and what was said about it.
 *
 * Set `subject`, and the two ends if the dissector looks at them. Bytes stand at the edge of a page.
 */
#ifndef PW_DISSECTED_H
#define PW_DISSECTED_H

#include "../../dissectors/dissector.h"
#include "../test.h"
#include "ranges.h"

#include <netinet/in.h>

enum { OUT = true, IN = false };

static const struct dissector *subject;
static struct endpoint local_end, remote_end;
static struct facts facts;
static _Alignas(16) uint8_t memory[8192];
static uint64_t now_ns, packet_number;
static size_t left;			/* of the last stretch: what the dissector did not take */
static bool ever[2];

static inline int fresh_flow(void **state)
{
	(void)state;
	memset(memory, 0, sizeof memory);
	memset(ever, 0, sizeof ever);
	now_ns = 1700000000000000000;
	packet_number = 0;
	local_end = (struct endpoint){addr_v4(0x0a0a000b), 50000};
	remote_end = (struct endpoint){addr_v4(0xcb007182), 40000};
	facts_reset(&facts);
	facts.detail = false;
	facts.base = FACT_OWN;
	return 0;
}

static inline enum verdict show(const void *bytes, size_t n, bool from_local, bool stream, bool ended)
{
	uint8_t *edge = edge_copy(bytes, n);
	struct packet p = {.ip_proto = stream ? IPPROTO_TCP : IPPROTO_UDP, .payload = cur_of(edge, n), .payload_len = (uint32_t)n,
	    .src = from_local ? local_end : remote_end, .dst = from_local ? remote_end : local_end};
	struct input in = {.packet = &p, .from_local = from_local, .bytes = p.payload, .stream = stream, .ended = ended};
	enum verdict v = V_NO;

	assert_true(subject->state_size <= sizeof memory);
	facts_reset(&facts);
	now_ns += 1000000;
	p.ts_ns = now_ns;
	p.number = ++packet_number;
	ever[from_local] = true;
	facts.header = (struct message){.ts_ns = now_ns, .packet = packet_number, .from_local = from_local, .local = local_end,
	    .remote = remote_end, .two_way = ever[0] && ever[1]};
	facts.n_inner = 0;
	if (stream || subject->first == NULL || subject->first(&p.payload)) {
		v = subject->dissect(&in, memory, &facts);
	} else {
		/* What the cheap test refuses must be nothing. */
		assert_int_equal(subject->dissect(&in, memory, &facts), V_NO);
	}
	if (v == V_NO)
		facts_reset(&facts);
	else if (!stream)	/* by these bytes it is looked up */
		assert_true(in_udp_ranges(subject, &p.payload));
	left = in.bytes.bad ? 0 : in.bytes.left;
	edge_free(edge, n);
	return v;
}

static inline enum verdict datagram(const void *bytes, size_t n, bool from_local)
{
	return show(bytes, n, from_local, false, false);
}

static inline enum verdict datagram_hex(const char *hex, bool from_local)
{
	uint8_t bytes[2048];

	return datagram(bytes, unhex(hex, bytes, sizeof bytes), from_local);
}

static inline enum verdict stretch(const char *text, bool from_local)
{
	return show(text, strlen(text), from_local, true, false);
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

/* The fact in whichever message has it. */
static inline bool said_fact(unsigned id, struct fact *f)
{
	const struct message *m;
	size_t at = 0;

	while (facts_next(&facts, &at, &m))
		if (message_find(m, id, f))
			return true;
	return false;
}

static inline bool said(unsigned id)
{
	struct fact f;

	return said_fact(id, &f);
}

static inline bool said_uint(unsigned id, uint64_t want)
{
	struct fact f;

	return said_fact(id, &f) && f.type == FACT_UINT && f.uint == want;
}

static inline bool said_text(unsigned id, const char *want)
{
	struct fact f;

	return said_fact(id, &f) && f.type == FACT_BYTES && f.bytes.left == strlen(want) && cur_starts(&f.bytes, want, strlen(want));
}

static inline bool said_endpoint(unsigned id, const char *want)
{
	char text[ENDPOINT_TEXT];
	struct fact f;

	return said_fact(id, &f) && f.type == FACT_ENDPOINT && strcmp(endpoint_text(&f.endpoint, text), want) == 0;
}

/* --- what every dissector of datagrams must stand --- */

/* Every length up to the whole, and every bit turned: no crash, whatever it says. */
static inline void mangled(const uint8_t *bytes, size_t n, bool from_local)
{
	uint8_t copy[2048];

	assert_true(n <= sizeof copy);
	for (size_t i = 0; i <= n; i++)
		datagram(bytes, i, from_local);
	for (size_t i = 0; i < n * 8; i++) {
		memcpy(copy, bytes, n);
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		datagram(copy, n, from_local);
	}
}

static inline void mangled_hex(const char *hex, bool from_local)
{
	uint8_t bytes[2048];

	mangled(bytes, unhex(hex, bytes, sizeof bytes), from_local);
}

/* So many flows of random datagrams, each way: it never says V_YES. */
static inline void random_flows(unsigned flows)
{
	uint64_t x = 88172645463325252ULL;
	uint8_t bytes[256];

	for (unsigned f = 0; f < flows; f++) {
		fresh_flow(NULL);
		for (unsigned i = 0; i < 6; i++) {
			for (size_t b = 0; b < sizeof bytes; b += 8) {
				x ^= x << 13;
				x ^= x >> 7;
				x ^= x << 17;
				memcpy(bytes + b, &x, 8);
			}
			assert_int_not_equal(datagram(bytes, 1 + (x >> 20) % sizeof bytes, i % 2 != 0), V_YES);
		}
	}
}

#endif
