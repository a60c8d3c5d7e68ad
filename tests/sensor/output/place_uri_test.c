/* place_uri_test.c -- addresses of sockets and syslog. */
#include "../../test.h"

#include "../../../sensor/output/place_uri.h"

static struct place_uri u;
static char why[160];

static void good(const char *text)
{
	if (!place_uri_parse(text, &u, why, sizeof why))
		fail_msg("%s: %s", text, why);
}

static void bad(const char *text, const char *says)
{
	assert_false(place_uri_parse(text, &u, why, sizeof why));
	if (strstr(why, says) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", text, why, says);
}

static void right_ones(void **state)
{
	(void)state;
	good("unix:///run/evebox.sock");
	assert_true(u.is_unix && !u.is_datagram && !u.is_syslog);
	assert_string_equal(u.host, "/run/evebox.sock");
	good("unix+dgram:///run/telegraf.sock");
	assert_true(u.is_unix && u.is_datagram);
	good("syslog://192.0.2.1");
	assert_true(u.is_syslog && u.is_datagram && !u.is_unix);
	assert_int_equal(u.port, 514);
	assert_int_equal(u.facility, 21);
	good("syslog+tcp://[2001:db8::1]:1601?facility=local0&framing=lf");
	assert_string_equal(u.host, "2001:db8::1");
	assert_int_equal(u.port, 1601);
	assert_int_equal(u.facility, 16);
	assert_true(u.lines);
	good("syslog+tcp://log.example.org?framing=octets");
	assert_int_equal(u.port, 601);
	assert_false(u.lines);
}

static void wrong_ones(void **state)
{
	char path[300] = "unix:///";

	(void)state;
	bad("", "none of unix://");
	bad("file:///x", "none of unix://");
	bad("unix://x", "start with /");
	bad("unix:///x?facility=user", "no options");
	bad("syslog://", "host is missing");
	bad("syslog://:514", "host is missing");
	bad("syslog://h:0", "port");
	bad("syslog://h:65536", "port");
	bad("syslog://h:x", "port");
	bad("syslog://2001:db8::1", "put it in [ ]");
	bad("syslog://[2001:db8::1", "no ]");
	bad("syslog://[2001:db8::1]x", "after the ]");
	bad("syslog://h?facility=kernel", "facility is none of");
	bad("syslog://h?x=1", "neither facility");
	memset(path + 8, 'x', 120);
	bad(path, "too long");
	memset(path + 8, 'x', 290);
	bad(path, "too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(right_ones), cmocka_unit_test(wrong_ones)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
