/* table.c -- see table.h.
 *
 * Slots of (hash, number) with linear probing over a pool of flows; at most half of them are taken. Removal shifts
 * back what follows, so there are no tombstones and a full table is as quick as a fresh one.
 */
#include "table.h"

#include "../base/hash.h"
#include "../base/log.h"
#include "pool.h"

#include <stdlib.h>
#include <sys/mman.h>

#define JUMP_NS (60 * 1000000000ULL)

enum { VICTIM_LOOKS = 16 };

struct slot {
	uint32_t hash;
	uint32_t flow;		/* 0: free */
};

struct age_list {
	uint32_t oldest, newest;
	uint32_t idle;		/* ticks */
};

struct table {
	struct hash_key key;
	struct slot *slots;
	size_t mask;
	struct pool flows, extras;
	struct age_list lists[FLOW_CLASSES];
	struct counts *counts;
	uint64_t stamp_ns;	/* the last stamp that time moved to */
	uint64_t clock_ns;	/* packet time without its jumps */
	uint32_t clock;		/* the same in ticks */
	uint32_t due;		/* nothing can be due before */
	uint64_t *order;	/* of each flow; NULL: nobody asks */
	size_t order_bytes;
	uint64_t turn;
	bool started;
};

static uint32_t ticks(uint32_t seconds)
{
	return (uint32_t)((uint64_t)seconds * 1000000000ULL >> FLOW_TICK_SHIFT);
}

struct table *table_new(const struct flow_settings *s, struct counts *counts)
{
	struct table *t = calloc(1, sizeof *t);
	size_t n = 16;
	void *map;

	if (t == NULL)
		log_no_memory("the flow table");
	while (n < 2 * (size_t)s->flows)
		n *= 2;
	map = mmap(NULL, n * sizeof *t->slots, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		log_no_memory("the flow table");
	madvise(map, n * sizeof *t->slots, MADV_HUGEPAGE);
	t->slots = map;
	t->mask = n - 1;
	hash_key_draw(&t->key);
	pool_init(&t->flows, sizeof(struct flow), s->flows);
	pool_huge(&t->flows);
	pool_init(&t->extras, sizeof(struct flow_extra), s->flows);
	t->counts = counts;
	t->lists[FLOW_UDP_NEW].idle = ticks(s->udp_new_idle_s);
	t->lists[FLOW_UDP].idle = ticks(s->udp_idle_s);
	t->lists[FLOW_TCP_NEW].idle = ticks(s->tcp_new_idle_s);
	t->lists[FLOW_TCP].idle = ticks(s->tcp_idle_s);
	t->lists[FLOW_CLOSED].idle = ticks(s->tcp_closed_s);
	return t;
}

void table_free(struct table *t)
{
	if (t == NULL)
		return;
	munmap(t->slots, (t->mask + 1) * sizeof *t->slots);
	if (t->order != NULL)
		munmap(t->order, t->order_bytes);
	pool_clear(&t->flows);
	pool_clear(&t->extras);
	free(t);
}

void table_keep_order(struct table *t)
{
	void *map;

	t->order_bytes = ((size_t)t->flows.most + 1) * sizeof *t->order;
	map = mmap(NULL, t->order_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		log_no_memory("the flow table");
	t->order = map;
}

void table_turn(struct table *t, uint64_t turn)
{
	t->turn = turn;
}

uint64_t table_order(const struct table *t, const struct flow *f)
{
	return t->order[table_number(t, f)];
}

/* --- keys --- */

static uint64_t word(const uint8_t *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof w);
	return w;
}

/* Is a lower than b, bytes in network order, then the port? */
static bool lower(const struct endpoint *a, const struct endpoint *b)
{
	uint64_t x = word(a->addr.b), y = word(b->addr.b);

	if (x == y) {
		x = word(a->addr.b + 8);
		y = word(b->addr.b + 8);
		if (x == y)
			return a->port <= b->port;
	}
	return __builtin_bswap64(x) < __builtin_bswap64(y);
}

static uint32_t key_hash(const struct table *t, const struct addr addr[2], const uint16_t port[2], uint32_t ip_proto)
{
	const uint64_t *k = t->key.k;
	uint64_t rest = (uint64_t)port[0] << 32 | (uint64_t)port[1] << 16 | ip_proto, h;

	/* As hash_keyed(), with its two addresses folded side by side: half the wait. */
	h = hash_fold(word(addr[0].b) ^ k[0], word(addr[0].b + 8) ^ k[1]) +
	    hash_fold(word(addr[1].b) ^ k[1], word(addr[1].b + 8) ^ k[2]);
	h = hash_fold(h ^ rest, k[0]);
	return (uint32_t)(h >> 32 ^ h);
}

void table_key(const struct table *t, const struct packet *p, struct flow_key *key)
{
	const struct endpoint *low = &p->src, *high = &p->dst;

	key->from = !lower(low, high);
	if (key->from != 0) {
		low = &p->dst;
		high = &p->src;
	}
	key->addr[0] = low->addr;
	key->addr[1] = high->addr;
	key->port[0] = low->port;
	key->port[1] = high->port;
	key->ip_proto = p->ip_proto;
	key->hash = key_hash(t, key->addr, key->port, key->ip_proto);
}

static bool same(const struct flow *f, const struct flow_key *key)
{
	return memcmp(f->addr, key->addr, sizeof f->addr) == 0 && memcmp(f->port, key->port, sizeof f->port) == 0 &&
	    f->ip_proto == key->ip_proto;
}

struct flow *table_find(const struct table *t, const struct flow_key *key)
{
	for (size_t i = key->hash & t->mask; t->slots[i].flow != 0; i = (i + 1) & t->mask)
		if (t->slots[i].hash == key->hash) {
			struct flow *f = pool_at(&t->flows, t->slots[i].flow);

			if (same(f, key))
				return f;
		}
	return NULL;
}

void table_fetch_slot(const struct table *t, const struct flow_key *key)
{
	__builtin_prefetch(&t->slots[key->hash & t->mask]);
}

const struct flow *table_fetch_flow(const struct table *t, const struct flow_key *key)
{
	for (size_t i = key->hash & t->mask; t->slots[i].flow != 0; i = (i + 1) & t->mask)
		if (t->slots[i].hash == key->hash) {
			const struct flow *f = pool_at(&t->flows, t->slots[i].flow);

			__builtin_prefetch(f);
			__builtin_prefetch(&f->last_ns);
			return f;
		}
	return NULL;
}

void table_fetch_extra(const struct table *t, const struct flow *f)
{
	if (f->extra != 0)
		__builtin_prefetch(pool_at(&t->extras, f->extra));
}

uint64_t flow_id(const struct flow *f)
{
	uint64_t h = HASH_START;

	/* Byte by byte in network order, so that every machine makes the same of it. */
	for (unsigned end = 0; end < 2; end++) {
		uint8_t port[2] = {(uint8_t)(f->port[end] >> 8), (uint8_t)f->port[end]};

		h = hash_fixed(h, f->addr[end].b, sizeof f->addr[end].b);
		h = hash_fixed(h, port, sizeof port);
	}
	h = hash_fixed(h, &f->ip_proto, 1);
	for (unsigned shift = 0; shift < 64; shift += 8) {
		uint8_t b = (uint8_t)(f->start_ns >> shift);

		h = hash_fixed(h, &b, 1);
	}
	h = (h ^ h >> 51) & ((1ULL << 51) - 1);
	return h != 0 ? h : 1;
}

/* --- lists by age --- */

/* Lists are sorted by the second of the last packet, so that is what counts: a flow's time is up by itself, whoever stands
 * before it. */
static uint32_t seen_until(const struct flow *f)
{
	return f->seen | ((1U << FLOW_SECOND_SHIFT) - 1);
}

static void list_append(struct table *t, struct flow *f, uint32_t number)
{
	struct age_list *l = &t->lists[f->class];
	uint32_t due;

	f->newer = 0;
	f->older = l->newest;
	if (l->newest != 0) {
		((struct flow *)pool_at(&t->flows, l->newest))->newer = number;
	} else {
		/* The only list head that comes earlier than what was looked at last. */
		l->oldest = number;
		due = seen_until(f) + l->idle;
		if ((int32_t)(due - t->due) < 0)
			t->due = due;
	}
	l->newest = number;
	if (t->order != NULL)
		t->order[number] = t->turn;
}

static void list_unlink(struct table *t, struct flow *f)
{
	struct age_list *l = &t->lists[f->class];

	if (f->newer != 0)
		((struct flow *)pool_at(&t->flows, f->newer))->older = f->older;
	else
		l->newest = f->older;
	if (f->older != 0)
		((struct flow *)pool_at(&t->flows, f->older))->newer = f->newer;
	else
		l->oldest = f->newer;
}

bool table_touch(struct table *t, struct flow *f, uint64_t ts_ns)
{
	bool first = (f->seen ^ t->clock) >> FLOW_SECOND_SHIFT != 0;

	f->last_ns = ts_ns;
	f->seen = t->clock;
	if (first && f->newer != 0) {
		list_unlink(t, f);
		list_append(t, f, table_number(t, f));
	} else if (first && t->order != NULL) {
		t->order[table_number(t, f)] = t->turn;	/* last in this list, but not in all of them */
	}
	return first;
}

void table_class(struct table *t, struct flow *f, enum flow_class class)
{
	list_unlink(t, f);
	f->class = (uint8_t)class;
	list_append(t, f, table_number(t, f));
}

/* --- coming and going --- */

struct flow *table_add(struct table *t, const struct flow_key *key, uint64_t ts_ns)
{
	uint32_t number = pool_get(&t->flows);
	struct flow *f;
	size_t i;

	if (number == 0)
		return NULL;
	for (i = key->hash & t->mask; t->slots[i].flow != 0; i = (i + 1) & t->mask)
		;
	t->slots[i] = (struct slot){key->hash, number};
	f = pool_at(&t->flows, number);
	*f = (struct flow){
		.addr = {key->addr[0], key->addr[1]}, .port = {key->port[0], key->port[1]},
		.ip_proto = (uint8_t)key->ip_proto,
		.class = key->ip_proto == 6 ? FLOW_TCP_NEW : FLOW_UDP_NEW,
		.bits = key->from != 0 ? FLOW_FIRST : 0,
		.seen = t->clock, .start_ns = ts_ns, .last_ns = ts_ns,
	};
	list_append(t, f, number);
	count(t->counts, COUNT_FLOWS);
	return f;
}

void table_remove(struct table *t, struct flow *f)
{
	uint32_t number = table_number(t, f);
	size_t gap = key_hash(t, f->addr, f->port, f->ip_proto) & t->mask;

	while (t->slots[gap].flow != number)
		gap = (gap + 1) & t->mask;
	/* Move back whatever may stand in the gap: what does not start behind it. */
	for (size_t i = (gap + 1) & t->mask; t->slots[i].flow != 0; i = (i + 1) & t->mask)
		if (((i - t->slots[i].hash) & t->mask) >= ((i - gap) & t->mask)) {
			t->slots[gap] = t->slots[i];
			gap = i;
		}
	t->slots[gap] = (struct slot){0, 0};
	table_extra_free(t, f);
	list_unlink(t, f);
	pool_put(&t->flows, number);
}

struct flow_extra *table_extra(struct table *t, struct flow *f)
{
	struct flow_extra *e;

	if (f->extra != 0)
		return pool_at(&t->extras, f->extra);
	f->extra = pool_get(&t->extras);	/* as many as there are flows: never 0 */
	e = pool_at(&t->extras, f->extra);
	*e = (struct flow_extra){0};
	return e;
}

struct flow_extra *table_extra_of(const struct table *t, const struct flow *f)
{
	return pool_at(&t->extras, f->extra);
}

void table_extra_free(struct table *t, struct flow *f)
{
	if (f->extra != 0)
		pool_put(&t->extras, f->extra);
	f->extra = 0;
}

/* --- time --- */

void table_time(struct table *t, uint64_t ts_ns)
{
	if (!t->started) {
		t->started = true;
		t->stamp_ns = ts_ns;
	} else if (ts_ns > t->stamp_ns + JUMP_NS || ts_ns + JUMP_NS < t->stamp_ns) {
		count(t->counts, COUNT_CLOCK_JUMP);
		t->stamp_ns = ts_ns;
	} else if (ts_ns > t->stamp_ns) {
		t->clock_ns += ts_ns - t->stamp_ns;
		t->clock = (uint32_t)(t->clock_ns >> FLOW_TICK_SHIFT);
		t->stamp_ns = ts_ns;
	}
}

/* f is about to go, and its neighbour soon after: have fetched what that will need. It was not used for long. */
static void fetch_next(const struct table *t, const struct flow *f)
{
	const struct flow *next;

	if (f->newer == 0)
		return;
	next = pool_at(&t->flows, f->newer);
	__builtin_prefetch(&t->slots[key_hash(t, next->addr, next->port, next->ip_proto) & t->mask]);
	if (next->newer != 0)
		__builtin_prefetch(pool_at(&t->flows, next->newer));
}

struct flow *table_due(struct table *t)
{
	uint32_t due;

	if ((int32_t)(t->clock - t->due) < 0)
		return NULL;
	due = t->clock + (1U << 30);
	for (unsigned i = 0; i < FLOW_CLASSES; i++) {
		struct age_list *l = &t->lists[i];
		struct flow *f;

		if (l->oldest == 0)
			continue;
		f = pool_at(&t->flows, l->oldest);
		if ((int32_t)(t->clock - seen_until(f)) >= (int32_t)l->idle) {
			fetch_next(t, f);
			return f;
		}
		if ((int32_t)(seen_until(f) + l->idle - due) < 0)
			due = seen_until(f) + l->idle;
	}
	t->due = due;
	return NULL;
}

/* Lists are sorted by the second of the last packet only; within it, bring forward who has really been idle longest. */
static struct flow *oldest_of(struct table *t, struct age_list *l)
{
	struct flow *f;

	if (l->oldest == 0)
		return NULL;
	f = pool_at(&t->flows, l->oldest);
	for (unsigned looks = 0; f->newer != 0 && looks < VICTIM_LOOKS; looks++) {
		struct flow *next = pool_at(&t->flows, f->newer);

		if ((int32_t)(f->seen - next->seen) <= 0)
			break;
		list_unlink(t, f);
		list_append(t, f, table_number(t, f));
		f = next;
	}
	return f;
}

struct flow *table_victim(struct table *t)
{
	struct flow *victim = NULL;
	uint64_t age = 0, idle = 1;

	for (unsigned i = 0; i < FLOW_CLASSES; i++) {
		struct age_list *l = &t->lists[i];
		struct flow *f = oldest_of(t, l);
		uint64_t a = f != NULL ? t->clock - f->seen : 0;

		/* a / l->idle > age / idle */
		if (f != NULL && (victim == NULL || a * idle > age * l->idle)) {
			victim = f;
			age = a;
			idle = l->idle;
		}
	}
	if (victim != NULL)
		fetch_next(t, victim);
	return victim;
}

struct flow *table_any(struct table *t)
{
	for (unsigned i = 0; i < FLOW_CLASSES; i++)
		if (t->lists[i].oldest != 0)
			return pool_at(&t->flows, t->lists[i].oldest);
	return NULL;
}

uint32_t table_number(const struct table *t, const struct flow *f)
{
	return (uint32_t)((size_t)((const uint8_t *)f - t->flows.base) / sizeof *f);
}

struct flow *table_flow(const struct table *t, uint32_t number)
{
	return pool_at(&t->flows, number);
}

uint32_t table_clock(const struct table *t)
{
	return t->clock;
}

uint32_t table_flows(const struct table *t)
{
	return t->flows.in_use;
}
