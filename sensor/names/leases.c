/* leases.c -- see leases.h. */
#include "leases.h"

#include "../base/hash.h"
#include "../base/log.h"

#include <stdlib.h>

enum { SETS = 2048, WAYS = 4 };

struct card {
	uint64_t age;			/* 0: free */
	uint8_t mac[6];
	char name[LEASE_NAME];
};

struct held {				/* an address, and whose it is */
	uint64_t age;
	struct addr addr;
	uint8_t mac[6];
};

struct leases {
	uint64_t age;
	struct card cards[SETS][WAYS];
	struct held held[SETS][WAYS];
};

struct leases *leases_new(void)
{
	struct leases *l = calloc(1, sizeof *l);

	if (l == NULL)
		log_no_memory("names of hosts");
	return l;
}

void leases_free(struct leases *l)
{
	free(l);
}

static size_t set_of(const void *key, size_t n)
{
	return hash_fixed(HASH_START, key, n) % SETS;
}

static struct card *card_of(struct leases *l, const uint8_t mac[static 6])
{
	struct card *set = l->cards[set_of(mac, 6)], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].age != 0 && memcmp(set[i].mac, mac, 6) == 0)
			return &set[i];
		if (set[i].age < oldest->age)
			oldest = &set[i];
	}
	*oldest = (struct card){.age = 0};
	memcpy(oldest->mac, mac, 6);
	return oldest;
}

static struct held *held_of(struct leases *l, const struct addr *a)
{
	struct held *set = l->held[set_of(a->b, sizeof a->b)], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].age != 0 && addr_equal(&set[i].addr, a))
			return &set[i];
		if (set[i].age < oldest->age)
			oldest = &set[i];
	}
	return oldest;
}

void leases_add(struct leases *l, const uint8_t mac[static 6], struct cursor name, const struct addr *a)
{
	struct card *c = card_of(l, mac);
	size_t n = name.left < LEASE_NAME - 1 ? name.left : LEASE_NAME - 1;

	c->age = ++l->age;
	if (n > 0) {
		cur_copy(&name, c->name, n);
		c->name[n] = '\0';
	}
	if (a != NULL) {
		struct held *h = held_of(l, a);

		h->age = l->age;
		h->addr = *a;
		memcpy(h->mac, mac, 6);
	}
}

const char *leases_by_card(const struct leases *l, const uint8_t mac[static 6])
{
	const struct card *set = l->cards[set_of(mac, 6)];

	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].age != 0 && memcmp(set[i].mac, mac, 6) == 0)
			return set[i].name[0] != '\0' ? set[i].name : NULL;
	return NULL;
}

const char *leases_by_address(const struct leases *l, const struct addr *a)
{
	const struct held *set = l->held[set_of(a->b, sizeof a->b)];

	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].age != 0 && addr_equal(&set[i].addr, a))
			return leases_by_card(l, set[i].mac);
	return NULL;
}
