/* ring.c -- see ring.h.
 *
 * head and tail only grow; their difference is what is in use. The writer owns head and keeps a stale copy of tail (and
 * the reader the other way round), so that the shared lines are touched only when the copy says full or empty.
 */
#include "ring.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	CACHE_LINE = 64,
	WARM_BYTES = 256 * 1024,	/* a ring that is hardly used begins again before it leaves the cache */
};

/* Before each record; a record that would not fit before the end of the buffer is preceded by a skip to its start. */
struct lead {
	uint32_t len_bytes;
	uint32_t skip;		/* 1: nothing here, go on at the start of the buffer */
};

struct ring {
	uint8_t *bytes;
	size_t mask;
	int fd;
	_Alignas(CACHE_LINE) _Atomic size_t head;	/* written so far */
	size_t tail_seen;				/* the writer's copy */
	size_t skipped;					/* before the record that is being written */
	_Alignas(CACHE_LINE) _Atomic size_t tail;	/* read so far */
	size_t head_seen;				/* the reader's copy */
};

static size_t padded(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

struct ring *ring_new(size_t bytes)
{
	struct ring *r = aligned_alloc(CACHE_LINE, sizeof *r);
	size_t size = 4096;

	if (r == NULL)
		return NULL;
	memset(r, 0, sizeof *r);
	while (size < bytes)
		size *= 2;
	r->mask = size - 1;
	r->bytes = malloc(size);
	r->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (r->bytes == NULL || r->fd < 0) {
		ring_free(r);
		return NULL;
	}
	return r;
}

void ring_free(struct ring *r)
{
	if (r == NULL)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r->bytes);
	free(r);
}

static bool has_room(struct ring *r, size_t head, size_t need)
{
	if (r->mask + 1 - (head - r->tail_seen) >= need)
		return true;
	r->tail_seen = atomic_load_explicit(&r->tail, memory_order_acquire);
	return r->mask + 1 - (head - r->tail_seen) >= need;
}

void *ring_room(struct ring *r, size_t most)
{
	size_t head = atomic_load_explicit(&r->head, memory_order_relaxed);
	size_t at = head & r->mask, need = sizeof(struct lead) + padded(most);
	size_t to_end = r->mask + 1 - at;
	bool again = at >= WARM_BYTES && head - atomic_load_explicit(&r->tail, memory_order_acquire) <= WARM_BYTES / 2;

	if (need > (r->mask + 1) / 4)
		abort();
	if (need > to_end)
		again = true;
	if (!has_room(r, head, again ? to_end + need : need))
		return NULL;
	r->skipped = 0;
	if (again) {
		memcpy(r->bytes + at, &(struct lead){.skip = 1}, sizeof(struct lead));
		r->skipped = to_end;
		at = 0;
	}
	return r->bytes + at + sizeof(struct lead);
}

void ring_put(struct ring *r, size_t len_bytes)
{
	size_t start = atomic_load_explicit(&r->head, memory_order_relaxed), head = start + r->skipped;
	struct lead lead = {.len_bytes = (uint32_t)len_bytes};

	memcpy(r->bytes + (head & r->mask), &lead, sizeof lead);
	atomic_store_explicit(&r->head, head + sizeof lead + padded(len_bytes), memory_order_seq_cst);
	/* The reader sleeps only after it saw the ring empty, i.e. with tail == our old head. */
	if (atomic_load_explicit(&r->tail, memory_order_seq_cst) == start)
		ring_wake(r);
}

bool ring_push(struct ring *r, const void *record, size_t len_bytes)
{
	void *to = ring_room(r, len_bytes);

	if (to == NULL)
		return false;
	memcpy(to, record, len_bytes);
	ring_put(r, len_bytes);
	return true;
}

const void *ring_front(struct ring *r, size_t *len_bytes)
{
	size_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
	struct lead lead;

	for (;;) {
		if (tail == r->head_seen) {
			r->head_seen = atomic_load_explicit(&r->head, memory_order_seq_cst);
			if (tail == r->head_seen)
				return NULL;
		}
		memcpy(&lead, r->bytes + (tail & r->mask), sizeof lead);
		if (!lead.skip)
			break;
		tail += r->mask + 1 - (tail & r->mask);
		atomic_store_explicit(&r->tail, tail, memory_order_seq_cst);
	}
	*len_bytes = lead.len_bytes;
	return r->bytes + (tail & r->mask) + sizeof lead;
}

void ring_pop(struct ring *r)
{
	size_t tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
	struct lead lead;

	memcpy(&lead, r->bytes + (tail & r->mask), sizeof lead);
	atomic_store_explicit(&r->tail, tail + sizeof lead + padded(lead.len_bytes), memory_order_seq_cst);
}

int ring_fd(const struct ring *r)
{
	return r->fd;
}

void ring_awake(struct ring *r)
{
	uint64_t n;

	if (read(r->fd, &n, sizeof n) < 0)
		return;		/* not woken: fine */
}

void ring_wake(struct ring *r)
{
	uint64_t one = 1;

	if (write(r->fd, &one, sizeof one) < 0)
		return;		/* the counter is full: it is awake */
}
