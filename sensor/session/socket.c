/* socket.c -- see socket.h. */
#include "socket.h"

#include "media.h"
#include "outside.h"
#include "report.h"
#include "session.h"

static struct leg_key leg_key_of(const struct message *m)
{
	return (struct leg_key){.local = m->local, .remote = m->remote, .ip_proto = m->ip_proto};
}

static struct socket_key socket_key_of(const struct message *m)
{
	return (struct socket_key){.local = m->local, .ip_proto = m->ip_proto};
}

struct leg *leg_find(const struct correlator *c, const struct message *m)
{
	struct leg_key key = leg_key_of(m);

	return store_find(&c->legs, &key);
}

struct socket *socket_find(const struct correlator *c, const struct message *m)
{
	struct socket_key key = socket_key_of(m);

	return store_find(&c->sockets, &key);
}

/* --- forgetting --- */

void leg_drop(struct correlator *c, struct leg *l)
{
	struct socket *s = l->socket;

	if (l->due)
		report_flow_forget(c, l);
	if (l->heard)
		caller_leave(c, &l->key.remote.addr);
	if (l->next != NULL)
		l->next->previous = l->previous;
	if (l->previous != NULL)
		l->previous->next = l->next;
	else
		s->legs = l->next;
	store_drop(&c->legs, l);
	if (--s->n_legs > 0)
		return;
	if (s->session != NULL)
		session_lose(c, s);
	store_drop(&c->sockets, s);
}

/* A leg goes to make room. If it is the last one of a session, the session ends first, so that what is due is said. */
static void leg_evict(struct correlator *c, struct leg *l, const struct store *full)
{
	struct socket *s = l->socket;

	if (s->session != NULL && s->n_legs == 1 && s->session->n_sockets == 1) {
		if (!session_end(c, s->session) || !store_full(full))
			return;
		/* Still full: nothing was dropped, so the leg is still there. */
	}
	leg_drop(c, l);
}

static bool room_for_leg(struct correlator *c)
{
	if (store_full(&c->legs)) {
		count(c->counts, COUNT_LEGS_EVICTED);
		leg_evict(c, store_weakest(&c->legs), &c->legs);
	}
	return !store_full(&c->legs);
}

static bool room_for_socket(struct correlator *c)
{
	if (store_full(&c->sockets)) {
		count(c->counts, COUNT_SOCKETS_EVICTED);
		for (unsigned i = 0; i <= SOCKET_LEGS && store_full(&c->sockets); i++)
			leg_evict(c, ((struct socket *)store_weakest(&c->sockets))->legs, &c->sockets);
	}
	return !store_full(&c->sockets);
}

/* May this leg rather go than that one? Peers stay before the thousands of nodes that a file sharer's socket asks for them. */
static bool leg_is_less(const struct leg *a, const struct leg *b)
{
	bool pa = a->far_end == FAR_PEER && a->two_way, pb = b->far_end == FAR_PEER && b->two_way;

	if (pa != pb)
		return pb;
	if (a->link.rank != b->link.rank)
		return a->link.rank < b->link.rank;
	return a->last_ts_ns < b->last_ts_ns;
}

/* One socket has so many legs at most: its weakest and then longest quiet one goes. */
static void socket_trim(struct correlator *c, struct socket *s)
{
	struct leg *worst = NULL;

	if (s->n_legs < SOCKET_LEGS)
		return;
	for (struct leg *l = s->legs; l != NULL; l = l->next)
		if (worst == NULL || leg_is_less(l, worst))
			worst = l;
	if (worst != NULL) {
		count(c->counts, COUNT_LEGS_EVICTED);
		leg_drop(c, worst);
	}
}

void socket_forget(struct socket *s)
{
	memset(s->proofs, 0, sizeof s->proofs);
	s->ice = s->direct_told = false;
	s->n_own = s->n_behind = 0;
	s->behind_total = s->behind_told = 0;
}

/* --- making --- */

static struct socket *socket_make(struct correlator *c, const struct message *m)
{
	struct socket_key key = socket_key_of(m);
	struct socket *s = store_add(&c->sockets, &key);

	count(c->counts, COUNT_SOCKETS);
	s->last_ns = c->now_ns;
	return s;
}

struct leg *leg_make(struct correlator *c, const struct reading *r)
{
	struct leg_key key = leg_key_of(r->m);
	struct socket *s = socket_find(c, r->m);
	struct leg *l;

	/* Room first: making it may end sessions and drop sockets, this one too. */
	if (s != NULL)
		store_touch_late(&c->sockets, s);
	if (!room_for_leg(c) || !room_for_socket(c))
		return NULL;
	s = socket_find(c, r->m);
	if (s == NULL)
		s = socket_make(c, r->m);
	else
		socket_trim(c, s);
	l = store_add(&c->legs, &key);
	l->socket = s;
	l->next = s->legs;
	if (s->legs != NULL)
		s->legs->previous = l;
	s->legs = l;
	s->n_legs++;
	leg_flow(c, l, r);
	return l;
}

void leg_flow(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;
	struct socket *s = l->socket;

	if (l->due)
		report_flow_forget(c, l);
	l->flow = (struct flow_record){.id = m->flow_id, .start_ts_ns = m->flow_start_ns, .last_ts_ns = m->ts_ns,
	    .first_packet = m->packet, .local_first = m->local_first};
	l->session_id = 0;
	l->two_way = l->proxied = false;
	l->inside = m->side == SIDE_INSIDE;
	for (unsigned way = IN; way <= OUT; way++)
		l->talk[way].data_packets = l->talk[way].data_bytes = l->talk[way].wrapped_packets =
		    l->talk[way].wrapped_bytes = 0;
	memset(&l->media, 0, sizeof l->media);
	if (c->intro.flow_id != m->flow_id)
		return;
	l->flow.interface = c->intro.interface;
	l->flow.vlan = c->intro.vlan;
	s->vlan = c->intro.vlan;
	if (c->intro.has_mac) {
		s->has_mac = true;
		memcpy(s->mac, c->intro.mac, sizeof s->mac);
	}
}

static uint64_t more(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static bool is_wrapping(struct cursor app)
{
	return (app.left == 3 && cur_starts(&app, "tls", 3)) || (app.left == 4 && cur_starts(&app, "dtls", 4));
}

void leg_totals(struct leg *l, const struct reading *r)
{
	uint64_t before = media_packets(l);

	for (unsigned way = IN; way <= OUT; way++) {
		struct talk *t = &l->talk[way];

		l->flow.packets[way] = more(l->flow.packets[way], r->flow_packets[way]);
		l->flow.bytes[way] = more(l->flow.bytes[way], r->flow_bytes[way]);
		if (says(r, FACT_PEER)) {
			t->wrapped_packets = more(t->wrapped_packets, r->data_packets[way]);
			t->wrapped_bytes = more(t->wrapped_bytes, r->data_bytes[way]);
		} else {
			t->data_packets = more(t->data_packets, r->data_packets[way]);
			t->data_bytes = more(t->data_bytes, r->data_bytes[way]);
		}
	}
	l->two_way |= r->m->two_way;
	l->flow.last_ts_ns = more(l->flow.last_ts_ns, more(r->flow_last_ns, r->m->ts_ns));
	media_note(l, r, before);
	/* What carries media under a name of its own keeps it; and what is inside encryption, or before it (ICE's checks), names
	 * the flow better than the encryption does. */
	if (says(r, FACT_FLOW_APP) && (l->flow.app[0] == '\0' || !(says(r, FACT_MEDIA) || is_wrapping(r->app)))) {
		struct cursor app = r->app;
		size_t n = app.left < sizeof l->flow.app - 1 ? app.left : sizeof l->flow.app - 1;

		memset(l->flow.app, 0, sizeof l->flow.app);
		cur_copy(&app, l->flow.app, n);
	}
}

const char *leg_app(const struct leg *l)
{
	if (l->flow.app[0] != '\0')
		return l->flow.app;
	if (l->role == ROLE_RELAY || l->asked > 0)
		return "turn";
	return l->talk[IN].messages + l->talk[OUT].messages > 0 ? "stun" : "";
}

void leg_raise(struct correlator *c, struct leg *l, enum rank rank)
{
	if (rank > RANK_HEARD && l->heard) {
		caller_leave(c, &l->key.remote.addr);
		l->heard = false;
	}
	store_raise_late(&c->legs, l, rank);
	store_raise_late(&c->sockets, l->socket, rank);
	if (l->socket->session != NULL)
		store_raise(&c->sessions, l->socket->session, rank);
}

bool leg_heard_from(const struct leg *l, enum way way)
{
	return l->talk[way].messages > 0 || l->talk[way].data_packets > 0 || l->flow.packets[way] > 0;
}

void socket_own(struct socket *s, const struct addr *a)
{
	for (unsigned i = 0; i < s->n_own; i++)
		if (addr_equal(&s->own[i], a))
			return;
	if (s->n_own < SOCKET_OWN && !addr_equal(a, &s->key.local.addr))
		s->own[s->n_own++] = *a;
}

void socket_behind(struct socket *s, const struct endpoint *e, enum carried carried)
{
	for (unsigned i = 0; i < s->n_behind; i++) {
		if (!endpoint_equal(&s->behind[i].at, e))
			continue;
		if (carried > s->behind[i].carried)
			s->behind[i].carried = carried;
		return;
	}
	if (s->behind_total < UINT32_MAX)
		s->behind_total++;
	if (s->n_behind < SOCKET_BEHIND)
		s->behind[s->n_behind++] = (struct behind){*e, carried};
}
