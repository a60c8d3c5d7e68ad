/* engine.c -- see engine.h. */
#include "engine.h"

#include "base/log.h"
#include "base/meter.h"
#include "confine.h"
#include "control/monitor.h"
#include "edition.h"
#include "event/event.h"
#include "names/names.h"
#include "notify.h"
#include "output/output.h"
#include "pipeline.h"
#include "policy/judge.h"
#include "renewal.h"
#include "ring.h"
#include "signature/signature.h"
#include "summary.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	RING_BYTES = 1 << 22,
	NAMES_MAX = 256, NAME_ROOM = 64,
	RETRY_MS = 5,		/* a sink was full: look again */
	GATHER_MS = 5,		/* events come in crowds: who was woken by one looks again so much later, before it sleeps */
	PROGRESS_MS = 250,
	PATIENCE_MS = 10000,	/* at the end, with no sink making progress */
	AGAIN_S = 2,		/* a second signal counts after this */
	ROOM_MS = 1,		/* the ring was full: look again */
	REFRESH_S = 5,		/* files of names may have changed */
};

struct engine {
	const struct engine_run *run;
	struct pipeline *pipeline;
	struct judge *judge;		/* the packet thread's, until it has ended; NULL: no policy */
	struct ring *ring;
	struct output *output;
	struct summary *summary;
	struct monitor *monitor;
	struct renewal renewal;
	struct event_base *base;
	struct event *readable, *retry, *progress, *refresh, *mend, *alive, *on_int, *on_term, *on_hup;
	struct counts out_counts;	/* the main thread's */
	pthread_t thread;
	int confined;			/* -errno: it is not */
	atomic_bool finished;		/* the packet thread has pushed its last event */
	enum capture_state state;	/* valid once finished */
	bool progress_shown;
	bool cut;			/* at the end of a live run nobody took what was still to be told; valid once finished */
	bool on_terminal;		/* at the start */
	time_t told_s;			/* first signal; 0: none */
	/* Interface names, written by the packet thread before the first event that needs one is pushed, and never again. */
	bool named[NAMES_MAX];
	char names[NAMES_MAX][NAME_ROOM];
};

/* --- packet thread --- */

static void publish_name(struct engine *e, unsigned index)
{
	const struct engine_run *run = e->run;
	const char *name;

	if (index >= NAMES_MAX || e->named[index])
		return;
	name = run->n_captures > 1 ? capture_interface(run->captures[index], 0) : capture_interface(run->captures[0], index);
	snprintf(e->names[index], NAME_ROOM, "%s", name);
	e->named[index] = true;
}

static bool push_event(void *ctx, const struct event *event)
{
	struct engine *e = ctx;
	size_t n = event_size(event);

	publish_name(e, event->interface);
	for (unsigned waited_ms = 0; !ring_push(e->ring, event, n); waited_ms += ROOM_MS) {
		if (e->run->live && !pipeline_finishing(e->pipeline))
			return false;	/* it stays due, and is offered again */
		if (e->run->live && waited_ms >= PATIENCE_MS) {
			e->cut = true;
			return false;
		}
		poll(NULL, 0, ROOM_MS);
	}
	return true;
}

static void *packet_thread(void *arg)
{
	struct engine *e = arg;
	struct confinement confinement = {.files = !e->run->live, .fds = {ring_fd(e->ring)}, .n_fds = 1};

	pipeline_begin(e->pipeline);
	if (e->run->settings->capture.confine && (e->confined = confine_thread(&confinement)) != 0)
		log_warn("packets are looked at without seccomp: %s", strerror(-e->confined));
	e->state = pipeline_run(e->pipeline);
	atomic_store(&e->finished, true);
	ring_wake(e->ring);
	return NULL;
}

/* --- main thread --- */

static const char *interface_name(void *ctx, unsigned index)
{
	struct engine *e = ctx;

	return index < NAMES_MAX ? e->names[index] : "";
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct engine *e = arg;
	const struct event *event;
	bool finished, came;
	size_t n;

	(void)fd;
	(void)what;
	ring_awake(e->ring);
	finished = atomic_load(&e->finished);	/* before looking: what it pushed last is then seen */
	came = ring_front(e->ring, &n) != NULL;
	while ((event = ring_front(e->ring, &n)) != NULL) {
		if (!output_event(e->output, event)) {
			event_add(e->retry, &(struct timeval){.tv_usec = RETRY_MS * 1000});
			return;
		}
		summary_event(e->summary, event);
		monitor_event(e->monitor, event);
		ring_pop(e->ring);
	}
	if (finished) {		/* for good: a late wake must not break the loop that delivers the rest */
		event_del(e->readable);
		event_del(e->retry);
		event_base_loopbreak(e->base);
	} else if (came) {
		event_del(e->readable);
		event_add(e->retry, &(struct timeval){.tv_usec = GATHER_MS * 1000});
	} else {
		event_add(e->readable, NULL);
	}
}

static void on_progress(evutil_socket_t fd, short what, void *arg)
{
	struct engine *e = arg;
	uint64_t frames, done, all;

	(void)fd;
	(void)what;
	pipeline_progress(e->pipeline, &frames, &done, &all);
	if (all > 0)
		fprintf(stderr, "\r%llu packets, %3.0f %%", (unsigned long long)frames, 100.0 * (double)done / (double)all);
	else
		fprintf(stderr, "\r%llu packets", (unsigned long long)frames);
	e->progress_shown = true;
}

static void on_refresh(evutil_socket_t fd, short what, void *arg)
{
	struct engine *e = arg;

	(void)fd;
	(void)what;
	names_refresh(e->run->names);
}

/* The thread that reads must not, and need not, care for interfaces that were replaced. */
static void on_mend(evutil_socket_t fd, short what, void *arg)
{
	const struct engine *e = arg;

	(void)fd;
	(void)what;
	for (unsigned i = 0; i < e->run->n_captures; i++)
		capture_mend(e->run->captures[i]);
}

static void on_alive(evutil_socket_t fd, short what, void *arg)
{
	const struct engine *e = arg;

	(void)fd;
	(void)what;
	if (monitor_alive(e->monitor))
		notify_alive();
}

/* --- what is known of ourselves --- */

static void fill_sample(void *ctx, struct sample *s)
{
	struct engine *e = ctx;
	const struct engine_run *run = e->run;
	const struct meter *m;

	s->counts = e->out_counts;
	for (unsigned i = 0; (m = pipeline_meter(e->pipeline, i)) != NULL; i++) {
		meter_add_counts(m, &s->counts);
		if (s->n_threads < SAMPLE_THREADS)
			s->thread[s->n_threads++] = (struct sample_thread){meter_name(m), meter_beats(m), false};
	}
	m = output_meter(e->output);
	if (m != NULL && s->n_threads < SAMPLE_THREADS)
		s->thread[s->n_threads++] = (struct sample_thread){meter_name(m), meter_beats(m), true};
	for (unsigned k = 0; run->live && k < run->n_captures && k < INTERFACES_MAX; k++) {
		struct sample_interface *f = &s->interface[s->n_interfaces++];

		*f = (struct sample_interface){.name = run->settings->capture.interface[k]};
		for (unsigned i = 0; (m = pipeline_meter(e->pipeline, i)) != NULL; i++)
			meter_add_interface(m, k, &f->seen);
	}
	output_state(e->output, &s->output);
	s->reload = e->renewal.state;
	s->signatures = run->signatures != NULL ? signatures_n(run->signatures) : 0;
	if (e->renewal.editions != NULL) {
		const struct edition *newest = editions_newest(e->renewal.editions);

		s->signatures = newest->signatures != NULL ? signatures_n(newest->signatures) : 0;
		s->signatures_ns = newest->newest_ns;
		s->loaded_ns = newest->read_ns;
		renewal_sweep(&e->renewal);
	}
}

static bool emit(void *ctx, const struct event *event)
{
	struct engine *e = ctx;

	return output_event(e->output, event);
}

static int reload(void *ctx, FILE *to)
{
	struct engine *e = ctx;
	int rc;

	notify_reloading();
	rc = renewal_run(&e->renewal, to);
	if (rc == 0)
		monitor_settings(e->monitor, editions_newest(e->renewal.editions)->settings);
	notify_ready(NULL);
	return rc;
}

static void on_signal(evutil_socket_t number, short what, void *arg)
{
	struct engine *e = arg;
	time_t now = time(NULL);

	(void)what;
	if (e->told_s != 0 && now - e->told_s < AGAIN_S)
		return;		/* one wish, told to the process and to its group */
	if (e->told_s != 0) {	/* asked twice: whoever asks means it */
		log_warn("second signal: not waiting any longer");
		_exit(1);
	}
	e->told_s = now;
	log_debug("signal %d: finishing", (int)number);
	notify_stopping();
	pipeline_stop(e->pipeline);
}

/* Somebody tells a service to reload; or the terminal that it was started from is gone. */
static void on_hangup(evutil_socket_t number, short what, void *arg)
{
	struct engine *e = arg;

	if (e->on_terminal && !isatty(STDIN_FILENO))
		on_signal(number, what, arg);
	else
		reload(arg, NULL);
}

static int start(struct engine *e)
{
	const struct engine_run *run = e->run;
	sigset_t all, old;
	int rc;

	e->readable = event_new(e->base, ring_fd(e->ring), EV_READ | EV_PERSIST, on_readable, e);
	e->retry = evtimer_new(e->base, on_readable, e);
	e->on_int = evsignal_new(e->base, SIGINT, on_signal, e);
	e->on_term = evsignal_new(e->base, SIGTERM, on_signal, e);
	if (!e->readable || !e->retry || !e->on_int || !e->on_term)
		return -ENOMEM;
	event_add(e->readable, NULL);
	event_add(e->on_int, NULL);
	event_add(e->on_term, NULL);
	if (run->progress) {
		e->progress = event_new(e->base, -1, EV_PERSIST, on_progress, e);
		event_add(e->progress, &(struct timeval){.tv_usec = PROGRESS_MS * 1000});
	}
	if (run->live) {
		e->mend = event_new(e->base, -1, EV_PERSIST, on_mend, e);
		event_add(e->mend, &(struct timeval){.tv_sec = 1});
	}
	if (run->live && run->names != NULL) {
		e->refresh = event_new(e->base, -1, EV_PERSIST, on_refresh, e);
		event_add(e->refresh, &(struct timeval){.tv_sec = REFRESH_S});
	}
	if (run->live && notify_alive_ms() > 0) {
		uint32_t ms = notify_alive_ms();

		e->alive = event_new(e->base, -1, EV_PERSIST, on_alive, e);
		event_add(e->alive, &(struct timeval){.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000});
	}
	if (run->live) {
		e->on_terminal = isatty(STDIN_FILENO) != 0;
		e->on_hup = evsignal_new(e->base, SIGHUP, on_hangup, e);
		event_add(e->on_hup, NULL);
		monitor_start(e->monitor);
	}
	sigfillset(&all);	/* signals are the main thread's */
	pthread_sigmask(SIG_BLOCK, &all, &old);
	rc = pthread_create(&e->thread, NULL, packet_thread, e);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -rc;
}

static int finish(struct engine *e)
{
	const struct engine_run *run = e->run;
	struct counts sum = *run->counts;
	const struct judge *judge = correlator_judge(pipeline_correlator(e->pipeline));
	uint64_t first, last, left;
	int rc = 0;

	pipeline_span(e->pipeline, &first, &last);
	if (!monitor_last_stats(e->monitor, first, last, run->live)) {	/* no room: wait for it */
		output_drain(e->output, PATIENCE_MS);
		monitor_last_stats(e->monitor, first, last, run->live);
	}
	left = output_drain(e->output, PATIENCE_MS);
	if (e->progress_shown)
		fprintf(stderr, "\r%*s\r", 60, "");
	counts_add(&sum, &e->out_counts);
	if (e->state != CAPTURE_DONE) {
		if (pipeline_error(e->pipeline)[0] != '\0')
			log_error("%s", pipeline_error(e->pipeline));
		rc = e->state == CAPTURE_FAILED && sum.n[COUNT_PACKETS] == 0 ? 3 : 1;
	}
	if (e->cut) {
		log_error("no output took what was still to be told at the end, for %d s: it is lost", PATIENCE_MS / 1000);
		rc = rc ? rc : 1;
	}
	if (left > 0) {
		log_error("%llu events could not be delivered", (unsigned long long)left);
		rc = rc ? rc : 1;
	}
	if (judge != NULL && judge_untold(judge) > 0 && !run->summary)
		log_info("%llu alerts like others that were told have been held back by limits", (unsigned long long)judge_untold(judge));
	if (run->summary) {
		summary_print(e->summary, stdout, &sum, first, last);
		if (judge != NULL)
			judge_print(judge, stdout);
	}
	return rc;
}

static void engine_free(struct engine *e)
{
	struct event *events[] = {e->readable, e->retry, e->progress, e->refresh, e->mend, e->alive, e->on_int, e->on_term, e->on_hup};

	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (events[i])
			event_free(events[i]);
	monitor_free(e->monitor);
	pipeline_free(e->pipeline);
	renewal_end(&e->renewal);
	judge_free(e->judge);
	output_free(e->output);
	summary_free(e->summary);
	ring_free(e->ring);
	if (e->base)
		event_base_free(e->base);
	free(e);
}

int engine_run(const struct engine_run *run)
{
	struct engine *e = calloc(1, sizeof *e);
	int rc = 1;

	if (e == NULL)
		log_no_memory("the program");
	e->run = run;
	signal(SIGPIPE, SIG_IGN);
	e->base = event_base_new();
	e->ring = ring_new(RING_BYTES);
	e->summary = summary_new();
	if (e->base == NULL || e->ring == NULL || e->summary == NULL)
		log_no_memory("the program");
	e->output = output_new(run->settings, e->base, &e->out_counts, interface_name, e);
	if (e->output == NULL) {
		rc = 2;
		goto out;
	}
	e->monitor = monitor_new(&(struct monitor_env){
		.settings = run->settings, .base = e->base, .sample = fill_sample, .emit = emit, .reload = reload, .ctx = e,
	}, run->live);
	if (e->monitor == NULL) {
		rc = 2;
		goto out;
	}
	/* Captures and files are open: nothing after this needs root, and no packet has been read. */
	if (run->live && privilege_drop(run->settings->capture.user) != 0) {
		rc = 2;
		goto out;
	}
	if (output_start(e->output) != 0) {
		rc = 2;
		goto out;
	}
	e->pipeline = pipeline_new(run->settings, run->signatures, run->captures, run->n_captures, run->live, run->counts, push_event, e);
	if (e->pipeline == NULL)
		log_no_memory("sessions");
	if (run->policy != NULL) {
		e->judge = judge_new(run->policy, run->settings->policy.hosts, run->counts);
		if (e->judge == NULL)
			log_no_memory("limits (policy.hosts)");
		correlator_use_judge(pipeline_correlator(e->pipeline), e->judge);
	}
	correlator_use_names(pipeline_correlator(e->pipeline), run->names);
	correlator_use_profile(pipeline_correlator(e->pipeline), run->crypto);
	if (run->live) {
		renewal_begin(&e->renewal, run, e->judge);
		pipeline_follow(e->pipeline, e->renewal.editions);
	}
	if (start(e) != 0) {
		log_error("no packet thread can be started");
		goto out;
	}
	if (run->live)
		notify_ready(NULL);
	event_base_loop(e->base, EVLOOP_NO_EXIT_ON_EMPTY);
	pthread_join(e->thread, NULL);
	rc = finish(e);
out:
	engine_free(e);
	return rc;
}
