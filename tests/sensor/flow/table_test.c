/* table_test.c -- found both ways, forgotten by age, bounded, time that does not jump. */
#include "../../test.h"

#include "../../../sensor/flow/table.h"
#include "../packets.h"

static struct counts counts;

static struct table *new_table(uint32_t flows)
{
	struct settings s;

	test_settings(&s);
	s.flow.flows = flows;
	memset(&counts, 0, sizeof counts);
	return table_new(&s.flow, &counts);
}

/* As classify does it: find or add, no eviction. */
static struct flow *see(struct table *t, const struct packet *p)
{
	struct flow_key key;
	struct flow *f;

	table_time(t, p->ts_ns);
	table_key(t, p, &key);
	f = table_find(t, &key);
	if (f == NULL)
		f = table_add(t, &key, p->ts_ns);
	if (f != NULL)
		table_touch(t, f, p->ts_ns);
	return f;
}

static void test_both_ways(void **state)
{
	struct table *t = new_table(10);
	struct packet out = udp(0, "10.0.0.1", 5000, "203.0.113.9", 3478, "x");
	struct packet in = udp(MS, "203.0.113.9", 3478, "10.0.0.1", 5000, "x");
	struct packet other = udp(MS, "203.0.113.9", 3479, "10.0.0.1", 5000, "x");
	struct packet same_addr = udp(MS, "10.0.0.1", 7, "10.0.0.1", 5, "x"), back = udp(MS, "10.0.0.1", 5, "10.0.0.1", 7, "x");
	struct packet over_tcp = tcp(MS, "10.0.0.1", 5000, "203.0.113.9", 3478, TCP_SYN, 0, 0, "");
	struct packet six = udp(MS, "2001:db8::1", 9, "2001:db8::2", 9, "x");
	struct flow *f = see(t, &out);
	struct flow_key a, b;

	(void)state;
	in.vlan[0] = 7;
	in.n_vlans = 1;
	assert_non_null(f);
	assert_ptr_equal(see(t, &in), f);
	assert_ptr_not_equal(see(t, &other), f);
	assert_ptr_not_equal(see(t, &over_tcp), f);
	assert_ptr_equal(see(t, &same_addr), see(t, &back));
	assert_non_null(see(t, &six));
	assert_int_equal(table_flows(t), 5);
	assert_int_equal(counts.n[COUNT_FLOWS], 5);
	table_key(t, &out, &a);
	table_key(t, &in, &b);
	assert_int_equal(a.hash, b.hash);
	assert_int_not_equal(a.from, b.from);
	assert_int_equal(flow_first(f), a.from);
	table_free(t);
}

static void test_ids(void **state)
{
	struct table *t = new_table(10), *u = new_table(10);
	struct packet out = udp(0, "10.0.0.1", 5000, "203.0.113.9", 3478, "x");
	struct packet in = udp(0, "203.0.113.9", 3478, "10.0.0.1", 5000, "x");
	struct packet later = udp(1, "10.0.0.1", 5000, "203.0.113.9", 3478, "x");
	uint64_t id = flow_id(see(t, &out));

	(void)state;
	assert_true(id > 0 && id < 1ULL << 51);
	assert_true(flow_id(see(u, &in)) == id);	/* of the five-tuple, whoever sent first; whatever the key */
	table_remove(t, see(t, &out));
	assert_true(flow_id(see(t, &later)) != id);
	table_free(t);
	table_free(u);
}

static unsigned expire(struct table *t)
{
	struct flow *f;
	unsigned n = 0;

	while ((f = table_due(t)) != NULL) {
		table_remove(t, f);
		n++;
	}
	return n;
}

static void test_idle_times(void **state)
{
	struct table *t = new_table(10);
	struct packet a = udp(0, "10.0.0.1", 1, "203.0.113.9", 1, "x"), b = udp(0, "10.0.0.1", 2, "203.0.113.9", 1, "x");
	struct packet c = tcp(0, "10.0.0.1", 3, "203.0.113.9", 1, TCP_SYN, 0, 0, "");
	struct packet d = tcp(0, "10.0.0.1", 4, "203.0.113.9", 1, TCP_SYN, 0, 0, "");
	struct packet e = tcp(0, "10.0.0.1", 5, "203.0.113.9", 1, TCP_SYN, 0, 0, "");
	struct packet tick = udp(0, "10.0.0.1", 9, "203.0.113.9", 1, "x");
	unsigned gone[400] = {0}, left = 6;

	(void)state;
	see(t, &a);
	table_class(t, see(t, &b), FLOW_UDP);
	see(t, &c);
	table_class(t, see(t, &d), FLOW_TCP);
	table_class(t, see(t, &e), FLOW_CLOSED);
	for (unsigned s = 1; s < 400; s++) {
		tick.ts_ns = START + s * SECOND;
		see(t, &tick);
		gone[s] = expire(t);
	}
	assert_int_equal(gone[6] + gone[7], 1);		/* closed */
	assert_int_equal(gone[31] + gone[32], 2);	/* one way: UDP, TCP */
	assert_int_equal(gone[61] + gone[62], 1);
	assert_int_equal(gone[301] + gone[302], 1);
	for (unsigned s = 1; s < 400; s++)
		left -= gone[s];
	assert_int_equal(left, 1);			/* the ticking one */
	assert_int_equal(table_flows(t), 1);
	table_free(t);
}

/* A packet now and then keeps a flow, whatever its place in the list was. */
static void test_touch(void **state)
{
	struct table *t = new_table(10);
	struct packet a = udp(0, "10.0.0.1", 1, "203.0.113.9", 1, "x"), b = udp(0, "10.0.0.1", 2, "203.0.113.9", 1, "x");
	struct flow_key key;

	(void)state;
	see(t, &a);
	see(t, &b);
	for (unsigned s = 0; s < 100; s += 7) {
		a.ts_ns = START + s * SECOND;
		see(t, &a);
		expire(t);
	}
	assert_int_equal(table_flows(t), 1);
	table_key(t, &a, &key);
	assert_non_null(table_find(t, &key));
	table_free(t);
}

static void test_touch_once_a_second(void **state)
{
	struct table *t = new_table(10);
	struct packet a = udp(0, "10.0.0.1", 1, "203.0.113.9", 1, "x");
	struct flow *f = see(t, &a);
	unsigned n = 0;

	(void)state;
	for (unsigned ms = 0; ms < 20000; ms++) {
		table_time(t, START + ms * MS);
		n += table_touch(t, f, START + ms * MS);
	}
	assert_in_range(n, 18, 20);
	table_free(t);
}

static void test_jumps(void **state)
{
	struct table *t = new_table(10);
	struct packet a = udp(0, "10.0.0.1", 1, "203.0.113.9", 1, "x"), b = udp(0, "10.0.0.1", 2, "203.0.113.9", 1, "x");
	struct flow *f;
	uint32_t clock;

	(void)state;
	see(t, &a);
	f = see(t, &b);
	clock = table_clock(t);
	table_time(t, START + 3600 * SECOND);		/* one wild stamp */
	assert_int_equal(counts.n[COUNT_CLOCK_JUMP], 1);
	assert_int_equal(expire(t), 0);
	table_time(t, START + SECOND);			/* and back */
	assert_int_equal(counts.n[COUNT_CLOCK_JUMP], 2);
	assert_int_equal(table_clock(t), clock);
	table_time(t, START + 2 * SECOND);
	assert_true(table_clock(t) > clock);
	clock = table_clock(t);
	table_time(t, START);				/* a little back: nothing */
	table_time(t, START + 2 * SECOND);
	assert_int_equal(table_clock(t), clock);
	assert_int_equal(counts.n[COUNT_CLOCK_JUMP], 2);
	table_time(t, UINT64_MAX);
	table_time(t, 0);
	assert_int_equal(counts.n[COUNT_CLOCK_JUMP], 4);
	assert_int_equal(expire(t), 0);
	for (unsigned s = 0; s <= 31; s++)
		table_time(t, s * SECOND);
	assert_int_equal(expire(t), 2);			/* time goes on from there */
	(void)f;
	table_free(t);
}

/* Full: the one that has used up most of its idle time goes; a busy one never does. */
static void test_victim(void **state)
{
	struct table *t = new_table(100);
	struct packet call = udp(0, "10.0.0.1", 1, "203.0.113.9", 1, "x");
	unsigned removed = 0;

	(void)state;
	table_class(t, see(t, &call), FLOW_UDP);
	for (unsigned i = 0; i < 10000; i++) {
		struct packet p = tcp(i * 10 * MS, "10.0.0.2", (uint16_t)i, "203.0.113.9", 1, TCP_ACK, 0, 0, "");
		struct flow_key key;
		struct flow *f;

		while ((f = see(t, &p)) == NULL) {
			table_remove(t, table_victim(t));
			removed++;
		}
		if (f->class == FLOW_TCP_NEW)
			table_class(t, f, FLOW_TCP);	/* long idle time: would win if only deadlines counted */
		if (i % 2 == 0) {
			call.ts_ns = p.ts_ns;
			table_key(t, &call, &key);
			f = table_find(t, &key);
			assert_non_null(f);
			table_time(t, call.ts_ns);
			table_touch(t, f, call.ts_ns);
		}
		assert_true(table_flows(t) <= 100);
	}
	assert_int_equal(removed, 10000 - 99);
	table_free(t);
}

/* Against a plain list of what must be there: adding and removing in all orders keeps every probe chain whole. */
static void test_many(void **state)
{
	enum { N = 3000 };
	static bool there[N];
	struct table *t = new_table(N);
	uint32_t random = 1;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		struct packet p = udp(0, "10.0.0.1", 0, "203.0.113.9", 1, "x");
		struct flow_key key;
		struct flow *f;
		unsigned k;

		random = random * 1664525 + 1013904223;
		k = (random >> 8) % N;
		p.src.port = (uint16_t)k;
		table_key(t, &p, &key);
		f = table_find(t, &key);
		assert_int_equal(f != NULL, there[k]);
		if (f == NULL) {
			f = table_add(t, &key, p.ts_ns);
			if (k % 3 == 0)
				table_extra(t, f)->id = k + 1;
		} else {
			if (k % 3 == 0)
				assert_int_equal(table_extra(t, f)->id, k + 1);
			table_remove(t, f);
		}
		there[k] = !there[k];
	}
	table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_idle_times),
		cmocka_unit_test(test_touch),
		cmocka_unit_test(test_touch_once_a_second),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_victim),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
