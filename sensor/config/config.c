/* config.c -- see config.h. To add a key: a row here, a field in settings.h, a line in config/punchwatch.yaml. */
#include "config.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

static const char *const placements[] = {"inside", "outside", NULL};
static const char *const profiles[] = {"7", "8", "full", NULL};	/* enum eve_profile */

static const char *const kind_words[] = {"none", "stun-discovery", "hole-punch-attempt", "hole-punch", "turn-relay", "conference",
	"voip-app", "skype", "nat-traversal", "p2p-filesharing", "p2p-media", "voip-server", "relay-tunnel", NULL};	/* enum kind */
static const char *const type_words[] = {"alert", "flow", "stats", "anomaly", "stun", "p2p_session", NULL};	/* filter.c */

#define S(field) FIELD(struct sink_settings, field)

static const struct schema_row sink_rows[] = {
	{"name", SCHEMA_TEXT, S(name), .about = "in messages and metrics; letters, digits, - and _"},
	{"to", SCHEMA_TEXT, S(to), .secret = true, .about = "where, as output.redis has it"},
	{"severity", SCHEMA_UINT, S(severity), .least = 1, .most = 3, .fallback = "3",
	    .about = "alerts of this severity and more urgent ones"},
	{"kinds", SCHEMA_WORDS, S(kinds), .words = kind_words, .fallback = "", .about = "alerts of these kinds; none: all"},
	{"types", SCHEMA_WORDS, S(types), .words = type_words, .fallback = "", .about = "events of these types; none: all"},
};
static const struct schema sink_schema = {sink_rows, sizeof sink_rows / sizeof *sink_rows};

static bool check_sink(struct binding *b, unsigned node, void *to)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	struct sink_settings *s = to;

	if (s->name[0] != '\0' && strspn(s->name, good) == strlen(s->name) && strcmp(s->name, "redis") != 0)
		return true;
	schema_mistake(b, node, "name", "is empty, has something else in it than letters, digits, - and _, or is redis, which output.redis is called");
	return false;
}

_Static_assert(sizeof (struct sink_list) == sizeof (struct schema_list) && offsetof(struct sink_list, n) == offsetof(struct schema_list, n),
    "a list of sinks is a list");

#define F(field) FIELD(struct settings, field)
#define HOUR 3600ull
#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define ENTRIES .least = 16, .most = 1 << 26

static const struct schema_row rows[] = {
	{"home", SCHEMA_NETWORKS, F(home.home), .fallback = "",
	    .about = "networks inside; none: the private space, and a guess where neither end is of it"},
	{"placement", SCHEMA_WORD, F(home.outside), .words = placements, .fallback = "inside",
	    .about = "on which side of the NAT the port is: inside or outside"},
	{"signatures", SCHEMA_TEXT, F(signatures), .live = true, .fallback = "auto",
	    .about = "folder of application signatures; auto: beside the program, or where it was installed; empty: none"},

	{"workers", SCHEMA_UINT, F(workers), .least = 1, .most = WORKERS_MAX, .fallback = "1",
	    .about = "threads that look at packets; one more reads them, and one correlates"},

	{"capture.interfaces", SCHEMA_TEXTS, F(capture.interface), .item_size = sizeof ((struct settings *)0)->capture.interface[0],
	    .count_offset = offsetof(struct settings, capture.n_interfaces), .fallback = "",
	    .about = "watch: where to listen"},
	{"capture.filter", SCHEMA_TEXT, F(capture.filter), .fallback = "",
	    .about = "only frames that this BPF expression takes"},
	{"capture.ring", SCHEMA_UINT, F(capture.ring_bytes), UNIT_BYTES, MIB, 2 * GIB - MIB, .fallback = "64MiB",
	    .about = "buffer between kernel and sensor, for each interface"},
	{"capture.snaplen", SCHEMA_UINT, F(capture.snaplen_bytes), UNIT_BYTES, 128, 262144, .fallback = "256KiB",
	    .about = "most of one frame that is kept"},
	{"capture.retire", SCHEMA_UINT, F(capture.retire_ms), UNIT_MS, 1, 10000, .fallback = "100ms",
	    .about = "longest that the kernel keeps a frame before it hands it on"},
	{"capture.promiscuous", SCHEMA_BOOL, F(capture.promiscuous), .fallback = "true",
	    .about = "take frames that are not addressed to this machine"},
	{"capture.user", SCHEMA_TEXT, F(capture.user), .fallback = "auto",
	    .about = "user to become once the capture is open; auto: punchwatch if there is one, else nobody"},
	{"capture.confine", SCHEMA_BOOL, F(capture.confine), .fallback = "true",
	    .about = "threads that look at packets may open no file, make no connection, run no program (seccomp)"},

	{"decode.duplicate", SCHEMA_UINT, F(decode.duplicate_ms), UNIT_MS, 0, 10000, .fallback = "100ms",
	    .about = "a mirror port's second copy of a packet comes within this time; 0 keeps all"},
	{"decode.fragments", SCHEMA_UINT, F(decode.fragments), ENTRIES, .fallback = "4096",
	    .about = "unfinished IP packets held at once"},
	{"decode.fragment_timeout", SCHEMA_UINT, F(decode.fragment_timeout_s), UNIT_S, 1, HOUR, .fallback = "30s",
	    .about = "an unfinished IP packet is given up after this time"},
	{"decode.tunnel_depth", SCHEMA_UINT, F(decode.tunnel_depth), .least = 0, .most = 16, .fallback = "4",
	    .about = "how many tunnels are opened, one in another"},

	{"flow.flows", SCHEMA_UINT, F(flow.flows), ENTRIES, .fallback = "262144",
	    .about = "flows held at once"},
	{"flow.udp_idle", SCHEMA_UINT, F(flow.udp_idle_s), UNIT_S, 1, 24 * HOUR, .fallback = "60s",
	    .about = "a UDP flow ends after so long without a packet"},
	{"flow.udp_new_idle", SCHEMA_UINT, F(flow.udp_new_idle_s), UNIT_S, 1, 24 * HOUR, .fallback = "30s",
	    .about = "the same, while only one end has sent"},
	{"flow.tcp_idle", SCHEMA_UINT, F(flow.tcp_idle_s), UNIT_S, 1, 24 * HOUR, .fallback = "5min",
	    .about = "a TCP flow ends after so long without a packet"},
	{"flow.tcp_new_idle", SCHEMA_UINT, F(flow.tcp_new_idle_s), UNIT_S, 1, 24 * HOUR, .fallback = "30s",
	    .about = "the same, while only one end has sent"},
	{"flow.tcp_closed", SCHEMA_UINT, F(flow.tcp_closed_s), UNIT_S, 1, HOUR, .fallback = "5s",
	    .about = "the same, once it is closed"},
	{"flow.states", SCHEMA_UINT, F(flow.states), .least = 16, .most = (1 << 24) - 1, .fallback = "16384",
	    .about = "flows whose protocol is followed message by message at once"},
	{"flow.stream", SCHEMA_UINT, F(flow.stream_bytes), UNIT_BYTES, 4096, 16 * MIB, .fallback = "64KiB",
	    .about = "most that one direction of a TCP stream may hold back while bytes before it are missing"},
	{"flow.stream_pool", SCHEMA_UINT, F(flow.stream_pool_bytes), UNIT_BYTES, MIB, 64 * GIB, .fallback = "64MiB",
	    .about = "all of these together"},

	{"ndpi.enabled", SCHEMA_BOOL, F(ndpi.enabled), .fallback = "true",
	    .about = "show nDPI the flows that the own dissectors leave open"},
	{"ndpi.flows", SCHEMA_UINT, F(ndpi.flows), ENTRIES, .fallback = "8192",
	    .about = "flows in nDPI's work at once"},
	{"ndpi.udp_packets", SCHEMA_UINT, F(ndpi.udp_packets), .least = 1, .most = 64, .fallback = "3",
	    .about = "packets of a UDP flow shown to nDPI at most"},
	{"ndpi.tcp_packets", SCHEMA_UINT, F(ndpi.tcp_packets), .least = 1, .most = 64, .fallback = "3",
	    .about = "packets of a TCP flow shown to nDPI at most"},

	{"session.sockets", SCHEMA_UINT, F(session.sockets), ENTRIES, .fallback = "65536",
	    .about = "inside sockets remembered at once"},
	{"session.legs", SCHEMA_UINT, F(session.legs), ENTRIES, .fallback = "131072",
	    .about = "paths (a socket and a remote end) remembered at once"},
	{"session.sessions", SCHEMA_UINT, F(session.sessions), ENTRIES, .fallback = "32768",
	    .about = "sessions (calls and attempts) held at once"},
	{"session.relays", SCHEMA_UINT, F(session.relays), ENTRIES, .fallback = "4096",
	    .about = "relays remembered at once"},
	{"session.settle", SCHEMA_UINT, F(session.settle_ms), UNIT_MS, 0, 600000, .live = true, .fallback = "5s",
	    .about = "an alert waits so long for something higher to replace it"},
	{"session.update", SCHEMA_UINT, F(session.update_s), UNIT_S, 1, 24 * HOUR, .live = true, .fallback = "10min",
	    .about = "updates of one session come at most so often"},
	{"session.idle", SCHEMA_UINT, F(session.idle_s), UNIT_S, 1, 24 * HOUR, .live = true, .fallback = "2min",
	    .about = "a session ends after so long without traffic"},
	{"session.again", SCHEMA_UINT, F(session.again_s), UNIT_S, 1, 24 * HOUR, .live = true, .fallback = "1h",
		.about = "what a host goes on doing is reported again after so long a pause"},
	{"session.join", SCHEMA_UINT, F(session.join_s), UNIT_S, 1, 24 * HOUR, .live = true, .fallback = "2min",
	    .about = "paths of one inside socket within this time belong to one session"},
	{"session.informational", SCHEMA_CHOICE_BOOL, F(session.informational_choice), .live = true, .fallback = "auto",
	    .about = "report what is only worth knowing; auto: read and explain do, watch does not"},
	{"session.severity", SCHEMA_UINT, F(session.severity), .least = 1, .most = 3, .live = true, .fallback = "3",
	    .about = "report this severity and more urgent ones: 1 is the most urgent, 3 is all"},

	{"crypto.profile", SCHEMA_TEXT, F(crypto.profile), .live = true, .fallback = "nzism3.9",
	    .about = "what encryption is judged by: nzism3.9, seed2012, or a file; empty: nothing"},

	{"policy.file", SCHEMA_TEXT, F(policy.file), .live = true, .fallback = "",
	    .about = "what is allowed, and what alerts are worth: networks, approved services, exceptions, limits; empty: none"},
	{"policy.hosts", SCHEMA_UINT, F(policy.hosts), ENTRIES, .live = true, .fallback = "65536",
	    .about = "hosts (or pairs) whose alerts are counted for limits at once"},
	{"names.hosts", SCHEMA_TEXTS, F(names.hosts), .item_size = SETTING_PATH, .count_offset = offsetof(struct settings, names.n_hosts),
	    .live = true, .fallback = "", .about = "files that name inside hosts: CSV, or leases of dnsmasq, Kea or ISC dhcpd"},
	{"names.mmdb", SCHEMA_TEXTS, F(names.mmdb), .item_size = SETTING_PATH, .count_offset = offsetof(struct settings, names.n_mmdb),
	    .live = true, .fallback = "", .about = "MMDB files with AS numbers, organisations, countries"},
	{"names.resolvers", SCHEMA_NETWORKS, F(names.resolvers), .fallback = "",
	    .about = "name servers whose answers tell what far ends are called; none: any that an inside host asks"},
	{"names.networks", SCHEMA_TEXT, F(names.networks), .live = true, .fallback = "auto",
	    .about = "file of networks that are hosting or a service's; auto: beside the program, or where it was installed; empty: none"},

	{"eve.profile", SCHEMA_WORD, F(eve.profile), .words = profiles, .fallback = "8",
	    .about = "form of the events: 8 (Suricata 8), 7 (Suricata 7), full (more event types)"},
	{"eve.host", SCHEMA_TEXT, F(eve.host), .fallback = "",
	    .about = "the sensor's name in events; empty: the machine's name"},
	{"eve.hash_usernames", SCHEMA_BOOL, F(eve.hash_usernames), .fallback = "false",
	    .about = "user names and SIP addresses in events as hashes"},

	{"output.eve", SCHEMA_TEXT, F(output.eve), .fallback = "",
	    .about = "events as lines of JSON to this file; - is stdout; empty: none"},
	{"output.redis", SCHEMA_TEXT, F(output.redis), .secret = true, .fallback = "",
	    .about = "events to Redis: redis://host:port/db?key=NAME&mode=list, channel or stream; redis+unix:///path?...; empty: none"},
	{"output.sinks", SCHEMA_LIST, F(output.sinks), .item = &sink_schema, .item_size = sizeof (struct sink_settings), .most = 15,
	    .bind = check_sink, .fallback = "", .about = "more places to deliver events to, each with what it is to have"},
	{"output.journal.path", SCHEMA_TEXT, F(output.journal.path), .fallback = "auto",
	    .about = "watch: where the journal is if output.eve is no file; auto: /var/lib/punchwatch/eve.json"},
	{"output.journal.segment", SCHEMA_UINT, F(output.journal.segment_bytes), UNIT_BYTES, 64ull << 10, GIB, .fallback = "64MiB",
	    .about = "a segment of the journal that is so large is followed by a new one"},
	{"output.journal.segment_age", SCHEMA_UINT, F(output.journal.segment_s), UNIT_S, 1, 366 * 24 * HOUR, .fallback = "1d",
	    .about = "the same, of one that is so old"},
	{"output.journal.keep", SCHEMA_UINT, F(output.journal.keep_bytes), UNIT_BYTES, MIB, 1024 * GIB, .fallback = "1GiB",
	    .about = "if the journal is larger, its oldest segments are removed"},
	{"output.journal.keep_age", SCHEMA_UINT, F(output.journal.keep_s), UNIT_S, 60, 3660 * 24 * HOUR, .fallback = "7d",
	    .about = "segments that are older are removed"},
	{"output.journal.flush", SCHEMA_UINT, F(output.journal.flush_ms), UNIT_MS, 1, 60000, .fallback = "100ms",
	    .about = "an event is on the disk so late at most"},
	{"output.redis_inflight", SCHEMA_UINT, F(output.redis_inflight_bytes), UNIT_BYTES, 64ull << 10, GIB, .fallback = "4MiB",
	    .about = "sent to Redis and not yet acknowledged, at most"},
	{"output.redis_timeout", SCHEMA_UINT, F(output.redis_timeout_ms), UNIT_MS, 100, 600000, .fallback = "5s",
	    .about = "a connection or an answer of Redis that takes longer is given up, and tried again"},

	{"stats.interval", SCHEMA_UINT, F(stats.interval_s), UNIT_S, 0, 24 * HOUR, .live = true, .fallback = "1min",
	    .about = "watch: counters as an event so often; 0: never"},
	{"stats.read", SCHEMA_BOOL, F(stats.read), .live = true, .fallback = "false",
	    .about = "read: one such event at the end"},

	{"control.http", SCHEMA_TEXT, F(control.http), .fallback = "",
	    .about = "watch: /metrics, /healthz and /readyz there: 127.0.0.1:PORT, [::1]:PORT or unix:PATH; empty: nowhere"},
	{"control.socket", SCHEMA_TEXT, F(control.socket), .fallback = "auto",
	    .about = "the socket of `status` and `reload`; auto: /run/punchwatch/control.sock if that can be; empty: none"},

	{"health.silence", SCHEMA_UINT, F(health.silence_s), UNIT_S, 0, 24 * HOUR, .live = true, .fallback = "1min",
	    .about = "an interface without a packet for so long has fallen silent; 0: never"},
	{"health.stall", SCHEMA_UINT, F(health.stall_s), UNIT_S, 0, HOUR, .live = true, .fallback = "10s",
	    .about = "a thread that does not go on for so long is stalled; 0: never"},
	{"health.clock", SCHEMA_UINT, F(health.clock_ms), UNIT_MS, 0, 3600000, .live = true, .fallback = "2s",
	    .about = "time stamps may differ so much from the machine's clock; 0: by any time"},
	{"health.one_way", SCHEMA_UINT, F(health.one_way), .least = 0, .most = 100, .live = true, .fallback = "50",
	    .about = "percent of the flows that may have one direction only; 0: all"},
	{"health.duplicates", SCHEMA_UINT, F(health.duplicates), .least = 0, .most = 100, .live = true, .fallback = "60",
	    .about = "percent of the packets that may be second copies; 0: all"},
	{"health.signatures", SCHEMA_UINT, F(health.signatures_s), UNIT_S, 0, 3650 * 24 * HOUR, .live = true, .fallback = "365d",
	    .about = "signatures may be so old; 0: of any age"},
};

_Static_assert(sizeof (struct settings) <= UINT16_MAX, "a row's offset does not fit");

const struct schema config_schema = {rows, sizeof rows / sizeof *rows};

void settings_defaults(struct settings *s)
{
	memset(s, 0, sizeof *s);
	schema_defaults(&config_schema, s);
}

bool config_load(const char *path, struct settings *s, unsigned *lines, struct mistakes *mistakes)
{
	struct document *d = document_read(path, mistakes);
	struct binding b = {.schema = &config_schema, .to = s, .document = d, .lines = lines, .mistakes = mistakes};
	bool ok = d && schema_bind(&b, document_root(d));

	document_free(d);
	return ok;
}

unsigned settings_keep(const struct settings *old, struct settings *s, FILE *to)
{
	unsigned n = 0;

	for (unsigned i = 0; i < config_schema.n; i++) {
		const struct schema_row *row = &config_schema.rows[i];

		if (row->live || schema_same(row, old, s))
			continue;
		fprintf(to, "%s: cannot change while the sensor runs: it will with the next start\n", row->key);
		schema_copy(row, s, old);
		n++;
	}
	s->session.detail = old->session.detail;
	s->session.openings = old->session.openings;
	s->home.configured = old->home.configured;
	return n;
}

enum { RETIRE_TOGETHER_MS = 10 };

void settings_decide(struct settings *s, bool live, bool detail)
{
	s->names.live = live;
	s->home.configured = s->home.home.n > 0;
	if (!s->home.configured)
		prefixes_default_home(&s->home.home);
	if (strcmp(s->capture.user, "auto") == 0)
		/* Only a live capture has something to give up; asking who there is may mean asking the network. */
		strcpy(s->capture.user, live && getpwnam("punchwatch") ? "punchwatch" : "nobody");
	s->output.journal.durable = live;
	strcpy(s->output.journal.owner, s->capture.user);
	if (s->eve.host[0] == '\0' && gethostname(s->eve.host, sizeof s->eve.host) != 0)
		strcpy(s->eve.host, "punchwatch");
	s->eve.host[sizeof s->eve.host - 1] = '\0';
	s->session.informational = s->session.informational_choice == CHOICE_AUTO ? !live :
	    s->session.informational_choice == CHOICE_YES;
	/* Interfaces wait for each other as long as the kernel may hold a frame back. */
	if (live && s->capture.n_interfaces > 1 && s->capture.retire_ms > RETIRE_TOGETHER_MS)
		s->capture.retire_ms = RETIRE_TOGETHER_MS;
	s->session.detail = detail || s->eve.profile == PROFILE_FULL;
}
