/* holds.c -- see holds.h. Every dissector has a pool of its own size; a hold's number has the dissector's in its top byte. */
#include "holds.h"

#include "../base/log.h"
#include "../flow/pool.h"

#include <netinet/in.h>
#include <stdlib.h>

enum { NUMBER_BITS = 24 };

struct holds {
	struct table *table;
	struct counts *counts;
	uint32_t most, in_use;
	struct { uint32_t oldest, newest; } ages[2];	/* flows with holds, by age: numbers of flows; the second is of those where
							 * something is proved */
	unsigned n;
	size_t size[DISSECTORS_MAX];
	struct pool pool[DISSECTORS_MAX];
};

struct holds *holds_new(const struct dissector *const *list, unsigned n, uint32_t most, struct table *t,
    struct counts *counts)
{
	struct holds *h = calloc(1, sizeof *h);

	if (h == NULL)
		log_no_memory("dissectors' states");
	if (n > DISSECTORS_MAX)
		abort();	/* a mistake of ours */
	h->table = t;
	h->counts = counts;
	h->most = most < (1U << NUMBER_BITS) - 1 ? most : (1U << NUMBER_BITS) - 1;
	if (h->most == 0)
		h->most = 1;
	h->n = n;
	for (unsigned i = 0; i < n; i++) {
		h->size[i] = list[i]->state_size;
		pool_init(&h->pool[i], sizeof(struct hold) + list[i]->state_size, h->most);
	}
	return h;
}

void holds_free(struct holds *h)
{
	if (h == NULL)
		return;
	for (unsigned i = 0; i < h->n; i++)
		pool_clear(&h->pool[i]);
	free(h);
}

static struct hold *hold_at(const struct holds *h, uint32_t number)
{
	return number != 0 ? pool_at(&h->pool[number >> NUMBER_BITS], number & ((1U << NUMBER_BITS) - 1)) : NULL;
}

void holds_fetch(const struct holds *h, const struct flow_extra *e)
{
	const struct hold *hold = hold_at(h, e->holds);

	if (hold == NULL)
		return;
	__builtin_prefetch(hold);
	__builtin_prefetch((const char *)hold + 64);
}

/* --- flows with holds, by age --- */

static struct flow_extra *extra_of(struct holds *h, uint32_t flow)
{
	return table_extra(h->table, table_flow(h->table, flow));
}

static void append(struct holds *h, struct flow *f, struct flow_extra *e)
{
	uint32_t number = table_number(h->table, f);

	e->holds_seen = table_clock(h->table);
	e->newer = 0;
	e->older = h->ages[e->holds_proved].newest;
	if (e->older != 0)
		extra_of(h, e->older)->newer = number;
	else
		h->ages[e->holds_proved].oldest = number;
	h->ages[e->holds_proved].newest = number;
}

static void unlink_flow(struct holds *h, struct flow_extra *e)
{
	if (e->newer != 0)
		extra_of(h, e->newer)->older = e->older;
	else
		h->ages[e->holds_proved].newest = e->older;
	if (e->older != 0)
		extra_of(h, e->older)->newer = e->newer;
	else
		h->ages[e->holds_proved].oldest = e->newer;
}

void holds_touch(struct holds *h, struct flow *f)
{
	struct flow_extra *e = table_extra(h->table, f);

	if (e->holds == 0 || (e->holds_seen ^ table_clock(h->table)) >> FLOW_SECOND_SHIFT == 0)
		return;
	unlink_flow(h, e);
	append(h, f, e);
}

void holds_prove(struct holds *h, struct flow *f)
{
	struct flow_extra *e = table_extra(h->table, f);

	if (e->holds == 0 || e->holds_proved)
		return;
	unlink_flow(h, e);
	e->holds_proved = true;
	append(h, f, e);
}

/* --- holds --- */

/* Who was asked last is the first in the chain: it will be asked again. */
struct hold *hold_find(struct holds *h, const struct flow *f, unsigned dissector, unsigned depth)
{
	struct flow_extra *e;
	struct hold *hold, *before = NULL;
	uint32_t number;

	if (!flow_has_extra(f))
		return NULL;
	e = table_extra_of(h->table, f);
	if ((e->held[depth] >> dissector & 1) == 0)
		return NULL;
	number = e->holds;
	for (hold = hold_at(h, number); hold->dissector != dissector || hold->depth != depth; hold = hold_at(h, number)) {
		before = hold;
		number = hold->next;
	}
	if (before != NULL) {
		before->next = hold->next;
		hold->next = e->holds;
		e->holds = number;
	}
	return hold;
}

struct hold *hold_next(struct holds *h, const struct flow *f, const struct hold *hold)
{
	if (hold != NULL)
		return hold_at(h, hold->next);
	if (!flow_has_extra(f))
		return NULL;
	return hold_at(h, table_extra_of(h->table, f)->holds);
}

/* Bytes of the state up to the last that is not zero, roughly. Room for what may come stands at the end of large ones: memory that
 * nobody needs is not touched. */
static size_t bytes_used(const uint8_t *state, size_t n)
{
	enum { PIECE = 64 };
	static const uint8_t zeros[PIECE];

	while (n >= PIECE && memcmp(state + n - PIECE, zeros, PIECE) == 0)
		n -= PIECE;
	return n;
}

struct hold *hold_add(struct holds *h, struct flow *f, unsigned dissector, unsigned depth, const void *state)
{
	struct flow_extra *e = table_extra(h->table, f);
	struct hold *hold;
	uint32_t number;
	size_t used;
	bool fresh;

	if (h->in_use >= h->most) {
		count(h->counts, COUNT_STATE_NO_ROOM);
		holds_drop_all(h, table_flow(h->table, h->ages[h->ages[0].oldest == 0].oldest));
	}
	fresh = h->pool[dissector].returned == 0;	/* never used, so it is all zeros */
	number = pool_get(&h->pool[dissector]);
	h->in_use++;
	if (e->holds == 0)
		append(h, f, e);
	hold = pool_at(&h->pool[dissector], number);
	*hold = (struct hold){.next = e->holds, .dissector = (uint8_t)dissector, .depth = (uint8_t)depth};
	used = bytes_used(state, h->size[dissector]);
	memcpy(hold->state, state, used);
	if (!fresh)
		memset(hold->state + used, 0, h->size[dissector] - used);
	e->holds = (uint32_t)dissector << NUMBER_BITS | number;
	e->held[depth] |= 1ULL << dissector;
	if (f->ip_proto == IPPROTO_UDP)
		f->more &= (uint8_t)~(FLOW_QUIET * 0xf);	/* it may want to see all */
	return hold;
}

static uint32_t put_back(struct holds *h, uint32_t number)
{
	uint32_t next = hold_at(h, number)->next;

	pool_put(&h->pool[number >> NUMBER_BITS], number & ((1U << NUMBER_BITS) - 1));
	h->in_use--;
	return next;
}

void hold_drop(struct holds *h, struct flow *f, unsigned dissector, unsigned depth)
{
	struct flow_extra *e = table_extra(h->table, f);
	uint32_t *link = &e->holds;

	while (*link != 0) {
		struct hold *hold = hold_at(h, *link);

		if (hold->dissector == dissector && hold->depth == depth) {
			*link = put_back(h, *link);
			e->held[depth] &= ~(1ULL << dissector);
			if (e->holds == 0) {
				unlink_flow(h, e);
				e->holds_proved = false;
			}
			return;
		}
		link = &hold->next;
	}
}

void holds_drop_all(struct holds *h, struct flow *f)
{
	struct flow_extra *e;

	if (!flow_has_extra(f))
		return;
	e = table_extra(h->table, f);
	if (e->holds == 0)
		return;
	while (e->holds != 0)
		e->holds = put_back(h, e->holds);
	e->held[0] = e->held[1] = 0;
	unlink_flow(h, e);
	e->holds_proved = false;
}
