/* a_health.h -- a sensor's health with something of everything, for tests of what is printed of it. */
#ifndef A_HEALTH_H
#define A_HEALTH_H

#include "../../../sensor/control/health.h"

#include <stdio.h>

static inline void a_health(struct health *h)
{
	static const struct health_settings set = {.silence_s = 60, .stall_s = 10, .clock_ms = 2000, .one_way = 50, .duplicates = 60};
	static struct sample s;

	memset(&s, 0, sizeof s);
	s.started_ns = 1800000000ULL * 1000000000;
	s.now_ns = s.started_ns + 93784ULL * 1000000000;
	s.tick_ns = 1000000000;
	s.n_interfaces = 2;
	s.interface[0] = (struct sample_interface){"eth1", {.frames = 1000, .last_ns = s.now_ns, .behind_ns = 65000000}};
	s.interface[1] = (struct sample_interface){"et\"h\\2\n", {.frames = 0}};
	s.n_threads = 1;
	s.thread[0] = (struct sample_thread){"packets", 5, false};
	s.counts.n[COUNT_PACKETS] = 1000;
	s.counts.n[COUNT_BYTES] = 1234567;
	s.counts.n[COUNT_FLOWS] = 70;
	s.counts.n[COUNT_FLOWS_OVER] = 20;
	s.alerts[KIND_HOLE_PUNCH] = 3;
	s.signatures = 95;
	s.signatures_ns = s.started_ns - 86400ULL * 1000000000;
	s.loaded_ns = s.started_ns;
	s.reload = (struct sample_reload){.done = 2, .refused = 1, .last_ns = s.started_ns, .last = "done: 95 signatures"};
	s.output.journaled = 42;
	s.output.bytes = 99000;
	s.output.segments = 1;
	s.output.n_sinks = 1;
	s.output.sinks[0] = (struct sink_state){.name = "redis", .connected = false, .waiting = 7, .sent = 40, .acknowledged = 35, .reconnects = 2};
	health_init(h, &set);
	health_take(h, &s);
	s.tick_ns += 61000000000;
	s.now_ns += 61000000000;
	s.interface[0].seen.frames += 5;
	s.thread[0].beats++;
	s.counts.n[COUNT_KERNEL_DROPS] = 9;
	s.counts.n[COUNT_FLOWS_LONG] = 100;
	s.counts.n[COUNT_FLOWS_ONE_WAY] = 75;
	s.counts.n[COUNT_PACKETS] += 2000;
	health_take(h, &s);
}

static inline bool contains(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		return true;
	fprintf(stderr, "not there: %s\n", part);
	return false;
}

#endif
