/* event.h -- what the sensor has to say to the outside: plain data, no pointers, capped lists.
 *
 * The correlator fills one in; it is copied through the ring to the main thread, which makes JSON of it (eve.c), and
 * to the text views (summary, explain). event_size() says how much of the struct a type uses.
 */
#ifndef PW_EVENT_H
#define PW_EVENT_H

#include "../base/addr.h"
#include "../base/count.h"
#include "event_crypto.h"

enum event_type { EVENT_ALERT, EVENT_FLOW, EVENT_STUN, EVENT_SESSION, EVENT_STATS };

/* design.md, "Events": kinds, sids and severities never change meaning; new ones are appended. */
enum kind {
	KIND_NONE,
	KIND_STUN_DISCOVERY,
	KIND_HOLE_PUNCH_ATTEMPT,
	KIND_HOLE_PUNCH,
	KIND_TURN_RELAY,
	KIND_CONFERENCE,
	KIND_VOIP_APP,
	KIND_SKYPE,
	KIND_NAT_TRAVERSAL,
	KIND_P2P_FILESHARING,
	KIND_P2P_MEDIA,
	KIND_VOIP_SERVER,
	KIND_RELAY_TUNNEL,
	KIND_N
};

struct kind_def {
	const char *name;		/* "hole-punch" */
	uint32_t sid;			/* 9100003 */
	uint8_t severity;		/* 1 high to 3 */
	bool informational;		/* off in watch unless configured */
	uint8_t says;			/* what a session is called if it is several: the highest */
	const char *signature;		/* "PUNCHWATCH P2P hole punched: direct path to an outside peer" */
	const char *category;		/* one that classification.config has */
	const char *cids;		/* NZISM CIDs, comma separated, or "" */
	const char *technique;		/* MITRE ATT&CK technique id, or "" */
};

extern const struct kind_def kinds[KIND_N];

enum path { PATH_UNKNOWN, PATH_DIRECT, PATH_RELAY, PATH_CONFERENCE, PATH_SERVER };
enum nat { NAT_UNKNOWN, NAT_NONE, NAT_INDEPENDENT, NAT_DEPENDENT };	/* design.md: `nat` */
enum scope { SCOPE_PUBLIC, SCOPE_HOSTING, SCOPE_SERVICE, SCOPE_RELAY, SCOPE_UNROUTABLE, SCOPE_INSIDE };

/* New Zealand's classifications, and what a control of the NZISM says: an agency SHOULD, or MUST NOT. */
enum classification {
	CLASS_NONE, CLASS_UNCLASSIFIED, CLASS_IN_CONFIDENCE, CLASS_SENSITIVE, CLASS_RESTRICTED, CLASS_CONFIDENTIAL, CLASS_SECRET,
	CLASS_TOP_SECRET, CLASS_N
};
enum compliance { COMPLIANCE_NONE, SHOULD, SHOULD_NOT, MUST, MUST_NOT, COMPLIANCE_N };

extern const char *const classification_names[CLASS_N + 1];	/* "none", "UNCLASSIFIED", ...; end with NULL */
extern const char *const compliance_names[COMPLIANCE_N + 1];	/* "none", "SHOULD", ... */

const char *path_name(enum path);
const char *nat_name(enum nat);
const char *scope_name(enum scope);

enum {
	EVENT_EVIDENCE = 24, EVENT_PEERS = 16, EVENT_SERVERS = 8, EVENT_MAPPED = 8,
	EVENT_APP = 32, EVENT_SOFTWARE = 64, EVENT_SUMMARY = 256, EVENT_FACT_VALUE = 96,
	EVENT_APPS = 4, EVENT_DETAILS = 6144, EVENT_TITLE = 96, EVENT_VERSION = 24,
	EVENT_NAME = 64, EVENT_ZONE = 32, EVENT_RULE = 48, EVENT_TICKET = 32, EVENT_DATE = 11, EVENT_CONTROLS = 10,
};

struct evidence {
	uint16_t fact;			/* fact_def(fact)->name, or 0xffff: `name` says it */
	char name[40];			/* "ice.check.answered" */
	uint8_t weight;
	uint64_t packet;
	uint64_t ts_ns;
	char value[EVENT_FACT_VALUE];	/* printable text; "" if none */
};

struct event_server {
	struct endpoint at;
	bool relay;			/* one of ours */
	char software[EVENT_SOFTWARE];
};

/* Counts of one flow as EVE's `flow` object wants them: "server" is the end that did not send first. */
struct event_flow {
	uint64_t packets_toserver, packets_toclient, bytes_toserver, bytes_toclient;
	uint64_t start_ns, end_ns;	/* end_ns: 0 if still going on (alerts) */
	char reason[12];		/* flow events: timeout, forced, shutdown (Suricata's words) */
	char state[12];			/* new, established, closed */
	bool alerted;
};

/* What flows, beside signalling: media, or data. */
enum media_class { MEDIA_VOICE = 1, MEDIA_VIDEO = 2, MEDIA_FAX = 4, MEDIA_DATA = 8, MEDIA_FILE = 16 };

struct event_media {
	uint8_t classes;		/* bits of enum media_class; 0 with packets: cannot be told */
	bool by_shape;			/* classes rest on sizes and rates alone; else headers (RTP) say so */
	bool encrypted, in_clear;	/* so far as the bytes show it */
	uint64_t packets_out, packets_in;	/* 0 and 0: there was none */
	uint64_t bytes_out, bytes_in;	/* of payload */
	uint64_t duration_ns;
};

struct event_control {
	uint32_t cid;
	uint8_t compliance;		/* enum compliance */
};

/* What the site's policy makes of it. All empty where there is no policy. */
struct event_policy {
	char zone[EVENT_ZONE];		/* the network of the inside host; "": none that has a name */
	uint8_t classification;		/* enum classification, of that network */
	bool expired;			/* the exception would cover it, and holds no longer */
	char exception[EVENT_RULE];	/* the approved service or exception that covers it; "": none */
	char owner[EVENT_RULE], ticket[EVENT_TICKET], expires[EVENT_DATE];	/* its */
	uint8_t n_controls;
	struct event_control controls[EVENT_CONTROLS];	/* that apply in that network to this kind */
	uint32_t limited;		/* so many more like this were not reported since the last one that was */
};

/* What is known of a host's Skype, the old one. */
enum skype_seen {
	SKYPE_SEEN_LOGIN = 1, SKYPE_SEEN_LOGGED_IN = 2, SKYPE_SEEN_CALL = 4, SKYPE_SEEN_CALL_OUT = 8, SKYPE_SEEN_FILE_OUT = 16,
	SKYPE_SEEN_FILE_IN = 32, SKYPE_SEEN_RELAYED = 64, SKYPE_SEEN_SUPERNODE = 128, SKYPE_SEEN_RELAY = 256,
	SKYPE_SEEN_WEB_PORTS = 512, SKYPE_SEEN_MAPPING = 1024,
};

struct event_skype {
	bool there, has_own;
	uint16_t listen_port;		/* UDP; 0: not known */
	uint32_t seen;			/* bits of enum skype_seen */
	char version[EVENT_VERSION];	/* of the client; "": not known */
	struct addr own;		/* has_own: its public address, as others told it */
};

struct event_alert {
	enum kind kind;
	uint8_t severity;		/* after policy */
	bool informational;		/* after policy: reported where that is asked for */
	bool update;
	bool one_way;
	enum path path;
	enum nat nat;
	uint8_t score;			/* sum of all weights, at most 100 */
	uint8_t app_confidence;		/* 0: no app */
	uint32_t rule_sid;		/* the signature that claims it; 0: none, STUN itself shows it */
	bool experimental;		/* the signature rests on papers only */
	char rule_title[EVENT_TITLE];
	bool app_family;		/* the name is a stack's or an operator's, not an application's */
	char app[EVENT_APP];		/* "" = unknown */
	uint8_t n_other_apps;
	char other_apps[EVENT_APPS][EVENT_APP];	/* that the session proves, too: whoever judges by name must ask for all */
	char session[17];		/* 16 hexadecimal digits */
	char summary[EVENT_SUMMARY];
	uint64_t start_ns, duration_ns;
	uint64_t bytes_out, bytes_in;
	struct endpoint local;
	bool has_peer, has_relay;
	struct endpoint peer, relay;
	enum scope peer_scope;
	char host_name[EVENT_NAME];	/* of the inside host, and of the far end; "": not known */
	char peer_name[EVENT_NAME];
	char far_name[EVENT_NAME];	/* of where its flow goes: the relay, the service, the peer */
	uint32_t peer_asn;		/* of the network of the far end; 0: not known */
	char peer_org[EVENT_NAME];	/* whose network it is; "": not known */
	char peer_country[4];		/* ISO 3166 */
	struct event_policy policy;
	struct event_skype skype;
	struct event_crypto crypto;
	bool has_mac;
	uint8_t mac[6];
	uint16_t vlan;			/* 0: none */
	bool behind_nat;		/* placement outside: local is a NAT address */
	uint32_t peers_total;
	uint8_t n_peers, n_servers, n_mapped, n_evidence;
	uint16_t evidence_total;	/* before trimming to EVENT_EVIDENCE */
	struct endpoint peers[EVENT_PEERS];
	struct event_server servers[EVENT_SERVERS];
	struct endpoint mapped[EVENT_MAPPED];
	struct evidence evidence[EVENT_EVIDENCE];	/* strongest first kept; in packet order */
};

/* One STUN message in full (profile `full`): NAME=value lines, NUL-separated, in `details`. */
struct event_stun {
	char method[24], class_name[24], transaction[40];
	bool nested;
	struct endpoint peer;		/* nested: who is behind the relay */
	uint32_t rtt_us;		/* 0: none */
	uint16_t n_details;
	uint16_t details_len;
	char details[EVENT_DETAILS];
};

/* What was counted so far. Of the members that every event has it uses the time alone. */
struct event_stats {
	uint64_t uptime_s;
	uint64_t loaded_ns;		/* when the signatures were read; 0: offline, where it says nothing */
	uint32_t signatures;
	struct counts counts;
};

struct event {
	enum event_type type;
	uint64_t ts_ns;			/* packet time of the evidence that made it due */
	uint64_t packet;		/* pcap_cnt */
	uint64_t flow_id;		/* < 2^51 */
	struct endpoint src, dst;	/* src: the inside socket whenever there is one */
	uint8_t ip_proto;
	bool to_server;			/* direction: src -> dst is the way of the flow's first packet */
	uint16_t interface;
	uint16_t vlan;			/* 0: none */
	char app_proto[16];		/* "stun", "turn", ..., "" = failed */
	struct event_flow flow;
	char session[17];		/* flow events: the session it belonged to */
	struct event_media media;	/* of this flow */
	union {
		struct event_alert alert;	/* EVENT_ALERT; EVENT_SESSION uses it too */
		struct event_stun stun;		/* EVENT_STUN */
		struct event_stats stats;	/* EVENT_STATS */
	};
};

/* Bytes of the struct that this event uses: what has to be copied. */
size_t event_size(const struct event *);

/* Where the correlator puts events. false: no room now, offer it again later (live); offline it never says so. */
typedef bool (*event_sink)(void *ctx, const struct event *);

#endif
