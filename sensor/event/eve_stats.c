/* eve_stats.c -- what was counted, under the names that Suricata has for it, and nothing that its schema does not know.
 *
 * Profile full adds `punchwatch`: every counter of ours under its own name.
 */
#include "eve_write.h"

#include <stdio.h>
#include <string.h>

#include "json.h"

enum { SUM = 4 };		/* counters that are one number for Suricata */

/* In groups: the rows of one object stand together. Only what means the same. */
static const struct {
	const char *group, *name;
	enum count of[SUM];
	unsigned n;
	bool since8;		/* Suricata 7 has it not */
} rows[] = {
	{"capture", "kernel_packets", {COUNT_PACKETS, COUNT_KERNEL_DROPS}, 2, false},	/* those that the kernel dropped among them */
	{"capture", "kernel_drops", {COUNT_KERNEL_DROPS}, 1, false},
	{"capture", "kernel_ifdrops", {COUNT_IFACE_DROPS}, 1, false},
	{"decoder", "pkts", {COUNT_PACKETS}, 1, false},
	{"decoder", "bytes", {COUNT_BYTES}, 1, false},
	{"decoder", "invalid", {COUNT_DECODE_SHORT, COUNT_DECODE_BAD_IP, COUNT_DECODE_BAD_L4}, 3, false},
	{"decoder", "too_many_layers", {COUNT_DECODE_TUNNEL_DEPTH}, 1, false},
	{"defrag", "max_trackers_reached", {COUNT_FRAG_EVICTED}, 1, true},
	{"flow", "total", {COUNT_FLOWS}, 1, false},
	{"flow", "get_used", {COUNT_FLOW_EVICTED}, 1, false},	/* an active one had to go for a new one */
	{"tcp", "reassembly_gap", {COUNT_STREAM_GAP}, 1, false},
	{"tcp", "segment_memcap_drop", {COUNT_STREAM_NO_ROOM}, 1, false},
	{"detect", "alert", {COUNT_ALERTS}, 1, false},
	{"detect", "alert_queue_overflow", {COUNT_OUT_LOST}, 1, false},
	{"detect", "alerts_suppressed", {COUNT_POLICY_SUPPRESSED, COUNT_POLICY_LIMITED}, 2, false},
};

static void put_rows(struct eve *e, struct json_value *stats, const struct event_stats *s, const char *group, struct json_value **last)
{
	struct json_value *o = NULL;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t sum = 0;

		if (strcmp(rows[i].group, group) != 0 || (rows[i].since8 && e->profile == PROFILE_7))
			continue;
		if (o == NULL)
			o = json_object(e->json, stats, rows[i].group);
		for (unsigned k = 0; k < rows[i].n; k++)
			sum += s->counts.n[rows[i].of[k]];
		json_uint(e->json, o, rows[i].name, sum);
	}
	*last = o;
}

/* A counter's name is "group.name"; those of one group stand together. */
static void put_own(struct eve *e, struct json_value *stats, const struct event_stats *s)
{
	struct json_value *own = json_object(e->json, stats, "punchwatch"), *group = NULL;
	const char *of = "";
	size_t n = 0;

	for (unsigned i = 0; i < COUNT_N; i++) {
		const char *name = count_defs[i].name;
		char *key;

		if (group == NULL || strncmp(of, name, n) != 0) {
			of = name;
			n = strcspn(name, ".") + 1;
			key = json_scratch(e->json, n);
			snprintf(key, n, "%s", name);
			group = json_object(e->json, own, key);
		}
		json_uint(e->json, group, name + n, s->counts.n[i]);
	}
}

static void put_engine(struct eve *e, struct json_value *detect, const struct event_stats *s)
{
	struct json_value *o = json_object(e->json, json_array(e->json, detect, "engines"), NULL);

	json_uint(e->json, o, "id", 0);
	if (s->loaded_ns != 0)
		eve_time(e, o, "last_reload", s->loaded_ns);
	json_uint(e->json, o, "rules_loaded", s->signatures);
	json_uint(e->json, o, "rules_failed", 0);
}

void eve_stats(struct eve *e, struct json_value *root, const struct event_stats *s)
{
	static const char *const groups[] = {"capture", "decoder", "defrag", "flow", "tcp", "detect"};
	struct json_value *stats = json_object(e->json, root, "stats"), *last = NULL;

	json_uint(e->json, stats, "uptime", s->uptime_s);
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		put_rows(e, stats, s, groups[i], &last);
		if (strcmp(groups[i], "flow") == 0)
			json_uint(e->json, last, "active", s->counts.n[COUNT_FLOWS] - s->counts.n[COUNT_FLOWS_OVER]);
		if (strcmp(groups[i], "detect") == 0)
			put_engine(e, last, s);
	}
	if (e->profile == PROFILE_FULL)
		put_own(e, stats, s);
}
