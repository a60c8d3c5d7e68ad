/* bytestream_test.c -- XEP-0065's SOCKS5, and the SOCKS5 of everybody else. */
#include "shown.h"

extern const struct dissector bytestream_dissector;

#define HASH "972b7bf47291ca609517f67f86b5081086052dad"

enum { OUT = true, IN = false };

static struct shown *s;
static const char ask[] = "\5\1\0\3\x28" HASH "\0\0", accepted[] = "\5\0\0\3\x28" HASH "\0\0";

static int setup(void **state)
{
	(void)state;
	s = shown_new(&bytestream_dissector);
	return 0;
}

static void opened_and_accepted(void **state)
{
	(void)state;
	assert_int_equal(shown_stretch(s, "\5\1\0", 3, OUT), V_MORE);
	assert_int_equal(shown_stretch(s, "\5\0", 2, IN), V_MORE);
	assert_int_equal(shown_stretch(s, ask, sizeof ask - 1, OUT), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"bytestream\" bytestream.open == \"" HASH "\"");
	assert_int_equal(shown_stretch(s, accepted, sizeof accepted - 1, IN), V_DONE);
	assert_string_equal(s->text, "bytestream.accepted == \"" HASH "\" tx.matched");
}

static void with_a_password(void **state)
{
	(void)state;
	shown_stretch(s, "\5\2\0\2", 4, IN);
	shown_stretch(s, "\5\2", 2, OUT);
	assert_int_equal(shown_stretch(s, "\1\1u\2pw", 6, IN), V_MORE);
	shown_stretch(s, "\1\0", 2, OUT);
	assert_int_equal(shown_stretch(s, ask, sizeof ask - 1, IN), V_YES);
	assert_int_equal(shown_stretch(s, accepted, sizeof accepted - 1, OUT), V_DONE);
}

static void everybody_elses(void **state)
{
	char other[sizeof ask];

	(void)state;
	for (size_t i = 0; i < sizeof ask - 1; i++) {
		setup(state);
		shown_stretch(s, "\5\1\0", 3, OUT);
		shown_stretch(s, "\5\0", 2, IN);
		memcpy(other, ask, sizeof ask);
		other[i] = (char)(other[i] ^ 0x40);
		if (i != 2)
			assert_int_not_equal(shown_stretch(s, other, sizeof other - 1, OUT), V_YES);
		setup(state);
		shown_stretch(s, "\5\1\0", 3, OUT);
		assert_int_equal(shown_stretch(s, ask, i, OUT), V_MORE);
	}
	setup(state);
	shown_stretch(s, "\5\1\0", 3, OUT);
	assert_int_equal(shown_stretch(s, "\5\1\0\3\x0b" "example.org\0\x50 and what is sent at once.......................", 60, OUT), V_NO);
	setup(state);
	assert_int_equal(shown_stretch(s, "\5\377", 2, OUT), V_NO);
	assert_int_equal(shown_stretch(s, "GET", 3, OUT), V_NO);
}

static void an_answer_to_another_one(void **state)
{
	char other[sizeof accepted];

	(void)state;
	shown_stretch(s, "\5\1\0", 3, OUT);
	shown_stretch(s, "\5\0", 2, IN);
	shown_stretch(s, ask, sizeof ask - 1, OUT);
	memcpy(other, accepted, sizeof accepted);
	other[10] = '0';
	assert_int_equal(shown_stretch(s, other, sizeof other - 1, IN), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(opened_and_accepted, setup), cmocka_unit_test_setup(with_a_password, setup),
		cmocka_unit_test_setup(everybody_elses, setup), cmocka_unit_test_setup(an_answer_to_another_one, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
