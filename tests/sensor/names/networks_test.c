/* networks_test.c -- hosting and services: what comes with the program, and what is wrong in a file. */
#include "../../test.h"

#include "../../../sensor/names/networks.h"

#include <stdio.h>
#include <unistd.h>

static struct owner find(const struct networks *n, const char *text, uint32_t asn, const char *org)
{
	struct owner o = {.asn = asn, .scope = SCOPE_PUBLIC};
	struct addr a;

	assert_true(addr_parse(text, &a));
	snprintf(o.org, sizeof o.org, "%s", org);
	networks_find(n, &a, &o);
	return o;
}

static struct networks *read_text(const char *text, struct mistakes *m)
{
	char path[64];
	struct networks *n;
	FILE *f;

	snprintf(path, sizeof path, "/tmp/networks_test-%d.yaml", (int)getpid());
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	n = networks_read(path, m);
	unlink(path);
	return n;
}

static void test_shipped(void **state)
{
	struct mistakes m = {.to = stderr};
	struct networks *n = networks_read("config/networks.yaml", &m);

	(void)state;
	assert_non_null(n);
	assert_true(networks_n(n) > 10);
	assert_int_equal(find(n, "157.240.1.2", 0, "").scope, SCOPE_SERVICE);
	assert_string_equal(find(n, "157.240.1.2", 0, "").network, "Meta");
	assert_int_equal(find(n, "52.113.0.1", 8075, "").scope, SCOPE_SERVICE);	/* the prefix is nearer than the AS */
	assert_int_equal(find(n, "20.1.2.3", 8075, "").scope, SCOPE_HOSTING);
	assert_int_equal(find(n, "192.0.2.1", 0, "Example WebHosting Ltd").scope, SCOPE_HOSTING);
	assert_int_equal(find(n, "192.0.2.1", 64500, "Example Telecom").scope, SCOPE_PUBLIC);
	assert_string_equal(find(n, "192.0.2.1", 64500, "Example Telecom").network, "");
	networks_free(n);
	networks_free(NULL);
}

/* Who looks at the list again must know where to look, and how old it is. */
static void test_shipped_says_where_from(void **state)
{
	FILE *f = fopen("config/networks.yaml", "r");
	unsigned names = 0, sources = 0, dates = 0;
	char line[512];

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		names += strncmp(line, "  - name: ", 10) == 0;
		sources += strncmp(line, "    source: ", 12) == 0;
		dates += strncmp(line, "    date: 20", 12) == 0;
	}
	fclose(f);
	assert_true(names > 15);
	assert_int_equal(sources, names);
	assert_int_equal(dates, names);
}

static void test_wrong(void **state)
{
	char said[2048] = "";
	FILE *f = fmemopen(said, sizeof said, "w");
	struct mistakes m = {.to = f};

	(void)state;
	assert_null(read_text("networks:\n  - name: a\n    scope: hosted\n    asn: [1]\n  - name: b\n    scope: hosting\n"
	    "  - scope: service\n    prefixes: [10.0.0.0/33]\n", &m));
	fclose(f);
	assert_int_equal(m.n, 4);
	assert_non_null(strstr(said, ":3: "));
	assert_non_null(strstr(said, "an entry needs asn, org or prefixes"));
	assert_non_null(strstr(said, ":8: "));
	m = (struct mistakes){.to = NULL};
	assert_null(read_text("networks: 7\n", &m));
	assert_null(networks_read("/nonexistent", &m));
}

static void test_empty(void **state)
{
	struct mistakes m = {.to = stderr};
	struct networks *n = read_text("# none\n", &m);

	(void)state;
	assert_non_null(n);
	assert_int_equal(networks_n(n), 0);
	assert_int_equal(find(n, "157.240.1.2", 1, "hosting").scope, SCOPE_PUBLIC);
	networks_free(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_shipped), cmocka_unit_test(test_shipped_says_where_from), cmocka_unit_test(test_wrong), cmocka_unit_test(test_empty)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
