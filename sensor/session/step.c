/* step.c -- see step.h. What counts as proof, and why, is in role.c. */
#include "step.h"

#include "encryption.h"
#include "finding.h"
#include "outside.h"
#include "report.h"
#include "role.h"
#include "session.h"
#include "skype.h"
#include "socket.h"
#include "timeline.h"
#include "worth.h"

#include <netinet/in.h>

static const uint64_t FAILED_NS = 10 * 1000000000ULL;	/* no answer for so long, to at least FAILED_SENDS checks */

enum { FAILED_SENDS = 3 };

static void saw_both_ways(struct correlator *c)
{
	c->two_way = true;
	c->two_way_ns = c->now_ns;
}

/* --- what a message brings --- */

static void prove(struct leg *l, enum proof_id id, const struct message *m, const struct endpoint *value)
{
	if (proof_endpoint(l->socket->proofs, id, m->packet, m->ts_ns, value))
		timeline_proof(l, id, m->packet, m->ts_ns, value);
}

/* What concerns this leg alone. */
static void see(struct leg *l, enum proof_id id, struct sight where)
{
	struct sight *s = &l->saw[id - PROOF_LEG];

	if (s->packet != 0)
		return;
	*s = where;
	timeline_proof(l, id, where.packet, where.ts_ns, &l->key.remote);
}

static void prove_remote(struct leg *l, enum proof_id id, const struct message *m)
{
	if (id >= PROOF_LEG)
		see(l, id, (struct sight){m->packet, m->ts_ns});
	else
		prove(l, id, m, &l->key.remote);
}

static void prove_text(struct leg *l, enum proof_id id, const struct message *m, struct cursor text)
{
	if (proof_text(l->socket->proofs, id, m->packet, m->ts_ns, text))
		timeline_proof(l, id, m->packet, m->ts_ns, NULL);
}

/* What this end says is all that can be heard of the exchange: it is taken for both (role.c). */
static bool is_alone(const struct correlator *c, const struct leg *l, enum way way)
{
	return role_believes(c) && !leg_heard_from(l, way == IN ? OUT : IN);
}

static void on_mapped(struct leg *l, const struct reading *r)
{
	if (!says(r, FACT_STUN_MAPPED) || addr_is_unspecified(&r->mapped.addr))
		return;
	l->has_mapped = true;
	l->mapped = r->mapped;
	/* A peer may say what it likes, its own address for instance. */
	if (!addr_is_private(&r->mapped.addr) && !says(r, FACT_ICE_ANSWER))
		socket_own(l->socket, &r->mapped.addr);
	prove(l, PROOF_MAPPED, r->m, &r->mapped);
}

/* It asks this server, or is answered by it: for the same call as others of its host at this moment, perhaps. */
static void gather(struct correlator *c, struct leg *l)
{
	struct session *other = gather_ask(c, l->socket->session, l);

	if (other != NULL)
		session_gather(other, l->socket->session);
}

static void on_query(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;

	if (!m->from_local)
		return;
	l->queries++;
	if (l->socket->asked_first_ts_ns == 0)
		l->socket->asked_first_ts_ns = m->ts_ns;
	l->socket->asked_last_ts_ns = m->ts_ns;
	prove_remote(l, PROOF_QUERY, m);
	if (says(r, FACT_STUN_BEHAVIOUR))
		prove_remote(l, PROOF_BEHAVIOUR, m);
	if (l->queries == 1)
		gather(c, l);
}

static void on_answer(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;

	if (m->from_local)
		return;
	if (!says(r, FACT_TX_MATCHED)) {
		l->answers_else++;
		if (is_alone(c, l, IN)) {
			if (l->answer_orphans++ == 0)
				gather(c, l);
			prove_remote(l, PROOF_ANSWER, m);
			on_mapped(l, r);
		}
		return;
	}
	l->answers++;
	prove_remote(l, PROOF_ANSWER, m);
	on_mapped(l, r);
	outside_note(c, &l->key.remote.addr, false, m);
	if (says(r, FACT_STUN_OTHER))
		outside_note(c, &r->other.addr, false, m);
}

static void join(struct leg *l, const struct reading *r)
{
	struct names n;

	if (!says(r, FACT_ICE_USERNAME) || !names_of(&n, r->username, r->m))
		return;
	if (n.pair != l->names.pair || n.local != l->names.local) {
		l->names = n;
		l->joined = false;
	}
}

static void join_now(struct correlator *c, struct leg *l)
{
	if (!l->joined && l->names.pair != 0 && l->socket->session != NULL)
		session_join(c, l);
}

static void check_sent(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;
	struct talk *out = &l->talk[OUT];
	struct session *s = l->socket->session;

	l->socket->ice = true;
	out->sends++;
	if (!says(r, FACT_TX_REPEATED))
		out->checks++;
	if (out->sends == 1) {
		l->first_check_ns = c->now_ns;
		l->first_plain = !says(r, FACT_ICE_NOMINATED) && !s->answered;
	}
	l->controlling = says(r, FACT_ICE_CONTROLLING);
	prove_remote(l, PROOF_CHECK_OUT, m);
	if (addr_is_private(&l->key.remote.addr))
		prove_remote(l, PROOF_UNROUTABLE, m);
	if (says(r, FACT_ICE_NOMINATED)) {
		out->nominated = true;
		if (l->talk[IN].answers > 0)
			prove_remote(l, PROOF_NOMINATED, m);
	}
	if (!l->failed && l->talk[IN].answers == 0 && out->sends >= FAILED_SENDS &&
	    c->now_ns - l->first_check_ns >= FAILED_NS) {
		l->failed = true;
		prove_remote(l, PROOF_FAILED, m);
	}
	join(l, r);
	join_now(c, l);
}

static void check_came(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;
	struct talk *in = &l->talk[IN];

	in->sends++;
	if (!says(r, FACT_TX_REPEATED))
		in->checks++;
	in->nominated |= says(r, FACT_ICE_NOMINATED);
	if (l->check_came.packet == 0)
		l->check_came = (struct sight){m->packet, m->ts_ns};
	join(l, r);
	if (l->socket->session != NULL && is_alone(c, l, IN)) {
		prove_remote(l, PROOF_CHECK_IN, m);
		join_now(c, l);
	}
}

/* The check that came in has been answered from inside: now it counts. */
static void check_taken(struct leg *l)
{
	if (l->check_came.packet != 0)
		see(l, PROOF_CHECK_IN, l->check_came);
}

static void on_ice_answer(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;
	struct talk *t = &l->talk[m->from_local];

	if (!says(r, FACT_TX_MATCHED)) {
		if (!is_alone(c, l, m->from_local ? OUT : IN))
			return;
		t->orphans++;
		prove_remote(l, m->from_local ? PROOF_ANSWERED_OUT : PROOF_ANSWERED, m);
		return;
	}
	if (!says(r, FACT_TX_REPEATED))
		t->answers++;
	if (m->from_local) {
		prove_remote(l, PROOF_ANSWERED_OUT, m);
		check_taken(l);
		join_now(c, l);
		return;
	}
	l->socket->session->answered = true;
	prove_remote(l, PROOF_ANSWERED, m);
	if (l->talk[OUT].nominated)
		prove_remote(l, PROOF_NOMINATED, m);
	on_mapped(l, r);
}

/* An answer that is no success. It proves that there is an end that looked at the request, but not that it knows the names
 * in it (RFC 8445, 7.3.1.1: of the errors only a role conflict comes behind the check of the names). */
static void on_error(struct correlator *c, struct leg *l, const struct reading *r)
{
	if (r->m->from_local && l->talk[IN].checks > 0) {
		l->talk[OUT].errors++;
		check_taken(l);
		if (says(r, FACT_ICE_ROLE_CONFLICT))
			join_now(c, l);
	} else if (!r->m->from_local && says(r, FACT_TX_MATCHED)) {
		l->talk[IN].errors++;
	}
}

static void on_behind(struct leg *l, const struct endpoint *peer, enum carried carried, const struct message *m)
{
	if (addr_is_unspecified(&peer->addr))
		return;
	socket_behind(l->socket, peer, carried);
	prove(l, PROOF_RELAY_PEER, m, peer);
}

static void on_allocated(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;
	const struct endpoint *given = addr_is_unspecified(&r->allocated.addr) ? &l->key.remote : &r->allocated;
	bool matched = says(r, FACT_TX_MATCHED);

	if (m->from_local)
		return;
	if (!matched && !is_alone(c, l, IN))
		return;
	if (matched)
		l->allocated++;
	else if (l->allocated_orphans++ == 0)
		gather(c, l);
	outside_note(c, &l->key.remote.addr, true, m);
	if (!addr_is_private(&given->addr))
		outside_note(c, &given->addr, true, m);
	prove(l, PROOF_ALLOCATED, m, given);
	on_mapped(l, r);
}

static void on_relay(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;
	struct talk *t = &l->talk[m->from_local];

	if (says(r, FACT_TURN_REQUEST) && m->from_local) {
		prove_remote(l, PROOF_RELAY_ASKED, m);
		if (l->asked++ == 0)
			gather(c, l);
	}
	if (says(r, FACT_TURN_ALLOCATED))
		on_allocated(c, l, r);
	if (says(r, FACT_TURN_CLOSED) && m->from_local)
		l->closed = true;
	if ((m->nested || (says(r, FACT_TURN_SHARED) && (says(r, FACT_ICE_CHECK) || says(r, FACT_ICE_ANSWER))) ||
	    says(r, FACT_TURN_TRAFFIC) || says(r, FACT_TURN_PEER) || says(r, FACT_TURN_CHANNEL) || says(r, FACT_TURN_CLOSED)) &&
	    !says(r, FACT_TURN_REFUSED)) {
		t->relaying++;
		t->relaying_alone += is_alone(c, l, m->from_local ? OUT : IN);
	}
	if (role_is_relay(l, false) || (role_believes(c) && role_is_relay(l, true))) {
		if (l->socket->proofs[PROOF_ALLOCATED].packet == 0) {
			outside_note(c, &l->key.remote.addr, true, m);
			prove_remote(l, PROOF_RELAY_USED, m);
		}
		for (unsigned i = 0; i < r->n_peers; i++)
			on_behind(l, &r->peers[i], CARRIED_NAMED, m);
		if (m->nested && says(r, FACT_PEER))
			on_behind(l, &r->peer, CARRIED_CHECKS, m);
	}
	if (worth_wrapped(r) && says(r, FACT_ICE_CHECK)) {
		l->socket->ice = true;
		prove_remote(l, PROOF_RELAY_CHECK, m);
		join(l, r);
		if (m->from_local || role_is_relay(l, false))
			join_now(c, l);
	}
}

static void on_data(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;
	const struct talk *in = &l->talk[IN], *out = &l->talk[OUT];
	enum role role;

	if (in->data_packets > 0 && out->data_packets > 0) {
		saw_both_ways(c);
		leg_raise(c, l, RANK_PROVED);
	}
	role = role_of(c, l);
	if (role == ROLE_RELAY && says(r, FACT_PEER))
		on_behind(l, &r->peer, r->data_packets[IN] > 0 && r->data_packets[OUT] > 0 ? CARRIED_BOTH_WAYS : CARRIED_DATA, m);
	if (role == ROLE_RELAY && ((in->wrapped_packets > 0 && out->wrapped_packets > 0) || role_data_both(l)))
		prove_remote(l, PROOF_RELAY_DATA, m);
	else if (role == ROLE_PEER && l->followed)
		prove_remote(l, PROOF_FOLLOWED, m);
	else if (role >= ROLE_SERVICE && role != ROLE_RELAY && role_data_both(l))
		prove_remote(l, PROOF_DATA, m);
}

/* Who operates a server, and with what, is said by whoever wants to be taken for somebody; it counts from our own end, in
 * an answer to what our end asked, or where nothing else can be heard of this leg. (For signatures: finding.c, which asks what can
 * be heard of any flow.) */
static bool mark_counts(const struct correlator *c, const struct leg *l, const struct reading *r)
{
	return r->m->from_local || says(r, FACT_TX_MATCHED) || is_alone(c, l, IN);
}

static bool is_libwebrtc(const struct cursor *dialect)
{
	static const char name[] = "libwebrtc";

	return dialect->left == sizeof name - 1 && cur_starts(dialect, name, sizeof name - 1);
}

static void on_marks(const struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;

	if (says(r, FACT_DIALECT)) {
		l->socket->session->libwebrtc |= is_libwebrtc(&r->dialect);
		prove_text(l, PROOF_DIALECT, m, r->dialect);
	}
	if (says(r, FACT_REALM) && mark_counts(c, l, r))
		prove_text(l, PROOF_REALM, m, r->realm);
	if (says(r, FACT_SOFTWARE) && mark_counts(c, l, r)) {
		prove_text(l, PROOF_SOFTWARE, m, r->software);
		if (!m->from_local && l->software[0] == '\0')
			printable(l->software, sizeof l->software, r->software);
	}
}

/* --- judging --- */

/* The leg may be something else now. A stronger claim makes its session wait for it to settle. */
static void judge(struct correlator *c, struct leg *l, const struct message *m)
{
	enum role was = l->role, is = role_of(c, l);

	if (is == was)
		return;
	l->role = (uint8_t)is;
	if (is == ROLE_SERVICE)
		prove_remote(l, PROOF_SERVICE, m);
	if (is > was || l->role_packet == 0) {
		l->role_packet = m->packet;
		l->role_ts_ns = m->ts_ns;
		report_await(c, l->socket->session, l);
	}
}

/* --- the leg of a message --- */

static struct leg *leg_for(struct correlator *c, const struct reading *r, bool signals, bool found)
{
	const struct message *m = r->m;
	struct leg *l = leg_find(c, m);
	enum rank rank;

	if (l != NULL) {
		if (l->flow.id != m->flow_id || (l->flow.end != FLOW_GOING && !says(r, FACT_FLOW_END)))
			leg_flow(c, l, r);
		rank = signals && says(r, FACT_TX_MATCHED) ? RANK_PROVED :
		    (signals && m->from_local) || (found && (m->from_local || m->two_way)) ? RANK_SENT : RANK_HEARD;
	} else {
		if (!worth_leg(c, r, signals, found, &rank) ||
		    (rank == RANK_HEARD && !caller_enter(c, &m->remote.addr)))
			return NULL;
		l = leg_make(c, r);
		if (l == NULL) {
			if (rank == RANK_HEARD)
				caller_leave(c, &m->remote.addr);
			return NULL;
		}
		l->heard = rank == RANK_HEARD;
	}
	leg_raise(c, l, rank);
	return l;
}

static void dispatch(struct correlator *c, struct leg *l, const struct reading *r)
{
	const struct message *m = r->m;

	if (!worth_wrapped(r)) {
		if (says(r, FACT_STUN_QUERY))
			on_query(c, l, r);
		if (says(r, FACT_STUN_ANSWER))
			on_answer(c, l, r);
		if (says(r, FACT_ICE_CHECK) && m->from_local)
			check_sent(c, l, r);
		else if (says(r, FACT_ICE_CHECK))
			check_came(c, l, r);
		if (says(r, FACT_ICE_ANSWER))
			on_ice_answer(c, l, r);
		if (says(r, FACT_TX_MATCHED) && !says(r, FACT_ICE_ANSWER) && !says(r, FACT_STUN_ANSWER))
			on_error(c, l, r);
	}
	on_relay(c, l, r);
	if (m->from_local || says(r, FACT_TX_MATCHED) || l->talk[OUT].messages > 0 || role_believes(c))
		on_marks(c, l, r);
}

/* Who speaks SIP (in the clear, or by its port) with somebody inside is a telephone server (or is called directly, which cannot be told from it): media
 * that come from there are no peer's that was found by asking (role.c, is_followed). */
static void note_telephony(struct correlator *c, const struct reading *r)
{
	uint16_t port = r->m->remote.port;

	if ((says(r, FACT_TELEPHONY) && r->m->two_way) ||
	    ((port == 5060 || port == 5061) && r->data_packets[IN] > 0 && r->data_packets[OUT] > 0))
		outside_note(c, &r->m->remote.addr, false, r->m);
}

/* The flow is over. Its leg stays as long as a session needs it. */
static void flow_over(struct correlator *c, struct leg *l, const struct reading *r)
{
	static const struct {
		const char *word;
		enum flow_end end;
	} words[] = {{"timeout", FLOW_TIMEOUT}, {"closed", FLOW_CLOSED}, {"evicted", FLOW_EVICTED}, {"shutdown", FLOW_SHUTDOWN}};

	l->flow.end = FLOW_TIMEOUT;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (cur_starts(&r->ended, words[i].word, strlen(words[i].word)))
			l->flow.end = (uint8_t)words[i].end;
	report_flow_over(c, l);
}

/* The session that this message belongs to, with its times moved on; NULL if it belongs to none. */
static struct session *session_for(struct correlator *c, struct leg *l, const struct message *m)
{
	struct session *s = session_of(c, l, m);

	if (s == NULL)
		return NULL;
	store_raise(&c->sessions, s, (enum rank)l->link.rank);
	s->last_ns = c->now_ns;
	s->last_ts_ns = m->ts_ns;
	l->socket->last_ns = c->now_ns;
	return s;
}

/* Do these lines weigh enough to begin something? They may add to what has begun. */
static bool begins(const struct correlator *c, const struct message *m, const struct match match[], unsigned n)
{
	const struct socket *k = n > 0 ? socket_find(c, m) : NULL;
	unsigned sum = 0;

	if (k != NULL && k->session != NULL)
		return true;
	for (unsigned i = 0; i < n; i++)
		sum += match[i].weight;
	return sum >= FINDING_BEGINS;
}

/* The remote end is a proxy, and leads to somebody else. */
static void on_proxy(struct leg *l, const struct reading *r)
{
	l->proxied = true;
	if (!addr_is_unspecified(&r->target.addr))
		l->target = r->target;
	else if (says(r, FACT_PEER))
		l->target = r->peer;
	if (l->far_end != FAR_UNSAID)
		l->far_end = FAR_RELAY;
}

/* Signatures hold for it. */
static void on_found(struct correlator *c, struct leg *l, const struct reading *r, const struct match match[], unsigned n)
{
	struct session *s;

	finding_note(c, l, r, match, n);
	s = l->socket->session;
	if ((l->found >> KIND_SKYPE & 1) == 0)
		return;
	skype_note(c, s, r);
	if (skype_has_news(c, s) && !s->update.in)
		report_await_finding(c, s);
}

void step_message(struct correlator *c, const struct reading *r)
{
	const struct message *m = r->m;
	bool signals = worth_signals(r);
	struct match match[SIGNATURE_MATCHES];
	unsigned n = finding_matches(c, r, match);
	struct leg *l;

	if (signals && says(r, FACT_TX_MATCHED))
		saw_both_ways(c);
	if (r->data_packets[IN] > 0 && r->data_packets[OUT] > 0)
		c->data_two_way_ns = c->now_ns;
	note_telephony(c, r);
	l = leg_for(c, r, signals, begins(c, m, match, n));
	/* Of TCP only what matters already: there is no end of plain TLS connections. */
	if (encryption_speaks(r) && (l != NULL || m->ip_proto == IPPROTO_UDP))
		encryption_note(c, m);
	if (l == NULL)
		return;
	if (says(r, FACT_PROXY_TARGET))
		on_proxy(l, r);
	leg_totals(l, r);
	l->last_ts_ns = m->ts_ns;
	if (says(r, FACT_FLOW_END)) {
		flow_over(c, l, r);
		return;
	}
	if (worth_asking(r))
		l->serving = false;
	else if (signals && worth_serving(r) && l->talk[OUT].sends == 0 && l->queries == 0 && l->asked == 0)
		l->serving = true;
	if (l->serving && n == 0)
		return;
	/* Who has only been called from outside has no session; where one direction is all there is, that is enough. */
	if (l->link.rank == RANK_HEARD && l->socket->session == NULL && !role_believes(c)) {
		l->talk[IN].messages += signals;
		if (says(r, FACT_ICE_CHECK) && !worth_wrapped(r))
			check_came(c, l, r);
		return;
	}
	if (signals || n > 0 || says(r, FACT_DATA_IN_PACKETS) || says(r, FACT_DATA_OUT_PACKETS))
		session_for(c, l, m);
	if (l->socket->session == NULL)
		return;
	l->talk[m->from_local].messages += signals;
	timeline_message(l, r);
	if (n > 0)
		on_found(c, l, r, match, n);
	if (signals && !l->serving)
		dispatch(c, l, r);
	on_data(c, l, r);
	if (says(r, FACT_FLOW_UNREACHABLE) && l->talk[OUT].sends > 0) {
		l->unreachable = true;
		prove_remote(l, PROOF_UNREACHABLE, m);
	}
	judge(c, l, m);
}
