/* monitor_test.c -- the heartbeat of a running sensor, by the wall clock; and the one of capture files, by theirs. */
#include "../../../sensor/control/monitor.h"
#include "../../test.h"

#include <event2/event.h>

static struct settings settings;
static struct {
	unsigned events, refused;
	bool full;
	struct event last;
} got;

static void sample(void *ctx, struct sample *s)
{
	(void)ctx;
	s->counts.n[COUNT_PACKETS] = 42;
	s->signatures = 7;
	s->loaded_ns = 9000000000;
}

static bool emit(void *ctx, const struct event *e)
{
	(void)ctx;
	if (got.full) {
		got.refused++;
		return false;
	}
	got.events++;
	memset(&got.last, 0x55, sizeof got.last);
	memcpy(&got.last, e, event_size(e));
	return true;
}

static struct monitor *begin(struct event_base **base)
{
	memset(&got, 0, sizeof got);
	memset(&settings, 0, sizeof settings);
	*base = event_base_new();
	return monitor_new(&(struct monitor_env){.settings = &settings, .base = *base, .sample = sample, .emit = emit}, false);
}

static void run(struct event_base *base, unsigned ms)
{
	struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	event_base_loopexit(base, &t);
	event_base_dispatch(base);
}

static void beats_every_interval(void **state)
{
	struct event_base *base;
	struct monitor *m = begin(&base);

	(void)state;
	settings.stats.interval_s = 1;
	monitor_start(m);
	got.full = true;
	run(base, 1500);
	assert_int_equal(got.events, 0);
	assert_int_equal(got.refused, 1);
	got.full = false;
	run(base, 2000);
	assert_in_range(got.events, 1, 2);	/* what found no room came a second later, once */
	assert_int_equal(got.last.type, EVENT_STATS);
	assert_int_equal(got.last.stats.counts.n[COUNT_PACKETS], 42);
	assert_int_equal(got.last.stats.signatures, 7);
	assert_in_range(got.last.stats.uptime_s, 1, 3);
	assert_true(got.last.ts_ns > 1700000000ULL * 1000000000);
	assert_true(monitor_last_stats(m, 0, 0, true));
	monitor_free(m);
	event_base_free(base);
}

static void no_interval_no_beat(void **state)
{
	struct event_base *base;
	struct monitor *m = begin(&base);

	(void)state;
	monitor_start(m);
	run(base, 1200);
	assert_true(monitor_last_stats(m, 0, 0, true));
	assert_int_equal(got.events, 0);
	monitor_free(m);
	event_base_free(base);
}

static void capture_files_have_their_own_time(void **state)
{
	struct event_base *base;
	struct monitor *m = begin(&base);

	(void)state;
	assert_true(monitor_last_stats(m, 1000000000, 61000000000, false));
	assert_int_equal(got.events, 0);
	settings.stats.read = true;
	got.full = true;
	assert_false(monitor_last_stats(m, 1000000000, 61000000000, false));
	got.full = false;
	assert_true(monitor_last_stats(m, 1000000000, 61000000000, false));
	assert_int_equal(got.events, 1);
	assert_int_equal(got.last.ts_ns, 61000000000);
	assert_int_equal(got.last.stats.uptime_s, 60);
	assert_int_equal(got.last.stats.loaded_ns, 0);
	monitor_free(m);
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beats_every_interval),
		cmocka_unit_test(no_interval_no_beat),
		cmocka_unit_test(capture_files_have_their_own_time),
	};

	return cmocka_run_group_tests_name("monitor", tests, NULL, NULL);
}
