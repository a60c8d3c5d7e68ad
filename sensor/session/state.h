/* state.h -- what the correlator knows: inside sockets, their legs, the sessions they make up, and what is known of
 * outside addresses whoever talks to them.
 *
 *   session --< socket --< leg          a leg is one socket and one remote end: what a flow is to the packet side
 *      |
 *      +--< ufrag                       the names by which the two ends of a call call themselves (ICE)
 *
 * A session is the union of legs by pair of ufrags, else by local socket. Sessions of one host that asked the same
 * server at the same moment gather candidates for one call: they stay apart, and stand in a ring, so that the call is
 * reported once (report.c). Everything lives in tables of fixed size; who has proved nothing goes first.
 *
 * Times: now_ns and what is compared with it never goes back; *_ts_ns are the packets' own stamps, for people.
 */
#ifndef PW_STATE_H
#define PW_STATE_H

#include "../signature/signature.h"
#include "../policy/judge.h"
#include "correlator.h"
#include "derive.h"
#include "reading.h"
#include "score.h"
#include "store.h"

enum {
	SOCKET_LEGS = 256,		/* of one socket, at most */
	SOCKET_BEHIND = 16,		/* peers behind its relays that are remembered */
	SOCKET_OWN = 4,			/* public addresses of its own that it was told */
	SESSION_UFRAGS = 32,
	SESSION_SOCKETS = 256,
	GROUP_MOST = 64,		/* sessions in one ring */
	LEG_SOFTWARE = 48,
	UFRAG_MOST = 256,		/* RFC 8445, 5.3 */
	SKYPE_ALERTS = 12,		/* of one session, at most; so many are kept for its end: */
	SKYPE_ALERTS_LAST = 6,
	SESSION_FINDINGS = 48,		/* lines of signatures */
};

/* What a remote end has turned out to be. A higher one is a stronger claim. */
enum role {
	ROLE_NONE,
	ROLE_SERVER,			/* was asked for our address, or for a relay's */
	ROLE_CANDIDATE,			/* checks, not answered both ways */
	ROLE_SERVICE,			/* answers our checks and makes none: ICE-lite, a conference */
	ROLE_RELAY,			/* our relay */
	ROLE_FAR_RELAY,			/* answers as a peer does, but its address is a relay's */
	ROLE_PEER,			/* a direct path */
};

enum flow_end { FLOW_GOING, FLOW_TIMEOUT, FLOW_CLOSED, FLOW_EVICTED, FLOW_SHUTDOWN };

/* The flow that a leg is, or was last. [2]: by enum way. */
struct flow_record {
	uint64_t id, start_ts_ns, last_ts_ns;
	uint64_t packets[2], bytes[2];
	uint64_t first_packet;
	uint16_t interface, vlan;
	uint8_t end;			/* enum flow_end */
	bool local_first, told;		/* told: its event is out */
	char app[12];
};

/* What one end said on a leg. */
struct talk {
	uint32_t messages;		/* of any kind */
	uint32_t checks;		/* connectivity checks, without retransmissions */
	uint32_t sends;			/* with them */
	uint32_t answers;		/* success answers to checks that were seen */
	uint32_t orphans;		/* success answers to checks that were not seen, where only this end is heard */
	uint32_t errors;		/* error answers to checks */
	uint32_t relaying;		/* what only a relay and its client exchange */
	uint32_t relaying_alone;	/* of these, where only this end is heard */
	bool nominated;
	uint64_t data_packets, data_bytes;	/* of the flow */
	uint64_t wrapped_packets, wrapped_bytes;	/* data behind a relay, of the flow */
};

/* How much is known to go on between a socket and a peer behind its relay. */
enum carried { CARRIED_NAMED, CARRIED_CHECKS, CARRIED_DATA, CARRIED_BOTH_WAYS };

struct behind {
	struct endpoint at;
	enum carried carried;		/* the most that was seen */
};

/* The names in a USERNAME, as hashes that are the same at every sensor. */
struct names {
	uint64_t pair;			/* both, in no order */
	uint64_t local;			/* the local end's */
	uint64_t hosted;		/* the local end's, with its address */
};

/* Where something was seen first; packet 0: never. */
struct sight {
	uint64_t packet, ts_ns;
};

struct leg_key {
	struct endpoint local, remote;
	uint8_t ip_proto, zero;
};

struct leg {
	struct link link;
	struct leg_key key;
	struct socket *socket;
	struct leg *next, *previous;	/* of the socket */
	struct leg *due_next;		/* flows whose event is due */
	bool due;
	uint8_t role;			/* enum role */
	bool followed;			/* ROLE_PEER without checks: data after discovery */
	bool one_way;			/* the role rests on answers whose requests were not seen */
	bool named;			/* as peer, service or relay in an event */
	bool serving;			/* the local end is a relay for the remote one: none of our cases */
	bool heard;			/* counted against its remote address (callers) */
	bool first_plain;		/* our first check did not nominate, though nothing else had been answered */
	bool controlling;		/* we are: our checks say so */
	bool has_mapped, unreachable, failed, closed;
	bool two_way;			/* packets of the flow were seen both ways */
	bool inside;			/* the remote end is inside, too */
	uint8_t far_end;		/* enum far_end: what signatures say the remote end is */
	bool found_named;		/* as a direct path, in an event of what was found */
	bool proxied;			/* the remote end is a proxy; what was found is with: */
	struct endpoint target;		/* address unspecified: not known by address */
	uint32_t found;			/* bits of enum kind: signatures showed something here */
	struct sight found_at;		/* the first of it */
	struct flow_record flow;
	struct talk talk[2];
	struct {
		uint8_t classes;	/* bits of enum media_class, as headers say */
		bool encrypted, in_clear;
		uint64_t first_ts_ns, last_ts_ns;	/* of data */
	} media;			/* of the flow */
	uint32_t queries, answers;	/* STUN server */
	uint32_t answers_else;		/* to queries that were not seen */
	uint32_t answer_orphans;	/* of these, where only the server is heard */
	uint32_t asked, allocated;	/* relay */
	uint32_t allocated_orphans;	/* to requests that were not seen, where only the relay is heard */
	uint64_t first_check_ns;
	struct sight check_came;	/* proof once it is answered */
	struct sight saw[PROOF_LEG_N];	/* by proof, from PROOF_LEG on */
	uint64_t role_packet, role_ts_ns;	/* what made it so */
	uint64_t last_ts_ns;
	uint64_t session_id;		/* of an alerted session that is over; 0: none */
	uint32_t session_done;		/* what it had decided */
	struct names names;		/* of the check seen last; what is joined already is not joined again */
	bool joined;
	struct endpoint mapped;
	char software[LEG_SOFTWARE];
};

struct socket_key {
	struct endpoint local;
	uint8_t ip_proto, zero;
};

struct socket {
	struct link link;
	struct socket_key key;
	struct session *session;
	struct socket *next;		/* of the session */
	struct leg *legs;
	uint32_t n_legs;
	uint64_t last_ns;
	uint64_t asked_first_ts_ns, asked_last_ts_ns;	/* queries to a server; 0: none */
	bool ice;			/* speaks checks: its media goes where they were answered */
	bool direct_told;		/* its direct path is in an event */
	bool has_mac;
	uint8_t mac[6];
	uint16_t vlan;
	uint8_t n_own, n_behind;
	uint32_t behind_total, behind_told;
	struct addr own[SOCKET_OWN];
	struct behind behind[SOCKET_BEHIND];
	struct proof proofs[PROOF_LEG];	/* those that no leg keeps */
};

/* What stands behind a hash. */
enum name_what {
	NAME_HOSTED,			/* local address and local ufrag */
	NAME_PAIR,			/* both ufrags */
	NAME_HOST_SIGNATURE,		/* local address and a signature that gathers by host */
};

struct ufrag_key {
	uint64_t hash;			/* hash_fixed */
	uint64_t what;			/* enum name_what */
};

struct ufrag {
	struct link link;
	struct ufrag_key key;
	struct session *session;	/* NULL: it is over, and only remembered */
	struct ufrag *next;
	uint64_t local;			/* pair: hash of the ufrag that was local first, */
	struct endpoint at;		/* and of which socket it was */
	uint32_t done;			/* as its last session had it */
	uint64_t over_id, over_ns;	/* under which id it was reported (0: it was not), and when it ended */
	bool mirrored;			/* pair: both ends are inside sockets */
};

/* What is known of a host's Skype (skype.h). */
struct skype {
	bool news;			/* that no event has told */
	bool was_experimental;		/* the last one rested on papers */
	bool has_own;
	uint8_t alerts;			/* so many events */
	uint16_t listen_port;
	uint32_t seen;			/* bits of enum skype_seen */
	char version[EVENT_VERSION];
	struct addr own;
};

struct skype_ids {			/* numbers of the facts; -1: not there */
	bool resolved;
	int listen_port, client, role, login, logged_in, media, public, version, mapping, opening, listener, out;
};

/* A line of a signature that held for the session, and the packet that showed it first. */
struct finding_key {
	uint64_t session;		/* its serial */
	uint32_t sid, line;
};

enum { FINDING_VALUE = 64 };

struct finding {
	struct link link;
	struct finding_key key;
	struct finding *next;		/* of the session, by packet */
	uint64_t packet, ts_ns;
	uint16_t fact;
	uint8_t weight;
	bool ours;			/* not by a stranger's word alone (finding.c) */
	bool told;			/* its signature made an alert of this session */
	char value[FINDING_VALUE];	/* of the fact: printable */
};

struct queue {
	struct session *first, *last;
};

/* A place in a queue by due time. */
struct place {
	struct session *next, *previous;
	uint64_t due_ns;
	bool in;
};

struct session {
	struct link link;
	uint64_t serial;		/* the store's key */
	uint64_t id;
	bool id_of_ufrags;
	bool mirrored;			/* both ends of a pair are inside sockets */
	bool answered;			/* some check of ours was */
	bool ending;
	bool changed;			/* peers or relays that no event has named */
	uint8_t awaited;		/* enum role that the settling waits for */
	struct socket *sockets;
	struct ufrag *ufrags;
	uint32_t n_sockets, n_ufrags;
	struct session *ring, *ring_before;	/* gathering for the same call; itself if alone */
	struct session *end_next;
	bool libwebrtc;			/* the stack, by its dialect */
	struct finding *findings;	/* by packet */
	uint32_t n_findings;
	uint32_t claims;		/* bits of enum kind that findings have proved */
	struct skype skype;
	uint64_t start_ns, last_ns, start_ts_ns, last_ts_ns;
	uint32_t done;			/* bits of enum kind: decided, not to be alerted again */
	uint32_t alerted;		/* those that became alerts (the others were not wanted) */
	bool folded;			/* reported with another one of its ring, under the id: */
	uint64_t folded_id;
	bool session_told;		/* its EVENT_SESSION is out */
	struct place settle, update;
	struct timeline *timeline;	/* explain only */
};

/* --- what is known of addresses, whoever talks to them --- */

struct outside {			/* a server or a relay */
	struct link link;
	struct addr addr;
	bool server, relay;
	uint64_t packet;		/* what told us it is a relay */
	uint64_t ts_ns;
};

struct caller {				/* an outside address whose checks nobody inside has answered yet */
	struct link link;
	struct addr addr;
	uint32_t legs;
};

struct gather_key {
	struct addr host;
	struct endpoint server;
	uint16_t ip_proto;
};

struct gather {
	struct link link;
	struct gather_key key;
	struct session *session;
	uint64_t serial;
	uint64_t at_ns;
};

enum { CARD_HOSTS = 4 };

struct card {				/* an Ethernet address, and for whom it was told */
	struct link link;
	uint8_t mac[8];
	uint32_t n;
	struct addr host[CARD_HOSTS];
};

/* What FLOW_NEW said of the flow that the next messages speak of. */
struct introduction {
	uint64_t flow_id;
	uint16_t interface, vlan;
	bool has_mac;
	uint8_t mac[6];
};

struct correlator {
	struct session_settings set;
	bool outside;			/* placement: inside hosts are NAT addresses */
	struct counts *counts;
	struct judge *judge;		/* NULL: no policy */
	event_sink sink;
	void *sink_ctx;
	bool blocked;			/* the sink had no room: try again later */
	struct hash_key key;
	const struct signatures *signatures;	/* borrowed; NULL: none */
	struct names *names;		/* borrowed; NULL: none */
	struct facts *name_facts;	/* what they let us say */
	struct macs *macs;		/* which Ethernet addresses are routers' */
	struct derive *derive;
	struct skype_ids skype_ids;
	struct store sockets, legs, sessions, ufrags, findings, outsides, callers, gathers, cards;
	uint64_t serial;
	uint64_t now_ns, shift_ns;	/* our clock: a stamp plus shift */
	bool started;
	bool two_way;			/* both directions of something were seen, at: */
	uint64_t two_way_ns;
	uint64_t data_two_way_ns;	/* data both ways, of whatever flow; 0: never */
	uint64_t flow_two_way_ns;	/* packets both ways, of a flow that is spoken of; 0: never */
	struct queue settling, updating;
	struct leg *due_first, *due_last;
	struct session *ending;		/* over, but the sink had no room for what is due */
	struct introduction intro;
	void (*on_end)(void *ctx, const struct session_view *);
	void *on_end_ctx;
	const struct crypto_profile *profile;	/* NULL: encryption is not judged */
	struct store encryptions;	/* encryption.h */
	void (*on_message)(void *ctx, const struct message *);
	void *on_message_ctx;
	struct event event;		/* the one being made */
};

#endif
