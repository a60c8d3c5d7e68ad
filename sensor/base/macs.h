/* macs.h -- which Ethernet addresses are routers': theirs say nothing about the host.
 *
 * A router is who sends from (or is sent to for) an outside address, or more than MAC_ADDRESSES inside addresses of one
 * family. Bounded: the one not seen for longest is forgotten. Looked at when a flow begins.
 */
#ifndef PW_MACS_H
#define PW_MACS_H

#include "addr.h"

enum { MAC_ADDRESSES = 3 };

struct macs;

struct macs *macs_new(void);
void macs_free(struct macs *);

/* `mac` was next to this address on the wire. True: that is new. */
bool macs_learn(struct macs *, const uint8_t mac[static 6], const struct addr *, bool inside);
/* May it be a host's own? False for a router's, and for group addresses. */
bool macs_host(const struct macs *, const uint8_t mac[static 6]);

#endif
