/* weave.h -- several live captures as one, in the order of their time stamps: the two directions of a tap, a call over two links.
 *
 * The kernel hands frames over block by block, each interface in its own time. So a frame is handed on once no earlier one can
 * come: every other interface has shown a later one, or has been silent for so long that what it might still hold is younger.
 */
#ifndef PW_WEAVE_H
#define PW_WEAVE_H

#include "capture.h"

struct weave;

/* The captures are borrowed. NULL: no memory. */
struct weave *weave_new(struct capture **, unsigned n);
void weave_free(struct weave *);

/* Hand on up to `budget` frames, in order; those of a silent interface can be no older than sure_ns (UINT64_MAX: nothing comes any
 * more). A frame's .interface is its capture's number. Returns how many. *held: others are there and wait. *failed: the number of a
 * capture that cannot be read, or -1. */
unsigned weave_read(struct weave *, unsigned budget, uint64_t sure_ns, frames_handler, void *ctx, bool *held, int *failed);

#endif
