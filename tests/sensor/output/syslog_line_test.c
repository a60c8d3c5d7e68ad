/* syslog_line_test.c -- the head of RFC 5424, from lines as eve.c makes them. */
#include "../../test.h"

#include <stdio.h>
#include <unistd.h>

#include "../../../sensor/event/eve.h"
#include "../../../sensor/output/syslog_line.h"
#include "../event/sample.h"

static char head[SYSLOG_HEAD], expected[SYSLOG_HEAD];

static void of_event(const struct event *e, const char *sensor)
{
	struct eve_settings settings = {.profile = PROFILE_8, .host = "x"};
	struct eve *eve = eve_new(&settings, NULL, NULL);
	struct record r = {0};
	size_t n;

	r.json = eve_line(eve, e, &r.len);
	r.len--;
	n = syslog_head(&r, 21, sensor, head);
	assert_int_equal(n, strlen(head));
	eve_free(eve);
}

static void alerts_and_others(void **state)
{
	static struct event e;

	(void)state;
	sample_alert(&e, KIND_HOLE_PUNCH);
	of_event(&e, "border 1\n");
	snprintf(expected, sizeof expected, "<171>1 2026-01-02T03:04:05.678901Z border1 punchwatch %ld alert - ", (long)getpid());
	assert_string_equal(head, expected);
	sample_alert(&e, KIND_STUN_DISCOVERY);
	of_event(&e, "s");
	assert_memory_equal(head, "<173>1 ", 7);
	sample_base(&e, EVENT_FLOW);
	of_event(&e, "");
	snprintf(expected, sizeof expected, "<174>1 2026-01-02T03:04:05.678901Z - punchwatch %ld flow - ", (long)getpid());
	assert_string_equal(head, expected);
}

/* Whatever the journal holds. */
static void lines_of_others(void **state)
{
	static const char *const lines[] = {
		"", "{}", "{\"timestamp\":\"", "{\"timestamp\":\"x\"}", "{\"event_type\":\"", "\"alert\":{\"severity\":", "\"alert\":{\"severity\":9",
		"{\"timestamp\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		size_t n = strlen(lines[i]);
		uint8_t *copy = edge_copy(lines[i], n);

		assert_true(syslog_head(&(struct record){.json = (char *)copy, .len = n}, 16, "s", head) > 0);
		assert_memory_equal(head, "<134>1 ", 7);
		edge_free(copy, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(alerts_and_others), cmocka_unit_test(lines_of_others)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
