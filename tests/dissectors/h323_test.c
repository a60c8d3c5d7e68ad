/* h323_test.c -- H.323: call signalling in TPKT, registration over UDP. */
#define DISSECTOR h323_dissector
#include "one_flow.h"

enum { MESSAGE = FACT_OWN, RAS, VERSION };

/* A setup: bearer capability, display, user-user with the identifier. */
static const char setup_hex[] =
    "03000031 08 02 0001 05 04 03 88 93 a5 28 06 616c69636500 7e 0018 05 20 a8 06 0008914a0004 0001020304050607080910111213";

static size_t bytes_of(const char *hex, uint8_t *to)
{
	return unhex(hex, to, 512);
}

static void a_call(void **state)
{
	uint8_t b[512];
	size_t n = bytes_of(setup_hex, b);

	(void)state;
	b[3] = (uint8_t)n;
	assert_int_equal(stretch(b, n, OUT), V_YES);
	assert_true(text_is(FACT_FLOW_APP, "h323") && text_is(FACT_TELEPHONY, "h323"));
	assert_int_equal(number(MESSAGE), 5);
	assert_int_equal(number(VERSION), 4);
	/* The next one need not have it. */
	n = bytes_of("03000011 08 02 8001 5a 7e 0005 05 01020304", b);
	b[3] = (uint8_t)n;
	assert_int_equal(stretch(b, n, IN), V_YES);
	assert_int_equal(number(MESSAGE), 0x5a);
	assert_false(said(VERSION));
}

static void cut_anywhere(void **state)
{
	uint8_t b[512];
	size_t n = bytes_of(setup_hex, b);

	(void)state;
	b[3] = (uint8_t)n;
	for (size_t cut = 1; cut < n; cut++) {
		setup(NULL);
		assert_int_equal(stretch(b, cut, OUT), V_MORE);
		assert_int_equal(stretch(b + cut, n - cut, OUT), V_YES);
	}
}

static void none_of_it(void **state)
{
	static const char *const none[] = {
		"0300000b 06e00000000000",				/* a remote desktop */
		"03000010 08 02 0001 05 7e 0005 05 01020304",		/* without the identifier */
		"03000010 08 03 0001 05 7e 0005 05 01020304", "03000003", "0300ffff 08", "0301", "160301",
		"03000010 08 02 0001 05 7e 00ff 05 01020304",
	};
	uint8_t b[512];

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		size_t n = bytes_of(none[i], b);

		setup(NULL);
		assert_int_equal(stretch(b, n, OUT), V_NO);
	}
}

static void registration(void **state)
{
	uint8_t b[512];
	size_t n = bytes_of("0e 8000 07 06 0008914a0004 8001 0a00000106b8", b);

	(void)state;
	assert_int_equal(datagram(b, n, OUT), V_YES);
	assert_int_equal(number(RAS), 3);
	assert_int_equal(number(VERSION), 4);
	for (size_t k = 0; k < 11; k++)
		assert_int_equal(datagram(b, k, OUT), V_NO);
	b[10] = 0;
	assert_int_equal(datagram(b, n, OUT), V_NO);
	b[10] = 4;
	b[0] = 0x8e;
	assert_int_equal(datagram(b, n, OUT), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_call, setup),
		cmocka_unit_test_setup(cut_anywhere, setup),
		cmocka_unit_test_setup(none_of_it, setup),
		cmocka_unit_test_setup(registration, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
