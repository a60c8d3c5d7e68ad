/* guess_test.c -- who was noted is known, nobody else is; many push each other out and nothing else happens. */
#include "../../test.h"

#include "../../../sensor/flow/guess.h"
#include "../packets.h"

static void test_noted(void **state)
{
	struct guesses *g = guesses_new();
	struct addr a = ip_of("203.0.113.1"), b = ip_of("2001:db8::1");

	(void)state;
	assert_false(guesses_hold(g, &a));
	guesses_note(g, &a);
	assert_true(guesses_hold(g, &a));
	assert_false(guesses_hold(g, &b));
	guesses_free(g);
	guesses_free(NULL);
}

static void test_many(void **state)
{
	struct guesses *g = guesses_new();
	unsigned held = 0;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		struct addr a = addr_v4(0xcb000000 + i);

		assert_false(guesses_hold(g, &a));
		guesses_note(g, &a);
		assert_true(guesses_hold(g, &a));
	}
	for (uint32_t i = 0; i < 100000; i++) {
		struct addr a = addr_v4(0xcb000000 + i);

		held += guesses_hold(g, &a);
	}
	assert_in_range(held, 20000, 65536);
	guesses_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_noted), cmocka_unit_test(test_many)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
