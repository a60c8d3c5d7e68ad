/* zrtp_test.c -- ZRTP: what an end can do, what is chosen, every truncation. */
#define DISSECTOR zrtp_dissector
#include "one_flow.h"

enum { MESSAGE = FACT_OWN, CLIENT, VERSION, OFFER };

struct made {
	uint8_t b[256];
	size_t n;
};

static void put(struct made *m, const void *bytes, size_t n)
{
	memcpy(m->b + m->n, bytes, n);
	m->n += n;
}

static struct made make(const char *type, const void *body, size_t n)
{
	struct made m = {.n = 0};

	put(&m, "\x10\0\0\1ZRTP\1\2\3\4\x50\x5a\0", 15);
	m.b[m.n++] = (uint8_t)(3 + n / 4);
	put(&m, type, 8);
	put(&m, body, n);
	put(&m, "CRCC", 4);
	return m;
}

static struct made hello(void)
{
	static const char words[] = "S256S384AES1AES32FS3HS32HS80EC25EC38DH3kMultB32 ";
	uint8_t body[4 + 16 + 32 + 12 + 4 + sizeof words - 1] = "1.10Phone 1         ";

	memcpy(body + 64, "\0\2\x32\x42\x1", 4);
	/* Two hashes, three ciphers, two tags, four agreements, one SAS. */
	body[65] = 0x02;
	body[66] = 0x32;
	body[67] = 0x41;
	memcpy(body + 68, words, sizeof words - 1);
	return make("Hello   ", body, sizeof body);
}

static void an_offer(void **state)
{
	struct made m = hello();

	(void)state;
	assert_int_equal(datagram(m.b, m.n, OUT), V_YES);
	assert_true(text_is(FACT_MEDIA, "zrtp") && text_is(FACT_FLOW_APP, "zrtp") && text_is(FACT_CRYPTO_PROTOCOL, "ZRTP"));
	assert_true(text_is(MESSAGE, "Hello") && text_is(VERSION, "1.10") && text_is(CLIENT, "Phone 1"));
	assert_true(text_is(OFFER, ":S256,S384:AES1,AES3,2FS3:HS32,HS80:EC25,EC38,DH3k,Mult:B32"));
	assert_true(said(FACT_CRYPTO_OFFER));
	/* Again, and from the other end. */
	assert_int_equal(datagram(m.b, m.n, OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram(m.b, m.n, IN), V_YES);
	assert_int_equal(messages(), 1);
}

static void a_choice(void **state)
{
	uint8_t body[32 + 12 + 20 + 32] = {0};
	struct made m;

	(void)state;
	memcpy(body + 44, "S384AES3HS80EC38B256", 20);
	m = make("Commit  ", body, sizeof body);
	assert_int_equal(datagram(m.b, m.n, OUT), V_YES);
	assert_true(text_is(FACT_CRYPTO_SUITE_NAME, "AES3-S384-EC38-HS80"));
	body[45] = 1;
	m = make("Commit  ", body, sizeof body);
	setup(NULL);
	assert_int_equal(datagram(m.b, m.n, OUT), V_YES);
	assert_false(said(FACT_CRYPTO_SUITE_NAME));
}

static void truncated_and_flipped(void **state)
{
	struct made m = hello();
	unsigned yes = 0;

	(void)state;
	for (size_t n = 0; n < m.n; n++)
		assert_int_equal(datagram(m.b, n, OUT), n + 4 < m.n ? V_NO : V_YES);	/* the check sum is not looked at */
	for (size_t at = 0; at < 24; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			setup(NULL);
			m.b[at] ^= (uint8_t)(1u << bit);
			yes += datagram(m.b, m.n, OUT) == V_YES;
			m.b[at] ^= (uint8_t)(1u << bit);
		}
	assert_true(yes <= 8 * (3 + 4) + 8);	/* sequence number, source, and a shorter length */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_offer, setup),
		cmocka_unit_test_setup(a_choice, setup),
		cmocka_unit_test_setup(truncated_and_flipped, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
