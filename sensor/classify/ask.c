/* ask.c -- see ask.h. */
#include "ask.h"

#include "../base/log.h"
#include "../flow/report.h"
#include "../signature/signature.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAME_MOST = 255 };

_Static_assert(DISSECTORS_MAX <= 64, "a dissector is a bit");

enum {
	TUNNELS_MOST = 3,	/* through proxies, one in another */
	MIDWAY_MOST = 4,	/* stretches of a stream picked up in the middle that may be somebody's beginning */
};

/* Who is asked about one transport: sets of dissectors, a bit each. */
struct group {
	uint64_t all;
	uint64_t first[256], third[256];	/* by these bytes */
	uint64_t quarter[4];			/* by the two highest bits of the first */
	uint64_t late;				/* without state, at any time */
	uint64_t follows;
	uint64_t from_start;
};

struct asker {
	const struct dissector *const *all;
	unsigned n;
	uint16_t base[DISSECTORS_MAX];
	struct group udp, tcp;
	struct table *table;
	struct macs *macs;
	struct streams *streams;
	struct holds *holds;
	struct opening opening;
	struct facts *facts;
	struct counts *counts;
	void (*deliver)(void *ctx);
	void *ctx;
	struct {
		const struct flow *flow;
		const struct packet *packet;
	} introduced;		/* who is asked about */
	void *scratch;		/* state of a dissector that has no hold on the flow (yet) */
};

static void by_byte(uint64_t sets[256], uint64_t bit, const struct byte_range begins[BEGINS_MAX])
{
	bool any = true;

	for (unsigned i = 0; i < BEGINS_MAX; i++) {
		for (unsigned b = begins[i].from; begins[i].to != 0 && b <= begins[i].to; b++)
			sets[b] |= bit;
		any = any && begins[i].to == 0;
	}
	for (unsigned b = 0; any && b < 256; b++)
		sets[b] |= bit;
}

static void group_add(struct group *g, const struct dissector *d, unsigned number, bool stream)
{
	uint64_t bit = 1ULL << number;

	g->all |= bit;
	by_byte(g->first, bit, stream ? d->tcp : d->udp);
	by_byte(g->third, bit, d->udp_third);
	for (unsigned b = 0; b < 256; b++)
		g->quarter[b >> 6] |= g->first[b] & bit;
	if (d->opening == OPENING_ALL)
		g->late |= bit;
	if (d->follows == FOLLOWS_ALL)
		g->follows |= bit;
	if (d->from_start)
		g->from_start |= bit;
}

/* The next one of a set, which is not empty. */
static unsigned take(uint64_t *set)
{
	unsigned number = (unsigned)__builtin_ctzll(*set);

	*set &= *set - 1;
	return number;
}

/* Whom this datagram may concern: by its bytes, and by how far the flow (or what it wraps) has come. */
static inline uint64_t meant(const struct asker *a, const struct flow *f, const struct cursor *datagram, bool nested)
{
	uint64_t who = a->udp.first[cur_peek_u8(datagram, 0)] & a->udp.third[cur_peek_u8(datagram, 2)];
	bool past = !nested && f->packets[0] + f->packets[1] > OPENING_USUAL;
	const struct flow_extra *e;

	if (!flow_has_extra(f))
		return past ? who & a->udp.late : who;
	e = table_extra_of(a->table, f);
	if (nested)
		past = e->inner_looked[0] + e->inner_looked[1] >= OPENING_DATAGRAMS;
	if (past)
		who &= a->udp.late | e->held[nested];
	return (who | (e->held[nested] & a->udp.follows)) & ~e->done[nested];
}

struct asker *asker_new(const struct flow_settings *s, const struct dissector *const *list, const struct signatures *signatures,
    bool openings, struct table *table, struct macs *macs, struct facts *facts, struct counts *counts, void (*deliver)(void *ctx), void *ctx)
{
	struct asker *a = calloc(1, sizeof *a);
	size_t most = 8;

	if (a == NULL)
		log_no_memory("dissectors");
	a->all = list;
	for (a->n = 0; list[a->n] != NULL; a->n++) {
		const struct dissector *d = list[a->n];

		if (a->n == DISSECTORS_MAX) {
			fprintf(stderr, "punchwatch: more than %d dissectors\n", DISSECTORS_MAX);
			abort();
		}
		a->base[a->n] = facts_base(d->facts, d->n_facts);
		if (d->ip_proto != IPPROTO_TCP)
			group_add(&a->udp, d, a->n, false);
		if (d->ip_proto != IPPROTO_UDP)
			group_add(&a->tcp, d, a->n, true);
		if (d->state_size > most)
			most = d->state_size;
	}
	a->table = table;
	a->macs = macs;
	a->opening = (struct opening){signatures, openings, table, macs, facts};
	a->facts = facts;
	a->counts = counts;
	a->deliver = deliver;
	a->ctx = ctx;
	a->streams = streams_new(s, counts);
	a->holds = holds_new(list, a->n, s->states, table, counts);
	a->scratch = calloc(1, most);
	if (a->scratch == NULL)
		log_no_memory("dissectors");
	return a;
}

void asker_use(struct asker *a, const struct signatures *signatures)
{
	a->opening.signatures = signatures;
}

void asker_free(struct asker *a)
{
	if (a == NULL)
		return;
	holds_free(a->holds);
	streams_free(a->streams);
	free(a->scratch);
	free(a);
}

/* --- the flow is spoken of --- */

static uint64_t id_of(struct asker *a, struct flow *f)
{
	struct flow_extra *e;

	if (!flow_has_extra(f))
		return flow_id(f);
	e = table_extra(a->table, f);
	if (e->id == 0)
		e->id = flow_id(f);
	return e->id;
}

static void header(struct asker *a, struct flow *f, unsigned from, uint64_t ts_ns, uint64_t number)
{
	report_header(a->facts, f, id_of(a, f), from, ts_ns, number);
	a->facts->proxied = flow_has_extra(f) && table_extra(a->table, f)->tunnels > 0;
	if (a->facts->proxied)
		a->facts->target = table_extra(a->table, f)->target;
}

void ask_speak(struct asker *a, struct flow *f, const struct packet *p, unsigned from, uint64_t ts_ns, uint64_t number)
{
	header(a, f, from, ts_ns, number);
	if ((f->bits & FLOW_SPOKEN) != 0)
		return;
	report_new(a->facts, f, p, a->macs);
	f->bits |= FLOW_SPOKEN;
	table_extra(a->table, f)->id = a->facts->header.flow_id;
}

/* One packet may say more than a batch holds. */
static void make_room(struct asker *a)
{
	if (facts_tight(a->facts))
		a->deliver(a->ctx);
}

/* --- one dissector --- */

/* What the dissector remembers of it; mostly nothing. */
static inline struct hold *state_of(struct asker *a, const struct flow *f, unsigned number, bool nested)
{
	if (!flow_has_extra(f) || (table_extra_of(a->table, f)->held[nested] >> number & 1) == 0)
		return NULL;
	return hold_find(a->holds, f, number, nested);
}

static void set_done(struct asker *a, struct flow *f, unsigned number, bool nested)
{
	hold_drop(a->holds, f, number, nested);
	table_extra(a->table, f)->done[nested] |= 1ULL << number;
}

/* Does this answer count as V_NO after all? */
static enum verdict weigh(const struct dissector *d, const struct hold *hold, bool stream, enum verdict v)
{
	unsigned more = hold != NULL ? hold->more : 0;

	if (d->follows && !stream)
		return v;
	if (v == V_MORE && (hold == NULL || hold->verdict != V_YES) && more >= d->give_up)
		return V_NO;
	return v;
}

static void remember(struct asker *a, struct flow *f, unsigned number, struct hold *hold, const struct input *in, enum verdict v)
{
	const struct dissector *d = a->all[number];

	if (v == V_DONE) {
		set_done(a, f, number, in->nested);
		return;
	}
	if (hold == NULL) {
		if (d->state_size == 0 && v == V_YES && !in->stream)
			return;		/* nothing to remember */
		hold = hold_add(a->holds, f, number, in->nested, a->scratch);
	} else {
		holds_touch(a->holds, f);
	}
	if (v == V_YES) {
		hold->verdict = V_YES;
		hold->more = 0;
		holds_prove(a->holds, f);
	} else if (hold->verdict != V_YES) {
		hold->verdict = V_MORE;
		hold->more += hold->more < UINT8_MAX;
	}
}

/* Nobody was meant by this datagram. Will anybody ever be, by one that begins so? Media and bulk data then cost nothing. */
static void fall_quiet(const struct asker *a, struct flow *f, uint8_t first)
{
	const struct flow_extra *e = flow_has_extra(f) ? table_extra_of(a->table, f) : NULL;
	uint64_t held = e != NULL ? e->held[0] : 0, done = e != NULL ? e->done[0] : 0;
	uint64_t who = a->udp.quarter[first >> 6] & (a->udp.late | held) & ~done;

	if (f->packets[0] + f->packets[1] <= OPENING_USUAL || (held & a->udp.follows) != 0)
		return;
	while (who != 0) {
		uint16_t port = a->all[take(&who)]->port;

		if (port == 0 || f->port[0] == port || f->port[1] == port)
			return;
	}
	f->more |= (uint8_t)(FLOW_QUIET << (first >> 6));
}

static bool is_quiet(const struct flow *f, uint8_t first)
{
	return (f->more >> (first >> 6) & FLOW_QUIET) != 0;
}

static void introduce(void *ctx, struct facts *facts)
{
	const struct asker *a = ctx;

	report_new(facts, a->introduced.flow, a->introduced.packet, a->macs);
}

/* What was said since `mark`: does a line of some signature hold for any of it? Else the first name of the far end is left. */
static bool is_of_use(struct asker *a, size_t mark, struct cursor *name, struct cursor *from)
{
	const struct facts *facts = a->facts;
	const struct message *m;
	struct match match;
	struct fact f;

	*name = *from = cur_of("", 0);
	for (size_t at = mark; facts_next(facts, &at, &m);) {
		if (signatures_match(a->opening.signatures, m, &match, 1) > 0)
			return true;
		if (name->left == 0 && message_find(m, FACT_HOST, &f))
			*name = f.bytes;
		if (from->left == 0 && message_find(m, FACT_HOST_FROM, &f))
			*from = f.bytes;
	}
	return false;
}

/* A web page, and not one that a signature knows: there are too many of them to be followed. */
static void say_name_only(struct facts *facts, size_t before, struct cursor name, struct cursor from)
{
	uint8_t text[NAME_MOST], kind[8];
	size_t n = name.left < sizeof text ? name.left : sizeof text, k = from.left < sizeof kind ? from.left : sizeof kind;

	cur_copy(&name, text, n);
	cur_copy(&from, kind, k);
	facts_rewind(facts, before);
	if (n == 0)
		return;
	facts_begin(facts);
	fact_bytes(facts, FACT_HOST, cur_of(text, n));
	fact_bytes(facts, FACT_HOST_FROM, cur_of(kind, k));
}

/* It said something. Is the flow spoken of from now on? */
static void settle_facts(struct asker *a, struct flow *f, const struct dissector *d, const struct input *in, size_t before)
{
	struct facts *facts = a->facts;
	struct cursor name, from;

	if ((f->bits & FLOW_SPOKEN) != 0 || d->aside)
		return;
	if (d->hint && !in->nested && !a->opening.all && !is_of_use(a, before, &name, &from)) {
		say_name_only(facts, before, name, from);
		return;
	}
	f->bits |= FLOW_SPOKEN;
	table_extra(a->table, f)->id = facts->header.flow_id;
}

/* Show it to one dissector, who has this state of the flow (NULL: none yet). The header is set. */
static enum verdict ask(struct asker *a, struct flow *f, unsigned number, struct hold *hold, struct input *in)
{
	const struct dissector *d = a->all[number];
	struct facts *facts = a->facts;
	size_t before = facts_mark(facts);
	bool cut = facts->cut;
	enum verdict answer, v;

	if (hold != NULL && hold->verdict == V_NO)
		return V_NO;
	if (hold == NULL && d->state_size > 0)
		memset(a->scratch, 0, d->state_size);
	a->introduced.flow = f;
	a->introduced.packet = in->packet;
	facts->introduce = (f->bits & FLOW_SPOKEN) == 0 && !d->aside ? introduce : NULL;
	facts->introduce_ctx = a;
	facts->base = a->base[number];
	facts->n_inner = 0;
	answer = d->dissect(in, hold != NULL ? hold->state : a->scratch, facts);
	facts->introduce = NULL;
	v = weigh(d, hold, in->stream, answer);
	if (v == V_NO) {
		facts_rewind(facts, before);
		facts->cut = cut;
		if (answer == V_MORE && hold != NULL)
			hold->verdict = V_NO;	/* it had its chances on this flow */
		if (d->follows && !in->stream)
			hold_drop(a->holds, f, number, in->nested);
		return V_NO;
	}
	if (facts_mark(facts) != before)
		settle_facts(a, f, d, in, before);
	remember(a, f, number, hold, in, v);
	if ((v == V_YES || v == V_DONE) && !in->nested && !d->glance && !d->aside)
		f->bits |= FLOW_CLAIMED;
	return v;
}

/* Nobody claimed what a relay wrapped. There is no end of such datagrams: so many of each direction are looked at. */
static void look_inner(struct asker *a, struct flow *f, const struct input *in)
{
	struct flow_extra *e = table_extra(a->table, f);
	uint8_t *looked = &e->inner_looked[in->from_local];

	if (*looked >= OPENING_DATAGRAMS)
		return;
	++*looked;
	if (!opening_fits(&a->opening, f, in->bytes, (uint32_t)in->bytes.left, in->nested))
		return;
	make_room(a);
	opening_datagram(&a->opening, f, in, (uint32_t)in->bytes.left);
}

/* Is this datagram for that dissector, which is meant by its bytes, and has this state of the flow? */
static inline bool is_for(const struct flow *f, const struct dissector *d, const struct hold *hold, const struct cursor *datagram,
    bool nested)
{
	if (d->port != 0 && (nested || (f->port[0] != d->port && f->port[1] != d->port)))
		return false;
	if (d->follows && hold != NULL)
		return true;
	if (d->opening != 0 && d->opening < OPENING_USUAL && !nested && f->packets[0] + f->packets[1] > d->opening)
		return false;
	return d->first == NULL || d->first(datagram);
}

/* What the last answer handed on is shown to all, once; and once more what travelled beside a relay's wrapped messages. */
static void ask_inner(struct asker *a, struct flow *f, const struct input *outer, bool again)
{
	struct facts *facts = a->facts;
	unsigned n = facts->n_inner;
	struct inner inner[INNER_MAX];

	if (n == 0)
		return;
	memcpy(inner, facts->inner, n * sizeof inner[0]);
	for (unsigned i = 0; i < n; i++) {
		struct input in = {.packet = outer->packet, .from_local = outer->from_local, .nested = outer->nested || !inner[i].beside};
		bool claimed = inner[i].beside;

		if (again && !inner[i].beside)
			continue;	/* a relay's message in a relay's message */
		facts->header.nested = in.nested;
		if (!inner[i].beside)
			facts->peer = inner[i].peer;
		for (uint64_t who = meant(a, f, &inner[i].datagram, in.nested); who != 0;) {
			unsigned number = take(&who);
			const struct dissector *d = a->all[number];
			struct hold *hold = state_of(a, f, number, in.nested);
			enum verdict v;

			in.bytes = inner[i].datagram;
			if (!is_for(f, d, hold, &in.bytes, in.nested))
				continue;
			make_room(a);
			v = ask(a, f, number, hold, &in);
			claimed = claimed || ((v == V_YES || v == V_DONE) && !(d->glance || d->aside));
			if (!again && in.nested && v != V_NO)
				ask_inner(a, f, &in, true);
		}
		in.bytes = inner[i].datagram;
		if (!claimed)
			look_inner(a, f, &in);
	}
	facts->header.nested = outer->nested;
	facts->n_inner = 0;
}

/* --- datagrams --- */

static void look_datagram(struct asker *a, struct flow *f, const struct packet *p, unsigned from)
{
	struct input in = {.packet = p, .from_local = from == flow_local(f), .bytes = p->payload};

	if (f->data_packets[from] >= OPENING_DATAGRAMS || !opening_fits(&a->opening, f, p->payload, p->payload_len, false))
		return;
	make_room(a);
	header(a, f, from, p->ts_ns, p->number);
	opening_datagram(&a->opening, f, &in, p->payload_len);
}

bool ask_datagram(struct asker *a, struct flow *f, const struct packet *p, unsigned from)
{
	bool claimed = false, started = false;
	unsigned owner = (f->more & FLOW_OWNED) != 0 ? table_extra(a->table, f)->owner : 0;
	uint8_t first_byte = cur_peek_u8(&p->payload, 0);
	uint64_t who;

	if (is_quiet(f, first_byte))
		return false;
	who = meant(a, f, &p->payload, false);
	if (who == 0)
		fall_quiet(a, f, first_byte);
	while (who != 0) {
		unsigned number = take(&who);
		const struct dissector *d = a->all[number];
		struct hold *hold = state_of(a, f, number, 0);
		struct input in;
		enum verdict v;

		if ((owner != 0 && owner != number + 1) || !is_for(f, d, hold, &p->payload, false))
			continue;
		if (!started)
			report_header(a->facts, f, 0, from, p->ts_ns, p->number);
		started = true;
		if (a->facts->header.flow_id == 0 && !d->aside)		/* what is said aside is not about the flow */
			a->facts->header.flow_id = id_of(a, f);
		in = (struct input){.packet = p, .from_local = from == flow_local(f), .bytes = p->payload};
		v = ask(a, f, number, hold, &in);
		if (v != V_YES && v != V_DONE)
			continue;
		/* What a proxy is to send on is with somebody else each time; the flow itself may be anything. */
		a->facts->proxied = in.tunnel;
		a->facts->target = in.tunnel_to;
		ask_inner(a, f, &in, false);
		a->facts->proxied = false;
		claimed = claimed || !(d->glance || d->aside);
		if (d->exclusive) {
			table_extra(a->table, f)->owner = (uint8_t)(number + 1);
			f->more |= FLOW_OWNED;
			break;
		}
	}
	if (!claimed)
		look_datagram(a, f, p, from);
	return claimed;
}

/* --- streams --- */

/* One dissector and one stretch, of which who sees this conversation first sees what is behind `base`. Returns how much of it
 * will not be wanted again; *v is the answer. */
static size_t ask_stretch(struct asker *a, struct flow *f, unsigned number, struct input *in, const struct stretch *st,
    unsigned way, size_t base, enum verdict *v)
{
	struct hold *hold = state_of(a, f, number, 0);
	size_t taken = hold != NULL && !st->gap ? hold->taken[way] : base, left;
	bool again;

	in->bytes = st->bytes;
	cur_skip(&in->bytes, taken);
	do {
		make_room(a);
		left = in->bytes.left;
		*v = ask(a, f, number, hold, in);
		/* Its list of wrapped datagrams was full, or the batch: that may be why it stopped. */
		again = *v == V_YES && (a->facts->n_inner == INNER_MAX || facts_tight(a->facts)) &&
		    in->bytes.left > 0 && in->bytes.left < left;
		if (*v != V_NO)
			ask_inner(a, f, in, false);
		in->gap = false;
		hold = state_of(a, f, number, 0);	/* it may have come, or gone */
	} while (again && !in->tunnel);
	taken = st->bytes.left - in->bytes.left;
	if (hold != NULL)
		hold->taken[way] = (uint32_t)taken;
	return taken;
}

static void stop_asking(struct asker *a, struct flow *f, struct flow_extra *e, unsigned number)
{
	if ((e->held[0] >> number & 1) != 0)
		hold_drop(a->holds, f, number, 0);
	e->open &= ~(1ULL << number);
}

/* All who have not been shown anything yet: whose beginning may this be? The others are asked no more, unless the beginning was
 * missed and there may be another one. */
static void find_beginning(struct asker *a, struct flow_extra *e, const struct input *stretch)
{
	uint64_t none = 0;

	for (uint64_t who = e->fresh; who != 0;) {
		unsigned number = take(&who);
		const struct dissector *d = a->all[number];

		if (d->begins != NULL && !d->begins(stretch))
			none |= 1ULL << number;
	}
	if (e->midway && ++e->stretches < MIDWAY_MOST) {
		e->fresh = none;
	} else {
		e->open &= ~none;
		e->fresh = 0;
	}
}

static void stop_asking_others(struct asker *a, struct flow *f, struct flow_extra *e, unsigned number)
{
	for (uint64_t who = e->open & ~(1ULL << number); who != 0;)
		stop_asking(a, f, e, take(&who));
}

/* What all are done with goes; the rest is kept for them. */
static void consume(struct asker *a, struct flow *f, struct flow_extra *e, unsigned way, const struct stretch *st, size_t n)
{
	stream_consumed(a->streams, e->stream, way, st, n);
	for (struct hold *h = hold_next(a->holds, f, NULL); h != NULL; h = hold_next(a->holds, f, h))
		if (h->depth == 0)
			h->taken[way] = h->taken[way] > n ? h->taken[way] - (uint32_t)n : 0;
}

/* What this direction begins with, behind `base`. True: it is to be kept until there is more. */
static bool look_stretch(struct asker *a, struct flow *f, const struct packet *p, unsigned way, const struct stretch *st, size_t base)
{
	struct input in = {.packet = p, .from_local = way == flow_local(f), .bytes = st->bytes, .stream = true, .gap = st->gap,
	    .ended = st->ended};

	cur_skip(&in.bytes, base);
	make_room(a);
	if (opening_stretch(&a->opening, f, &in))
		return true;
	table_extra(a->table, f)->opening &= (uint8_t)~(1u << way);
	return false;
}

/* A proxy leads on: nobody knows anything of what comes now, and all are asked again. */
static void begin_tunnel(struct asker *a, struct flow *f, struct flow_extra *e, unsigned number, unsigned way, const struct input *in)
{
	size_t other = hold_find(a->holds, f, number, 0)->taken[!way];

	holds_drop_all(a->holds, f);
	stream_skip(a->streams, e->stream, !way, other);
	e->open = e->fresh = a->tcp.all;
	e->midway = false;
	e->opening = opening_wanted(&a->opening, f) ? 3 : 0;
	e->done[0] = e->done[1] = 0;
	e->tunnels++;
	e->target = in->tunnel_to;
	header(a, f, way, in->packet->ts_ns, in->packet->number);
}

/* All that are open, once. *base: where the conversation begins in this stretch; a tunnel moves it on, and true says so. Else
 * *done is how much of the stretch nobody wants again. */
static bool ask_round(struct asker *a, struct flow *f, const struct packet *p, unsigned way, const struct stretch *st, size_t *base,
    size_t *done)
{
	struct flow_extra *e = table_extra(a->table, f);
	const struct input shown = {.packet = p, .from_local = way == flow_local(f), .bytes = st->bytes, .stream = true, .gap = st->gap,
	    .ended = st->ended};
	uint64_t begun = e->fresh;

	*done = st->bytes.left;
	if (e->fresh != 0 && st->bytes.left > *base) {
		struct input stretch = shown;

		cur_skip(&stretch.bytes, *base);
		stretch.gap = e->midway;
		find_beginning(a, e, &stretch);
	}
	begun &= ~e->fresh;
	for (uint64_t who = e->open & ~e->fresh; who != 0;) {
		unsigned number = take(&who);
		struct input in = shown;
		enum verdict v;
		size_t taken;
		bool open;

		in.gap |= e->midway && (begun >> number & 1) != 0;

		if ((e->open >> number & 1) == 0)
			continue;	/* another one has claimed it */
		taken = ask_stretch(a, f, number, &in, st, way, *base, &v);
		open = v == V_YES || v == V_MORE;
		if (v == V_YES && in.tunnel && e->tunnels < TUNNELS_MOST) {
			begin_tunnel(a, f, e, number, way, &in);
			*base = taken;
			return true;
		}
		if (!open)
			stop_asking(a, f, e, number);
		else if (taken < *done)
			*done = taken;
		if (a->all[number]->exclusive && (v == V_DONE || (open && hold_find(a->holds, f, number, 0)->verdict == V_YES)))
			stop_asking_others(a, f, e, number);
	}
	return false;
}

/* Everything that one direction has ready. */
static void ask_way(struct asker *a, struct flow *f, const struct packet *p, unsigned way, struct segment *seg)
{
	struct flow_extra *e = table_extra(a->table, f);
	struct stretch st;

	while ((e->open != 0 || e->opening != 0) && stream_next(a->streams, e->stream, way, seg, &st)) {
		size_t base = 0, done;

		header(a, f, way, p->ts_ns, p->number);
		while (ask_round(a, f, p, way, &st, &base, &done))
			;
		if ((e->opening & 1u << way) != 0 && look_stretch(a, f, p, way, &st, base))
			done = base;
		consume(a, f, e, way, &st, done);
	}
}

static void count_data(struct flow *f, unsigned from, uint32_t packets, uint64_t bytes)
{
	f->data_packets[from] += packets;
	f->data_bytes[from] += bytes;
}

/* The first payload: from now on there is a stream. Where it is how this end begins, that says who may be meant. */
static void begin_stream(struct asker *a, struct flow *f, const struct packet *p, unsigned from)
{
	struct flow_extra *e = table_extra(a->table, f);
	bool beginning = (f->more & TCP_START_KNOWN << from) != 0 && p->tcp_seq == f->first_seq[from] && p->payload.left > 0;

	e->stream = stream_open(a->streams);
	e->midway = (f->more & TCP_START_KNOWN << from) == 0;
	e->open = e->fresh = beginning ? a->tcp.first[cur_peek_u8(&p->payload, 0)] :
	    e->midway ? a->tcp.all & ~a->tcp.from_start : a->tcp.all;
	e->opening = opening_wanted(&a->opening, f) ? 3 : 0;
	for (unsigned end = 0; end < 2; end++) {
		if ((f->more & TCP_START_KNOWN << end) != 0)
			stream_start(a->streams, e->stream, end, f->first_seq[end]);
		f->first_seq[end] = 0;
	}
	f->more &= (uint8_t)~(TCP_START_KNOWN * 3);
}

static void end_stream(struct asker *a, struct flow *f, bool claimed)
{
	struct flow_extra *e = table_extra(a->table, f);
	struct stream *s = stream_at(a->streams, e->stream);

	for (unsigned end = 0; end < 2 && !claimed; end++)
		count_data(f, end, s->waiting_packets[end], s->waiting_bytes[end]);
	stream_close(a->streams, e->stream);
	e->stream = 0;
	f->bits |= FLOW_NO_STREAM;
	holds_drop_all(a->holds, f);
}

static bool stream_claimed(struct asker *a, const struct flow *f)
{
	for (const struct hold *h = hold_next(a->holds, f, NULL); h != NULL; h = hold_next(a->holds, f, h))
		if (h->depth == 0 && h->verdict == V_YES)
			return true;
	return false;
}

/* No payload and no stream yet: where its two directions will start. */
static void note_start(struct flow *f, const struct packet *p, unsigned from)
{
	if ((p->tcp_flags & TCP_SYN) == 0)
		return;
	if ((f->more & TCP_START_KNOWN << from) == 0) {
		f->first_seq[from] = p->tcp_seq + 1;
		f->more |= (uint8_t)(TCP_START_KNOWN << from);
	}
	if ((p->tcp_flags & TCP_ACK) != 0 && (f->more & TCP_START_KNOWN << !from) == 0) {
		f->first_seq[!from] = p->tcp_ack;
		f->more |= (uint8_t)(TCP_START_KNOWN << !from);
	}
}

void ask_segment(struct asker *a, struct flow *f, const struct packet *p, unsigned from)
{
	struct flow_extra *e;
	struct segment seg, none = {.bytes = cur_of("", 0)};
	struct stream *s;
	bool claimed;

	if ((f->bits & FLOW_NO_STREAM) != 0) {
		count_data(f, from, p->payload_len > 0, p->payload_len);
		return;
	}
	if (!flow_has_extra(f) || table_extra(a->table, f)->stream == 0) {
		if (p->payload_len == 0) {
			note_start(f, p, from);
			return;
		}
		begin_stream(a, f, p, from);
	}
	e = table_extra(a->table, f);
	s = stream_at(a->streams, e->stream);
	if (p->payload_len > 0) {
		s->waiting_packets[from]++;
		s->waiting_bytes[from] += p->payload_len;
	}
	stream_segment(a->streams, e->stream, from, p, &seg);
	ask_way(a, f, p, from, &seg);
	ask_way(a, f, p, !from, &none);
	claimed = stream_claimed(a, f);
	if (claimed)
		s->waiting_packets[0] = s->waiting_packets[1] = s->waiting_bytes[0] = s->waiting_bytes[1] = 0;
	if (e->opening != 0 && f->packets[0] + f->packets[1] > OPENING_PACKETS)
		e->opening = 0;
	if ((e->open == 0 && e->opening == 0) || (s->way[0].ended && s->way[1].ended))
		end_stream(a, f, claimed);
}

bool ask_needs(const struct flow *f, const struct packet *p)
{
	return f->ip_proto != IPPROTO_UDP || !is_quiet(f, cur_peek_u8(&p->payload, 0));
}

void ask_fetch(const struct asker *a, const struct flow *f, const struct packet *p)
{
	if (flow_has_extra(f) && (f->ip_proto != IPPROTO_UDP || meant(a, f, &p->payload, false) != 0))
		holds_fetch(a->holds, table_extra_of(a->table, f));
}

void ask_end(struct asker *a, struct flow *f)
{
	if (flow_has_extra(f) && table_extra(a->table, f)->stream != 0)
		end_stream(a, f, false);
	holds_drop_all(a->holds, f);
}
