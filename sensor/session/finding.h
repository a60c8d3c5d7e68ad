/* finding.h -- what signatures make of a session: each line that held, once, with the packet that showed it first; the
 * sums of their weights; the alerts and the name that follow.
 *
 * A finding belongs to a session and remembers the leg that showed it. Legs know of which kinds they showed something, and
 * what their far end is by the lines' word. STUN's own proofs are not here (score.h).
 */
#ifndef PW_FINDING_H
#define PW_FINDING_H

#include "session_view.h"
#include "state.h"

enum { FINDING_BEGINS = 20 };	/* lines that weigh less together are no reason to begin a session */

struct app_verdict {
	const char *name;	/* NULL: not known. The signature set's */
	uint8_t confidence;	/* 1 to 100 */
	bool family;		/* a stack or an operator, not an application */
	uint32_t sid;		/* of the heaviest signature that says so */
};

/* The kinds whose alerts are made of findings. */
static inline bool kind_is_found(enum kind kind)
{
	return kind >= KIND_VOIP_APP;
}

/* The lines that hold for this message and may be taken for true: what comes from outside counts once our end took part. */
unsigned finding_matches(const struct correlator *, const struct reading *, struct match to[static SIGNATURE_MATCHES]);

/* The lines that hold for the message: for leg l, which has a session. May merge that session with another one. */
void finding_note(struct correlator *, struct leg *, const struct reading *, const struct match[], unsigned n);

/* The signature that claims this kind, with the highest sum, of an application that was not told yet if there is one; NULL: none has
 * reached its alert. */
const struct signature *finding_claim(const struct correlator *, const struct session *, enum kind, unsigned *sum);

/* An alert of this kind was made of what this application's signatures showed ("" or a stack's: those of no application). */
void finding_told(const struct correlator *, struct session *, enum kind, const char *app);
/* Another application has reached an alert of a kind that was told in this session with another name. */
bool finding_has_news(const struct correlator *, const struct session *, enum kind);
/* The applications that are proved besides this one. Returns how many. */
unsigned finding_other_apps(const struct correlator *, const struct session *, const char *app, char to[EVENT_APPS][EVENT_APP]);

/* Who speaks, by all that was found. Two applications at once are no answer. */
struct app_verdict finding_app(const struct correlator *, const struct session *);

/* The far end is an end like ours, and packets went both ways. */
static inline bool leg_is_direct(const struct leg *l)
{
	return l->far_end == FAR_PEER && l->two_way;
}

void finding_merge(struct correlator *, struct session *old, struct session *young);	/* young's become old's */
void finding_forget(struct correlator *, struct session *);

/* How far each signature came of which a line held: for people. `lines` is where their lines are kept. Returns how many. */
unsigned finding_view(const struct correlator *, const struct session *, struct view_signature to[static VIEW_SIGNATURES],
    struct view_sign lines[static VIEW_SIGNS]);

/* Into the event's evidence: the findings of this signature, in packet order; weightless: they only name. */
void finding_evidence(const struct session *, uint32_t sid, bool weightless, struct event_alert *);
/* The packet with which the signature's sum reached this much. */
struct sight finding_reached(const struct session *, uint32_t sid, unsigned sum);

#endif
