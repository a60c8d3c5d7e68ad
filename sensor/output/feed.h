/* feed.h -- reads the journal back for one sink, and knows what has arrived: the sink's position. */
#ifndef PW_FEED_H
#define PW_FEED_H

#include "journal.h"
#include "sink.h"

/* Where a sink has come to is in a file named after it, beside the journal; a temporary journal has none. NULL: no memory. */
struct feed *feed_new(const char *name, const struct sink_settings *, const struct sink_ops *);
/* The sink opens: it may be used before the journal is there. false: said. */
bool feed_open(struct feed *, const struct sink_env *);
/* Now the journal is there: delivery begins. */
void feed_start(struct feed *, struct journal *);
void feed_free(struct feed *);		/* closes the sink */

/* Something was written, or time went by: more for the sink, perhaps; and what was lost is said. */
void feed_pump(struct feed *);
uint64_t feed_waiting(const struct feed *);	/* records not delivered and not lost */
struct place feed_place(const struct feed *);
const struct sink_state *feed_counts(const struct feed *);

#endif
