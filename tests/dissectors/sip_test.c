/* sip_test.c -- the dissector: datagrams, streams cut anywhere, what is said once, what is none. */
#define DISSECTOR sip_dissector
#include "one_flow.h"

#include <stdio.h>

enum { METHOD = FACT_OWN, STATUS, ANSWERS, FROM, TO, AGENT, CONTACT, PROXIED };

static const char body[] = "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 0\r\n";

static size_t request(char *to, const char *method, unsigned cseq, const char *sdp)
{
	return (size_t)sprintf(to, "%s sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1\r\nFrom: <sip:alice@example.org>\r\n"
	    "To: <sip:bob@example.org>\r\nCall-ID: call-1\r\nCSeq: %u %s\r\nUser-Agent: Phone\r\nContact: <sip:a@10.0.0.1:5060>\r\n"
	    "Content-Length: %zu\r\n\r\n%s", method, cseq, method, strlen(sdp), sdp);
}

static size_t answer(char *to, unsigned status, unsigned cseq, const char *sdp)
{
	return (size_t)sprintf(to, "SIP/2.0 %u Fine\r\nVia: SIP/2.0/UDP 10.0.0.1\r\nVia: SIP/2.0/UDP 10.0.0.2\r\nCall-ID: call-1\r\n"
	    "CSeq: %u INVITE\r\nContent-Length: %zu\r\n\r\n%s", status, cseq, strlen(sdp), sdp);
}

static void a_call(void **state)
{
	char b[2000];
	size_t n = request(b, "INVITE", 1, body);
	uint64_t call;

	(void)state;
	assert_int_equal(datagram(b, n, OUT), V_YES);
	assert_int_equal(messages(), 2);
	assert_true(text_is(FACT_FLOW_APP, "sip") && text_is(FACT_TELEPHONY, "sip") && text_is(METHOD, "INVITE"));
	assert_true(text_is(FROM, "sip:alice@example.org") && text_is(TO, "sip:bob@example.org") && text_is(AGENT, "Phone"));
	assert_string_equal(endpoint_at(0, CONTACT), "10.0.0.1:5060");
	assert_false(said(STATUS) || said(PROXIED));
	call = number(FACT_CALL);
	assert_int_equal(number_at(1, FACT_CALL), call);
	assert_string_equal(endpoint_at(1, FACT_SDP_AT), "10.0.0.1:4000");
	assert_true(text_at(1, FACT_SDP_AGENT, "Phone"));
	/* Sent again: known. */
	assert_int_equal(datagram(b, n, OUT), V_YES);
	assert_int_equal(messages(), 0);
	n = answer(b, 200, 1, body);
	assert_int_equal(datagram(b, n, IN), V_YES);
	assert_int_equal(number(STATUS), 200);
	assert_true(text_is(ANSWERS, "INVITE") && said(PROXIED));
	assert_int_equal(number(FACT_CALL), call);
	assert_false(said(FACT_FLOW_APP));
}

/* A trunk carries calls for ever: descriptions are always said, other messages only so often. */
static void a_trunk(void **state)
{
	unsigned plain = 0, described = 0;
	char b[2000];

	(void)state;
	for (unsigned i = 0; i < 500; i++) {
		datagram(b, request(b, "OPTIONS", i, ""), OUT);
		plain += messages();
	}
	assert_int_equal(plain, 48);
	for (unsigned i = 0; i < 500; i++) {
		datagram(b, request(b, "INVITE", 1000 + i, body), OUT);
		described += messages();
	}
	assert_int_equal(described, 500);
}

static void a_stream_cut_anywhere(void **state)
{
	char b[4000];
	size_t n = request(b, "INVITE", 1, body);
	unsigned said_methods = 0, said_media = 0;

	(void)state;
	n += (size_t)sprintf(b + n, "\r\n\r\n");
	n += request(b + n, "ACK", 1, "");
	for (size_t i = 0; i < n; i++) {
		enum verdict v = stretch(b + i, 1, OUT);

		assert_int_not_equal(v, V_NO);
		for (unsigned k = 0; k < messages(); k++) {
			said_methods += said_at(k, METHOD);
			said_media += said_at(k, FACT_SDP_AT);
		}
	}
	assert_int_equal(said_methods, 2);
	assert_int_equal(said_media, 1);
	assert_int_equal(stream_left_n[OUT], 0);
	/* All at once. */
	setup(NULL);
	assert_int_equal(stretch(b, n, OUT), V_YES);
	assert_int_equal(messages(), 3);
}

static void a_stream_that_is_none(void **state)
{
	static const char *const none[] = {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\x16\x03\x01", "EHLO there\r\n", "SSH-2.0-x\r\n",
	    "OPTIONS sip:a SIP/2.0\r\n\r\n"};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		setup(NULL);
		assert_int_equal(stretch(none[i], strlen(none[i]), OUT), V_NO);
	}
}

static void a_stream_that_loses_its_way(void **state)
{
	char b[4000];
	size_t n = request(b, "INVITE", 1, body);

	(void)state;
	assert_int_equal(stretch(b, n, OUT), V_YES);
	assert_int_equal(stretch("garbage\r\nmore of it\r\n", 21, OUT), V_YES);
	n = request(b, "BYE", 2, "");
	assert_int_equal(stretch(b, n, OUT), V_YES);
	assert_true(text_is(METHOD, "BYE"));
	/* A body that is longer than it says. */
	n = request(b, "INFO", 3, "12345");
	memcpy(strstr(b, "Content-Length: 5") + 16, "2", 1);
	assert_int_equal(stretch(b, n, OUT), V_YES);
	n = request(b, "INFO", 4, "");
	stretch("\r\n", 2, OUT);
	assert_int_equal(stretch(b, n, OUT), V_YES);
	assert_true(text_is(METHOD, "INFO"));
}

static void endless_headers(void **state)
{
	static char b[40000];
	size_t n = (size_t)sprintf(b, "INVITE sip:bob@example.org SIP/2.0\r\n");

	(void)state;
	memset(b + n, 'x', sizeof b - n);
	assert_int_equal(stretch(b, sizeof b, OUT), V_NO);
}

static void truncations(void **state)
{
	char b[2000];
	size_t n = request(b, "INVITE", 1, body);

	(void)state;
	for (size_t k = 0; k < n; k++) {
		setup(NULL);
		datagram(b, k, OUT);
		setup(NULL);
		stretch(b, k, OUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_call, setup),
		cmocka_unit_test_setup(a_trunk, setup),
		cmocka_unit_test_setup(a_stream_cut_anywhere, setup),
		cmocka_unit_test_setup(a_stream_that_is_none, setup),
		cmocka_unit_test_setup(a_stream_that_loses_its_way, setup),
		cmocka_unit_test_setup(endless_headers, setup),
		cmocka_unit_test_setup(truncations, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
