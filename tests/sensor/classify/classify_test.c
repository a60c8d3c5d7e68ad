/* classify_test.c -- what the stage says about flows and when; bounded tables; the same output whatever the hash key. */
#include "rig.h"

#define IN "10.0.0.1"
#define OUT "203.0.113.9"

/* "Y..." is mine and says so. */
static enum verdict yes(struct input *in, void *state, struct facts *facts)
{
	(void)state;
	if (cur_peek_u8(&in->bytes, 0) != 'Y')
		return V_NO;
	facts_begin(facts);
	fact_flag(facts, FACT_ICE_CHECK);
	return V_YES;
}

static bool is_yes(const struct cursor *c)
{
	return cur_peek_u8(c, 0) == 'Y';
}

static const struct dissector yes_dissector = {.name = "yes", .ip_proto = IPPROTO_UDP, .first = is_yes, .dissect = yes};
static const struct dissector *const list[] = {&yes_dissector, NULL};

static struct rig *started(void)
{
	struct rig *r = rig_new();

	r->settings.home.configured = true;	/* nothing is guessed */
	rig_start(r, list);
	return r;
}

static void test_silence(void **state)
{
	struct rig *r = started();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 53, "query"));
	show(r, udp(MS, OUT, 53, IN, 1000, "answer"));
	show(r, tcp(0, IN, 1000, OUT, 80, TCP_SYN, 1, 0, ""));
	show(r, tcp(0, OUT, 80, IN, 1000, TCP_SYN | TCP_ACK, 1, 2, ""));
	show(r, tcp(0, IN, 1000, OUT, 80, TCP_ACK, 2, 2, "GET /"));
	classify_finish(r->classify);
	assert_said(r, "");
	assert_int_equal(r->said.batches, 0);
	rig_free(r);
}

/* Two data packets each way make a UDP flow worth speaking of; then at 1 and 2, then once a second, and
 * after four seconds every fourth. */
static void test_two_way_data(void **state)
{
	struct rig *r = started();

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		show(r, udp(i * MS, IN, 1000, OUT, 2000, "data"));
	show(r, udp(10 * MS, OUT, 2000, IN, 1000, "data"));
	assert_said(r, "");
	show(r, udp(11 * MS, OUT, 2000, IN, 1000, "data"));
	assert_said(r,
	    "0.011 10.0.0.1:1000 < 203.0.113.9:2000: flow.new flow.interface == 0\n"
	    "0.011 10.0.0.1:1000 < 203.0.113.9:2000: data.out_packets == 10 data.out_bytes == 40 data.in_packets == 2 "
	    "data.in_bytes == 8 flow.packets_out == 10 flow.packets_in == 2 flow.bytes_out == 460 flow.bytes_in == 92 "
	    "flow.last_ns == 1700000000011000000\n");
	for (unsigned ms = 12; ms < 10012; ms += 10)
		show(r, udp(ms * MS, IN, 1000, OUT, 2000, "data"));
	assert_in_range(r->said.messages, 4, 6);
	rig_free(r);
}

static void test_one_way_is_not_enough(void **state)
{
	struct rig *r = started();

	(void)state;
	for (unsigned i = 0; i < 1000; i++)
		show(r, udp(i * 10 * MS, IN, 1000, OUT, 2000, "data"));
	show(r, udp(10 * SECOND, OUT, 2000, IN, 1000, "data"));
	for (unsigned i = 0; i < 100; i++)	/* empty datagrams are nothing */
		show(r, udp(10 * SECOND, OUT, 2000, IN, 1000, ""));
	for (unsigned i = 0; i < 10; i++) {	/* inside and transit flows need a dissector to be spoken of */
		show(r, udp(10 * SECOND, IN, 1000, "10.0.0.2", 2000, "data"));
		show(r, udp(10 * SECOND, "10.0.0.2", 2000, IN, 1000, "data"));
		show(r, udp(10 * SECOND, OUT, 1000, "198.51.100.2", 2000, "data"));
		show(r, udp(10 * SECOND, "198.51.100.2", 2000, OUT, 1000, "data"));
	}
	assert_said(r, "");
	rig_free(r);
}

static void test_data_after_speech(void **state)
{
	struct rig *r = started();

	(void)state;
	show(r, udp(0, OUT, 2000, IN, 1000, "Yes"));
	assert_said(r,
	    "0.000 10.0.0.1:1000 < 203.0.113.9:2000 in: flow.new flow.interface == 0\n"
	    "0.000 10.0.0.1:1000 < 203.0.113.9:2000 in: ice.check\n");
	show(r, udp(MS, IN, 1000, OUT, 2000, "1"));
	show(r, udp(2 * MS, IN, 1000, OUT, 2000, "2"));
	show(r, udp(3 * MS, IN, 1000, OUT, 2000, "3"));
	assert_int_equal(r->said.messages, 2);
	assert_int_equal(said_count(&r->said, "data.out_packets == 1 data.out_bytes == 1 data.in_packets == 0"), 1);
	assert_int_equal(said_count(&r->said, "data.out_packets == 2 data.out_bytes == 2 data.in_packets == 0"), 1);
	said_clear(&r->said);
	show(r, udp(4 * MS, OUT, 2000, IN, 1000, "1"));
	assert_int_equal(said_count(&r->said, "data.out_packets == 3 data.out_bytes == 3 data.in_packets == 1"), 1);
	rig_free(r);
}

static void test_sides(void **state)
{
	struct rig *r = started();

	(void)state;
	show(r, udp(0, IN, 1000, "10.0.0.2", 2000, "Yes"));
	show(r, udp(0, OUT, 1000, "198.51.100.2", 2000, "Yes"));
	show(r, udp(0, IN, 1000, "239.1.1.1", 2000, "Yes"));
	assert_said(r,
	    "0.000 10.0.0.1:1000 > 10.0.0.2:2000 inside: flow.new flow.interface == 0\n"
	    "0.000 10.0.0.1:1000 > 10.0.0.2:2000 inside: ice.check\n"
	    "0.000 203.0.113.9:1000 > 198.51.100.2:2000 transit: flow.new flow.interface == 0\n"
	    "0.000 203.0.113.9:1000 > 198.51.100.2:2000 transit: ice.check\n"
	    "0.000 10.0.0.1:1000 > 239.1.1.1:2000 inside: flow.new flow.interface == 0\n"
	    "0.000 10.0.0.1:1000 > 239.1.1.1:2000 inside: ice.check\n");
	assert_int_equal(r->counts.n[COUNT_FLOW_TRANSIT], 1);
	rig_free(r);
}

static void test_timeout(void **state)
{
	struct rig *r = started();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "Yes"));
	show(r, udp(10 * MS, IN, 1000, OUT, 2000, "data"));
	said_clear(&r->said);
	for (unsigned s = 1; s < 40; s++)
		classify_advance(r->classify, START + s * SECOND);
	classify_deliver(r->classify);
	assert_int_equal(r->said.messages, 1);
	assert_non_null(strstr(r->said.text, "flow.end == \"timeout\" data.out_packets == 1 data.out_bytes == 4 data.in_packets == 0 "
	    "data.in_bytes == 0 flow.packets_out == 2 flow.packets_in == 0 flow.bytes_out == 91 flow.bytes_in == 0 "
	    "flow.last_ns == 1700000000010000000\n"));
	assert_true(strncmp(r->said.text, "31.", 3) == 0 || strncmp(r->said.text, "32.", 3) == 0);
	rig_free(r);
}

/* A later flow of the same five-tuple has another id, and comes after the end of the first. */
static void test_again(void **state)
{
	struct rig *r = started();
	uint64_t id;

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "Yes"));
	id = r->said.id;
	for (unsigned s = 1; s < 35; s++)
		show(r, udp(s * SECOND, IN, 9, OUT, 2000, "x"));
	show(r, udp(35 * SECOND, IN, 1000, OUT, 2000, "Yes"));
	assert_true(r->said.id != id);
	assert_int_equal(said_count(&r->said, "flow.new"), 2);
	assert_true(strstr(r->said.text, "flow.end") < strstr(strstr(r->said.text, "flow.new") + 1, "flow.new"));
	rig_free(r);
}

/* A dissector that says something about any segment. */
static enum verdict any(struct input *in, void *state, struct facts *facts)
{
	(void)state;
	cur_skip(&in->bytes, in->bytes.left);
	facts_begin(facts);
	fact_flag(facts, FACT_TURN_TRAFFIC);
	return V_YES;
}

static const struct dissector any_dissector = {.name = "any", .ip_proto = IPPROTO_TCP, .dissect = any};

static void test_tcp_closed(void **state)
{
	static const struct dissector *const tcp_list[] = {&any_dissector, NULL};
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, tcp_list);
	show(r, tcp(0, IN, 1000, OUT, 80, TCP_SYN, 99, 0, ""));
	show(r, tcp(MS, OUT, 80, IN, 1000, TCP_SYN | TCP_ACK, 499, 100, ""));
	show(r, tcp(2 * MS, IN, 1000, OUT, 80, TCP_ACK, 100, 500, "x"));
	show(r, tcp(3 * MS, IN, 1000, OUT, 80, TCP_ACK | TCP_FIN, 101, 500, ""));
	show(r, tcp(4 * MS, OUT, 80, IN, 1000, TCP_ACK | TCP_FIN, 500, 102, ""));
	said_clear(&r->said);
	show(r, tcp(5 * MS, IN, 1000, OUT, 80, TCP_ACK, 102, 501, ""));	/* still the old one */
	show(r, tcp(6 * MS, OUT, 80, IN, 1000, TCP_SYN | TCP_ACK, 499, 100, ""));	/* and so is this, once more or late */
	assert_int_equal(said_count(&r->said, "flow.end"), 0);
	show(r, tcp(SECOND, IN, 1000, OUT, 80, TCP_SYN, 9999, 0, ""));		/* the ports again */
	assert_int_equal(said_count(&r->said, "flow.end == \"closed\""), 1);
	assert_int_equal(said_count(&r->said, "flow.packets_out == 4 flow.packets_in == 3"), 1);
	show(r, tcp(SECOND, IN, 1000, OUT, 80, TCP_ACK, 10000, 1, "y"));
	assert_int_equal(said_count(&r->said, "flow.new"), 1);
	show(r, tcp(SECOND, OUT, 80, IN, 1000, TCP_RST, 1, 0, ""));
	said_clear(&r->said);
	for (unsigned s = 2; s < 9; s++)
		classify_advance(r->classify, START + s * SECOND);
	classify_deliver(r->classify);
	assert_int_equal(said_count(&r->said, "flow.end == \"closed\""), 1);
	rig_free(r);
}

static void test_shutdown(void **state)
{
	struct rig *r = started();

	(void)state;
	show(r, udp(0, IN, 1000, OUT, 2000, "Yes"));
	show(r, udp(0, IN, 1001, OUT, 2000, "data"));
	said_clear(&r->said);
	classify_finish(r->classify);
	assert_int_equal(r->said.messages, 1);
	assert_int_equal(said_count(&r->said, "flow.end == \"shutdown\""), 1);
	rig_free(r);
}

static void test_unreachable(void **state)
{
	struct rig *r = started();
	struct packet p = udp(MS, IN, 1000, OUT, 2000, "");

	(void)state;
	p.what = PACKET_UNREACHABLE;
	p.icmp_code = 3;
	show(r, p);					/* no such flow */
	show(r, udp(MS, IN, 1000, OUT, 2000, "data"));
	show(r, p);					/* nobody spoke of it */
	assert_said(r, "");
	show(r, udp(MS, IN, 1000, OUT, 2000, "Yes"));
	said_clear(&r->said);
	show(r, p);
	assert_said(r, "0.001 10.0.0.1:1000 > 203.0.113.9:2000: flow.unreachable == 3\n");
	assert_int_equal(r->counts.n[COUNT_FLOWS], 1);
	rig_free(r);
}

static void test_host(void **state)
{
	struct rig *r = started();
	struct packet p = udp(0, IN, 1000, OUT, 2000, "Yes"), q = udp(0, "203.0.113.10", 2000, IN, 1001, "Yes");

	(void)state;
	mac_of(&p, 1, 254);
	p.n_vlans = 2;
	p.vlan[0] = 100;
	p.vlan[1] = 7;
	p.interface = 3;
	show(r, p);
	assert_int_equal(said_count(&r->said, "flow.new flow.interface == 3 host.mac == 0x020000000001 host.vlan == 7"), 1);
	mac_of(&q, 254, 1);		/* from outside: the host is who it is sent to */
	show(r, q);
	assert_int_equal(said_count(&r->said, "flow.new flow.interface == 0 host.mac == 0x020000000001\n"), 1);
	said_clear(&r->said);
	for (uint16_t i = 1; i <= 4; i++) {	/* behind an inner router: known once it sent for a fourth host */
		char address[20];

		snprintf(address, sizeof address, "10.7.0.%u", i);
		p = udp(0, address, 1000, OUT, 2000, "Yes");
		mac_of(&p, 9, 254);
		show(r, p);
	}
	assert_int_equal(said_count(&r->said, "host.mac"), 3);
	p = udp(0, "10.8.0.1", 1000, OUT, 2000, "Yes");
	mac_of(&p, 254, 9);		/* the border router */
	show(r, p);
	assert_int_equal(said_count(&r->said, "host.mac"), 3);
	rig_free(r);
}

static void test_guessed_home(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	rig_start(r, list);
	show(r, udp(0, "198.51.100.2", 1, OUT, 2, "Yes"));
	assert_int_equal(said_count(&r->said, "198.51.100.2:1 > 203.0.113.9:2:"), 2);
	assert_int_equal(r->counts.n[COUNT_FLOW_GUESSED], 1);
	show(r, udp(0, OUT, 1, IN, 2, "Yes"));
	assert_int_equal(r->counts.n[COUNT_FLOW_GUESSED], 1);
	assert_int_equal(said_count(&r->said, "10.0.0.1:2 < 203.0.113.9:1 in:"), 2);
	rig_free(r);
}

/* A call among many short flows in a small table: it stays, memory is bounded, what went is counted. */
static void test_eviction(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	r->settings.flow.flows = 200;
	rig_start(r, list);
	show(r, udp(0, IN, 1000, OUT, 2000, "Yes"));
	for (unsigned i = 0; i < 100000; i++) {
		struct packet p = udp(i * MS / 10, IN, (uint16_t)i, "198.51.100.7", (uint16_t)(i >> 16), "short");

		show(r, p);
		if (i % 100 == 0) {
			show(r, udp(i * MS / 10, IN, 1000, OUT, 2000, "Yes"));
			show(r, udp(i * MS / 10, OUT, 2000, IN, 1000, "Yes"));
		}
	}
	assert_int_equal(said_count(&r->said, "flow.new"), 1);
	assert_int_equal(said_count(&r->said, "flow.end"), 0);
	assert_int_equal(r->counts.n[COUNT_FLOWS], 100001);
	assert_int_equal(r->counts.n[COUNT_FLOW_EVICTED], 100001 - 200);
	classify_finish(r->classify);
	assert_int_equal(said_count(&r->said, "flow.packets_out == 1001 flow.packets_in == 1000"), 1);
	rig_free(r);
}

static void test_evicted_is_said(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	r->settings.flow.flows = 2;
	rig_start(r, list);
	for (uint16_t i = 0; i < 5; i++)
		show(r, udp(i * MS, IN, i, OUT, 2000, "Yes"));
	assert_int_equal(said_count(&r->said, "flow.end == \"evicted\""), 3);
	rig_free(r);
}

/* A mixed input, several times: the hash keys differ, packets come one by one or together; the output does not differ. */
static void mixed(struct rig *r, unsigned together)
{
	struct packet waiting[CLASSIFY_MAX];
	uint32_t random = 5;
	unsigned n = 0;

	r->settings.flow.flows = 50;
	r->settings.flow.states = 20;
	rig_start(r, list);
	for (unsigned i = 0; i < 5000; i++) {
		struct packet p;
		uint16_t port;

		random = random * 1664525 + 1013904223;
		port = (uint16_t)(1 + (random >> 16) % 90);
		p = udp(i * 20 * MS, IN, port, OUT, 2000, random >> 30 == 0 ? "Yes" : "data");
		if ((random >> 8 & 1) != 0) {
			struct endpoint e = p.src;

			p.src = p.dst;
			p.dst = e;
		}
		mac_of(&p, (uint8_t)(random >> 9), (uint8_t)(random >> 10));
		p.number = i;
		if (i % CLASSIFY_MAX == 0) {
			classify_packets(r->classify, waiting, n);
			classify_time(r->classify, p.ts_ns, i);
			n = 0;
		}
		waiting[n++] = p;
		if (n == together) {
			classify_packets(r->classify, waiting, n);
			n = 0;
		}
	}
	classify_packets(r->classify, waiting, n);
	classify_finish(r->classify);
}

static void test_same_output(void **state)
{
	struct rig *a = rig_new();

	(void)state;
	mixed(a, 1);
	assert_true(a->said.messages > 1000);
	assert_true(a->counts.n[COUNT_FLOW_EVICTED] > 100);
	for (unsigned together = 1; together <= CLASSIFY_MAX; together += 5) {
		struct rig *b = rig_new();

		mixed(b, together);
		assert_string_equal(a->said.text, b->said.text);
		rig_free(b);
	}
	rig_free(a);
}

/* Many flows that end at once: handed on in parts, none lost. */
static void test_batches(void **state)
{
	struct rig *r = started();

	(void)state;
	r->said.quiet = true;
	for (unsigned i = 0; i < 900; i++)
		show(r, udp(0, IN, (uint16_t)(1 + i), OUT, 2000, "Yes"));
	said_clear(&r->said);
	for (unsigned s = 1; s < 40; s++)
		classify_advance(r->classify, START + s * SECOND);
	classify_deliver(r->classify);
	assert_int_equal(r->said.messages, 900);
	assert_true(r->said.batches > 1);
	assert_int_equal(r->counts.n[COUNT_FACTS_NO_ROOM], 0);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_two_way_data),
		cmocka_unit_test(test_one_way_is_not_enough),
		cmocka_unit_test(test_data_after_speech),
		cmocka_unit_test(test_sides),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_tcp_closed),
		cmocka_unit_test(test_shutdown),
		cmocka_unit_test(test_unreachable),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_guessed_home),
		cmocka_unit_test(test_eviction),
		cmocka_unit_test(test_evicted_is_said),
		cmocka_unit_test(test_same_output),
		cmocka_unit_test(test_batches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
