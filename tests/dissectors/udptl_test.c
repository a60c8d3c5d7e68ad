/* udptl_test.c -- fax in UDPTL: what is repeated proves it, counters alone do not. */
#define DISSECTOR udptl_dissector
#include "one_flow.h"

static const uint8_t *packet_of(unsigned i, size_t *n)
{
	static const uint8_t indicator[] = {0x06}, data[] = {0xc0, 1, 0x80, 0, 0, 0xff};
	static uint8_t b[8];

	if (i % 4 == 0) {
		*n = sizeof indicator;
		return indicator;
	}
	memcpy(b, data, sizeof data);
	b[5] = (uint8_t)(i / 2);
	*n = sizeof data;
	return b;
}

static enum verdict show(unsigned i, bool repeat, bool from_local)
{
	uint8_t b[64] = {(uint8_t)(i >> 8), (uint8_t)i};
	size_t n, at = 2;
	const uint8_t *p = packet_of(i, &n);

	b[at++] = (uint8_t)n;
	memcpy(b + at, p, n);
	at += n;
	b[at++] = 0;
	b[at++] = repeat;
	if (repeat) {
		p = packet_of(i - 1, &n);
		b[at++] = (uint8_t)n;
		memcpy(b + at, p, n);
		at += n;
	}
	return datagram(b, at, from_local);
}

static void a_fax(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 6; i++)
		assert_int_equal(show(i, true, OUT), V_MORE);
	assert_int_equal(show(6, true, OUT), V_YES);
	assert_true(text_is(FACT_FLOW_APP, "t38") && text_is(FACT_MEDIA, "t38") && text_is(FACT_MEDIA_CLASS, "fax"));
	assert_int_equal(number(FACT_OWN), 6);
	assert_int_equal(show(7, true, OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(show(100, true, OUT), V_YES);	/* it was one */
	for (unsigned i = 1; i < 6; i++)
		assert_int_equal(show(i, true, IN), V_MORE);
}

static void nothing_repeated(void **state)
{
	(void)state;
	for (unsigned i = 1; i < 60; i++)
		assert_int_equal(show(i, false, OUT), V_MORE);
}

static void a_counter(void **state)
{
	uint8_t b[] = {0, 0, 1, 0x06, 0, 1, 1, 0x06};

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		b[1] = (uint8_t)i;
		assert_int_equal(datagram(b, sizeof b, OUT), V_MORE);
	}
	for (size_t n = 0; n < sizeof b; n++)
		datagram(b, n, OUT);
}

static void none_of_it(void **state)
{
	static const char *const none[] = {
		"0001 01 07 0000", "0001 02 06 00 0000", "0001 01 06 01 00", "0001 01 06 00 01 05 06", "0001 00 00 00 00", "0001 01 06 00 00 00",
	};
	uint8_t b[64];

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		size_t n = unhex(none[i], b, sizeof b);

		assert_int_equal(datagram(b, n, OUT), V_NO);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_fax, setup),
		cmocka_unit_test_setup(nothing_repeated, setup),
		cmocka_unit_test_setup(a_counter, setup),
		cmocka_unit_test_setup(none_of_it, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
