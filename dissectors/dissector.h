/* dissector.h -- what the sensor asks of a protocol, and all that a dissector sees.
 *
 * It looks at one datagram, or at the next stretch of one direction of a stream, of one flow, and says what it saw:
 * facts (facts.h). It does not judge, log, allocate, keep globals, look at a clock, or know of any other dissector.
 *
 * To add one: write dissectors/NAME.c that ends in `const struct dissector NAME_dissector`. make writes the table from
 * the folder: the files that define one. It comes with tests/dissectors/NAME_test.c, a fuzz target and a capture.
 */
#ifndef PW_DISSECTOR_H
#define PW_DISSECTOR_H

#include "../sensor/base/packet.h"
#include "../sensor/facts/facts.h"

enum verdict {
	V_NO,		/* not mine. Its facts are dropped. Datagrams: asked again for each one that passes `first`, which may be of
			 * another protocol; streams: not asked again */
	V_MORE,		/* cannot tell yet: asked again, at most .give_up times, then it counts as V_NO for the whole flow. After a
			 * V_YES it only means: nothing to say */
	V_YES,		/* mine */
	V_DONE,		/* mine, and nothing more is to be learnt from this flow: its state goes, and it is not asked again */
};

struct input {
	const struct packet *packet;	/* time, endpoints, packet number */
	bool from_local;		/* direction (message.from_local) */
	struct cursor bytes;		/* a datagram; or what this direction of a stream has ready, in order: consume what is
					 * understood, leave the rest for next time (the cursor's position is the answer; if it went
					 * bad, all is consumed). Asked again at once if something is left and INNER_MAX datagrams
					 * were handed on, or facts_tight(): stop there */
	bool stream;			/* bytes are a stretch of a TCP stream */
	bool gap;			/* stream: bytes before these were lost, or the capture began in the middle of it; only ever at
					 * the start of a stretch */
	bool ended;			/* stream: this direction will bring no more */
	bool nested;			/* bytes were wrapped in a relay's message */
	/* Set by the dissector, with V_YES: a proxy leads on from here. Streams: what is behind the cursor, and what of the other
	 * direction it has not consumed, is another conversation, which is shown to all from its beginning. Datagrams: it
	 * leads on what it hands on with fact_inner(). */
	bool tunnel;
	struct endpoint tunnel_to;	/* address 0.0.0.0: not known, or another one each time */
};

enum {
	BEGINS_MAX = 16,
	OPENING_USUAL = 16,
	OPENING_ALL = UINT8_MAX,
};

struct byte_range {
	uint8_t from, to;
};

enum follows {
	FOLLOWS_NO,		/* what passes `first` */
	FOLLOWS_OWN,		/* what begins as its own may: without `first` */
	FOLLOWS_ALL,
};

struct dissector {
	const char *name;		/* "stun": in the configuration and before its facts */
	const struct fact_def *facts;	/* its own facts, from FACT_OWN on */
	uint16_t n_facts;
	uint8_t ip_proto;		/* IPPROTO_UDP, IPPROTO_TCP, or 0 for both */
	uint8_t give_up;		/* so many V_MORE in a row count as V_NO */
	bool exclusive;			/* V_YES silences the others on this flow (a multiplexed socket must not) */
	bool glance;			/* it only reads something in passing: its V_YES is no claim, what it saw is data still */
	bool aside;			/* its facts are not about the flow, which is not spoken of because of them; and as above */
	uint16_t port;			/* datagrams: only of flows with this port at one end; 0: any */
	bool hint;			/* what it says matters only if some signature's line holds for it: else no more than the far end's
					 * name is said, aside */
	uint8_t opening;		/* datagrams: without state it is asked for the first so many packets of a flow; 0: OPENING_USUAL;
					 * OPENING_ALL: at any time */
	enum follows follows;		/* datagrams: what it is shown once it has state. It may wait as long as it likes then; its V_NO
					 * ends the state */
	uint16_t state_size;		/* per flow and nesting depth, zeroed; scratch until V_MORE or V_YES, then from a pool */
	/* The first bytes that its datagrams may have, and its streams (those of the end that speaks first); none: any. Who
	 * could be meant is looked up by that byte (and by a datagram's third), so that a dissector costs nothing where it is
	 * not. Stricter than `first` they must not be: a test holds the two together. */
	struct byte_range udp[BEGINS_MAX], udp_third[BEGINS_MAX], tcp[BEGINS_MAX];
	/* A cheap test of a datagram's first bytes: false means V_NO without the call. NULL: always ask. It sees no state,
	 * so it must be true for everything that any state could make this dissector's. */
	bool (*first)(const struct cursor *datagram);
	/* The same for a stream that nobody has shown it: could it be from here on one of its own? From its beginning, where that was
	 * seen (input.gap: it was not; then several stretches are tried, of either direction). NULL: always ask. */
	bool (*begins)(const struct input *stretch);
	bool from_start;		/* streams: it never knows one whose beginning was not seen, and is not shown any */
	enum verdict (*dissect)(struct input *, void *state, struct facts *);
};

/* Written by make from the folder's listing; ends with NULL. */
extern const struct dissector *const dissectors[];

#endif
