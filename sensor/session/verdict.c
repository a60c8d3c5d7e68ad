/* verdict.c -- see verdict.h. */
#include "verdict.h"

#include "finding.h"
#include "named.h"
#include "encryption.h"
#include "media.h"
#include "outside.h"
#include "role.h"
#include "sentence.h"
#include "skype.h"
#include "socket.h"

#include <inttypes.h>
#include <stdio.h>

bool verdict_counts(enum kind kind, const struct leg *l)
{
	enum role role = (enum role)l->role;

	if (kind_is_found(kind))
		return (l->found >> kind & 1) != 0;
	switch (kind) {
	case KIND_HOLE_PUNCH:
		return role == ROLE_PEER;
	case KIND_TURN_RELAY:
		return role == ROLE_RELAY || role == ROLE_FAR_RELAY;
	case KIND_CONFERENCE:
		return role == ROLE_SERVICE;
	case KIND_HOLE_PUNCH_ATTEMPT:
		return role == ROLE_CANDIDATE;
	default:
		return role == ROLE_SERVER;
	}
}

/* More data, then what can be reached at all, then what was proved, then the earlier one. */
bool verdict_speaks(const struct leg *a, const struct leg *b)
{
	uint64_t da = a->talk[IN].data_packets + a->talk[OUT].data_packets + a->talk[IN].wrapped_packets +
	    a->talk[OUT].wrapped_packets;
	uint64_t db = b->talk[IN].data_packets + b->talk[OUT].data_packets + b->talk[IN].wrapped_packets +
	    b->talk[OUT].wrapped_packets;
	bool pa = addr_is_private(&a->key.remote.addr), pb = addr_is_private(&b->key.remote.addr);
	unsigned ra = (a->allocated > 0) + (a->answers > 0), rb = (b->allocated > 0) + (b->answers > 0);

	if (a->role == ROLE_SERVER && (a->queries > 0) != (b->queries > 0))
		return a->queries > 0;
	if (a->role != ROLE_SERVER && da != db)
		return da > db;
	if (pa != pb)
		return pb;
	if (ra != rb)
		return ra > rb;
	return a->role_packet < b->role_packet;
}

/* Sent to a group: that is nobody's address. */
static bool to_group(const struct leg *l)
{
	return addr_is_multicast(&l->key.remote.addr);
}

/* Who is outside, then a direct path, then what is said to be a peer, then more data, then the earlier one. */
bool verdict_found_speaks(const struct leg *a, const struct leg *b)
{
	uint64_t da = a->flow.bytes[IN] + a->flow.bytes[OUT], db = b->flow.bytes[IN] + b->flow.bytes[OUT];

	if (a->inside != b->inside)
		return b->inside;
	if (leg_is_direct(a) != leg_is_direct(b))
		return leg_is_direct(a);
	if (a->far_end != b->far_end)
		return a->far_end > b->far_end;
	if (to_group(a) != to_group(b))
		return to_group(b);
	if (da != db)
		return da > db;
	return a->found_at.packet < b->found_at.packet;
}

static const struct leg *oldest(const struct socket *k)
{
	const struct leg *l = k->legs;

	while (l != NULL && l->next != NULL)
		l = l->next;
	return l;
}

const struct leg *verdict_main(const struct socket *k, enum kind kind)
{
	const struct leg *best = NULL;

	for (const struct leg *l = k->legs; l != NULL; l = l->next)
		if (verdict_counts(kind, l) &&
		    (best == NULL || (kind_is_found(kind) ? verdict_found_speaks(l, best) : verdict_speaks(l, best))))
			best = l;
	return best;
}

const struct leg *verdict_found(const struct session *s, enum kind kind)
{
	const struct leg *best = NULL;

	for (const struct socket *k = s->sockets; k != NULL; k = k->next) {
		const struct leg *l = verdict_main(k, kind);

		if (l != NULL && (best == NULL || verdict_found_speaks(l, best)))
			best = l;
	}
	return best;
}

/* Towards different ends the same public address, or another one (RFC 4787, 4.1)? */
enum nat verdict_nat(const struct socket *k)
{
	enum nat nat = NAT_UNKNOWN;

	for (const struct leg *a = k->legs; a != NULL; a = a->next) {
		if (!a->has_mapped)
			continue;
		if (endpoint_equal(&a->mapped, &k->key.local))
			return NAT_NONE;
		if (addr_is_private(&a->mapped.addr))
			continue;	/* a server inside somebody's cloud sees an address of its own */
		for (const struct leg *b = a->next; b != NULL; b = b->next) {
			if (!b->has_mapped || endpoint_equal(&a->key.remote, &b->key.remote) ||
			    addr_is_private(&b->mapped.addr))
				continue;
			if (!endpoint_equal(&a->mapped, &b->mapped))
				return NAT_DEPENDENT;
			nat = NAT_INDEPENDENT;
		}
	}
	return nat;
}

/* What was seen on this leg, where nothing is there yet. */
static void add_leg(struct proof rows[], const struct leg *l)
{
	for (unsigned i = 0; i < PROOF_LEG_N; i++)
		if (l->saw[i].packet != 0)
			proof_endpoint(rows, PROOF_LEG + i, l->saw[i].packet, l->saw[i].ts_ns, &l->key.remote);
}

/* By-products of candidates that led nowhere: they count whichever candidate showed them. */
static void add_byproducts(struct proof rows[], const struct leg *l)
{
	static const uint8_t which[] = {PROOF_UNROUTABLE, PROOF_UNREACHABLE, PROOF_FAILED};

	for (size_t i = 0; i < sizeof which; i++) {
		const struct sight *s = &l->saw[which[i] - PROOF_LEG];

		if (s->packet != 0)
			proof_endpoint(rows, which[i], s->packet, s->ts_ns, &l->key.remote);
	}
}

static void add_far_relay(const struct correlator *c, struct proof rows[], const struct leg *l)
{
	const struct outside *o = outside_find(c, &l->key.remote.addr);

	if (o != NULL && o->relay && o->packet > l->role_packet)
		proof_endpoint(rows, PROOF_FAR_RELAY, o->packet, o->ts_ns, &l->key.remote);
	else if (o != NULL && o->relay)
		proof_endpoint(rows, PROOF_FAR_RELAY, l->role_packet, l->role_ts_ns, &l->key.remote);
}

void verdict_proofs(const struct correlator *c, const struct session *s, const struct socket *k, enum kind kind,
    struct proof rows[PROOF_N])
{
	const struct leg *main = verdict_main(k, kind);
	unsigned claim = main != NULL && main->role == ROLE_FAR_RELAY ? CLAIM_FAR_RELAY : (unsigned)kind;

	memset(rows, 0, PROOF_N * sizeof *rows);
	memcpy(rows, k->proofs, sizeof k->proofs);
	if (main != NULL)
		add_leg(rows, main);
	if (claim == CLAIM_FAR_RELAY)
		add_far_relay(c, rows, main);
	for (const struct socket *o = s->sockets; o != NULL; o = o->next) {
		for (unsigned i = 0; i < PROOF_LEG; i++)
			if (rows[i].packet == 0 && o->proofs[i].packet != 0)
				rows[i] = o->proofs[i];
		for (const struct leg *l = oldest(o); l != NULL; l = l->previous)
			add_byproducts(rows, l);
	}
	proofs_only(rows, claim);
}

/* --- filling in --- */

/* The rows that are there, at most EVENT_EVIDENCE: the weakest are left out. In packet order. */
static unsigned strongest(const struct proof rows[PROOF_N], uint8_t which[PROOF_N])
{
	unsigned n = 0;

	memset(which, 0, PROOF_N);
	for (unsigned i = 0; i < PROOF_N; i++) {
		unsigned at = n;

		if (rows[i].packet == 0)
			continue;
		for (; at > 0 && rows[which[at - 1]].packet > rows[i].packet; at--)
			which[at] = which[at - 1];
		which[at] = (uint8_t)i;
		n++;
	}
	for (; n > EVENT_EVIDENCE; n--) {
		unsigned worst = 0;

		for (unsigned i = 1; i < n; i++)
			if (proof_defs[which[i]].weight < proof_defs[which[worst]].weight)
				worst = i;
		memmove(&which[worst], &which[worst + 1], n - worst - 1);
	}
	return n;
}

static void fill_evidence(struct event_alert *a, const struct proof rows[PROOF_N])
{
	uint8_t which[PROOF_N];

	a->n_evidence = (uint8_t)strongest(rows, which);
	a->score = (uint8_t)proofs_score(rows);
	a->evidence_total = 0;
	for (unsigned i = 0; i < PROOF_N; i++)
		a->evidence_total = (uint16_t)(a->evidence_total + (rows[i].packet != 0));
	for (unsigned i = 0; i < a->n_evidence; i++) {
		const struct proof *row = &rows[which[i]];
		struct evidence *e = &a->evidence[i];
		char value[PROOF_PRINT];

		memset(e, 0, sizeof *e);
		e->fact = 0xffff;
		snprintf(e->name, sizeof e->name, "%s", proof_defs[which[i]].name);
		e->weight = proof_defs[which[i]].weight;
		e->packet = row->packet;
		e->ts_ns = row->ts_ns;
		snprintf(e->value, sizeof e->value, "%s", proof_print(row, value));
	}
}

static enum scope scope_of(const struct correlator *c, const struct endpoint *e)
{
	if (outside_is_relay(c, &e->addr))
		return SCOPE_RELAY;
	return addr_is_private(&e->addr) ? SCOPE_UNROUTABLE : SCOPE_PUBLIC;
}

static bool is_listed(const struct endpoint *list, unsigned n, const struct endpoint *e)
{
	for (unsigned i = 0; i < n; i++)
		if (endpoint_equal(&list[i], e))
			return true;
	return false;
}

static void add_peer(struct event_alert *a, const struct endpoint *e)
{
	if (is_listed(a->peers, a->n_peers, e))
		return;
	a->peers_total++;
	if (a->n_peers < EVENT_PEERS)
		a->peers[a->n_peers++] = *e;
}

/* The peer behind a relay that matters: with whom most went on, and of these one that a person can do something with: a
 * public one first. */
static const struct endpoint *best_behind(const struct socket *k)
{
	const struct behind *best = NULL;

	for (unsigned i = 0; i < k->n_behind; i++) {
		const struct behind *b = &k->behind[i];

		if (best == NULL || b->carried > best->carried ||
		    (b->carried == best->carried && addr_is_private(&best->at.addr) && !addr_is_private(&b->at.addr)))
			best = b;
	}
	return best != NULL ? &best->at : NULL;
}

static void add_remotes(struct event_alert *a, const struct socket *k, enum kind kind)
{
	for (const struct leg *l = oldest(k); l != NULL; l = l->previous)
		if (verdict_counts(kind, l) && l->role != ROLE_RELAY)
			add_peer(a, &l->key.remote);
}

static void add_found(struct event_alert *a, const struct socket *k, enum kind kind, const struct leg *main)
{
	for (const struct leg *l = oldest(k); l != NULL; l = l->previous)
		if (verdict_counts(kind, l) && l->far_end == main->far_end && leg_is_direct(l) == leg_is_direct(main) &&
		    l->inside == main->inside && !to_group(l))
			add_peer(a, &l->key.remote);
}

static void add_behind(struct event_alert *a, const struct leg *l)
{
	if (addr_is_unspecified(&l->target.addr))
		return;
	if (!a->has_peer) {
		a->has_peer = true;
		a->peer = l->target;
	}
	add_peer(a, &l->target);
}

/* Who is behind proxies: of this leg first. */
static void proxied_peers(struct event_alert *a, const struct session *s, const struct socket *k, enum kind kind, const struct leg *main)
{
	add_behind(a, main);
	for (const struct leg *l = oldest(k); l != NULL; l = l->previous)
		if (l->proxied && verdict_counts(kind, l))
			add_behind(a, l);
	for (const struct socket *o = s->sockets; o != NULL; o = o->next)
		for (const struct leg *l = oldest(o); l != NULL && o != k; l = l->previous)
			if (l->proxied && verdict_counts(kind, l))
				add_behind(a, l);
}

/* Ends like ours that signatures found: of this socket first, then of the session's others. A server is no peer. */
static void found_peers(struct event_alert *a, const struct session *s, const struct socket *k, enum kind kind,
    const struct leg *main)
{
	if (main->proxied)
		proxied_peers(a, s, k, kind, main);
	if (main->far_end == FAR_SERVER || main->far_end == FAR_RELAY || to_group(main))
		return;
	a->has_peer = true;
	a->peer = main->key.remote;
	add_peer(a, &main->key.remote);
	add_found(a, k, kind, main);
	for (const struct socket *o = s->sockets; o != NULL; o = o->next)
		if (o != k)
			add_found(a, o, kind, main);
}

static void fill_peers(const struct correlator *c, struct event_alert *a, const struct session *s, const struct socket *k,
    enum kind kind, const struct leg *main)
{
	const struct endpoint *behind;

	if (kind == KIND_STUN_DISCOVERY || kind == KIND_NONE || main == NULL)
		return;
	if (kind_is_found(kind) && kind != KIND_RELAY_TUNNEL) {
		found_peers(a, s, k, kind, main);
		if (a->has_peer)
			a->peer_scope = main->inside ? SCOPE_INSIDE : scope_of(c, &a->peer);
		return;
	}
	if (kind == KIND_RELAY_TUNNEL || (kind == KIND_TURN_RELAY && main->role == ROLE_RELAY)) {
		behind = best_behind(k);
		a->has_peer = behind != NULL;
		if (behind != NULL) {
			a->peer = *behind;
			add_peer(a, behind);
		}
		for (unsigned i = 0; i < k->n_behind; i++)
			add_peer(a, &k->behind[i].at);
		if (k->behind_total > a->peers_total)
			a->peers_total = k->behind_total;
	} else {
		a->has_peer = true;
		a->peer = main->key.remote;
		add_peer(a, &main->key.remote);
	}
	add_remotes(a, k, kind);
	/* Behind a NAT that gives each path a port of its own, outside, one call's candidates are on many sockets. */
	for (const struct socket *o = s->sockets; o != NULL && kind == KIND_HOLE_PUNCH_ATTEMPT; o = o->next)
		if (o != k)
			add_remotes(a, o, kind);
	if (a->has_peer)
		a->peer_scope = scope_of(c, &a->peer);
}

static void add_server(struct event_alert *a, const struct leg *l)
{
	if (l->queries + l->answers + l->asked + l->allocated + l->answers_else + l->allocated_orphans == 0 &&
	    l->far_end != FAR_SERVER)
		return;
	for (unsigned i = 0; i < a->n_servers; i++)
		if (endpoint_equal(&a->servers[i].at, &l->key.remote))
			return;
	if (a->n_servers == EVENT_SERVERS)
		return;
	memset(&a->servers[a->n_servers], 0, sizeof a->servers[0]);
	a->servers[a->n_servers].at = l->key.remote;
	a->servers[a->n_servers].relay = l->role == ROLE_RELAY || l->far_end == FAR_RELAY;
	snprintf(a->servers[a->n_servers].software, sizeof a->servers[0].software, "%s", l->software);
	a->n_servers++;
}

/* Servers, relay and public addresses: of this socket first, then of the session's others. */
static void fill_around(struct event_alert *a, const struct session *s, const struct socket *k)
{
	const struct leg *relay = NULL;

	for (const struct leg *l = oldest(k); l != NULL; l = l->previous) {
		add_server(a, l);
		if (l->has_mapped && !is_listed(a->mapped, a->n_mapped, &l->mapped) && a->n_mapped < EVENT_MAPPED)
			a->mapped[a->n_mapped++] = l->mapped;
	}
	for (const struct socket *o = s->sockets; o != NULL; o = o->next)
		for (const struct leg *l = oldest(o); l != NULL; l = l->previous) {
			add_server(a, l);
			if (l->role == ROLE_RELAY && (relay == NULL || verdict_speaks(l, relay)))
				relay = l;
		}
	if (!a->has_relay && relay != NULL) {
		a->has_relay = true;
		a->relay = relay->key.remote;
	}
}

static void fill_flow(struct event *e, const struct leg *l)
{
	enum way client = l->flow.local_first ? OUT : IN;

	e->flow_id = l->flow.id;
	e->src = l->key.local;
	e->dst = l->key.remote;
	e->ip_proto = l->key.ip_proto;
	e->to_server = l->flow.local_first;
	e->interface = l->flow.interface;
	e->vlan = l->flow.vlan;
	snprintf(e->app_proto, sizeof e->app_proto, "%s", leg_app(l));
	e->flow.packets_toserver = l->flow.packets[client];
	e->flow.packets_toclient = l->flow.packets[!client];
	e->flow.bytes_toserver = l->flow.bytes[client];
	e->flow.bytes_toclient = l->flow.bytes[!client];
	e->flow.start_ns = l->flow.start_ts_ns;
	media_fill(&e->media, l);
}

static enum path path_of(enum kind kind, const struct leg *main)
{
	if (kind == KIND_RELAY_TUNNEL)
		return PATH_RELAY;
	if (kind_is_found(kind) && main != NULL)
		return leg_is_direct(main) ? PATH_DIRECT : main->far_end == FAR_SERVER ? PATH_SERVER :
		    main->far_end == FAR_RELAY ? PATH_RELAY : PATH_UNKNOWN;
	switch (kind) {
	case KIND_HOLE_PUNCH:
		return PATH_DIRECT;
	case KIND_TURN_RELAY:
		return PATH_RELAY;
	case KIND_CONFERENCE:
		return PATH_CONFERENCE;
	default:
		return PATH_UNKNOWN;
	}
}

/* What the leg is claimed to be rests on what one end was heard to say. */
static bool is_one_way(const struct leg *l, enum kind kind)
{
	if (kind_is_found(kind))
		return false;
	switch (l->role) {
	case ROLE_RELAY:
		return l->allocated == 0 && (l->talk[IN].relaying == 0 || l->talk[OUT].relaying == 0);
	case ROLE_SERVER:
		return l->answer_orphans > 0 && l->answers == 0 && l->queries == 0;
	default:
		return l->one_way;
	}
}

/* What signatures claim: name, weight and reasons are the claiming one's. A stack's or an operator's name leaves an application its own. */
static void fill_found(const struct correlator *c, struct event_alert *a, const struct session *s, enum kind kind)
{
	unsigned sum;
	const struct signature *g = finding_claim(c, s, kind, &sum);

	a->score = 0;
	a->n_evidence = 0;
	a->evidence_total = 0;
	if (g == NULL)
		return;
	finding_evidence(s, g->sid, false, a);
	a->score = (uint8_t)(sum < 100 ? sum : 100);
	if (g->app != NULL && (g->level == NAME_APPLICATION || a->app[0] == '\0' || a->app_family)) {
		snprintf(a->app, sizeof a->app, "%s", g->app);
		a->app_confidence = a->score;
		a->app_family = g->level != NAME_APPLICATION;
	}
	if (g->severity != 0)
		a->severity = g->severity;
	if (g->experimental)
		a->severity = 3;
	a->rule_sid = g->sid;
	a->experimental = g->experimental;
	snprintf(a->rule_title, sizeof a->rule_title, "%s", g->title != NULL ? g->title : "");
	}

static void fill_alert(struct correlator *c, const struct session *s, const struct socket *k, enum kind kind,
    const struct leg *main)
{
	struct event_alert *a = &c->event.alert;
	struct app_verdict app = finding_app(c, s);
	struct proof rows[PROOF_N];

	a->kind = kind;
	a->severity = kinds[kind].severity;
	a->informational = kinds[kind].informational;
	a->path = path_of(kind, main);
	a->nat = verdict_nat(k);
	a->local = k->key.local;
	a->start_ns = s->start_ts_ns;
	a->duration_ns = s->last_ts_ns - s->start_ts_ns;
	a->behind_nat = c->outside;
	snprintf(a->session, sizeof a->session, "%016" PRIx64, s->id);
	if (app.name != NULL) {
		snprintf(a->app, sizeof a->app, "%s", app.name);
		a->app_confidence = app.confidence;
		a->app_family = app.family;
	}
	a->has_mac = k->has_mac && card_is_hosts(c, k->mac);
	if (a->has_mac)
		memcpy(a->mac, k->mac, sizeof a->mac);
	a->vlan = k->vlan;
	if ((kind == KIND_TURN_RELAY || kind == KIND_RELAY_TUNNEL || (kind_is_found(kind) && main != NULL && main->far_end == FAR_RELAY)) &&
	    main != NULL) {
		a->has_relay = true;
		a->relay = main->key.remote;
	}
	fill_peers(c, a, s, k, kind, main);
	fill_around(a, s, k);
	named_alert(c, k, a);
	if (kind == KIND_HOLE_PUNCH && a->severity < 2 &&
	    (a->peer_scope == SCOPE_HOSTING || a->peer_scope == SCOPE_SERVICE))
		a->severity = 2;
	for (const struct leg *l = k->legs; l != NULL; l = l->next)
		if (verdict_counts(kind, l)) {
			a->bytes_out += l->flow.bytes[OUT];
			a->bytes_in += l->flow.bytes[IN];
		}
	a->one_way = main != NULL && is_one_way(main, kind);
	encryption_fill(c, s, main, kind, &a->crypto);
	if (kind_is_found(kind)) {
		fill_found(c, a, s, kind);
		if (kind == KIND_SKYPE)
			skype_fill(s, a);
	} else {
		verdict_proofs(c, s, k, kind, rows);
		fill_evidence(a, rows);
		if (app.name != NULL)
			finding_evidence(s, app.sid, true, a);
	}
	a->n_other_apps = (uint8_t)finding_other_apps(c, s, a->app, a->other_apps);
	sentence_write(a, s, main);
}

/* The packet that made the claim good. */
static void found_since(struct correlator *c, const struct session *s, enum kind kind)
{
	unsigned sum;
	const struct signature *g = finding_claim(c, s, kind, &sum);
	struct sight at;

	if (g == NULL)
		return;
	at = finding_reached(s, g->sid, g->alert);
	c->event.packet = at.packet;
	c->event.ts_ns = at.ts_ns;
}

static void verdict(struct correlator *c, const struct session *s, const struct socket *k, enum kind kind)
{
	const struct leg *main = verdict_main(k, kind);

	memset(&c->event, 0, offsetof(struct event, alert) + offsetof(struct event_alert, evidence));
	if (main == NULL)
		main = k->legs;
	if (main != NULL) {
		fill_flow(&c->event, main);
		snprintf(c->event.session, sizeof c->event.session, "%016" PRIx64, s->id);
		c->event.ts_ns = main->role_ts_ns;
		c->event.packet = main->role_packet;
	}
	fill_alert(c, s, k, kind, main);
	if (kind_is_found(kind))
		found_since(c, s, kind);
	/* What was learnt elsewhere made the path what it is: no packet of its own did, so the last of its evidence stands for it. */
	if (c->event.packet == 0 && c->event.alert.n_evidence > 0) {
		const struct evidence *last = &c->event.alert.evidence[c->event.alert.n_evidence - 1];

		c->event.packet = last->packet;
		c->event.ts_ns = last->ts_ns;
	}
}

void verdict_alert(struct correlator *c, const struct session *s, const struct socket *k, enum kind kind, bool update)
{
	verdict(c, s, k, kind);
	c->event.type = EVENT_ALERT;
	c->event.alert.update = update;
	/* An update was made by what came last of what no event has named. */
	for (const struct leg *l = k->legs; update && l != NULL; l = l->next)
		if (kind_is_found(kind) && verdict_counts(kind, l) && !l->found_named && l->found_at.packet > c->event.packet) {
			c->event.packet = l->found_at.packet;
			c->event.ts_ns = l->found_at.ts_ns;
		} else if (!kind_is_found(kind) && verdict_counts(kind, l) && !l->named && l->role_packet > c->event.packet) {
			c->event.packet = l->role_packet;
			c->event.ts_ns = l->role_ts_ns;
		}
}

void verdict_session(struct correlator *c, const struct session *s, const struct socket *k, enum kind kind)
{
	verdict(c, s, k, kind);
	if (c->judge != NULL && kind != KIND_NONE)
		judge_grade(c->judge, &c->event);
	c->event.type = EVENT_SESSION;
	c->event.ts_ns = s->last_ts_ns;
}

void verdict_flow(struct correlator *c, const struct leg *l, uint64_t session_id)
{
	static const char *const reasons[] = {"", "timeout", "timeout", "forced", "shutdown"};
	struct event *e = &c->event;
	bool both = l->flow.packets[IN] > 0 && l->flow.packets[OUT] > 0;

	memset(e, 0, offsetof(struct event, alert));
	e->type = EVENT_FLOW;
	fill_flow(e, l);
	e->ts_ns = l->flow.last_ts_ns;
	e->packet = 0;
	e->flow.end_ns = l->flow.last_ts_ns;
	e->flow.alerted = true;
	snprintf(e->flow.reason, sizeof e->flow.reason, "%s", reasons[l->flow.end]);
	snprintf(e->flow.state, sizeof e->flow.state, "%s",
	    l->flow.end == FLOW_CLOSED ? "closed" : both ? "established" : "new");
	snprintf(e->session, sizeof e->session, "%016" PRIx64, session_id);
}
