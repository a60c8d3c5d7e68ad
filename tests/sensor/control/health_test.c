/* health_test.c -- what a sensor that works shows, and each thing that is wrong with one that does not. */
#include "../../../sensor/control/health.h"
#include "../../test.h"

static const struct health_settings usual = {
	.silence_s = 60, .stall_s = 10, .clock_ms = 2000, .one_way = 50, .duplicates = 60, .signatures_s = 365 * 86400,
};

static struct health h;
static struct sample s;

static void begin(void)
{
	health_init(&h, &usual);
	memset(&s, 0, sizeof s);
	s.n_interfaces = 2;
	s.interface[0].name = "eth1";
	s.interface[1].name = "eth2";
	s.n_threads = 1;
	s.thread[0].name = "packets";
	s.tick_ns = 5000000000;
	s.now_ns = 1800000000ULL * 1000000000;
}

enum { SILENT_1 = 1, STALLED = 2 };

/* So many seconds of ordinary traffic, but for what is broken. */
static void go_on(unsigned seconds, unsigned broken)
{
	for (unsigned i = 0; i < seconds; i++) {
		s.tick_ns += 1000000000;
		s.now_ns += 1000000000;
		s.counts.n[COUNT_PACKETS] += 1000;
		for (unsigned k = 0; k < s.n_interfaces; k++)
			if (k == 0 || (broken & SILENT_1) == 0) {
				s.interface[k].seen.frames += 500;
				s.interface[k].seen.last_ns = s.now_ns;
			}
		if ((broken & STALLED) == 0)
			s.thread[0].beats += 10;
		health_take(&h, &s);
	}
}

static bool has(enum health_fault fault, const char *text)
{
	for (unsigned i = 0; i < h.n_reasons; i++)
		if (h.reason[i].fault == fault && strstr(h.reason[i].text, text) != NULL)
			return true;
	return false;
}

static void ordinary_traffic_is_well(void **state)
{
	char line[HEALTH_LINE];

	(void)state;
	begin();
	go_on(200, 0);
	assert_true(health_ready(&h));
	assert_true(health_alive(&h));
	assert_false(health_losses(&h, line));
}

static void silence_of_one_interface(void **state)
{
	(void)state;
	begin();
	go_on(5, 0);
	go_on(59, SILENT_1);
	assert_true(health_ready(&h));
	go_on(2, SILENT_1);
	assert_false(health_ready(&h));
	assert_true(has(FAULT_SILENT, "eth2: no packet for 61 s"));
	assert_int_equal(h.n_reasons, 1);
	assert_true(health_alive(&h));
	go_on(1, 0);
	assert_true(health_ready(&h));
}

static void an_interface_that_never_spoke(void **state)
{
	(void)state;
	begin();
	go_on(62, SILENT_1);
	assert_true(has(FAULT_SILENT, "eth2"));
}

static void a_thread_that_does_not_go_on(void **state)
{
	(void)state;
	begin();
	go_on(3, 0);
	go_on(9, STALLED);
	assert_true(health_alive(&h));
	go_on(2, STALLED);
	assert_true(has(FAULT_STALLED, "packets"));
	assert_false(health_alive(&h));
	go_on(1, 0);
	assert_true(health_alive(&h));
	s.thread[0].patient = true;		/* one that writes: worth knowing, and no reason to start again */
	go_on(12, STALLED);
	assert_true(has(FAULT_STALLED, "does the disk answer?"));
	assert_true(health_alive(&h));
}

static void clocks(void **state)
{
	(void)state;
	begin();
	s.interface[0].seen.behind_ns = 1900000000;
	go_on(2, 0);
	assert_true(health_ready(&h));
	s.interface[0].seen.behind_ns = -3500000000;
	go_on(1, 0);
	assert_true(has(FAULT_CLOCK, "eth1: time stamps are 3.5 s ahead of the clock"));
	s.interface[0].seen.behind_ns = 3600000000000;
	go_on(1, 0);
	assert_true(has(FAULT_CLOCK, "3600.0 s behind"));
}

static void shares_of_a_minute(void **state)
{
	(void)state;
	begin();
	go_on(1, 0);
	s.counts.n[COUNT_FLOWS_LONG] += 49;		/* too few to say anything */
	s.counts.n[COUNT_FLOWS_ONE_WAY] += 49;
	go_on(60, 0);
	assert_true(health_ready(&h));
	s.counts.n[COUNT_FLOWS_LONG] += 100;
	s.counts.n[COUNT_FLOWS_ONE_WAY] += 80;
	s.counts.n[COUNT_DECODE_DUPLICATE] += 55000;
	go_on(60, 0);
	assert_true(has(FAULT_ONE_WAY, "80 %"));
	assert_true(has(FAULT_DUPLICATES, "92 %"));
	go_on(60, 0);
	assert_true(health_ready(&h));
}

static void old_signatures(void **state)
{
	(void)state;
	begin();
	s.signatures_ns = s.now_ns - 364ULL * 86400 * 1000000000;
	go_on(1, 0);
	assert_true(health_ready(&h));
	s.signatures_ns = s.now_ns - 400ULL * 86400 * 1000000000;
	go_on(1, 0);
	assert_true(has(FAULT_SIGNATURES, "400 days old"));
}

static void events_that_wait(void **state)
{
	(void)state;
	begin();
	s.output.n_sinks = 1;
	s.output.sinks[0] = (struct sink_state){.name = "redis", .connected = true, .waiting = 5};
	go_on(40, 0);
	assert_true(health_ready(&h));
	s.output.sinks[0].connected = false;
	go_on(30, 0);
	assert_true(health_ready(&h));
	go_on(2, 0);
	assert_true(has(FAULT_OUTPUT, "redis is away for 31 s: 5 events wait"));
	s.output.sinks[0].connected = true;
	s.output.failing = true;
	go_on(1, 0);
	assert_true(has(FAULT_OUTPUT, "disk full"));
	assert_int_equal(h.n_reasons, 1);
	s.output.failing = false;
	go_on(1, 0);
	assert_true(health_ready(&h));
	s.output.sinks[0].connected = false;
	s.output.sinks[0].waiting = 0;		/* it has all there is */
	go_on(100, 0);
	assert_true(health_ready(&h));
}

static void zero_switches_off(void **state)
{
	(void)state;
	begin();
	health_init(&h, &(struct health_settings){0});
	s.interface[0].seen.behind_ns = 3600000000000;
	s.signatures_ns = 1;
	s.counts.n[COUNT_FLOWS_LONG] = s.counts.n[COUNT_FLOWS_ONE_WAY] = 1000;
	go_on(100, SILENT_1 | STALLED);
	assert_true(health_ready(&h));
}

static void losses_are_said_at_once_then_once_a_minute(void **state)
{
	char line[HEALTH_LINE];
	unsigned said = 0;

	(void)state;
	begin();
	go_on(10, 0);
	assert_false(health_losses(&h, line));
	s.counts.n[COUNT_KERNEL_DROPS] += 1234;
	go_on(1, 0);
	assert_true(health_losses(&h, line));
	assert_non_null(strstr(line, "1234 frames the kernel dropped"));
	assert_non_null(strstr(line, "capture.ring"));
	assert_true(has(FAULT_LOSING, "1234"));
	for (unsigned i = 0; i < 120; i++) {
		s.counts.n[COUNT_FLOW_EVICTED] += 5;
		go_on(1, 0);
		if (health_losses(&h, line)) {
			said++;
			assert_non_null(strstr(line, "300 flows dropped while active"));
			assert_null(strstr(line, "kernel"));
		}
	}
	assert_int_equal(said, 2);
	go_on(60, 0);
	assert_false(health_losses(&h, line));
	assert_true(health_ready(&h));
	s.counts.n[COUNT_FLOW_EVICTED]++;		/* after silence it is news again */
	go_on(1, 0);
	assert_true(health_losses(&h, line));
}

static void everything_at_once_fits(void **state)
{
	char line[HEALTH_LINE];

	(void)state;
	begin();
	go_on(1, 0);
	for (unsigned i = 0; i < COUNT_N; i++)
		s.counts.n[i] += UINT64_MAX / 4;
	for (unsigned i = 0; i < INTERFACES_MAX; i++)
		s.interface[i] = (struct sample_interface){.name = "interface-with-a-name-as-long-as-names-may-be-in-the-configuration", .seen.last_ns = 1, .seen.behind_ns = INT64_MIN + 1};
	s.n_interfaces = INTERFACES_MAX;
	for (unsigned i = 0; i < SAMPLE_THREADS; i++)
		s.thread[i] = (struct sample_thread){.name = "thread-of-many"};
	s.n_threads = SAMPLE_THREADS;
	for (unsigned i = 0; i < 100; i++) {
		s.tick_ns += 1000000000;
		health_take(&h, &s);
	}
	assert_int_equal(h.n_reasons, HEALTH_REASONS);
	assert_true(health_losses(&h, line));
	assert_true(strlen(line) < HEALTH_LINE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_traffic_is_well),
		cmocka_unit_test(silence_of_one_interface),
		cmocka_unit_test(an_interface_that_never_spoke),
		cmocka_unit_test(a_thread_that_does_not_go_on),
		cmocka_unit_test(clocks),
		cmocka_unit_test(shares_of_a_minute),
		cmocka_unit_test(old_signatures),
		cmocka_unit_test(events_that_wait),
		cmocka_unit_test(zero_switches_off),
		cmocka_unit_test(losses_are_said_at_once_then_once_a_minute),
		cmocka_unit_test(everything_at_once_fits),
	};

	return cmocka_run_group_tests_name("health", tests, NULL, NULL);
}
