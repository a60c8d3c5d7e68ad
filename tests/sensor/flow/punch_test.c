/* punch_test.c -- a socket that is not answered; two SYNs that cross. */
#include "../../../sensor/flow/punch.h"
#include "../../test.h"

#include "../../../sensor/facts/facts.h"

#include <netinet/in.h>

enum { LOCAL = 0, REMOTE = 1 };

static const uint64_t SECOND = 1000000000ULL;

static struct flow flow_of(uint8_t ip_proto, uint16_t local, uint16_t remote)
{
	return (struct flow){.addr = {addr_v4(0x0a0a000b), addr_v4(0xcb007182)}, .port = {local, remote}, .ip_proto = ip_proto,
	    .bits = SIDE_BORDER, .start_ns = 100 * SECOND};
}

static bool probes(struct flow *f, unsigned n)
{
	bool said = false;

	for (unsigned i = 0; i < n; i++) {
		f->packets[LOCAL]++;
		f->data_packets[LOCAL]++;
		said = punch_probes(f, LOCAL);
		assert_true(!said || f->data_packets[LOCAL] == PUNCH_PROBES);
	}
	return said;
}

static void unanswered(void **state)
{
	struct flow f = flow_of(IPPROTO_UDP, 40000, 50000);

	(void)state;
	assert_false(probes(&f, 2));
	assert_true(probes(&f, 1));
	assert_false(probes(&f, 10));
	f = flow_of(IPPROTO_UDP, 40000, 53);
	assert_false(probes(&f, 3));
	f = flow_of(IPPROTO_UDP, 123, 50000);
	assert_false(probes(&f, 3));
	f = flow_of(IPPROTO_TCP, 40000, 50000);
	assert_false(probes(&f, 3));
	f = flow_of(IPPROTO_UDP, 40000, 50000);
	f.packets[REMOTE] = 1;
	assert_false(probes(&f, 3));
	f = flow_of(IPPROTO_UDP, 40000, 50000);
	f.addr[REMOTE] = addr_v4(0xeffffffa);
	assert_false(probes(&f, 3));
	f = flow_of(IPPROTO_UDP, 40000, 50000);
	f.bits |= FLOW_CLAIMED;
	assert_false(probes(&f, 3));
	f = flow_of(IPPROTO_UDP, 40000, 50000);
	f.bits = SIDE_INSIDE;
	assert_false(probes(&f, 3));
	/* The outside end probes the inside one: anybody does. */
	f = flow_of(IPPROTO_UDP, 40000, 50000);
	f.bits |= FLOW_LOCAL;
	assert_false(probes(&f, 3));
}

/* One more packet of this flow. */
static bool segment(struct flow *f, unsigned from, uint8_t flags, uint32_t payload, uint64_t at_ns)
{
	struct packet p = {.ts_ns = at_ns, .tcp_flags = flags, .payload_len = payload};

	f->packets[from]++;
	return punch_crossed(f, &p, from);
}

static void crossing(void **state)
{
	struct flow f = flow_of(IPPROTO_TCP, 40000, 50000);
	uint64_t t = f.start_ns;

	(void)state;
	assert_false(segment(&f, LOCAL, TCP_SYN, 0, t));
	assert_false(segment(&f, LOCAL, TCP_SYN, 0, t + SECOND));
	assert_false(segment(&f, REMOTE, TCP_SYN, 0, t + SECOND + 1));
	assert_false(segment(&f, LOCAL, TCP_SYN | TCP_ACK, 0, t + SECOND + 2));
	assert_false(segment(&f, REMOTE, TCP_SYN | TCP_ACK, 0, t + SECOND + 3));
	assert_true(segment(&f, REMOTE, TCP_ACK | TCP_PSH, 5, t + SECOND + 4));
	assert_false(segment(&f, REMOTE, TCP_ACK | TCP_PSH, 5, t + SECOND + 5));
}

static bool connection(struct flow f, uint8_t second, uint64_t after_ns, uint8_t third)
{
	uint64_t t = f.start_ns;

	segment(&f, LOCAL, TCP_SYN, 0, t);
	segment(&f, REMOTE, second, 0, t + after_ns);
	segment(&f, LOCAL, third, 0, t + after_ns + 1);
	return segment(&f, LOCAL, TCP_ACK, 9, t + after_ns + 2);
}

static void no_crossing(void **state)
{
	struct flow f = flow_of(IPPROTO_TCP, 40000, 50000);

	(void)state;
	assert_true(connection(f, TCP_SYN, 1, TCP_SYN | TCP_ACK));
	assert_false(connection(f, TCP_SYN | TCP_ACK, 1, TCP_ACK));
	assert_false(connection(f, TCP_SYN, 4 * SECOND, TCP_SYN | TCP_ACK));	/* ports used again */
	assert_false(connection(f, TCP_SYN, 1, TCP_RST));
	f.port[REMOTE] = 80;
	assert_false(connection(f, TCP_SYN, 1, TCP_SYN | TCP_ACK));		/* a server that answers oddly */
	/* It began before the capture. */
	f = flow_of(IPPROTO_TCP, 40000, 50000);
	segment(&f, LOCAL, TCP_ACK, 5, f.start_ns);
	segment(&f, REMOTE, TCP_SYN, 0, f.start_ns);
	assert_false(segment(&f, LOCAL, TCP_ACK, 5, f.start_ns));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unanswered), cmocka_unit_test(crossing), cmocka_unit_test(no_crossing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
