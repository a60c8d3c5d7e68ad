/* crew.h -- several workers, each a thread, between one who reads frames and one who correlates.
 *
 *            +--lots of frames--> worker --facts--+
 *   reader --+--------ring------> worker --ring---+--> merged by place in the capture --> correlator
 *            +------------------> worker ---------+
 *
 * The reader shares frames out (decode/share.h) and says when time is looked at; the correlator's side gets what all of them
 * say in the order in which one worker would have said it. Rings have one writer and one reader; nothing else is shared but
 * the guesses at who is inside. Full rings make their writer wait, so nothing is lost between here and the capture.
 */
#ifndef PW_CREW_H
#define PW_CREW_H

#include "base/count.h"
#include "base/packet.h"
#include "config/settings.h"
#include "facts/facts.h"

struct confinement;
struct crew;
struct editions;
struct meter;
struct signatures;

/* settings->workers of them, started, and confined (confine.h) if settings say so. Signatures (may be NULL) are borrowed. NULL: no
 * memory, or no thread to be had. */
struct crew *crew_new(const struct settings *, const struct signatures *);
/* After crew_finish() and the end of crew_next(), or before any frame. */
void crew_free(struct crew *);

/* From now on what they work by may change. Before any frame. */
void crew_follow(struct crew *, struct editions *);
/* What the reader's thread writes to, besides the log. */
void crew_reader_writes(const struct crew *, struct confinement *);
/* What each worker shows of itself; NULL after the last. */
const struct meter *crew_meter(const struct crew *, unsigned i);

/* --- the reader's thread --- */

/* Frames in their order; copied. */
void crew_frames(struct crew *, const struct frame *, unsigned n);
/* No frame comes now: hand on those that wait to be more. */
void crew_flush(struct crew *);
/* The same, and time goes on. */
void crew_advance(struct crew *, uint64_t now_ns);
/* The input is over. */
void crew_finish(struct crew *);

/* --- the correlator's thread --- */

enum crew_said {
	CREW_NONE,		/* nothing was said for a while: look at other things, and come back */
	CREW_FACTS,		/* `to` has messages */
	CREW_TIME,		/* time has gone on to *now_ns, and all that was said before has been handed on */
	CREW_END,		/* every worker has finished */
};

/* Waits for what is next. */
enum crew_said crew_next(struct crew *, struct facts *to, uint64_t *now_ns);

/* Once it has ended: what all workers have counted. */
void crew_counts(const struct crew *, struct counts *sum);

#endif
