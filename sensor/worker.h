/* worker.h -- the packet side, whole: frames in, facts out. Owns all it touches; nothing is shared.
 *
 *   frame -> decode -> flow -> classify (dissectors, nDPI) -> facts
 */
#ifndef PW_WORKER_H
#define PW_WORKER_H

#include "base/count.h"
#include "base/packet.h"
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

/* Frames in their order. Several at once cost less each: the memory of their flows is fetched side by side. */
void worker_frames(struct worker *, const struct frame *, unsigned n);
/* Time goes on without traffic: expire what is due. Never backwards. */
void worker_advance(struct worker *, uint64_t now_ns);
/* The input is over: every flow ends. */
void worker_finish(struct worker *);

#endif
