/* mumble_test.c -- Mumble's ping: the answer proves the question. */
#include "shown.h"

extern const struct dissector mumble_dissector;

enum { OUT = true, IN = false };

static const uint8_t ping[12] = {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t pong[24] = {0, 1, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 7, 0, 0, 0, 100, 0, 1, 0x19, 0x40};
static struct shown *s;

static int setup(void **state)
{
	(void)state;
	s = shown_new(&mumble_dissector);
	return 0;
}

static void asked_and_answered(void **state)
{
	(void)state;
	assert_int_equal(shown_datagram(s, ping, sizeof ping, OUT), V_MORE);
	assert_string_equal(s->text, "");
	assert_int_equal(shown_datagram(s, pong, sizeof pong, IN), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"mumble\" mumble.ping | mumble.pong tx.matched mumble.version == 66308 mumble.users == 7");
	shown_datagram(s, ping, sizeof ping, OUT);
	assert_int_equal(shown_datagram(s, pong, sizeof pong, IN), V_YES);	/* said once */
	assert_string_equal(s->text, "");
	assert_int_equal(shown_datagram(s, pong, sizeof pong, IN), V_NO);	/* asked once, answered once */
}

static void what_is_none(void **state)
{
	uint8_t copy[24];

	(void)state;
	assert_int_equal(shown_datagram(s, pong, sizeof pong, IN), V_NO);
	shown_datagram(s, ping, sizeof ping, OUT);
	assert_int_equal(shown_datagram(s, pong, sizeof pong, OUT), V_NO);
	for (size_t i = 0; i < sizeof pong; i++) {
		memcpy(copy, pong, sizeof pong);
		copy[i] ^= 0x80;
		if (i != 1 && i != 2 && i != 3 && i < 18)	/* the version and how many may be others */
			assert_int_equal(shown_datagram(s, copy, sizeof copy, IN), V_NO);
		else
			shown_datagram(s, copy, sizeof copy, IN);
		setup(state);
		shown_datagram(s, ping, sizeof ping, OUT);
	}
	for (size_t i = 0; i < sizeof pong; i++)
		assert_int_equal(shown_datagram(s, pong, i, IN), V_NO);
	for (size_t i = 0; i < sizeof ping; i++)
		assert_int_equal(shown_datagram(s, ping, i, OUT), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(asked_and_answered, setup), cmocka_unit_test_setup(what_is_none, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
