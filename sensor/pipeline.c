/* pipeline.c -- see pipeline.h. */
#include "pipeline.h"

#include "base/log.h"
#include "base/meter.h"
#include "capture/weave.h"
#include "confine.h"
#include "crew.h"
#include "edition.h"
#include "policy/judge.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
	BUDGET = 4096,			/* frames from one handle before the next gets its turn */
	DROPS_EVERY_NS = 1000000000,	/* the kernel's counters are read so often */
	SHOW_EVERY_NS = 100000000,	/* what is shown of ourselves */
	IDLE_MS = 100,			/* nothing comes: time goes on */
	HELD_MS = 2,			/* frames wait for an interface that is silent */
	TIMER_MS = 10,			/* the kernel's are so much late */
};

struct pipeline {
	const struct settings *settings;
	struct counts *counts;
	struct worker *worker;		/* alone; NULL: */
	struct crew *crew;		/* several, and a thread that reads */
	struct correlator *correlator;
	struct capture **captures;
	unsigned n_captures;
	struct weave *weave;		/* several interfaces; else NULL */
	uint64_t woven;			/* frames */
	bool live, began, finishing;
	int stop_fd;
	atomic_bool stop;
	atomic_uint_least64_t frames, read_bytes, total_bytes;	/* for progress */
	uint64_t first_ns, last_ns;
	struct meter *meter, *said_meter;	/* who reads, and with several workers who correlates */
	struct seat *seat;		/* NULL: nothing changes */
	struct meter_interface seen[INTERFACES_MAX];
	uint64_t drops_at_ns, shown_at_ns;
	const char *error;
	pthread_t reader;
	bool reads;			/* that thread was started */
	enum capture_state state;	/* of the reader, once it has ended */
	struct facts said;		/* by all workers, in order */
};

static void take_facts(void *ctx, const struct facts *facts)
{
	struct pipeline *p = ctx;

	correlator_facts(p->correlator, facts);
}

static void hand_on(struct pipeline *p, const struct frame *frames, unsigned n)
{
	if (p->crew != NULL)
		crew_frames(p->crew, frames, n);
	else
		worker_frames(p->worker, frames, n);
}

static void note_span(struct pipeline *p, const struct frame *frames, unsigned n, unsigned interface)
{
	if (!p->began)
		p->first_ns = frames[0].ts_ns;
	p->began = true;
	for (unsigned i = 0; i < n; i++)
		if (frames[i].ts_ns > p->last_ns)
			p->last_ns = frames[i].ts_ns;
	p->seen[interface].frames += n;
	p->seen[interface].last_ns = frames[n - 1].ts_ns;
}

static void take_frames(void *ctx, const struct frame *frames, unsigned n)
{
	struct pipeline *p = ctx;

	note_span(p, frames, n, 0);
	hand_on(p, frames, n);
}

/* Several interfaces: one numbering. */
static void take_woven(void *ctx, const struct frame *frames, unsigned n)
{
	struct pipeline *p = ctx;

	for (unsigned i = 0; i < n; i++) {
		struct frame f = frames[i];

		note_span(p, &f, 1, f.interface);
		f.number = ++p->woven;
		hand_on(p, &f, 1);
	}
}

struct pipeline *pipeline_new(const struct settings *settings, const struct signatures *signatures, struct capture **captures,
    unsigned n_captures, bool live, struct counts *counts, event_sink sink, void *ctx)
{
	struct pipeline *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->settings = settings;
	p->counts = counts;
	p->captures = captures;
	p->n_captures = n_captures;
	p->live = live;
	p->error = "";
	p->meter = meter_new("packets");
	p->stop_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	p->correlator = correlator_new(settings, signatures, counts, sink, ctx);
	p->said_meter = meter_new("correlator");
	p->weave = n_captures > 1 ? weave_new(captures, n_captures) : NULL;
	if (settings->workers > 1)
		p->crew = crew_new(settings, signatures);
	else
		p->worker = worker_new(settings, signatures, counts, take_facts, p);
	if (p->meter == NULL || p->said_meter == NULL || p->stop_fd < 0 || p->correlator == NULL || (n_captures > 1 && p->weave == NULL) ||
	    (p->worker == NULL && p->crew == NULL)) {
		pipeline_free(p);
		return NULL;
	}
	return p;
}

void pipeline_free(struct pipeline *p)
{
	if (p == NULL)
		return;
	worker_free(p->worker);
	crew_free(p->crew);
	correlator_free(p->correlator);
	weave_free(p->weave);
	meter_free(p->meter);
	meter_free(p->said_meter);
	if (p->stop_fd >= 0)
		close(p->stop_fd);
	free(p);
}

void pipeline_stop(struct pipeline *p)
{
	uint64_t one = 1;

	atomic_store(&p->stop, true);
	capture_stop();
	if (write(p->stop_fd, &one, sizeof one) < 0)
		return;		/* already told */
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void show(struct pipeline *p)
{
	/* The correlator has a thread of its own where there are several workers, and counts what is its own. */
	meter_rows(p->meter, p->counts, 0, p->crew != NULL ? COUNT_DECODED : COUNT_N);
	for (unsigned i = 0; i < p->n_captures; i++)
		meter_interface(p->meter, i, &p->seen[i]);
}

/* Live, in every turn: that we go on, and now and then how far we have come. */
static void show_ourselves(struct pipeline *p)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	meter_beat(p->meter);
	if (now - p->drops_at_ns >= DROPS_EVERY_NS) {
		p->drops_at_ns = now;
		for (unsigned i = 0; i < p->n_captures; i++)
			capture_count_drops(p->captures[i]);
	}
	if (now - p->shown_at_ns >= SHOW_EVERY_NS) {
		p->shown_at_ns = now;
		show(p);
	}
}

static void publish(struct pipeline *p)
{
	uint64_t read_bytes = 0, total_bytes = 0;

	if (!p->live)
		capture_progress(p->captures[0], &read_bytes, &total_bytes);
	atomic_store_explicit(&p->frames, p->counts->n[COUNT_PACKETS], memory_order_relaxed);
	atomic_store_explicit(&p->read_bytes, read_bytes, memory_order_relaxed);
	atomic_store_explicit(&p->total_bytes, total_bytes, memory_order_relaxed);
}

static enum capture_state run_files(struct pipeline *p)
{
	enum capture_state state = CAPTURE_MORE;
	unsigned n;

	while (state == CAPTURE_MORE && !atomic_load_explicit(&p->stop, memory_order_relaxed)) {
		state = capture_read(p->captures[0], BUDGET, take_frames, p, &n);
		publish(p);
	}
	if (state == CAPTURE_FAILED)
		p->error = capture_error(p->captures[0]);	/* what was cut was said when it was met */
	if (state == CAPTURE_MORE) {
		p->error = "stopped before the end";
		state = CAPTURE_CUT;
	}
	return state;
}

static enum capture_state read_one(struct pipeline *p, bool *busy)
{
	enum capture_state state;
	unsigned n = 0;

	state = capture_read(p->captures[0], BUDGET, take_frames, p, &n);
	*busy = n > 0;
	if (n > 0)
		p->seen[0].behind_ns = (int64_t)(clock_ns(CLOCK_REALTIME) - p->seen[0].last_ns);
	if (state != CAPTURE_MORE)
		p->error = capture_error(p->captures[0]);
	return state;
}

/* Several interfaces: their frames in order of time. Frames of others wait for who is silent, but not longer than it may hold any. */
static enum capture_state read_woven(struct pipeline *p, uint64_t sure_ns, bool *busy, bool *held)
{
	int failed;

	*busy = weave_read(p->weave, BUDGET, sure_ns, take_woven, p, held, &failed) > 0;
	for (unsigned i = 0; i < p->n_captures && *busy; i++)
		p->seen[i].behind_ns = p->seen[i].last_ns > 0 ? (int64_t)(clock_ns(CLOCK_REALTIME) - p->seen[i].last_ns) : 0;
	if (failed >= 0)
		p->error = capture_error(p->captures[failed]);
	return failed >= 0 ? CAPTURE_FAILED : CAPTURE_MORE;
}

/* The same at the end. */
static enum capture_state run_out_woven(struct pipeline *p)
{
	enum capture_state state = CAPTURE_MORE;
	bool busy = true, held;

	for (unsigned i = 0; i < p->n_captures; i++)
		capture_shut(p->captures[i]);
	while (busy && state == CAPTURE_MORE) {
		poll(NULL, 0, (int)(2 * p->settings->capture.retire_ms + 10));
		state = read_woven(p, UINT64_MAX, &busy, &held);
	}
	return state == CAPTURE_MORE ? CAPTURE_DONE : state;
}

/* Told to stop: what has come up to now is still looked at. */
static enum capture_state run_out(struct pipeline *p)
{
	if (p->weave != NULL)
		return run_out_woven(p);
	if (capture_finish(p->captures[0], take_frames, p) == CAPTURE_DONE)
		return CAPTURE_DONE;
	p->error = capture_error(p->captures[0]);
	return CAPTURE_FAILED;
}

void pipeline_follow(struct pipeline *p, struct editions *editions)
{
	p->seat = editions_seat(editions);
	if (p->crew != NULL)
		crew_follow(p->crew, editions);
}

/* Between two batches: is there something newer to work by? */
static void turn_to_newest(struct pipeline *p)
{
	const struct edition *e = p->seat != NULL ? edition_offered(p->seat) : NULL;

	if (e == NULL)
		return;
	if (p->worker != NULL)
		worker_use(p->worker, e->signatures);	/* several look for themselves */
	correlator_use_signatures(p->correlator, e->signatures);
	correlator_use_settings(p->correlator, &e->settings->session);
	correlator_use_profile(p->correlator, e->crypto);
	if (e->judge != NULL && correlator_judge(p->correlator) != NULL)
		judge_inherit(e->judge, correlator_judge(p->correlator));
	correlator_use_judge(p->correlator, e->judge);
	edition_taken(p->seat, e);
}

static void advance(struct pipeline *p, uint64_t now_ns)
{
	if (p->crew != NULL) {
		crew_advance(p->crew, now_ns);
		return;
	}
	worker_advance(p->worker, now_ns);
	correlator_advance(p->correlator, now_ns);
}

/* Nothing to do now: until something comes, we are told to stop, or it is time to look again. False: nothing came. */
static bool rest(struct pipeline *p, bool held)
{
	struct pollfd fds[INTERFACES_MAX + 1];

	if (p->crew != NULL)
		crew_flush(p->crew);
	for (unsigned i = 0; i < p->n_captures; i++)
		fds[i] = (struct pollfd){.fd = held ? -1 : capture_fd(p->captures[i]), .events = POLLIN};
	fds[p->n_captures] = (struct pollfd){.fd = p->stop_fd, .events = POLLIN};
	return poll(fds, p->n_captures + 1, held ? HELD_MS : IDLE_MS) != 0 || held;
}

static enum capture_state run_live(struct pipeline *p)
{
	/* What is still in a ring block is younger than this. */
	uint64_t lag_ns = (2ull * p->settings->capture.retire_ms + TIMER_MS) * 1000000u;

	while (!atomic_load_explicit(&p->stop, memory_order_relaxed)) {
		bool busy = false, held = false;
		enum capture_state state;

		if (p->crew == NULL)
			turn_to_newest(p);
		state = p->weave != NULL ? read_woven(p, clock_ns(CLOCK_REALTIME) - lag_ns, &busy, &held) : read_one(p, &busy);
		publish(p);
		show_ourselves(p);
		if (state != CAPTURE_MORE)
			return state;
		if (!busy && !rest(p, held))
			advance(p, clock_ns(CLOCK_REALTIME) - lag_ns);
	}
	return run_out(p);
}

static enum capture_state run_input(struct pipeline *p)
{
	return p->live ? run_live(p) : run_files(p);
}

static void *reader_thread(void *arg)
{
	struct pipeline *p = arg;
	struct confinement confinement = {.files = !p->live};

	crew_reader_writes(p->crew, &confinement);
	if (p->settings->capture.confine)
		confine_thread(&confinement);	/* if that is not to be had, who runs us says so */
	p->state = run_input(p);
	crew_finish(p->crew);
	return NULL;
}

bool pipeline_begin(struct pipeline *p)
{
	if (p->crew != NULL && !p->reads)
		p->reads = pthread_create(&p->reader, NULL, reader_thread, p) == 0;
	return p->crew == NULL || p->reads;
}

/* Several workers: frames are read in a thread of its own, and this one correlates what the workers say. */
static enum capture_state run_crew(struct pipeline *p)
{
	enum crew_said said;
	uint64_t now_ns;

	if (!pipeline_begin(p)) {
		p->error = "no thread can be started to read with";
		return CAPTURE_FAILED;
	}
	while ((said = crew_next(p->crew, &p->said, &now_ns)) != CREW_END) {
		turn_to_newest(p);
		if (said == CREW_FACTS)
			correlator_facts(p->correlator, &p->said);
		else if (said == CREW_TIME)
			correlator_advance(p->correlator, now_ns);
		meter_beat(p->said_meter);
		if (p->live && said != CREW_FACTS)
			meter_rows(p->said_meter, p->counts, COUNT_DECODED, COUNT_N);
	}
	pthread_join(p->reader, NULL);
	p->reads = false;
	return p->state;
}

enum capture_state pipeline_run(struct pipeline *p)
{
	enum capture_state state;

	if (p->crew != NULL) {
		state = run_crew(p);
	} else {
		state = run_input(p);
		worker_finish(p->worker);
	}
	p->finishing = true;
	correlator_finish(p->correlator);
	publish(p);
	if (p->live)
		for (unsigned i = 0; i < p->n_captures; i++)
			capture_count_drops(p->captures[i]);
	show(p);
	if (p->crew != NULL) {
		meter_rows(p->said_meter, p->counts, COUNT_DECODED, COUNT_N);
		crew_counts(p->crew, p->counts);
	}
	return state;
}

bool pipeline_finishing(const struct pipeline *p)
{
	return p->finishing;
}

const char *pipeline_error(const struct pipeline *p)
{
	return p->error;
}

void pipeline_progress(struct pipeline *p, uint64_t *frames, uint64_t *read_bytes, uint64_t *total_bytes)
{
	*frames = atomic_load_explicit(&p->frames, memory_order_relaxed);
	*read_bytes = atomic_load_explicit(&p->read_bytes, memory_order_relaxed);
	*total_bytes = atomic_load_explicit(&p->total_bytes, memory_order_relaxed);
}

const struct meter *pipeline_meter(const struct pipeline *p, unsigned i)
{
	const struct meter *m;

	if (i == 0)
		return p->meter;
	if (p->crew == NULL)
		return NULL;
	m = crew_meter(p->crew, i - 1);
	return m != NULL ? m : crew_meter(p->crew, i - 2) != NULL ? p->said_meter : NULL;
}

struct correlator *pipeline_correlator(struct pipeline *p)
{
	return p->correlator;
}

void pipeline_span(const struct pipeline *p, uint64_t *first_ns, uint64_t *last_ns)
{
	*first_ns = p->first_ns;
	*last_ns = p->last_ns;
}
