/* sink.h -- what a sink is: a place that events are delivered to, fed from the journal at its own pace.
 *
 * A sink is offered records in order, one by one, as long as it has room. It says how many of the oldest are safe with the other
 * side (feed_done), asks for more when it has room again (feed_more), and after a broken connection asks to be offered again
 * everything that is not safe (feed_rewind). It need keep no record itself: the journal does.
 *
 * To add one: a file that ends in `const struct sink_ops NAME_sink`, and its row in output.c.
 */
#ifndef PW_SINK_H
#define PW_SINK_H

#include "../config/settings.h"
#include "output.h"

struct event_base;
struct feed;

/* One event, and its place: the how manieth of which segment. */
struct record {
	const char *json;		/* no newline; valid during the call only */
	size_t len;
	uint64_t segment, number;
};

/* What a sink works with. */
struct sink_env {
	const struct output_settings *settings;
	const char *to;			/* its address */
	const char *name;		/* for messages */
	const char *sensor;		/* this sensor's name */
	struct event_base *base;
	struct feed *feed;
};

struct sink_ops {
	const char *const *schemes;	/* beginnings of the addresses that are its; ends with NULL */
	/* Is the address right? Else a text in `why`, which holds no part of it that may be secret. */
	bool (*check)(const char *to, char *why, size_t room);
	/* Reads keys and passwords; connects to nothing. NULL: said on stderr. The env is copied if needed. */
	void *(*open)(const struct sink_env *);
	void (*start)(void *sink);			/* from now on feed_... may be called, and put() is */
	bool (*put)(void *sink, const struct record *);	/* false: no room now */
	void (*flush)(void *sink);			/* that is all there is for the moment */
	void (*close)(void *sink);			/* NULL is fine */
};

/* --- feed.c: what a sink calls --- */

void feed_more(struct feed *);				/* there is room: may call put() before it returns */
void feed_underway(struct feed *, unsigned n);		/* the oldest n of those taken are about to be sent */
void feed_done(struct feed *, unsigned n);		/* the oldest n of those taken are safe */
/* From the first that is not done; offered at the next feed_more(). Of those taken, `sent` may have arrived: they count as sent again. */
void feed_rewind(struct feed *, unsigned sent);
struct sink_state *feed_state(struct feed *);		/* for the sink to count in */

/* For a sink that knows places. The record that was delivered last; 0-0: none. */
void feed_last(const struct feed *, uint64_t *segment, uint64_t *number);
/* Will everything that is still to come have a segment above this one? `now_ms`: wall clock. */
bool feed_begins_above(struct feed *, uint64_t segment, uint64_t now_ms);
/* A record of the journal. false: it has none such. The bytes are valid until the next call of any of these. */
bool feed_look_up(struct feed *, uint64_t segment, uint64_t number, struct record *);
/* Nothing is underway: go on behind that record, or, if there is none, with the next that there is and that the sink is to have. Returns how
 * many records further back that is (then they are delivered again), or minus how many further on. */
int64_t feed_seek(struct feed *, uint64_t segment, uint64_t number);

#endif
