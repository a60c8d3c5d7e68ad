/* proxy_fuzz.c -- the Skype dissector on one flow: datagrams or a stream, both ways, with state.
 *
 * Input: one byte of options, then packets: one byte of flags, one byte of length (in bytes, or times eight), the bytes.
 */
#include "../../dissectors/dissector.h"

#include <netinet/in.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector proxy_dissector;

enum { STREAM = 1, NESTED = 2 };				/* options */
enum { FROM_LOCAL = 1, GAP = 2, LATER = 4, LONG = 8, CUT = 16, ENDED = 32 };	/* flags */

static struct facts facts;
static _Alignas(16) uint8_t memory[4096];
static uint8_t waiting[2][1 << 14];
static size_t waiting_n[2];

static enum verdict ask(struct input *in)
{
	size_t mark = facts_mark(&facts);
	enum verdict v;

	facts.header = (struct message){.ts_ns = in->packet->ts_ns, .packet = in->packet->number, .from_local = in->from_local,
	    .nested = in->nested};
	facts.n_inner = 0;
	v = proxy_dissector.dissect(in, memory, &facts);
	if (v == V_NO)
		facts_rewind(&facts, mark);
	return v;
}

static void read_back(void)
{
	const struct message *m;
	struct fact f;
	size_t at = 0, in;
	char text[256];

	while (facts_next(&facts, &at, &m))
		for (in = 0; message_next(m, &in, &f);)
			fact_print(&f, text, sizeof text);
}

static bool stretch(struct packet *p, struct cursor c, uint8_t flags)
{
	bool way = flags & FROM_LOCAL, gap = flags & GAP;
	size_t *n = &waiting_n[way];
	struct input in;
	enum verdict v;

	if (gap || *n + c.left > sizeof waiting[0]) {
		*n = 0;
		gap = true;
	}
	memcpy(waiting[way] + *n, c.at, c.left);
	*n += c.left;
	in = (struct input){.packet = p, .from_local = way, .bytes = cur_of(waiting[way], *n), .stream = true, .gap = gap,
	    .ended = flags & ENDED};
	v = ask(&in);
	if (in.bytes.bad || in.bytes.left > *n)
		abort();
	if (v == V_MORE && in.bytes.left > 8192)
		abort();		/* it waits for no more than a head, and what comes too early */
	memmove(waiting[way], waiting[way] + *n - in.bytes.left, in.bytes.left);
	*n = in.bytes.left;
	return v == V_YES || v == V_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	struct packet p = {.ts_ns = 1, .src = {addr_v4(0x0a000001), 1000}, .dst = {addr_v4(0xcb007101), 2000}};
	uint8_t options = cur_u8(&c);

	if (proxy_dissector.state_size > sizeof memory)
		abort();
	memset(memory, 0, sizeof memory);
	waiting_n[0] = waiting_n[1] = 0;
	facts.base = FACT_OWN;
	while (c.left > 2) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u8(&c) * (flags & LONG ? 8u : 1u);
		struct cursor data = cur_take(&c, len < c.left ? len : c.left);

		p.ts_ns += flags & LATER ? 5000000000 : 1000000;
		p.number++;
		p.payload = data;
		p.cut = flags & CUT;
		p.payload_len = (uint32_t)(data.left + (p.cut ? 64 : 0));
		facts_reset(&facts);
		if (options & STREAM) {
			if (!stretch(&p, data, flags))
				break;
		} else {
			struct input in = {.packet = &p, .from_local = flags & FROM_LOCAL, .bytes = data, .nested = options & NESTED};

			ask(&in);
		}
		read_back();
	}
	return 0;
}
