/* dcc_test.c -- a file and its receiver's numbers. */
#include "shown.h"

extern const struct dissector dcc_dissector;

enum { OUT = true, IN = false };

static struct shown *s;
static uint8_t file[5000];

static int setup(void **state)
{
	(void)state;
	s = shown_new(&dcc_dissector);
	return 0;
}

static enum verdict number(uint64_t n, unsigned size, bool from_local)
{
	uint8_t b[8];

	for (unsigned i = 0; i < size; i++)
		b[i] = (uint8_t)(n >> 8 * (size - 1 - i));
	return shown_stretch(s, b, size, from_local);
}

static void a_file_that_comes(void **state)
{
	(void)state;
	assert_int_equal(shown_stretch(s, file, 1000, IN), V_MORE);
	assert_int_equal(number(1000, 4, OUT), V_MORE);
	assert_int_equal(shown_stretch(s, file, 2000, IN), V_MORE);
	assert_int_equal(number(2500, 4, OUT), V_MORE);
	assert_int_equal(number(3000, 4, OUT), V_DONE);
	assert_string_equal(s->text, "flow.app_proto == \"dcc\" dcc.received == 3000");
}

static void a_file_that_goes_in_long_numbers(void **state)
{
	(void)state;
	shown_stretch(s, file, 4000, OUT);
	assert_int_equal(number(1000, 8, IN), V_MORE);
	assert_int_equal(number(2000, 8, IN), V_MORE);
	assert_int_equal(number(3000, 8, IN), V_MORE);		/* right, but never all of it */
	assert_string_equal(s->text, "");
	assert_int_equal(number(4000, 8, IN), V_DONE);
	assert_non_null(strstr(s->text, "dcc.received == 4000"));
}

static void other_streams(void **state)
{
	(void)state;
	shown_stretch(s, file, 1000, IN);
	assert_int_equal(number(1001, 4, OUT), V_NO);		/* more than there was */
	setup(state);
	shown_stretch(s, file, 1000, IN);
	number(900, 4, OUT);
	assert_int_equal(number(800, 4, OUT), V_NO);		/* back */
	setup(state);
	shown_stretch(s, file, 1000, IN);
	assert_int_equal(number(5, 4, OUT), V_NO);		/* little, as lengths and kinds are */
	setup(state);
	assert_int_equal(shown_stretch(s, "GET / HTTP/1.1\r\n\r\n", 18, OUT), V_NO);
	setup(state);
	shown_stretch(s, file, 1000, IN);
	for (unsigned i = 0; i < 20; i++)			/* the same again and again is no progress */
		assert_int_equal(number(1000, 4, OUT), V_MORE);
}

static void one_end_alone(void **state)
{
	(void)state;
	shown_stretch(s, file, 4000, OUT);
	assert_string_equal(s->text, "");
	assert_int_equal(shown_stretch(s, file, 1000, OUT), V_MORE);
	assert_string_equal(s->text, "dcc.one_way");
	shown_stretch(s, file, 5000, OUT);
	assert_string_equal(s->text, "");
	setup(state);
	shown_stretch(s, "x", 1, IN);
	shown_stretch(s, file, 5000, OUT);
	assert_string_equal(s->text, "");
}

static void in_pieces(void **state)
{
	static const uint8_t n[12] = {0, 0, 3, 0xe8, 0, 0, 7, 0xd0, 0, 0, 0xb, 0xb8};
	enum verdict v = V_MORE;

	(void)state;
	shown_stretch(s, file, 3000, IN);
	for (size_t at = 0, end = 1; end <= sizeof n; end++) {
		v = shown_stretch(s, n + at, end - at, OUT);
		at = end - s->input.bytes.left;
	}
	assert_int_equal(v, V_DONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_that_comes, setup), cmocka_unit_test_setup(a_file_that_goes_in_long_numbers, setup),
		cmocka_unit_test_setup(other_streams, setup), cmocka_unit_test_setup(one_end_alone, setup),
		cmocka_unit_test_setup(in_pieces, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
