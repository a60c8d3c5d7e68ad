/* quic_hello_test.c -- ClientHellos: whole, cut anywhere, and not of this kind. */
#include "../test.h"
#include "quic_make.h"

#include "../../dissectors/quic_hello.h"

static void test_read(void **state)
{
	struct bytes m = hello_of("www.example.org", "h3", 100, 50);
	struct quic_hello h;

	(void)state;
	assert_int_equal(quic_hello_bytes(m.b), m.n);
	assert_true(quic_hello(cur_of(m.b, m.n), &h));
	assert_int_equal(h.server_name.left, 15);
	assert_true(cur_starts(&h.server_name, "www.example.org", 15));
	assert_int_equal(h.n_alpn, 1);
	assert_true(cur_starts(&h.alpn[0], "h3", 2));
	assert_false(h.encrypted);
	m.b[0] = 2;
	assert_int_equal(quic_hello_bytes(m.b), 0);
	assert_false(quic_hello(cur_of(m.b, m.n), &h));
}

/* The user agent of Google's clients, and the mark of an encrypted hello. */
static void test_more(void **state)
{
	struct bytes m = hello_of("", "x", 0, 0);
	struct quic_hello h;
	uint8_t more[64];
	size_t n = unhex("0039 0011 01 02 4000 7129 04 41424344 7000 03 000000 fe0d 0001 00", more, sizeof more);

	(void)state;
	put(&m, more, n);
	m.b[46] = (uint8_t)(m.b[46] + n);		/* length of the extensions */
	assert_true(quic_hello(cur_of(m.b, m.n), &h));
	assert_int_equal(h.server_name.left, 0);
	assert_int_equal(h.user_agent.left, 4);
	assert_true(cur_starts(&h.user_agent, "ABCD", 4));
	assert_true(h.encrypted);
}

static void test_cut(void **state)
{
	struct bytes m = hello_of("www.example.org", "h3", 20, 20);
	struct quic_hello h;

	(void)state;
	for (size_t n = 0; n < m.n; n++) {
		uint8_t *edge = edge_copy(m.b, n);
		bool read = quic_hello(cur_of(edge, n), &h);

		assert_true(read == (n >= 47));
		assert_true(h.server_name.left == (n >= 47 + 24 + 24 ? 15 : 0));
		edge_free(edge, n);
	}
	for (size_t i = 0; i < m.n * 8; i++) {
		uint8_t *edge;

		m.b[i / 8] ^= (uint8_t)(1u << i % 8);
		edge = edge_copy(m.b, m.n);
		quic_hello(cur_of(edge, m.n), &h);
		edge_free(edge, m.n);
		m.b[i / 8] ^= (uint8_t)(1u << i % 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read), cmocka_unit_test(test_more), cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
