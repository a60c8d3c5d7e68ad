/* flow.h -- for fuzz targets: one dissector and one flow, datagrams or a stream, both ways.
 *
 * Input: one byte of options, then packets: one byte of flags, two of length, the bytes.
 */
#ifndef PW_FUZZ_FLOW_H
#define PW_FUZZ_FLOW_H

#include "../../dissectors/dissector.h"

#include <netinet/in.h>
#include <stdlib.h>

enum { STREAM = 1, TWO_WAY = 2, FROM_SERVER = 4, NESTED = 8 };	/* options; the server's port is given */
enum { FROM_LOCAL = 1, GAP = 2, ENDED = 4 };			/* flags */

static struct facts facts;
static _Alignas(16) uint8_t state[1 << 14];
static uint8_t waiting[2][1 << 16];
static size_t waiting_n[2];

static void read_back(void)
{
	const struct message *m;
	struct fact f;
	size_t at = 0, in;
	char text[2048];

	while (facts_next(&facts, &at, &m))
		for (in = 0; message_next(m, &in, &f);)
			fact_print(&f, text, sizeof text);
}

static enum verdict ask(const struct dissector *d, struct input *in, uint8_t options)
{
	enum verdict v;

	facts_reset(&facts);
	facts.header = (struct message){.ts_ns = in->packet->ts_ns, .packet = in->packet->number, .from_local = in->from_local,
	    .nested = in->nested, .two_way = options & TWO_WAY};
	v = d->dissect(in, state, &facts);
	if (facts.cut)
		abort();
	read_back();
	return v;
}

static bool stretch(const struct dissector *d, struct packet *p, struct cursor c, uint8_t flags, uint8_t options)
{
	bool from_local = flags & FROM_LOCAL;
	size_t *n = &waiting_n[from_local];
	uint8_t *w = waiting[from_local];
	struct input in = {.packet = p, .from_local = from_local, .stream = true, .gap = flags & GAP, .ended = flags & ENDED};
	enum verdict v;

	if (in.gap || *n + c.left > sizeof waiting[0]) {
		*n = 0;
		in.gap = true;
	}
	if (c.left > 0)
		memcpy(w + *n, c.at, c.left);
	*n += c.left;
	in.bytes = cur_of(w, *n);
	v = ask(d, &in, options);
	if (in.bytes.left > *n)
		abort();
	memmove(w, w + *n - in.bytes.left, in.bytes.left);
	*n = in.bytes.left;
	return v == V_YES || v == V_MORE;
}

static inline void fuzz_flow(const struct dissector *d, uint16_t server_port, uint16_t client_port, const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	struct packet p = {.ts_ns = 1};
	uint8_t options = cur_u8(&c);

	if (d->state_size > sizeof state)
		abort();
	memset(state, 0, sizeof state);
	waiting_n[0] = waiting_n[1] = 0;
	facts.base = FACT_OWN;
	while (c.left > 3) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u16(&c);
		struct cursor data = cur_take(&c, len < c.left ? len : c.left);
		bool from_server = options & FROM_SERVER;

		p.ts_ns += 1000000;
		p.number++;
		p.payload = data;
		p.payload_len = (uint32_t)data.left;
		p.src.port = from_server ? server_port : client_port;
		p.dst.port = from_server ? client_port : server_port;
		p.ip_proto = options & STREAM ? IPPROTO_TCP : IPPROTO_UDP;
		if (options & STREAM) {
			if (!stretch(d, &p, data, flags, options))
				break;
		} else if (d->first == NULL || d->first(&data)) {
			struct input in = {.packet = &p, .from_local = flags & FROM_LOCAL, .bytes = data, .nested = options & NESTED};

			if (ask(d, &in, options) == V_DONE)
				memset(state, 0, sizeof state);
		}
	}
}

#endif
