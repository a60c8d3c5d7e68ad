/* session.h -- sessions: begun, joined, merged, over. */
#ifndef PW_SESSION_H
#define PW_SESSION_H

#include "state.h"

/* The session that this leg's socket is in now; a new one if there is none, or the socket was quiet for too long.
 * NULL: there is no room. */
struct session *session_of(struct correlator *, struct leg *, const struct message *);

/* A check's USERNAME, "receiver:sender", seen from the inside. False: it has no two names. */
bool names_of(struct names *, struct cursor username, const struct message *);

/* The leg's names are known: join all sessions that have them. Returns the session that is left. */
struct session *session_join(struct correlator *, struct leg *);

/* The host of this leg does something (an application, a signature; a number for it): everything with it is one session. Proved: here, by
 * itself; else only a session that there is already takes it in. */
void session_join_host(struct correlator *, struct leg *, uint64_t what, bool proved);

/* Two that gather candidates for one call. */
void session_gather(struct session *, struct session *);

void session_lose(struct correlator *, struct socket *);	/* the socket leaves its session */

/* Say what is due, then let go of everything. False: the sink had no room; it ends later. */
bool session_end(struct correlator *, struct session *);

/* Queues by due time: every session waits equally long, so that the order of coming is the order of leaving. */
enum place_of { SETTLING, UPDATING };
void queue_put(struct correlator *, enum place_of, struct session *, uint64_t due_ns);
void queue_take(struct correlator *, enum place_of, struct session *);

#endif
