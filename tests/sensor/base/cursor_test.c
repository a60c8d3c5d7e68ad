/* cursor_test.c -- the one way that foreign bytes are read: in order, never past the end, bad for good. */
#include "../../test.h"

#include "../../../sensor/base/cursor.h"

static const uint8_t sixteen[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void reads_in_network_order(void **state)
{
	uint8_t *bytes = edge_copy(sixteen, 16);
	struct cursor c = cur_of(bytes, 16);

	(void)state;
	assert_int_equal(cur_u8(&c), 0x01);
	assert_int_equal(cur_u16(&c), 0x0203);
	assert_int_equal(cur_u32(&c), 0x04050607);
	assert_true(cur_u64(&c) == 0x08090a0b0c0d0e0fULL);
	assert_int_equal(c.left, 1);
	assert_int_equal(cur_u8(&c), 16);
	assert_int_equal(c.left, 0);
	assert_false(c.bad);
	edge_free(bytes, 16);
}

enum read { U8, U16, U32, U64, TAKE, SKIP, COPY, READS };

static uint64_t read_one(struct cursor *c, enum read what)
{
	uint8_t copy[8] = {0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee, 0xee};
	struct cursor window;

	switch (what) {
	case U8: return cur_u8(c);
	case U16: return cur_u16(c);
	case U32: return cur_u32(c);
	case U64: return cur_u64(c);
	case TAKE:
		window = cur_take(c, 8);
		return window.left + (window.bad ? 0 : 1);
	case SKIP:
		cur_skip(c, 8);
		return c->left;
	default:
		cur_copy(c, copy, 8);
		return copy[0] | copy[7];
	}
}

/* Each kind of read, one byte short: 0, bad, empty; and so is whatever comes after it. */
static void past_the_end_is_bad_for_good(void **state)
{
	static const size_t needs[READS] = {1, 2, 4, 8, 8, 8, 8};

	(void)state;
	for (enum read what = 0; what < READS; what++) {
		uint8_t *bytes = edge_copy(sixteen, needs[what] - 1);
		struct cursor c = cur_of(bytes, needs[what] - 1);

		assert_int_equal(read_one(&c, what), 0);
		assert_true(c.bad);
		assert_int_equal(c.left, 0);
		for (enum read next = 0; next < READS; next++)
			assert_int_equal(read_one(&c, next), 0);
		assert_true(c.bad);
		edge_free(bytes, needs[what] - 1);
	}
}

static void a_window_sees_no_more(void **state)
{
	struct cursor c = cur_of(sixteen, 16), window = cur_take(&c, 4);

	(void)state;
	assert_int_equal(cur_u32(&window), 0x01020304);
	assert_int_equal(cur_u8(&window), 0);
	assert_true(window.bad);
	assert_false(c.bad);		/* its own business */
	assert_int_equal(cur_u8(&c), 5);
	cur_take(&c, SIZE_MAX);
	assert_true(c.bad);
}

static void looking_is_asking(void **state)
{
	uint8_t *bytes = edge_copy(sixteen, 4);
	struct cursor c = cur_of(bytes, 4);

	(void)state;
	assert_int_equal(cur_peek_u8(&c, 3), 4);
	assert_int_equal(cur_peek_u8(&c, 4), 0);
	assert_int_equal(cur_peek_u16(&c, 2), 0x0304);
	assert_int_equal(cur_peek_u16(&c, 3), 0);
	assert_int_equal(cur_peek_u32(&c, 0), 0x01020304);
	assert_int_equal(cur_peek_u32(&c, 1), 0);
	assert_int_equal(cur_peek_u8(&c, SIZE_MAX), 0);
	assert_int_equal(cur_peek_u16(&c, SIZE_MAX), 0);
	assert_int_equal(cur_peek_u32(&c, SIZE_MAX), 0);
	assert_true(!c.bad && c.left == 4);
	assert_true(cur_starts(&c, "\1\2", 2) && cur_starts(&c, "", 0));
	assert_false(cur_starts(&c, "\1\3", 2) || cur_starts(&c, sixteen, 5));
	edge_free(bytes, 4);
}

static void equal_is_length_and_bytes(void **state)
{
	struct cursor a = cur_of("abc", 3), b = cur_of("abd", 3), shorter = cur_of("ab", 2), none = cur_of(NULL, 0);

	(void)state;
	assert_true(cur_equal(&a, &a) && cur_equal(&none, &none));
	assert_false(cur_equal(&a, &b) || cur_equal(&a, &shorter) || cur_equal(&a, &none));
}

static void test_find(void **state)
{
	uint8_t *edge = edge_copy("abcb", 4);
	struct cursor c = cur_of(edge, 4);

	(void)state;
	assert_int_equal(cur_find(&c, 'b'), 1);
	assert_int_equal(cur_find(&c, 'x'), 4);
	cur_skip(&c, 4);
	assert_int_equal(cur_find(&c, 'b'), 0);
	cur_skip(&c, 1);
	assert_int_equal(cur_find(&c, 'b'), 0);
	edge_free(edge, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(reads_in_network_order),
		cmocka_unit_test(past_the_end_is_bad_for_good),
		cmocka_unit_test(a_window_sees_no_more),
		cmocka_unit_test(looking_is_asking),
		cmocka_unit_test(equal_is_length_and_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
