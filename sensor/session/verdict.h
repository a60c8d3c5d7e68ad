/* verdict.h -- a session as an event: who, with whom, by which path, how sure, and why. */
#ifndef PW_VERDICT_H
#define PW_VERDICT_H

#include "state.h"

/* Fill c->event with an alert of this kind about this socket of the session. Legs' roles must be up to date. */
void verdict_alert(struct correlator *, const struct session *, const struct socket *, enum kind, bool update);
/* The same as EVENT_SESSION. */
void verdict_session(struct correlator *, const struct session *, const struct socket *, enum kind);
void verdict_flow(struct correlator *, const struct leg *, uint64_t session_id);

/* Is this leg's remote end one of the kind's claim? */
bool verdict_counts(enum kind, const struct leg *);

/* Of two legs with one role: does the first speak for the session rather than the second? */
bool verdict_speaks(const struct leg *, const struct leg *);

/* The leg that carries the claim; NULL if the socket has none. */
const struct leg *verdict_main(const struct socket *, enum kind);
/* The same among all sockets of the session, for a kind that signatures claim. */
bool verdict_found_speaks(const struct leg *, const struct leg *);	/* the same for what was found */
const struct leg *verdict_found(const struct session *, enum kind);

/* All that was seen of a session and supports this claim about its socket, each row once. */
void verdict_proofs(const struct correlator *, const struct session *, const struct socket *, enum kind,
    struct proof rows[PROOF_N]);

enum nat verdict_nat(const struct socket *);

#endif
