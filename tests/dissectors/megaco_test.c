/* megaco_test.c -- Megaco in text, in both its forms, over UDP and in TPKT. */
#define DISSECTOR megaco_dissector
#include "one_flow.h"

enum { SENDER = FACT_OWN, MESSAGE };

static enum verdict show(const char *text)
{
	return datagram(text, strlen(text), OUT);
}

static void both_forms(void **state)
{
	(void)state;
	assert_int_equal(show("!/1 <iMSS>\nT=555282713{C=-{AV=DS/1/5{AT{M}}}}"), V_YES);
	assert_true(text_is(FACT_TELEPHONY, "megaco") && text_is(FACT_FLOW_APP, "megaco"));
	assert_true(text_is(SENDER, "<iMSS>") && text_is(MESSAGE, "transaction"));
	assert_int_equal(show("MEGACO/1 [10.23.1.42]:2944 Reply = 1414 {\r\n Context = 1 {}}"), V_YES);
	assert_true(text_is(SENDER, "[10.23.1.42]:2944") && text_is(MESSAGE, "reply"));
	assert_int_equal(show("megaco/1 <mg> Reply = 1414 {\n Context = 1 {}}"), V_YES);
	assert_int_equal(show("!/1 [10.0.0.1] K{1}"), V_YES);
	assert_true(text_is(MESSAGE, "acknowledgement"));
}

static void a_connection(void **state)
{
	(void)state;
	assert_int_equal(show("MEGACO/1 [10.0.0.1]:2944\nTransaction = 9 {\n Context = 1 {\n Modify = A {\n Media {\n Remote {\n"
	    "v=0\nc=IN IP4 203.0.113.7\nm=audio 3456 RTP/AVP 0\n}}}}}"), V_YES);
	assert_int_equal(messages(), 2);
	assert_string_equal(endpoint_at(1, FACT_SDP_AT), "203.0.113.7:3456");
}

static void none_of_it(void **state)
{
	static const char *const none[] = {
		"!/1 <iMSS>", "!/1 <iMSS> T=5", "!/1 <iMSS> T={", "!/1 <iMSS> Q=5{", "!/x <iMSS> T=5{", "!/123 <iMSS> T=5{", "MEGACO",
		"MEGACO/1", "MEGACO/1 x T=5{", "!/1\x01 <iMSS> T=5{", "ME", "", "!/1 <\x01\x02> T=5{", "!/1 <iMSS> T=99999999999{",
	};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(show(none[i]), V_NO);
}

static void over_tcp(void **state)
{
	static const char text[] = "\3\0\0\x26" "!/1 <iMSS>\nT=555282713{C=-{AV=DS}}" "\3\0\0\x1a" "!/1 <iMSS> P=1{C=1{}} ";

	(void)state;
	assert_int_equal(stretch(text, sizeof text - 1, OUT), V_YES);
	assert_int_equal(messages(), 2);
	for (size_t cut = 1; cut < 0x26; cut++) {
		setup(NULL);
		assert_int_equal(stretch(text, cut, OUT), V_MORE);
		assert_int_equal(stretch(text + cut, sizeof text - 1 - cut, OUT), V_YES);
		assert_int_equal(messages(), 2);
	}
	setup(NULL);
	assert_int_equal(stretch("\3\0\0\x13\xe\xe0\0\0\0\0\0", 11, OUT), V_NO);	/* a remote desktop */
	setup(NULL);
	assert_int_equal(stretch("\3\0\0\2", 4, OUT), V_NO);
	setup(NULL);
	assert_int_equal(stretch("GET /", 5, OUT), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(both_forms, setup),
		cmocka_unit_test_setup(a_connection, setup),
		cmocka_unit_test_setup(none_of_it, setup),
		cmocka_unit_test_setup(over_tcp, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
