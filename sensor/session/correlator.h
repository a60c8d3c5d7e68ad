/* correlator.h -- from facts to verdicts: sockets, relays, sessions, score, events. It never sees a packet.
 *
 * Facts come in packet order. Time is packet time: correlator_facts() moves it on, correlator_advance() does when there
 * is no traffic, and what has become due (settled steps, updates, ended sessions) goes to the sink as events.
 */
#ifndef PW_CORRELATOR_H
#define PW_CORRELATOR_H

#include "../base/count.h"
#include "../config/settings.h"
#include "../event/event.h"
#include "../facts/facts.h"
#include "../signature/signature.h"

struct correlator;

/* The signatures are borrowed; NULL: no name is given, and nothing found but what STUN itself shows. */
struct correlator *correlator_new(const struct settings *, const struct signatures *, struct counts *, event_sink, void *ctx);
void correlator_free(struct correlator *);

/* Others from now on; what sessions remember of the old ones (sid, line, weight) stays theirs. Between two calls. */
void correlator_use_signatures(struct correlator *, const struct signatures *);
/* Times and what is reported; sizes stay. */
void correlator_use_settings(struct correlator *, const struct session_settings *);

/* A site's policy decides what becomes of each alert; NULL: none. Borrowed; between two calls. */
struct judge;
void correlator_use_judge(struct correlator *, struct judge *);
struct judge *correlator_judge(const struct correlator *);

/* What encryption is held against (sensor/crypto/); NULL: nothing. Borrowed; between two calls. */
struct crypto_profile;
void correlator_use_profile(struct correlator *, const struct crypto_profile *);

void correlator_facts(struct correlator *, const struct facts *);
void correlator_advance(struct correlator *, uint64_t now_ns);
/* The input is over: settle, report and close everything. */
void correlator_finish(struct correlator *);

/* Names of hosts and owners of networks, from now on; NULL: none. Borrowed. */
struct names;
void correlator_use_names(struct correlator *, struct names *);

/* For `explain`: called with each session as it ends (all its evidence and legs still there). See explain.h. */
struct session_view;
void correlator_on_session_end(struct correlator *, void (*)(void *ctx, const struct session_view *), void *ctx);
/* The same with each message of facts that concerns the border, as it comes, and those that derivers make of it. */
void correlator_on_message(struct correlator *, void (*)(void *ctx, const struct message *), void *ctx);

#endif
