/* skype_http_test.c -- version checks, user agents, and who only has the name. */
#include "skype_make.h"

static bool look(struct skype_web *w, const char *head)
{
	size_t n = strlen(head);
	static uint8_t *edge;
	static size_t edge_n;

	if (edge != NULL)
		edge_free(edge, edge_n);
	edge = edge_copy(head, n);
	edge_n = n;
	return skype_web(w, cur_of(edge, n));
}

static void checks(void **state)
{
	struct skype_web w;

	(void)state;
	assert_true(look(&w, "GET /ui/0/4.2.0.169/en/getlatestversion?ver=4.2.0.169&uhash=abc HTTP/1.1\r\nHost: ui.skype.com\r\n\r\n"));
	assert_true(w.check);
	assert_int_equal(w.version.left, 9);
	assert_true(cur_starts(&w.version, "4.2.0.169", 9));
	assert_true(look(&w, "GET /ui/2/1.0.0.94/en/installed HTTP/1.1\r\n\r\n"));
	assert_true(w.check);
	assert_int_equal(w.version.left, 0);
	assert_false(look(&w, "GET /ui/style.css HTTP/1.1\r\nHost: a.example\r\n\r\n"));
	assert_false(look(&w, "GET /ui/a/b/c/getlatestversion?ver=1 HTTP/1.1\r\n\r\n"));
	assert_false(look(&w, "GET /ui/0/1.2/en/more/installed HTTP/1.1\r\n\r\n"));
	assert_false(look(&w, "GET /getlatestversion?ver=1.2.3.4 HTTP/1.1\r\n\r\n"));
}

static void agents(void **state)
{
	struct skype_web w;

	(void)state;
	assert_true(look(&w, "POST / HTTP/1.1\r\nhost: x\r\nuser-agent:  Skype (tm) 3.8 \r\n\r\n"));
	assert_true(cur_starts(&w.agent, "Skype (tm) 3.8", 14));
	assert_false(w.check);
	assert_false(look(&w, "GET / HTTP/1.1\r\nUser-Agent: Mozilla/5.0 SkypeUriPreview Preview/0.5\r\n\r\n"));
	assert_false(look(&w, "GET / HTTP/1.1\r\nUser-Agent: OC/16.0 (Skype for Business)\r\n\r\n"));
	assert_false(look(&w, "GET / HTTP/1.1\r\nUser-Agent: curl\r\nX: Skype\r\n\r\nUser-Agent: Skype\r\n"));
	assert_false(look(&w, "GET / HTTP/1.1\r\n"));
	assert_false(look(&w, "GET /"));
	assert_false(look(&w, ""));
}

static void truncated(void **state)
{
	const char head[] = "GET /ui/0/4.2.0.169/en/getlatestversion?ver=4.2.0.169 HTTP/1.1\r\nUser-Agent: Skype\r\n\r\n";
	struct skype_web w;

	(void)state;
	for (size_t n = 0; n < sizeof head; n++) {
		uint8_t *edge = edge_copy(head, n);
		struct cursor c = cur_of(edge, n);

		skype_web(&w, c);
		skype_is_web(&c);
		skype_is_listener(&c);
		edge_free(edge, n);
	}
}

static void listeners(void **state)
{
	struct cursor c = cur_of("HTTP/1.0 404 Not Found\r\n\r\n", 26);

	(void)state;
	assert_true(skype_is_listener(&c));
	c.left--;
	assert_false(skype_is_listener(&c));
	c = cur_of("HTTP/1.0 501 Not Implemented\r\n\r\n", 32);
	assert_true(skype_is_listener(&c));
	c = cur_of("HTTP/1.1 404 Not Found\r\n\r\n", 26);
	assert_false(skype_is_listener(&c));
	c = cur_of("HTTP/1.0 404 Not Found\r\n\r\n<html>", 32);
	assert_false(skype_is_listener(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(checks, setup), cmocka_unit_test_setup(agents, setup), cmocka_unit_test_setup(truncated, setup),
		cmocka_unit_test_setup(listeners, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
