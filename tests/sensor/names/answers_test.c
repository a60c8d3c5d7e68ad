/* answers_test.c -- what hosts are told, for how long, and how much of it. */
#include "../../test.h"

#include "../../../sensor/names/answers.h"

#include <stdio.h>

static const uint64_t NOW = 4611686018;		/* the correlator's clock, in seconds, at its beginning */

static struct addr ip(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

static void add(struct answers *a, const char *host, const char *far, const char *name, uint64_t ttl_s, uint64_t now_s)
{
	struct addr h = ip(host), f = ip(far);

	uint8_t labels[512];
	size_t n = 0;

	while (*name != '\0') {
		size_t len = strcspn(name, ".");

		labels[n] = (uint8_t)len;
		memcpy(labels + n + 1, name, len);
		n += 1 + len;
		name += len + (name[len] == '.');
	}
	answers_add(a, &h, cur_of(f.b, sizeof f.b), cur_of(labels, n), ttl_s, now_s);
}

static const char *find(struct answers *a, const char *host, const char *far, uint64_t now_s)
{
	struct addr h = ip(host), f = ip(far);
	const char *name = answers_find(a, &h, &f, now_s);

	return name != NULL ? name : "";
}

static void test_told(void **state)
{
	struct answers *a = answers_new(NULL);

	(void)state;
	add(a, "10.0.0.1", "203.0.113.1", "one.example", 60, NOW);
	add(a, "10.0.0.2", "203.0.113.1", "two.example", 7200, NOW);
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW), "one.example");
	assert_string_equal(find(a, "10.0.0.2", "203.0.113.1", NOW), "two.example");
	assert_string_equal(find(a, "10.0.0.3", "203.0.113.1", NOW), "");
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 599), "one.example");
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 600), "");
	assert_string_equal(find(a, "10.0.0.2", "203.0.113.1", NOW + 7199), "two.example");
	assert_string_equal(find(a, "10.0.0.2", "203.0.113.1", NOW + 7200), "");
	add(a, "10.0.0.1", "203.0.113.1", "other.example", UINT64_MAX, NOW);
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 86399), "other.example");
	assert_string_equal(find(a, "10.0.0.1", "203.0.113.1", NOW + 86400), "");
	answers_free(a);
	answers_free(NULL);
}

static void test_long(void **state)
{
	struct answers *a = answers_new(NULL);
	struct addr h = ip("10.0.0.1"), f = ip("2001:db8::3");

	(void)state;
	add(a, "10.0.0.1", "2001:db8::1", "A-label-that-is-cut.another-one-here.WWW.Some-Organisation.example.org", 60, NOW);
	assert_string_equal(find(a, "10.0.0.1", "2001:db8::1", NOW), "another-one-here.www.some-organisation.example.org");
	add(a, "10.0.0.1", "2001:db8::1", "123456789012345678901234567890123456789012345678901234567890123", 60, NOW);	/* nothing fits */
	assert_string_equal(find(a, "10.0.0.1", "2001:db8::1", NOW), "another-one-here.www.some-organisation.example.org");
	add(a, "10.0.0.1", "2001:db8::1", "12345678901234567890123456789012345678901234567890123456789012", 60, NOW);
	assert_int_equal(strlen(find(a, "10.0.0.1", "2001:db8::1", NOW)), 62);
	add(a, "10.0.0.1", "2001:db8::2", "", 60, NOW);
	assert_string_equal(find(a, "10.0.0.1", "2001:db8::2", NOW), "");
	answers_add(a, &h, cur_of(f.b, sizeof f.b), cur_of("\3a\n.", 4), 60, NOW);
	assert_string_equal(find(a, "10.0.0.1", "2001:db8::3", NOW), "a?.");
	answers_free(a);
}

/* Several addresses stand for one name; nine are too many to be true. */
static void test_several(void **state)
{
	struct answers *a = answers_new(NULL);
	struct addr h = ip("10.0.0.1"), far[9];

	(void)state;
	for (unsigned i = 0; i < 9; i++)
		far[i] = addr_v4(0xcb007100 + i);
	answers_add(a, &h, cur_of(far, 8 * sizeof far[0]), cur_of("\1a\1b", 4), 60, NOW);
	for (unsigned i = 0; i < 8; i++)
		assert_string_equal(answers_find(a, &h, &far[i], NOW), "a.b");
	assert_null(answers_find(a, &h, &far[8], NOW));
	answers_add(a, &h, cur_of(far, 9 * sizeof far[0]), cur_of("\1c", 2), 60, NOW);
	assert_string_equal(answers_find(a, &h, &far[0], NOW), "a.b");
	answers_free(a);
}

/* Too many: the oldest go, and what is found is right, all the way round and further. */
static void test_flood(void **state)
{
	struct answers *a = answers_new(NULL);
	char far[64], name[64], want[64];
	unsigned left = 0;
	const char *found;

	(void)state;
	for (unsigned i = 0; i < 300000; i++) {
		snprintf(far, sizeof far, "2001:db8::%x:%x", i >> 8, i & 255);
		snprintf(name, sizeof name, "n%u.%.*s", i, (int)(i % 40), "a123456789b123456789c123456789d123456789");
		add(a, "10.0.0.1", far, name, 600, NOW);
		if (i % 1000 < 3)
			assert_non_null(strstr(find(a, "10.0.0.1", far, NOW), "n"));
	}
	for (unsigned i = 0; i < 300000; i++) {
		snprintf(far, sizeof far, "2001:db8::%x:%x", i >> 8, i & 255);
		snprintf(want, sizeof want, "n%u", i);
		found = find(a, "10.0.0.1", far, NOW);
		if (found[0] != '\0') {
			left++;
			assert_int_equal(strncmp(found, want, strlen(want)), 0);
			assert_true(i > 200000);
		}
	}
	assert_true(left > 25000);
	answers_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_told), cmocka_unit_test(test_long), cmocka_unit_test(test_several), cmocka_unit_test(test_flood)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
