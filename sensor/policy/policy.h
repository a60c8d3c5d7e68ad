/* policy.h -- a site's policy as it was written: networks and what applies there, approved services and exceptions, what is not
 * wanted, how often is enough.
 *
 * A file of its own (policy.file in the configuration), because those who decide what is allowed are not those who run the
 * sensor. Every mistake is said with its line. config/policy.yaml explains every key. Read once, never changed afterwards: any
 * thread may ask (judge.h).
 */
#ifndef PW_POLICY_H
#define PW_POLICY_H

#include "../config/schema.h"
#include "calendar.h"
#include "control.h"

enum {
	NETWORKS_MAX = 255, RULES_MAX = 4096,
	RULE_APPS = 16, RULE_SIDS = 16, RULE_NETWORKS = 16, RULE_NAMES = 16, RULE_HOURS = 8, RULE_REASON = 160,
	NETWORK_CONTROLS = 32,
};

/* A part of the inside that has a name. */
struct network {
	char name[EVENT_ZONE];
	struct prefixes nets;
	uint8_t classification;			/* enum classification */
	uint32_t controls[NETWORK_CONTROLS];	/* those that apply there, whatever its classification; none: by classification */
	unsigned n_controls;
	uint8_t severity[KIND_N];		/* 0: what it is otherwise */
	unsigned line;
};

/* Suricata's words: limit: the first `count` of each period; threshold: every count-th; both: one a period, once there were
 * `count`. */
enum threshold_type { THRESHOLD_LIMIT, THRESHOLD_THRESHOLD, THRESHOLD_BOTH };
/* For whom it is counted: the inside host, the far end, the two, or all together. */
enum threshold_track { TRACK_SRC, TRACK_DST, TRACK_BOTH, TRACK_RULE };

/* A rule of any section. What it names must fit, and an empty list fits everything. */
struct rule {
	char name[EVENT_RULE];
	char app[RULE_APPS][EVENT_APP];
	unsigned n_apps;
	uint32_t kinds;				/* bits of enum kind */
	uint32_t sids[RULE_SIDS];		/* of the kind, or of the signature */
	unsigned n_sids;
	char network[RULE_NETWORKS][EVENT_ZONE];	/* names of networks */
	unsigned n_networks;
	uint8_t network_at[RULE_NETWORKS];	/* the same as numbers */
	struct prefixes inside;			/* the inside host */
	char host[RULE_NAMES][EVENT_NAME];	/* its name, globs */
	unsigned n_hosts;
	struct prefixes peers;			/* every far end: relay, service, peers */
	char peer_name[RULE_NAMES][EVENT_NAME];		/* of where the flow goes, globs */
	unsigned n_peer_names;
	uint32_t days;				/* bits, from Monday */
	char hours_text[RULE_HOURS][12];
	unsigned n_hours;
	struct hours hours[RULE_HOURS];
	char expires[EVENT_DATE];		/* the last day on which it holds, or "never" */
	int64_t expires_s;			/* it does not from here on; 0: never */
	char owner[EVENT_RULE], ticket[EVENT_TICKET], reason[RULE_REASON];
	uint8_t type, track;			/* threshold */
	uint32_t count, seconds;
	unsigned line;
};

enum section { APPROVED, EXCEPTIONS, SUPPRESS, THRESHOLD, SECTIONS };

struct policy {
	const char *path;			/* borrowed; "": none was read */
	char time_zone[64];
	struct calendar calendar;
	struct schema_list networks;		/* struct network */
	struct schema_list controls;		/* struct control: the site's own */
	struct schema_list rules[SECTIONS];	/* struct rule */
	struct {
		uint32_t count;			/* alerts of one host and kind in a period; 0: any number */
		uint32_t seconds;
		uint8_t severity;		/* this and less urgent ones */
	} limit;
	uint32_t warn_s;			/* what expires so soon is warned of */
};

extern const struct schema policy_schema;
extern const char *const section_names[SECTIONS];	/* "approved", "exceptions", ... */

/* NULL: mistakes were said. The path is borrowed. Not while other threads run (time zones). */
struct policy *policy_load(const char *path, struct mistakes *);
/* The same from text; `name` is what messages call it. */
struct policy *policy_parse(const char *name, const char *text, size_t len_bytes, struct mistakes *);
void policy_free(struct policy *);

/* As YAML that loads again. */
void policy_print(const struct policy *, FILE *);

/* What has expired by then, or will soon, and what can cover nothing: one line each. Returns how many. */
unsigned policy_warn(const struct policy *, int64_t now_s, void (*say)(void *ctx, const char *line), void *ctx);

static inline const struct network *policy_network(const struct policy *p, unsigned i)
{
	return (const struct network *)p->networks.items + i;
}

static inline const struct rule *policy_rule(const struct policy *p, enum section s, unsigned i)
{
	return (const struct rule *)p->rules[s].items + i;
}

#endif
