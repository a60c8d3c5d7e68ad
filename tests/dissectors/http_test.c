/* http_test.c -- first requests: whole, in pieces, behind proxies, and what is none. */
#include "shown.h"

extern const struct dissector http_dissector;

enum { OUT = true, IN = false };

static enum verdict show(struct shown *s, const char *text)
{
	return shown_stretch(s, text, strlen(text), OUT);
}

#define REQUEST "GET /a?b HTTP/1.1\r\nHOST:  www.example.org:8080 \r\nAccept: */*\r\nUser-Agent: Tester/1 (x)\r\n\r\n"
#define SAID "flow.app_proto == \"http\" host == \"www.example.org\" host.from == \"http\" http.method == \"GET\" " \
	"http.target == \"/a?b\" http.user_agent == \"Tester/1 (x)\""

static void test_whole(void **state)
{
	struct shown *s = shown_new(&http_dissector);

	(void)state;
	assert_int_equal(show(s, REQUEST "POST / HTTP/1.1\r\n\r\n"), V_DONE);
	assert_string_equal(s->text, SAID);
	assert_int_equal(show(s, "GET / HTTP/1.0\n\n"), V_DONE);	/* hardly more than nothing */
	assert_string_equal(s->text, "flow.app_proto == \"http\" http.method == \"GET\" http.target == \"/\"");
	assert_int_equal(show(s, "CONNECT far.example.org:443 HTTP/1.1\r\nHost: proxy.local\r\n\r\n"), V_DONE);
	assert_non_null(strstr(s->text, "host == \"far.example.org\" host.from"));
	assert_int_equal(show(s, "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n"), V_DONE);
	assert_non_null(strstr(s->text, "host == \"[2001:db8::1]\" host.from"));
	assert_int_equal(show(s, "GET / HTTP/1.1\r\nHost: one.example\r\nHost: two.example\r\n\r\n"), V_DONE);
	assert_non_null(strstr(s->text, "host == \"one.example\" host.from"));
}

static void test_pieces(void **state)
{
	struct shown *s = shown_new(&http_dissector);
	char text[sizeof REQUEST];

	(void)state;
	for (size_t n = 1; n < sizeof REQUEST - 1; n++) {
		snprintf(text, sizeof text, "%.*s", (int)n, REQUEST);
		assert_int_equal(show(s, text), V_MORE);
		assert_string_equal(s->text, "");
		assert_int_equal(s->input.bytes.left, n);
	}
	assert_int_equal(show(s, REQUEST), V_DONE);
}

static void test_none(void **state)
{
	static const char *const none[] = {
		"SSH-2.0-x\r\n", "\x16\x03\x01", "GET", "GE T / HTTP/1.1\r\n\r\n", "get / HTTP/1.1\r\n\r\n", "GET / HTTP/2.0\r\n\r\n", "GET /\r\n\r\n",
		"INVITE sip:x@y SIP/2.0\r\n\r\n", "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
	};
	struct shown *s = shown_new(&http_dissector);

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(show(s, none[i]), strcmp(none[i], "GET") == 0 ? V_MORE : V_NO);
	assert_int_equal(shown_stretch(s, "HTTP/1.1 200 OK\r\n", 17, IN), V_NO);	/* an answer */
}

/* A head without an end is read as far as it goes, once. */
static void test_endless(void **state)
{
	struct shown *s = shown_new(&http_dissector);
	static char text[9000];
	size_t n;

	(void)state;
	n = (size_t)snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: www.example.org\r\nX: ");
	memset(text + n, 'x', 8100);
	assert_int_equal(show(s, text), V_MORE);
	memset(text + n, 'x', 8200);
	assert_int_equal(show(s, text), V_DONE);
	assert_non_null(strstr(s->text, "host == \"www.example.org\""));
	memset(text, 'x', 8200);
	memcpy(text, "GET ", 4);
	assert_int_equal(show(s, text), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_pieces), cmocka_unit_test(test_none), cmocka_unit_test(test_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
