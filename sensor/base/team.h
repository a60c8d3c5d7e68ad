/* team.h -- what a worker knows of the others: whose a packet is, and how to wait for them. Nobody needs it who works alone.
 *
 * A packet belongs to the worker that the addresses of its two ends name, whichever way it goes. Where these stand plainly in
 * a frame, only that worker gets the frame; others (fragments, tunnels, ICMP errors) all workers get, decode, and keep what
 * is theirs. So each knows all that the packets of its own pairs need.
 */
#ifndef PW_TEAM_H
#define PW_TEAM_H

#include "addr.h"
#include "hash.h"

#include <stdbool.h>

struct guesses;

struct team {
	unsigned me, n;
	struct hash_key key;
	struct guesses *guesses;	/* who was taken for inside, by anybody */
	/* Until every other worker is past this frame's `nth` packet, or waits there itself. */
	void (*await)(void *ctx, uint64_t frame, unsigned nth);
	void *ctx;
};

/* What time it was for those who drop duplicates, by the stamps of all frames up to one: stamps that swap places change nothing,
 * and a clock that is set back by more begins another epoch. */
struct team_clock {
	uint64_t now_ns;
	uint32_t epoch;
};

static inline void team_clock_follow(struct team_clock *c, uint64_t ts_ns, uint64_t window_ns)
{
	if (ts_ns < c->now_ns && c->now_ns - ts_ns <= window_ns)
		return;
	c->epoch += ts_ns < c->now_ns;
	c->now_ns = ts_ns;
}

static inline uint64_t team_word(const struct addr *a, unsigned i)
{
	uint64_t w;

	memcpy(&w, a->b + 8 * i, sizeof w);
	return w;
}

static inline unsigned team_owner(const struct team *t, const struct addr *a, const struct addr *b)
{
	uint64_t k = t->key.k[0], l = t->key.k[1];
	uint64_t h = hash_fold(team_word(a, 0) ^ k, team_word(a, 1) ^ l) + hash_fold(team_word(b, 0) ^ k, team_word(b, 1) ^ l);

	return (unsigned)((hash_fold(h, t->key.k[2]) >> 32) * t->n >> 32);
}

#endif
