/* macs.c -- see macs.h.
 *
 * A set-associative table: a MAC belongs to one set of four, so a look-up reads a few lines and a stranger who makes up
 * addresses pushes out made-up ones. The hash is a fixed one: which entry is pushed out shows in the output, and nothing
 * here takes longer than four steps whatever is sent.
 */
#include "macs.h"

#include "hash.h"
#include "log.h"

#include <stdlib.h>

enum { SETS = 1024, WAYS = 4 };

struct mac {
	uint8_t mac[6];
	bool router;
	uint8_t n[2];		/* inside addresses of IPv4, of IPv6 */
	uint64_t age;		/* when it was last seen at a flow's start; 0: free */
	uint32_t addr[2][MAC_ADDRESSES];	/* hashes of these: equal by chance once in 2^32 */
};

struct macs {
	uint64_t age;
	struct mac sets[SETS][WAYS];
};

struct macs *macs_new(void)
{
	struct macs *m = calloc(1, sizeof *m);

	if (m == NULL)
		log_no_memory("Ethernet addresses");
	return m;
}

void macs_free(struct macs *m)
{
	free(m);
}

static size_t set_of(const uint8_t mac[static 6])
{
	return hash_fixed(HASH_START, mac, 6) % SETS;
}

static struct mac *find(struct macs *m, const uint8_t mac[static 6])
{
	struct mac *set = m->sets[set_of(mac)], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].age != 0 && memcmp(set[i].mac, mac, 6) == 0) {
			set[i].age = ++m->age;
			return &set[i];
		}
		if (set[i].age < oldest->age)
			oldest = &set[i];
	}
	*oldest = (struct mac){.age = ++m->age};
	memcpy(oldest->mac, mac, 6);
	return oldest;
}

/* Of a host that has no address yet (DHCP), or one for its own link only: never a router's doing. */
static bool is_of_the_link(const struct addr *a)
{
	static const uint8_t link4[] = {169, 254};

	return addr_is_unspecified(a) || (addr_is_v4(a) && memcmp(a->b + 12, link4, sizeof link4) == 0) ||
	    (a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80);
}

bool macs_learn(struct macs *m, const uint8_t mac[static 6], const struct addr *a, bool inside)
{
	struct mac *e;
	uint32_t hash;
	unsigned family, i;

	if ((mac[0] & 1) != 0 || is_of_the_link(a))
		return false;
	e = find(m, mac);
	if (e->router)
		return false;
	if (!inside) {
		e->router = true;
		return true;
	}
	hash = (uint32_t)hash_fixed(HASH_START, a->b, sizeof a->b);
	family = !addr_is_v4(a);
	for (i = 0; i < e->n[family]; i++)
		if (e->addr[family][i] == hash)
			return false;
	if (i < MAC_ADDRESSES)
		e->addr[family][e->n[family]++] = hash;
	else
		e->router = true;
	return true;
}

bool macs_host(const struct macs *m, const uint8_t mac[static 6])
{
	const struct mac *set = m->sets[set_of(mac)];

	if ((mac[0] & 1) != 0 || (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]) == 0)
		return false;
	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].age != 0 && memcmp(set[i].mac, mac, 6) == 0)
			return !set[i].router;
	return true;	/* not seen at a flow's start: nothing speaks against it */
}
