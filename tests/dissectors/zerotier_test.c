/* zerotier_test.c -- ZeroTier's HELLO, to a root and between peers. */
#include "dissected.h"

extern const struct dissector zerotier_dissector;

enum { HELLO = FACT_OWN, ZT_PEER, ROOT };	/* zerotier.c */

#define ROOT_ADDRESS "62f865ae71"
#define US "8056c2e21c"
#define THEM "1d71939404"
#define KEY64 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define SAY_HELLO(to, by) "1122334455667788" to by "00" "a1a2a3a4a5a6a7a8" "01 0d 010e 0002 0000019a3f5c1d22" by "00" KEY64 "00"

static int setup(void **state)
{
	fresh_flow(state);
	subject = &zerotier_dissector;
	return 0;
}

static void root(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex(SAY_HELLO(ROOT_ADDRESS, US), OUT), V_YES);
	assert_true(said(HELLO) && said(ROOT) && !said(ZT_PEER) && said_text(FACT_FLOW_APP, "zerotier"));
	assert_int_equal(datagram_hex(SAY_HELLO(ROOT_ADDRESS, US), OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex(SAY_HELLO(US, ROOT_ADDRESS), IN), V_YES);
	assert_true(said(HELLO) && !said(ZT_PEER));
}

static void peer(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex(SAY_HELLO(THEM, US), OUT), V_YES);
	assert_true(said(HELLO) && !said(ROOT) && !said(ZT_PEER));
	assert_int_equal(datagram_hex(SAY_HELLO(US, THEM), IN), V_YES);
	assert_true(said(HELLO) && said(ZT_PEER) && !said(FACT_FLOW_APP));
}

static void what_it_is_not(void **state)
{
	(void)state;
	/* Another address in the identity; encrypted; another verb; of another time; cut short. */
	assert_int_equal(datagram_hex("1122334455667788" THEM US "00" "a1a2a3a4a5a6a7a8" "01 0d 010e 0002 0000019a3f5c1d22" THEM "00" KEY64, OUT), V_NO);
	assert_int_equal(datagram_hex("1122334455667788" THEM US "08" "a1a2a3a4a5a6a7a8" "01 0d 010e 0002 0000019a3f5c1d22" US "00" KEY64, OUT), V_NO);
	assert_int_equal(datagram_hex("1122334455667788" THEM US "00" "a1a2a3a4a5a6a7a8" "02 0d 010e 0002 0000019a3f5c1d22" US "00" KEY64, OUT), V_NO);
	assert_int_equal(datagram_hex("1122334455667788" THEM US "00" "a1a2a3a4a5a6a7a8" "01 0d 010e 0002 0000000a3f5c1d22" US "00" KEY64, OUT), V_NO);
	assert_int_equal(datagram_hex("1122334455667788" THEM US "00" "a1a2a3a4a5a6a7a8" "01 0d 010e 0002 0000019a3f5c1d22" US "00", OUT), V_NO);
}

static void any_bytes(void **state)
{
	(void)state;
	mangled_hex(SAY_HELLO(THEM, US), OUT);
	random_flows(50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(root, setup), cmocka_unit_test_setup(peer, setup), cmocka_unit_test_setup(what_it_is_not, setup),
		cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
