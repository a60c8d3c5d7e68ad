/* named.h -- what is called how: hosts, far ends and owners of networks in alerts, and the names that a host was told for an address. */
#ifndef PW_NAMED_H
#define PW_NAMED_H

#include "state.h"

/* The flow that this message introduces goes to an address that its host was told under a name: the same, as facts (FACT_HOST). NULL: it
 * was not told. Valid until the next call. */
const struct facts *named_flow(struct correlator *, const struct reading *);

/* Names of the alert's inside host and peer, the owner of the peer's network, and what that makes of its scope. */
void named_alert(const struct correlator *, const struct socket *, struct event_alert *);

#endif
