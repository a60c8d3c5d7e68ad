/* one_flow_fuzz.h -- a dissector on one flow, datagrams or a stream, both ways, with its state.
 *
 * Say which before: `#define DISSECTOR rtp_dissector`. Input: one byte of options, then packets: one byte of flags, one byte of length
 * (in bytes, or times eight), the bytes.
 *
 * Held besides: what passes the cheap test, and what a stream begins with that it takes, is in the dissector's ranges; what the cheap
 * test refuses is nothing; no more of a stream is left waiting than FUZZ_WAITING.
 */
#ifndef PW_ONE_FLOW_FUZZ_H
#define PW_ONE_FLOW_FUZZ_H

#include "../../dissectors/dissector.h"
#include "../dissectors/ranges.h"

#include <netinet/in.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector DISSECTOR;

#ifndef FUZZ_PORT
#define FUZZ_PORT 5060		/* the far end's port */
#endif
#ifndef FUZZ_PATIENT
#define FUZZ_PATIENT false	/* it waits for the other end, too, after a few bytes that are none of its own: then the sensor never asks it */
#endif
#ifndef FUZZ_WAITING
#define FUZZ_WAITING (1 << 16)	/* so much it leaves for next time at most */
#endif

enum { FUZZ_STREAM = 1, FUZZ_NESTED = 2, FUZZ_V6 = 4 };					/* options */
enum {											/* flags */
	FUZZ_FROM_LOCAL = 1, FUZZ_GAP = 2, FUZZ_LATER = 4, FUZZ_LONG = 8, FUZZ_ENDED = 16, FUZZ_CUT = 32,
};

static struct facts facts;
static _Alignas(16) uint8_t fuzz_memory[1 << 15];
static bool fuzz_held;			/* there is state */
static uint8_t fuzz_waiting[2][1 << 16];
static size_t fuzz_waiting_n[2];
static struct endpoint fuzz_local, fuzz_remote;
/* What the stream begins with: nothing yet, a byte, or it is not known. */
static enum { BEGIN_NONE, BEGIN_BYTE, BEGIN_CUT } fuzz_begin;
static uint8_t fuzz_first;

static enum verdict fuzz_ask(struct input *in)
{
	size_t mark = facts_mark(&facts);
	enum verdict v;

	if (!fuzz_held)
		memset(fuzz_memory, 0, DISSECTOR.state_size);
	facts.header = (struct message){.ts_ns = in->packet->ts_ns, .packet = in->packet->number, .local = fuzz_local, .remote = fuzz_remote,
	    .from_local = in->from_local, .nested = in->nested};
	facts.n_inner = 0;
	v = DISSECTOR.dissect(in, fuzz_memory, &facts);
	if (v == V_NO)
		facts_rewind(&facts, mark);
	else
		fuzz_held = true;
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

/* False: it is not asked again. */
static bool fuzz_stretch(struct packet *p, uint8_t flags)
{
	bool from_local = flags & FUZZ_FROM_LOCAL, gap = flags & FUZZ_GAP;
	size_t *n = &fuzz_waiting_n[from_local];
	uint8_t *w = fuzz_waiting[from_local];
	struct cursor c = p->payload;
	enum verdict v;
	struct input in;

	if (gap || *n + c.left > sizeof fuzz_waiting[0]) {
		*n = 0;
		gap = true;
	}
	cur_copy(&c, w + *n, p->payload.left);
	*n += p->payload.left;
	in = (struct input){.packet = p, .from_local = from_local, .bytes = cur_of(w, *n), .stream = true, .gap = gap,
	    .ended = flags & FUZZ_ENDED};
	if (fuzz_begin == BEGIN_NONE && (gap || in.bytes.left > 0)) {
		fuzz_begin = gap ? BEGIN_CUT : BEGIN_BYTE;
		fuzz_first = cur_peek_u8(&in.bytes, 0);
		if (!gap && DISSECTOR.begins != NULL && !DISSECTOR.begins(&in))
			return false;	/* it is none of its own by its own word */
	}
	v = fuzz_ask(&in);
	if ((v == V_YES || v == V_DONE) && fuzz_begin == BEGIN_BYTE && !FUZZ_PATIENT && !in_ranges(DISSECTOR.tcp, fuzz_first))
		abort();
	if (v == V_NO || v == V_DONE)
		return false;
	if (in.bytes.left > *n)
		abort();
	if (in.bytes.bad)
		in.bytes.left = 0;
	if (in.bytes.left > FUZZ_WAITING && !in.tunnel)
		abort();
	memmove(w, w + *n - in.bytes.left, in.bytes.left);
	*n = in.bytes.left;
	return true;
}

static bool fuzz_datagram(const struct packet *p, uint8_t flags, uint8_t options)
{
	struct input in = {.packet = p, .from_local = flags & FUZZ_FROM_LOCAL, .bytes = p->payload, .nested = options & FUZZ_NESTED};
	bool first = DISSECTOR.first == NULL || DISSECTOR.first(&in.bytes), follows = fuzz_held && DISSECTOR.follows != FOLLOWS_NO;
	enum verdict v;

	if (first && DISSECTOR.first != NULL && !in_udp_ranges(&DISSECTOR, &in.bytes))
		abort();
	if (!first && !follows && DISSECTOR.follows != FOLLOWS_NO)
		return true;	/* it trusts that it is not asked */
	v = fuzz_ask(&in);
	/* What the cheap test refuses must be nothing, whatever the state. */
	if (!first && !follows && v != V_NO)
		abort();
	if (v == V_NO && DISSECTOR.follows != FOLLOWS_NO)
		fuzz_held = false;
	return v != V_DONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	struct packet p = {.ts_ns = 1};
	uint8_t options = cur_u8(&c);
	bool v6 = options & FUZZ_V6;
	bool stream = DISSECTOR.ip_proto == IPPROTO_TCP || (DISSECTOR.ip_proto == 0 && (options & FUZZ_STREAM)), go_on = true;

	if (DISSECTOR.state_size > sizeof fuzz_memory)
		abort();
	p.ip_proto = stream ? IPPROTO_TCP : IPPROTO_UDP;
	fuzz_held = false;
	fuzz_begin = BEGIN_NONE;
	fuzz_waiting_n[0] = fuzz_waiting_n[1] = 0;
	fuzz_local = (struct endpoint){v6 ? (struct addr){{0xfd, 1}} : addr_v4(0x0a000001), 5000};
	fuzz_remote = (struct endpoint){v6 ? (struct addr){{0x20, 1}} : addr_v4(0xcb007101), FUZZ_PORT};
	facts.base = FACT_OWN;
	while (c.left > 2 && go_on) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u8(&c) * (flags & FUZZ_LONG ? 8u : 1u);

		p.ts_ns += flags & FUZZ_LATER ? 1500000000 : 1000000;
		p.number++;
		p.payload = cur_take(&c, len < c.left ? len : c.left);
		p.cut = flags & FUZZ_CUT;
		p.payload_len = (uint32_t)(p.payload.left + (p.cut ? 64 : 0));
		p.src = flags & FUZZ_FROM_LOCAL ? fuzz_local : fuzz_remote;
		p.dst = flags & FUZZ_FROM_LOCAL ? fuzz_remote : fuzz_local;
		facts_reset(&facts);
		go_on = stream ? fuzz_stretch(&p, flags) : fuzz_datagram(&p, flags, options);
		fuzz_read_back();
	}
	return 0;
}

#endif
