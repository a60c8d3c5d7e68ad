/* hosts_test.c -- every form in which sites keep the names of their hosts, and what is none. */
#include "../../test.h"

#include "../../../sensor/names/hosts.h"

#include <stdio.h>

static struct hosts *hosts;
static char said[4096];

static bool read_text(const char *text)
{
	FILE *f = fmemopen(said, sizeof said, "w");
	struct mistakes m = {.to = f};
	uint8_t *edge = edge_copy(text, strlen(text));
	bool ok;

	hosts_free(hosts);
	hosts = hosts_new();
	said[0] = '\0';
	ok = hosts_read(hosts, "file", cur_of(edge, strlen(text)), &m);
	hosts_seal(hosts);
	edge_free(edge, strlen(text));
	fclose(f);
	return ok;
}

static const char *name(const char *key)
{
	struct addr a;
	uint8_t mac[6];
	const char *found = NULL;

	if (addr_parse(key, &a))
		found = hosts_by_address(hosts, &a);
	else if (mac_parse(key, mac))
		found = hosts_by_card(hosts, mac);
	return found != NULL ? found : "";
}

static void test_rows(void **state)
{
	(void)state;
	assert_true(read_text("# our hosts\n10.0.0.1,pc-1\n02:00:5e:10:00:02;pc-2\n\"10.0.0.3\", \"pc 3\" ,02-00-5E-10-00-03\r\n"
	    "pc-4,2001:db8::4\n\n10.0.0.5,\n10.0.0.1,renamed"));
	assert_int_equal(hosts_n(hosts), 5);
	assert_string_equal(name("10.0.0.1"), "renamed");
	assert_string_equal(name("02:00:5e:10:00:02"), "pc-2");
	assert_string_equal(name("10.0.0.3"), "pc3");
	assert_string_equal(name("02:00:5e:10:00:03"), "pc3");
	assert_string_equal(name("2001:db8::4"), "pc-4");
	assert_string_equal(name("10.0.0.5"), "");
	assert_string_equal(name("10.0.0.6"), "");
}

static void test_columns(void **state)
{
	(void)state;
	assert_true(read_text("address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n"
	    "10.0.0.1,02:00:5e:10:00:01,01:02:00:5e:10:00:01,3600,1700000000,1,0,0,pc-1.lan,0,,0\n"
	    "10.0.0.2,02:00:5e:10:00:02,,3600,1700000000,1,0,0,,0,,0\n"));
	assert_string_equal(name("10.0.0.1"), "pc-1.lan");
	assert_string_equal(name("02:00:5e:10:00:01"), "pc-1.lan");
	assert_string_equal(name("10.0.0.2"), "");
	assert_true(read_text("\xef\xbb\xbfHost Name\tIP Address\nadmin pc\t10.0.0.9\n"));
	assert_string_equal(name("10.0.0.9"), "adminpc");
}

static void test_dnsmasq(void **state)
{
	(void)state;
	assert_true(read_text("1700000000 02:00:5e:10:00:01 10.0.0.1 pc-1 01:02:00:5e:10:00:01\n0 02:00:5e:10:00:02 10.0.0.2 * *\n"
	    "duid 00:01:00:01:2a:bb\n1700000000 12345678 2001:db8::7 pc-7 00:01:00:01\n"));
	assert_string_equal(name("10.0.0.1"), "pc-1");
	assert_string_equal(name("02:00:5e:10:00:01"), "pc-1");
	assert_string_equal(name("10.0.0.2"), "");
	assert_string_equal(name("2001:db8::7"), "pc-7");
}

static void test_etc_hosts(void **state)
{
	(void)state;
	assert_true(read_text("127.0.0.1\tlocalhost\n10.0.0.1  pc-1.example pc-1 # the first\nfe80::1%lo0 loop\n"));
	assert_string_equal(name("10.0.0.1"), "pc-1.example");
	assert_string_equal(name("fe80::1"), "loop");
}

static void test_isc(void **state)
{
	(void)state;
	assert_true(read_text("# The format of this file is documented in the dhcpd.leases(5) manual page.\nauthoring-byte-order little-endian;\n\n"
	    "lease 10.0.0.1 {\n  starts 2 2026/11/24 10:00:00;\n  binding state active;\n  hardware ethernet 02:00:5e:10:00:01;\n"
	    "  uid \"\\001\\002;\";\n  client-hostname \"pc-1\";\n}\nlease 10.0.0.2 {\n  hardware ethernet 02:00:5e:10:00:02;\n}\n"
	    "lease 10.0.0.1 {\n  hardware ethernet 02:00:5e:10:00:03;\n  client-hostname \"pc-3\";\n}\n"));
	assert_string_equal(name("10.0.0.1"), "pc-3");
	assert_string_equal(name("02:00:5e:10:00:01"), "pc-1");
	assert_string_equal(name("02:00:5e:10:00:03"), "pc-3");
	assert_string_equal(name("02:00:5e:10:00:02"), "");
	assert_false(read_text("lease nowhere {\n client-hostname \"x\";\n}\n"));
	assert_string_equal(said, "file:1: no address behind `lease`\n");
}

static void test_wrong(void **state)
{
	(void)state;
	assert_false(read_text("10.0.0.1,pc-1\nhello,world\n10.0.0,pc\nalone\n10.0.0.2,pc-2\n"));
	assert_string_equal(said, "file:2: neither an address nor an Ethernet address\nfile:3: neither an address nor an Ethernet address\n"
	    "file:4: neither an address nor an Ethernet address\n");
	assert_string_equal(name("10.0.0.1"), "pc-1");
	assert_string_equal(name("10.0.0.2"), "pc-2");
	assert_true(read_text(""));
	assert_true(read_text("\n\n#\n"));
	assert_int_equal(hosts_n(hosts), 0);
}

static void test_long(void **state)
{
	static char text[6000];

	(void)state;
	memset(text, 'x', 5000);
	memcpy(text, "10.0.0.1,", 9);
	strcpy(text + 5000, "\n10.0.0.2,pc-2\n");
	assert_true(read_text(text));
	assert_int_equal(strlen(name("10.0.0.1")), HOST_NAME - 1);
	assert_string_equal(name("10.0.0.2"), "pc-2");
	memset(text, ',', 5000);
	assert_false(read_text(text));
	assert_string_equal(name("10.0.0.2"), "pc-2");
}

static void test_macs(void **state)
{
	uint8_t mac[6];

	(void)state;
	assert_true(mac_parse("02:00:5e:10:0A:ff", mac));
	assert_int_equal(mac[5], 0xff);
	assert_false(mac_parse("", mac));
	assert_false(mac_parse("02:00:5e:10:0a:f", mac));
	assert_false(mac_parse("02:00:5e:10:0a:ff:00", mac));
	assert_false(mac_parse("02:00:5e:10:0a:fg", mac));
	assert_false(mac_parse("0200.5e10.0aff", mac));
	assert_false(mac_parse("02:00:5e:10:0a", mac));
}

static int done(void **state)
{
	(void)state;
	hosts_free(hosts);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows), cmocka_unit_test(test_columns), cmocka_unit_test(test_dnsmasq), cmocka_unit_test(test_etc_hosts),
		cmocka_unit_test(test_isc), cmocka_unit_test(test_wrong), cmocka_unit_test(test_long), cmocka_unit_test(test_macs),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
