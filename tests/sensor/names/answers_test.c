/* answers_test.c -- what hosts are told, for how long, and how much of it. */
#include "../../test.h"

#include "../../../sensor/names/answers.h"

#include <stdio.h>

static const uint64_t SECOND = 1000000000ULL, NOW = 1ULL << 62;

static struct addr ip(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void add(struct answers *a, const char *host, const char *far, const char *name, uint64_t ttl_s, uint64_t now_ns)
{
	struct addr h = ip(host), f = ip(far);

	answers_add(a, &h, &f, cur_of(name, strlen(name)), ttl_s, now_ns);
}

static const char *find(struct answers *a, const char *host, const char *far, uint64_t now_ns)
{
	struct addr h = ip(host), f = ip(far);
	const char *name = answers_find(a, &h, &f, now_ns);

	return name != NULL ? name : "";
}

static void test_told(void **state)
{
	struct answers *a = answers_new();

	(void)state;
	add(a, "10.0.0.1", "203.0.113.1", "one.example", 60, NOW);
	add(a, "10.0.0.2", "203.0.113.1", "two.example", 7200, NOW);
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW), "one.example");
	assert_string_equal(find(a, "10.0.0.2", "203.0.113.1", NOW), "two.example");
	assert_string_equal(find(a, "10.0.0.3", "203.0.113.1", NOW), "");
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 599 * SECOND), "one.example");
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 600 * SECOND), "");
	assert_string_equal(find(a, "10.0.0.2", "203.0.113.1", NOW + 7199 * SECOND), "two.example");
	assert_string_equal(find(a, "10.0.0.2", "203.0.113.1", NOW + 7200 * SECOND), "");
	add(a, "10.0.0.1", "203.0.113.1", "other.example", UINT64_MAX, NOW);
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 86399 * SECOND), "other.example");
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 86400 * SECOND), "");
	answers_free(a);
	answers_free(NULL);
}

static void test_long(void **state)
{
	struct answers *a = answers_new();
	char name[300];

	(void)state;
	memset(name, 'a', sizeof name);
	snprintf(name + 240, 20, ".example.org");
	add(a, "10.0.0.1", "2001:db8::1", name, 60, NOW);
	assert_int_equal(strlen(find(a, "10.0.0.1", "2001:db8::1", NOW)), ANSWER_NAME - 1);
	assert_string_equal(find(a, "10.0.0.1", "2001:db8::1", NOW) + ANSWER_NAME - 1 - 13, "a.example.org");
	add(a, "10.0.0.1", "2001:db8::2", "", 60, NOW);
	assert_string_equal(find(a, "10.0.0.1", "2001:db8::2", NOW), "");
	answers_free(a);
}

/* Too many: those that end first go. */
static void test_flood(void **state)
{
	struct answers *a = answers_new();
	char far[64];
	unsigned left = 0;

	(void)state;
	add(a, "10.0.0.1", "203.0.113.1", "kept.example", 86400, NOW);
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(far, sizeof far, "2001:db8::%x:%x", i >> 8, i & 255);
		add(a, "10.0.0.1", far, "x.example", 60, NOW + i);
	}
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW), "kept.example");
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(far, sizeof far, "2001:db8::%x:%x", i >> 8, i & 255);
		left += find(a, "10.0.0.1", far, NOW + 1)[0] != '\0';
	}
	assert_true(left > 12000 && left < 16384);
	answers_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_told), cmocka_unit_test(test_long), cmocka_unit_test(test_flood)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
