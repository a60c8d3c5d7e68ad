/* nebula_test.c -- Nebula's header: handshakes, lighthouses, hosts. */
#include "dissected.h"

extern const struct dissector nebula_dissector;

enum { HANDSHAKE = FACT_OWN, LIGHTHOUSE, NEBULA_PEER };	/* nebula.c */

#define REST "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define FIRST "10 00 0000 00000000 0000000000000001" REST
#define SECOND "10 00 0000 0a0b0c0d 0000000000000002" REST
#define MESSAGE(n) "11 00 0000 0a0b0c0d 00000000000000" n REST
#define TO_LIGHTHOUSE "13 00 0000 0a0b0c0d 0000000000000003" REST

static int setup(void **state)
{
	fresh_flow(state);
	subject = &nebula_dissector;
	return 0;
}

static void host(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex(FIRST, OUT), V_YES);
	assert_true(said_uint(HANDSHAKE, 1) && said_text(FACT_FLOW_APP, "nebula"));
	assert_int_equal(datagram_hex(FIRST, OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex(SECOND, IN), V_YES);
	assert_true(said_uint(HANDSHAKE, 2));
	assert_int_equal(datagram_hex(MESSAGE("03"), OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex(MESSAGE("03"), IN), V_YES);
	assert_true(said(NEBULA_PEER));
	assert_int_equal(datagram_hex(MESSAGE("04"), IN), V_YES);
	assert_int_equal(messages(), 0);
}

static void lighthouse(void **state)
{
	(void)state;
	datagram_hex(FIRST, OUT);
	datagram_hex(SECOND, IN);
	assert_int_equal(datagram_hex(TO_LIGHTHOUSE, OUT), V_YES);
	assert_true(said(LIGHTHOUSE));
	datagram_hex(MESSAGE("04"), OUT);
	assert_int_equal(datagram_hex(MESSAGE("04"), IN), V_YES);
	assert_int_equal(messages(), 0);
}

static void what_it_is_not(void **state)
{
	(void)state;
	/* Data without a handshake; counters and indices that do not fit; reserved bytes; another version. */
	assert_int_equal(datagram_hex(MESSAGE("03"), OUT), V_NO);
	assert_int_equal(datagram_hex("10 00 0000 00000000 0000000000000002" REST, OUT), V_NO);
	assert_int_equal(datagram_hex("10 00 0000 0a0b0c0d 0000000000000001" REST, OUT), V_NO);
	assert_int_equal(datagram_hex("10 00 0001 00000000 0000000000000001" REST, OUT), V_NO);
	assert_int_equal(datagram_hex("20 00 0000 00000000 0000000000000001" REST, OUT), V_NO);
	assert_int_equal(datagram_hex("10 00 0000 00000000 0000000000000001", OUT), V_NO);
}

static void any_bytes(void **state)
{
	(void)state;
	mangled_hex(FIRST, OUT);
	mangled_hex(SECOND, IN);
	random_flows(50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(host, setup), cmocka_unit_test_setup(lighthouse, setup),
		cmocka_unit_test_setup(what_it_is_not, setup), cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
