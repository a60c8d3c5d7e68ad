/* sample.h -- a running sensor as it is at one moment: what the main thread gathers once a second, and everything that is said of
 * it (health, metrics, status, stats events) is made of. Plain data. */
#ifndef PW_SAMPLE_H
#define PW_SAMPLE_H

#include "../base/count.h"
#include "../base/meter.h"
#include "../config/settings.h"
#include "../event/event.h"
#include "../output/output.h"

enum { SAMPLE_THREADS = 40, SAMPLE_TEXT = 256 };

struct sample_interface {
	const char *name;
	struct meter_interface seen;
};

struct sample_thread {
	const char *name;
	uint64_t beats;
	bool patient;				/* it may wait for a disk: that it does not go on is no reason to start the sensor again */
};

/* What became of wishes to read everything again. */
struct sample_reload {
	uint64_t done, refused;
	uint64_t last_ns;			/* 0: there was none */
	char last[SAMPLE_TEXT];			/* how it went, in one line */
};

struct sample {
	uint64_t now_ns;			/* wall clock */
	uint64_t tick_ns;			/* a clock that nobody sets */
	uint64_t started_ns;			/* wall clock */
	struct counts counts;			/* of all threads */
	uint64_t alerts[KIND_N];		/* by kind */
	unsigned n_interfaces, n_threads;
	struct sample_interface interface[INTERFACES_MAX];
	struct sample_thread thread[SAMPLE_THREADS];
	unsigned signatures;
	uint64_t signatures_ns;			/* when the newest of their files was changed; 0: not known, or there are none */
	uint64_t loaded_ns;			/* when they were read */
	struct sample_reload reload;
	struct output_state output;
};

#endif
