/* zoom_test.c -- Zoom's hello between two participants: a check, and an answer once both have sent one. */
#include "dissected.h"

extern const struct dissector zoom_dissector;

enum { HELLO = FACT_OWN, CALL, ADDRESS };	/* zoom.c */

#define UUID_A "00000024" "2441463036354438382d414139422d344138312d383041342d423835434433343142393231"
#define CALL_A "00000024" "41463036354438382d414139422d344138312d383041342d423835434433343142393231"
#define CALL_B "00000024" "41463036354438382d414139422d344138312d383041342d423835434433343142393232"
#define OURS(call) "1f0201 00080001000400 4e150ef8 00000007 00000063b6a5" "0000000d" "3139322e3136382e312e323236" call "00000000"
#define THEIRS(call) "1f0201 00040001000800 e2a5c16e 00000008 000000639899" "0000000d" "3139322e3136382e312e313238" call "00000000"

static int setup(void **state)
{
	fresh_flow(state);
	subject = &zoom_dissector;
	return 0;
}

static void two_ends(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex(OURS(CALL_A), OUT), V_YES);
	assert_true(said(FACT_ICE_CHECK) && !said(FACT_ICE_ANSWER) && said_uint(HELLO, 7) && said_text(FACT_DIALECT, "zoom"));
	assert_true(said_text(ADDRESS, "192.168.1.226") && said_text(CALL, "AF065D88-AA9B-4A81-80A4-B85CD341B921"));
	assert_true(said_text(FACT_FLOW_APP, "zoom"));
	assert_int_equal(datagram_hex(OURS(CALL_A), OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex(THEIRS(CALL_A), IN), V_YES);
	assert_int_equal(messages(), 2);
	assert_true(said(FACT_ICE_CHECK) && said(FACT_ICE_ANSWER) && said(FACT_TX_MATCHED));
	assert_int_equal(datagram_hex(OURS(CALL_A), OUT), V_YES);
	assert_true(said(FACT_ICE_ANSWER) && !said(FACT_ICE_CHECK));
	assert_int_equal(datagram_hex(OURS(CALL_A), OUT), V_YES);
	assert_int_equal(messages(), 0);
}

static void nobody_answers(void **state)
{
	unsigned told = 0;

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {	/* a millisecond each */
		assert_int_equal(datagram_hex(OURS(CALL_A), OUT), V_YES);
		told += messages();
		assert_false(said(FACT_ICE_ANSWER));
	}
	assert_int_equal(told, 3);
}

static void another_call(void **state)
{
	(void)state;
	datagram_hex(OURS(CALL_A), OUT);
	assert_int_equal(datagram_hex(THEIRS(CALL_B), IN), V_YES);
	assert_true(said(FACT_ICE_CHECK) && !said(FACT_ICE_ANSWER));
}

static void what_it_is_not(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("1f0202 00080001000400 4e150ef8 00000007 00000063b6a5" "0000000d" "3139322e3136382e312e323236" CALL_A, OUT), V_NO);
	assert_int_equal(datagram_hex("1f0201 00080001000400 4e150ef8 00000007 00000063b6a5" "0000000d" "3139322e3136382e312e32323z" CALL_A, OUT), V_NO);
	assert_int_equal(datagram_hex("1f0201 00080001000400 4e150ef8 00000007 00000063b6a5" "ffffffff" "3139322e3136382e312e323236" CALL_A, OUT), V_NO);
	assert_int_equal(datagram_hex(OURS(UUID_A), OUT), V_NO);
}

static void any_bytes(void **state)
{
	(void)state;
	mangled_hex(OURS(CALL_A), OUT);
	random_flows(50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(two_ends, setup), cmocka_unit_test_setup(nobody_answers, setup),
		cmocka_unit_test_setup(another_call, setup), cmocka_unit_test_setup(what_it_is_not, setup),
		cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
