/* metrics_test.c -- what Prometheus would read: each line is of the text format, each name is declared once, before its values. */
#include "../../../sensor/control/metrics.h"
#include "../../test.h"
#include "a_health.h"

#include <ctype.h>

static char *printed(void)
{
	static struct health h;
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	a_health(&h);
	metrics_print(to, &h);
	fclose(to);
	return text;
}

static void values(void **state)
{
	char *t = printed();

	(void)state;
	assert_true(contains(t, "\npunchwatch_ready 0\n"));
	assert_true(contains(t, "\npunchwatch_not_ready{reason=\"interface-silent\"} 1\n"));
	assert_true(contains(t, "\npunchwatch_not_ready{reason=\"one-way\"} 1\n"));
	assert_true(contains(t, "\npunchwatch_not_ready{reason=\"thread-stalled\"} 0\n"));
	assert_true(contains(t, "\npunchwatch_interface_packets_total{iface=\"eth1\"} 1005\n"));
	assert_true(contains(t, "\npunchwatch_interface_silent_seconds{iface=\"et\\\"h\\\\2\\n\"} 61.000\n"));
	assert_true(contains(t, "\npunchwatch_flow_one_way_ratio 0.75\n"));
	assert_true(contains(t, "\npunchwatch_flows_active 50\n"));
	assert_true(contains(t, "\npunchwatch_alerts_total{kind=\"hole-punch\"} 3\n"));
	assert_true(contains(t, "\npunchwatch_sink_waiting_events{sink=\"redis\"} 7\n"));
	assert_true(contains(t, "\npunchwatch_sink_connected{sink=\"redis\"} 0\n"));
	assert_true(contains(t, "\npunchwatch_capture_kernel_drops_total 9\n"));
	assert_true(contains(t, "\npunchwatch_reloads_refused_total 1\n"));
	assert_true(contains(t, "\nsuricata_capture_kernel_packets_total 3009\n"));
	assert_true(contains(t, "\npunchwatch_signatures_age_seconds 180245\n"));
	free(t);
}

static void every_line_is_of_the_format(void **state)
{
	char *t = printed(), *save = NULL, type[128] = "";
	char *seen[512];
	unsigned n = 0;

	(void)state;
	assert_int_equal(t[strlen(t) - 1], '\n');
	for (char *line = strtok_r(t, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save)) {
		char *end;
		size_t name = strcspn(line, "{ ");

		if (strncmp(line, "# HELP ", 7) == 0) {
			assert_true(strchr(line + 7, ' ') != NULL && strlen(strchr(line + 7, ' ')) > 3);
			continue;
		}
		if (strncmp(line, "# TYPE ", 7) == 0) {
			snprintf(type, sizeof type, "%.*s", (int)strcspn(line + 7, " "), line + 7);
			for (unsigned i = 0; i < n; i++)
				assert_string_not_equal(seen[i], type);
			assert_true(n < 512);
			seen[n++] = strdup(type);
			assert_true(strstr(line, " counter") == NULL || strstr(type, "_total") != NULL);
			continue;
		}
		for (size_t i = 0; i < name; i++)
			assert_true(isalnum((unsigned char)line[i]) || line[i] == '_');
		assert_true(strlen(type) == name && strncmp(line, type, name) == 0);
		assert_non_null(strrchr(line, ' '));
		strtod(strrchr(line, ' ') + 1, &end);
		assert_int_equal(*end, '\0');
	}
	assert_true(n > 60);
	while (n > 0)
		free(seen[--n]);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(every_line_is_of_the_format),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
