/* stun_fuzz.c -- the dissector on one flow: datagrams or a stream, both ways, with state.
 *
 * Input: one byte of options, then packets: one byte of flags, one byte of length (in bytes, or times eight), the bytes.
 */
#include "../../dissectors/dissector.h"
#include "../dissectors/ranges.h"

#include <netinet/in.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector stun_dissector;

enum { STREAM = 1, DETAIL = 2 };				/* options */
enum { FROM_LOCAL = 1, GAP = 2, LATER = 4, LONG = 8, CUT = 16 };	/* flags */

static struct facts facts;
static _Alignas(16) uint8_t memory[2][4096];
static uint8_t waiting[2][1 << 16];
static size_t waiting_n[2];

static enum verdict ask(struct input *in, unsigned depth)
{
	size_t mark = facts_mark(&facts);
	enum verdict v;

	facts.header = (struct message){.ts_ns = in->packet->ts_ns, .packet = in->packet->number,
	    .from_local = in->from_local, .nested = depth > 0};
	facts.n_inner = 0;
	v = stun_dissector.dissect(in, memory[depth], &facts);
	if (v == V_NO)
		facts_rewind(&facts, mark);
	return v;
}

static void ask_inner(const struct input *outer)
{
	struct inner inner[INNER_MAX];
	unsigned n = facts.n_inner;

	memcpy(inner, facts.inner, sizeof inner);
	for (unsigned i = 0; i < n; i++) {
		struct input in = {.packet = outer->packet, .from_local = outer->from_local, .bytes = inner[i].datagram,
		    .nested = true};

		facts.peer = inner[i].peer;
		if (stun_dissector.first(&in.bytes) && ask(&in, 1) != V_NO && facts.n_inner > 0)
			abort();	/* one level only */
	}
	facts.n_inner = 0;
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

static bool stretch(struct packet *p, struct cursor c, bool from_local, bool gap)
{
	size_t *n = &waiting_n[from_local];
	uint8_t *w = waiting[from_local];
	enum verdict v;
	struct input in;

	if (gap || *n + c.left > sizeof waiting[0]) {
		*n = 0;
		gap = true;
	}
	memcpy(w + *n, c.at, c.left);
	*n += c.left;
	in = (struct input){.packet = p, .from_local = from_local, .bytes = cur_of(w, *n), .stream = true, .gap = gap};
	v = ask(&in, 0);
	if (in.bytes.bad || in.bytes.left > *n)
		abort();
	if (v == V_NO)
		return false;
	ask_inner(&in);
	memmove(w, w + *n - in.bytes.left, in.bytes.left);
	*n = in.bytes.left;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	struct packet p = {.ts_ns = 1};
	uint8_t options = cur_u8(&c);

	memset(memory, 0, sizeof memory);
	waiting_n[0] = waiting_n[1] = 0;
	facts.base = FACT_OWN;
	facts.detail = options & DETAIL;
	while (c.left > 2) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u8(&c) * (flags & LONG ? 8u : 1u);
		struct cursor data = cur_take(&c, len < c.left ? len : c.left);

		p.ts_ns += flags & LATER ? 1500000000 : 1000000;
		p.number++;
		p.payload = data;
		p.cut = flags & CUT;
		p.payload_len = (uint32_t)(data.left + (p.cut ? 64 : 0));
		facts_reset(&facts);
		if (options & STREAM) {
			if (!stretch(&p, data, flags & FROM_LOCAL, flags & GAP))
				break;
		} else {
			struct input in = {.packet = &p, .from_local = flags & FROM_LOCAL, .bytes = data};

			if (!stun_dissector.first(&data)) {
				/* What the cheap test refuses must be nothing, whatever the state. */
				if (!p.cut && ask(&in, 0) != V_NO)
					abort();
			} else if (!in_udp_ranges(&stun_dissector, &data)) {
				abort();
			} else if (ask(&in, 0) == V_YES) {
				ask_inner(&in);
			}
		}
		read_back();
	}
	return 0;
}
