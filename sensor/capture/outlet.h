/* outlet.h -- where every source puts its frames: numbered, filtered, counted, handed on. */
#ifndef PW_OUTLET_H
#define PW_OUTLET_H

#include "../base/count.h"
#include "../base/packet.h"
#include "capture.h"
#include "filter.h"

enum { INTERFACE_NAME = 64, INTERFACE_NAMES_MAX = 256, FRAMES_MAX = 62 };

/* Names of capturing interfaces, each once, whatever file or section it came from. 0 is
 * the only one there is, live; "", in files: no name known. */
struct interface_names {
	unsigned n;
	uint64_t hash[INTERFACE_NAMES_MAX];
	char name[INTERFACE_NAMES_MAX][INTERFACE_NAME];
};

struct outlet {
	struct counts *counts;
	struct filter *filter;		/* NULL: everything */
	uint64_t number;		/* of the last frame read, filtered out or not: what Wireshark shows */
	uint64_t last_ns;		/* time of the last frame */
	frames_handler handler;		/* these two for the time of one capture_read() */
	void *ctx;
	unsigned n_waiting;		/* frames that it has not been given yet: outlet_settle() */
	struct frame waiting[FRAMES_MAX];
	unsigned handed_on;		/* in this capture_read() */
	struct interface_names names;
};

/* `first` is the name of interface 0. */
void outlet_init(struct outlet *, const char *first, struct filter *, struct counts *);
/* The index of this name; 0 if there are too many. */
uint16_t outlet_interface(struct outlet *, const char *name);

/* The bytes of the frames given so far are about to go: hand on what is waiting. */
static inline void outlet_settle(struct outlet *o)
{
	unsigned n = o->n_waiting;

	o->n_waiting = 0;
	if (n > 0)
		o->handler(o->ctx, o->waiting, n);
}

/* Where the next frame will stand: a source that fills it in there saves copying it. */
static inline struct frame *outlet_place(struct outlet *o)
{
	return &o->waiting[o->n_waiting];
}

/* All but .number is set. The bytes stay until outlet_settle(), which the source calls before it moves them. */
static inline void outlet_frame(struct outlet *o, struct frame *f)
{
	f->number = ++o->number;
	if (f->length < f->captured)
		f->length = f->captured;	/* some writers do not know it */
	o->last_ns = f->ts_ns;
	if (o->filter != NULL && !filter_passes(o->filter, f))
		return;
	count(o->counts, COUNT_PACKETS);
	count_more(o->counts, COUNT_BYTES, f->length);
	o->handed_on++;
	if (f != outlet_place(o))
		*outlet_place(o) = *f;
	o->n_waiting++;
	if (o->n_waiting == FRAMES_MAX)
		outlet_settle(o);
}

#endif
