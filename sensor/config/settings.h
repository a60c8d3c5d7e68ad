/* settings.h -- everything that can be configured, as plain data with units in the names.
 *
 * Each stage is given its own part and knows no more. Filled from defaults, the file and the command line, in this order
 * (config.h), then decided: what is left to us ("auto") becomes a value. Read-only afterwards. A row in config.c's schema, a
 * field here and a line in config/punchwatch.yaml belong together: a test holds them so.
 */
#ifndef PW_SETTINGS_H
#define PW_SETTINGS_H

#include "../base/addr.h"

enum {
	SETTING_TEXT = 256, SETTING_PATH = 1024, INTERFACES_MAX = 16, WORKERS_MAX = 32,
};

enum eve_profile { PROFILE_7, PROFILE_8, PROFILE_FULL };

struct home_settings {
	struct prefixes home;
	bool configured;		/* false: the default space, and guessing who is inside where neither end is of it (decided) */
	bool outside;			/* placement: the port is outside the NAT */
};

struct capture_settings {
	char interface[INTERFACES_MAX][64];
	unsigned n_interfaces;
	char filter[SETTING_TEXT * 4];	/* BPF, "" = all */
	uint32_t ring_bytes;		/* TPACKET_V3 ring, asked for */
	uint32_t snaplen_bytes;
	uint32_t retire_ms;		/* block retire time: libpcap's to_ms */
	bool promiscuous;
	bool confine;			/* seccomp for whoever looks at packets */
	char user[64];			/* who we become once the capture is open; "" = stay. "auto" is decided */
};

struct decode_settings {
	uint32_t duplicate_ms;		/* a SPAN's second copy comes within this; 0 = keep all */
	uint32_t fragments;		/* unfinished packets held at once */
	uint32_t fragment_timeout_s;
	uint32_t tunnel_depth;		/* how many tunnels are opened, one in another */
};

struct flow_settings {
	uint32_t flows;			/* table size */
	uint32_t udp_idle_s, udp_new_idle_s;	/* both ways seen; one way only */
	uint32_t tcp_idle_s, tcp_new_idle_s, tcp_closed_s;
	uint32_t states;		/* dissector states held at once */
	uint32_t stream_bytes;		/* most that one direction of one stream may hold back */
	uint64_t stream_pool_bytes;	/* all of them together */
};

struct ndpi_settings {
	bool enabled;
	uint32_t flows;			/* in work at once */
	uint32_t udp_packets, tcp_packets;	/* shown at most, per flow */
};

struct session_settings {
	uint32_t sockets, legs, sessions, relays;	/* most held at once */
	uint32_t settle_ms;		/* a step waits so long for something higher */
	uint32_t update_s;		/* updates of one session at most so often */
	uint32_t idle_s;		/* a session without traffic is over */
	uint32_t again_s;		/* what a host goes on doing is reported again after so long a pause */
	uint32_t join_s;		/* a socket's flows belong to one session if within this */
	uint8_t informational_choice;	/* enum choice (schema.h): auto leaves it to the command */
	bool informational;		/* report informational kinds (decided) */
	uint8_t severity;		/* report this severity and more urgent ones (1 is most urgent) */
	bool detail;			/* every message as an event (decided: profile full) */
	bool openings;			/* every flow is spoken of, and its first bytes, not only where signatures want them (decided: explain
					 * --messages, --handshakes) */
};

struct crypto_settings {
	char profile[SETTING_TEXT];	/* name or path of what encryption is judged by; "" = nothing */
};

struct policy_settings {
	char file[SETTING_PATH];	/* policy.h; "" = none */
	uint32_t hosts;			/* whose limits are remembered at once */
};

enum { NAMES_FILES = 4 };

struct names_settings {
	char hosts[NAMES_FILES][SETTING_PATH];	/* names of inside hosts: CSV, leases of DHCP servers */
	unsigned n_hosts;
	char mmdb[NAMES_FILES][SETTING_PATH];	/* who owns which addresses */
	unsigned n_mmdb;
	struct prefixes resolvers;	/* name servers whose answers are believed; none: any that an inside host asks */
	bool live;			/* (decided) */
	char networks[SETTING_PATH];	/* hosting and services; "auto": where it is found, "" = none */
};

struct eve_settings {
	enum eve_profile profile;
	char host[64];			/* sensor-name; "" becomes the machine's name (decided) */
	bool hash_usernames;
};

struct journal_settings {
	char path[SETTING_PATH];	/* "auto": where the journal is if `eve` is none */
	bool durable;			/* numbered segments that stay; else a temporary one, if any is needed (decided: watch) */
	uint64_t segment_bytes, keep_bytes;	/* of one segment; of all */
	uint32_t segment_s, keep_s;	/* the same by age */
	uint32_t flush_ms;		/* an event is on the disk so late at most */
	char owner[64];			/* who is to own a folder that has to be made; "" = us (decided) */
};

/* A place that events are delivered to (output.sinks). */
struct sink_settings {
	char name[32];			/* in messages, metrics and the name of its position's file */
	char to[SETTING_TEXT * 4];	/* URI */
	uint8_t severity;		/* alerts of this severity and more urgent ones */
	uint32_t kinds, types;		/* a bit for each kind of alert, and type of event, that it is to have; 0: all */
};

struct sink_list {			/* as a schema_list (schema.h) */
	struct sink_settings *items;
	unsigned n;
};

struct output_settings {
	char eve[SETTING_PATH];		/* file, "-" = stdout, "" = none. watch: the journal's name */
	char redis[SETTING_TEXT * 4];	/* URI, "" = none */
	uint32_t redis_inflight_bytes;	/* sent and not acknowledged, at most */
	uint32_t redis_timeout_ms;	/* connect and reply */
	struct sink_list sinks;
	struct journal_settings journal;
};

struct stats_settings {
	uint32_t interval_s;		/* watch: a heartbeat every so often; 0: none */
	bool read;			/* one at the end of capture files, too */
};

/* How a running sensor is asked and told. */
struct control_settings {
	char http[SETTING_TEXT];	/* loopback ADDRESS:PORT or unix:PATH for /metrics, /healthz, /readyz; "" = none */
	char socket[SETTING_PATH];	/* of `status` and `reload`; "auto", "" = none */
};

/* What a sensor that works as it should does not show. 0: not looked at. */
struct health_settings {
	uint32_t silence_s;		/* an interface without a frame */
	uint32_t stall_s;		/* a thread that does not go on */
	uint32_t clock_ms;		/* time stamps against the wall clock */
	uint8_t one_way, duplicates;	/* percent: of long flows, of packets */
	uint32_t signatures_s;		/* age */
};

struct settings {
	struct home_settings home;
	struct capture_settings capture;
	struct decode_settings decode;
	struct flow_settings flow;
	struct ndpi_settings ndpi;
	struct session_settings session;
	struct policy_settings policy;
	struct crypto_settings crypto;
	struct names_settings names;
	struct eve_settings eve;
	struct output_settings output;
	struct stats_settings stats;
	struct control_settings control;
	struct health_settings health;
	uint32_t workers;		/* threads that look at packets */
	char signatures[SETTING_PATH];	/* folder; "auto": where they are found (signature_folder.h), "" = none */
};

#endif
