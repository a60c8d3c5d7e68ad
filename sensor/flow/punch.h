/* punch.h -- how a flow was opened, where that says something by itself: punching without any protocol of its own.
 *
 * Both are asked for packets that are counted already, and cost a look at the flow.
 */
#ifndef PW_PUNCH_H
#define PW_PUNCH_H

#include "../base/packet.h"
#include "table.h"

enum { PUNCH_PROBES = 3 };

/* A datagram without answer, of an inside host to an outside one, between ports that no service waits on: is it the
 * third? So many make a flow worth speaking of: somebody tries to get through. */
bool punch_probes(const struct flow *, unsigned from);

/* A TCP packet: both ends have sent a SYN before either answered (simultaneous open, RFC 9293 3.5), and this packet brings
 * the first data: a connection came of it. True once. */
bool punch_crossed(struct flow *, const struct packet *, unsigned from);

#endif
