/* session.c -- see session.h. */
#include "session.h"

#include "finding.h"
#include "outside.h"
#include "report.h"
#include "skype.h"
#include "socket.h"
#include "timeline.h"

#include <stdio.h>

static const uint64_t SECOND = 1000000000ULL;

/* --- queues --- */

static struct queue *queue_of(struct correlator *c, enum place_of which)
{
	return which == SETTLING ? &c->settling : &c->updating;
}

static struct place *place(struct session *s, enum place_of which)
{
	return which == SETTLING ? &s->settle : &s->update;
}

void queue_take(struct correlator *c, enum place_of which, struct session *s)
{
	struct queue *q = queue_of(c, which);
	struct place *p = place(s, which);

	if (!p->in)
		return;
	if (p->next != NULL)
		place(p->next, which)->previous = p->previous;
	else
		q->last = p->previous;
	if (p->previous != NULL)
		place(p->previous, which)->next = p->next;
	else
		q->first = p->next;
	*p = (struct place){0};
}

void queue_put(struct correlator *c, enum place_of which, struct session *s, uint64_t due_ns)
{
	struct queue *q = queue_of(c, which);
	struct place *p = place(s, which);

	queue_take(c, which, s);
	*p = (struct place){.previous = q->last, .due_ns = due_ns, .in = true};
	if (q->last != NULL)
		place(q->last, which)->next = s;
	else
		q->first = s;
	q->last = s;
}

/* --- beginning --- */

/* The five-tuple and the time of what began the session: the same at every sensor that sees these addresses. */
static uint64_t id_of_flow(const struct leg *l, uint64_t start_ts_ns)
{
	uint8_t parts[2 + 2 * 18 + 8], *p = parts;
	const struct endpoint *ends[2] = {&l->key.local, &l->key.remote};

	*p++ = l->key.ip_proto;
	for (unsigned i = 0; i < 2; i++) {
		memcpy(p, ends[i]->addr.b, 16);
		p[16] = (uint8_t)(ends[i]->port >> 8);
		p[17] = (uint8_t)ends[i]->port;
		p += 18;
	}
	for (unsigned i = 0; i < 8; i++)
		*p++ = (uint8_t)(start_ts_ns >> 8 * i);
	return hash_fixed(HASH_START, parts, (size_t)(p - parts));
}

static void socket_enters(struct session *s, struct socket *k)
{
	struct socket **at = &s->sockets;

	while (*at != NULL)
		at = &(*at)->next;
	*at = k;
	k->next = NULL;
	k->session = s;
	s->n_sockets++;
}

static struct session *session_new(struct correlator *c, struct leg *l, const struct message *m)
{
	struct session *s;

	if (store_full(&c->sessions)) {
		count(c->counts, COUNT_SESSIONS_EVICTED);
		if (!session_end(c, store_weakest(&c->sessions)))
			return NULL;
	}
	c->serial++;
	s = store_add(&c->sessions, &c->serial);
	count(c->counts, COUNT_SESSIONS);
	if (l->session_id != 0) {
		s->id = l->session_id;		/* after a pause the same flow goes on: nothing is alerted again */
		s->done = l->session_done;
	} else {
		s->id = id_of_flow(l, m->ts_ns);
	}
	s->ring = s->ring_before = s;
	s->start_ns = s->last_ns = c->now_ns;
	s->start_ts_ns = m->ts_ns < l->flow.start_ts_ns ? m->ts_ns : l->flow.start_ts_ns;
	s->last_ts_ns = m->ts_ns;
	if (c->on_end != NULL)
		s->timeline = timeline_new();
	socket_enters(s, l->socket);
	return s;
}

/* What a leg was is told; its flow may go on, and be another session's tomorrow. */
static void leg_leaves(struct correlator *c, struct leg *l, uint64_t id, uint32_t done)
{
	if (l->flow.end != FLOW_GOING && !l->due) {
		leg_drop(c, l);
		return;
	}
	/* The leg that begins the next session has only just come to this socket. */
	if (id != 0 && (l->role != ROLE_NONE || l->talk[IN].messages + l->talk[OUT].messages > 0)) {
		l->session_id = id;
		l->session_done = done;
	}
	if (l->flow.app[0] == '\0')
		snprintf(l->flow.app, sizeof l->flow.app, "%s", leg_app(l));
	l->role = ROLE_NONE;
	l->followed = l->one_way = l->named = l->first_plain = l->controlling = l->joined = false;
	l->has_mapped = l->unreachable = l->failed = l->closed = l->found_named = false;
	l->far_end = FAR_UNSAID;
	l->found = 0;
	memset(l->talk, 0, sizeof l->talk);
	l->queries = l->answers = l->answers_else = l->answer_orphans = 0;
	l->asked = l->allocated = l->allocated_orphans = 0;
	l->check_came = (struct sight){0};
	memset(l->saw, 0, sizeof l->saw);
}

/* What the socket and its legs did in this session (its id, if it was alerted) counts no more. Legs whose flow is over go, and
 * the socket with the last of them. */
static void socket_leaves(struct correlator *c, struct socket *k, uint64_t id, uint32_t done)
{
	socket_forget(k);
	for (struct leg *l = k->legs, *next; l != NULL; l = next) {
		next = l->next;
		leg_leaves(c, l, id, done);
	}
}

/* The leg's flow is going on, so that the leg outlives its session's end. */
struct session *session_of(struct correlator *c, struct leg *l, const struct message *m)
{
	struct socket *k = l->socket;
	struct session *s = k->session;

	if (s != NULL && !s->ending && c->now_ns - k->last_ns <= c->set.join_s * SECOND)
		return s;
	if (s != NULL && (s->n_sockets == 1 || s->ending)) {
		if (!session_end(c, s))
			return NULL;
	} else if (s != NULL) {
		session_lose(c, k);
		socket_leaves(c, k, report_id(s), s->done);
	}
	return session_new(c, l, m);
}

/* --- joining --- */

bool names_of(struct names *n, struct cursor username, const struct message *m)
{
	struct cursor part[2], whole = username;
	bool second_first;
	size_t colon = 0;
	int order;

	while (colon < username.left && cur_peek_u8(&username, colon) != ':')
		colon++;
	if (colon == 0 || colon + 1 >= username.left || username.left > 2 * UFRAG_MOST + 1)
		return false;
	part[0] = cur_take(&whole, colon);
	cur_skip(&whole, 1);
	part[1] = whole;
	/* "receiver:sender": the local one is the second when local sends. */
	n->local = hash_fixed(HASH_START, part[m->from_local].at, part[m->from_local].left);
	n->hosted = hash_fixed(n->local, m->local.addr.b, sizeof m->local.addr.b);
	order = memcmp(part[0].at, part[1].at, part[0].left < part[1].left ? part[0].left : part[1].left);
	second_first = order > 0 || (order == 0 && part[0].left > part[1].left);
	n->pair = hash_fixed(HASH_START, part[second_first].at, part[second_first].left);
	n->pair = hash_fixed(n->pair, ":", 1);
	n->pair = hash_fixed(n->pair, part[!second_first].at, part[!second_first].left);
	return true;
}

static void ring_leave(struct session *s)
{
	s->ring->ring_before = s->ring_before;
	s->ring_before->ring = s->ring;
	s->ring = s->ring_before = s;
}

void session_gather(struct session *a, struct session *b)
{
	struct session *after = a->ring;
	unsigned n = 1;

	for (struct session *s = a->ring; s != a; s = s->ring)
		if (s == b || ++n >= GROUP_MOST)
			return;
	if (b->ring != b)
		return;		/* it has its company already */
	a->ring = b;
	b->ring_before = a;
	b->ring = after;
	after->ring_before = b;
}

/* Its end waits for room in the output no longer. */
static void ending_leave(struct correlator *c, struct session *s)
{
	struct session **at = &c->ending;

	if (!s->ending)
		return;
	while (*at != s)
		at = &(*at)->end_next;
	*at = s->end_next;
	s->ending = false;
}

/* The older one stays. Its id too, unless only the younger one's is made of names (which every sensor knows) and the
 * older one has not been used for a direct path. */
static struct session *session_merge(struct correlator *c, struct session *a, struct session *b)
{
	struct session *old = a->serial < b->serial ? a : b, *young = old == a ? b : a;
	struct socket *k, *next;

	if (!old->id_of_ufrags && young->id_of_ufrags && (old->alerted & 1u << KIND_HOLE_PUNCH) == 0)
		old->id = young->id;
	old->id_of_ufrags |= young->id_of_ufrags;
	for (k = young->sockets; k != NULL; k = next) {
		next = k->next;
		socket_enters(old, k);
	}
	for (struct ufrag *u = young->ufrags, *un; u != NULL; u = un) {
		un = u->next;
		u->session = old;
		u->next = old->ufrags;
		old->ufrags = u;
		old->n_ufrags++;
	}
	old->mirrored |= young->mirrored;
	old->answered |= young->answered;
	old->changed |= young->changed;
	old->libwebrtc |= young->libwebrtc;
	finding_merge(c, old, young);
	skype_merge(&old->skype, &young->skype);
	old->done |= young->done;
	old->alerted |= young->alerted;
	old->folded &= young->folded;
	if (young->start_ts_ns < old->start_ts_ns)
		old->start_ts_ns = young->start_ts_ns;
	if (young->last_ts_ns > old->last_ts_ns)
		old->last_ts_ns = young->last_ts_ns;
	if (young->awaited > old->awaited)
		old->awaited = young->awaited;
	if (young->settle.in)
		queue_put(c, SETTLING, old, c->now_ns + c->set.settle_ms * (SECOND / 1000));
	if (young->update.in)
		queue_put(c, UPDATING, old, c->now_ns + c->set.update_s * SECOND);
	queue_take(c, SETTLING, young);
	queue_take(c, UPDATING, young);
	if (young->ring != young)
		session_gather(old, young->ring);
	ring_leave(young);
	if (old->timeline != NULL)
		timeline_merge(old->timeline, young->timeline);
	timeline_free(young->timeline);
	ending_leave(c, young);
	store_raise(&c->sessions, old, young->link.rank);
	store_drop(&c->sessions, young);
	return old;
}

static void ufrag_drop(struct correlator *c, struct ufrag *u)
{
	struct ufrag **at;

	if (u->session != NULL) {
		for (at = &u->session->ufrags; *at != u; at = &(*at)->next)
			;
		*at = u->next;
		u->session->n_ufrags--;
	}
	store_drop(&c->ufrags, u);
}

/* Found or made; NULL if it would be one too many for this session. */
static struct ufrag *ufrag_keep(struct correlator *c, const struct session *s, uint64_t hash, enum name_what what)
{
	struct ufrag_key key = {hash, what};
	struct ufrag *u = store_find(&c->ufrags, &key);

	if (u != NULL || s->n_ufrags >= SESSION_UFRAGS)
		return u;
	if (store_full(&c->ufrags))
		ufrag_drop(c, store_weakest(&c->ufrags));
	return store_add(&c->ufrags, &key);
}

static void ufrag_enters(struct session *s, struct ufrag *u)
{
	if (s->n_ufrags >= SESSION_UFRAGS)
		return;
	u->session = s;
	u->next = s->ufrags;
	s->ufrags = u;
	s->n_ufrags++;
}

static struct session *join_one(struct correlator *c, struct session *s, struct ufrag *u)
{
	if (u == NULL)
		return s;
	store_raise_late(&c->ufrags, u, (enum rank)s->link.rank);
	if (u->session != NULL && u->session != s && !u->session->ending &&
	    u->session->n_sockets + s->n_sockets <= SESSION_SOCKETS)
		return session_merge(c, s, u->session);
	if (u->session != NULL)
		return s;
	s->done |= u->done;		/* it went on after a pause: nothing is alerted again */
	ufrag_enters(s, u);
	return s;
}

struct session *session_join(struct correlator *c, struct leg *l)
{
	struct session *s = l->socket->session;
	struct ufrag *pair = ufrag_keep(c, s, l->names.pair, NAME_PAIR);

	l->joined = true;
	if (pair != NULL && pair->local == 0) {
		pair->local = l->names.local;
		pair->at = l->key.local;
	} else if (pair != NULL && pair->local != l->names.local && !endpoint_equal(&pair->at, &l->key.local)) {
		pair->mirrored = true;
	}
	/* The names make the id, even where the flow's was used for less than a direct path: the other sensors will call
	 * the session by its names. */
	if (!s->id_of_ufrags && pair != NULL && pair->session == NULL) {
		if ((s->alerted & 1u << KIND_HOLE_PUNCH) == 0)
			s->id = l->names.pair;
		s->id_of_ufrags = true;
	}
	s->mirrored |= pair != NULL && pair->mirrored;
	s = join_one(c, s, pair);
	/* A name is short, and unique at best within its host; outside the NAT there is no telling the host. */
	return c->outside ? s : join_one(c, s, ufrag_keep(c, s, l->names.hosted, NAME_HOSTED));
}

/* The session speaks under another one's id, and does not tell what that one has told. */
static void speak_as(struct session *s, uint64_t id, uint32_t done)
{
	s->done |= done;
	if (s->alerted != 0 || id == 0)
		return;
	s->folded = true;
	s->folded_id = id;
}

void session_join_host(struct correlator *c, struct leg *l, uint64_t what, bool proved)
{
	struct session *s = l->socket->session;
	struct ufrag_key key = {hash_fixed(HASH_START, l->key.local.addr.b, sizeof l->key.local.addr.b), NAME_HOST_SIGNATURE};
	struct ufrag *u;

	key.hash = hash_fixed(key.hash, &what, sizeof what);
	u = store_find(&c->ufrags, &key);
	if (u == NULL && proved)
		u = ufrag_keep(c, s, key.hash, NAME_HOST_SIGNATURE);
	if (u == NULL || u->session == s)
		return;
	store_raise_late(&c->ufrags, u, (enum rank)s->link.rank);
	if (u->session == NULL) {
		bool goes_on = u->over_id != 0 && c->now_ns - u->over_ns < c->set.again_s * SECOND;

		if (!proved && !goes_on)
			return;
		if (goes_on)
			speak_as(s, u->over_id, u->done);
		ufrag_enters(s, u);
	} else if (!u->session->ending && u->session->n_sockets + s->n_sockets <= SESSION_SOCKETS) {
		session_merge(c, s, u->session);
	} else {
		/* Told, or about to be. */
		speak_as(s, report_id(u->session), u->session->done | u->session->claims);
	}
}

/* --- ending --- */

void session_lose(struct correlator *c, struct socket *k)
{
	struct session *s = k->session;
	struct socket **at = &s->sockets;

	(void)c;
	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	k->next = NULL;
	k->session = NULL;
	s->n_sockets--;
}

static void release(struct correlator *c, struct session *s)
{
	uint64_t id = report_id(s);

	for (struct socket *k = s->sockets, *next; k != NULL; k = next) {
		next = k->next;
		k->session = NULL;
		k->next = NULL;
		socket_leaves(c, k, id, s->done);
	}
	for (struct ufrag *u = s->ufrags, *un; u != NULL; u = un) {
		un = u->next;
		u->session = NULL;
		u->next = NULL;
		u->done = s->done;
		u->over_id = id;
		u->over_ns = s->last_ns;
	}
	finding_forget(c, s);
	queue_take(c, SETTLING, s);
	queue_take(c, UPDATING, s);
	ring_leave(s);
	timeline_free(s->timeline);
	store_drop(&c->sessions, s);
}

bool session_end(struct correlator *c, struct session *s)
{
	struct session **at = &c->ending;

	if (report_final(c, s)) {
		ending_leave(c, s);
		release(c, s);
		return true;
	}
	if (!s->ending) {
		while (*at != NULL)
			at = &(*at)->end_next;
		*at = s;
		s->ending = true;
	}
	return false;
}
