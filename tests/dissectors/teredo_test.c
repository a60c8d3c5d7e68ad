/* teredo_test.c -- Teredo's datagrams (RFC 4380, 5.1.1), and who the far end is. */
#include "dissected.h"

extern const struct dissector teredo_dissector;

enum { SOLICIT = FACT_OWN, ADVERTISE, BUBBLE, DATA, MAPPED, ADDRESS, SERVER, TEREDO_PEER, RELAY };	/* teredo.c */

#define AUTH "0001 00 00 6210612186ce109b 00"
#define ORIGIN "0000 3cc0 39cc9bf5"		/* 198.51.100.10:49983, turned */
#define LINK_LOCAL "fe80000000000000 0000ffffffffffff"
#define ALL_ROUTERS "ff02000000000000 0000000000000002"
#define OURS "20010000cb007105 00243cc039cc9bf5"	/* server 203.0.113.5, client 198.51.100.10:49983 */
#define THEIRS "20010000cb007105 38124b2c34ff8e7d"	/* client 203.0.113.130:46291 */
#define NATIVE "20010db800050000 0000000000000010"

static int setup(void **state)
{
	fresh_flow(state);
	subject = &teredo_dissector;
	local_end.port = 49983;
	return 0;
}

static void from(uint32_t v4, uint16_t port)
{
	remote_end = (struct endpoint){addr_v4(v4), port};
}

static void qualification(void **state)
{
	(void)state;
	from(0xcb007105, 3544);
	assert_int_equal(datagram_hex(AUTH "60000000 0008 3a ff" LINK_LOCAL ALL_ROUTERS "85007d3700000000", OUT), V_YES);
	assert_true(said(SOLICIT) && said(SERVER) && said_text(FACT_FLOW_APP, "teredo"));
	assert_int_equal(datagram_hex(AUTH "60000000 0008 3a ff" LINK_LOCAL ALL_ROUTERS "85007d3700000000", OUT), V_YES);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram_hex(AUTH ORIGIN "60000000 0010 3a ff fe80000000000000 8000f22734ff8efa" LINK_LOCAL
	    "8600954c00000000 0000000000000000", IN), V_YES);
	assert_true(said(ADVERTISE) && said(SERVER) && said_endpoint(MAPPED, "198.51.100.10:49983") && !said(TEREDO_PEER));
	/* A test of whether native IPv6 is reached goes by the server. */
	assert_int_equal(datagram_hex("60000000 0008 3a ff" OURS NATIVE "8000000000010001", OUT), V_YES);
	assert_true(said(DATA) && said_endpoint(ADDRESS, "[2001:0:cb00:7105:24:3cc0:39cc:9bf5]:0") && !said(RELAY));
}

static void direct_peer(void **state)
{
	(void)state;
	from(0xcb007182, 46291);
	assert_int_equal(datagram_hex("60000000 0000 3b 00" "fe80000000000000 ac1f68b2ed4bed60" THEIRS, OUT), V_YES);
	assert_true(said(BUBBLE) && said(TEREDO_PEER) && !said(SERVER) && !said(RELAY));
	assert_int_equal(datagram_hex("60000000 0000 3b 00" THEIRS "fe80000000000000 ac1f68b2ed4bed60", IN), V_YES);
	assert_true(said(BUBBLE) && said(TEREDO_PEER));
	assert_int_equal(datagram_hex("60000000 0008 3a ff" OURS THEIRS "8000000000010001", OUT), V_YES);
	assert_true(said(DATA) && said(TEREDO_PEER));
	assert_int_equal(datagram_hex("60000000 0008 3a ff" OURS THEIRS "8000000000010001", OUT), V_YES);
	assert_int_equal(messages(), 0);
	/* A NAT that gives another port to every destination. */
	setup(NULL);
	from(0xcb007182, 1);
	assert_int_equal(datagram_hex("60000000 0000 3b 00" THEIRS OURS, IN), V_YES);
	assert_true(said(TEREDO_PEER));
}

static void relay(void **state)
{
	(void)state;
	from(0xcb007142, 32900);
	assert_int_equal(datagram_hex("60000000 0008 3a ff" OURS NATIVE "8000000000010001", OUT), V_YES);
	assert_true(said(DATA) && said(RELAY) && !said(TEREDO_PEER));
	/* The way to a peer through somebody else: nobody's word. */
	setup(NULL);
	from(0xcb007142, 32900);
	assert_int_equal(datagram_hex("60000000 0008 3a ff" OURS THEIRS "8000000000010001", OUT), V_YES);
	assert_true(said(DATA) && !said(RELAY) && !said(TEREDO_PEER) && !said(SERVER));
}

static void what_it_is_not(void **state)
{
	(void)state;
	/* IPv6 that does not fill the datagram; of which no address is Teredo's; solicitations of an ordinary network. */
	assert_int_equal(datagram_hex("60000000 0009 3a ff" OURS THEIRS "8000000000010001", OUT), V_NO);
	assert_int_equal(datagram_hex("60000000 0008 3a ff" NATIVE NATIVE "8000000000010001", OUT), V_NO);
	assert_int_equal(datagram_hex("60000000 0008 3a ff" OURS ALL_ROUTERS "8000000000010001", OUT), V_NO);
	assert_int_equal(datagram_hex("60000000 0008 3a ff" NATIVE ALL_ROUTERS "85007d3700000000", OUT), V_NO);
	assert_int_equal(datagram_hex("40000000 0008 3a ff" OURS THEIRS "8000000000010001", OUT), V_NO);
}

static void any_bytes(void **state)
{
	(void)state;
	mangled_hex(AUTH ORIGIN "60000000 0010 3a ff fe80000000000000 8000f22734ff8efa" LINK_LOCAL
	    "8600954c00000000 0000000000000000", IN);
	mangled_hex("60000000 0000 3b 00" THEIRS OURS, IN);
	random_flows(20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(qualification, setup), cmocka_unit_test_setup(direct_peer, setup),
		cmocka_unit_test_setup(relay, setup), cmocka_unit_test_setup(what_it_is_not, setup),
		cmocka_unit_test_setup(any_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
