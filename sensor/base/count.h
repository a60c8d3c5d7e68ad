/* count.h -- everything that is counted, one row each.
 *
 * A packet cannot cause an error: what is not used is counted here under a name. Each thread has its own
 * struct counts and is its only writer; main adds them up. DROP rows are packets (or parts of them) that were
 * not used, LOSS rows what was given up because a limit was reached or we were slow: the log says so while it goes on; NOTE rows only
 * tell. The summary prints the DROP and LOSS rows that are not zero.
 *
 *   C(identifier, "name", kind, "what it means, for the summary")
 */
#ifndef PW_COUNT_H
#define PW_COUNT_H

#include <stdint.h>

#define COUNTS(C) \
	/* capture */ \
	C(PACKETS, "capture.packets", NOTE, "frames read") \
	C(BYTES, "capture.bytes", NOTE, "bytes of these frames, on the wire") \
	C(KERNEL_DROPS, "capture.kernel_drops", LOSS, "frames the kernel dropped because we were slow") \
	C(IFACE_DROPS, "capture.interface_drops", LOSS, "frames the network card dropped") \
	C(IFACE_DISCARDS, "capture.interface_discards", NOTE, "frames the interface discarded: lost, or seen and of no use to this machine") \
	C(CLOCK_JUMP, "capture.clock_jump", NOTE, "time stamps that jumped by more than a minute") \
	/* decode: a frame ends under one of used, icmp, fragment.held, or a DROP row (evicted and timeout count packets) */ \
	C(DECODED, "decode.used", NOTE, "frames that became packets of flows") \
	C(DECODE_LINKTYPE, "decode.unknown_link_type", DROP, "frames of a link type that is not known") \
	C(DECODE_SHORT, "decode.truncated", DROP, "frames that end inside a header") \
	C(DECODE_NOT_IP, "decode.not_ip", DROP, "frames and tunnels that carry no IP (ARP, LLDP, ...)") \
	C(DECODE_BAD_IP, "decode.bad_ip", DROP, "IP headers that contradict themselves") \
	C(DECODE_BAD_L4, "decode.bad_transport", DROP, "transport headers that contradict themselves") \
	C(DECODE_OTHER_L4, "decode.other_transport", DROP, "IP packets that are neither UDP, TCP nor ICMP") \
	C(DECODE_ICMP, "decode.icmp", NOTE, "ICMP packets, errors matched to flows included") \
	C(DECODE_TUNNEL_DEPTH, "decode.tunnel_too_deep", DROP, "packets wrapped more often than we unwrap") \
	C(DECODE_TUNNELLED, "decode.tunnelled", NOTE, "packets taken out of a tunnel") \
	C(DECODE_DUPLICATE, "decode.duplicate", DROP, "packets the SPAN port delivered a second time") \
	C(FRAG_SEEN, "fragment.seen", NOTE, "fragments") \
	C(FRAG_HELD, "fragment.held", NOTE, "fragments kept until the rest of their packet came, or did not") \
	C(FRAG_WHOLE, "fragment.reassembled", NOTE, "packets put together from fragments") \
	C(FRAG_OVERLAP, "fragment.overlap", DROP, "fragments of packets given up, because some overlap with other content") \
	C(FRAG_EVICTED, "fragment.evicted", LOSS, "unfinished packets dropped for lack of room") \
	C(FRAG_TIMEOUT, "fragment.timeout", DROP, "unfinished packets that timed out") \
	C(FRAG_CUT, "fragment.cut", DROP, "fragments that the capture cut short: they cannot be put together") \
	C(FRAG_BAD, "fragment.bad", DROP, "fragments with an impossible offset or length") \
	/* flow */ \
	C(FLOWS, "flow.new", NOTE, "flows") \
	C(FLOW_GUESSED, "flow.guessed", NOTE, "flows with neither end in the default inside space: inside was guessed") \
	C(FLOW_INSIDE, "flow.inside", NOTE, "flows with both ends inside: of these only what concerns the border is reported (--home)") \
	C(FLOW_TRANSIT, "flow.transit", DROP, "flows with neither end inside: not reported (--home)") \
	C(FLOW_AGAINST, "flow.tunnel_against", DROP, \
	    "packets that cross the border in a tunnel one way and by their addresses the other: forged, or the tunnel's far end belongs into `home`") \
	C(FLOW_EVICTED, "flow.evicted", LOSS, "flows dropped while active, because the table was full") \
	C(FLOWS_OVER, "flow.over", NOTE, "flows that have ended") \
	C(FLOWS_LONG, "flow.long", NOTE, "of these, those across the border with four packets and more") \
	C(FLOWS_ONE_WAY, "flow.one_way", NOTE, "of these, those with packets from one end only") \
	C(STREAM_GAP, "stream.gap", NOTE, "holes in TCP streams that were skipped") \
	C(STREAM_NO_ROOM, "stream.no_room", LOSS, "TCP segments not kept because the windows' pool was empty") \
	C(STATE_NO_ROOM, "dissector.no_room", LOSS, "flows that lost what dissectors knew of them, because the state pool was empty") \
	C(FACTS_NO_ROOM, "facts.no_room", LOSS, "facts cut off because one packet had too many") \
	C(NDPI_FLOWS, "ndpi.flows", NOTE, "flows shown to nDPI") \
	C(NDPI_PACKETS, "ndpi.packets", NOTE, "packets shown to nDPI") \
	C(NDPI_NO_ROOM, "ndpi.no_room", LOSS, "flows not shown to nDPI, or not to the end, because its pool or the flow table was full") \
	/* correlator */ \
	C(SOCKETS, "session.sockets", NOTE, "inside sockets tracked") \
	C(SOCKETS_EVICTED, "session.sockets_evicted", LOSS, "inside sockets forgotten for lack of room") \
	C(LEGS_EVICTED, "session.legs_evicted", LOSS, "paths (socket and remote end) forgotten for lack of room") \
	C(SESSIONS, "session.sessions", NOTE, "sessions") \
	C(SESSIONS_EVICTED, "session.sessions_evicted", LOSS, "sessions closed early for lack of room") \
	C(FINDINGS_REPLACED, "session.findings_replaced", NOTE, "lines of signatures forgotten for others, because their session had too many") \
	C(FINDINGS_NO_ROOM, "session.findings_no_room", LOSS, "lines of signatures not kept, because their session had too many that made alerts") \
	C(ALERTS, "event.alerts", NOTE, "alerts") \
	C(EVENTS, "event.events", NOTE, "events of all types") \
	C(DETAIL_LOST, "event.detail_lost", LOSS, "events of single messages that the output had no room for") \
	/* policy */ \
	C(POLICY_EXCEPTED, "policy.excepted", NOTE, "alerts that an approved service or an exception covers: informational") \
	C(POLICY_UNREPORTED, "policy.unreported", DROP, "of these, not reported because informational is off") \
	C(POLICY_SUPPRESSED, "policy.suppressed", DROP, "alerts suppressed by policy") \
	C(POLICY_LIMITED, "policy.limited", DROP, "alerts held back by a limit") \
	/* output */ \
	C(OUT_JOURNALED, "output.journaled", NOTE, "events written to the journal or the file") \
	C(OUT_RETRIES, "output.write_retries", NOTE, "writes to these that failed and were tried again") \
	C(OUT_LOST, "output.lost", LOSS, "events that could not be delivered")

enum count_kind { COUNT_NOTE, COUNT_DROP, COUNT_LOSS };

enum count {
#define C(id, name, kind, about) COUNT_##id,
	COUNTS(C)
#undef C
	COUNT_N
};

struct count_def {
	const char *name;
	enum count_kind kind;
	const char *about;
};

extern const struct count_def count_defs[COUNT_N];

struct counts {
	uint64_t n[COUNT_N];
};

static inline void count(struct counts *c, enum count what)
{
	c->n[what]++;
}

static inline void count_more(struct counts *c, enum count what, uint64_t by)
{
	c->n[what] += by;
}

/* sum += more, row by row. */
void counts_add(struct counts *sum, const struct counts *more);

#endif
