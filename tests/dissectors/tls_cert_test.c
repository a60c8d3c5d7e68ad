/* tls_cert_test.c -- certificates made by libcrypto, read back; broken ones. */
#include "../../dissectors/tls_cert.h"
#include "tls_make.h"

static struct made made;

static const char *read_one(const char *key_kind, const EVP_MD *hash, bool leaf)
{
	static char text[CERT_TEXT];
	EVP_PKEY *key = key_of(key_kind), *ca = key_of("P-256");
	struct cert c;

	made.n = 0;
	put_der(&made, key, "subject", leaf || hash == NULL ? key : ca, leaf ? "subject" : "issuer", hash);
	assert_true(tls_cert(&c, cur_of(made.b, made.n), leaf));
	EVP_PKEY_free(key);
	EVP_PKEY_free(ca);
	return cert_print(&c, text);
}

static void kinds(void **state)
{
	(void)state;
	assert_string_equal(read_one("RSA", EVP_sha256(), true), "leaf RSA-2048 RSA-SHA256");
	assert_string_equal(read_one("RSA", EVP_sha384(), true), "leaf RSA-2048 RSA-SHA384");
	assert_string_equal(read_one("RSA", EVP_sha1(), true), "leaf RSA-2048 RSA-SHA1");
	assert_string_equal(read_one("P-256", EVP_sha256(), true), "leaf EC-P-256 ECDSA-SHA256");
	assert_string_equal(read_one("P-384", EVP_sha384(), true), "leaf EC-P-384 ECDSA-SHA384");
	assert_string_equal(read_one("P-521", EVP_sha512(), true), "leaf EC-P-521 ECDSA-SHA512");
	assert_string_equal(read_one("secp256k1", EVP_sha1(), true), "leaf EC-secp256k1 ECDSA-SHA1");
	assert_string_equal(read_one("ED25519", NULL, true), "leaf Ed25519 EdDSA");
	assert_string_equal(read_one("RSA", EVP_sha512(), false), "intermediate RSA-2048 ECDSA-SHA512");
}

static void put_cert(EVP_PKEY *key, const char *subject, EVP_PKEY *ca, const char *issuer, const EVP_MD *hash)
{
	size_t one = begin(&made, 3);

	put_der(&made, key, subject, ca, issuer, hash);
	end(&made, one, 3);
}

/* Leaf, intermediate, root: who signs himself at the end is a root. */
static void chain(void **state)
{
	EVP_PKEY *leaf = key_of("RSA"), *middle = key_of("P-384"), *root = key_of("P-256");
	struct cert c[TLS_CERTS];
	char text[CERT_TEXT];
	bool cut = true;
	size_t all, two;

	(void)state;
	made.n = 0;
	all = begin(&made, 3);
	put_cert(leaf, "leaf", middle, "middle", EVP_sha384());
	put_cert(middle, "middle", root, "root", EVP_sha256());
	two = made.n;
	put_cert(root, "root", root, "root", EVP_sha1());
	end(&made, all, 3);
	assert_int_equal(tls_cert_chain(c, cur_of(made.b, made.n), &cut), 3);
	assert_false(cut);
	assert_string_equal(cert_print(&c[0], text), "leaf RSA-2048 ECDSA-SHA384");
	assert_string_equal(cert_print(&c[1], text), "intermediate EC-P-384 ECDSA-SHA256");
	assert_string_equal(cert_print(&c[2], text), "root EC-P-256 ECDSA-SHA1");
	/* Part of it: what is whole is read, and that it is not all is said. */
	for (size_t n = 0; n < made.n; n++) {
		uint8_t *edge = edge_copy(made.b, n);
		unsigned got = tls_cert_chain(c, cur_of(edge, n), &cut);

		assert_true(cut);
		assert_true(got <= 2);
		assert_int_equal(got == 2, n >= two && got == 2);
		edge_free(edge, n);
	}
	/* More than are looked at. */
	made.n = 0;
	all = begin(&made, 3);
	for (unsigned i = 0; i < TLS_CERTS + 1; i++)
		put_cert(middle, "middle", root, "root", EVP_sha256());
	end(&made, all, 3);
	assert_int_equal(tls_cert_chain(c, cur_of(made.b, made.n), &cut), TLS_CERTS);
	assert_true(cut);
	EVP_PKEY_free(leaf);
	EVP_PKEY_free(middle);
	EVP_PKEY_free(root);
}

static void empty(void **state)
{
	struct cert c[TLS_CERTS];
	bool cut = true;

	(void)state;
	assert_int_equal(tls_cert_chain(c, cur_of("\0\0\0", 3), &cut), 0);	/* a client that has none */
	assert_false(cut);
	assert_int_equal(tls_cert_chain(c, cur_of("\0\0\3\0\0\0", 6), &cut), 0);
	assert_true(cut);
	assert_false(tls_cert(c, cur_of("", 0), true));
}

static void flipped(void **state)
{
	struct cert c;
	EVP_PKEY *key = key_of("P-384");

	(void)state;
	made.n = 0;
	put_der(&made, key, "s", key, "s", EVP_sha384());
	for (size_t i = 0; i < made.n * 8; i++) {
		uint8_t *edge = edge_copy(made.b, made.n);
		char text[CERT_TEXT];

		edge[i / 8] ^= (uint8_t)(1 << i % 8);
		if (tls_cert(&c, cur_of(edge, made.n), true))
			cert_print(&c, text);
		edge_free(edge, made.n);
	}
	EVP_PKEY_free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds), cmocka_unit_test(chain), cmocka_unit_test(empty), cmocka_unit_test(flipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
