/* outlet_test.c -- numbers, counts, names. */
#include "made.h"

static struct outlet o;
static struct counts counts;
static struct seen seen;

static int restart(void **state)
{
	(void)state;
	memset(&counts, 0, sizeof counts);
	memset(&seen, 0, sizeof seen);
	outlet_init(&o, "", NULL, &counts);
	o.handler = see;
	o.ctx = &seen;
	return 0;
}

static void counted_and_numbered(void **state)
{
	struct frame f = {.ts_ns = 5, .bytes = (const uint8_t *)"abc", .captured = 3, .length = 100};

	(void)state;
	outlet_frame(&o, &f);
	f.length = 0;		/* some writers do not know it */
	outlet_frame(&o, &f);
	assert_int_equal(seen.n, 0);
	outlet_settle(&o);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.frame[1].number, 2);
	assert_int_equal(seen.frame[1].length, 3);
	assert_int_equal(counts.n[COUNT_PACKETS], 2);
	assert_int_equal(counts.n[COUNT_BYTES], 103);
	assert_int_equal(o.handed_on, 2);
	assert_int_equal(o.last_ns, 5);
}

static void filtered_out_keeps_its_number(void **state)
{
	struct frame f = {.bytes = (const uint8_t *)"abc", .captured = 3, .length = 3, .link_type = 1};

	(void)state;
	o.filter = filter_new("udp");
	outlet_frame(&o, &f);
	assert_int_equal(seen.n, 0);
	assert_int_equal(counts.n[COUNT_PACKETS], 0);
	filter_free(o.filter);
	o.filter = NULL;
	outlet_frame(&o, &f);
	outlet_settle(&o);
	assert_int_equal(seen.frame[0].number, 2);
}

static void never_more_wait_than_there_is_room_for(void **state)
{
	struct frame f = {.bytes = (const uint8_t *)"abc", .captured = 3, .length = 3};

	(void)state;
	for (unsigned i = 1; i <= 3 * FRAMES_MAX + 1; i++) {
		outlet_frame(&o, &f);
		assert_int_equal(seen.n, i / FRAMES_MAX * FRAMES_MAX);
	}
	outlet_settle(&o);
	outlet_settle(&o);
	assert_int_equal(seen.n, 3 * FRAMES_MAX + 1);
}

static void each_name_once(void **state)
{
	char name[100];

	(void)state;
	assert_int_equal(outlet_interface(&o, ""), 0);
	assert_int_equal(outlet_interface(&o, "eth0"), 1);
	assert_int_equal(outlet_interface(&o, "eth1"), 2);
	assert_int_equal(outlet_interface(&o, "eth0"), 1);
	memset(name, 'x', sizeof name);
	name[99] = '\0';
	assert_int_equal(outlet_interface(&o, name), 0);	/* too long to be one */
	for (unsigned i = 0; i < 2 * INTERFACE_NAMES_MAX; i++) {
		snprintf(name, sizeof name, "if%u", i);
		assert_int_equal(outlet_interface(&o, name), i + 3 < INTERFACE_NAMES_MAX ? i + 3 : 0);
	}
	assert_int_equal(outlet_interface(&o, "eth1"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(counted_and_numbered, restart), cmocka_unit_test_setup(filtered_out_keeps_its_number, restart),
		cmocka_unit_test_setup(never_more_wait_than_there_is_room_for, restart), cmocka_unit_test_setup(each_name_once, restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
