/* bittorrent_fuzz.c -- the dissector on one flow: datagrams or a stream, both ways, with state.
 *
 * Input: one byte of options, then packets: one byte of flags, one byte of length (in bytes, or times eight), the bytes.
 */
#include "../../dissectors/dissector.h"

#include <netinet/in.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector bittorrent_dissector;

enum { STREAM = 1, V6 = 2 };						/* options */
enum { FROM_LOCAL = 1, GAP = 2, LATER = 4, LONG = 8, CUT = 16, ENDED = 32 };	/* flags */

static struct facts facts;
static _Alignas(16) uint8_t memory[4096];
static uint8_t waiting[2][1 << 16];
static size_t waiting_n[2];

static enum verdict ask(struct input *in)
{
	enum verdict v;

	facts_reset(&facts);
	facts.header = (struct message){.ts_ns = in->packet->ts_ns, .packet = in->packet->number, .from_local = in->from_local};
	v = bittorrent_dissector.dissect(in, memory, &facts);
	if (v == V_NO)
		facts_rewind(&facts, 0);
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
	bool from_local = flags & FROM_LOCAL, gap = flags & GAP;
	size_t *n = &waiting_n[from_local];
	uint8_t *w = waiting[from_local];
	struct input in;

	if (gap || *n + c.left > sizeof waiting[0]) {
		*n = 0;
		gap = true;
	}
	memcpy(w + *n, c.at, c.left);
	*n += c.left;
	in = (struct input){.packet = p, .from_local = from_local, .bytes = cur_of(w, *n), .stream = true, .gap = gap,
	    .ended = flags & ENDED};
	if (ask(&in) == V_NO)
		return false;
	if (in.bytes.bad || in.bytes.left > *n)
		abort();
	memmove(w, w + *n - in.bytes.left, in.bytes.left);
	*n = in.bytes.left;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	struct packet p = {.ts_ns = 1};
	uint8_t options = cur_u8(&c);
	bool held = false;

	memset(memory, 0, sizeof memory);
	waiting_n[0] = waiting_n[1] = 0;
	facts.base = FACT_OWN;
	p.src.addr = options & V6 ? (struct addr){{0x20, 1}} : addr_v4(1);
	while (c.left > 2) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u8(&c) * (flags & LONG ? 8u : 1u);
		struct cursor data = cur_take(&c, len < c.left ? len : c.left);

		p.ts_ns += flags & LATER ? 1500000000 : 1000000;
		p.number++;
		p.payload = data;
		p.cut = flags & CUT;
		p.payload_len = (uint32_t)(data.left + (p.cut ? 64 : 0));
		if (options & STREAM) {
			if (!stretch(&p, data, flags))
				break;
		} else {
			struct input in = {.packet = &p, .from_local = flags & FROM_LOCAL, .bytes = data};

			if (held || bittorrent_dissector.first(&data))
				held = ask(&in) != V_NO;
			if (!held)
				memset(memory, 0, sizeof memory);
		}
		read_back();
	}
	return 0;
}
