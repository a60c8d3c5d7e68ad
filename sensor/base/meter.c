/* meter.c -- see meter.h. */
#include "meter.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct seen {
	atomic_uint_least64_t frames, last_ns;
	atomic_int_least64_t behind_ns;
};

struct meter {
	char name[METER_NAME];
	atomic_uint_least64_t beats;
	atomic_uint_least64_t n[COUNT_N];
	struct seen interface[METER_INTERFACES];
};

static void put(atomic_uint_least64_t *to, uint64_t value)
{
	atomic_store_explicit(to, value, memory_order_relaxed);
}

static uint64_t get(const atomic_uint_least64_t *from)
{
	return atomic_load_explicit(from, memory_order_relaxed);
}

struct meter *meter_new(const char *name)
{
	struct meter *m = calloc(1, sizeof *m);

	if (m != NULL)
		snprintf(m->name, sizeof m->name, "%s", name);
	return m;
}

void meter_free(struct meter *m)
{
	free(m);
}

const char *meter_name(const struct meter *m)
{
	return m->name;
}

void meter_beat(struct meter *m)
{
	put(&m->beats, get(&m->beats) + 1);
}

void meter_rows(struct meter *m, const struct counts *counts, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		put(&m->n[i], counts->n[i]);
}

void meter_counts(struct meter *m, const struct counts *counts)
{
	meter_rows(m, counts, 0, COUNT_N);
}

void meter_interface(struct meter *m, unsigned interface, const struct meter_interface *i)
{
	if (interface >= METER_INTERFACES)
		return;
	put(&m->interface[interface].frames, i->frames);
	put(&m->interface[interface].last_ns, i->last_ns);
	atomic_store_explicit(&m->interface[interface].behind_ns, i->behind_ns, memory_order_relaxed);
}

uint64_t meter_beats(const struct meter *m)
{
	return get(&m->beats);
}

void meter_add_counts(const struct meter *m, struct counts *sum)
{
	for (unsigned i = 0; i < COUNT_N; i++)
		sum->n[i] += get(&m->n[i]);
}

void meter_add_interface(const struct meter *m, unsigned interface, struct meter_interface *sum)
{
	uint64_t last_ns;

	if (interface >= METER_INTERFACES)
		return;
	sum->frames += get(&m->interface[interface].frames);
	last_ns = get(&m->interface[interface].last_ns);
	if (last_ns < sum->last_ns || last_ns == 0)
		return;
	sum->last_ns = last_ns;
	sum->behind_ns = atomic_load_explicit(&m->interface[interface].behind_ns, memory_order_relaxed);
}
