/* skinny_test.c -- SCCP: a registration, conversations that began before, where media go, what is none. */
#define DISSECTOR skinny_dissector
#include "one_flow.h"

enum { MESSAGE = FACT_OWN, DEVICE };

static enum verdict show(const char *hex, bool from_local)
{
	uint8_t b[512];

	return stretch(b, unhex(hex, b, sizeof b), from_local);
}

static const char registration[] = "24000000 00000000 01000000 534550303031313232333334343535 00"
    "00000000 01000000 0a000001 34000000";

static void a_registration(void **state)
{
	uint8_t b[512];
	size_t n = unhex(registration, b, sizeof b);

	(void)state;
	assert_int_equal(show(registration, OUT), V_YES);
	assert_true(text_is(FACT_FLOW_APP, "sccp") && text_is(FACT_TELEPHONY, "sccp") && text_is(DEVICE, "SEP001122334455"));
	assert_int_equal(show("08000000 00000000 81000000 1e000000", IN), V_YES);
	assert_int_equal(number(MESSAGE), 0x81);
	for (size_t cut = 1; cut < n; cut++) {
		setup(NULL);
		assert_int_equal(stretch(b, cut, OUT), V_MORE);
		assert_int_equal(stretch(b + cut, n - cut, OUT), V_YES);
	}
}

static void a_conversation(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 50; i++) {	/* keep-alives look like anything */
		assert_int_equal(show("04000000 00000000 00000000", OUT), V_MORE);
		assert_int_equal(show("04000000 00000000 00010000", IN), V_MORE);
	}
	assert_int_equal(show("08000000 00000000 06000000 01000000", OUT), V_MORE);	/* off hook */
	assert_int_equal(show("0c000000 00000000 82000000 0100000001000000", IN), V_YES);
	/* Both ends as telephones: none. */
	setup(NULL);
	for (unsigned i = 0; i < 12; i++) {
		char hex[] = "04000000 00000000 01000000";

		hex[19] = (char)('1' + i % 8);
		assert_int_equal(show(hex, i % 2), V_MORE);
	}
}

static void where_media_go(void **state)
{
	(void)state;
	show(registration, OUT);
	assert_int_equal(show("1c000000 00000000 8a000000 01000000 02000000 cb007107 d2040000 14000000 04000000", IN), V_YES);
	assert_int_equal(messages(), 2);
	assert_string_equal(endpoint_at(1, FACT_SDP_AT), "203.0.113.7:1234");
	assert_int_equal(show("20000000 11000000 22000000 00000000 00000000 0a000001 000000000000000000000000 d2040000", OUT), V_YES);
	assert_string_equal(endpoint_at(1, FACT_SDP_AT), "10.0.0.1:1234");
	assert_int_equal(show("20000000 11000000 22000000 00000000 01000000 20010db8000000000000000000000001 d2040000", OUT), V_YES);
	assert_string_equal(endpoint_at(1, FACT_SDP_AT), "[2001:db8::1]:1234");
}

static void none_of_it(void **state)
{
	static const char *const none[] = {
		"00000000 00000000 01000000", "ffffff00 00000000 01000000", "04000000 01000000 01000000", "04000000 00000000 70000000",
		"474554202f20485454502f312e310d0a", "16030100", "ffffffff",
	};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		setup(NULL);
		assert_int_equal(show(none[i], OUT), V_NO);
	}
	/* A registration with something else where the name belongs. */
	setup(NULL);
	assert_int_equal(show("24000000 00000000 01000000 5345503030010000000000000000000000000000 01000000 0a000001 34000000", OUT), V_MORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_registration, setup),
		cmocka_unit_test_setup(a_conversation, setup),
		cmocka_unit_test_setup(where_media_go, setup),
		cmocka_unit_test_setup(none_of_it, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
