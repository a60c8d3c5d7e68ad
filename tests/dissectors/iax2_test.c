/* iax2_test.c -- IAX2: an opening, call numbers that match, and what only looks like frames. */
#define DISSECTOR iax2_dissector
#include "one_flow.h"

enum { TYPE = FACT_OWN, SUBCLASS, USERNAME };

static enum verdict show(const char *hex, bool from_local)
{
	uint8_t b[256];

	return datagram(b, unhex(hex, b, sizeof b), from_local);
}

static void a_call(void **state)
{
	(void)state;
	/* NEW with version 2 and a user's name. */
	assert_int_equal(show("8004 0000 00000001 00 00 06 01 0b020002 0605616c696365", OUT), V_YES);
	assert_true(text_is(FACT_FLOW_APP, "iax2") && text_is(FACT_TELEPHONY, "iax2") && text_is(USERNAME, "alice"));
	assert_int_equal(number(TYPE), 6);
	assert_int_equal(number(SUBCLASS), 1);
	assert_int_equal(show("8017 0004 00000001 00 01 06 04", IN), V_YES);
	assert_false(said(FACT_FLOW_APP));
	/* Voice in a small frame: nobody's. */
	assert_int_equal(show("0004 0038 d5d5d5d5d5d5d5d5d5d5d5d5d5d5", OUT), V_NO);
}

static void in_the_middle_of_a_call(void **state)
{
	(void)state;
	assert_int_equal(show("8004 0017 00000010 05 06 06 02", OUT), V_MORE);
	assert_int_equal(show("8017 0004 00000010 06 06 06 03", IN), V_MORE);
	assert_int_equal(show("8004 0017 00000020 06 07 06 04", OUT), V_YES);
	/* Numbers that nobody said. */
	setup(NULL);
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(show("8004 0018 00000010 05 06 06 02", OUT), V_MORE);
	assert_int_equal(show("8017 0005 00000010 06 06 06 03", IN), V_MORE);
}

static void not_a_frame(void **state)
{
	static const char *const none[] = {
		"8004 0000 00000001 00 00 06 01 0b020002 0605616c69",	/* an element is cut */
		"8004 0000 00000001 00 00 06 29",			/* no such subclass */
		"8000 0000 00000001 00 00 06 02",			/* no call number */
		"8004 0000 00000001 00 00 0d 02", "8004 0000 00000001 00 00 00 02", "8004 0000 00000001 00 00 06",
	};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(show(none[i], OUT), V_NO);
	/* An opening without a version is none yet. */
	assert_int_equal(show("8004 0000 00000001 00 00 06 01 0605616c696365", OUT), V_MORE);
}

static void little_is_said(void **state)
{
	unsigned n = 0;

	(void)state;
	show("8004 0000 00000001 00 00 06 01 0b020002", OUT);
	for (unsigned i = 0; i < 100; i++) {
		show("8004 0017 00000020 06 07 06 04", OUT);
		n += messages();
	}
	assert_int_equal(n, 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_call, setup),
		cmocka_unit_test_setup(in_the_middle_of_a_call, setup),
		cmocka_unit_test_setup(not_a_frame, setup),
		cmocka_unit_test_setup(little_is_said, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
