/* edition.c -- see edition.h. */
#include "edition.h"

#include <stdatomic.h>
#include <stdlib.h>

struct seat {
	const struct editions *of;
	atomic_uint taken;		/* number of the edition that its thread works by */
};

struct editions {
	_Atomic(struct edition *) newest;
	unsigned n, n_seats;
	struct seat seats[SEATS_MAX];
};

struct editions *editions_new(const struct edition *first)
{
	struct editions *e = calloc(1, sizeof *e);
	struct edition *copy = malloc(sizeof *copy);

	if (e == NULL || copy == NULL) {
		free(e);
		free(copy);
		return NULL;
	}
	*copy = *first;
	copy->number = 1;
	copy->older = NULL;
	e->n = 1;
	atomic_store(&e->newest, copy);
	return e;
}

/* This one and all older ones. */
static void discard(struct editions *e, struct edition *x)
{
	while (x != NULL) {
		struct edition *older = x->older;

		if (x->free != NULL)
			x->free(x);
		free(x);
		e->n--;
		x = older;
	}
}

void editions_free(struct editions *e)
{
	if (e == NULL)
		return;
	discard(e, atomic_load(&e->newest));
	free(e);
}

struct seat *editions_seat(struct editions *e)
{
	struct seat *s;

	if (e->n_seats == SEATS_MAX)
		return NULL;
	s = &e->seats[e->n_seats++];
	s->of = e;
	atomic_store(&s->taken, atomic_load(&e->newest)->number);
	return s;
}

bool editions_publish(struct editions *e, struct edition *x)
{
	struct edition *old = atomic_load(&e->newest);

	editions_sweep(e);
	if (e->n > EDITIONS_WAITING)
		return false;
	x->number = old->number + 1;
	x->older = old;
	e->n++;
	atomic_store_explicit(&e->newest, x, memory_order_release);
	return true;
}

void editions_sweep(struct editions *e)
{
	struct edition *x = atomic_load(&e->newest);
	unsigned least = x->number;

	for (unsigned i = 0; i < e->n_seats; i++) {
		unsigned taken = atomic_load_explicit(&e->seats[i].taken, memory_order_acquire);

		if (taken < least)
			least = taken;
	}
	while (x->number > least)
		x = x->older;
	discard(e, x->older);
	x->older = NULL;
}

const struct edition *editions_newest(const struct editions *e)
{
	return atomic_load_explicit(&e->newest, memory_order_relaxed);
}

unsigned editions_n(const struct editions *e)
{
	return e->n;
}

const struct edition *edition_offered(const struct seat *s)
{
	const struct edition *x = atomic_load_explicit(&s->of->newest, memory_order_acquire);

	return x->number != atomic_load_explicit(&s->taken, memory_order_relaxed) ? x : NULL;
}

void edition_taken(struct seat *s, const struct edition *x)
{
	atomic_store_explicit(&s->taken, x->number, memory_order_release);
}
