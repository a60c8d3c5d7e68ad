/* store.h -- what the correlator remembers, bounded: items of one size under a key, oldest first out.
 *
 * An item belongs to a rank: how much it has proved. Eviction takes the oldest of the lowest rank, so that whoever can
 * only make us hear something never pushes out what was proved. Order of age is exact (a list, not the slots), so no
 * result depends on the hash's key. Memory is asked for once and touched only as far as it is used: there are as many slots as
 * items, doubled when it is time to.
 *
 * An item starts with struct link, followed by its key: plain bytes without padding.
 */
#ifndef PW_STORE_H
#define PW_STORE_H

#include "../base/hash.h"

#include <stdbool.h>

enum rank {
	RANK_HEARD,		/* only somebody outside has spoken: anyone can forge it */
	RANK_SENT,		/* an inside host has sent something */
	RANK_PROVED,		/* answered, matched, both ways */
	RANKS
};

struct link {
	uint32_t chain;		/* next of the same slot */
	uint32_t older, newer;	/* of the same rank */
	uint8_t rank;
	uint8_t pad[3];
};

struct slot {
	uint32_t first;		/* an item, 0: none */
	uint32_t seen;		/* a bit of each one's hash */
};

struct store {
	uint8_t *items;		/* numbered from 1 */
	struct slot *slots;
	const struct hash_key *key;
	uint32_t mask, most, touched, free, n;
	uint32_t item_bytes, key_bytes;
	struct {
		uint32_t oldest, newest, n;
	} rank[RANKS];
};

/* False: no memory. */
bool store_init(struct store *, uint32_t most, size_t item_bytes, size_t key_bytes, const struct hash_key *);
void store_clear(struct store *);

void *store_find(const struct store *, const void *key);
/* A new item, zeroed but for its key, of rank RANK_HEARD; the key must not be there. NULL: full, drop something first. */
void *store_add(struct store *, const void *key);
void store_drop(struct store *, void *item);
void store_touch(struct store *, void *item);			/* now it is the newest of its rank */
void store_raise(struct store *, void *item, enum rank);	/* never lowers; touches */

void *store_weakest(const struct store *);			/* whom eviction takes; NULL if empty */
void *store_oldest(const struct store *, enum rank);

/* The same where the order matters only once there is hardly any room left: until then it costs nothing. */
static inline void store_touch_late(struct store *t, void *item)
{
	if (t->n >= t->most - t->most / 4)
		store_touch(t, item);
}

static inline void store_raise_late(struct store *t, void *item, enum rank rank)
{
	if (rank > (enum rank)((struct link *)item)->rank)
		store_raise(t, item, rank);
	else
		store_touch_late(t, item);
}

static inline bool store_full(const struct store *t)
{
	return t->n == t->most;
}

#endif
