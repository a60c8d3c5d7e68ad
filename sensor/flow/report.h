/* report.h -- what the flow stage itself says about a flow. The messages that the correlator can rely on:
 *
 *   FLOW_NEW, FLOW_INTERFACE, HOST_MAC?, HOST_VLAN?	once, before anything else is said about the flow
 *   DATA_*, FLOW_* totals	when a direction's data reaches 1 and 2 packets, then at most once a second, when a packet comes
 *			also when a flow between high ports has been sent 3 datagrams and none came back
 *   FLOW_CROSSED		TCP: both ends sent a SYN before either answered (punch.h)
 *   FLOW_UNREACHABLE		an ICMP error quotes a packet of the flow; from_local: the way that packet went
 *   CARD, CARD_AT, CARD_OUTSIDE?	about no flow: what Ethernet addresses turn out to be next to, before a flow begins
 *   FLOW_END with all totals	timeout, closed, evicted, shutdown; before a later flow of the same five-tuple is spoken of
 *
 * Flows of which nobody has anything to say get no message at all.
 */
#ifndef PW_REPORT_H
#define PW_REPORT_H

#include "../base/macs.h"
#include "../base/packet.h"
#include "../facts/facts.h"
#include "table.h"

/* Set facts->header for this flow. `id` is flow_id(); from: the end that sent the packet in hand. */
void report_header(struct facts *, const struct flow *, uint64_t id, unsigned from, uint64_t ts_ns, uint64_t packet);

/* These use the header as it stands. `p` may be NULL: said at the flow's end, no packet in hand. */
void report_new(struct facts *, const struct flow *, const struct packet *p, const struct macs *);
/* An Ethernet address, as macs_learn() was told; not about a flow: sets the header itself. */
void report_card(struct facts *, const struct packet *, const uint8_t mac[static 6], const struct addr *, bool inside);
void report_totals(struct facts *, const struct flow *);
void report_crossed(struct facts *);
void report_unreachable(struct facts *, unsigned code);
void report_end(struct facts *, const struct flow *, const char *reason);

#endif
