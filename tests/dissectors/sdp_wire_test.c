/* sdp_wire_test.c -- session descriptions: media, addresses, candidates, how they are protected. */
#include "../../dissectors/sdp_wire.h"
#include "../test.h"

#include <stdio.h>

static struct sdp sdp;

static bool parse(const char *text)
{
	size_t n = strlen(text);
	uint8_t *edge = edge_copy(text, n);
	bool ok = sdp_parse(&sdp, cur_of(edge, n));

	/* What it found are windows on the bytes, which go: only numbers are looked at after this. */
	edge_free(edge, n);
	return ok;
}

static const char *at(unsigned i)
{
	static char text[ENDPOINT_TEXT];

	assert_true(i < sdp.n);
	return endpoint_text(&sdp.medium[i].at, text);
}

static void a_call(void **state)
{
	static const char text[] = "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 203.0.113.9\r\nt=0 0\r\n"
	    "m=audio 49170 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\n"
	    "m=video 51372/2 RTP/AVP 31\r\nc=IN IP4 203.0.113.10/127\r\n"
	    "m=image 0 udptl t38\r\nc=IN IP4 203.0.113.11\r\n";
	struct cursor body = cur_of(text, sizeof text - 1);

	(void)state;
	assert_true(parse(text));
	assert_int_equal(sdp.n, 2);
	assert_string_equal(at(0), "203.0.113.9:49170");
	assert_string_equal(at(1), "203.0.113.10:51372");
	assert_true(sdp_parse(&sdp, body));
	assert_true(line_is(&sdp.medium[0].what, "audio") && line_is(&sdp.medium[0].profile, "RTP/AVP"));
	assert_true(line_is(&sdp.medium[1].what, "video"));
}

static void protection(void **state)
{
	static const char text[] = "v=0\nc=IN IP6 2001:db8::9\na=fingerprint:sha-256 AB:CD\n"
	    "m=audio 4000 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\n"
	    "a=crypto:2 AES_256_CM_HMAC_SHA1_80 inline:c2VjcmV0\n"
	    "m=video 4002 UDP/TLS/RTP/SAVPF 96\na=fingerprint:sha-384 00:11\na=zrtp-hash:1.10 abc\n";

	(void)state;
	assert_true(sdp_parse(&sdp, cur_of(text, sizeof text - 1)));
	assert_int_equal(sdp.n, 2);
	assert_string_equal(at(0), "[2001:db8::9]:4000");
	assert_int_equal(sdp.medium[0].n_suites, 2);
	assert_true(line_is(&sdp.medium[0].suite[0], "AES_CM_128_HMAC_SHA1_80"));
	assert_true(line_is(&sdp.medium[0].suite[1], "AES_256_CM_HMAC_SHA1_80"));
	assert_true(line_is(&sdp.medium[0].fingerprint, "sha-256") && !sdp.medium[0].zrtp);
	assert_true(line_is(&sdp.medium[1].fingerprint, "sha-384") && sdp.medium[1].zrtp);
}

static void candidates(void **state)
{
	char e[ENDPOINT_TEXT];

	(void)state;
	assert_true(parse("v=0\nc=IN IP4 203.0.113.9\nm=audio 4000 RTP/AVP 0\n"
	    "a=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ host\n"
	    "a=candidate:1 1 UDP 2130706431 10.0.1.1 8998 typ host\n"
	    "a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998\n"
	    "a=candidate:3 1 TCP 1694498815 192.0.2.3 9 typ host tcptype active\n"
	    "a=candidate:4 1 UDP 1 x.local 9 typ host\na=candidate:5\na=candidate:\n"));
	assert_int_equal(sdp.medium[0].n_candidates, 2);
	assert_string_equal(endpoint_text(&sdp.medium[0].candidate[1], e), "192.0.2.3:45664");
}

static void nowhere_to_send(void **state)
{
	(void)state;
	assert_false(parse(""));
	assert_false(parse("v=0\nc=IN IP4 203.0.113.9\n"));
	assert_false(parse("m=audio 4000 RTP/AVP 0\nc=IN IP4 203.0.113.9\n"));	/* no description */
	assert_false(parse("v=0\nm=audio 4000 RTP/AVP 0\n"));			/* no address */
	assert_false(parse("v=0\nc=IN IP4 host.example\nm=audio 4000 RTP/AVP 0\n"));
	assert_false(parse("v=0\nc=IN IP4 203.0.113.9\nm=audio 70000 RTP/AVP 0\n"));
	assert_false(parse("v=0\nc=IN IP4 203.0.113.9\nm=audio\n"));
	/* Held, the old way. */
	assert_false(parse("v=0\nc=IN IP4 0.0.0.0\nm=audio 4000 RTP/AVP 0\n"));
	assert_false(parse("v=0\nc=IN IP4 203.0.113.9\nm=audio 4000 RTP/AVP 0\nc=IN IP4 0.0.0.0\n"));
}

static void among_other_parts(void **state)
{
	(void)state;
	assert_true(parse("--x\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nc=IN IP4 203.0.113.9\r\n"
	    "m=audio 4000 RTP/AVP 0\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nm=audio 5000 RTP/AVP 0\r\n"));
	assert_int_equal(sdp.n, 1);
	/* What belongs to a refused medium goes with it. */
	assert_true(parse("v=0\nc=IN IP4 203.0.113.9\nm=audio 4000 RTP/AVP 0\nm=video 0 RTP/AVP 31\nc=IN IP4 203.0.113.99\n"));
	assert_string_equal(at(0), "203.0.113.9:4000");
}

static void too_many(void **state)
{
	static char text[1 << 16];
	size_t n = (size_t)snprintf(text, sizeof text, "v=0\nc=IN IP4 203.0.113.9\n");

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		n += (size_t)snprintf(text + n, sizeof text - n, "m=audio %u RTP/SAVP 0\n", 4000 + i);
		for (unsigned k = 0; k < 20; k++)
			n += (size_t)snprintf(text + n, sizeof text - n,
			    "a=candidate:1 1 UDP 1 10.0.0.%u 9000 typ host\na=crypto:1 X inline:y\n", k);
	}
	assert_true(parse(text));
	assert_int_equal(sdp.n, SDP_MEDIA);
	assert_int_equal(sdp.medium[0].n_candidates, SDP_CANDIDATES);
	assert_int_equal(sdp.medium[0].n_suites, SDP_SUITES);
	/* Every truncation of a part of it. */
	for (size_t k = 0; k < 600; k++) {
		text[n = 600 - k] = '\0';
		parse(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call),
		cmocka_unit_test(protection),
		cmocka_unit_test(candidates),
		cmocka_unit_test(nowhere_to_send),
		cmocka_unit_test(among_other_parts),
		cmocka_unit_test(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
