/* seen_test.c -- what is collected of a flow's messages: offers, choices, anew, and what media show. */
#include "said.h"

static int setup(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof seen);
	return 0;
}

static void offered_then_chosen(void **state)
{
	(void)state;
	offers(true, "\x0a\x0a\xc0\x2c\x13\x02\0\xff", 8);
	assert_true(seen.offer && !seen.choice && seen.datagrams);
	assert_int_equal(seen.n_suites, 2);			/* what stands for nothing does not count */
	assert_int_equal(seen.suites[1], 0x1302);
	assert_int_equal(seen.n_groups, 2);
	chooses("DTLS", &(struct chosen){0xfefd, 0xc02c, 24, 8, 0x0503, 0, {"leaf EC-P-384 ECDSA-SHA384", "intermediate RSA-4096 RSA-SHA384"}, false, false});
	assert_true(seen.offer && seen.choice);
	assert_int_equal(seen.protocol, CRYPTO_DTLS);
	assert_int_equal(seen.group, 24);
	assert_int_equal(seen.server.n, 2);
	assert_int_equal(seen.server.cert[1].bits, 4096);
	begin(true);
	fact_text(&said_facts, FACT_CRYPTO_CERT, "leaf EC-P-256 ECDSA-SHA256");
	note();
	assert_int_equal(seen.client.n, 1);
	assert_int_equal(seen.server.n, 2);
}

static void anew(void **state)
{
	(void)state;
	offers(true, "\xc0\x2c", 2);
	chooses("DTLS", &(struct chosen){0xfefd, 0xc02c, 24, 8, 0x0503, 0, {"leaf EC-P-384 ECDSA-SHA384"}, false, false});
	says_media("srtp");
	offers(true, "\xc0\x2b", 2);
	assert_false(seen.choice);
	assert_int_equal(seen.suite, 0);
	assert_int_equal(seen.server.n, 0);
	assert_true(seen.media_srtp);
	chooses("DTLS", &(struct chosen){0xfefc, 0x1301, 29, 0, 0, 0, {NULL}, true, false});
	assert_true(seen.resumed);
	assert_int_equal(seen.srtp, 0);
}

static void media_take_nothing_back(void **state)
{
	(void)state;
	says_media("none");
	assert_true(seen.media_clear && !seen.media_srtp);
	chooses("DTLS", &(struct chosen){.version = 0xfefd, .suite = 0xc02c});
	says_suite("SRTP", NULL, false);
	assert_int_equal(seen.protocol, CRYPTO_DTLS);
	setup(state);
	says_suite("RTP", NULL, false);
	assert_int_equal(seen.protocol, CRYPTO_RTP);
	says_suite("SDES", "AES_CM_128_HMAC_SHA1_80", true);
	assert_int_equal(seen.protocol, CRYPTO_SDES);
	assert_true(seen.key_in_clear);
	assert_string_equal(seen.name, "AES_CM_128_HMAC_SHA1_80");
	setup(state);
	says_suite("mtproto", NULL, false);
	assert_int_equal(seen.protocol, CRYPTO_OTHER);
	assert_string_equal(seen.name, "mtproto");
}

/* ZRTP says its name in every message, and what is chosen in one. */
static void said_once(void **state)
{
	(void)state;
	says_suite("ZRTP", NULL, false);
	assert_string_equal(seen.name, "");
	says_suite("ZRTP", "AES3-S384-EC38-HS80", false);
	says_suite("ZRTP", NULL, false);
	assert_string_equal(seen.name, "AES3-S384-EC38-HS80");
	says_suite("ZRTP", "AES1-S256-DH3k-HS80", false);
	assert_string_equal(seen.name, "AES1-S256-DH3k-HS80");
}

static void too_much(void **state)
{
	char suites[200], name[200];

	(void)state;
	memset(suites, 0x13, sizeof suites);
	memset(name, 'x', sizeof name);
	name[sizeof name - 1] = '\0';
	offers(false, suites, sizeof suites);
	assert_int_equal(seen.n_suites, SEEN_SUITES);
	chooses("TLS", &(struct chosen){.version = 0x0303, .certs = {"leaf RSA-1 RSA-SHA1", "root RSA-2 RSA-SHA1", "root RSA-3 RSA-SHA1", "root RSA-4 RSA-SHA1"}});
	assert_int_equal(seen.server.n, SEEN_CERTS);
	assert_true(seen.server.cut);
	says_suite("SDES", name, false);
	assert_int_equal(strlen(seen.name), SEEN_NAME - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(offered_then_chosen, setup), cmocka_unit_test_setup(anew, setup),
		cmocka_unit_test_setup(media_take_nothing_back, setup), cmocka_unit_test_setup(said_once, setup), cmocka_unit_test_setup(too_much, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
