/* classify.h -- from packets to facts: finds the flow, asks dissectors and nDPI, counts data, says what report.h lists.
 *
 *   packet -> flow table -> dissectors (datagrams, ordered streams) -> nDPI for what is left -> totals
 *
 * Owns the flow table and all that hangs on it.
 */
#ifndef PW_CLASSIFY_H
#define PW_CLASSIFY_H

#include "../../dissectors/dissector.h"
#include "../base/count.h"
#include "../base/team.h"
#include "../config/settings.h"

struct classify;
struct signatures;

/* `list` ends with NULL: `dissectors`, or a test's own. Signatures (may be NULL) are borrowed. The sink takes a batch, valid during the call. */
struct classify *classify_new(const struct settings *, const struct dissector *const *list, const struct signatures *,
    struct counts *, void (*sink)(void *ctx, const struct facts *), void *ctx);
/* Other signatures from now on, between two batches of packets. */
void classify_use(struct classify *, const struct signatures *);
void classify_free(struct classify *);

/* It is one of several workers. Borrowed. Batches are then handed on one a packet, or flow that is over, with their place. */
void classify_join(struct classify *, const struct team *);

enum { CLASSIFY_MAX = 64 };

/* n packets in their order, CLASSIFY_MAX at most. */
void classify_packets(struct classify *, const struct packet *, unsigned n);
/* Hand on what was said, if anything. */
void classify_deliver(struct classify *);
/* A frame of this stamp and number comes next, and time is to be looked at (ticks.h): what is due ends. */
void classify_time(struct classify *, uint64_t ts_ns, uint64_t number);
/* The same without a frame; never backwards. */
void classify_advance(struct classify *, uint64_t now_ns);
/* Every flow ends. */
void classify_finish(struct classify *);

#endif
