/* output.c -- see output.h. */
#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>

#include "../base/log.h"
#include "../event/eve.h"
#include "feed.h"
#include "writer.h"

extern const struct sink_ops redis_sink, line_stream_sink, line_datagram_sink;

static const struct sink_ops *const sinks[] = {
	&redis_sink, &line_stream_sink, &line_datagram_sink,
};

static const char default_journal[] = "/var/lib/punchwatch/eve.json";

enum { SINKS = sizeof sinks / sizeof sinks[0], TICK_MS = 20, PUMP_MS = 1000, LINGER_MS = 1000 };

struct output {
	const struct settings *settings;
	struct event_base *base;
	struct counts *counts;
	struct eve *eve;
	struct plain *plain;		/* NULL if there is none */
	char journal_path[SETTING_PATH];	/* "": a temporary one, if there are sinks */
	struct journal *journal;	/* NULL if there is none */
	struct writer *writer;		/* NULL: events go nowhere */
	struct event *written, *pump, *rotate;
	struct sink_settings redis;	/* what output.redis stands for */
	struct feed *feeds[OUTPUT_SINKS];
	unsigned n;
	uint64_t counted_journaled, counted_retries, counted_lost;	/* that `counts` has */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* --- what goes where --- */

static const struct sink_ops *sink_of(const char *to)
{
	for (size_t i = 0; i < SINKS; i++)
		for (const char *const *s = sinks[i]->schemes; *s != NULL; s++)
			if (strncmp(to, *s, strlen(*s)) == 0)
				return sinks[i];
	return NULL;
}

bool output_address_right(const char *to, char *why, size_t room)
{
	const struct sink_ops *ops = sink_of(to);
	size_t n = 0;

	if (ops != NULL)
		return ops->check(to, why, room);
	n = (size_t)snprintf(why, room, "starts with none of");
	for (size_t i = 0; i < SINKS; i++)
		for (const char *const *s = sinks[i]->schemes; *s != NULL && n < room; s++)
			n += (size_t)snprintf(why + n, room - n, " %s", *s);
	return false;
}

static bool add_sink(struct output *o, const struct sink_settings *s)
{
	struct sink_env env = {.settings = &o->settings->output, .to = s->to, .sensor = o->settings->eve.host, .base = o->base};
	const struct sink_ops *ops = sink_of(s->to);
	char why[256];
	struct feed *f;

	if (ops == NULL) {
		output_address_right(s->to, why, sizeof why);
		log_error("%s: %s", s->name, why);
		return false;
	}
	if (o->n == OUTPUT_SINKS || (f = feed_new(s->name, s, ops)) == NULL) {
		log_error("%s: there are too many sinks", s->name);
		return false;
	}
	o->feeds[o->n++] = f;
	return feed_open(f, &env);
}

static bool add_sinks(struct output *o)
{
	const struct output_settings *s = &o->settings->output;

	if (s->redis[0] != '\0') {
		strcpy(o->redis.name, "redis");
		snprintf(o->redis.to, sizeof o->redis.to, "%s", s->redis);
		if (!add_sink(o, &o->redis))
			return false;
	}
	for (unsigned i = 0; i < s->sinks.n; i++)
		if (!add_sink(o, &s->sinks.items[i]))
			return false;
	return true;
}

/* A file that is none yet, or a common one: not a pipe, a terminal, a device. */
static bool is_file(const char *path)
{
	struct stat st;

	return strcmp(path, "-") != 0 && (stat(path, &st) != 0 || S_ISREG(st.st_mode));
}

/* The journal's folder, if it is not there, for the user that we become. */
static bool make_folder(const struct output *o)
{
	const char *owner = o->settings->output.journal.owner;
	struct passwd *p = geteuid() == 0 && owner[0] != '\0' ? getpwnam(owner) : NULL;
	char folder[SETTING_PATH];
	char *slash;

	snprintf(folder, sizeof folder, "%s", o->journal_path);
	slash = strrchr(folder, '/');
	if (slash == NULL || slash == folder)
		return true;
	*slash = '\0';
	if (mkdir(folder, 0750) != 0) {
		if (errno == EEXIST)
			return true;
		log_error("journal: the folder %s cannot be made: %s; output.journal.path, or --eve, says where it is", folder, strerror(errno));
		return false;
	}
	if (p != NULL && chown(folder, p->pw_uid, p->pw_gid) != 0) {
		log_error("journal: the folder %s cannot be given to %s: %s", folder, owner, strerror(errno));
		return false;
	}
	return true;
}

static bool choose(struct output *o)
{
	const struct output_settings *s = &o->settings->output;
	bool file = s->eve[0] != '\0' && is_file(s->eve);

	if (s->journal.durable && file)
		snprintf(o->journal_path, sizeof o->journal_path, "%s", s->eve);
	else if (s->journal.durable && o->n > 0)
		snprintf(o->journal_path, sizeof o->journal_path, "%s",
		    strcmp(s->journal.path, "auto") == 0 ? default_journal : s->journal.path);
	if (o->journal_path[0] != '\0' && !make_folder(o))
		return false;
	if (s->eve[0] != '\0' && !(s->journal.durable && file))
		o->plain = plain_open(s->eve);
	return o->plain != NULL || s->eve[0] == '\0' || (s->journal.durable && file);
}

struct output *output_new(const struct settings *settings, struct event_base *base, struct counts *counts,
    const char *(*interface_name)(void *, unsigned), void *ctx)
{
	struct output *o = calloc(1, sizeof *o);

	if (o == NULL)
		return NULL;
	signal(SIGPIPE, SIG_IGN);	/* a reader that goes is a write error here, not our end */
	signal(SIGUSR1, SIG_IGN);	/* and without a journal there is nothing to rotate */
	o->settings = settings;
	o->base = base;
	o->counts = counts;
	o->eve = eve_new(&settings->eve, interface_name, ctx);
	if (o->eve == NULL || !add_sinks(o) || !choose(o)) {
		output_free(o);
		return NULL;
	}
	return o;
}

/* --- running --- */

/* What the other thread counted, into our counters. */
static void take_counts(struct output *o)
{
	struct output_state s;

	output_state(o, &s);
	count_more(o->counts, COUNT_OUT_JOURNALED, s.journaled - o->counted_journaled);
	count_more(o->counts, COUNT_OUT_RETRIES, s.retries - o->counted_retries);
	count_more(o->counts, COUNT_OUT_LOST, s.lost - o->counted_lost);
	o->counted_journaled = s.journaled;
	o->counted_retries = s.retries;
	o->counted_lost = s.lost;
}

static void pump(struct output *o)
{
	for (unsigned i = 0; i < o->n; i++)
		feed_pump(o->feeds[i]);
	take_counts(o);
}

static void on_written(evutil_socket_t fd, short what, void *ctx)
{
	struct output *o = ctx;

	(void)fd, (void)what;
	writer_heard(o->writer);
	pump(o);
}

static void on_pump(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	pump(ctx);
}

static void on_rotate(evutil_socket_t number, short what, void *ctx)
{
	(void)number, (void)what;
	output_rotate(ctx);
}

void output_rotate(struct output *o)
{
	if (o->writer != NULL)
		writer_rotate(o->writer);
}

int output_start(struct output *o)
{
	const struct output_settings *s = &o->settings->output;
	struct timeval every = {.tv_sec = PUMP_MS / 1000};

	if (o->journal_path[0] != '\0' || o->n > 0) {
		o->journal = journal_open(o->journal_path[0] != '\0' ? o->journal_path : NULL, &s->journal);
		if (o->journal == NULL)
			return -EACCES;
	}
	if (o->journal == NULL && o->plain == NULL)
		return 0;
	o->writer = writer_new(o->eve, o->journal, o->plain, s->journal.flush_ms);
	if (o->writer == NULL)
		return -ENOMEM;
	o->written = event_new(o->base, writer_fd(o->writer), EV_READ | EV_PERSIST, on_written, o);
	o->pump = event_new(o->base, -1, EV_PERSIST, on_pump, o);
	o->rotate = evsignal_new(o->base, SIGUSR1, on_rotate, o);
	if (o->written == NULL || o->pump == NULL || o->rotate == NULL)
		return -ENOMEM;
	event_add(o->written, NULL);
	event_add(o->pump, &every);
	event_add(o->rotate, NULL);
	for (unsigned i = 0; i < o->n; i++)
		feed_start(o->feeds[i], o->journal);
	return writer_start(o->writer);
}

bool output_event(struct output *o, const struct event *event)
{
	return o->writer == NULL || writer_event(o->writer, event);
}

const struct meter *output_meter(const struct output *o)
{
	return o->writer != NULL ? writer_meter(o->writer) : NULL;
}

void output_state(const struct output *o, struct output_state *state)
{
	struct journal_view journal = {0};
	struct writer_view writer = {0};

	if (o->journal != NULL)
		journal_look(o->journal, &journal);
	if (o->writer != NULL)
		writer_look(o->writer, &writer);
	*state = (struct output_state){
		.journaled = o->plain != NULL ? writer.plain.written : journal.journaled,
		.retries = journal.retries + writer.plain.retries,
		.lost = writer.plain.lost,
		.failing = journal.failing || writer.plain.failing,
		.segments = journal.segments,
		.bytes = journal.bytes,
		.n_sinks = o->n,
	};
	for (unsigned i = 0; i < o->n; i++) {
		state->sinks[i] = *feed_counts(o->feeds[i]);
		state->sinks[i].waiting = feed_waiting(o->feeds[i]);
		state->lost += state->sinks[i].lost;
	}
}

/* --- the end --- */

struct rest {
	uint64_t unwritten;	/* events that are in no file yet */
	uint64_t waiting;	/* the most that one sink waits for */
	uint64_t lost;		/* the most that one place will never have */
	uint64_t progress;	/* grows whenever something arrives anywhere */
};

static struct rest look(const struct output *o)
{
	struct writer_view w = {0};
	struct rest r = {0};

	if (o->writer == NULL)
		return r;
	writer_look(o->writer, &w);
	r.unwritten = w.given - w.made;
	r.lost = w.plain.lost;
	r.progress = w.made + w.plain.written;
	for (unsigned i = 0; i < o->n; i++) {
		uint64_t waiting = feed_waiting(o->feeds[i]), lost = feed_counts(o->feeds[i])->lost;

		r.waiting = waiting > r.waiting ? waiting : r.waiting;
		r.lost = lost > r.lost ? lost : r.lost;
		r.progress += feed_counts(o->feeds[i])->acknowledged;
	}
	return r;
}

static void on_tick(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what, (void)ctx;	/* only ends one turn of the loop */
}

/* Is it time to give up, when so long nothing arrived? */
static bool patience_ends(const struct output *o, const struct rest *r, uint64_t ms, uint32_t patience_ms)
{
	bool stays = r->unwritten == 0 && o->settings->output.journal.durable;

	return stays ? ms >= LINGER_MS : patience_ms > 0 && ms >= patience_ms;
}

uint64_t output_drain(struct output *o, uint32_t patience_ms)
{
	struct timeval tick = {.tv_usec = TICK_MS * 1000};
	struct event *timer = event_new(o->base, -1, EV_PERSIST, on_tick, NULL);
	struct rest r = look(o);
	uint64_t last = now_ms(), seen = r.progress;

	if (timer != NULL)
		event_add(timer, &tick);
	while (r.unwritten + r.waiting > 0) {
		if (r.unwritten > 0)
			writer_flush(o->writer);
		if (event_base_loop(o->base, EVLOOP_ONCE) < 0 || event_base_got_break(o->base))
			break;
		r = look(o);
		if (r.progress != seen) {
			seen = r.progress;
			last = now_ms();
		}
		if (patience_ends(o, &r, now_ms() - last, patience_ms))
			break;
	}
	if (timer != NULL)
		event_free(timer);
	take_counts(o);
	return r.unwritten + r.lost + (o->settings->output.journal.durable ? 0 : r.waiting);
}

/* What stays behind, and where. */
static bool say_rest(const struct output *o)
{
	bool keep = false;

	for (unsigned i = 0; i < o->n; i++) {
		const struct sink_state *s = feed_counts(o->feeds[i]);
		uint64_t waiting = feed_waiting(o->feeds[i]);

		if (waiting == 0)
			continue;
		keep = true;
		if (journal_is_temporary(o->journal))
			log_error("%s: %" PRIu64 " events not delivered; they are in %s.%" PRIu64 " from line %" PRIu64 " on", s->name, waiting,
			    journal_name(o->journal), feed_place(o->feeds[i]).segment, feed_place(o->feeds[i]).record + 1);
		else
			log_info("%s: %" PRIu64 " events wait in the journal %s and are delivered after the next start", s->name, waiting,
			    journal_name(o->journal));
	}
	return keep;
}

void output_free(struct output *o)
{
	struct event *events[3];
	struct rest rest;
	bool keep;

	if (o == NULL)
		return;
	events[0] = o->written;
	events[1] = o->pump;
	events[2] = o->rotate;
	rest = look(o);
	keep = o->journal != NULL && say_rest(o);
	if (rest.unwritten > 0)
		log_error("%s: %" PRIu64 " events not written", o->journal != NULL ? journal_name(o->journal) : plain_name(o->plain), rest.unwritten);
	for (unsigned i = 0; i < 3; i++)
		if (events[i] != NULL)
			event_free(events[i]);
	writer_free(o->writer);
	for (unsigned i = 0; i < o->n; i++)
		feed_free(o->feeds[i]);
	journal_close(o->journal, keep);
	plain_close(o->plain);
	eve_free(o->eve);
	free(o);
}
