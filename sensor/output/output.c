/* output.c -- see output.h: the journal, and the sinks that are fed from it.
 *
 *   event -> JSON -> journal -> feed -> sink
 *
 * Sinks need a journal that can be read back. Where the events go to standard output, a pipe or nowhere, a temporary one
 * stands in for it.
 */
#include "output.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <event2/event.h>

#include "../base/log.h"
#include "../event/eve.h"
#include "feed.h"

extern const struct sink_ops redis_sink;

static const struct sink_ops *const sinks[] = {
	&redis_sink,
};

enum { SINKS = sizeof sinks / sizeof sinks[0], TICK_US = 20000 };

struct output {
	struct event_base *base;
	struct eve *eve;
	const struct counts *counts;
	struct journal *journal;	/* what the user asked for; NULL if nothing */
	struct journal *spool;		/* temporary; NULL if not needed */
	struct feed *feeds[SINKS];
};

static bool any_sink(const struct output_settings *s)
{
	for (size_t i = 0; i < SINKS; i++)
		if (sinks[i]->wanted(s))
			return true;
	return false;
}

static bool open_journals(struct output *o, const struct output_settings *s, struct counts *counts)
{
	if (s->eve[0] != '\0') {
		o->journal = journal_open(s->eve, o->base, counts);
		if (o->journal == NULL)
			return false;
	}
	if (any_sink(s) && (o->journal == NULL || !journal_can_be_read(o->journal))) {
		o->spool = journal_open_temporary(o->journal != NULL, o->base, counts);
		if (o->spool == NULL)
			return false;
	}
	return true;
}

struct output *output_new(const struct settings *settings, struct event_base *base, struct counts *counts,
    const char *(*interface_name)(void *, unsigned), void *ctx)
{
	struct output *o = calloc(1, sizeof *o);

	if (o == NULL)
		return NULL;
	signal(SIGPIPE, SIG_IGN);	/* a reader that goes is a write error here, not our end */
	o->base = base;
	o->counts = counts;
	o->eve = eve_new(&settings->eve, interface_name, ctx);
	if (o->eve == NULL || !open_journals(o, &settings->output, counts))
		goto failed;
	for (size_t i = 0; i < SINKS; i++) {
		if (!sinks[i]->wanted(&settings->output))
			continue;
		o->feeds[i] = feed_new(o->spool != NULL ? o->spool : o->journal, sinks[i], &settings->output, base, counts);
		if (o->feeds[i] == NULL)
			goto failed;
	}
	return o;
failed:
	output_free(o);
	return NULL;
}

bool output_event(struct output *o, const struct event *event)
{
	const char *line;
	size_t len;

	if (o->journal == NULL && o->spool == NULL)
		return true;
	if ((o->journal != NULL && !journal_has_room(o->journal)) || (o->spool != NULL && !journal_has_room(o->spool)))
		return false;
	line = eve_line(o->eve, event, &len);
	if (line == NULL)
		return true;
	if (o->journal != NULL)
		journal_put(o->journal, line, len);
	if (o->spool != NULL)
		journal_put(o->spool, line, len);
	return true;
}

void output_state(const struct output *o, struct output_state *state)
{
	const struct journal *queue = o->spool != NULL ? o->spool : o->journal;
	const uint64_t *n = o->counts->n;

	*state = (struct output_state){.journaled = n[COUNT_OUT_JOURNALED], .retries = n[COUNT_OUT_RETRIES], .lost = n[COUNT_OUT_LOST],
	    .failing = queue != NULL && !journal_has_room(queue), .segments = queue != NULL};
	for (size_t i = 0; i < SINKS; i++) {
		struct sink_state *s = &state->sinks[state->n_sinks];

		if (o->feeds[i] == NULL)
			continue;
		*s = (struct sink_state){.waiting = feed_undelivered(o->feeds[i]) - feed_lost(o->feeds[i]), .sent = n[COUNT_REDIS_SENT],
		    .acknowledged = feed_acknowledged(o->feeds[i]), .refused = n[COUNT_REDIS_ERRORS],
		    .reconnects = n[COUNT_REDIS_RECONNECTS], .lost = feed_lost(o->feeds[i])};
		snprintf(s->name, sizeof s->name, "%s", feed_name(o->feeds[i]));
		state->n_sinks++;
	}
}

/* --- the end --- */

static uint64_t journal_undelivered(const struct journal *j)
{
	return j != NULL ? journal_records(j) - journal_written(j) : 0;
}

/* Events that at least one place does not have. */
static uint64_t undelivered(const struct output *o)
{
	uint64_t most = journal_undelivered(o->journal);

	for (size_t i = 0; i < SINKS; i++)
		if (o->feeds[i] != NULL && feed_undelivered(o->feeds[i]) > most)
			most = feed_undelivered(o->feeds[i]);
	return most;
}

/* Grows whenever something arrives anywhere. */
static uint64_t progress(const struct output *o)
{
	uint64_t sum = (o->journal != NULL ? journal_written(o->journal) : 0) + (o->spool != NULL ? journal_written(o->spool) : 0);

	for (size_t i = 0; i < SINKS; i++)
		if (o->feeds[i] != NULL)
			sum += feed_acknowledged(o->feeds[i]);
	return sum;
}

static bool hopeless(const struct output *o)
{
	uint64_t waiting = o->journal != NULL ? journal_undelivered(o->journal) - journal_lost(o->journal) : 0;

	for (size_t i = 0; i < SINKS; i++)
		if (o->feeds[i] != NULL)
			waiting += feed_undelivered(o->feeds[i]) - feed_lost(o->feeds[i]);
	return waiting == 0;
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void on_tick(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what, (void)ctx;	/* only ends one turn of the loop */
}

static void flush(struct output *o)
{
	if (o->journal != NULL)
		journal_flush(o->journal);
	if (o->spool != NULL)
		journal_flush(o->spool);
}

uint64_t output_drain(struct output *o, uint32_t patience_ms)
{
	struct timeval tick = {.tv_usec = TICK_US};
	struct event *timer = event_new(o->base, -1, EV_PERSIST, on_tick, NULL);
	uint64_t last = now_ms(), seen = progress(o);

	flush(o);
	if (timer != NULL)
		event_add(timer, &tick);
	while (!hopeless(o)) {
		if (event_base_loop(o->base, EVLOOP_ONCE) < 0 || event_base_got_break(o->base))
			break;
		if (progress(o) != seen) {
			seen = progress(o);
			last = now_ms();
		}
		if (patience_ms > 0 && now_ms() - last >= patience_ms)
			break;
	}
	if (timer != NULL)
		event_free(timer);
	return undelivered(o);
}

void output_free(struct output *o)
{
	bool keep = false;

	if (o == NULL)
		return;
	for (size_t i = 0; i < SINKS; i++) {
		uint64_t waiting = o->feeds[i] != NULL ? feed_undelivered(o->feeds[i]) - feed_lost(o->feeds[i]) : 0;

		if (waiting > 0)
			log_error("%s: %" PRIu64 " events not delivered; they are in %s, from byte %" PRIu64 " on",
			    feed_name(o->feeds[i]), waiting, journal_path(o->spool != NULL ? o->spool : o->journal),
			    feed_offset(o->feeds[i]));
		keep |= waiting > 0;
		feed_free(o->feeds[i]);
	}
	if (journal_undelivered(o->journal) > 0)
		log_error("journal %s: %" PRIu64 " events not written", journal_path(o->journal), journal_undelivered(o->journal));
	journal_close(o->journal, true);
	journal_close(o->spool, keep);
	eve_free(o->eve);
	free(o);
}
