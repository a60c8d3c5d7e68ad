/* mgcp_test.c -- MGCP: commands, answers to commands that were seen, descriptions of connections. */
#define DISSECTOR mgcp_dissector
#include "one_flow.h"

enum { COMMAND = FACT_OWN, ENDPOINT_, ANSWER };

static enum verdict show(const char *text, bool from_local)
{
	return datagram(text, strlen(text), from_local);
}

static void command_and_answer(void **state)
{
	(void)state;
	assert_int_equal(show("200 262662134 OK\n", IN), V_NO);	/* to nothing */
	assert_int_equal(show("RSIP 262662134 *@vg224 MGCP 0.1\nRM: restart\n", OUT), V_YES);
	assert_true(text_is(FACT_FLOW_APP, "mgcp") && text_is(FACT_TELEPHONY, "mgcp"));
	assert_true(text_is(COMMAND, "RSIP") && text_is(ENDPOINT_, "*@vg224"));
	assert_int_equal(show("200 262662135 OK\n", IN), V_NO);
	assert_int_equal(show("200 262662134 OK\n", OUT), V_NO);	/* to itself */
	assert_int_equal(show("200 262662134 \n", IN), V_YES);
	assert_int_equal(number(ANSWER), 200);
	assert_int_equal(show("510 262662134", IN), V_YES);
}

static void a_connection(void **state)
{
	(void)state;
	assert_int_equal(show("CRCX 1204 aaln/1@rgw MGCP 1.0\r\nC: A3C47F\r\nL: p:10, a:PCMU\r\nM: recvonly\r\n\r\n"
	    "v=0\r\nc=IN IP4 203.0.113.7\r\nm=audio 3456 RTP/AVP 0\r\n", OUT), V_YES);
	assert_int_equal(messages(), 2);
	assert_string_equal(endpoint_at(1, FACT_SDP_AT), "203.0.113.7:3456");
	assert_int_equal(show("200 1204 OK\r\nI: FDE2\r\n\r\nv=0\r\nc=IN IP4 10.0.0.7\r\nm=audio 3456 RTP/AVP 0\r\n", IN), V_YES);
	assert_string_equal(endpoint_at(1, FACT_SDP_AT), "10.0.0.7:3456");
}

static void none_of_it(void **state)
{
	static const char *const none[] = {
		"RSIP 26266213x *@vg224 MGCP 1.0\n", "RSIP 0 *@vg224 MGCP 1.0\n", "RSIP 1 *@vg224 MGCP\n", "RSIP 1 *@vg224 MGCP x.0\n",
		"QUIT 1 *@vg224 MGCP 1.0\n", "RSIP 1 *@vg224 HTTP/1.0\n", "RSIP 1\n", "RSIP ", "", "\n", "200 1 OK",
		"RSIP 1 \x01\x02 MGCP 1.0\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(show(none[i], OUT), V_NO);
}

static void little_is_said(void **state)
{
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		assert_int_equal(show("NTFY 7 aaln/1@rgw MGCP 1.0\n", OUT), V_YES);
		n += messages();
	}
	assert_int_equal(n, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(command_and_answer, setup),
		cmocka_unit_test_setup(a_connection, setup),
		cmocka_unit_test_setup(none_of_it, setup),
		cmocka_unit_test_setup(little_is_said, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
