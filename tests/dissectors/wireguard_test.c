/* wireguard_test.c -- WireGuard's handshake: a client and its server, and two ends that began at once. */
#include "dissected.h"

extern const struct dissector wireguard_dissector;

enum { INITIATION = FACT_OWN, RESPONSE, CROSSING };	/* wireguard.c */

static int setup(void **state)
{
	fresh_flow(state);
	subject = &wireguard_dissector;
	return 0;
}

static enum verdict initiation(uint32_t sender, bool loaded, bool from_local)
{
	uint8_t b[148];

	memset(b, 0x5a, sizeof b);
	memcpy(b, "\1\0\0\0", 4);
	memcpy(b + 4, &sender, 4);
	if (!loaded)
		memset(b + 132, 0, 16);
	return datagram(b, sizeof b, from_local);
}

static enum verdict response(uint32_t sender, uint32_t receiver, bool from_local)
{
	uint8_t b[92];

	memset(b, 0x5a, sizeof b);
	memcpy(b, "\2\0\0\0", 4);
	memcpy(b + 4, &sender, 4);
	memcpy(b + 8, &receiver, 4);
	return datagram(b, sizeof b, from_local);
}

static enum verdict data(size_t n, bool from_local)
{
	uint8_t b[256];

	memset(b, 0x5a, sizeof b);
	memcpy(b, "\4\0\0\0", 4);
	return datagram(b, n, from_local);
}

static void client(void **state)
{
	(void)state;
	assert_int_equal(initiation(7, false, OUT), V_YES);
	assert_true(said(INITIATION) && !said(CROSSING) && said_text(FACT_FLOW_APP, "wireguard"));
	/* Not answered: another one. */
	assert_int_equal(initiation(8, false, OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(response(9, 8, IN), V_YES);
	assert_true(said(RESPONSE) && said(FACT_TX_MATCHED));
	assert_int_equal(data(32, OUT), V_YES);
	assert_int_equal(data(128, IN), V_YES);
	assert_int_equal(messages(), 0);
	/* The server renews the keys later: nothing crosses. */
	assert_int_equal(initiation(10, false, IN), V_YES);
	assert_true(said(INITIATION) && !said(CROSSING));
}

static void crossing(void **state)
{
	(void)state;
	assert_int_equal(initiation(7, false, OUT), V_YES);
	assert_int_equal(initiation(70, false, IN), V_YES);
	assert_true(said(INITIATION) && said(CROSSING));
	assert_int_equal(response(8, 70, OUT), V_YES);
	assert_true(said(RESPONSE));
	assert_int_equal(initiation(71, false, IN), V_YES);
	assert_int_equal(messages(), 0);
}

static void begins_in_the_middle(void **state)
{
	(void)state;
	/* Data ran before: initiations of both ends only renew keys. Data alone prove nothing. */
	assert_int_equal(data(64, OUT), V_MORE);
	assert_int_equal(data(64, IN), V_NO);
	assert_int_equal(initiation(7, false, OUT), V_YES);
	assert_int_equal(initiation(70, false, IN), V_YES);
	assert_true(said(INITIATION) && !said(CROSSING));
}

static void what_it_is_not(void **state)
{
	(void)state;
	assert_int_equal(initiation(7, true, OUT), V_NO);
	assert_int_equal(response(9, 8, IN), V_NO);
	assert_int_equal(data(33, OUT), V_NO);
	assert_int_equal(data(16, OUT), V_NO);
	assert_int_equal(initiation(7, false, OUT), V_YES);
	assert_int_equal(response(9, 8, IN), V_YES);	/* to one that is not known: silence */
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex("01000001", OUT), V_NO);
}

static void any_bytes(void **state)
{
	uint8_t b[148] = {1};

	(void)state;
	mangled(b, sizeof b, OUT);
	random_flows(50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(client, setup), cmocka_unit_test_setup(crossing, setup),
		cmocka_unit_test_setup(begins_in_the_middle, setup), cmocka_unit_test_setup(what_it_is_not, setup),
		cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
