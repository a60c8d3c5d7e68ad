/* n2n_test.c -- n2n: one name both ways is proof; who is a supernode, who an edge. */
#include "dissected.h"

extern const struct dissector n2n_dissector;

enum { VERSION = FACT_OWN, COMMUNITY, SUPERNODE, N2N_PEER, SERVES };	/* n2n.c */

static int setup(void **state)
{
	fresh_flow(state);
	subject = &n2n_dissector;
	return 0;
}

/* v1: what follows the name's end was never cleared. */
#define V1_NAME "6167656e63790000c0aceaec587f0000"
#define V1_NAME_2 "6167656e63790000c0ac14e00a7f0000"
#define V1_ADDRESSES "7a4855f38940 d6b6ef91a9ac" "0200000000000000000000000000000000000000" "0200d63b00000000000000000000000000000000" "01000000"
/* v2 and v3: zeros. */
#define V2_NAME "6167656e637900000000000000000000"
#define V3_NAME V2_NAME "00000000"

static void version_1(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("01 01 00 00" V1_NAME V1_ADDRESSES, OUT), V_MORE);
	assert_int_equal(datagram_hex("01 04 00 01" V1_NAME V1_ADDRESSES, IN), V_YES);
	assert_true(said_uint(VERSION, 1) && said_text(COMMUNITY, "agency") && said(SUPERNODE) && !said(N2N_PEER));
	assert_true(said_text(FACT_FLOW_APP, "n2n"));
	/* Forwarded by it, and by it alone. */
	assert_int_equal(datagram_hex("01 03 01 01" V1_NAME_2 V1_ADDRESSES, IN), V_YES);
	assert_int_equal(messages(), 0);
	setup(NULL);
	assert_int_equal(datagram_hex("01 01 00 00" V1_NAME V1_ADDRESSES, OUT), V_MORE);
	assert_int_equal(datagram_hex("01 01 00 00" V1_NAME_2 V1_ADDRESSES, IN), V_YES);
	assert_true(said(N2N_PEER) && !said(SUPERNODE));
	assert_int_equal(datagram_hex("01 03 00 00" V1_NAME V1_ADDRESSES, OUT), V_YES);
	assert_int_equal(messages(), 0);
}

static void versions_2_and_3(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("02 02 0005" V2_NAME "00112233", OUT), V_MORE);
	assert_int_equal(datagram_hex("02 02 0066" V2_NAME "00112233", IN), V_YES);
	assert_true(said_uint(VERSION, 2) && said(SUPERNODE));
	setup(NULL);
	assert_int_equal(datagram_hex("03 02 0003" V3_NAME "00112233", IN), V_MORE);
	assert_int_equal(datagram_hex("03 02 0003" V3_NAME "00112233", OUT), V_YES);
	assert_true(said_uint(VERSION, 3) && said(N2N_PEER));
	/* The inside end is the supernode. */
	setup(NULL);
	assert_int_equal(datagram_hex("03 02 0005" V3_NAME "00112233", IN), V_MORE);
	assert_int_equal(datagram_hex("03 02 0066" V3_NAME "00112233", OUT), V_YES);
	assert_true(said(SERVES) && !said(N2N_PEER) && !said(SUPERNODE));
}

static void no_proof(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(datagram_hex("03 02 0003" V3_NAME "00112233", OUT), V_MORE);
	/* Another name; another version; a name with something behind it; none. */
	assert_int_equal(datagram_hex("03 02 0003" "6167656e6379320000000000000000000000000000" "112233", IN), V_MORE);
	assert_int_equal(datagram_hex("02 02 0003" V2_NAME "00112233", IN), V_MORE);
	assert_int_equal(datagram_hex("03 02 0003" "6167656e637900010000000000000000" "00000000" "00112233", IN), V_NO);
	assert_int_equal(datagram_hex("03 02 0003" "0000000000000000000000000000000000000000" "00112233", IN), V_NO);
	assert_int_equal(datagram_hex("03 02 0000" V3_NAME "00112233", IN), V_NO);
	assert_int_equal(datagram_hex("01 01 00 02" V1_NAME V1_ADDRESSES, OUT), V_NO);
}

static void any_bytes(void **state)
{
	(void)state;
	mangled_hex("01 04 00 01" V1_NAME V1_ADDRESSES, IN);
	mangled_hex("03 02 0003" V3_NAME "00112233", OUT);
	random_flows(50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(version_1, setup), cmocka_unit_test_setup(versions_2_and_3, setup),
		cmocka_unit_test_setup(no_proof, setup), cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
