/* judge_test.c -- verdicts on what OpenSSL does not make (tests/crypto.sh has what it does): SDES, ZRTP, plain media, keys out of
 * sight, chains, and what is not all there. */
#include "said.h"

static struct crypto_profile *seed, *nzism;
static struct event_crypto e;
static char line[CRYPTO_LINE];

static int profiles(void **state)
{
	(void)state;
	seed = profile("seed2012");
	nzism = profile("nzism3.9");
	return 0;
}

static int no_profiles(void **state)
{
	(void)state;
	crypto_profile_free(seed);
	crypto_profile_free(nzism);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof seen);
	return 0;
}

static const char *by(const struct crypto_profile *p)
{
	crypto_judge(p, &seen, true, &e);
	return crypto_line(&e, line);
}

static bool has_cid(uint32_t cid)
{
	for (unsigned i = 0; i < e.n_cids; i++)
		if (e.cids[i] == cid)
			return true;
	return false;
}

static bool has_note(const char *text)
{
	for (unsigned i = 0; i < e.n_notes; i++)
		if (strcmp(e.notes[i], text) == 0)
			return true;
	return false;
}

static const struct chosen good = {0xfefd, 0xc02c, 24, 0, 0x0503, 0, {"leaf EC-P-384 ECDSA-SHA384"}, false, false};

static void best(void **state)
{
	(void)state;
	chooses("DTLS", &good);
	assert_string_equal(by(nzism), "DTLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, P-384; nzism3.9: pass");
	assert_int_equal(e.visible, VISIBLE_FULL);
	assert_int_equal(e.classes, 0);
	assert_int_equal(e.n_cids, 0);
	assert_int_equal(e.bits, 256);
	assert_string_equal(e.hash, "SHA-384");
	assert_string_equal(e.signature, "ecdsa_secp384r1_sha384");
	assert_int_equal(e.n_certs, 1);
	assert_string_equal(e.certs[0].curve, "P-384");
	assert_true(has_note("DTLS 1.2 is accepted, but is not the best"));
}

/* Whatever is not seen keeps it from a pass; what breaks a rule fails it all the same. */
static void parts_missing(void **state)
{
	struct chosen c = good;

	(void)state;
	c.group = 0;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(nzism), "nzism3.9: unknown (key-exchange-not-seen)"));
	assert_int_equal(e.visible, VISIBLE_PARTIAL);
	assert_int_equal(e.classes, CLASS_UNSEEN);
	c = good;
	c.signature = 0;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(nzism), "unknown (signature-not-seen)"));
	c = good;
	c.certs[0] = NULL;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(nzism), "unknown (certificate-not-seen)"));
	c = good;
	c.cut = true;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(nzism), "unknown (certificates-not-all-seen)"));
	c.suite = 0xc02b;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(seed), "fail (AES-128)"));
	assert_int_equal(e.classes, CLASS_WEAK);
	c = good;
	c.resumed = true;
	c.certs[0] = NULL;
	c.group = c.signature = 0;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(nzism), "unknown (resumed)"));
	c = good;
	c.suite = 0x7777;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(nzism), "fail (unlisted suite 0x7777)"));
	c = good;
	c.group = 0x7777;
	chooses("DTLS", &c);
	assert_non_null(strstr(by(nzism), "fail (0x7777)"));
}

static void post_quantum(void **state)
{
	struct chosen c = {.version = 0xfefc, .suite = 0x1302, .group = 0x11ec};

	(void)state;
	chooses("DTLS", &c);
	assert_string_equal(by(nzism), "DTLS 1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768; nzism3.9: unknown (unlisted-pq, hidden-in-1.3)");
	assert_true(has_note("X25519MLKEM768: no list has post-quantum groups yet"));
	says_media("srtp");
	assert_non_null(strstr(by(nzism), "fail (DTLS-SRTP not approved)"));
	assert_int_equal(e.classes, CLASS_NOT_APPROVED);
	assert_non_null(strstr(by(seed), "unknown"));
}

/* What signed a root proves nothing; what signed an intermediate does. */
static void chains(void **state)
{
	struct chosen c = good;

	(void)state;
	c.certs[1] = "intermediate RSA-2048 RSA-SHA256";
	c.certs[2] = "root RSA-1024 RSA-SHA1";
	chooses("TLS", &c);
	assert_non_null(strstr(by(nzism), ": pass"));
	assert_int_equal(e.n_certs, 3);
	c.certs[1] = "intermediate RSA-2048 RSA-SHA1";
	chooses("TLS", &c);
	assert_non_null(strstr(by(nzism), "fail (certificate SHA-1)"));
	assert_true(has_cid(2155) && has_cid(7187));
	assert_non_null(strstr(by(seed), "fail (certificate SHA-1)"));
	c.certs[1] = "intermediate other other";
	chooses("TLS", &c);
	assert_non_null(strstr(by(nzism), "fail (certificate other)"));
}

static void sdes(void **state)
{
	(void)state;
	says_suite("SDES", "AEAD_AES_256_GCM", true);
	assert_string_equal(by(seed), "SDES, AEAD_AES_256_GCM; seed2012: fail (key in clear)");
	assert_int_equal(e.classes, CLASS_IN_CLEAR);
	assert_string_equal(by(nzism), "SDES, AEAD_AES_256_GCM; nzism3.9: fail (SDES not approved, key in clear)");
	assert_true(has_cid(2520) && has_cid(3728));
	assert_int_equal(e.classes, CLASS_IN_CLEAR | CLASS_NOT_APPROVED);
	says_suite("SDES", "AES_CM_128_HMAC_SHA1_80", false);
	assert_string_equal(by(seed), "SDES, AES_CM_128_HMAC_SHA1_80; seed2012: fail (SRTP AES-128, SRTP SHA-1)");
	says_suite("SDES", "ROT13", false);
	assert_non_null(strstr(by(seed), "fail (unlisted suite ROT13)"));
	says_suite("SDES", NULL, false);
	assert_non_null(strstr(by(seed), "unknown (key-exchange-not-visible)"));
}

static void zrtp(void **state)
{
	(void)state;
	says_suite("ZRTP", "AES3-S384-EC38-HS80", false);
	assert_string_equal(by(seed), "ZRTP, P-384, AES3-S384-EC38-HS80; seed2012: pass");
	assert_string_equal(by(nzism), "ZRTP, P-384, AES3-S384-EC38-HS80; nzism3.9: fail (ZRTP not approved)");
	assert_int_equal(e.classes, CLASS_NOT_APPROVED);
	says_suite("ZRTP", "AES1-S256-DH2k-HS32", false);
	assert_string_equal(by(nzism), "ZRTP, AES1-S256-DH2k-HS32; nzism3.9: fail (ZRTP not approved, SRTP AES-128, SRTP SHA-256, DH-2048)");
	says_suite("ZRTP", "AES3-S384-E414", false);
	assert_non_null(strstr(by(seed), "fail (unlisted group)"));
}

static void media(void **state)
{
	(void)state;
	says_media("none");
	assert_string_equal(by(nzism), "RTP; nzism3.9: fail (not encrypted)");
	assert_true(has_cid(3728));
	setup(state);
	says_media("srtp");
	assert_string_equal(by(nzism), "SRTP; nzism3.9: unknown (key-exchange-not-visible)");
	assert_int_equal(e.visible, VISIBLE_NONE);
	setup(state);
	assert_string_equal(by(nzism), "nzism3.9: unknown (key-exchange-not-visible)");
	says_suite("mtproto", NULL, false);
	assert_non_null(strstr(by(nzism), "fail (mtproto not approved)"));
	assert_non_null(strstr(by(seed), "unknown (key-exchange-not-visible)"));
}

static void nothing_to_judge(void **state)
{
	(void)state;
	crypto_judge(nzism, NULL, false, &e);
	assert_int_equal(e.result, CRYPTO_NONE);
	crypto_judge(nzism, &seen, false, &e);
	assert_int_equal(e.result, CRYPTO_NONE);
	crypto_judge(NULL, &seen, true, &e);
	assert_int_equal(e.result, CRYPTO_NONE);
	crypto_judge(nzism, NULL, true, &e);
	assert_int_equal(e.result, CRYPTO_UNKNOWN);
}

static void offers_are_noted(void **state)
{
	(void)state;
	offers(true, "\xc0\x2c\xc0\x2b\x13\x01", 6);
	assert_string_equal(by(nzism), "DTLS; nzism3.9: unknown (offered-only)");
	assert_int_equal(e.visible, VISIBLE_OFFERED);
	assert_true(has_note("offered: 2 of 3 suites would not pass (CID 2128)"));
	assert_true(has_note("offered: 1 of 2 groups would not pass (CID 2128)"));
	chooses("DTLS", &good);
	assert_non_null(strstr(by(nzism), ": pass"));
	assert_true(has_note("offered: 2 of 3 suites would not pass (CID 2128)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(best, setup), cmocka_unit_test_setup(parts_missing, setup), cmocka_unit_test_setup(post_quantum, setup),
		cmocka_unit_test_setup(chains, setup), cmocka_unit_test_setup(sdes, setup), cmocka_unit_test_setup(zrtp, setup),
		cmocka_unit_test_setup(media, setup), cmocka_unit_test_setup(nothing_to_judge, setup), cmocka_unit_test_setup(offers_are_noted, setup),
	};

	return cmocka_run_group_tests(tests, profiles, no_profiles);
}
