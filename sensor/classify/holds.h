/* holds.h -- what dissectors remember about flows.
 *
 * A hold is one dissector's state for one flow and nesting depth. There are so many in all (settings.flow.states); when all
 * are taken, the flow that used its own longest ago loses them (counted), one where nothing is proved yet before all others:
 * what only looks like the beginning of something pushes out its own kind.
 */
#ifndef PW_HOLDS_H
#define PW_HOLDS_H

#include "../../dissectors/dissector.h"
#include "../base/count.h"
#include "../flow/table.h"

enum { DISSECTORS_MAX = 64 };	/* flow_extra has sets of them, a bit each */

struct hold {
	uint32_t next;		/* of the same flow */
	uint32_t taken[2];	/* stream: bytes past its front that this dissector is done with, from either end */
	uint8_t dissector;	/* its number among all */
	uint8_t depth;
	uint8_t verdict;	/* enum verdict, the last that counts: V_NO has given up */
	uint8_t more;		/* V_MOREs in a row */
	_Alignas(8) uint8_t state[];
};

struct holds;

/* `list` has n dissectors. */
struct holds *holds_new(const struct dissector *const *list, unsigned n, uint32_t most, struct table *, struct counts *);
void holds_free(struct holds *);

/* Have the first one's memory fetched: it is needed soon. */
void holds_fetch(const struct holds *, const struct flow_extra *);
/* NULL: there is none. */
struct hold *hold_find(struct holds *, const struct flow *, unsigned dissector, unsigned depth);
/* A new one with a copy of `state`, whose memory is only touched as far as that is not zero: what is seldom used stands at a state's
 * end. The flow must not have one already. */
struct hold *hold_add(struct holds *, struct flow *, unsigned dissector, unsigned depth, const void *state);
/* The flow's states were used: at most once a second this moves it to the young end. */
void holds_touch(struct holds *, struct flow *);
/* A dissector has claimed something of the flow. */
void holds_prove(struct holds *, struct flow *);
void hold_drop(struct holds *, struct flow *, unsigned dissector, unsigned depth);
void holds_drop_all(struct holds *, struct flow *);
/* The next of the flow's holds, or the first; NULL at the end. */
struct hold *hold_next(struct holds *, const struct flow *, const struct hold *);

#endif
