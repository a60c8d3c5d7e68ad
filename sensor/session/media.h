/* media.h -- what flows on a leg beside signalling: how much, since when, and what it looks like. */
#ifndef PW_MEDIA_H
#define PW_MEDIA_H

#include "reading.h"
#include "state.h"

/* The message's share of it; leg_totals() was called before, `before` are its data packets of before that. */
void media_note(struct leg *, const struct reading *, uint64_t before);

uint64_t media_packets(const struct leg *);	/* of data, so far, both ways */

/* As an event says it. Of a relay's leg, what is behind the relay. */
void media_fill(struct event_media *, const struct leg *);

/* What sizes and rates alone make of it: bits of enum media_class; 0: cannot be told. */
uint8_t media_shape(const struct event_media *);

#endif
