/* tox_test.c -- Tox is proved by its senders' keys over several packets, and by nothing less. */
#include "dissected.h"

extern const struct dissector tox_dissector;

enum { NODE = FACT_OWN, CONNECTION, KEY };	/* tox.c */

static int setup(void **state)
{
	fresh_flow(state);
	subject = &tox_dissector;
	return 0;
}

static uint64_t seed = 1;

static void fill(uint8_t *to, size_t n, uint64_t from)
{
	uint64_t x = from * 2862933555777941757ULL + 3037000493ULL;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		to[i] = (uint8_t)(x >> 24);
	}
}

/* A packet of this kind and length, with the key of this end; what follows is new every time. */
static enum verdict packet(uint8_t kind, size_t n, uint64_t key, bool from_local)
{
	uint8_t bytes[512];

	bytes[0] = kind;
	fill(bytes + 1, n - 1, ++seed * 7919);
	if (key != 0)
		fill(bytes + 1, 32, key);
	return datagram(bytes, n, from_local);
}

static void node(void **state)
{
	(void)state;
	assert_int_equal(packet(0x02, 113, 11, OUT), V_MORE);
	assert_int_equal(messages(), 0);
	assert_int_equal(packet(0x04, 238, 22, IN), V_MORE);
	assert_int_equal(packet(0x00, 82, 11, OUT), V_YES);
	assert_true(said(NODE) && said(KEY) && said_text(FACT_FLOW_APP, "tox"));
	assert_int_equal(packet(0x02, 113, 11, OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(packet(0x01, 82, 22, IN), V_YES);
	assert_true(said(NODE) && !said(FACT_FLOW_APP));
}

static void friends(void **state)
{
	(void)state;
	/* Nothing before something is proved. */
	assert_int_equal(packet(0x1b, 200, 0, OUT), V_NO);
	packet(0x02, 113, 11, OUT);
	packet(0x18, 145, 11, OUT);
	assert_int_equal(packet(0x19, 161, 0, IN), V_YES);
	assert_int_equal(packet(0x1a, 385, 0, IN), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(packet(0x1b, 64, 0, IN), V_YES);
	assert_true(said_uint(CONNECTION, 3));
	assert_int_equal(packet(0x1b, 64, 0, IN), V_YES);
	assert_int_equal(messages(), 0);
	packet(0x1b, 64, 0, OUT);
	assert_int_equal(packet(0x1b, 64, 0, OUT), V_YES);
	assert_true(said(CONNECTION));
}

static void no_proof(void **state)
{
	uint8_t bytes[113];

	(void)state;
	/* Another key each time; the same packet again; a key that is no key. */
	for (unsigned i = 1; i < 20; i++)
		assert_int_equal(packet(0x02, 113, i, OUT), V_MORE);
	setup(NULL);
	bytes[0] = 2;
	fill(bytes + 1, sizeof bytes - 1, 5);
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(datagram(bytes, sizeof bytes, OUT), V_MORE);
	setup(NULL);
	for (unsigned i = 0; i < 20; i++) {
		fill(bytes + 1, sizeof bytes - 1, i);
		memset(bytes + 1, 'a', 20);
		assert_int_equal(datagram(bytes, sizeof bytes, OUT), V_NO);
	}
	/* Lengths that do not fit. */
	assert_int_equal(packet(0x02, 112, 1, OUT), V_NO);
	assert_int_equal(packet(0x04, 83, 1, OUT), V_NO);
	assert_int_equal(packet(0x04, 82 + 4 * 51, 1, OUT), V_MORE);
	assert_int_equal(packet(0x18, 144, 1, OUT), V_NO);
	assert_int_equal(packet(0x03, 113, 1, OUT), V_NO);
}

static void any_bytes(void **state)
{
	uint8_t bytes[145];

	(void)state;
	fill(bytes, sizeof bytes, 77);
	bytes[0] = 0x18;
	mangled(bytes, sizeof bytes, OUT);
	random_flows(50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(node, setup), cmocka_unit_test_setup(friends, setup), cmocka_unit_test_setup(no_proof, setup),
		cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
