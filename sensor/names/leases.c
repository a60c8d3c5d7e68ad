/* leases.c -- see leases.h. */
#include "leases.h"

#include "../base/hash.h"
#include "../base/log.h"

#include <stdlib.h>

enum { SETS = 2048, WAYS = 4 };

struct card {
	uint64_t age;			/* 0: free */
	uint8_t mac[6];
	bool given;			/* the server has spoken of it */
	char name[LEASE_NAME];		/* that the server gave or agreed to */
	char asked[LEASE_NAME];		/* that the client, or who calls itself so, asked for since */
};

struct held {				/* an address, and whose it is */
	uint64_t age;
	struct addr addr;
	uint8_t mac[6];
	bool given;			/* by the server */
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

/* Who makes room first: what only clients said, then the older one. */
static bool goes_before(bool given, uint64_t age, bool other_given, uint64_t other_age)
{
	return given != other_given ? !given : age < other_age;
}

static struct card *card_of(struct leases *l, const uint8_t mac[static 6])
{
	struct card *set = l->cards[set_of(mac, 6)], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].age != 0 && memcmp(set[i].mac, mac, 6) == 0)
			return &set[i];
		if (goes_before(set[i].given, set[i].age, oldest->given, oldest->age))
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
		if (goes_before(set[i].given, set[i].age, oldest->given, oldest->age))
			oldest = &set[i];
	}
	return oldest;
}

static void copy(char to[static LEASE_NAME], struct cursor name)
{
	size_t n = name.left < LEASE_NAME - 1 ? name.left : LEASE_NAME - 1;

	cur_copy(&name, to, n);
	to[n] = '\0';
}

static void add_address(struct leases *l, const uint8_t mac[static 6], const struct addr *a, bool given)
{
	struct held *h = held_of(l, a);
	bool same = h->age != 0 && addr_equal(&h->addr, a);

	if (same && h->given && !given)
		return;			/* the server said whose it is */
	*h = (struct held){.age = l->age, .addr = *a, .given = given};
	memcpy(h->mac, mac, 6);
}

void leases_add(struct leases *l, const uint8_t mac[static 6], struct cursor name, const struct addr *a, bool given)
{
	struct card *c = card_of(l, mac);

	c->age = ++l->age;
	if (name.left > 0)
		copy(given ? c->name : c->asked, name);
	else if (given && c->asked[0] != '\0')
		memcpy(c->name, c->asked, sizeof c->name);
	if (given) {
		c->given = true;
		c->asked[0] = '\0';
	}
	if (a != NULL)
		add_address(l, mac, a, given);
}

const char *leases_by_card(const struct leases *l, const uint8_t mac[static 6])
{
	const struct card *set = l->cards[set_of(mac, 6)];

	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].age != 0 && memcmp(set[i].mac, mac, 6) == 0)
			return set[i].name[0] != '\0' ? set[i].name : set[i].asked[0] != '\0' ? set[i].asked : NULL;
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
