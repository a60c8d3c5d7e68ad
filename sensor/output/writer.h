/* writer.h -- the thread that makes events: takes them out of a ring, turns them into JSON, and writes batches to the journal
 * and to a plain file, whichever there are.
 */
#ifndef PW_WRITER_H
#define PW_WRITER_H

#include "../event/event.h"
#include "journal.h"
#include "plain.h"

struct eve;
struct writer;

/* Borrows all of them; journal and plain may be NULL. `flush_ms`: an event is written so late at most. NULL: no memory. */
struct writer *writer_new(struct eve *, struct journal *, struct plain *, uint32_t flush_ms);
/* 0 or -errno. Before it, the others below may be called. */
int writer_start(struct writer *);
/* Stops it, wherever it is: writer_drained() first. */
void writer_free(struct writer *);

/* The one thread that gives it events. false: no room now. */
bool writer_event(struct writer *, const struct event *);
/* Any thread: write now, begin a new segment. */
void writer_flush(struct writer *);
void writer_rotate(struct writer *);

int writer_fd(const struct writer *);		/* readable when something was written; writer_heard() makes it quiet again */
void writer_heard(struct writer *);

/* It beats while the thread goes on. */
struct meter;
const struct meter *writer_meter(const struct writer *);

struct writer_view {
	uint64_t given, made;		/* events taken; of these written, or not wanted by the profile */
	struct plain_view plain;
};

void writer_look(struct writer *, struct writer_view *);

#endif
