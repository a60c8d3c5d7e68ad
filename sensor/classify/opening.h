/* opening.h -- the first bytes of a flow, where some signature's payload test holds for them: they become a message of facts, and the
 * flow is spoken of. Nearly always none does, and that must be cheap.
 *
 * Datagrams: the first few of each direction that no dissector has claimed, also those that a relay wraps. Streams: what each
 * direction begins with, once enough of it is there.
 */
#ifndef PW_OPENING_H
#define PW_OPENING_H

#include "../../dissectors/dissector.h"
#include "../base/macs.h"
#include "../flow/table.h"

enum {
	OPENING_DATAGRAMS = 4,		/* of each direction */
	OPENING_PACKETS = 32,		/* of a stream: so long a silent direction is waited for */
};

struct signatures;

struct opening {
	const struct signatures *signatures;	/* borrowed; NULL: nothing is looked for */
	bool all;				/* every flow's, at the border */
	struct table *table;
	struct macs *macs;
	struct facts *facts;
};

/* Is anything wanted of what such a stream begins with? */
bool opening_wanted(const struct opening *, const struct flow *);

/* A datagram of len_bytes on the wire that nobody claimed, or one that a relay wrapped: does it fit at all? */
bool opening_fits(const struct opening *, const struct flow *, struct cursor, uint32_t len_bytes, bool nested);
/* Then. The header of the facts is set. */
void opening_datagram(const struct opening *, struct flow *, const struct input *, uint32_t len_bytes);
/* What a direction of a stream begins with; the header is set. True: more of it is wanted before that can be told. */
bool opening_stretch(const struct opening *, struct flow *, const struct input *);

#endif
