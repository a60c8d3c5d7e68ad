/* worker.h -- the packet side, whole: frames in, facts out. Owns all it touches; nothing is shared.
 *
 *   frame -> decode -> flow -> classify (dissectors, nDPI) -> facts
 */
#ifndef PW_WORKER_H
#define PW_WORKER_H

#include "base/count.h"
#include "base/packet.h"
#include "base/team.h"
#include "config/settings.h"
#include "facts/facts.h"

struct worker;
struct signatures;

/* Takes a batch of facts; it is valid during the call only. Plain call with one worker, a ring with several. */
typedef void (*facts_sink)(void *ctx, const struct facts *);

/* Signatures (may be NULL) are borrowed. */
struct worker *worker_new(const struct settings *, const struct signatures *, struct counts *, facts_sink, void *ctx);
/* Other signatures from now on, between two calls. */
void worker_use(struct worker *, const struct signatures *);
void worker_free(struct worker *);

/* It is one of several: told by worker_take(), worker_common() and worker_time() what to do, in the order of the capture; what it
 * says has its place (facts.h). The team is borrowed. */
void worker_join(struct worker *, const struct team *);
/* clocks: one for each frame; NULL: we work alone. */
void worker_take(struct worker *, const struct frame *, const struct team_clock *clocks, unsigned n);
void worker_common(struct worker *, const struct frame *, const struct team_clock *);	/* every one of the team is given this */
void worker_time(struct worker *, uint64_t ts_ns, uint64_t number);

/* Frames in their order. Several at once cost less each: the memory of their flows is fetched side by side. */
void worker_frames(struct worker *, const struct frame *, unsigned n);
/* Time goes on without traffic: expire what is due. Never backwards. */
void worker_advance(struct worker *, uint64_t now_ns);
/* The input is over: every flow ends. (One of several was told with worker_time() what the last frame was.) */
void worker_finish(struct worker *);

#endif
