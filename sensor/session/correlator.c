/* correlator.c -- see correlator.h: its parts made and freed, its clock, and what comes in. */
#include "correlator.h"

#include "detail.h"
#include "encryption.h"
#include "finding.h"
#include "named.h"
#include "outside.h"
#include "report.h"
#include "session.h"
#include "socket.h"
#include "step.h"
#include "timeline.h"

#include "../base/macs.h"
#include "../names/names.h"

#include <stdlib.h>

static const uint64_t SECOND = 1000000000ULL;
static const uint64_t BEGINNING_NS = 1ULL << 62;		/* of our clock: far from both ends, whatever the stamps do */
static const uint64_t BACK_NS = 60 * 1000000000ULL;	/* stamps that go back further begin another capture */

struct correlator *correlator_new(const struct settings *set, const struct signatures *signatures, struct counts *counts,
    event_sink sink, void *ctx)
{
	struct correlator *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->set = set->session;
	c->outside = set->home.outside;
	c->signatures = signatures;
	c->counts = counts;
	c->sink = sink;
	c->sink_ctx = ctx;
	hash_key_draw(&c->key);
	if (!store_init(&c->sockets, c->set.sockets, sizeof(struct socket), sizeof(struct socket_key), &c->key) ||
	    !store_init(&c->legs, c->set.legs, sizeof(struct leg), sizeof(struct leg_key), &c->key) ||
	    !store_init(&c->sessions, c->set.sessions, sizeof(struct session), sizeof(uint64_t), &c->key) ||
	    !store_init(&c->ufrags, c->set.sessions * 2, sizeof(struct ufrag), sizeof(struct ufrag_key), &c->key) ||
	    !store_init(&c->findings, c->set.sessions * 4, sizeof(struct finding), sizeof(struct finding_key), &c->key) ||
	    !encryption_init(c) || !outside_init(c) || (c->derive = derive_new(&c->key)) == NULL ||
	    (c->macs = macs_new()) == NULL) {
		correlator_free(c);
		return NULL;
	}
	return c;
}

static struct session *first_session(const struct correlator *c)
{
	return store_weakest(&c->sessions);
}

void correlator_free(struct correlator *c)
{
	if (c == NULL)
		return;
	for (struct session *s; c->sessions.n > 0; store_drop(&c->sessions, s)) {
		s = first_session(c);
		timeline_free(s->timeline);
	}
	store_clear(&c->sockets);
	store_clear(&c->legs);
	store_clear(&c->sessions);
	store_clear(&c->ufrags);
	store_clear(&c->findings);
	encryption_clear(c);
	derive_free(c->derive);
	macs_free(c->macs);
	free(c->name_facts);
	outside_clear(c);
	free(c);
}

void correlator_use_profile(struct correlator *c, const struct crypto_profile *p)
{
	c->profile = p;
}

void correlator_use_signatures(struct correlator *c, const struct signatures *signatures)
{
	c->signatures = signatures;
}

void correlator_use_settings(struct correlator *c, const struct session_settings *s)
{
	c->set.settle_ms = s->settle_ms;
	c->set.update_s = s->update_s;
	c->set.idle_s = s->idle_s;
	c->set.again_s = s->again_s;
	c->set.join_s = s->join_s;
	c->set.informational = s->informational;
	c->set.severity = s->severity;
}

void correlator_use_judge(struct correlator *c, struct judge *j)
{
	c->judge = j;
}

struct judge *correlator_judge(const struct correlator *c)
{
	return c->judge;
}

void correlator_on_session_end(struct correlator *c, void (*on_end)(void *ctx, const struct session_view *), void *ctx)
{
	c->on_end = on_end;
	c->on_end_ctx = ctx;
}

void correlator_on_message(struct correlator *c, void (*on_message)(void *ctx, const struct message *), void *ctx)
{
	c->on_message = on_message;
	c->on_message_ctx = ctx;
}

/* Our clock follows the stamps, but never goes back: a stamp that is a little late changes nothing, and one that is much
 * too early begins another capture, whose time goes on from here. */
static void clock_follow(struct correlator *c, uint64_t ts_ns)
{
	uint64_t now = ts_ns + c->shift_ns;

	if (!c->started) {
		c->started = true;
		c->shift_ns = BEGINNING_NS - ts_ns;
		c->now_ns = now = BEGINNING_NS;
	}
	if (now >= c->now_ns)
		c->now_ns = now;
	else if (c->now_ns - now > BACK_NS)
		c->shift_ns += c->now_ns - now;
}

/* What has become due: claims that settled, updates, flows, sessions that fell silent. */
static void run(struct correlator *c)
{
	if (c->blocked || !report_run(c))
		return;
	while (c->ending != NULL)
		if (!session_end(c, c->ending))
			return;
	for (enum rank rank = RANK_HEARD; rank < RANKS; rank++) {
		struct session *s;

		while ((s = store_oldest(&c->sessions, rank)) != NULL && c->now_ns - s->last_ns > c->set.idle_s * SECOND)
			if (!session_end(c, s))
				return;
	}
}

static void introduce(struct correlator *c, const struct reading *r)
{
	struct introduction *i = &c->intro;
	struct cursor mac = r->mac;

	*i = (struct introduction){.flow_id = r->m->flow_id, .interface = (uint16_t)r->interface, .vlan = (uint16_t)r->vlan};
	if (says(r, FACT_HOST_MAC) && mac.left == sizeof i->mac) {
		cur_copy(&mac, i->mac, sizeof i->mac);
		i->has_mac = macs_host(c->macs, i->mac);
	}
	if (i->has_mac)
		card_told(c, i->mac, &r->m->local.addr);
}

/* What a worker learnt of Ethernet addresses; what others did, it does not know. */
static bool learn_card(struct correlator *c, const struct message *m)
{
	struct fact card, at;
	size_t i = 0;
	uint8_t mac[6];

	if (!message_next(m, &i, &card) || card.id != FACT_CARD)
		return false;
	if (card.bytes.left == sizeof mac && message_find(m, FACT_CARD_AT, &at)) {
		cur_copy(&card.bytes, mac, sizeof mac);
		macs_learn(c->macs, mac, &at.endpoint.addr, !message_has(m, FACT_CARD_OUTSIDE));
	}
	return true;
}

/* It tells names in passing. */
static bool is_naming(const struct message *m)
{
	struct fact f;
	size_t at = 0;

	return message_next(m, &at, &f) && (f.id == FACT_DNS_ANSWER || f.id == FACT_NAMING);
}

/* Only what concerns the border: between inside hosts, what says so, and what is followed for it. */
static bool concerns_us(const struct correlator *c, const struct message *m)
{
	return m->side == SIDE_BORDER || (m->side == SIDE_INSIDE && (message_has(m, FACT_BORDER) || leg_find(c, m) != NULL));
}

static void take(struct correlator *c, const struct reading *r)
{
	if (c->on_message != NULL)
		c->on_message(c->on_message_ctx, r->m);
	step_message(c, r);
}

/* What we conclude from a message, as messages of the same moment. */
static void conclude(struct correlator *c, const struct facts *f)
{
	const struct message *m;
	struct reading own;
	size_t at = 0;

	while (facts_next(f, &at, &m)) {
		reading_of(&own, m);
		own.concluded = true;
		take(c, &own);
	}
}

/* Calls that are signalled elsewhere may have media that cross the border. */
static void overhear(struct correlator *c, const struct message *m)
{
	struct reading r;

	if (!message_has(m, FACT_SDP_AT) && !message_has(m, FACT_TELEPHONY))
		return;
	reading_of(&r, m);
	derive_overheard(c->derive, &r, c->now_ns);
}

void correlator_facts(struct correlator *c, const struct facts *f)
{
	const struct facts *named;
	const struct message *m;
	struct reading r;
	size_t at = 0;

	c->blocked = false;
	if (c->names != NULL)
		names_follow(c->names);
	while (facts_next(f, &at, &m)) {
		if (learn_card(c, m))
			continue;
		if (c->due_first != NULL)
			run(c);		/* flows that are over are told before time goes on, wherever a batch ends */
		clock_follow(c, m->ts_ns);
		run(c);
		if (m->two_way)
			c->flow_two_way_ns = c->now_ns;
		if (is_naming(m)) {
			if (c->names != NULL)
				names_learn(c->names, m, c->now_ns);
			continue;
		}
		if (!concerns_us(c, m)) {
			overhear(c, m);
			continue;
		}
		reading_of(&r, m);
		if (says(&r, FACT_FLOW_NEW)) {
			introduce(c, &r);
			if ((named = named_flow(c, &r)) != NULL)
				conclude(c, named);
		}
		if (c->set.detail && says(&r, FACT_DETAIL_METHOD))
			detail_event(c, m);
		/* What derivers say comes before it: it may be the flow's last. */
		conclude(c, derive_all(c->derive, &r, c->now_ns));
		take(c, &r);
	}
	run(c);
}

void correlator_advance(struct correlator *c, uint64_t now_ns)
{
	if (!c->started)
		return;
	c->blocked = false;
	if (c->names != NULL)
		names_follow(c->names);
	clock_follow(c, now_ns);
	run(c);
}

/* Claims that wait, in the order in which they would have settled; then all sessions, quiet ones first. */
void correlator_finish(struct correlator *c)
{
	struct session *s;

	c->blocked = false;
	while (c->settling.first != NULL)
		if (!report_now(c, c->settling.first))
			return;
	if (!report_run(c))
		return;
	while ((s = first_session(c)) != NULL)
		if (!session_end(c, s))
			return;
	report_run(c);
}
