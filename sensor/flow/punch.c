/* punch.c -- see punch.h. */
#include "punch.h"

#include "../facts/facts.h"

#include <netinet/in.h>

static const uint64_t CROSSING_NS = 3 * 1000000000ULL;	/* old ports that are used again are further apart */

enum { HIGH = 1024 };

static bool both_high(const struct flow *f)
{
	return f->port[0] >= HIGH && f->port[1] >= HIGH;
}

bool punch_probes(const struct flow *f, unsigned from)
{
	return f->ip_proto == IPPROTO_UDP && f->data_packets[from] == PUNCH_PROBES && f->packets[!from] == 0 &&
	    (f->bits & (FLOW_SIDE | FLOW_CLAIMED)) == SIDE_BORDER && from == flow_local(f) && both_high(f) &&
	    !addr_is_multicast(&f->addr[!from]);
}

bool punch_crossed(struct flow *f, const struct packet *p, unsigned from)
{
	bool syn = (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN, first = from == flow_first(f);
	bool crossed;

	if (syn && first && f->packets[from] == 1 && f->packets[!from] == 0)
		f->more |= FLOW_SYN_FIRST;
	else if (syn && !first && f->packets[from] == 1 && (f->more & FLOW_SYN_FIRST) != 0 && both_high(f) &&
	    p->ts_ns - f->start_ns <= CROSSING_NS)
		f->more |= FLOW_SYN_CROSSED;
	else if ((p->tcp_flags & TCP_RST) != 0)
		f->more &= (uint8_t)~(FLOW_SYN_FIRST | FLOW_SYN_CROSSED);
	/* Data that acknowledge something: both SYNs were taken. Before them there is no telling how much data there is (table.h). */
	crossed = (f->more & FLOW_SYN_CROSSED) != 0 && (p->tcp_flags & TCP_ACK) != 0 && p->payload_len > 0;
	if (crossed)
		f->more &= (uint8_t)~FLOW_SYN_CROSSED;
	return crossed;
}
