/* skypeout_test.c -- calls to telephones, and what only looks a little like them. */
#include "../test.h"

#include "../../dissectors/dissector.h"

extern const struct dissector skypeout_dissector;

static struct facts facts;
static _Alignas(8) uint8_t memory[256];
static uint64_t seed = 5;

static uint32_t noise(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(seed >> 32);
}

static enum verdict show(uint32_t fixed, uint32_t next, bool way, size_t len)
{
	uint8_t b[8] = {(uint8_t)(fixed >> 24), (uint8_t)(fixed >> 16), (uint8_t)(fixed >> 8), (uint8_t)fixed, (uint8_t)(next >> 24),
	    (uint8_t)(next >> 16), (uint8_t)(next >> 8), (uint8_t)next}, *edge = edge_copy(b, len);
	struct packet p = {.number = 1};
	struct input in = {.packet = &p, .from_local = way, .bytes = cur_of(edge, len)};
	enum verdict v;

	assert_true(skypeout_dissector.state_size <= sizeof memory);
	facts_reset(&facts);
	facts.base = FACT_OWN;
	v = skypeout_dissector.dissect(&in, memory, &facts);
	edge_free(edge, len);
	return v;
}

static int setup(void **state)
{
	(void)state;
	memset(memory, 0, sizeof memory);
	return 0;
}

static void call(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= 100; i++) {
		assert_int_equal(show(i % 2 ? 0x11223344 : 0x55667788, noise(), i % 2, 8), V_MORE);
		assert_int_equal(facts.used > 0, i == 100);
	}
	assert_int_equal(show(0x55667788, noise(), 0, 8), V_NO);	/* once is enough */
}

static void another_word(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 50; i++)
		show(0x11223344, noise(), true, 8);
	assert_int_equal(show(0x11223345, noise(), true, 8), V_NO);
	assert_int_equal(show(0x11223344, noise(), true, 8), V_NO);
}

/* A counter, a constant, one way only. */
static void no_calls(void **state)
{
	for (unsigned what = 0; what < 3; what++) {
		enum verdict v = V_MORE;

		setup(state);
		for (unsigned i = 0; i < 100; i++)
			v = show(7, what == 0 ? i : what == 1 ? 9 : noise(), what == 2 || i % 2, 8);
		assert_int_equal(v, V_NO);
		assert_int_equal(facts.used, 0);
	}
}

static void truncated(void **state)
{
	(void)state;
	for (size_t n = 0; n < 8; n++) {
		setup(NULL);
		assert_int_equal(show(1, 2, true, n), V_NO);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(call, setup), cmocka_unit_test_setup(another_word, setup), cmocka_unit_test_setup(no_calls, setup),
		cmocka_unit_test_setup(truncated, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
