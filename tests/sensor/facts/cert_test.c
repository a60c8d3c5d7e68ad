/* cert_test.c -- a certificate as text, and back. */
#include "../../../sensor/facts/cert.h"
#include "../../test.h"

static void there_and_back(void **state)
{
	static const uint16_t curves[] = {0, 19, 21, 22, 23, 24, 25, 26, 27, 28};
	static const uint16_t bits[] = {0, 192, 224, 256, 256, 384, 521, 256, 384, 512};

	(void)state;
	for (unsigned role = 0; role <= CERT_ROOT; role++)
		for (unsigned key = 0; key <= CERT_ED448; key++)
			for (unsigned signature = 0; signature <= CERT_SIG_EDDSA; signature++)
				for (unsigned hash = 0; hash <= CERT_SHA512; hash++)
					for (unsigned v = 0; v < 10; v++) {
						struct cert c = {.role = (uint8_t)role, .key = (uint8_t)key, .signature = (uint8_t)signature, .hash = (uint8_t)hash}, back;
						char text[CERT_TEXT];

						if (key == CERT_EC) {
							c.curve = curves[v];
							c.bits = bits[v];
						} else {
							c.bits = key == CERT_ED25519 ? 256 : key == CERT_ED448 ? 456 : (uint16_t)(v * 1024);
						}
						cert_print(&c, text);
						assert_true(cert_parse(&back, cur_of(text, strlen(text))));
						assert_memory_equal(&c, &back, sizeof c);
					}
}

static void others(void **state)
{
	static const char *const wrong[] = {"", "leaf", "leaf RSA-2048", "leaf RSA-x RSA-SHA1", "trunk RSA-2048 RSA-SHA1", "leaf XYZ RSA-SHA1",
	    "leaf RSA-2048 RSA-SHA9", "leaf RSA-2048 XYZ-SHA1", "leaf EC-P-999 ECDSA-SHA256",
	    "leaf RSA-2048 RSA-SHA256 leaf RSA-2048 RSA-SHA256 leaf RSA-2048 RSA-SHA256"};
	struct cert c;

	(void)state;
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (cert_parse(&c, cur_of(wrong[i], strlen(wrong[i]))) && i != 9)
			fail_msg("taken: %s", wrong[i]);
	assert_false(cert_parse(&c, cur_of(wrong[9], strlen(wrong[9]))));
	assert_string_equal(cert_hash_name(CERT_SHA384), "SHA-384");
	assert_string_equal(cert_hash_name(99), "");
	assert_string_equal(cert_key_name(CERT_RSA), "RSA");
	assert_string_equal(cert_key_name(99), "other");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back), cmocka_unit_test(others)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
