/* profile_test.c -- the shipped profiles, and every mistake at its line. */
#include "../../../sensor/crypto/profile.h"
#include "../../test.h"

#include <stdio.h>

static char *said;
static size_t said_n;

static struct crypto_profile *parse(const char *text)
{
	struct mistakes m = {.to = open_memstream(&said, &said_n)};
	struct crypto_profile *p = crypto_profile_parse("x.yaml", text, strlen(text), &m);

	fclose(m.to);
	return p;
}

static void shipped(void **state)
{
	static const char *const names[] = {"nzism3.9", "seed2012"};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct mistakes m = {.to = stderr};
		char path[64];
		struct crypto_profile *p;

		snprintf(path, sizeof path, "config/crypto/%s.yaml", names[i]);
		p = crypto_profile_load(path, &m);
		assert_non_null(p);
		assert_string_equal(p->name, names[i]);
		assert_true(p->about[0] != '\0');
		assert_int_equal(p->rule[RULE_CIPHER].n_pass, 1);
		assert_string_equal(p->rule[RULE_CIPHER].pass[0], "AES-256");
		assert_int_equal(p->rule[RULE_GROUP].n_pass, i == 0 ? 1 : 2);
		assert_int_equal(p->rule[RULE_DH].least, i == 0 ? 3072 : 0);
		assert_int_equal(p->rule[RULE_GROUP].n_cid, i == 0 ? 1 : 0);
		crypto_profile_free(p);
	}
	crypto_profile_free(NULL);
}

static void small(void **state)
{
	struct crypto_profile *p = parse("name: mine\nsrtp:\n  cipher:\n    pass: [AES-128, AES-256]\n    cid: [1, 2]\n");

	(void)state;
	assert_non_null(p);
	assert_string_equal(said, "");
	assert_int_equal(p->rule[RULE_SRTP_CIPHER].n_pass, 2);
	assert_int_equal(p->rule[RULE_SRTP_CIPHER].cid[1], 2);
	assert_int_equal(p->rule[RULE_CIPHER].n_pass, 0);
	crypto_profile_free(p);
	free(said);
}

static void mistakes_at_their_lines(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"about: nameless\n", "name"},
		{"", "name"},
		{"name: x\ncipher:\n  pass: [AES256]\n", "x.yaml:3: cipher.pass: AES256 is nothing"},
		{"name: x\n\ngroup:\n  best: [P384]\n", "x.yaml:4: group.best: P384 is nothing"},
		{"name: x\nversion:\n  pass: [TLS1.2]\n", "x.yaml:3: version.pass: TLS1.2 is nothing"},
		{"name: x\nhash:\n  pass: [SHA256]\n", "x.yaml:3: hash.pass: SHA256 is nothing"},
		{"name: x\nprotocol:\n  pass: [QUIC]\n", "x.yaml:3: protocol.pass: QUIC is nothing"},
		{"name: x\nkey_exchange:\n  pass: [ecdhe]\n", "x.yaml:3: key_exchange.pass: ecdhe is nothing"},
		{"name: x\ncertificate:\n  key:\n    pass: [ECDSA]\n", "x.yaml:4: certificate.key.pass: ECDSA is nothing"},
		{"name: x\ndh:\n  least: many\n", "x.yaml:3: dh.least"},
		{"name: x\ncypher:\n  pass: [AES-256]\n", "x.yaml:2: cypher: unknown key"},
		{"name: x\noffer:\n  cid: [0x7]\n", "x.yaml:3: offer.cid"},
		{"- a list\n", "x.yaml:1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_null(parse(cases[i].text));
		if (strstr(said, cases[i].want) == NULL)
			fail_msg("%s: want %s, got %s", cases[i].text, cases[i].want, said);
		free(said);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped), cmocka_unit_test(small), cmocka_unit_test(mistakes_at_their_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
