/* sdp_say_test.c -- a description as facts. */
#include "../../dissectors/sdp_say.h"
#include "../test.h"

static struct facts facts;

static bool has_text(const struct message *m, unsigned id, const char *want)
{
	struct fact f;

	return message_find(m, id, &f) && f.bytes.left == strlen(want) && cur_starts(&f.bytes, want, f.bytes.left);
}

static void one_message_a_medium(void **state)
{
	static const char text[] = "v=0\nc=IN IP4 203.0.113.9\nm=audio 4000 RTP/SAVP 0\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SeCrEt\n"
	    "a=candidate:1 1 UDP 1 10.0.0.1 9000 typ host\nm=image 4002 udptl t38\na=zrtp-hash:1.10 x\n";
	struct endpoint sender = {addr_v4(0xcb007109), 5060}, nowhere = {.port = 0};
	const struct message *m;
	struct sdp sdp;
	struct fact f;
	size_t at = 0;

	(void)state;
	facts_reset(&facts);
	assert_true(sdp_parse(&sdp, cur_of(text, sizeof text - 1)));
	sdp_say(&facts, &sdp, "sip", 77, &sender, cur_of("Phone 1", 7));
	assert_true(facts_next(&facts, &at, &m));
	assert_int_equal(message_uint(m, FACT_CALL), 77);
	assert_true(has_text(m, FACT_TELEPHONY, "sip"));
	assert_true(has_text(m, FACT_SDP_MEDIUM, "audio") && has_text(m, FACT_SDP_PROFILE, "RTP/SAVP"));
	assert_true(has_text(m, FACT_SDP_CRYPTO, "AES_CM_128_HMAC_SHA1_80") && has_text(m, FACT_SDP_AGENT, "Phone 1"));
	assert_true(message_find(m, FACT_SDP_CANDIDATE, &f) && f.endpoint.port == 9000);
	assert_true(message_find(m, FACT_SDP_AT, &f) && f.endpoint.port == 4000);
	assert_true(message_find(m, FACT_SDP_SENDER, &f) && f.endpoint.port == 5060);
	assert_false(message_has(m, FACT_SDP_ZRTP) || message_has(m, FACT_SDP_FINGERPRINT));
	assert_true(facts_next(&facts, &at, &m));
	assert_true(has_text(m, FACT_SDP_MEDIUM, "image") && message_has(m, FACT_SDP_ZRTP));
	assert_false(facts_next(&facts, &at, &m));
	/* The key went nowhere. */
	for (size_t i = 0; i + 6 <= facts.used; i++)
		assert_memory_not_equal(facts.bytes + i, "SeCrEt", 6);
	facts_reset(&facts);
	sdp_say(&facts, &sdp, "sip", 77, &nowhere, cur_of("", 0));
	at = 0;
	assert_true(facts_next(&facts, &at, &m));
	assert_false(message_has(m, FACT_SDP_SENDER) || message_has(m, FACT_SDP_AGENT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_message_a_medium),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
