/* dtls_gather_test.c -- fragments in any order, overlapping, of several messages at once, too long, and none at all. */
#include "../../dissectors/dtls_gather.h"
#include "../test.h"

static struct dtls_gather gather;
static uint8_t message[8192];
static struct cursor body;

static int setup(void **state)
{
	(void)state;
	memset(&gather, 0, sizeof gather);
	for (size_t i = 0; i < sizeof message; i++)
		message[i] = (uint8_t)(i * 7 + i / 256);
	return 0;
}

static bool give(bool from_local, uint16_t number, uint32_t length, uint32_t from, uint32_t to)
{
	struct dtls_fragment f = {.from_local = from_local, .type = 11, .number = number, .length = length, .offset = from,
	    .bytes = cur_of(message + from, to - from)};

	return dtls_gather(&gather, &f, &body);
}

static void is_whole(size_t n)
{
	assert_int_equal(body.left, n);
	assert_true(cur_starts(&body, message, n));
}

static void in_one(void **state)
{
	(void)state;
	assert_true(give(true, 0, 300, 0, 300));
	is_whole(300);
	assert_true(give(true, 0, 0, 0, 0));
	is_whole(0);
	assert_true(give(true, 0, 8000, 0, 8000));	/* longer than what is kept, but it need not be */
	is_whole(8000);
}

static void in_every_order(void **state)
{
	static const uint8_t orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}, {0, 3, 1, 2}};

	(void)state;
	for (unsigned o = 0; o < 5; o++)
		for (unsigned i = 0; i < 4; i++) {
			unsigned k = orders[o][i];

			assert_int_equal(give(true, 3, 1000, k * 250, k * 250 + 250), i == 3);
			assert_int_equal(dtls_gather_waits(&gather, true), i < 3);
			assert_false(dtls_gather_waits(&gather, false));
		}
	is_whole(1000);
	assert_false(dtls_gather_waits(&gather, true));
}

static void overlapping(void **state)
{
	(void)state;
	assert_false(give(true, 1, 1000, 0, 400));
	assert_false(give(true, 1, 1000, 600, 700));
	assert_false(give(true, 1, 1000, 0, 400));
	assert_false(give(true, 1, 1000, 390, 650));
	assert_false(give(true, 1, 1000, 100, 200));
	assert_false(give(true, 1, 1000, 800, 1000));
	assert_true(give(true, 1, 1000, 0, 900));
	is_whole(1000);
}

static void several(void **state)
{
	(void)state;
	assert_false(give(true, 0, 1800, 0, 1200));		/* a ClientHello, */
	assert_false(give(false, 2, 4000, 0, 1200));		/* a chain, */
	assert_false(give(false, 3, 300, 0, 200));		/* and a ServerKeyExchange at once */
	assert_false(give(true, 1, 1800, 0, 1200));		/* one too many: the oldest that is large enough goes */
	assert_false(give(false, 2, 4000, 1200, 3000));
	assert_true(give(false, 3, 300, 200, 300));
	is_whole(300);
	assert_true(give(true, 1, 1800, 1200, 1800));
	is_whole(1800);
	assert_true(give(false, 2, 4000, 3000, 4000));
	is_whole(4000);
}

static void too_long(void **state)
{
	(void)state;
	assert_false(give(true, 0, 6000, 5000, 6000));		/* what is behind the room is nothing */
	assert_false(give(true, 0, 6000, 4000, 5000));
	assert_false(give(true, 0, 6000, 0, 2000));
	assert_true(give(true, 0, 6000, 2000, 4000));
	is_whole(DTLS_LONG);
}

static void many_holes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++)
		assert_false(give(true, 0, 1000, i * 10, i * 10 + 5));
	for (unsigned i = 0; i < 99; i++)
		assert_false(give(true, 0, 1000, 0, i * 10 + 10));
	assert_true(give(true, 0, 1000, 900, 1000));
	is_whole(1000);
}

/* Without sense, without harm: whatever order, no message is given out that was not covered. */
static void anything(void **state)
{
	static bool there[2][4][8192];
	uint32_t seed = 1;

	(void)state;
	memset(there, 0, sizeof there);
	for (unsigned i = 0; i < 200000; i++) {
		uint32_t r = seed = seed * 1664525 + 1013904223, length, from, to;
		unsigned way = r >> 30 & 1, number = r >> 28 & 3;

		length = 100 + number * 900;
		from = (r >> 8) % length;
		to = from + 1 + (r >> 4) % 300;
		if (to > length)
			to = length;
		memset(&there[way][number][from], 1, to - from);
		if (give(way, (uint16_t)number, length, from, to)) {
			assert_true(cur_starts(&body, message, length));
			assert_null(memchr(there[way][number], 0, length));
			memset(there[way][number], 0, sizeof there[0][0]);
		}
	}
}

static void fragments(void **state)
{
	static const struct {
		const char *hex;
		bool good;
	} cases[] = {
		{"01 000003 0000 000000 000003 616263", true}, {"01 000003 0000 000001 000002 6162", true}, {"0e 000000 0005 000000 000000", true},
		{"01 000003 0000 000000 000003 6162", false}, {"01 000003 0000 000001 000003 616263", false},
		{"01 000003 0000 000004 000000", false}, {"01 010001 0000 000000 000001 61", false}, {"01 000003 0000 000000 0000", false},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint8_t b[64], *edge;
		size_t n = unhex(cases[i].hex, b, sizeof b);
		struct dtls_fragment f;
		struct cursor c;

		edge = edge_copy(b, n);
		c = cur_of(edge, n);
		assert_int_equal(dtls_fragment_next(&c, &f), cases[i].good);
		assert_int_equal(c.left, 0);
		edge_free(edge, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(in_one, setup), cmocka_unit_test_setup(in_every_order, setup), cmocka_unit_test_setup(overlapping, setup),
		cmocka_unit_test_setup(several, setup), cmocka_unit_test_setup(too_long, setup), cmocka_unit_test_setup(many_holes, setup),
		cmocka_unit_test_setup(anything, setup), cmocka_unit_test(fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
