/* redis_answer_test.c -- what is kept of an answer, however it comes in pieces, and what is refused. */
#include "../../test.h"

#include <stdio.h>

#include "../../../sensor/output/redis_answer.h"

static struct answer last;
static char texts[256];
static unsigned n_answers, stop_after;

static bool on_answer(void *ctx, const struct answer *a)
{
	(void)ctx;
	last = *a;
	texts[0] = '\0';
	for (unsigned i = 0; i < a->n; i++)
		snprintf(texts + strlen(texts), sizeof texts - strlen(texts), "%.*s,", (int)a->text[i].n, a->text[i].at);
	return ++n_answers != stop_after;
}

/* In pieces of `size`. */
static bool give(const char *bytes, size_t n, size_t size, size_t most)
{
	struct replies *a = replies_new();
	bool ok = true;

	n_answers = 0;
	for (size_t i = 0; ok && i < n; i += size)
		ok = replies_feed(a, bytes + i, n - i < size ? n - i : size, most, on_answer, NULL);
	replies_free(a);
	return ok;
}

static void want(const char *bytes, unsigned n, const char *text, const char *error)
{
	for (size_t size = 1; size < 40; size++) {
		assert_true(give(bytes, strlen(bytes), size, 1000));
		assert_int_equal(n_answers, n);
		assert_string_equal(texts, text);
		assert_string_equal(last.error, error);
	}
}

static void every_kind(void **state)
{
	(void)state;
	want("+PONG\r\n", 1, "PONG,", "");
	want(":57\r\n", 1, "", "");
	want("$3\r\nabc\r\n", 1, "abc,", "");
	want("-OOM command not allowed\r\n", 1, "", "OOM command not allowed");
	assert_true(last.failed);
	want("*2\r\n$1\r\na\r\n*2\r\n:5\r\n$1\r\nb\r\n", 1, "a,b,", "");
	want("*3\r\n+a\r\n-WRONGTYPE x\r\n-ERR y\r\n", 1, "a,", "WRONGTYPE x");
	assert_true(last.failed_inside);
	assert_false(last.failed);
	want("*-1\r\n", 1, "", "");
	assert_true(last.none);
	want("+OK\r\n+QUEUED\r\n-ERR z\r\n*0\r\n", 4, "", "");
	assert_false(last.failed);
}

static void not_this_protocol(void **state)
{
	(void)state;
	assert_false(give("HTTP/1.1 400 Bad Request\r\n", 26, 26, 1000));
	assert_false(give("\x15\x03\x01", 3, 3, 1000));
}

/* An answer that never ends, or says that it will be enormous. */
static void bounded(void **state)
{
	static char endless[4000];

	(void)state;
	memcpy(endless, "$900000000\r\n", 12);
	assert_false(give(endless, sizeof endless, 100, 1000));
	memset(endless, 'x', sizeof endless);
	endless[0] = '+';
	assert_false(give(endless, sizeof endless, 100, 1000));
	assert_true(give("*900000000\r\n+a\r\n+b\r\n", 20, 20, 1000));
}

static void stops_when_told(void **state)
{
	(void)state;
	stop_after = 2;
	assert_true(give("+a\r\n+b\r\n+c\r\n", 12, 12, 1000));
	assert_int_equal(n_answers, 2);
	stop_after = 0;
}

static void moved(void **state)
{
	char host[256];
	uint16_t port;

	(void)state;
	assert_true(answer_moved("MOVED 3999 192.0.2.1:6381", host, &port));
	assert_string_equal(host, "192.0.2.1");
	assert_int_equal(port, 6381);
	assert_true(answer_moved("MOVED 3999 :6381", host, &port));
	assert_string_equal(host, "");
	assert_true(answer_moved("MOVED 3999 2001:db8::1:6381", host, &port));
	assert_string_equal(host, "2001:db8::1");
	assert_false(answer_moved("MOVED", host, &port));
	assert_false(answer_moved("MOVED 1 h", host, &port));
	assert_false(answer_moved("MOVED 1 h:", host, &port));
	assert_false(answer_moved("MOVED 1 h:0", host, &port));
	assert_false(answer_moved("MOVED 1 h:65536", host, &port));
	assert_false(answer_moved("MOVED 1 h:1x", host, &port));
	assert_false(answer_moved("ASK 1 h:1", host, &port));
	assert_false(answer_moved("ERR x", host, &port));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind), cmocka_unit_test(not_this_protocol), cmocka_unit_test(bounded), cmocka_unit_test(stops_when_told),
		cmocka_unit_test(moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
