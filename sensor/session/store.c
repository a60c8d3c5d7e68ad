/* store.c -- see store.h. */
#include "store.h"

#include <stdlib.h>

enum { SLOTS_LEAST = 256 };

static struct link *at(const struct store *t, uint32_t number)
{
	return (struct link *)(void *)(t->items + (size_t)number * t->item_bytes);
}

static uint32_t number_of(const struct store *t, const void *item)
{
	return (uint32_t)((size_t)((const uint8_t *)item - t->items) / t->item_bytes);
}

static const void *key_of(const struct link *l)
{
	return l + 1;
}

bool store_init(struct store *t, uint32_t most, size_t item_bytes, size_t key_bytes, const struct hash_key *key)
{
	uint32_t slots = SLOTS_LEAST;

	if (most < 1)
		most = 1;
	while (slots < most && slots < 1u << 30)
		slots *= 2;
	*t = (struct store){.key = key, .mask = SLOTS_LEAST - 1, .most = most, .item_bytes = (uint32_t)item_bytes,
	    .key_bytes = (uint32_t)key_bytes};
	t->slots = calloc(slots, sizeof *t->slots);
	t->items = calloc((size_t)most + 1, item_bytes);
	if (t->slots != NULL && t->items != NULL)
		return true;
	store_clear(t);
	return false;
}

void store_clear(struct store *t)
{
	free(t->slots);
	free(t->items);
	*t = (struct store){0};
}

/* Slots have as many items as there are bits in `seen`, at the most: each item sets one. Mostly that tells who is not there, and the
 * items, which stand anywhere in memory, are left alone. */
static struct slot *slot_of(const struct store *t, const void *key, uint32_t *bit)
{
	uint64_t h = hash_keyed(t->key, key, t->key_bytes);

	*bit = 1U << (h >> 59);
	return &t->slots[h & t->mask];
}

static void chain(struct store *t, uint32_t number)
{
	uint32_t bit;
	struct slot *slot = slot_of(t, key_of(at(t, number)), &bit);

	at(t, number)->chain = slot->first;
	slot->first = number;
	slot->seen |= bit;
}

void *store_find(const struct store *t, const void *key)
{
	uint32_t bit;
	const struct slot *slot = slot_of(t, key, &bit);

	if ((slot->seen & bit) == 0)
		return NULL;
	for (uint32_t i = slot->first; i != 0; i = at(t, i)->chain)
		if (memcmp(key_of(at(t, i)), key, t->key_bytes) == 0)
			return at(t, i);
	return NULL;
}

static void unlist(struct store *t, struct link *l)
{
	if (l->older != 0)
		at(t, l->older)->newer = l->newer;
	else
		t->rank[l->rank].oldest = l->newer;
	if (l->newer != 0)
		at(t, l->newer)->older = l->older;
	else
		t->rank[l->rank].newest = l->older;
	t->rank[l->rank].n--;
}

static void list_newest(struct store *t, struct link *l)
{
	uint32_t i = number_of(t, l);

	l->newer = 0;
	l->older = t->rank[l->rank].newest;
	if (l->older != 0)
		at(t, l->older)->newer = i;
	else
		t->rank[l->rank].oldest = i;
	t->rank[l->rank].newest = i;
	t->rank[l->rank].n++;
}

/* There are twice as many slots from now on. */
static void spread(struct store *t)
{
	memset(t->slots, 0, ((size_t)t->mask + 1) * sizeof *t->slots);
	t->mask = 2 * t->mask + 1;
	for (unsigned r = 0; r < RANKS; r++)
		for (uint32_t i = t->rank[r].oldest; i != 0; i = at(t, i)->newer)
			chain(t, i);
}

void *store_add(struct store *t, const void *key)
{
	uint32_t i = t->free;
	struct link *l;

	if (t->n > t->mask && t->mask + 1 < t->most)
		spread(t);

	if (i != 0)
		t->free = at(t, i)->chain;
	else if (t->touched < t->most)
		i = ++t->touched;
	else
		return NULL;
	l = at(t, i);
	memset(l, 0, t->item_bytes);
	memcpy(l + 1, key, t->key_bytes);
	chain(t, i);
	t->n++;
	list_newest(t, l);
	return l;
}

void store_drop(struct store *t, void *item)
{
	struct link *l = item;
	uint32_t i = number_of(t, l), bit;
	struct slot *slot = slot_of(t, key_of(l), &bit);
	uint32_t *from = &slot->first;

	while (*from != i)
		from = &at(t, *from)->chain;
	*from = l->chain;
	if (slot->first == 0)
		slot->seen = 0;
	unlist(t, l);
	l->chain = t->free;
	t->free = i;
	t->n--;
}

void store_touch(struct store *t, void *item)
{
	struct link *l = item;

	if (l->newer == 0)
		return;
	unlist(t, l);
	list_newest(t, l);
}

void store_raise(struct store *t, void *item, enum rank rank)
{
	struct link *l = item;

	if (rank <= l->rank) {
		store_touch(t, item);
		return;
	}
	unlist(t, l);
	l->rank = (uint8_t)rank;
	list_newest(t, l);
}

void *store_weakest(const struct store *t)
{
	for (unsigned r = 0; r < RANKS; r++)
		if (t->rank[r].oldest != 0)
			return at(t, t->rank[r].oldest);
	return NULL;
}

void *store_oldest(const struct store *t, enum rank rank)
{
	return t->rank[rank].oldest != 0 ? at(t, t->rank[rank].oldest) : NULL;
}
