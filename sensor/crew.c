/* crew.c -- see crew.h: the workers' threads, and the reader's side. */
#include "crew_parts.h"

#include "base/log.h"
#include "confine.h"
#include "decode/share.h"
#include "flow/guess.h"

#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOTS_BYTES = 1 << 22, SAID_BYTES = 1 << 21,	/* rings */
	LOT_ITEMS = 256, LOT_BYTES = 1 << 16,
	FRAME_MOST = 1 << 19,		/* of one frame: more than any packet has */
	ROUND = 512,			/* frames, then all lots go */
	GROUP = 32,			/* frames that a worker takes at once */
	SHOW_EVERY = 4,			/* lots */
	ROOM_MS = 1,			/* a ring was full: look again */
	SPINS = 200, NAP_US = 20,	/* others are behind: look again */
};


/* --- a worker's thread --- */

static void *said_room(struct member *m, size_t n)
{
	void *room;

	while ((room = ring_room(m->said, n)) == NULL)
		poll(NULL, 0, ROOM_MS);
	return room;
}

static void say(struct member *m, const struct saying *s)
{
	memcpy(said_room(m, sizeof *s), s, sizeof *s);
	ring_put(m->said, sizeof *s);
}

static void take_facts(void *ctx, const struct facts *f)
{
	struct member *m = ctx;
	struct saying s = {.place = f->place, .kind = SAYING_FACTS, .used = (uint32_t)f->used};
	uint8_t *to = said_room(m, sizeof s + f->used);

	memcpy(to, &s, sizeof s);
	memcpy(to + sizeof s, f->bytes, f->used);
	ring_put(m->said, sizeof s + f->used);
}

static void stands_at(struct member *m, uint64_t frame, unsigned nth)
{
	atomic_store_explicit(&m->at, frame << 2 | nth, memory_order_release);
}

/* The one who is furthest behind never waits, so all come on. Meanwhile nobody waits for what we might still say. */
static void await_others(void *ctx, uint64_t frame, unsigned nth)
{
	struct member *m = ctx;
	struct crew *c = m->crew;

	say(m, &(struct saying){.place = {frame, TURN_PACKETS | nth}, .kind = SAYING_MARK});
	stands_at(m, frame, nth);
	for (unsigned i = 0; i < c->n; i++) {
		unsigned looks = 0;

		if (&c->member[i] == m)
			continue;
		while (atomic_load_explicit(&c->member[i].at, memory_order_acquire) <= (frame << 2 | nth)) {
			if (++looks < SPINS)
				sched_yield();
			else
				nanosleep(&(struct timespec){.tv_nsec = NAP_US * 1000}, NULL);
		}
	}
}

static struct frame frame_of(const struct lot *lot, const struct item *i)
{
	const uint8_t *bytes = (const uint8_t *)(lot->item + LOT_ITEMS) + i->at;

	__builtin_prefetch(bytes);	/* another core has written it */
	__builtin_prefetch(bytes + 64);
	return (struct frame){.ts_ns = i->ts_ns, .number = i->number, .bytes = bytes, .captured = i->captured,
	    .length = i->length, .link_type = i->link_type, .interface = i->interface};
}

struct group {
	struct frame frames[GROUP];
	struct team_clock clocks[GROUP];
	unsigned n;
};

static void take_group(struct member *m, struct group *g)
{
	if (g->n == 0)
		return;
	stands_at(m, g->frames[0].number, 0);
	worker_take(m->worker, g->frames, g->clocks, g->n);
	g->n = 0;
}

/* What is not for this worker alone. False: the input is over. */
static bool take_item(struct member *m, const struct lot *lot, const struct item *i)
{
	struct frame f;

	switch (i->kind) {
	case ITEM_COMMON:
		stands_at(m, i->number, 0);
		f = frame_of(lot, i);
		worker_common(m->worker, &f, &i->clock);
		return true;
	case ITEM_TICK:
		worker_time(m->worker, i->ts_ns, i->number);
		return true;
	case ITEM_ADVANCE:
		worker_advance(m->worker, i->ts_ns);
		say(m, &(struct saying){.place = {i->number, TURN_TIME | ++m->times << 1}, .now_ns = i->ts_ns, .kind = SAYING_TIME});
		return true;
	default:
		if (i->number > 0)
			worker_time(m->worker, i->ts_ns, i->number);
		worker_finish(m->worker);
		return false;
	}
}

static bool take_lot(struct member *m, const struct lot *lot)
{
	struct group group = {.n = 0};

	for (uint32_t i = 0; i < lot->items; i++) {
		const struct item *item = &lot->item[i];

		if (item->kind == ITEM_FRAME) {
			group.frames[group.n] = frame_of(lot, item);
			group.clocks[group.n++] = item->clock;
			if (group.n == GROUP)
				take_group(m, &group);
			continue;
		}
		take_group(m, &group);
		if (!take_item(m, lot, item))
			return false;
	}
	take_group(m, &group);
	say(m, &(struct saying){.place = {lot->upto, TURN_TIME | m->times << 1 | 1}, .kind = SAYING_MARK});
	stands_at(m, lot->upto + 1, 0);
	return true;
}

/* Between two lots: is there something newer to work by? And show how far we are. */
static void look_up(struct member *m)
{
	const struct edition *e = m->seat != NULL ? edition_offered(m->seat) : NULL;

	if (e != NULL) {
		worker_use(m->worker, e->signatures);
		edition_taken(m->seat, e);
	}
	meter_beat(m->meter);
	if (m->lots_taken++ % SHOW_EVERY == 0)
		meter_counts(m->meter, &m->counts);
}

static void *work(void *arg)
{
	struct member *m = arg;
	struct pollfd fd = {.fd = ring_fd(m->lots), .events = POLLIN};
	const struct lot *lot;
	bool more = true;
	struct confinement confinement = {.fds = {ring_fd(m->said)}, .n_fds = 1};
	size_t n;

	if (m->crew->settings.capture.confine)
		confine_thread(&confinement);	/* if that is not to be had, the correlator says so for all */
	while (more) {
		if ((lot = ring_front(m->lots, &n)) == NULL) {
			poll(&fd, 1, -1);
			ring_awake(m->lots);
			continue;
		}
		look_up(m);
		more = take_lot(m, lot);
		ring_pop(m->lots);
	}
	meter_counts(m->meter, &m->counts);
	say(m, &(struct saying){.place = {UINT64_MAX, UINT64_MAX}, .kind = SAYING_END});
	stands_at(m, UINT64_MAX >> 2, 0);
	return NULL;
}

/* --- the reader --- */

static size_t lot_bytes(size_t used)
{
	return sizeof(struct lot) + LOT_ITEMS * sizeof(struct item) + used;
}

/* Every lot goes, with how far we have read; also to those who got no frame, so that nobody waits for them. */
static void send_lots(struct crew *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		struct member *m = &c->member[i];

		if (m->lot == NULL && m->told != c->last_number && (m->lot = ring_room(m->lots, sizeof *m->lot)) != NULL)
			m->lot->items = m->lot->used = 0;
		if (m->lot == NULL)
			continue;	/* told already; or it has so much to do that nobody waits for it */
		m->told = m->lot->upto = c->last_number;
		ring_put(m->lots, m->lot->items > 0 ? lot_bytes(m->lot->used) : sizeof *m->lot);
		m->lot = NULL;
	}
	c->waiting = 0;
}

/* Room for an item with so many bytes, in the worker's lot. While we wait for it, the others must not wait for us. */
static struct item *item_room(struct member *m, uint32_t bytes)
{
	struct item *item;

	if (m->lot != NULL && (m->lot->items == LOT_ITEMS || m->lot->used + bytes > m->lot_room))
		send_lots(m->crew);
	while (m->lot == NULL) {
		m->lot_room = bytes < LOT_BYTES ? LOT_BYTES : bytes;
		m->lot = ring_room(m->lots, lot_bytes(m->lot_room));
		if (m->lot != NULL) {
			m->lot->items = m->lot->used = 0;
		} else {
			send_lots(m->crew);
			poll(NULL, 0, ROOM_MS);
		}
	}
	item = &m->lot->item[m->lot->items++];
	item->at = m->lot->used;
	m->lot->used += (bytes + 7u) & ~7u;
	return item;
}

static void give(struct member *m, const struct frame *f, enum item_kind kind)
{
	uint32_t captured = f->captured < FRAME_MOST ? f->captured : FRAME_MOST;
	struct item *item = item_room(m, captured);

	*item = (struct item){.ts_ns = f->ts_ns, .number = f->number, .clock = m->crew->clock, .captured = captured, .length = f->length,
	    .link_type = f->link_type, .interface = f->interface, .kind = (uint8_t)kind, .at = item->at};
	memcpy((uint8_t *)(m->lot->item + LOT_ITEMS) + item->at, f->bytes, captured);
}

static void tell_all(struct crew *c, enum item_kind kind, uint64_t ts_ns, uint64_t number)
{
	for (unsigned i = 0; i < c->n; i++)
		*item_room(&c->member[i], 0) = (struct item){.ts_ns = ts_ns, .number = number, .kind = (uint8_t)kind};
}

void crew_frames(struct crew *c, const struct frame *frames, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct frame *f = &frames[i];
		int whose = share_frame(&c->member[0].team, f);

		team_clock_follow(&c->clock, f->ts_ns, c->window_ns);
		if (ticks_at(&c->ticks, f->ts_ns))
			tell_all(c, ITEM_TICK, f->ts_ns, f->number);
		if (whose != SHARE_ALL)
			give(&c->member[whose], f, ITEM_FRAME);
		for (unsigned k = 0; whose == SHARE_ALL && k < c->n; k++)
			give(&c->member[k], f, ITEM_COMMON);
		c->last_ns = f->ts_ns;
		c->last_number = f->number;
	}
	c->waiting += n;
	if (c->waiting >= ROUND)
		send_lots(c);
}

void crew_flush(struct crew *c)
{
	send_lots(c);
}

void crew_advance(struct crew *c, uint64_t now_ns)
{
	c->ticks.last_ns = now_ns;
	tell_all(c, ITEM_ADVANCE, now_ns, c->last_number);
	send_lots(c);
}

void crew_finish(struct crew *c)
{
	c->finished = true;
	tell_all(c, ITEM_LAST, c->last_ns, c->last_number);
	send_lots(c);
}

/* --- coming and going --- */

/* What one worker may hold of what all may: its share, and half as much again, because chance does not share out evenly. */
static uint32_t part(uint32_t all, unsigned n)
{
	uint64_t p = ((uint64_t)all + n - 1) / n * 3 / 2;

	return p < all ? (uint32_t)p : all;
}

static void share_out(struct settings *s, unsigned n)
{
	s->flow.flows = part(s->flow.flows, n);
	s->flow.states = part(s->flow.states, n);
	s->flow.stream_pool_bytes = s->flow.stream_pool_bytes / n * 3 / 2;
	s->ndpi.flows = part(s->ndpi.flows, n);
}

static bool member_init(struct crew *c, unsigned i, const struct signatures *signatures)
{
	struct member *m = &c->member[i];
	char name[METER_NAME];

	m->crew = c;
	m->team = (struct team){.me = i, .n = c->n, .key = c->key, .guesses = c->guesses, .await = await_others, .ctx = m};
	m->lots = ring_new(LOTS_BYTES);
	m->said = ring_new(SAID_BYTES);
	snprintf(name, sizeof name, "worker %u", i + 1);
	m->meter = meter_new(name);
	m->worker = worker_new(&c->settings, signatures, &m->counts, take_facts, m);
	if (m->lots == NULL || m->said == NULL || m->meter == NULL || m->worker == NULL)
		return false;
	worker_join(m->worker, &m->team);
	return true;
}

struct crew *crew_new(const struct settings *settings, const struct signatures *signatures)
{
	unsigned n = settings->workers;
	size_t bytes = sizeof(struct crew) + n * sizeof(struct member);
	struct crew *c = aligned_alloc(_Alignof(struct crew), bytes);

	if (c == NULL)
		return NULL;
	memset(c, 0, bytes);
	c->n = n;
	c->settings = *settings;
	share_out(&c->settings, n);
	hash_key_draw(&c->key);
	c->guesses = guesses_new();
	c->window_ns = settings->decode.duplicate_ms * UINT64_C(1000000);
	for (unsigned i = 0; i < n; i++)
		if (!member_init(c, i, signatures)) {
			crew_free(c);
			return NULL;
		}
	for (unsigned i = 0; i < n; i++) {
		c->member[i].runs = pthread_create(&c->member[i].thread, NULL, work, &c->member[i]) == 0;
		if (!c->member[i].runs) {
			crew_free(c);
			return NULL;
		}
	}
	return c;
}

void crew_free(struct crew *c)
{
	if (c == NULL)
		return;
	if (!c->finished && c->member[0].runs)
		crew_finish(c);
	for (unsigned i = 0; i < c->n; i++) {
		struct member *m = &c->member[i];

		if (m->runs)
			pthread_join(m->thread, NULL);
		worker_free(m->worker);
		ring_free(m->lots);
		ring_free(m->said);
		meter_free(m->meter);
	}
	guesses_free(c->guesses);
	free(c);
}

void crew_follow(struct crew *c, struct editions *editions)
{
	for (unsigned i = 0; i < c->n; i++)
		c->member[i].seat = editions_seat(editions);
}

void crew_reader_writes(const struct crew *c, struct confinement *to)
{
	for (unsigned i = 0; i < c->n; i++)
		to->fds[to->n_fds++] = ring_fd(c->member[i].lots);
}

const struct meter *crew_meter(const struct crew *c, unsigned i)
{
	return i < c->n ? c->member[i].meter : NULL;
}

void crew_counts(const struct crew *c, struct counts *sum)
{
	for (unsigned i = 0; i < c->n; i++) {
		struct counts one = c->member[i].counts;

		if (i > 0)
			one.n[COUNT_CLOCK_JUMP] = 0;	/* each has seen them all */
		counts_add(sum, &one);
	}
}
