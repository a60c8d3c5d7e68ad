/* quic_crypt_test.c -- the RFCs' vectors, and packets that nobody made. */
#include "../test.h"
#include "quic_make.h"

static void assert_hex(const uint8_t *bytes, size_t n, const char *hex)
{
	uint8_t want[32];

	assert_int_equal(unhex(hex, want, sizeof want), n);
	assert_memory_equal(bytes, want, n);
}

static const uint8_t rfc_id[] = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};

static void test_rfc9001(void **state)
{
	struct quic_keys k;

	(void)state;
	assert_true(quic_client_keys(&k, quic_version(1), cur_of(rfc_id, sizeof rfc_id)));
	assert_hex(k.key, 16, "1f369613dd76d5467730efcbe3b1a22d");
	assert_hex(k.iv, 12, "fa044b2f42a3fd3b46fb255c");
	assert_hex(k.mask, 16, "9f50449e04a0e810283a1e9933adedd2");
}

static void test_rfc9369(void **state)
{
	struct quic_keys k;

	(void)state;
	assert_true(quic_client_keys(&k, quic_version(0x6b3343cf), cur_of(rfc_id, sizeof rfc_id)));
	assert_hex(k.key, 16, "8b1a0bc121284290a29e0971b5cd045d");
	assert_hex(k.iv, 12, "91f73e2351d8fa91660e909f");
	assert_hex(k.mask, 16, "45b95e15235d6f45a6b19cbcb0294ba9");
}

static void test_open(void **state)
{
	struct bytes frames = {.n = 0}, d = {.n = 0};
	uint8_t plain[QUIC_PLAIN_MOST];
	struct quic_packet p;
	struct quic_keys k, other;
	struct cursor c;
	size_t n;

	(void)state;
	put_fill(&frames, 0x01, 300);
	put_initial(&d, 1, "12345678", "abcdefgh", 0x01020304, &frames);
	c = cur_of(d.b, d.n);
	assert_true(quic_next(&c, &p));
	quic_client_keys(&k, p.version, cur_of("12345678", 8));
	quic_client_keys(&other, p.version, cur_of("12345679", 8));
	assert_true(quic_open(&k, &p, plain, &n));
	assert_int_equal(n, 300);
	assert_memory_equal(plain, frames.b, 300);
	assert_false(quic_open(&other, &p, plain, &n));
	for (size_t i = 0; i < d.n; i++) {	/* every bit is authenticated, header and all */
		d.b[i] ^= 0x10;
		c = cur_of(d.b, d.n);
		if (quic_next(&c, &p))
			assert_false(quic_open(&k, &p, plain, &n));
		d.b[i] ^= 0x10;
	}
}

static void test_too_long(void **state)
{
	struct bytes frames = {.n = 0}, d = {.n = 0};
	uint8_t plain[QUIC_PLAIN_MOST];
	struct quic_packet p;
	struct quic_keys k;
	struct cursor c;
	size_t n;

	(void)state;
	put_fill(&frames, 0x01, QUIC_PLAIN_MOST + 1);
	put_initial(&d, 1, "12345678", "12345678", 0, &frames);
	c = cur_of(d.b, d.n);
	assert_true(quic_next(&c, &p));
	quic_client_keys(&k, p.version, p.dcid);
	assert_false(quic_open(&k, &p, plain, &n));
	p.number_at = p.whole.left - 3;		/* no room for a sample */
	assert_false(quic_open(&k, &p, plain, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc9001), cmocka_unit_test(test_rfc9369), cmocka_unit_test(test_open), cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
