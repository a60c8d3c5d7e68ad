/* facts.h -- the one currency: what was seen, by message.
 *
 * A dissector (or the flow stage, or nDPI's wrapper) says facts; it does not judge. Facts come in messages: what
 * belongs to one STUN message, one flow's end, one label, stands together under one header that says when, in which
 * packet, between whom. The correlator reads nothing else. A batch is flat memory without pointers: with several
 * workers it is copied through a ring as it stands.
 *
 *   | message | fact | value | fact | value | message | ...      every part padded to 8 bytes
 *
 * Fact numbers below FACT_OWN are the core vocabulary (fact_core.h), known to the correlator; the others belong to
 * one dissector each and get their numbers at start (facts_base). All are known by name to signatures.
 */
#ifndef PW_FACTS_H
#define PW_FACTS_H

#include "../base/addr.h"
#include "../base/cursor.h"
#include "fact_core.h"

enum fact_type {
	FACT_FLAG,		/* seen: no value */
	FACT_UINT,
	FACT_ENDPOINT,
	FACT_BYTES,		/* text or opaque bytes, cut at FACT_BYTES_MAX */
};

enum {
	FACT_OWN = 128,		/* a dissector numbers its own facts from here: enum { STUN_METHOD = FACT_OWN, ... } */
	FACTS_MAX = 1024,	/* of all dissectors together */
	FACT_BYTES_MAX = 1024,
	FACTS_BATCH_BYTES = 1 << 16,
};

struct fact_def {
	const char *name;	/* "stun.method" */
	enum fact_type type;
	const char *about;	/* one line, for `check --facts` */
};

/* Who the two ends of a flow are to us. */
enum side {
	SIDE_BORDER,		/* local is inside, remote is outside: what this program is for */
	SIDE_INSIDE,		/* both inside */
	SIDE_TRANSIT,		/* neither */
};

/* The header of a message, as it stands in the batch. */
struct message {
	uint64_t ts_ns, packet;		/* of the packet that showed it */
	uint64_t flow_id;		/* of the flow; the same wherever the flow is named */
	uint64_t flow_start_ns;
	struct endpoint local, remote;	/* local: the inside end, else the first sender */
	uint8_t ip_proto;
	uint8_t side;			/* enum side */
	bool from_local;		/* who sent the packet */
	bool local_first;		/* the flow's first packet came from local: Suricata's "client" */
	bool nested;			/* it was wrapped in a relay's message: FACT_PEER says who is behind the relay,
					 * and remote is the relay; from_local still says which way it travelled */
	bool two_way;			/* both ends have sent packets on this flow, this one included */
	uint8_t pad[2];
	uint32_t len_bytes;		/* of the facts that follow */
	uint32_t n;			/* how many they are */
};

/* One fact, as read back. */
struct fact {
	uint16_t id;
	uint8_t type;			/* enum fact_type */
	uint64_t uint;			/* FACT_UINT */
	struct endpoint endpoint;	/* FACT_ENDPOINT */
	struct cursor bytes;		/* FACT_BYTES: valid as long as the batch */
};

/* Wrapped datagrams that a dissector handed on; classify looks into them once the dissector has returned. */
struct inner {
	struct cursor datagram;
	struct endpoint peer;		/* who is behind the relay */
	bool beside;			/* no relay's: it only travelled in another protocol's message */
};

enum { INNER_MAX = 8 };

/* Several workers: where what is in a batch belongs among what the others say, compared in this order. Of one frame, flows that
 * are over by then come first (by class and age: as one worker would have ended them), then its packets. */
struct facts_place {
	uint64_t frame, turn;
};

#define TURN_OF_CLASS(class, order) ((uint64_t)(class) << 60 | (order))
#define TURN_PACKETS (UINT64_C(14) << 60)	/* plus the packet's number in its frame */
#define TURN_TIME (UINT64_C(15) << 60)		/* time goes on without a frame */

static inline bool place_before(const struct facts_place *a, const struct facts_place *b)
{
	return a->frame != b->frame ? a->frame < b->frame : a->turn < b->turn;
}

/* A batch under construction, reused by its worker for every packet. */
struct facts {
	struct facts_place place;	/* only where there are several workers */
	struct message header;		/* set by the worker for the packet in hand; facts_begin copies it */
	struct endpoint peer;		/* set together with header.nested: facts_begin() says it as FACT_PEER */
	bool proxied;			/* the flow leads through a proxy: facts_begin() says to whom, and that it concerns the border */
	struct endpoint target;
	uint16_t base;			/* added to ids from FACT_OWN on: the dissector's place in the registry */
	bool detail;			/* somebody wants every attribute as text (`--eve-profile full`, explain -v) */
	bool open;			/* facts may be added */
	bool cut;			/* something did not fit: counted by the worker */
	size_t used, message_at;
	/* If set, facts_begin() calls it before the next message, once: the flow is introduced only if something is said. */
	void (*introduce)(void *ctx, struct facts *);
	void *introduce_ctx;
	unsigned n_inner;
	struct inner inner[INNER_MAX];
	_Alignas(8) uint8_t bytes[FACTS_BATCH_BYTES];
};

/* --- writing: all that a dissector calls. Too much is cut off and marked, never an error. --- */

void facts_begin(struct facts *);			/* the next message: what follows belongs together */
/* The same for what an earlier packet showed, and only this one proves (a query whose answer makes it one). */
void facts_begin_earlier(struct facts *, uint64_t ts_ns, uint64_t packet, bool from_local);
void fact_flag(struct facts *, unsigned fact);
void fact_uint(struct facts *, unsigned fact, uint64_t);
void fact_endpoint(struct facts *, unsigned fact, const struct endpoint *);
void fact_bytes(struct facts *, unsigned fact, struct cursor);
void fact_text(struct facts *, unsigned fact, const char *);
/* Hand on what was wrapped: a datagram to or from `peer` behind the relay. Depth 1; borrowed until the
 * packet is done. */
void fact_inner(struct facts *, struct cursor datagram, const struct endpoint *peer);
/* The same for a datagram between the ends of this flow that travelled in a message of theirs (DTLS in STUN). */
void fact_beside(struct facts *, struct cursor datagram);

/* Little room is left: a dissector with more to say about its stretch leaves the rest of it, and is asked again. */
bool facts_tight(const struct facts *);

void facts_reset(struct facts *);			/* empty, before the next packet */
/* Drop what was said since facts_mark() (a dissector that ended in V_NO said nothing). */
size_t facts_mark(const struct facts *);
void facts_rewind(struct facts *, size_t mark);

/* Append messages as they stand in another batch. False: there is no room. */
bool facts_append(struct facts *, const void *messages, size_t n);

/* --- reading --- */

/* Walk the messages: *at starts at 0; false at the end. `m` points into the batch. */
bool facts_next(const struct facts *, size_t *at, const struct message **m);
/* Walk the facts of one message: *at starts at 0. */
bool message_next(const struct message *, size_t *at, struct fact *);
/* Move on to the next fact of this id, which message_next() then gives; false: there is none. */
bool message_seek(const struct message *, unsigned id, size_t *at);
/* The first fact with this id; false if there is none. */
bool message_find(const struct message *, unsigned id, struct fact *);
bool message_has(const struct message *, unsigned id);
/* Is one of its facts in this set (a bit each)? Cheap: values are not read. */
struct fact_set {
	uint64_t bits[FACTS_MAX / 64];
};
bool message_meets(const struct message *, const struct fact_set *);
uint64_t message_uint(const struct message *, unsigned id);	/* 0 if there is none */

/* --- the registry --- */

/* Give a dissector's facts their numbers. Returns the base to put into struct facts; the core facts are there
 * already. Who comes second with the same table (another worker, another correlator) finds it where the first one put it. At start
 * only. Two facts of one name, or too many, end the program: a mistake of ours. */
uint16_t facts_base(const struct fact_def *, size_t n);
const struct fact_def *fact_def(unsigned id);		/* NULL past the last */
int fact_find(const char *name);			/* its number, or -1 */

/* One fact as an expression of a signature, true of the message that has it: `stun.mapped == 198.51.100.1:50123`; bytes that are too many
 * for the room as `host ^= "..."`. */
size_t fact_print(const struct fact *, char *to, size_t room);

#endif
