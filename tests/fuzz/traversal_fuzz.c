/* traversal_fuzz.c -- the dissectors of what travels in datagrams through a NAT, each on one flow.
 *
 * Input: one byte that chooses the dissector, then packets: one byte of flags, one byte of length (in bytes, or times eight), the bytes.
 */
#include "../../dissectors/dissector.h"
#include "../dissectors/ranges.h"

#include <netinet/in.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

extern const struct dissector n2n_dissector, nebula_dissector, portmap_dissector, teredo_dissector, tox_dissector, upnp_dissector,
    wireguard_dissector, zerotier_dissector, zoom_dissector;

/* The order is that of the seeds' first byte. */
static const struct {
	const struct dissector *dissector;
	uint16_t port;
} all[] = {
	{&n2n_dissector, 7654}, {&nebula_dissector, 4242}, {&portmap_dissector, 5351}, {&teredo_dissector, 3544}, {&tox_dissector, 33445},
	{&upnp_dissector, 1900}, {&wireguard_dissector, 51820}, {&zerotier_dissector, 9993}, {&zoom_dissector, 40000},
};

enum { FROM_LOCAL = 1, LATER = 4, LONG = 8, CUT = 16, NESTED = 32 };	/* flags */

static struct facts facts;
static _Alignas(16) uint8_t memory[1 << 14];

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

static void show(const struct dissector *d, const struct packet *p, uint8_t flags)
{
	struct input in = {.packet = p, .from_local = flags & FROM_LOCAL, .bytes = p->payload, .nested = flags & NESTED};
	bool first = d->first(&in.bytes);

	facts_reset(&facts);
	facts.header = (struct message){.ts_ns = p->ts_ns, .packet = p->number, .from_local = in.from_local, .nested = in.nested};
	facts.n_inner = 0;
	if (first && !in_udp_ranges(d, &in.bytes))
		abort();
	/* What the cheap test refuses must be nothing, whatever the state. */
	if (d->dissect(&in, memory, &facts) != V_NO && !first)
		abort();
	read_back();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct cursor c = cur_of(bytes, n);
	unsigned which = cur_u8(&c) % (sizeof all / sizeof *all);
	const struct dissector *d = all[which].dissector;
	struct endpoint inside = {addr_v4(0x0a00000b), 50000}, outside = {addr_v4(0xcb007182), all[which].port};
	struct packet p = {.ip_proto = IPPROTO_UDP, .ts_ns = 1};

	if (d->state_size > sizeof memory)
		abort();
	memset(memory, 0, d->state_size);
	facts.base = FACT_OWN;
	while (c.left > 2) {
		uint8_t flags = cur_u8(&c);
		size_t len = cur_u8(&c) * (flags & LONG ? 8u : 1u);

		p.ts_ns += flags & LATER ? 1500000000 : 1000000;
		p.number++;
		p.payload = cur_take(&c, len < c.left ? len : c.left);
		p.cut = flags & CUT;
		p.payload_len = (uint32_t)(p.payload.left + (p.cut ? 64 : 0));
		p.src = flags & FROM_LOCAL ? inside : outside;
		p.dst = flags & FROM_LOCAL ? outside : inside;
		show(d, &p, flags);
	}
	return 0;
}
