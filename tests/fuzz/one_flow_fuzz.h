/* one_flow_fuzz.h -- a dissector on one flow, datagrams or a stream, both ways, with its state.
 *
 * Say which before: `#define DISSECTOR rtp_dissector`. Input: one byte of options, then packets: one byte of flags, one byte of length
 * (in bytes, or times eight), the bytes.
 */
#ifndef PW_ONE_FLOW_FUZZ_H
#define PW_ONE_FLOW_FUZZ_H

#include "../../dissectors/dissector.h"

#include <netinet/in.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector DISSECTOR;

#ifndef FUZZ_PORT
#define FUZZ_PORT 0		/* the port that the dissector wants to see */
#endif

enum { FUZZ_STREAM = 1, FUZZ_NESTED = 2 };						/* options */
enum { FUZZ_FROM_LOCAL = 1, FUZZ_GAP = 2, FUZZ_LATER = 4, FUZZ_LONG = 8, FUZZ_ENDED = 16 };	/* flags */

static struct facts facts;
static _Alignas(16) uint8_t fuzz_memory[1 << 15];
static uint8_t fuzz_waiting[2][1 << 16];
static size_t fuzz_waiting_n[2];

static enum verdict fuzz_ask(struct input *in)
{
	size_t mark = facts_mark(&facts);
	enum verdict v;

	facts.header = (struct message){.ts_ns = in->packet->ts_ns, .packet = in->packet->number, .local = {addr_v4(0x0a000001), 5000},
	    .remote = {addr_v4(0xcb007101), 5060}, .from_local = in->from_local, .nested = in->nested};
	facts.n_inner = 0;
	v = DISSECTOR.dissect(in, fuzz_memory, &facts);
	if (v == V_NO)
		facts_rewind(&facts, mark);
	return v;
}

static void fuzz_read_back(void)
{
	const struct message *m;
	struct fact f;
	size_t at = 0, in;
	char text[256];

	while (facts_next(&facts, &at, &m))
		for (in = 0; message_next(m, &in, &f);)
			fact_print(&f, text, sizeof text);
}

static bool fuzz_stretch(struct packet *p, struct cursor c, uint8_t flags)
{
	bool from_local = flags & FUZZ_FROM_LOCAL, gap = flags & FUZZ_GAP;
	size_t *n = &fuzz_waiting_n[from_local];
	uint8_t *w = fuzz_waiting[from_local];
	struct input in;

	if (gap || *n + c.left > sizeof fuzz_waiting[0]) {
		*n = 0;
		gap = true;
	}
	memcpy(w + *n, c.at, c.left);
	*n += c.left;
	in = (struct input){.packet = p, .from_local = from_local, .bytes = cur_of(w, *n), .stream = true, .gap = gap,
	    .ended = flags & FUZZ_ENDED};
	if (fuzz_ask(&in) == V_NO)
		return false;
	if (in.bytes.left > *n)
		abort();
	if (in.bytes.bad)
		in.bytes.left = 0;
	memmove(w, w + *n - in.bytes.left, in.bytes.left);
	*n = in.bytes.left;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	struct packet p = {.ts_ns = 1, .dst.port = FUZZ_PORT};
	uint8_t options = cur_u8(&c);
	bool stream = DISSECTOR.ip_proto == IPPROTO_TCP || (DISSECTOR.ip_proto == 0 && (options & FUZZ_STREAM));

	if (DISSECTOR.state_size > sizeof fuzz_memory)
		abort();
	memset(fuzz_memory, 0, DISSECTOR.state_size);
	fuzz_waiting_n[0] = fuzz_waiting_n[1] = 0;
	facts.base = FACT_OWN;
	while (c.left > 2) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u8(&c) * (flags & FUZZ_LONG ? 8u : 1u);
		struct cursor data = cur_take(&c, len < c.left ? len : c.left);

		p.ts_ns += flags & FUZZ_LATER ? 1500000000 : 1000000;
		p.number++;
		p.payload = data;
		p.payload_len = (uint32_t)data.left;
		facts_reset(&facts);
		if (stream) {
			if (!fuzz_stretch(&p, data, flags))
				break;
		} else {
			struct input in = {.packet = &p, .from_local = flags & FUZZ_FROM_LOCAL, .bytes = data,
			    .nested = options & FUZZ_NESTED};

			/* What the cheap test refuses must be nothing, whatever the state. */
			if (DISSECTOR.first != NULL && !DISSECTOR.first(&data)) {
				if (fuzz_ask(&in) != V_NO && !DISSECTOR.follows)
					abort();
			} else {
				fuzz_ask(&in);
			}
		}
		fuzz_read_back();
	}
	return 0;
}

#endif
