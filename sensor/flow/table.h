/* table.h -- the flows that are going on: found by five-tuple, forgotten by age.
 *
 * A fixed number of bidirectional flows. VLANs are no part of the key: the two directions may come on different ones.
 * The hash is keyed and nothing is ever done in its order: flows stand in lists by age, one list for each idle time, so
 * that expiry and eviction take the oldest first and the same input gives the same output.
 *
 * Time is packet time. It goes on by what lies between two packets, never backwards; a stamp that jumps by more than a
 * minute (a wild clock, the next file) is counted and adds nothing, so that it expires nothing.
 */
#ifndef PW_TABLE_H
#define PW_TABLE_H

#include "../base/count.h"
#include "../base/packet.h"
#include "../config/settings.h"

/* One list each. */
enum flow_class {
	FLOW_UDP_NEW,		/* one way only, so far */
	FLOW_UDP,
	FLOW_TCP_NEW,
	FLOW_TCP,
	FLOW_CLOSED,		/* both FINs, or a RST */
	FLOW_CLASSES
};

enum {
	/* flow.bits */
	FLOW_SIDE = 0x03,	/* enum side */
	FLOW_LOCAL = 0x04,	/* end 1 is local, else end 0 */
	FLOW_FIRST = 0x08,	/* end 1 sent first, else end 0 */
	FLOW_SPOKEN = 0x10,	/* something was said about it: it gets totals and an end */
	FLOW_CLAIMED = 0x20,	/* a dissector said V_YES */
	FLOW_NO_STREAM = 0x40,	/* nobody wants its stream (any more) */
	FLOW_NO_DPI = 0x80,	/* nDPI is done with it, or never was to see it */
	/* flow.more */
	FLOW_OWNED = 0x01,	/* one dissector has it to itself: flow_extra.owner */
	FLOW_SYN_FIRST = 0x02,	/* TCP: it began with a SYN; */
	FLOW_SYN_CROSSED = 0x04,	/* and another one came from the other end before any answer (punch.h) */
	FLOW_QUIET = 0x10,	/* UDP, shifted left by a first byte's two highest bits: such datagrams concern no dissector any more */
	TCP_FIN_FROM = 0x10,	/* shifted left by the end it came from */
	TCP_START_KNOWN = 0x40,	/* the same; first_seq[end] stands in place of data_packets[end], until the first payload */
};

/* One conversation: two cache lines. "End 0" is the lower of the two endpoints. */
struct flow {
	struct addr addr[2];
	uint16_t port[2];
	uint8_t ip_proto;
	uint8_t class;		/* enum flow_class: which list it stands in */
	uint8_t bits;
	uint8_t more;
	uint32_t newer, older;	/* its neighbours in that list */
	uint32_t extra;		/* struct flow_extra, 0: none */
	uint32_t seen;		/* the table's clock at its last packet */
	uint64_t start_ns;
	/* what every packet writes */
	uint64_t last_ns;
	uint64_t packets[2], bytes[2];		/* from end 0, from end 1; bytes on the wire */
	uint64_t data_bytes[2];			/* application data: not claimed by a dissector */
	union {
		uint32_t data_packets[2];
		uint32_t first_seq[2];	/* TCP: sequence number after the SYN; nothing is said about a flow without
					 * payload, so nobody asks for its data yet */
	};
};

_Static_assert(sizeof(struct flow) == 128, "two cache lines");

/* What only some flows need, and not for long. */
struct flow_extra {
	/* what every datagram asks for: one cache line */
	uint64_t id;		/* flow id; 0: not made yet */
	uint64_t held[2];	/* dissectors with a state, for its datagrams (or stream), and for what these wrap: a bit each */
	uint64_t done[2];	/* dissectors with nothing more to learn from its datagrams, or what these wrap: a bit each */
	uint32_t holds;		/* dissectors' states: classify/holds.h */
	uint32_t holds_seen;
	uint32_t newer, older;	/* flows with states, by age */
	uint8_t owner;		/* the exclusive dissector's number plus one, 0: none */
	bool holds_proved;	/* a state of a dissector that has claimed something is among them */
	uint8_t inner_looked[2];	/* so many wrapped datagrams were looked at, to and from local */
	uint8_t opening;	/* directions whose first bytes signatures have not looked at, a bit each */
	/* and the rest */
	uint64_t open;		/* dissectors that may still want its stream, a bit each */
	uint64_t fresh;		/* of these, who was not shown anything yet: nothing looked like a beginning */
	bool midway;		/* the beginning of the stream was not seen: */
	uint8_t stretches;	/* so many were tried */
	uint32_t stream;	/* struct stream, 0: none */
	uint32_t dpi;		/* slot in nDPI's pool, 0: none */
	uint16_t label[2];	/* nDPI's, to be said if the flow is spoken of; 0: none */
	uint8_t tunnels;	/* so many, one in another, lead through proxies, the innermost to: */
	struct endpoint target;
};

/* The key of a packet, and which way it goes. */
struct flow_key {
	struct addr addr[2];
	uint16_t port[2];
	uint32_t ip_proto;
	uint32_t hash;
	unsigned from;		/* the end that sent the packet, 0 or 1 */
};

struct table;

struct table *table_new(const struct flow_settings *, struct counts *);
void table_free(struct table *);

void table_key(const struct table *, const struct packet *, struct flow_key *);
/* The flow, or NULL. Valid until it is removed. */
struct flow *table_find(const struct table *, const struct flow_key *);
/* Have the memory for a table_find() of this key fetched: the slot first, later the flow, which is returned as far as its
 * hash tells (or NULL), then what it has besides. */
void table_fetch_slot(const struct table *, const struct flow_key *);
const struct flow *table_fetch_flow(const struct table *, const struct flow_key *);
void table_fetch_extra(const struct table *, const struct flow *);
/* A new one, zeroed but for key, class, FLOW_FIRST and start; NULL if the table is full: remove table_victim() first. */
struct flow *table_add(struct table *, const struct flow_key *, uint64_t ts_ns);
void table_remove(struct table *, struct flow *);

/* Several workers: from now on remember when a flow came to stand where it does in its list, as `turn` said then: with that the
 * workers' lists can be merged. */
void table_keep_order(struct table *);
void table_turn(struct table *, uint64_t turn);
uint64_t table_order(const struct table *, const struct flow *);

/* A packet came: last_ns, age. True at most once a second of packet time for a flow. */
bool table_touch(struct table *, struct flow *, uint64_t ts_ns);
void table_class(struct table *, struct flow *, enum flow_class);

/* Move time on to this stamp. */
void table_time(struct table *, uint64_t ts_ns);
/* A flow whose time is up, or NULL. The caller removes it and asks again. */
struct flow *table_due(struct table *);
/* The flow that has used up most of its idle time. NULL if there is none. */
struct flow *table_victim(struct table *);
/* The oldest of any list, to end them all. NULL if there is none. */
struct flow *table_any(struct table *);

/* Its extra, made (zeroed) if there was none; there is room for one a flow. */
struct flow_extra *table_extra(struct table *, struct flow *);
void table_extra_free(struct table *, struct flow *);
struct flow_extra *table_extra_of(const struct table *, const struct flow *);	/* it must have one */
static inline bool flow_has_extra(const struct flow *f)
{
	return f->extra != 0;
}

/* Flows by number, for what outlives a call. */
uint32_t table_number(const struct table *, const struct flow *);
struct flow *table_flow(const struct table *, uint32_t number);
uint32_t table_clock(const struct table *);	/* FLOW_TICKS a second, wraps */
uint32_t table_flows(const struct table *);	/* how many there are */

enum { FLOW_TICK_SHIFT = 20, FLOW_SECOND_SHIFT = 10 };	/* a tick is 2^20 ns, its "second" 2^30 ns */

/* The same at every sensor: of the ordered five-tuple and the start. Below 2^51, never 0. */
uint64_t flow_id(const struct flow *);

static inline unsigned flow_local(const struct flow *f)
{
	return (f->bits & FLOW_LOCAL) != 0;
}

static inline unsigned flow_first(const struct flow *f)
{
	return (f->bits & FLOW_FIRST) != 0;
}

#endif
