/* skype_wire_test.c -- the fields of datagrams; the ring; how connections begin. */
#include "skype_make.h"

static struct cursor cur(const struct made *m)
{
	return cur_of(m->b, m->n);
}

static enum skype_type parse(const char *hex, struct skype_datagram *d)
{
	uint8_t b[64];
	size_t n = unhex(hex, b, sizeof b);
	uint8_t *edge = edge_copy(b, n);
	bool ok = skype_parse(d, cur_of(edge, n), n);

	edge_free(edge, n);
	return ok ? d->type : SKYPE_OTHER;
}

/* Biondi, Desclaux 2006, print a request and its NAK. */
static void printed(void **state)
{
	struct skype_datagram d;

	(void)state;
	assert_int_equal(parse("7f4e02118ac037fc95755e5eb9817a8efa81", &d), SKYPE_REQUEST);
	assert_int_equal(d.id, 0x7f4e);
	assert_int_equal(d.iv, 0x118ac037);
	assert_int_equal(d.crc, 0xfc95755e);
	assert_int_equal(d.body.left, 7);
	assert_int_equal(parse("7f4e77527c483383b08656", &d), SKYPE_NAK);
	assert_int_equal(d.id, 0x7f4e);
	assert_int_equal(d.nonce, 0x83b08656);
	assert_true(addr_is_v4(&d.told));
}

static void types(void **state)
{
	struct skype_datagram d;

	(void)state;
	assert_int_equal(parse("", &d), SKYPE_OTHER);
	assert_int_equal(parse("1234", &d), SKYPE_OTHER);
	assert_int_equal(parse("12340d", &d), SKYPE_KEEPALIVE);
	assert_int_equal(parse("12347d01", &d), SKYPE_MEDIA);
	assert_int_equal(parse("12348d01", &d), SKYPE_OTHER);		/* bit 7 */
	assert_int_equal(parse("123401", &d), SKYPE_OTHER);
	assert_int_equal(parse("12340201020304050607080910111213141516", &d), SKYPE_REQUEST);
	assert_int_equal(parse("123402010203040506070809101112131415", &d), SKYPE_REQUEST);
	assert_int_equal(parse("1234020102030405060708091011121314", &d), SKYPE_SHORT);
	assert_int_equal(parse("123412010203040506070809101112131415", &d), SKYPE_SHORT);	/* requests have no random bits */
	assert_int_equal(parse("12340701020304050607", &d), SKYPE_SHORT);
	assert_int_equal(parse("123405010203040506070809", &d), SKYPE_SHORT);
	assert_int_equal(parse("1234630111223344aabbccdd0102030405060708090a0b", &d), SKYPE_RESEND);
	assert_int_equal(d.nonce, 0x11223344);
	assert_int_equal(d.crc, 0x01020304);
	assert_int_equal(parse("1234630211223344aabbccdd0102030405060708090a0b", &d), SKYPE_SHORT);
	assert_int_equal(parse("12344f56780102aabbccdd11223344ff", &d), SKYPE_FRAGMENT);
	assert_int_equal(d.reply_to, 0x5678);
	assert_int_equal(parse("12344f56780202aabbccdd11223344ff", &d), SKYPE_SHORT);
}

static void truncated(void **state)
{
	static const char *const whole[] = {"7f4e02118ac037fc95755e5eb9817a8efa81", "7f4e77527c483383b08656",
	    "1234630111223344aabbccdd0102030405060708090a0b", "12344f56780102aabbccdd11223344ff", TLS_ANSWER, LOGIN};
	struct skype_datagram d;
	unsigned ring;

	(void)state;
	for (size_t w = 0; w < sizeof whole / sizeof *whole; w++) {
		uint8_t b[128];
		size_t n = unhex(whole[w], b, sizeof b);

		for (size_t i = 0; i <= n; i++) {
			uint8_t *edge = edge_copy(b, i);
			struct cursor c = cur_of(edge, i);

			skype_parse(&d, c, i);
			skype_parse(&d, c, n);		/* captured short */
			skype_is_ber(c);
			skype_is_tls(&c, &ring);
			skype_is_login(&c);
			skype_is_exchange(&c, &ring);
			skype_is_stream(&c, &ring);
			skype_is_port80(&c);
			skype_has_login(&c);
			skype_is_real_tls(&c);
			edge_free(edge, i);
		}
	}
}

static bool ber(const char *hex)
{
	uint8_t b[1024];
	size_t n = unhex(hex, b, sizeof b);
	uint8_t *edge = edge_copy(b, n);
	bool is = skype_is_ber(cur_of(edge, n));

	edge_free(edge, n);
	return is;
}

static void ber_is_told(void **state)
{
	(void)state;
	assert_true(ber("302602010004067075626c6963a019020405060708020100020100300b300906052b060102010500"));	/* SNMP get */
	assert_true(ber("30050201014200"));			/* LDAP unbind */
	assert_true(ber("30810502010142" "00"));
	assert_false(ber("302602010004067075626c6963a019020405060708020100020100300b300906052b0601020105"));
	assert_false(ber("3010027a112233445566778899aabbccddee"));	/* a request whose id is 0x3010 */
	assert_false(ber("30"));
	assert_false(ber("300302010"));
	assert_false(ber(""));
}

static void ring_is_a_cycle(void **state)
{
	struct made m = {.n = 0};
	struct cursor c;

	(void)state;
	put_ring(&m, 17, 256 + 5);
	c = cur(&m);
	assert_int_equal(skype_ring(&c, 0), 261);
	assert_int_equal(skype_ring(&c, 260), 1);
	assert_int_equal(skype_ring(&c, 261), 0);
	m.b[100] ^= 1;
	assert_int_equal(skype_ring(&c, 0), 100);
}

static void tls(void **state)
{
	struct made m = hello(200);
	struct cursor c = cur(&m);
	unsigned ring;

	(void)state;
	assert_int_equal(m.n, 72);
	assert_int_equal(skype_is_tls(&c, &ring), SKYPE_TLS_HELLO);
	assert_int_equal(ring, 16);
	for (size_t i = 0; i < 72; i++) {	/* every byte of it counts */
		m.b[i] ^= 0x40;
		assert_int_equal(skype_is_tls(&c, &ring), SKYPE_NOTHING);
		m.b[i] ^= 0x40;
	}
	for (c.left = 1; c.left < 72; c.left++)
		assert_int_equal(skype_is_tls(&c, &ring), SKYPE_MAYBE);
	m.n = 0;
	put_hex(&m, TLS_ANSWER "0011");
	c = cur(&m);
	assert_int_equal(skype_is_tls(&c, &ring), SKYPE_TLS_ANSWER);
	for (size_t i = 0; i < 79; i++) {
		m.b[i] ^= 1;
		assert_int_equal(skype_is_tls(&c, &ring), SKYPE_NOTHING);
		m.b[i] ^= 1;
	}
}

/* What libwebrtc's "ssltcp" says: the same hello with a challenge of its own. */
static void tls_of_others(void **state)
{
	struct made m = {.n = 0};
	struct cursor c;
	unsigned ring;

	(void)state;
	put_hex(&m, TLS_HELLO "1f170ca62f0078fc46552eb18339f1ea");
	c = cur(&m);
	assert_int_equal(skype_is_tls(&c, &ring), SKYPE_NOTHING);
}

static void logins(void **state)
{
	static const struct {
		const char *hex;
		enum skype_opening is;
	} rows[] = {
		{"1603010000", SKYPE_LOGIN_HELLO}, {"1703010000", SKYPE_LOGIN_ANSWER}, {LOGIN, SKYPE_LOGIN},
		{LOGIN_OLD, SKYPE_LOGIN_OLD}, {"160301", SKYPE_MAYBE}, {"16030100eb", SKYPE_MAYBE}, {"16030100eb42cd", SKYPE_MAYBE},
		{"16030100eb0100", SKYPE_NOTHING}, {"1603030000", SKYPE_NOTHING}, {"16030100cd4103", SKYPE_MAYBE}, {"00", SKYPE_NOTHING},
		{"", SKYPE_NOTHING},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct made m = {.n = 0};
		struct cursor c;

		put_hex(&m, rows[i].hex);
		c = cur(&m);
		assert_int_equal(skype_is_login(&c), rows[i].is);
	}
}

static void exchanges(void **state)
{
	unsigned ring;

	(void)state;
	for (size_t n = 0; n <= 64; n++) {
		struct made m = exchange(250, n);
		struct cursor c = cur(&m);

		assert_true(skype_is_exchange(&c, &ring));
		assert_int_equal(ring, n);
	}
	for (size_t n = 0; n <= 64; n++) {	/* with eight bytes behind it, a slice must be long enough by itself */
		struct made m = exchange(100, n);
		struct cursor c;

		put_hex(&m, "ffffffffffffffff");
		c = cur(&m);
		assert_int_equal(skype_is_exchange(&c, &ring), n >= 6);
	}
}

static void streams(void **state)
{
	static const unsigned last[] = {0x0f, 0x01, 0x03};
	unsigned ring;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct made m = stream(last[i], 33, 30);
		struct cursor c = cur(&m);

		assert_true(skype_is_stream(&c, &ring));
		assert_int_equal(ring, 8);
		assert_false(skype_is_port80(&c));
		m.b[20] ^= 1;
		assert_false(skype_is_stream(&c, &ring));
		c.left = 23;
		assert_false(skype_is_stream(&c, &ring));
	}
}

static void port80(void **state)
{
	struct made m = {.n = 0};
	struct cursor c;
	unsigned ring;

	(void)state;
	put_noise(&m, 14);
	for (size_t i = 0; i < 10; i++)
		m.b[m.n++] = m.b[4 + i] ^ (uint8_t)(i * 3 % 16);
	c = cur(&m);
	assert_true(skype_is_port80(&c));
	assert_false(skype_is_stream(&c, &ring));
	m.b[15] ^= 0x10;
	assert_false(skype_is_port80(&c));
	c = cur_of("GET /abcdefghijklmnopqrstuvwx HTTP/1.1", 38);
	assert_false(skype_is_port80(&c));
	memset(m.b, 0, sizeof m.b);
	c = cur_of(m.b, 100);
	assert_false(skype_is_port80(&c));
}

/* Random bytes are nothing. */
static void noise_is_nothing(void **state)
{
	unsigned ring, weak = 0;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		struct made m = {.n = 0};
		struct cursor c;

		put_noise(&m, 24 + i % 100);
		c = cur(&m);
		assert_int_equal(skype_is_tls(&c, &ring), m.b[0] == 0x80 || m.b[0] == 0x16 ? skype_is_tls(&c, &ring) : SKYPE_NOTHING);
		assert_false(skype_is_stream(&c, &ring));
		assert_false(skype_is_port80(&c));
		assert_false(skype_has_login(&c));
		weak += skype_is_exchange(&c, &ring);
		assert_true(ring < 5);
	}
	assert_true(weak < 5000);	/* those of just 48 and 49 bytes */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(printed, setup), cmocka_unit_test_setup(types, setup), cmocka_unit_test_setup(truncated, setup),
		cmocka_unit_test_setup(ber_is_told, setup), cmocka_unit_test_setup(ring_is_a_cycle, setup),
		cmocka_unit_test_setup(tls, setup), cmocka_unit_test_setup(tls_of_others, setup), cmocka_unit_test_setup(logins, setup),
		cmocka_unit_test_setup(exchanges, setup), cmocka_unit_test_setup(streams, setup), cmocka_unit_test_setup(port80, setup),
		cmocka_unit_test_setup(noise_is_nothing, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
