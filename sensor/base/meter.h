/* meter.h -- what a thread shows of itself while it works: its counters, that it goes on, and what came from each interface.
 *
 * One writer, any reader, no locks. The reader sees each number as it was at some moment not long ago, not all at the same one.
 */
#ifndef PW_METER_H
#define PW_METER_H

#include "count.h"

#include <stdbool.h>

enum { METER_INTERFACES = 16, METER_NAME = 24 };

struct meter;

/* One interface, as one thread has seen it. */
struct meter_interface {
	uint64_t frames;
	uint64_t last_ns;	/* stamp of the last frame; 0: none yet */
	int64_t behind_ns;	/* wall clock less that stamp, when it was read: negative if the stamps are ahead */
};

struct meter *meter_new(const char *name);	/* NULL: no memory */
void meter_free(struct meter *);
const char *meter_name(const struct meter *);

/* Writer: call in every turn of its loop, at least ten times a second. */
void meter_beat(struct meter *);
void meter_counts(struct meter *, const struct counts *);
void meter_rows(struct meter *, const struct counts *, unsigned from, unsigned to);	/* rows from..to-1 */
void meter_interface(struct meter *, unsigned interface, const struct meter_interface *);

/* Readers. */
uint64_t meter_beats(const struct meter *);
void meter_add_counts(const struct meter *, struct counts *sum);
/* Frames are added up, of the rest the latest counts. */
void meter_add_interface(const struct meter *, unsigned interface, struct meter_interface *sum);

#endif
