/* skype.h -- what is known of a host's Skype, for the alert: kept by the session, from the facts of its flows. */
#ifndef PW_SESSION_SKYPE_H
#define PW_SESSION_SKYPE_H

#include "state.h"

/* Take from the message what it says, for the session that it belongs to. */
void skype_note(struct correlator *, struct session *, const struct reading *);
/* Young's becomes old's. */
void skype_merge(struct skype *old, const struct skype *young);
/* Something that an analyst should know has come since the last event. */
bool skype_has_news(const struct correlator *, const struct session *);
/* An event has told everything; `a` is what it said. */
void skype_told(struct session *, const struct event_alert *a);
/* Into the event. */
void skype_fill(const struct session *, struct event_alert *);

#endif
