/* line_test.c -- lines, words, numbers and addresses out of foreign text. */
#include "../../dissectors/line.h"
#include "../test.h"

static struct cursor of(const char *text)
{
	return cur_of(text, strlen(text));
}

static bool same(struct cursor c, const char *want)
{
	return c.left == strlen(want) && cur_starts(&c, want, c.left);
}

static void lines(void **state)
{
	struct cursor c = of("one\r\ntwo\n\r\n\rfour");

	(void)state;
	assert_true(line_is_whole(&c));
	assert_true(same(line_take(&c), "one"));
	assert_true(same(line_take(&c), "two"));
	assert_true(same(line_take(&c), ""));
	assert_false(line_is_whole(&c));
	assert_true(same(line_take(&c), "\rfour"));
	assert_int_equal(c.left, 0);
	assert_true(same(line_take(&c), ""));
	assert_false(c.bad);
}

static void where_a_header_ends(void **state)
{
	struct cursor c = of("a: b\r\nc: d\r\n\r\nbody");

	(void)state;
	assert_int_equal(line_header_bytes(&c), 14);
	c.left = 13;
	assert_int_equal(line_header_bytes(&c), 0);
	c = of("\nx");
	assert_int_equal(line_header_bytes(&c), 1);
	c = of("");
	assert_int_equal(line_header_bytes(&c), 0);
}

static void words(void **state)
{
	struct cursor c = of("  one two=three;; last ");

	(void)state;
	assert_true(same(line_word(&c, " "), "one"));
	assert_true(same(line_word(&c, "=;"), "two"));
	assert_true(same(line_word(&c, "=;"), "three"));
	assert_true(same(line_word(&c, "=;"), ""));
	assert_true(same(line_word(&c, "=;"), "last "));
	assert_true(same(line_word(&c, "=;"), ""));
	assert_true(same(line_trim(of(" \t a b\t")), "a b"));
	assert_true(same(line_trim(of("   ")), ""));
}

static void same_text(void **state)
{
	struct cursor c = of("Call-Id");

	(void)state;
	assert_true(line_is(&c, "call-ID"));
	assert_false(line_is(&c, "call"));
	assert_true(line_begins(&c, "CALL"));
	assert_false(line_begins(&c, "call-identity"));
	assert_true(line_is_exact(&c, "Call-Id"));
	assert_false(line_is_exact(&c, "call-id"));
	assert_true(line_is_clean(of("a\tb\xc3\xa9")));
	assert_false(line_is_clean(of("a\x01")));
	assert_true(line_hash(1, of("ab")) != line_hash(1, of("ba")));
}

static void numbers(void **state)
{
	struct cursor c = of("65535x");
	uint32_t n;

	(void)state;
	assert_true(line_number(&c, 65535, &n));
	assert_int_equal(n, 65535);
	assert_int_equal(c.left, 1);
	c = of("65536");
	assert_false(line_number(&c, 65535, &n));
	c = of("99999999999999999999999999");
	assert_false(line_number(&c, UINT32_MAX, &n));
	c = of("-1");
	assert_false(line_number(&c, 10, &n));
	c = of("");
	assert_false(line_number(&c, 10, &n));
}

static void addresses(void **state)
{
	char text[ENDPOINT_TEXT];
	struct endpoint e;
	struct addr a;

	(void)state;
	assert_true(line_addr(of("203.0.113.9"), &a));
	assert_true(line_addr(of("[2001:db8::1]"), &a));
	assert_true(line_addr(of("2001:db8::1"), &a));
	assert_false(line_addr(of("example.org"), &a));
	assert_false(line_addr(of(""), &a));
	assert_false(line_addr(of("1111111111111111111111111111111111111111111111111111"), &a));
	assert_false(line_addr(cur_of("1.2.3.4\0", 8), &a));
	assert_true(line_endpoint(of("203.0.113.9:5060"), &e));
	assert_string_equal(endpoint_text(&e, text), "203.0.113.9:5060");
	assert_true(line_endpoint(of("203.0.113.9"), &e));
	assert_int_equal(e.port, 0);
	assert_true(line_endpoint(of("[2001:db8::1]:5061"), &e));
	assert_string_equal(endpoint_text(&e, text), "[2001:db8::1]:5061");
	assert_true(line_endpoint(of("[2001:db8::1]"), &e));
	assert_false(line_endpoint(of("203.0.113.9:70000"), &e));
	assert_false(line_endpoint(of("203.0.113.9:50x"), &e));
	assert_false(line_endpoint(of("[2001:db8::1]x"), &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(where_a_header_ends),
		cmocka_unit_test(words),
		cmocka_unit_test(same_text),
		cmocka_unit_test(numbers),
		cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
