/* sdp_say.h -- a session description as facts: one message for each medium, whatever protocol carried it. */
#ifndef PW_SDP_SAY_H
#define PW_SDP_SAY_H

#include "../sensor/facts/facts.h"
#include "sdp_wire.h"

/* telephony: by which protocol, "sip"; sender: where it says it can be called (port 0 and no address: not said); agent: its program, or empty. */
void sdp_say(struct facts *, const struct sdp *, const char *telephony, uint64_t call, const struct endpoint *sender, struct cursor agent);

#endif
