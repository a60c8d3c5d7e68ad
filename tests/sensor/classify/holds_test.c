/* holds_test.c -- states found, dropped, and taken from who used them longest ago. */
#include "../../test.h"

#include "../../../sensor/classify/holds.h"
#include "../packets.h"

static enum verdict never(struct input *in, void *state, struct facts *facts)
{
	(void)in;
	(void)state;
	(void)facts;
	return V_NO;
}

static const struct dissector small = {.name = "small", .state_size = 3, .dissect = never};
static const struct dissector large = {.name = "large", .state_size = 5000, .dissect = never};
static const struct dissector none = {.name = "none", .dissect = never};
static const struct dissector *const list[] = {&small, &large, &none, NULL};

struct rig {
	struct counts counts;
	struct table *table;
	struct holds *holds;
	struct flow *flow[8];
};

static void rig_new(struct rig *r, uint32_t most)
{
	struct settings s;

	memset(r, 0, sizeof *r);
	test_settings(&s);
	r->table = table_new(&s.flow, &r->counts);
	r->holds = holds_new(list, 3, most, r->table, &r->counts);
	for (uint16_t i = 0; i < 8; i++) {
		struct packet p = udp(0, "10.0.0.1", i, "203.0.113.9", 1, "x");
		struct flow_key key;

		table_key(r->table, &p, &key);
		r->flow[i] = table_add(r->table, &key, p.ts_ns);
	}
}

static void rig_free(struct rig *r)
{
	for (unsigned i = 0; i < 8; i++)
		holds_drop_all(r->holds, r->flow[i]);
	holds_free(r->holds);
	table_free(r->table);
}

static void test_found(void **state)
{
	static uint8_t big[5000];
	struct rig r;
	unsigned n = 0;

	(void)state;
	memset(big, 7, sizeof big);
	rig_new(&r, 100);
	assert_null(hold_find(r.holds, r.flow[0], 0, 0));
	memcpy(hold_add(r.holds, r.flow[0], 0, 0, "abc")->state, "abd", 3);
	hold_add(r.holds, r.flow[0], 1, 0, big);
	hold_add(r.holds, r.flow[0], 0, 1, "xyz");
	hold_add(r.holds, r.flow[0], 2, 0, "");
	hold_add(r.holds, r.flow[1], 0, 0, "---");
	assert_memory_equal(hold_find(r.holds, r.flow[0], 0, 0)->state, "abd", 3);
	assert_memory_equal(hold_find(r.holds, r.flow[0], 0, 1)->state, "xyz", 3);
	assert_memory_equal(hold_find(r.holds, r.flow[0], 1, 0)->state, big, sizeof big);
	for (struct hold *h = hold_next(r.holds, r.flow[0], NULL); h != NULL; h = hold_next(r.holds, r.flow[0], h))
		n++;
	assert_int_equal(n, 4);
	hold_drop(r.holds, r.flow[0], 0, 0);
	hold_drop(r.holds, r.flow[0], 0, 0);
	assert_null(hold_find(r.holds, r.flow[0], 0, 0));
	assert_non_null(hold_find(r.holds, r.flow[0], 0, 1));
	assert_memory_equal(hold_find(r.holds, r.flow[1], 0, 0)->state, "---", 3);
	hold_drop(r.holds, r.flow[1], 0, 0);
	assert_null(hold_next(r.holds, r.flow[1], NULL));
	assert_null(hold_find(r.holds, r.flow[7], 0, 0));
	rig_free(&r);
}

/* All states lent: by use, not by when they were lent; a flow loses all of its own. */
static void test_full(void **state)
{
	struct rig r;

	(void)state;
	rig_new(&r, 4);
	table_time(r.table, START);
	for (unsigned i = 0; i < 3; i++)
		hold_add(r.holds, r.flow[i], 0, 0, "abc");
	hold_add(r.holds, r.flow[1], 2, 0, "");
	table_time(r.table, START + 2 * SECOND);
	holds_touch(r.holds, r.flow[0]);
	hold_add(r.holds, r.flow[3], 0, 0, "abc");
	assert_int_equal(r.counts.n[COUNT_STATE_NO_ROOM], 1);
	assert_null(hold_find(r.holds, r.flow[1], 0, 0));
	assert_null(hold_find(r.holds, r.flow[1], 2, 0));
	hold_add(r.holds, r.flow[4], 0, 0, "abc");	/* flow 1 had two */
	assert_int_equal(r.counts.n[COUNT_STATE_NO_ROOM], 1);
	hold_add(r.holds, r.flow[5], 0, 0, "abc");
	assert_null(hold_find(r.holds, r.flow[2], 0, 0));
	assert_non_null(hold_find(r.holds, r.flow[0], 0, 0));
	rig_free(&r);
}

/* Where something is proved, states stay as long as there are others. */
static void test_proved(void **state)
{
	struct rig r;

	(void)state;
	rig_new(&r, 4);
	table_time(r.table, START);
	for (unsigned i = 0; i < 4; i++)
		hold_add(r.holds, r.flow[i], 0, 0, "abc");
	holds_prove(r.holds, r.flow[0]);
	holds_prove(r.holds, r.flow[2]);
	holds_prove(r.holds, r.flow[2]);
	hold_add(r.holds, r.flow[4], 0, 0, "abc");
	assert_null(hold_find(r.holds, r.flow[1], 0, 0));
	hold_add(r.holds, r.flow[5], 0, 0, "abc");
	assert_null(hold_find(r.holds, r.flow[3], 0, 0));
	hold_add(r.holds, r.flow[6], 0, 0, "abc");
	assert_null(hold_find(r.holds, r.flow[4], 0, 0));
	assert_non_null(hold_find(r.holds, r.flow[0], 0, 0));
	holds_prove(r.holds, r.flow[5]);
	holds_prove(r.holds, r.flow[6]);
	hold_add(r.holds, r.flow[7], 0, 0, "abc");	/* no others: the one used longest ago */
	assert_null(hold_find(r.holds, r.flow[0], 0, 0));
	assert_non_null(hold_find(r.holds, r.flow[2], 0, 0));
	/* Without states nothing is proved. */
	hold_drop(r.holds, r.flow[2], 0, 0);
	hold_add(r.holds, r.flow[2], 0, 0, "abc");
	hold_add(r.holds, r.flow[0], 0, 0, "abc");
	assert_null(hold_find(r.holds, r.flow[7], 0, 0));
	rig_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_proved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
