/* report.c -- see report.h. */
#include "report.h"

#include "finding.h"
#include "role.h"
#include "session.h"
#include "skype.h"
#include "socket.h"
#include "timeline.h"
#include "verdict.h"

enum { DIRECT_AT_ONCE = 4 };	/* sockets with direct paths that are alerted together; the others come as updates */

static uint32_t bit(enum kind kind)
{
	return 1u << kind;
}

/* --- the sink --- */

static bool give(struct correlator *c)
{
	if (c->blocked || !c->sink(c->sink_ctx, &c->event)) {
		c->blocked = true;
		return false;
	}
	count(c->counts, COUNT_EVENTS);
	if (c->event.type == EVENT_ALERT)
		count(c->counts, COUNT_ALERTS);
	return true;
}

/* --- flows --- */

uint64_t report_id(const struct session *s)
{
	return s->alerted != 0 ? s->id : s->folded ? s->folded_id : 0;
}

static uint64_t flow_id_of_session(const struct leg *l)
{
	const struct session *s = l->socket->session;
	uint64_t id = s != NULL ? report_id(s) : 0;

	return id != 0 ? id : l->session_id;
}

static void flow_due(struct correlator *c, struct leg *l)
{
	if (l->due || l->flow.told)
		return;
	l->due = true;
	l->due_next = NULL;
	if (c->due_last != NULL)
		c->due_last->due_next = l;
	else
		c->due_first = l;
	c->due_last = l;
}

static void due_take(struct correlator *c, struct leg *l)
{
	struct leg **at = &c->due_first, *before = NULL;

	while (*at != l) {
		before = *at;
		at = &(*at)->due_next;
	}
	*at = l->due_next;
	if (c->due_last == l)
		c->due_last = before;
	l->due_next = NULL;
	l->due = false;
}

void report_flow_forget(struct correlator *c, struct leg *l)
{
	due_take(c, l);
}

void report_flow_over(struct correlator *c, struct leg *l)
{
	if (flow_id_of_session(l) != 0)
		flow_due(c, l);
	else if (l->socket->session == NULL)
		leg_drop(c, l);
}

static bool run_flows(struct correlator *c)
{
	while (c->due_first != NULL) {
		struct leg *l = c->due_first;

		verdict_flow(c, l, flow_id_of_session(l));
		if (!give(c))
			return false;
		due_take(c, l);
		l->flow.told = true;
		if (l->socket->session == NULL)
			leg_drop(c, l);
	}
	return true;
}

/* The session has an alert: flows of it that ended before are due. */
static void flows_of(struct correlator *c, const struct session *s)
{
	for (const struct socket *k = s->sockets; k != NULL; k = k->next)
		for (struct leg *l = k->legs; l != NULL; l = l->next)
			if (l->flow.end != FLOW_GOING)
				flow_due(c, l);
}

/* --- what a session has to say --- */

struct survey {
	uint32_t roles;				/* bits of enum role */
	const struct socket *best[ROLE_PEER + 1];	/* the socket with the best leg of that role */
	const struct socket *direct[DIRECT_AT_ONCE];	/* with a direct path that is not told yet */
	unsigned n_direct;
	bool changed;
	uint32_t found_changed;			/* bits of kinds of findings with direct paths that no event has named */
};

/* Look at all legs again: what is believed, and who is a relay, may have changed since they were judged. */
static void survey(const struct correlator *c, struct session *s, struct survey *v)
{
	const struct leg *best[ROLE_PEER + 1] = {0};

	memset(v, 0, sizeof *v);
	for (struct socket *k = s->sockets; k != NULL; k = k->next) {
		bool direct = false;

		for (struct leg *l = k->legs; l != NULL; l = l->next) {
			l->role = (uint8_t)role_of(c, l);
			v->roles |= 1u << l->role;
			direct |= l->role == ROLE_PEER;
			v->changed |= l->role >= ROLE_RELAY && !l->named;
			v->found_changed |= l->found & s->alerted & (leg_is_direct(l) && !l->found_named ? ~0U : 0);
			if (best[l->role] == NULL || verdict_speaks(l, best[l->role])) {
				v->best[l->role] = k;
				best[l->role] = l;
			}
		}
		if (direct && !k->direct_told && v->n_direct < DIRECT_AT_ONCE)
			v->direct[v->n_direct++] = k;
	}
	v->found_changed |= skype_has_news(c, s) ? bit(KIND_SKYPE) : 0;
	for (enum kind kind = KIND_VOIP_APP; kind < KIND_N; kind++)
		if ((s->done & bit(kind)) != 0 && finding_has_news(c, s, kind))
			v->found_changed |= bit(kind);
}

static bool has_changed(const struct survey *v)
{
	return v->changed || v->found_changed != 0;
}

/* A call of Skype's may be on any of its connections: each that leads to an outside end is told of by itself. */
static bool is_told_by_socket(enum kind kind)
{
	return kind == KIND_SKYPE;
}

static bool has(const struct survey *v, enum role role)
{
	return (v->roles >> role & 1) != 0;
}

/* The kinds that this session claims and that are not decided yet. A direct path says all; a service answers for the
 * checks around it; checks that led nowhere are told beside the relay that was taken instead. */
static uint32_t wanted_of_stun(const struct session *s, const struct survey *v)
{
	uint32_t want = 0, done = s->done;

	if ((done & bit(KIND_HOLE_PUNCH)) != 0)
		return 0;
	if (has(v, ROLE_PEER))
		return bit(KIND_HOLE_PUNCH);
	if (has(v, ROLE_RELAY) || has(v, ROLE_FAR_RELAY))
		want |= bit(KIND_TURN_RELAY);
	else if (has(v, ROLE_SERVICE) && (done & bit(KIND_TURN_RELAY)) == 0)
		want |= bit(KIND_CONFERENCE);
	if (has(v, ROLE_CANDIDATE) && !has(v, ROLE_SERVICE) && (done & bit(KIND_CONFERENCE)) == 0)
		want |= bit(KIND_HOLE_PUNCH_ATTEMPT);
	if (want == 0 && done == 0 && has(v, ROLE_SERVER))
		want |= bit(KIND_STUN_DISCOVERY);
	return want & ~done;
}

static bool is_reported(const struct correlator *c, enum kind kind)
{
	uint8_t severity = kind == KIND_NONE ? 3 : kinds[kind].severity;

	return severity <= c->set.severity && (!kinds[kind].informational || c->set.informational);
}

/* And those that signatures prove. An application is named by whatever else is told of the session; media that went
 * where checks were answered, or through a service, are told with that. */
static uint32_t wanted(const struct correlator *c, const struct session *s, const struct survey *v)
{
	const uint32_t paths = bit(KIND_HOLE_PUNCH) | bit(KIND_TURN_RELAY) | bit(KIND_CONFERENCE);
	uint32_t stun = wanted_of_stun(s, v), found = s->claims & ~s->done, told = stun | s->done;

	if ((told & (paths | bit(KIND_HOLE_PUNCH_ATTEMPT))) != 0 ||
	    ((told & bit(KIND_STUN_DISCOVERY)) != 0 && is_reported(c, KIND_STUN_DISCOVERY)))
		found &= ~bit(KIND_VOIP_APP);
	if ((told & paths) != 0)
		found &= ~bit(KIND_P2P_MEDIA);
	return stun | found;
}

static const struct socket *speaker(const struct session *s, const struct survey *v, enum kind kind)
{
	const struct leg *l;

	if (kind_is_found(kind)) {
		l = verdict_found(s, kind);
		return l != NULL ? l->socket : s->sockets;
	}
	switch (kind) {
	case KIND_TURN_RELAY:
		return has(v, ROLE_FAR_RELAY) && !has(v, ROLE_RELAY) ? v->best[ROLE_FAR_RELAY] : v->best[ROLE_RELAY];
	case KIND_CONFERENCE:
		return v->best[ROLE_SERVICE];
	case KIND_HOLE_PUNCH_ATTEMPT:
		return v->best[ROLE_CANDIDATE];
	default:
		return v->best[ROLE_SERVER];
	}
}

/* Events have named what is now there. */
static void name_legs(struct session *s, const struct socket *direct)
{
	for (struct socket *k = s->sockets; k != NULL; k = k->next)
		for (struct leg *l = k->legs; l != NULL; l = l->next)
			if (l->role >= ROLE_RELAY && (l->role != ROLE_PEER || k == direct))
				l->named = true;
}

/* Where sockets are told one by one, a far end that is called from several of them is told once: with the one that speaks most. */
static void name_found(struct session *s, const struct socket *told, enum kind kind)
{
	const struct leg *main = is_told_by_socket(kind) ? verdict_main(told, kind) : NULL;

	for (struct socket *k = s->sockets; k != NULL && kind_is_found(kind); k = k->next)
		for (struct leg *l = k->legs; l != NULL; l = l->next)
			if (verdict_counts(kind, l) && leg_is_direct(l) && (k == told || !is_told_by_socket(kind) ||
			    (main != NULL && endpoint_equal(&main->key.remote, &l->key.remote))))
				l->found_named = true;
}

/* Who was folded into this session's ring learns the id under which it was told. */
static void ring_told(struct correlator *c, struct session *s)
{
	for (struct session *o = s->ring; o != s; o = o->ring)
		if (o->folded && o->folded_id == 0) {
			o->folded_id = s->id;
			flows_of(c, o);
		}
}

/* The alert that was made: is it asked for? Without evidence, what proved it went with its leg: nothing is said that cannot
 * be shown. */
static bool is_wanted(struct correlator *c)
{
	const struct event_alert *a = &c->event.alert;

	if (a->n_evidence == 0)
		return false;
	if (c->judge != NULL)
		return judge_alert(c->judge, &c->event, c->set.severity, c->set.informational, c->now_ns) == JUDGE_REPORT;
	return a->severity <= c->set.severity && (!a->informational || c->set.informational);
}

static bool alert(struct correlator *c, struct session *s, struct socket *k, enum kind kind, bool update)
{
	verdict_alert(c, s, k, kind, update);
	if (is_wanted(c)) {
		if (!give(c))
			return false;
		if (c->judge != NULL)
			judge_told(c->judge);
		s->alerted |= bit(kind);
		if (kind == KIND_SKYPE)
			skype_told(s, &c->event.alert);
		ring_told(c, s);
		flows_of(c, s);
		queue_put(c, UPDATING, s, c->now_ns + c->set.update_s * 1000000000ULL);
	}
	s->done |= bit(kind);
	if (kind_is_found(kind))
		finding_told(c, s, kind, c->event.alert.app);
	if (kind == KIND_HOLE_PUNCH)
		k->direct_told = true;
	name_legs(s, kind == KIND_HOLE_PUNCH ? k : NULL);
	name_found(s, k, kind);
	return true;
}

static uint32_t peers_behind(const struct session *s)
{
	uint32_t n = 0;

	for (const struct socket *k = s->sockets; k != NULL; k = k->next)
		n += k->behind_total;
	return n;
}

/* Will (or did) this one of the ring tell what s has to tell? For a relay it must know at least as much of the peers. */
static bool tells_for(const struct session *o, const struct session *s, enum kind kind)
{
	if (o->folded)
		return false;
	if (kind == KIND_STUN_DISCOVERY)
		return o->alerted != 0 || o->awaited > ROLE_SERVER;
	return (o->alerted & (bit(KIND_TURN_RELAY) | bit(KIND_RELAY_TUNNEL))) != 0 ||
	    ((o->awaited == ROLE_RELAY || o->awaited == ROLE_FAR_RELAY) && peers_behind(o) > peers_behind(s));
}

/* A socket that only asked a server (or a relay), and did so together with others of its host, is told with them. */
static bool fold(struct correlator *c, struct session *s, enum kind kind)
{
	/* Outside the NAT one address stands for many hosts: their relays are told one by one. */
	if (kind != KIND_STUN_DISCOVERY && (kind != KIND_TURN_RELAY || c->outside))
		return false;
	for (struct session *o = s->ring; o != s; o = o->ring) {
		if (!tells_for(o, s, kind))
			continue;
		s->folded = true;
		s->folded_id = report_id(o);
		s->done |= bit(kind);
		name_legs(s, NULL);
		if (s->folded_id != 0)
			flows_of(c, s);
		return true;
	}
	return false;
}

/* A tunnel in a relay says all that the relay's alert would, and is worse: it is told instead. Not where papers alone speak of a
 * tunnel, and not where nobody wants to hear of it. */
static bool tell_tunnel(struct correlator *c, struct session *s, const struct survey *v, uint32_t *want)
{
	const uint32_t both = bit(KIND_RELAY_TUNNEL) | bit(KIND_TURN_RELAY);
	const struct signature *g;
	unsigned sum;

	if ((*want & both) != both)
		return true;
	g = finding_claim(c, s, KIND_RELAY_TUNNEL, &sum);
	if (g == NULL || g->experimental)
		return true;
	if (!alert(c, s, (struct socket *)speaker(s, v, KIND_RELAY_TUNNEL), KIND_RELAY_TUNNEL, false))
		return false;
	*want &= ~bit(KIND_RELAY_TUNNEL);
	if ((s->alerted & bit(KIND_RELAY_TUNNEL)) != 0) {
		s->done |= bit(KIND_TURN_RELAY);
		*want &= ~bit(KIND_TURN_RELAY);
	}
	return true;
}

static bool tell(struct correlator *c, struct session *s, const struct survey *v, uint32_t want)
{
	if ((want & bit(KIND_HOLE_PUNCH)) != 0) {
		for (unsigned i = 0; i < v->n_direct; i++)
			if (!alert(c, s, (struct socket *)v->direct[i], KIND_HOLE_PUNCH, false)) {
				s->done &= ~bit(KIND_HOLE_PUNCH);	/* the others are still to be told */
				return false;
			}
		return true;
	}
	if (!tell_tunnel(c, s, v, &want))
		return false;
	for (enum kind kind = KIND_STUN_DISCOVERY; kind < KIND_N; kind++) {
		if ((want & bit(kind)) == 0 || fold(c, s, kind))
			continue;
		if (!alert(c, s, (struct socket *)speaker(s, v, kind), kind, false))
			return false;
	}
	return true;
}

static bool has_unnamed(const struct socket *k, enum role least, enum role most)
{
	for (const struct leg *l = k->legs; l != NULL; l = l->next)
		if (l->role >= least && l->role <= most && !l->named)
			return true;
	return false;
}

/* Of the direct paths of this kind that no event has named, the socket of the one that speaks most. */
static struct socket *unnamed_found(const struct session *s, enum kind kind)
{
	const struct leg *best = NULL;

	for (const struct socket *k = s->sockets; k != NULL; k = k->next)
		for (const struct leg *l = k->legs; l != NULL; l = l->next)
			if (verdict_counts(kind, l) && leg_is_direct(l) && !l->found_named &&
			    (best == NULL || verdict_found_speaks(l, best)))
				best = l;
	return best != NULL ? best->socket : NULL;
}

/* One event while it goes on, which lists every far end; at its end one for each that no event was about. So many at most in all, some of
 * them kept for the end. */
static bool tell_skype_changes(struct correlator *c, struct session *s, bool last)
{
	unsigned most = last ? SKYPE_ALERTS : SKYPE_ALERTS - SKYPE_ALERTS_LAST, at_once = last ? SKYPE_ALERTS_LAST : 1;
	struct survey none = {0};
	struct socket *k;

	for (unsigned told = 0; s->skype.alerts < most && told < at_once; told++) {
		k = unnamed_found(s, KIND_SKYPE);
		if (k == NULL)
			break;
		if (!alert(c, s, k, KIND_SKYPE, true))
			return false;
	}
	if (s->skype.alerts >= most || !skype_has_news(c, s))
		return true;
	return alert(c, s, (struct socket *)speaker(s, &none, KIND_SKYPE), KIND_SKYPE, true);
}

/* One event a kind names all that is new. */
static bool tell_found_changes(struct correlator *c, struct session *s, bool last)
{
	struct survey none = {0};

	for (enum kind kind = KIND_VOIP_APP; kind < KIND_N; kind++) {
		struct socket *k;

		/* Another application, of the same kind: whether the first one was wanted or not. */
		for (unsigned n = 0; n < EVENT_APPS && (s->done & bit(kind)) != 0 && finding_has_news(c, s, kind); n++)
			if (!alert(c, s, (struct socket *)speaker(s, &none, kind), kind, (s->alerted & bit(kind)) != 0))
				return false;
		if ((s->alerted & bit(kind)) == 0)
			continue;
		if (is_told_by_socket(kind)) {
			if (!tell_skype_changes(c, s, last))
				return false;
			continue;
		}
		k = unnamed_found(s, kind);
		if (k != NULL && !alert(c, s, k, kind, true))
			return false;
	}
	return true;
}

/* Direct paths that no event has named, of a few sockets at once; else relays, in one event. */
static bool tell_changes(struct correlator *c, struct session *s, bool last)
{
	unsigned told = 0;

	if (!tell_found_changes(c, s, last))
		return false;

	for (struct socket *k = s->sockets; k != NULL && told < DIRECT_AT_ONCE; k = k->next) {
		if ((s->done & bit(KIND_HOLE_PUNCH)) == 0 || !has_unnamed(k, ROLE_PEER, ROLE_PEER))
			continue;
		if (!alert(c, s, k, KIND_HOLE_PUNCH, true))
			return false;
		told++;
	}
	for (struct socket *k = s->sockets; k != NULL && told == 0; k = k->next) {
		if ((s->done & (bit(KIND_HOLE_PUNCH) | bit(KIND_TURN_RELAY))) == 0 || !has_unnamed(k, ROLE_RELAY, ROLE_FAR_RELAY))
			continue;
		if ((s->alerted & (bit(KIND_RELAY_TUNNEL) | bit(KIND_TURN_RELAY))) == bit(KIND_RELAY_TUNNEL))
			continue;	/* the tunnel was told instead of its relay */
		return alert(c, s, k, KIND_TURN_RELAY, true);
	}
	return true;
}

/* --- when --- */

void report_await(struct correlator *c, struct session *s, const struct leg *l)
{
	if (s->settle.in && l->role <= s->awaited)
		return;
	s->awaited = l->role;
	queue_put(c, SETTLING, s, c->now_ns + c->set.settle_ms * 1000000ULL);
}

void report_await_finding(struct correlator *c, struct session *s)
{
	if (!s->settle.in)
		queue_put(c, SETTLING, s, c->now_ns + c->set.settle_ms * 1000000ULL);
}

bool report_now(struct correlator *c, struct session *s)
{
	struct survey v;

	survey(c, s, &v);
	if (!tell(c, s, &v, wanted(c, s, &v)))
		return false;
	s->awaited = ROLE_NONE;
	queue_take(c, SETTLING, s);
	if (s->update.in)
		return true;
	survey(c, s, &v);
	return !has_changed(&v) || tell_changes(c, s, false);
}

static bool update(struct correlator *c, struct session *s)
{
	struct survey v;

	survey(c, s, &v);
	if (has_changed(&v) && !s->settle.in && !tell_changes(c, s, false))
		return false;
	/* A new place at the end if something was told; none otherwise: what comes next is told when it has settled. */
	if (s->update.due_ns <= c->now_ns)
		queue_take(c, UPDATING, s);
	return true;
}

static enum kind highest(uint32_t set)
{
	enum kind best = KIND_NONE;

	for (enum kind kind = KIND_STUN_DISCOVERY; kind < KIND_N; kind++)
		if ((set & bit(kind)) != 0 && kinds[kind].says > kinds[best].says)
			best = kind;
	return best;
}

static const struct socket *any_speaker(const struct session *s, const struct survey *v, enum kind kind)
{
	const struct socket *k = kind == KIND_HOLE_PUNCH ? v->best[ROLE_PEER] : speaker(s, v, kind);

	return k != NULL ? k : s->sockets;
}

bool report_final(struct correlator *c, struct session *s)
{
	struct survey v;
	enum kind kind;

	survey(c, s, &v);
	if (!tell(c, s, &v, wanted(c, s, &v)))
		return false;
	survey(c, s, &v);
	if (has_changed(&v) && !tell_changes(c, s, true))
		return false;
	if (s->session_told || s->sockets == NULL)
		return true;
	kind = highest(s->done);
	if (c->set.detail) {
		verdict_session(c, s, any_speaker(s, &v, kind), kind);
		if (!give(c))
			return false;
	}
	s->session_told = true;
	if (c->on_end != NULL)
		timeline_show(c, s, any_speaker(s, &v, kind), kind);
	return true;
}

bool report_run(struct correlator *c)
{
	while (c->settling.first != NULL && c->settling.first->settle.due_ns <= c->now_ns)
		if (!report_now(c, c->settling.first))
			return false;
	while (c->updating.first != NULL && c->updating.first->update.due_ns <= c->now_ns)
		if (!update(c, c->updating.first))
			return false;
	return run_flows(c);
}
