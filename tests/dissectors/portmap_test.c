/* portmap_test.c -- NAT-PMP (RFC 6886) and PCP (RFC 6887), byte by byte. */
#include "dissected.h"

extern const struct dissector portmap_dissector;

enum {			/* portmap.c */
	PROTOCOL = FACT_OWN, REQUEST, ANSWER, REFUSED, ADDRESS, TRANSPORT, INTERNAL, EXTERNAL, LIFETIME, DELETE, MAP_PEER,
};

static int setup(void **state)
{
	fresh_flow(state);
	subject = &portmap_dissector;
	remote_end = (struct endpoint){addr_v4(0x0a0a0001), 5351};
	return 0;
}

static void natpmp_mapping(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("00 01 0000 1f90 9c40 00000e10", OUT), V_YES);
	assert_true(said(FACT_BORDER) && said(REQUEST) && said_text(PROTOCOL, "nat-pmp") && said_text(TRANSPORT, "udp"));
	assert_true(said_uint(INTERNAL, 8080) && said_endpoint(EXTERNAL, "0.0.0.0:40000") && said_uint(LIFETIME, 3600));
	assert_true(said_text(FACT_FLOW_APP, "nat-pmp") && said_text(REQUEST, "udp port 8080 at port 40000 for 3600 s"));
	/* Asked again until it is answered: told once. */
	assert_int_equal(datagram_hex("00 01 0000 1f90 9c40 00000e10", OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex("00 81 0000 00000021 1f90 9c41 00000e10", IN), V_YES);
	assert_true(said(ANSWER) && !said(REQUEST) && said_endpoint(EXTERNAL, "0.0.0.0:40001"));
	assert_int_equal(datagram_hex("00 81 0000 00000022 1f90 9c41 00000e10", IN), V_YES);
	assert_int_equal(messages(), 0);
	/* Another port, over TCP: news. */
	assert_int_equal(datagram_hex("00 02 0000 1f91 0000 00000e10", OUT), V_YES);
	assert_true(said(REQUEST) && said_text(TRANSPORT, "tcp") && !said(EXTERNAL));
	assert_int_equal(datagram_hex("00 82 0003 00000021 1f91 0000 00000000", IN), V_YES);
	assert_true(said_uint(REFUSED, 3) && !said(ANSWER) && !said(DELETE));
	/* Given back. */
	assert_int_equal(datagram_hex("00 01 0000 1f90 9c40 00000000", OUT), V_YES);
	assert_true(said(DELETE) && !said(REQUEST));
}

static void natpmp_address(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("00 00", OUT), V_YES);
	assert_true(said(ADDRESS) && said(FACT_BORDER) && !said(REQUEST));
	assert_int_equal(datagram_hex("00 00", OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex("00 80 0000 00000021 c6336402", IN), V_YES);
	assert_true(said_endpoint(EXTERNAL, "198.51.100.2:0"));
}

#define NONCE "0102030405060708090a0b0c"
#define V4(hex) "00000000000000000000ffff" hex

static void pcp_mapping(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("02 01 0000 00001c20" V4("0a0a000b") NONCE "06 000000 1f90 9c40" V4("00000000"), OUT), V_YES);
	assert_true(said(REQUEST) && said_text(PROTOCOL, "pcp") && said_text(TRANSPORT, "tcp") && said_uint(INTERNAL, 8080));
	assert_true(said_uint(LIFETIME, 7200) && said(FACT_BORDER) && said_text(FACT_FLOW_APP, "pcp"));
	assert_int_equal(datagram_hex("02 81 0000 00001c20 00000001 000000000000000000000000" NONCE "06 000000 1f90 9c41" V4("c6336402"), IN),
	    V_YES);
	assert_true(said_text(ANSWER, "tcp port 8080 at 198.51.100.2:40001 for 7200 s") && said_endpoint(EXTERNAL, "198.51.100.2:40001"));
	/* Refused: result 2, not authorized. */
	assert_int_equal(datagram_hex("02 01 0000 00001c20" V4("0a0a000b") NONCE "11 000000 1f95 0000" V4("00000000"), OUT), V_YES);
	assert_true(said(REQUEST));
	assert_int_equal(datagram_hex("02 81 0002 00001c20 00000001 000000000000000000000000" NONCE "11 000000 1f95 0000" V4("00000000"), IN),
	    V_YES);
	assert_true(said_uint(REFUSED, 2));
}

static void pcp_peer(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("02 02 0000 00001c20" V4("0a0a000b") NONCE "11 000000 1f90 0000" V4("00000000") "88b8 0000"
	    V4("cb007182"), OUT), V_YES);
	assert_true(said(REQUEST) && said_endpoint(MAP_PEER, "203.0.113.130:35000"));
	assert_int_equal(datagram_hex("02 00 0000 00000000" V4("0a0a000b"), OUT), V_YES);	/* ANNOUNCE */
	assert_int_equal(messages(), 0);
}

static void what_it_is_not(void **state)
{
	(void)state;
	assert_int_equal(datagram_hex("00 01 0001 1f90 9c40 00000e10", OUT), V_NO);		/* reserved */
	assert_int_equal(datagram_hex("00 01 0000 1f90 9c40 00000e10 00", OUT), V_NO);		/* too long */
	assert_int_equal(datagram_hex("00 01 0000 0000 9c40 00000e10", OUT), V_NO);		/* no port */
	assert_int_equal(datagram_hex("00 81 0000 00000021 1f90 9c41 00000e10", OUT), V_NO);	/* an answer from a client */
	remote_end.port = 5352;
	assert_int_equal(datagram_hex("00 01 0000 1f90 9c40 00000e10", OUT), V_NO);
	remote_end.port = 5351;
	/* The gateway tells everybody that it is there. */
	remote_end = (struct endpoint){addr_v4(0x0a0a0001), 5351};
	local_end = (struct endpoint){addr_v4(0xe0000001), 5350};
	assert_int_equal(datagram_hex("00 80 0000 00000021 c0a8010b", IN), V_NO);
}

static void any_bytes(void **state)
{
	(void)state;
	mangled_hex("00 01 0000 1f90 9c40 00000e10", OUT);
	mangled_hex("00 81 0000 00000021 1f90 9c41 00000e10", IN);
	mangled_hex("02 02 0000 00001c20" V4("0a0a000b") NONCE "11 000000 1f90 0000" V4("00000000") "88b8 0000" V4("cb007182"), OUT);
	local_end.port = 40000;
	remote_end.port = 40001;
	random_flows(20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(natpmp_mapping, setup), cmocka_unit_test_setup(natpmp_address, setup),
		cmocka_unit_test_setup(pcp_mapping, setup), cmocka_unit_test_setup(pcp_peer, setup),
		cmocka_unit_test_setup(what_it_is_not, setup), cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
