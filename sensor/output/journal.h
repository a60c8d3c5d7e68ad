/* journal.h -- the queue: events as lines of JSON in numbered segments (segment.h), the newest also under the journal's own name.
 *
 * An event is made when its line is in a segment, and the disk has it. One thread puts and commits; any thread may ask what is
 * there. The journal is bounded: the oldest segment goes first, whether or not it was delivered. Errors are said once and tried
 * again; until then lines wait in a buffer, and when that is full, in front of it.
 */
#ifndef PW_JOURNAL_H
#define PW_JOURNAL_H

#include "../config/settings.h"
#include "position.h"

struct journal;

/* `base` is the journal's name, "/var/lib/punchwatch/eve.json"; NULL: a folder of its own under $TMPDIR or /tmp, which loses what has
 * been delivered, and is not bounded. Locks it (one journal has one writer), mends what a crash left. NULL: said on stderr. */
struct journal *journal_open(const char *base, const struct journal_settings *);
/* `keep` only matters to a temporary one. */
void journal_close(struct journal *, bool keep);

const char *journal_name(const struct journal *);
bool journal_is_temporary(const struct journal *);

/* --- the thread that writes --- */

bool journal_has_room(const struct journal *);
/* One line, its newline included, at most EVE_LINE_MAX; there is room. */
void journal_put(struct journal *, const char *line, size_t len);
/* Everything that was put is safe? Else it is tried again at the next call. */
bool journal_commit(struct journal *);
size_t journal_waiting_bytes(const struct journal *);
/* What time asks for: a new segment, the oldest dropped. Now and then. */
void journal_tick(struct journal *);
/* The next record begins a new segment. */
void journal_rotate(struct journal *);

/* --- any thread --- */

struct journal_view {
	uint64_t put, journaled, retries, dropped;	/* records; failed writes; records dropped with their segments */
	uint64_t bytes;
	unsigned segments;
	bool failing;
};

void journal_look(struct journal *, struct journal_view *);

/* The segment with this number, or else the next above that there is. false: none. */
struct journal_segment {
	uint64_t number, bytes, records;
};

bool journal_find(struct journal *, uint64_t number, struct journal_segment *);
/* The end: what is put next comes after it. */
struct place journal_end(struct journal *);
/* Records are numbered through; this is the number of the first after the place, or, if its segment is gone, of the first after that.
 * Reads files that were not counted yet. */
uint64_t journal_ordinal(struct journal *, struct place);
/* No segment to come has this number, or one below it. */
void journal_go_above(struct journal *, uint64_t number);
/* Segments below this number are delivered everywhere: a temporary journal drops them, but the last few. */
void journal_delivered(struct journal *, uint64_t number);

#endif
