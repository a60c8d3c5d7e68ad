/* classify.c -- see classify.h. */
#include "classify.h"

#include "../base/log.h"
#include "../base/macs.h"
#include "../flow/home.h"
#include "../flow/punch.h"
#include "../flow/report.h"
#include "../flow/table.h"
#include "ask.h"
#include "dpi.h"

#include <netinet/in.h>
#include <stdlib.h>

enum {
	TWO_WAY = 2,		/* data packets each way that make a flow worth speaking of */
	LONG = 4,		/* packets of a flow that was no mere try */
};

#define BEGINNING_NS (UINT64_C(4) * 1000000000)

struct classify {
	struct table *table;
	struct home *home;
	struct macs *macs;
	struct asker *asker;
	struct dpi *dpi;
	struct counts *counts;
	void (*sink)(void *ctx, const struct facts *);
	void *ctx;
	uint64_t now_ns, number;	/* of the packet in hand, or the last one */
	const struct team *team;	/* NULL: we work alone */
	struct facts facts;
};

static void deliver(void *ctx)
{
	classify_deliver(ctx);
}

struct classify *classify_new(const struct settings *s, const struct dissector *const *list, const struct signatures *signatures,
    struct counts *counts, void (*sink)(void *ctx, const struct facts *), void *ctx)
{
	struct classify *c = calloc(1, sizeof *c);

	if (c == NULL)
		log_no_memory("packets");
	c->counts = counts;
	c->sink = sink;
	c->ctx = ctx;
	c->facts.detail = s->session.detail;
	c->table = table_new(&s->flow, counts);
	c->home = home_new(&s->home);
	c->macs = macs_new();
	c->asker = asker_new(&s->flow, list, signatures, s->session.openings, c->table, c->macs, &c->facts, counts, deliver, c);
	c->dpi = dpi_new(&s->ndpi, c->table, counts);
	return c;
}

void classify_use(struct classify *c, const struct signatures *signatures)
{
	asker_use(c->asker, signatures);
}

void classify_free(struct classify *c)
{
	if (c == NULL)
		return;
	dpi_free(c->dpi);
	asker_free(c->asker);
	macs_free(c->macs);
	home_free(c->home);
	table_free(c->table);
	free(c);
}

void classify_deliver(struct classify *c)
{
	if (c->facts.cut)
		count(c->counts, COUNT_FACTS_NO_ROOM);
	if (c->facts.used > 0)
		c->sink(c->ctx, &c->facts);
	if (c->facts.used > 0 || c->facts.cut)
		facts_reset(&c->facts);
}

void classify_join(struct classify *c, const struct team *team)
{
	c->team = team;
	table_keep_order(c->table);
	home_share(c->home, team->guesses);
}

static void deliver_half_full(struct classify *c)
{
	if (c->facts.used >= sizeof c->facts.bytes / 2)
		classify_deliver(c);
}

/* --- nDPI --- */

static void say_label(struct classify *c, struct dpi_label label)
{
	char text[DPI_TEXT];

	dpi_name(c->dpi, label, text);
	facts_begin(&c->facts);
	fact_text(&c->facts, FACT_NDPI_PROTO, text);
	fact_text(&c->facts, FACT_NDPI_CONFIDENCE, dpi_lib_confidence());
	fact_text(&c->facts, FACT_NDPI_VERSION, dpi_lib_version());
}

static void show_dpi(struct classify *c, struct flow *f, const struct packet *p, unsigned from)
{
	struct dpi_label label;

	if ((f->bits & FLOW_CLAIMED) != 0) {
		dpi_end(c->dpi, f, &label);	/* ours after all */
		f->bits |= FLOW_NO_DPI;
		return;
	}
	/* nDPI knows streams by how they begin. */
	if (f->ip_proto == IPPROTO_TCP && flow_has_extra(f) && table_extra(c->table, f)->midway) {
		f->bits |= FLOW_NO_DPI;
		return;
	}
	if (!dpi_packet(c->dpi, f, p, from, &label))
		return;
	if (label.wanted || (f->bits & FLOW_SPOKEN) != 0) {
		ask_speak(c->asker, f, p, from, p->ts_ns, p->number);
		say_label(c, label);
	} else if (f->ip_proto == IPPROTO_UDP) {
		struct flow_extra *e = table_extra(c->table, f);

		e->label[0] = label.app;
		e->label[1] = label.master;
	}
}

/* The flow is spoken of, by now: what nDPI had called it aside. The header is set. */
static void say_label_aside(struct classify *c, struct flow *f)
{
	struct flow_extra *e = table_extra(c->table, f);

	if (e->label[0] != 0 && (f->bits & FLOW_CLAIMED) == 0)
		say_label(c, (struct dpi_label){.app = e->label[0], .master = e->label[1]});
	e->label[0] = 0;
}

/* --- flows begin and end --- */

/* Whether the port delivers both directions shows in flows that somebody meant to have. */
static void count_over(struct classify *c, const struct flow *f)
{
	count(c->counts, COUNT_FLOWS_OVER);
	if ((f->bits & FLOW_SIDE) != SIDE_BORDER || f->packets[0] + f->packets[1] < LONG || addr_is_multicast(&f->addr[!flow_local(f)]))
		return;
	count(c->counts, COUNT_FLOWS_LONG);
	if (f->packets[0] == 0 || f->packets[1] == 0)
		count(c->counts, COUNT_FLOWS_ONE_WAY);
}

static void end_flow(struct classify *c, struct flow *f, const char *reason)
{
	unsigned local = flow_local(f);
	struct dpi_label label;

	if (f->class == FLOW_CLOSED)
		reason = "closed";
	count_over(c, f);
	if (c->dpi != NULL && dpi_end(c->dpi, f, &label) && (label.wanted || (f->bits & FLOW_SPOKEN) != 0)) {
		ask_speak(c->asker, f, NULL, local, c->now_ns, c->number);
		say_label(c, label);
	}
	ask_end(c->asker, f);
	if ((f->bits & FLOW_SPOKEN) != 0) {
		ask_speak(c->asker, f, NULL, local, c->now_ns, c->number);
		report_end(&c->facts, f, reason);
	}
	table_remove(c->table, f);
	deliver_half_full(c);
}

/* Several workers: a flow that is over is told where one worker would have told it. */
static void place_end(struct classify *c, const struct flow *f, uint64_t frame)
{
	if (c->team == NULL)
		return;
	classify_deliver(c);
	c->facts.place = (struct facts_place){frame, TURN_OF_CLASS(f->class, table_order(c->table, f))};
}

static void place_packet(struct classify *c, const struct packet *p)
{
	if (c->team == NULL)
		return;
	classify_deliver(c);
	c->facts.place = (struct facts_place){p->number, TURN_PACKETS | p->nth};
	table_turn(c->table, p->number << 1 | p->nth);
}

static void move_time(struct classify *c, uint64_t now_ns)
{
	struct flow *f;

	c->now_ns = now_ns;
	table_time(c->table, now_ns);
	while ((f = table_due(c->table)) != NULL) {
		place_end(c, f, c->number);
		end_flow(c, f, "timeout");
	}
}

static void learn_macs(struct classify *c, const struct packet *p, const struct home_ends *ends)
{
	bool src_inside = ends->side == SIDE_INSIDE || (ends->side == SIDE_BORDER && !ends->second_is_local);
	bool dst_inside = ends->side == SIDE_INSIDE || (ends->side == SIDE_BORDER && ends->second_is_local);

	if (macs_learn(c->macs, p->src_mac, &p->src.addr, src_inside))
		report_card(&c->facts, p, p->src_mac, &p->src.addr, src_inside);
	if (macs_learn(c->macs, p->dst_mac, &p->dst.addr, dst_inside))
		report_card(&c->facts, p, p->dst_mac, &p->dst.addr, dst_inside);
}

static struct flow *begin_flow(struct classify *c, const struct packet *p, const struct flow_key *key)
{
	struct home_ends ends;
	bool pushed = false;
	struct flow *f;

	/* Who was taken for inside before this packet, all others have to have said. */
	if (c->team != NULL && home_guesses(c->home, &p->src.addr, &p->dst.addr)) {
		classify_deliver(c);
		c->team->await(c->team->ctx, p->number, p->nth);
	}
	ends = home_ends(c->home, &p->src.addr, &p->dst.addr);
	while ((f = table_add(c->table, key, p->ts_ns)) == NULL) {
		f = table_victim(c->table);
		pushed = f->class != FLOW_CLOSED;
		if (pushed)
			count(c->counts, COUNT_FLOW_EVICTED);
		end_flow(c, f, "evicted");
	}
	if (ends.guessed)
		count(c->counts, COUNT_FLOW_GUESSED);
	else if (ends.side == SIDE_INSIDE && !addr_is_multicast(&p->dst.addr))
		count(c->counts, COUNT_FLOW_INSIDE);
	else if (ends.side == SIDE_TRANSIT && !addr_is_multicast(&p->dst.addr))
		count(c->counts, COUNT_FLOW_TRANSIT);
	f->bits |= (uint8_t)ends.side;
	if ((key->from != 0) != ends.second_is_local)
		f->bits |= FLOW_LOCAL;
	if (ends.side != SIDE_BORDER || c->dpi == NULL) {
		f->bits |= FLOW_NO_DPI;
	} else if (pushed) {	/* a flood, probably: the dearest part of the program is not for it */
		f->bits |= FLOW_NO_DPI;
		count(c->counts, COUNT_NDPI_NO_ROOM);
	}
	if (p->has_mac)
		learn_macs(c, p, &ends);
	return f;
}

/* A SYN on a connection that is over: the ports are used again. */
static bool used_again(const struct flow *f, const struct packet *p)
{
	return f->class == FLOW_CLOSED && (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* Which idle time holds for the flow from now on. */
static void grow_up(struct classify *c, struct flow *f, const struct packet *p, unsigned from)
{
	if (f->ip_proto == IPPROTO_TCP) {
		if ((p->tcp_flags & TCP_FIN) != 0)
			f->more |= (uint8_t)(TCP_FIN_FROM << from);
		if ((p->tcp_flags & TCP_RST) != 0 || (f->more & TCP_FIN_FROM * 3) == TCP_FIN_FROM * 3) {
			if (f->class != FLOW_CLOSED)
				table_class(c->table, f, FLOW_CLOSED);
			return;
		}
	}
	if ((f->class == FLOW_UDP_NEW || f->class == FLOW_TCP_NEW) && from != flow_first(f))
		table_class(c->table, f, (enum flow_class)(f->class + 1));
}

/* --- a packet --- */

static void unreachable(struct classify *c, struct flow *f, const struct packet *p, unsigned from)
{
	if (f == NULL || (f->bits & FLOW_SPOKEN) == 0)
		return;
	ask_speak(c->asker, f, p, from, p->ts_ns, p->number);
	report_unreachable(&c->facts, p->icmp_code);
}

static void look_inside(struct classify *c, struct flow *f, const struct packet *p, unsigned from)
{
	if (f->ip_proto == IPPROTO_TCP) {
		ask_segment(c->asker, f, p, from);
		if (punch_crossed(f, p, from)) {
			ask_speak(c->asker, f, p, from, p->ts_ns, p->number);
			report_crossed(&c->facts);
		}
	} else if (p->payload_len > 0 && !ask_datagram(c->asker, f, p, from)) {
		f->data_packets[from]++;
		f->data_bytes[from] += p->payload_len;
	}
	if ((f->bits & FLOW_NO_DPI) == 0 && p->payload.left > 0)
		show_dpi(c, f, p, from);
}

/* Totals are told each second to begin with, later every fourth. `seen`: when its last packet came before this one. */
static bool is_time(const struct classify *c, const struct flow *f, uint32_t seen)
{
	return f->last_ns - f->start_ns < BEGINNING_NS || (seen ^ table_clock(c->table)) >> (FLOW_SECOND_SHIFT + 2) != 0;
}

/* Say how much it is by now, if it is time to. */
static void tell(struct classify *c, struct flow *f, const struct packet *p, unsigned from, bool spoken_before, bool second,
    uint32_t data_before)
{
	uint32_t data = f->data_packets[from];
	bool now = second;

	if ((f->bits & FLOW_SPOKEN) != 0 && !spoken_before)
		now = (f->data_packets[0] | f->data_packets[1]) != 0;
	else if (!spoken_before)
		now = (f->ip_proto == IPPROTO_UDP && (f->bits & (FLOW_SIDE | FLOW_CLAIMED)) == SIDE_BORDER &&
		    f->data_packets[0] >= TWO_WAY && f->data_packets[1] >= TWO_WAY) || punch_probes(f, from);
	if (!now && !(spoken_before && data != data_before && data <= TWO_WAY))
		return;
	ask_speak(c->asker, f, p, from, p->ts_ns, p->number);
	say_label_aside(c, f);
	report_totals(&c->facts, f);
}

/* Memory that only a flow in work needs. */
static void tidy(struct classify *c, struct flow *f)
{
	const struct flow_extra *e;

	if (!flow_has_extra(f) || (f->bits & FLOW_SPOKEN) != 0)
		return;
	e = table_extra(c->table, f);
	if (e->stream == 0 && e->dpi == 0 && e->holds == 0 && (f->more & FLOW_OWNED) == 0 && e->label[0] == 0)
		table_extra_free(c->table, f);
}

static void packet(struct classify *c, const struct packet *p, const struct flow_key *key)
{
	struct flow *f;
	bool spoken, second;
	uint32_t seen;
	uint32_t data;

	deliver_half_full(c);
	place_packet(c, p);
	c->number = p->number;
	c->now_ns = p->ts_ns;
	if (home_against(c->home, p)) {
		count(c->counts, COUNT_FLOW_AGAINST);
		return;
	}
	f = table_find(c->table, key);
	if (p->what == PACKET_UNREACHABLE) {
		unreachable(c, f, p, key->from);
		return;
	}
	if (f != NULL && used_again(f, p)) {
		end_flow(c, f, "closed");
		f = NULL;
	}
	if (f == NULL)
		f = begin_flow(c, p, key);
	seen = f->seen;
	second = table_touch(c->table, f, p->ts_ns) && is_time(c, f, seen);
	f->packets[key->from]++;
	f->bytes[key->from] += p->wire_len;
	grow_up(c, f, p, key->from);
	spoken = (f->bits & FLOW_SPOKEN) != 0;
	data = f->data_packets[key->from];
	look_inside(c, f, p, key->from);
	tell(c, f, p, key->from, spoken, second, data);
	tidy(c, f);
}

/* What a packet mostly costs is the wait for its flow, from memory that was not needed for long. So they are all asked for
 * first, step by step: where the table says they are, then the flows. */
static void fetch(struct classify *c, const struct packet *packets, const struct flow_key *keys, unsigned n)
{
	const struct flow *flow[CLASSIFY_MAX];

	for (unsigned i = 0; i < n; i++)
		flow[i] = table_fetch_flow(c->table, &keys[i]);
	for (unsigned i = 0; i < n; i++) {
		if (flow[i] != NULL && !ask_needs(flow[i], &packets[i]))
			flow[i] = NULL;
		if (flow[i] != NULL)
			table_fetch_extra(c->table, flow[i]);
	}
	for (unsigned i = 0; i < n; i++)
		if (flow[i] != NULL)
			ask_fetch(c->asker, flow[i], &packets[i]);
}

void classify_packets(struct classify *c, const struct packet *packets, unsigned n)
{
	struct flow_key keys[CLASSIFY_MAX];

	for (unsigned i = 0; i < n; i++) {
		table_key(c->table, &packets[i], &keys[i]);
		table_fetch_slot(c->table, &keys[i]);
	}
	if (n > 1)
		fetch(c, packets, keys, n);
	for (unsigned i = 0; i < n; i++)
		packet(c, &packets[i], &keys[i]);
}

void classify_time(struct classify *c, uint64_t ts_ns, uint64_t number)
{
	c->number = number;
	move_time(c, ts_ns);
}

void classify_advance(struct classify *c, uint64_t now_ns)
{
	if (now_ns > c->now_ns)
		move_time(c, now_ns);
}

void classify_finish(struct classify *c)
{
	struct flow *f;

	while ((f = table_any(c->table)) != NULL) {
		place_end(c, f, c->number + 1);	/* after all else */
		end_flow(c, f, "shutdown");
	}
	classify_deliver(c);
}
