/* filter_test.c -- what a sink is to have, by lines as eve.c makes them. */
#include "../../test.h"

#include "../../../sensor/event/eve.h"
#include "../../../sensor/output/filter.h"
#include "../event/sample.h"

static struct eve_settings settings = {.profile = PROFILE_8, .host = "x"};

static bool takes(const struct sink_settings *s, const struct event *e)
{
	struct eve *eve = eve_new(&settings, NULL, NULL);
	size_t n;
	const char *line = eve_line(eve, e, &n);
	bool yes = filter_takes(s, line, n - 1);

	eve_free(eve);
	return yes;
}

static void by_severity_kind_and_type(void **state)
{
	static struct event punch, discovery, flow;
	const struct sink_settings all = {.severity = 3}, urgent = {.severity = 1}, kind = {.severity = 3, .kinds = 1u << KIND_HOLE_PUNCH},
	    alerts = {.severity = 3, .types = 1}, flows = {.types = 2};

	(void)state;
	sample_alert(&punch, KIND_HOLE_PUNCH);
	sample_alert(&discovery, KIND_STUN_DISCOVERY);
	sample_base(&flow, EVENT_FLOW);
	for (unsigned profile = PROFILE_7; profile <= PROFILE_FULL; profile++) {
		settings.profile = (enum eve_profile)profile;
		assert_true(takes(&all, &punch) && takes(&all, &discovery) && takes(&all, &flow));
		assert_true(takes(&urgent, &punch) && !takes(&urgent, &discovery) && takes(&urgent, &flow));
		assert_true(takes(&kind, &punch) && !takes(&kind, &discovery) && takes(&kind, &flow));
		assert_true(takes(&alerts, &punch) && takes(&alerts, &discovery) && !takes(&alerts, &flow));
		assert_true(!takes(&flows, &punch) && !takes(&flows, &discovery) && takes(&flows, &flow));
	}
}

/* A line that is cut anywhere, right before the end of memory. */
static void cut_lines(void **state)
{
	static struct event e;
	const struct sink_settings s = {.severity = 1, .kinds = 2, .types = 1};
	struct eve *eve = eve_new(&settings, NULL, NULL);
	const char *line;
	size_t n;

	(void)state;
	sample_alert(&e, KIND_HOLE_PUNCH);
	line = eve_line(eve, &e, &n);
	for (size_t i = 0; i < n; i++) {
		uint8_t *cut = edge_copy(line, i);

		filter_takes(&s, (const char *)cut, i);
		edge_free(cut, i);
	}
	eve_free(eve);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(by_severity_kind_and_type), cmocka_unit_test(cut_lines)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
