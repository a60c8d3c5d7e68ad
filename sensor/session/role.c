/* role.c -- see role.h. RFC 8445 (ICE), RFC 8489 (STUN), RFC 8656 (TURN).
 *
 * What is believed. A request of an inside host is taken as seen: it is what we watch. What comes from outside counts
 * when something inside took part: an answer that matches a request, a check that was answered. Anybody can send
 * forged answers, so an answer to nothing counts only where nothing of the other direction is ever seen (a one-way
 * capture, routes that part), and then only while no exchange at all was seen both ways for BELIEF_NS.
 */
#include "role.h"

#include "outside.h"
#include "socket.h"

static const uint64_t SECOND = 1000000000ULL;
static const uint64_t BELIEF_NS = 600 * 1000000000ULL;

enum { DATA_BOTH = 2, SERVICE_ANSWERS = 2, LITE_ANSWERS = 4 };

/* Only one direction can be seen here, as far as we know. */
bool role_believes(const struct correlator *c)
{
	return !c->two_way || c->now_ns - c->two_way_ns > BELIEF_NS;
}

bool role_believes_words(const struct correlator *c)
{
	return role_believes(c) && (c->flow_two_way_ns == 0 || c->now_ns - c->flow_two_way_ns > BELIEF_NS);
}

/* A path is believed to be direct where nothing of any flow comes both ways: elsewhere who forges checks and answers to
 * checks that nobody made could accuse anyone. */
static bool believes_peer(const struct correlator *c)
{
	return role_believes(c) && (c->data_two_way_ns == 0 || c->now_ns - c->data_two_way_ns > BELIEF_NS);
}

static bool is_own(const struct leg *l)
{
	const struct session *s = l->socket->session;
	unsigned n = 0;

	for (const struct socket *k = s != NULL ? s->sockets : l->socket; k != NULL && n < 16; k = k->next, n++)
		for (unsigned i = 0; i < k->n_own; i++)
			if (addr_equal(&k->own[i], &l->key.remote.addr))
				return true;
	return false;
}

bool role_data_both(const struct leg *l)
{
	return l->talk[IN].data_packets >= DATA_BOTH && l->talk[OUT].data_packets >= DATA_BOTH;
}

/* Ports that servers wait on: a socket that asked a STUN server and then talks to one of these has not found a peer. */
static bool is_service_port(uint16_t port)
{
	return port < 1024 || port == 1194 || port == 1400 || (port >= 3478 && port <= 3481) || port == 4500 ||
	    port == 5060 || port == 5061 || port == 5349 || (port >= 8801 && port <= 8810) ||
	    (port >= 19302 && port <= 19309);
}

/* Data both ways with an end that nothing was negotiated with by ICE, from a socket that asked a STUN server about the
 * time the flow began (SIP with STUN, file sharers, games). It is the weakest claim of a direct path, so: never where
 * the socket does ICE (its media goes where checks were answered), never with an address that is a server's or a
 * relay's for anybody, and only between ports that no service waits on. An ordinary server on a high port, talked to
 * from a socket that also asks STUN, cannot be told from a peer by this; the score says so. */
static bool is_followed(const struct correlator *c, const struct leg *l)
{
	const struct socket *k = l->socket;
	uint64_t join_ns = c->set.join_s * SECOND;

	if (k->asked_first_ts_ns == 0 || k->ice || !role_data_both(l) || l->queries > 0 || l->answers > 0 || l->asked > 0)
		return false;
	if (l->key.ip_proto != 17 || is_service_port(l->key.remote.port) || is_service_port(l->key.local.port))
		return false;
	if (addr_is_multicast(&l->key.remote.addr) || outside_find(c, &l->key.remote.addr) != NULL)
		return false;
	return k->asked_first_ts_ns <= l->flow.start_ts_ns + join_ns && l->flow.start_ts_ns <= k->asked_last_ts_ns + join_ns;
}

/* We control, our stack is libwebrtc, and it did not nominate at once although it had no better pair: it does so when
 * it was told that the other end is ICE-lite (libwebrtc, BasicIceController::GetUseCandidateAttribute). Some lite ends
 * (libnice) still make one check of their own when the first of ours comes. */
static bool was_told_lite(const struct leg *l)
{
	const struct session *s = l->socket->session;

	return l->first_plain && l->controlling && l->talk[OUT].nominated && l->talk[IN].checks <= 1 &&
	    !l->talk[IN].nominated && s != NULL && s->libwebrtc;
}

bool role_is_relay(const struct leg *l, bool belief)
{
	const struct talk *in = &l->talk[IN], *out = &l->talk[OUT];

	if (l->allocated > 0 || (in->relaying > 0 && out->relaying > 0))
		return true;
	/* One way: what comes from a relay proves what was asked; what goes to it, that it is used. */
	return belief && ((l->allocated_orphans > 0 && !leg_heard_from(l, OUT)) ||
	    (in->relaying_alone >= 2 && !leg_heard_from(l, OUT)) || (out->relaying_alone >= 2 && !leg_heard_from(l, IN)));
}

static enum role ice_role(const struct correlator *c, struct leg *l, bool belief)
{
	const struct talk *in = &l->talk[IN], *out = &l->talk[OUT];
	bool answered = in->answers > 0, answered_out = out->answers > 0, data = role_data_both(l), direct;
	unsigned lite_checks = 0;	/* that an end may make and be a service */

	/* One way only: their answers prove our checks, and ours theirs. */
	if (belief && in->orphans > 0 && !leg_heard_from(l, OUT)) {
		l->one_way = true;
		/* One check among many answers may be a lite end's (was_told_lite): what we were told is not seen. */
		lite_checks = 1;
		direct = in->checks > 1 || (in->checks == 1 && in->orphans < LITE_ANSWERS);
		answered = true;
	} else if (belief && out->orphans > 0 && !leg_heard_from(l, IN)) {
		l->one_way = true;
		direct = out->checks > 0 && out->data_packets >= DATA_BOTH;
	} else {
		l->one_way = false;
		direct = (answered && answered_out) || (data && answered_out) || (data && in->checks > 0 && out->checks > 0);
	}
	if (direct && !was_told_lite(l))
		return outside_is_relay(c, &l->key.remote.addr) ? ROLE_FAR_RELAY : ROLE_PEER;
	if (direct || (answered && in->checks <= lite_checks && (in->answers + in->orphans >= SERVICE_ANSWERS || data)))
		return ROLE_SERVICE;
	if (out->sends > 0 || answered_out || l->one_way || (in->checks > 0 && out->errors > 0))
		return ROLE_CANDIDATE;
	return ROLE_NONE;
}

/* An answer whose request was not seen is one of the server's other address, if this socket asked (RFC 5780, 4.3). */
static bool is_server(const struct leg *l, bool belief)
{
	/* Some telephones send the other one empty queries, which open the way for the voice and are never answered. */
	if (l->far_end == FAR_PEER && l->answers == 0 && l->asked == 0)
		return false;
	return l->queries > 0 || l->answers > 0 || l->asked > 0 ||
	    (l->answer_orphans > 0 && belief && !leg_heard_from(l, OUT)) ||
	    (l->answers_else > 0 && l->socket->proofs[PROOF_QUERY].packet != 0);
}

enum role role_of(const struct correlator *c, struct leg *l)
{
	const struct session *s = l->socket->session;
	bool belief = role_believes(c);
	enum role role;

	if (role_is_relay(l, belief))
		return ROLE_RELAY;
	role = ice_role(c, l, believes_peer(c));
	if (role != ROLE_NONE && is_own(l) && (role == ROLE_CANDIDATE || (s != NULL && s->mirrored)))
		role = ROLE_NONE;	/* to our own public address, and back in (hairpin): no end outside */
	if (role == ROLE_NONE && is_followed(c, l)) {
		l->followed = true;
		return ROLE_PEER;
	}
	if (role == ROLE_NONE && is_server(l, belief))
		return ROLE_SERVER;
	return role;
}
