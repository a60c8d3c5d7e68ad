/* ring.h -- one writer, one reader, records of any length, no locks.
 *
 * A record is contiguous memory, aligned to 8 bytes. The writer never waits by itself: a full ring says so. The reader may
 * sleep on ring_fd(), which becomes readable when something was written into an empty ring.
 */
#ifndef PW_RING_H
#define PW_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* bytes is rounded up to a power of two; the longest record is a quarter of it. NULL when out of memory or descriptors. */
struct ring *ring_new(size_t bytes);
void ring_free(struct ring *);

/* Writer. false: no room now. Records longer than a quarter of the ring are a mistake of ours and abort. */
bool ring_push(struct ring *, const void *record, size_t len_bytes);

/* The same without a copy: room for a record of up to `most` bytes, to be written there, then ring_put() with what it came to.
 * NULL: no room now. Between the two no other record is written. */
void *ring_room(struct ring *, size_t most);
void ring_put(struct ring *, size_t len_bytes);

/* Reader. The oldest record, or NULL; it stays valid and in place until ring_pop(). */
const void *ring_front(struct ring *, size_t *len_bytes);
void ring_pop(struct ring *);

/* Reader sleeps: poll this for reading, then call ring_awake() before looking at the front again. */
int ring_fd(const struct ring *);
void ring_awake(struct ring *);
/* Wake the reader although nothing was written (any thread). */
void ring_wake(struct ring *);

#endif
