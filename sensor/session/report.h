/* report.h -- when a session becomes an event: settled, updated, over; and its flows.
 *
 * A claim waits settle_ms for a higher one to replace it, and is then alerted once. Direct paths and relays that come
 * later are told together in updates. What the sink has no room for stays due and is offered again.
 */
#ifndef PW_REPORT_H
#define PW_REPORT_H

#include "state.h"

/* This leg's role has become a stronger claim. */
void report_await(struct correlator *, struct session *, const struct leg *);

/* Signatures have proved what was not claimed before. */
void report_await_finding(struct correlator *, struct session *);

/* Everything that is due by now. False: the sink had no room. */
bool report_run(struct correlator *);

/* This session's claim does not wait any longer. False: as above. */
bool report_now(struct correlator *, struct session *);

/* The session is over: say all that is still to be said. False: the sink had no room; call again. */
bool report_final(struct correlator *, struct session *);

/* The leg's flow has ended: tell it if its session has alerted, else when it does. May drop the leg. */
void report_flow_over(struct correlator *, struct leg *);
void report_flow_forget(struct correlator *, struct leg *);	/* it is due, and shall not be told */

/* The id under which the session was alerted; 0 if it was not. */
uint64_t report_id(const struct session *);

#endif
