/* bittorrent_bencode_test.c -- strings, numbers, lists and dictionaries; what is none of them spoils the cursor. */
#include "../../dissectors/bittorrent_bencode.h"
#include "../test.h"

static struct cursor text(const char *s)
{
	return cur_of(s, strlen(s));
}

static void strings_and_numbers(void **state)
{
	struct cursor c = text("4:spami42e0:"), s;
	uint64_t n;

	(void)state;
	assert_true(ben_string(&c, &s));
	assert_true(ben_is(&s, "spam"));
	assert_false(ben_is(&s, "spa"));
	assert_true(ben_number(&c, &n));
	assert_int_equal(n, 42);
	assert_true(ben_string(&c, &s));
	assert_int_equal(s.left, 0);
	assert_int_equal(c.left, 0);
	assert_false(c.bad);
}

static void skips_whole_values(void **state)
{
	static const char *const good[] = {"i-7e", "0:", "le", "de", "d1:ali1ei2eee", "d3:cow3:moo4:spaml1:a1:bee"};
	static const char *const bad[] = {"", "e", "i", "ie", "i4", "ixe", "5:spam", "1234567:x", ":", "l", "l1:a", "di1e", "x"};
	struct cursor c, whole;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		c = text(good[i]);
		assert_true(ben_value(&c, &whole));
		assert_int_equal(c.left, 0);
		assert_int_equal(whole.left, strlen(good[i]));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		c = text(bad[i]);
		assert_false(ben_skip(&c));
		assert_true(c.bad);
	}
}

static void depth_has_an_end(void **state)
{
	char deep[65];
	struct cursor c;

	(void)state;
	memset(deep, 'l', 32);
	memset(deep + 32, 'e', 32);
	c = cur_of(deep, 64);
	assert_false(ben_skip(&c));
	c = cur_of(deep + 17, 30);
	assert_true(ben_skip(&c));
}

static void never_past_the_end(void **state)
{
	static const char whole[] = "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe";
	size_t n = sizeof whole - 1;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		uint8_t *edge = edge_copy(whole, i);
		struct cursor c = cur_of(edge, i);

		assert_false(ben_skip(&c));
		edge_free(edge, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_and_numbers), cmocka_unit_test(skips_whole_values), cmocka_unit_test(depth_has_an_end),
		cmocka_unit_test(never_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
