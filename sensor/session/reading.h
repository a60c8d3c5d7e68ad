/* reading.h -- one message of facts, read once: which core facts it has, and their values. Borrows the message. */
#ifndef PW_READING_H
#define PW_READING_H

#include "../facts/facts.h"

enum way { IN, OUT };		/* who sent it: the remote end, the local one */

enum { READING_PEERS = 8 };

struct reading {
	const struct message *m;
	bool concluded;				/* not seen in one packet: a deriver's, or by what a name was told for */
	uint64_t has[(FACT_CORE_N + 63) / 64];
	uint64_t own[FACTS_MAX / 64];		/* the same of all other facts, by their numbers in the registry */
	struct endpoint mapped, other, allocated, peer, target;
	struct endpoint peers[READING_PEERS];	/* turn.peer comes once for each */
	unsigned n_peers;
	struct cursor dialect, username, software, realm, app, ended, mac;
	uint64_t refused, error, unreachable, vlan, interface;
	uint64_t data_packets[2], data_bytes[2];	/* by enum way; totals of the flow so far */
	uint64_t flow_packets[2], flow_bytes[2], flow_last_ns;
};

void reading_of(struct reading *, const struct message *);

static inline bool says(const struct reading *r, unsigned core_fact)
{
	return (r->has[core_fact / 64] >> core_fact % 64 & 1) != 0;
}

/* Any fact, by its number in the registry: so it is cheap to know that a message is of no concern. */
static inline bool says_fact(const struct reading *r, unsigned fact)
{
	return fact < FACT_OWN ? says(r, fact) : fact < FACTS_MAX && (r->own[fact / 64] >> fact % 64 & 1) != 0;
}

/* Any of these, both bounds included. */
static inline bool says_between(const struct reading *r, unsigned least, unsigned most)
{
	for (unsigned word = least / 64; word <= most / 64 && word < FACTS_MAX / 64; word++) {
		uint64_t mask = ~0ULL;

		if (word == least / 64)
			mask &= ~0ULL << least % 64;
		if (word == most / 64)
			mask &= ~0ULL >> (63 - most % 64);
		if ((r->own[word] & mask) != 0)
			return true;
	}
	return false;
}

#endif
