/* names_test.c -- the tables: in order, complete where it matters, and taken apart rightly. */
#include "../../../sensor/crypto/names.h"
#include "../../test.h"

static void suites(void **state)
{
	static const struct {
		uint16_t number;
		const char *name, *cipher;
		uint16_t bits;
		uint8_t hash, exchange;
		bool certified, is_signed;
	} want[] = {
		{0x1302, "TLS_AES_256_GCM_SHA384", "AES-256", 256, CERT_SHA384, EXCHANGE_13, true, true},
		{0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "AES-256", 256, CERT_SHA384, EXCHANGE_ECDHE, true, true},
		{0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "AES-256", 256, CERT_SHA1, EXCHANGE_ECDHE, true, true},
		{0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES-256", 256, CERT_SHA384, EXCHANGE_RSA, true, false},
		{0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ChaCha20", 256, CERT_SHA256, EXCHANGE_ECDHE, true, true},
		{0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", "AES-256", 256, CERT_SHA256, EXCHANGE_ECDHE, true, true},
		{0x0005, "TLS_RSA_WITH_RC4_128_SHA", "RC4", 128, CERT_SHA1, EXCHANGE_RSA, true, false},
		{0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "3DES", 168, CERT_SHA1, EXCHANGE_RSA, true, false},
		{0xc006, "TLS_ECDHE_ECDSA_WITH_NULL_SHA", "NULL", 0, CERT_SHA1, EXCHANGE_ECDHE, true, true},
		{0xc018, "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", "AES-128", 128, CERT_SHA1, EXCHANGE_ANONYMOUS, false, false},
		{0xc036, "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA", "AES-256", 256, CERT_SHA1, EXCHANGE_PSK, false, false},
	};
	struct suite s;
	char text[NAME_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		assert_true(suite_of(&s, want[i].number));
		assert_string_equal(suite_text(want[i].number, text), want[i].name);
		assert_string_equal(s.cipher, want[i].cipher);
		assert_int_equal(s.bits, want[i].bits);
		assert_int_equal(s.hash, want[i].hash);
		assert_int_equal(s.exchange, want[i].exchange);
		assert_int_equal(s.certified, want[i].certified);
		assert_int_equal(s.is_signed, want[i].is_signed);
	}
	assert_false(suite_of(&s, 0xffff));
	assert_string_equal(s.cipher, "");
	assert_string_equal(suite_text(0xffff, text), "0xffff");
}

/* Found by halving: each number finds itself. */
static void all_suites(void **state)
{
	unsigned n = 0;

	(void)state;
	for (unsigned v = 0; v <= 0xffff; v++) {
		struct suite s;
		char text[NAME_TEXT];

		if (!suite_of(&s, (uint16_t)v))
			continue;
		n++;
		assert_true(strncmp(suite_text((uint16_t)v, text), "TLS_", 4) == 0);
		assert_true(names_cipher(s.cipher));
		assert_true(s.exchange != EXCHANGE_UNKNOWN);
		assert_false(is_no_suite((uint16_t)v));
	}
	assert_int_equal(n, 234);
}

static void media(void **state)
{
	struct suite s;
	char text[NAME_TEXT];

	(void)state;
	for (uint16_t v = 1; v <= 0x10; v++)
		assert_true(srtp_of(&s, v));
	assert_true(srtp_of(&s, 8));
	assert_string_equal(srtp_text(8, text), "AEAD_AES_256_GCM");
	assert_int_equal(s.bits, 256);
	assert_int_equal(s.hash, CERT_HASH_OTHER);
	assert_true(srtp_of(&s, 1));
	assert_int_equal(s.hash, CERT_SHA1);
	assert_true(srtp_of(&s, 5));
	assert_string_equal(s.cipher, "NULL");
	assert_false(srtp_of(&s, 0) || srtp_of(&s, 0x11));
	assert_string_equal(srtp_text(0x11, text), "0x0011");
	assert_true(suite_of_sdes(&s, "AES_CM_128_HMAC_SHA1_80"));
	assert_string_equal(s.cipher, "AES-128");
	assert_true(suite_of_sdes(&s, "AEAD_AES_256_GCM"));
	assert_string_equal(s.cipher, "AES-256");
	assert_false(suite_of_sdes(&s, "") || suite_of_sdes(&s, "WHATEVER"));
}

static void zrtp(void **state)
{
	uint16_t group, bits;
	struct suite s;

	(void)state;
	assert_true(suite_of_zrtp(&s, "AES3-S384-EC38-HS80-B32", &group, &bits));
	assert_string_equal(s.cipher, "AES-256");
	assert_int_equal(s.hash, CERT_SHA384);
	assert_int_equal(s.exchange, EXCHANGE_ECDHE);
	assert_int_equal(group, 24);
	assert_true(suite_of_zrtp(&s, "AES1-S256-DH3k", &group, &bits));
	assert_int_equal(bits, 3072);
	assert_true(suite_of_zrtp(&s, "2FS3-S256-X255", &group, &bits));
	assert_string_equal(s.cipher, "Twofish-256");
	assert_false(suite_of_zrtp(&s, "AES3-S384", &group, &bits) || suite_of_zrtp(&s, "AES9-S384-EC38", &group, &bits) ||
	    suite_of_zrtp(&s, "", &group, &bits));
}

static void groups_and_signatures(void **state)
{
	uint8_t hash, key;
	char text[NAME_TEXT];
	uint16_t bits;

	(void)state;
	assert_int_equal(group_of(24, &bits), GROUP_CURVE);
	assert_string_equal(group_text(24, text), "P-384");
	assert_int_equal(group_of(257, &bits), GROUP_FINITE);
	assert_int_equal(bits, 3072);
	assert_int_equal(group_of(0x11ec, &bits), GROUP_POST_QUANTUM);
	assert_int_equal(group_of(0x9999, &bits), GROUP_UNKNOWN);
	assert_string_equal(group_text(0x9999, text), "0x9999");
	assert_true(signature_of(0x0503, &hash, &key));
	assert_int_equal(hash, CERT_SHA384);
	assert_int_equal(key, CERT_EC);
	assert_string_equal(signature_text(0x0804, text), "rsa_pss_rsae_sha256");
	assert_false(signature_of(0x9999, &hash, &key));
	assert_string_equal(signature_text(0x9999, text), "0x9999");
	assert_string_equal(version_text(0xfefd), "DTLS 1.2");
	assert_string_equal(version_text(0x0304), "TLS 1.3");
	assert_string_equal(version_text(7), "");
	assert_true(names_version("DTLS 1.0") && names_group("X25519") && names_cipher("Twofish-256"));
	assert_false(names_version("TLS1.2") || names_group("P256") || names_cipher("AES256"));
	assert_true(is_no_suite(0x00ff) && is_no_suite(0x5600) && is_no_suite(0x1a1a) && is_no_group(0xfafa));
	assert_false(is_no_suite(0x1301) || is_no_group(23) || is_no_group(0x1a2a));
	assert_string_equal(exchange_text(EXCHANGE_FIXED), "fixed DH");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suites), cmocka_unit_test(all_suites), cmocka_unit_test(media), cmocka_unit_test(zrtp),
		cmocka_unit_test(groups_and_signatures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
