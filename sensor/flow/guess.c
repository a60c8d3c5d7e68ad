/* guess.c -- see guess.h. */
#include "guess.h"

#include "../base/hash.h"
#include "../base/log.h"

#include <stdatomic.h>
#include <stdlib.h>

/* The hash is a fixed one: who takes whose slot shows in the output. */
enum { SLOTS = 1 << 16 };

struct guesses {
	_Atomic uint64_t slot[SLOTS];	/* 0: nobody */
};

struct guesses *guesses_new(void)
{
	struct guesses *g = calloc(1, sizeof *g);

	if (g == NULL)
		log_no_memory("the guesses at who is inside");
	return g;
}

void guesses_free(struct guesses *g)
{
	free(g);
}

static uint64_t mark(const struct addr *a)
{
	return hash_fixed(HASH_START, a->b, sizeof a->b) | 1;
}

static size_t place(uint64_t m)
{
	return (m >> 40) % SLOTS;
}

bool guesses_hold(const struct guesses *g, const struct addr *a)
{
	uint64_t m = mark(a);

	return atomic_load_explicit(&g->slot[place(m)], memory_order_relaxed) == m;
}

void guesses_note(struct guesses *g, const struct addr *a)
{
	uint64_t m = mark(a);

	atomic_store_explicit(&g->slot[place(m)], m, memory_order_relaxed);
}
