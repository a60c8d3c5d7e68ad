/* feed.c -- see feed.h and sink.h.
 *
 * Records that were taken and are not done stand in a ring, each with the place behind it: so the position is always a place
 * between two records, and what a filter leaves out is passed over with the record before it. Records of the journal are numbered
 * through (journal_ordinal); where the numbers jump, records are gone.
 */
#include "feed.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../base/log.h"
#include "../event/eve.h"
#include "filter.h"
#include "segment.h"

enum {
	WINDOW = 8192,			/* records taken and not done, at most; a power of two */
	BUFFER_BYTES = 256 * 1024,
	SYNC_MS = 1000,
	SAY_MS = 60000,
};

struct entry {
	struct place after;		/* the place behind it, and behind what was left out after it */
	uint64_t ordinal;		/* of that place */
	uint64_t segment, number;
};

struct feed {
	char name[32];
	const struct sink_settings *settings;
	const struct sink_ops *ops;
	void *sink;
	struct journal *journal;
	struct sink_state state;
	struct position position;	/* .at: everything before is done */
	struct position_file file;
	uint64_t at_ordinal;
	struct place read;		/* what comes next */
	uint64_t read_ordinal;
	unsigned first, n, underway;	/* the ring; how many of it have been sent */
	bool offering;			/* a sink may call feed_more() from inside put() */
	uint64_t synced_ms, said_ms, lost_unsaid;
	bool position_said;
	int fd;				/* of the segment that is being read */
	uint64_t fd_segment;
	uint64_t buffer_at;		/* offset of the buffer's first byte in it */
	size_t buffered;
	struct entry ring[WINDOW];
	char buffer[BUFFER_BYTES];
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct feed *feed_new(const char *name, const struct sink_settings *settings, const struct sink_ops *ops)
{
	struct feed *f = calloc(1, sizeof *f);

	if (f == NULL)
		return NULL;
	f->settings = settings;
	f->ops = ops;
	f->fd = f->file.fd = -1;
	snprintf(f->name, sizeof f->name, "%s", name);
	snprintf(f->state.name, sizeof f->state.name, "%s", name);
	return f;
}

bool feed_open(struct feed *f, const struct sink_env *env)
{
	struct sink_env own = *env;

	own.feed = f;
	own.name = f->name;
	f->sink = f->ops->open(&own);
	return f->sink != NULL;
}

/* --- the position --- */

static void save(struct feed *f)
{
	uint64_t now = now_ms();
	int rc;

	if (f->journal == NULL || journal_is_temporary(f->journal))
		return;
	f->position.underway = f->underway;
	f->position.waiting = feed_waiting(f);
	rc = position_write(&f->file, &f->position);
	if (rc == 0 && now - f->synced_ms >= SYNC_MS) {
		rc = position_sync(&f->file);
		f->synced_ms = now;
	}
	if (rc != 0 && !f->position_said)
		log_warn("%s: the position in the journal cannot be kept: %s; after a crash events would be sent twice", f->name, strerror(-rc));
	f->position_said = rc != 0;
}

static void begin_with(struct feed *f, bool found)
{
	struct journal_segment s;

	if (!found) {
		f->position = (struct position){.at = journal_end(f->journal)};
		f->position.from_segment = f->position.at.segment + 1;
		f->at_ordinal = journal_ordinal(f->journal, f->position.at);
		return;
	}
	journal_go_above(f->journal, f->position.at.segment);
	f->at_ordinal = journal_ordinal(f->journal, f->position.at);
	if (f->position.at.segment != 0 &&
	    (!journal_find(f->journal, f->position.at.segment, &s) || s.number != f->position.at.segment)) {
		/* Its segment is gone, and with it what was waiting then and is not there now. */
		uint64_t first = journal_ordinal(f->journal, journal_end(f->journal)) - f->position.waiting;

		f->at_ordinal = first < f->at_ordinal ? first : f->at_ordinal;
	}
	f->state.again = f->position.underway;
	if (f->position.underway > 0)
		log_info("%s: %" PRIu64 " events were on their way when the last run ended", f->name, f->position.underway);
}

void feed_start(struct feed *f, struct journal *journal)
{
	char path[SETTING_PATH + 64];
	bool found = false;
	int rc;

	f->journal = journal;
	if (!journal_is_temporary(journal)) {
		snprintf(path, sizeof path, "%s.%s.position", journal_name(journal), f->name);
		rc = position_open(&f->file, path, &f->position, &found);
		if (rc != 0)
			log_warn("%s: %s: %s; after a crash events would be sent twice", f->name, path, strerror(-rc));
	}
	begin_with(f, found);
	f->read = f->position.at;
	f->read_ordinal = f->at_ordinal;
	save(f);
	f->ops->start(f->sink);
}

void feed_free(struct feed *f)
{
	if (f == NULL)
		return;
	if (f->sink != NULL)
		f->ops->close(f->sink);
	if (f->journal != NULL)
		save(f);
	position_sync(&f->file);
	position_close(&f->file);
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

uint64_t feed_waiting(const struct feed *f)
{
	uint64_t end;

	if (f->journal == NULL)
		return 0;
	end = journal_ordinal(f->journal, journal_end(f->journal));
	return f->n + (end > f->read_ordinal ? end - f->read_ordinal : 0);
}

struct place feed_place(const struct feed *f)
{
	return f->position.at;
}

const struct sink_state *feed_counts(const struct feed *f)
{
	return &f->state;
}

struct sink_state *feed_state(struct feed *f)
{
	return &f->state;
}

void feed_underway(struct feed *f, unsigned n)
{
	f->underway = n;
	f->state.sent += n;
	save(f);
}

void feed_done(struct feed *f, unsigned n)
{
	if (n == 0 || n > f->n)
		return;
	for (unsigned i = 0; i < n; i++) {
		const struct entry *e = &f->ring[(f->first + i) % WINDOW];

		f->position.at = e->after;
		f->position.last_segment = e->segment;
		f->position.last_record = e->number;
		f->at_ordinal = e->ordinal;
	}
	f->first = (f->first + n) % WINDOW;
	f->n -= n;
	f->underway -= n < f->underway ? n : f->underway;
	f->state.acknowledged += n;
	save(f);
	journal_delivered(f->journal, f->position.at.segment);
}

static void go_to(struct feed *f, struct place place, uint64_t ordinal)
{
	f->read = place;
	f->read_ordinal = ordinal;
	f->n = f->first = f->underway = 0;
}

void feed_rewind(struct feed *f, unsigned sent)
{
	f->state.again += sent < f->n ? sent : f->n;
	go_to(f, f->position.at, f->at_ordinal);
}

/* --- reading --- */

static void lose(struct feed *f, uint64_t n)
{
	uint64_t now = now_ms();

	f->state.lost += n;
	f->lost_unsaid += n;
	if (f->lost_unsaid == 0 || (f->said_ms != 0 && now - f->said_ms < SAY_MS))
		return;
	log_error("%s: %" PRIu64 " events are gone from the journal %s and were not delivered (journal.keep, journal.keep_age, or somebody removed them)",
	    f->name, f->lost_unsaid, journal_name(f->journal));
	f->said_ms = now;
	f->lost_unsaid = 0;
}

/* The next segment, from its start. What was to come before it is lost. */
static void next_segment(struct feed *f, uint64_t number)
{
	struct place start = {.segment = number};
	uint64_t ordinal = journal_ordinal(f->journal, start);

	if (ordinal > f->read_ordinal)
		lose(f, ordinal - f->read_ordinal);
	f->read = start;
	f->read_ordinal = ordinal;
	if (f->n == 0) {
		f->position.at = start;
		f->at_ordinal = ordinal;
	}
}

static bool open_segment(struct feed *f, uint64_t number)
{
	char path[SETTING_PATH + 32];

	if (f->fd >= 0 && f->fd_segment == number)
		return true;
	if (f->fd >= 0)
		close(f->fd);
	f->buffered = 0;
	f->fd_segment = number;
	f->fd = open(segment_path(journal_name(f->journal), number, path, sizeof path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return f->fd >= 0;
}

/* A whole line at the offset, from the buffer or the file, which counts up to `end`. */
static bool line_at(struct feed *f, uint64_t offset, uint64_t end, const char **line, size_t *len)
{
	for (bool again = true;; again = false) {
		if (offset >= f->buffer_at && offset < f->buffer_at + f->buffered) {
			const char *from = f->buffer + (offset - f->buffer_at);
			const char *stop = memchr(from, '\n', f->buffered - (size_t)(offset - f->buffer_at));

			if (stop != NULL) {
				*line = from;
				*len = (size_t)(stop - from);
				return true;
			}
		}
		if (!again || offset >= end)
			return false;
		size_t want = end - offset < sizeof f->buffer ? (size_t)(end - offset) : sizeof f->buffer;
		ssize_t n = pread(f->fd, f->buffer, want, (off_t)offset);

		f->buffer_at = offset;
		f->buffered = n > 0 ? (size_t)n : 0;
	}
}

/* The next record at f->read, which is moved to the next segment if need be. */
static bool fetch(struct feed *f, struct record *r)
{
	struct journal_segment s, next;

	while (journal_find(f->journal, f->read.segment, &s)) {
		if (s.number != f->read.segment) {
			next_segment(f, s.number);
			continue;
		}
		if (f->read.offset < s.bytes && open_segment(f, s.number) && line_at(f, f->read.offset, s.bytes, &r->json, &r->len)) {
			r->segment = s.number;
			r->number = f->read.record + 1;
			return true;
		}
		if (!journal_find(f->journal, s.number + 1, &next))
			break;
		next_segment(f, next.number);
	}
	return false;
}

/* The record at f->read is passed: taken, or left out. */
static void pass(struct feed *f, const struct record *r, bool taken)
{
	f->read.record++;
	f->read.offset += r->len + 1;
	f->read_ordinal++;
	if (taken) {
		f->ring[(f->first + f->n) % WINDOW] = (struct entry){f->read, f->read_ordinal, r->segment, r->number};
		f->n++;
	} else if (f->n > 0) {
		struct entry *last = &f->ring[(f->first + f->n - 1) % WINDOW];

		last->after = f->read;
		last->ordinal = f->read_ordinal;
	} else {
		f->position.at = f->read;
		f->at_ordinal = f->read_ordinal;
	}
}

static void take_back(struct feed *f, const struct record *r)
{
	f->n--;
	f->read.record--;
	f->read.offset -= r->len + 1;
	f->read_ordinal--;
}

void feed_more(struct feed *f)
{
	struct record r;
	bool any = false;

	if (f->offering || f->journal == NULL)
		return;
	f->offering = true;
	while (f->n < WINDOW && fetch(f, &r)) {
		if (!filter_takes(f->settings, r.json, r.len)) {
			pass(f, &r, false);
			continue;
		}
		pass(f, &r, true);	/* before it is offered: a sink may say "done" at once */
		if (!f->ops->put(f->sink, &r)) {
			take_back(f, &r);
			break;
		}
		any = true;
	}
	f->offering = false;
	if (any)
		f->ops->flush(f->sink);
}

void feed_pump(struct feed *f)
{
	struct record r;

	if (f->n == 0)
		fetch(f, &r);		/* also while the sink is away: notices what is lost */
	else
		journal_delivered(f->journal, f->position.at.segment);
	lose(f, 0);
	feed_more(f);
}

/* --- places --- */

void feed_last(const struct feed *f, uint64_t *segment, uint64_t *number)
{
	*segment = f->position.last_segment;
	*number = f->position.last_record;
}

bool feed_begins_above(struct feed *f, uint64_t segment, uint64_t now)
{
	struct journal_segment s;

	if (journal_find(f->journal, f->position.from_segment, &s))
		return s.number > segment;
	return now > segment;
}

/* The place before record `number` of the segment. */
static bool place_of(struct feed *f, uint64_t segment, uint64_t number, struct place *place)
{
	struct journal_segment s;
	const char *line;
	size_t len;

	*place = (struct place){.segment = segment};
	if (number == 0 || !journal_find(f->journal, segment, &s) || s.number != segment || !open_segment(f, segment))
		return false;
	while (place->record + 1 < number && line_at(f, place->offset, s.bytes, &line, &len)) {
		place->record++;
		place->offset += len + 1;
	}
	return place->record + 1 == number && place->offset < s.bytes;
}

bool feed_look_up(struct feed *f, uint64_t segment, uint64_t number, struct record *r)
{
	struct journal_segment s;
	struct place place;

	if (!place_of(f, segment, number, &place) || !journal_find(f->journal, segment, &s) ||
	    !line_at(f, place.offset, s.bytes, &r->json, &r->len))
		return false;
	r->segment = segment;
	r->number = number;
	return true;
}

int64_t feed_seek(struct feed *f, uint64_t segment, uint64_t number)
{
	uint64_t before = f->at_ordinal;
	struct record r;
	struct place place = {.segment = segment};

	if (feed_look_up(f, segment, number, &r)) {
		place_of(f, segment, number, &place);
		place.record++;
		place.offset += r.len + 1;
	} else {	/* the next that there is */
		place.segment = segment + (number > 0);
		if (place.segment < f->position.from_segment)
			place.segment = f->position.from_segment;
	}
	f->position.at = place;
	f->position.last_segment = segment;
	f->position.last_record = number;
	f->at_ordinal = journal_ordinal(f->journal, place);
	go_to(f, place, f->at_ordinal);
	save(f);
	return (int64_t)(before - f->at_ordinal);
}
