/* derive_relay.h -- what is sent bare to a relay: some pass on whatever is no message of theirs ([MS-TURN], Set Active Destination), so
 * a protocol that shows itself on a relay's flow travels through the relay. */
#ifndef PW_DERIVE_RELAY_H
#define PW_DERIVE_RELAY_H

#include "derive.h"

extern const struct deriver relay_deriver;

#endif
