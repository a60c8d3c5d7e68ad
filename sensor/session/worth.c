/* worth.c -- see worth.h. */
#include "worth.h"

#include "role.h"
#include "socket.h"

/* A relay's wrapping is around it: what is said is said to the end behind the relay. Microsoft's relays that many share
 * wrap without naming that end. */
bool worth_wrapped(const struct reading *r)
{
	return r->m->nested || says(r, FACT_TURN_SHARED);
}

static bool says_any(const struct reading *r, const uint8_t *facts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (says(r, facts[i]))
			return true;
	return false;
}

/* Behind a relay others speak, too (media, handshakes); to them it is no matter of paths. */
static bool is_stun(const struct reading *r)
{
	for (unsigned id = FACT_TX_MATCHED; id <= FACT_TURN_SHARED; id++)
		if (says(r, id))
			return true;
	return says(r, FACT_DIALECT) || says(r, FACT_SOFTWARE) || says(r, FACT_REALM);
}

bool worth_signals(const struct reading *r)
{
	static const uint8_t facts[] = {
		FACT_STUN_QUERY, FACT_STUN_ANSWER, FACT_ICE_CHECK, FACT_ICE_ANSWER, FACT_STUN_ERROR, FACT_STUN_INDICATION,
		FACT_TX_MATCHED, FACT_TX_ORPHAN, FACT_TURN_REQUEST, FACT_TURN_ALLOCATED, FACT_TURN_PEER, FACT_TURN_CHANNEL,
		FACT_TURN_CLOSED, FACT_TURN_TRAFFIC,
	};

	return (r->m->nested && is_stun(r)) || says_any(r, facts, sizeof facts);
}

/* The local end is the relay: it answers what only a relay is asked. */
bool worth_serving(const struct reading *r)
{
	static const uint8_t facts[] = {
		FACT_TURN_ALLOCATED, FACT_TURN_REFUSED, FACT_TURN_TRAFFIC, FACT_TURN_CLOSED, FACT_TURN_CHANNEL, FACT_TURN_PEER,
	};

	if (r->m->nested || !says_any(r, facts, sizeof facts))
		return !r->m->nested && !r->m->from_local && says(r, FACT_TURN_REQUEST);
	return r->m->from_local && (says(r, FACT_TX_MATCHED) || says(r, FACT_TX_ORPHAN));
}

bool worth_asking(const struct reading *r)
{
	return r->m->from_local && !worth_wrapped(r) &&
	    (says(r, FACT_ICE_CHECK) || says(r, FACT_STUN_QUERY) || says(r, FACT_TURN_REQUEST));
}

/* Is a message of an inside host worth a leg? Its answers to questions of others are not, but to a check. */
static bool is_worth_out(const struct reading *r)
{
	static const uint8_t facts[] = {
		FACT_STUN_QUERY, FACT_ICE_CHECK, FACT_ICE_ANSWER, FACT_TURN_REQUEST, FACT_TURN_PEER, FACT_TURN_CHANNEL,
		FACT_TURN_CLOSED, FACT_TURN_TRAFFIC,
	};

	return r->m->nested || says_any(r, facts, sizeof facts) || worth_serving(r);
}

/* And one from outside? *rank: how much it proves. */
static bool is_worth_in(const struct correlator *c, const struct reading *r, enum rank *rank)
{
	const struct socket *k;

	if (says(r, FACT_STUN_QUERY) || says(r, FACT_STUN_INDICATION))
		return false;
	if (says(r, FACT_TX_MATCHED)) {
		*rank = RANK_PROVED;
		return true;
	}
	if ((says(r, FACT_ICE_CHECK) && !worth_wrapped(r)) || worth_serving(r))
		return true;
	k = socket_find(c, r->m);
	if (says(r, FACT_STUN_ANSWER) && k != NULL && k->asked_first_ts_ns != 0)
		return true;	/* the other address of the server it asked (RFC 5780, 4.3) */
	return role_believes(c);
}

/* Data, of a flow that nothing was said of but that there are data. */
static bool is_worth_data(const struct correlator *c, const struct reading *r)
{
	const struct socket *k;

	if (!says(r, FACT_DATA_IN_PACKETS) && !says(r, FACT_DATA_OUT_PACKETS))
		return false;
	k = socket_find(c, r->m);
	return k != NULL && k->session != NULL && k->asked_first_ts_ns != 0 && !k->ice;
}

bool worth_leg(const struct correlator *c, const struct reading *r, bool signals, bool found, enum rank *rank)
{
	*rank = found && (r->m->from_local || r->m->two_way) ? RANK_SENT : RANK_HEARD;
	if (found && (*rank == RANK_SENT || role_believes(c)))
		return true;
	if (signals && !r->m->from_local)
		return is_worth_in(c, r, rank);
	*rank = says(r, FACT_TX_MATCHED) ? RANK_PROVED : RANK_SENT;
	return signals ? is_worth_out(r) : is_worth_data(c, r);
}
