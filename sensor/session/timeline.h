/* timeline.h -- for `explain`: what a session was told, in order, and what it proved. Kept only when somebody asked for
 * sessions at their end; then memory is taken as it grows, up to a bound. */
#ifndef PW_TIMELINE_H
#define PW_TIMELINE_H

#include "state.h"

struct timeline;

struct timeline *timeline_new(void);		/* NULL: none is kept, which everything below accepts */
void timeline_free(struct timeline *);
void timeline_merge(struct timeline *, struct timeline *young);	/* takes what the other one has */

void timeline_message(const struct leg *, const struct reading *);
/* It was seen on this leg. `value` NULL: what the socket's proof says. */
void timeline_proof(const struct leg *, enum proof_id, uint64_t packet, uint64_t ts_ns, const struct endpoint *value);

/* A signature's line held. */
void timeline_finding(const struct leg *, const struct finding *);

/* Hand the session over to correlator_on_session_end()'s function. */
void timeline_show(struct correlator *, const struct session *, const struct socket *, enum kind);

#endif
