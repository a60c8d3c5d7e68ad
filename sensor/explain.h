/* explain.h -- one session as text for a person: verdict, who, what was seen in order, what it weighs. */
#ifndef PW_EXPLAIN_H
#define PW_EXPLAIN_H

#include "facts/facts.h"
#include "session/session_view.h"

#include <stdio.h>

/* details: also how the messages looked (types, lengths, attributes), not only what they said. */
void explain_session(FILE *, const struct session_view *, bool details);

/* One message of facts, each as an expression of a signature; nothing if it only introduces a flow, or counts its packets. */
void explain_message(FILE *, const struct message *);

#endif
