/* policy.c -- see policy.h: the rows of the file, and what rows cannot say. */
#include "policy.h"

#include <stdlib.h>
#include <string.h>

static const char *const kind_words[KIND_N + 1] = {
	[KIND_NONE] = "none", [KIND_STUN_DISCOVERY] = "stun-discovery", [KIND_HOLE_PUNCH_ATTEMPT] = "hole-punch-attempt",
	[KIND_HOLE_PUNCH] = "hole-punch", [KIND_TURN_RELAY] = "turn-relay", [KIND_CONFERENCE] = "conference",
	[KIND_VOIP_APP] = "voip-app", [KIND_SKYPE] = "skype", [KIND_NAT_TRAVERSAL] = "nat-traversal",
	[KIND_P2P_FILESHARING] = "p2p-filesharing", [KIND_P2P_MEDIA] = "p2p-media", [KIND_VOIP_SERVER] = "voip-server",
	[KIND_RELAY_TUNNEL] = "relay-tunnel",
};
static const char *const day_words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL};
static const char *const type_words[] = {"limit", "threshold", "both", NULL};	/* enum threshold_type */
static const char *const track_words[] = {"by_src", "by_dst", "by_both", "by_rule", NULL};	/* enum threshold_track */

const char *const section_names[SECTIONS] = {"approved", "exceptions", "suppress", "threshold"};

enum { NEVER_COVERED = 1 << KIND_RELAY_TUNNEL, ONLY_BY_NAME = 1 << KIND_HOLE_PUNCH };

/* --- networks and controls --- */

#define N(field) FIELD(struct network, field)
#define SEVERITY(word, kind) {"severity." word, SCHEMA_UINT, N(severity[kind]), .least = 0, .most = 3, .fallback = "0", \
	.about = "severity of this kind there; 0: what it is otherwise"}
#define TEXTS(type, field, count) FIELD(type, field), .item_size = sizeof ((type *)0)->field[0], .count_offset = offsetof(type, count)

static const struct schema_row network_rows[] = {
	{"name", SCHEMA_TEXT, N(name), .about = "what alerts call it"},
	{"nets", SCHEMA_NETWORKS, N(nets), .least = 1, .about = "its addresses; of networks one in another the smallest counts"},
	{"classification", SCHEMA_WORD, N(classification), .words = classification_names, .fallback = "none",
	    .about = "of what is handled there: the highest"},
	{"controls", SCHEMA_UINTS, N(controls), .count_offset = offsetof(struct network, n_controls), .least = 0, .fallback = "",
	    .about = "NZISM CIDs that apply there; none: those that do by its classification"},
	SEVERITY("stun-discovery", KIND_STUN_DISCOVERY),
	SEVERITY("hole-punch-attempt", KIND_HOLE_PUNCH_ATTEMPT),
	SEVERITY("hole-punch", KIND_HOLE_PUNCH),
	SEVERITY("turn-relay", KIND_TURN_RELAY),
	SEVERITY("conference", KIND_CONFERENCE),
	SEVERITY("voip-app", KIND_VOIP_APP),
	SEVERITY("skype", KIND_SKYPE),
	SEVERITY("nat-traversal", KIND_NAT_TRAVERSAL),
	SEVERITY("p2p-filesharing", KIND_P2P_FILESHARING),
	SEVERITY("p2p-media", KIND_P2P_MEDIA),
	SEVERITY("voip-server", KIND_VOIP_SERVER),
	SEVERITY("relay-tunnel", KIND_RELAY_TUNNEL),
};
static const struct schema network_schema = {network_rows, sizeof network_rows / sizeof *network_rows};

static bool check_network(struct binding *b, unsigned node, void *to)
{
	struct network *n = to;

	n->line = node_line(b->document, node);
	if (n->name[0] == '\0') {
		schema_mistake(b, node, "name", "is empty");
		return false;
	}
	return true;
}

#define O(field) FIELD(struct control, field)

static const struct schema_row control_rows[] = {
	{"cid", SCHEMA_UINT, O(cid), .least = 1, .about = "its number; one of the built-in table replaces it"},
	{"compliance", SCHEMA_WORD, O(compliance), .words = compliance_names, .fallback = "none", .about = "what it says: SHOULD, MUST NOT"},
	{"classifications", SCHEMA_WORDS, O(classes), .words = classification_names, .fallback = "", .about = "where it applies; none: everywhere"},
	{"kinds", SCHEMA_WORDS, O(kinds), .words = kind_words, .fallback = "", .about = "kinds of alert that touch it; none: all"},
	{"app", SCHEMA_TEXT, O(app), .fallback = "", .about = "and only of this application"},
	{"title", SCHEMA_TEXT, O(title), .fallback = "", .about = "in short"},
};
static const struct schema control_schema = {control_rows, sizeof control_rows / sizeof *control_rows};

static bool check_control(struct binding *b, unsigned node, void *to)
{
	struct control *c = to;

	c->line = node_line(b->document, node);
	if (c->classes == 0)
		c->classes = (1u << CLASS_N) - 1;
	if (c->kinds == 0)
		c->kinds = (1u << KIND_N) - 2;
	return true;
}

/* --- rules --- */

#define R(field) FIELD(struct rule, field)

#define NAME {"name", SCHEMA_TEXT, R(name), .about = "what alerts call it"}
#define NAME_OR_NONE {"name", SCHEMA_TEXT, R(name), .fallback = "", .about = "what the summary calls it"}
#define SIDS {"sids", SCHEMA_UINTS, R(sids), .count_offset = offsetof(struct rule, n_sids), .least = 0, .fallback = "", \
	.about = "signature ids: of kinds of alert, or of signatures"}
#define WHAT \
	{"apps", SCHEMA_TEXTS, TEXTS(struct rule, app, n_apps), .fallback = "", .about = "applications by name; none: all, and what has no name"}, \
	{"kinds", SCHEMA_WORDS, R(kinds), .words = kind_words, .fallback = "", .about = "kinds of alert; none: all"}, \
	{"networks", SCHEMA_TEXTS, TEXTS(struct rule, network, n_networks), .fallback = "", .about = "networks above, by name, that the inside host is in"}, \
	{"inside", SCHEMA_NETWORKS, R(inside), .fallback = "", .about = "addresses that the inside host has one of"}, \
	{"hosts", SCHEMA_TEXTS, TEXTS(struct rule, host, n_hosts), .fallback = "", .about = "names of the inside host, with * and ?"}, \
	{"peers", SCHEMA_NETWORKS, R(peers), .fallback = "", .about = "addresses that every far end is one of: the relay, the service, all peers"}, \
	{"peer_names", SCHEMA_TEXTS, TEXTS(struct rule, peer_name, n_peer_names), .fallback = "", .about = "names of the far end, with * and ?"}
#define WHEN \
	{"days", SCHEMA_WORDS, R(days), .words = day_words, .fallback = "", .about = "days of the week; none: every day"}, \
	{"hours", SCHEMA_TEXTS, TEXTS(struct rule, hours_text, n_hours), .fallback = "", .about = "parts of the day; none: all day"}
#define WHO_MAY \
	{"owner", SCHEMA_TEXT, R(owner), .fallback = "", .about = "who answers for it"}, \
	{"reason", SCHEMA_TEXT, R(reason), .fallback = "", .about = "why"}, \
	{"ticket", SCHEMA_TEXT, R(ticket), .fallback = "", .about = "where it was decided"}
#define UNTIL {"expires", SCHEMA_TEXT, R(expires), .fallback = "never", .about = "the last day on which it holds, or never"}

static const struct schema_row approved_rows[] = {NAME, WHAT, WHEN, UNTIL, WHO_MAY};
static const struct schema_row exception_rows[] = {
	NAME, WHAT, WHEN,
	{"expires", SCHEMA_TEXT, R(expires), .about = "the last day on which it holds, or never"},
	{"owner", SCHEMA_TEXT, R(owner), .about = "who answers for it"},
	{"reason", SCHEMA_TEXT, R(reason), .about = "why it is allowed"},
	{"ticket", SCHEMA_TEXT, R(ticket), .fallback = "", .about = "where it was decided"},
};
static const struct schema_row suppress_rows[] = {NAME_OR_NONE, SIDS, WHAT, WHEN, UNTIL, WHO_MAY};
static const struct schema_row threshold_rows[] = {
	NAME_OR_NONE, SIDS, WHAT,
	{"type", SCHEMA_WORD, R(type), .words = type_words,
	    .about = "limit: the first `count` of each period; threshold: every count-th; both: one a period, once there were `count`"},
	{"track", SCHEMA_WORD, R(track), .words = track_words, .fallback = "by_src",
	    .about = "counted for each inside host (by_src), far end (by_dst), pair (by_both), or all together (by_rule)"},
	{"count", SCHEMA_UINT, R(count), .least = 1, .most = 1000000, .about = "so many alerts"},
	{"seconds", SCHEMA_UINT, R(seconds), .least = 1, .most = 31 * 86400, .about = "the period"},
};

#define SCHEMA(rows) {(rows), sizeof (rows) / sizeof *(rows)}

static const struct schema rule_schemas[SECTIONS] = {
	[APPROVED] = SCHEMA(approved_rows), [EXCEPTIONS] = SCHEMA(exception_rows), [SUPPRESS] = SCHEMA(suppress_rows),
	[THRESHOLD] = SCHEMA(threshold_rows),
};

static bool has_far_end(const struct rule *r)
{
	return r->peers.n > 0 || r->n_peer_names > 0;
}

static bool has_condition(const struct rule *r)
{
	return r->n_apps > 0 || r->kinds != 0 || r->n_sids > 0 || r->n_networks > 0 || r->inside.n > 0 || r->n_hosts > 0 || has_far_end(r);
}

static void check_times(struct binding *b, unsigned node, struct rule *r)
{
	int32_t day;

	for (unsigned i = 0; i < r->n_hours; i++)
		if (!hours_parse(r->hours_text[i], &r->hours[i]))
			schema_mistake(b, node, "hours", "'%s' is no part of a day: write it like 08:00-18:00", r->hours_text[i]);
	if (r->expires[0] != '\0' && strcmp(r->expires, "never") != 0 && !date_parse(r->expires, &day))
		schema_mistake(b, node, "expires", "'%s' is no date: write it like 2027-06-30, or never", r->expires);
}

static bool check_rule(struct binding *b, unsigned node, void *to)
{
	struct rule *r = to;
	unsigned before = b->mistakes->n;

	r->line = node_line(b->document, node);
	r->kinds &= ~1u;
	check_times(b, node, r);
	if (!has_condition(r))
		schema_mistake(b, node, "kinds", "says nothing of what it is for, so it would hold for everything");
	return b->mistakes->n == before;
}

static bool check_covering(struct binding *b, unsigned node, void *to)
{
	struct rule *r = to;
	unsigned before = b->mistakes->n;

	check_rule(b, node, to);
	if (r->name[0] == '\0')
		schema_mistake(b, node, "name", "is empty");
	if ((r->kinds & NEVER_COVERED) != 0)
		schema_mistake(b, node, "kinds", "relay-tunnel cannot be approved or excepted: a tunnel in a service is none of its uses");
	return b->mistakes->n == before;
}

static bool check_approved(struct binding *b, unsigned node, void *to)
{
	struct rule *r = to;
	unsigned before = b->mistakes->n;

	check_covering(b, node, to);
	if ((r->kinds & ONLY_BY_NAME) != 0)
		schema_mistake(b, node, "kinds", "an approved service has no hole-punch: write an exception that names it");
	if (r->n_apps == 0 && !has_far_end(r))
		schema_mistake(b, node, "apps", "which service? It needs apps, peers or peer_names");
	return b->mistakes->n == before;
}

static bool check_exception(struct binding *b, unsigned node, void *to)
{
	struct rule *r = to;
	unsigned before = b->mistakes->n;

	check_covering(b, node, to);
	if (r->owner[0] == '\0' || r->reason[0] == '\0')
		schema_mistake(b, node, r->owner[0] == '\0' ? "owner" : "reason", "is empty");
	return b->mistakes->n == before;
}

/* --- the file --- */

#define P(field) FIELD(struct policy, field)
#define RULES(section, check) SCHEMA_LIST, P(rules[section]), .item = &rule_schemas[(section)], .item_size = sizeof (struct rule), \
	.most = RULES_MAX, .bind = (check), .fallback = ""

static const struct schema_row rows[] = {
	{"time_zone", SCHEMA_TEXT, P(time_zone), .fallback = "UTC", .about = "whose clocks days, hours and dates are of: Pacific/Auckland, UTC or +12:00"},
	{"expiry_warning", SCHEMA_UINT, P(warn_s), UNIT_S, 0, 366 * 86400, .fallback = "14d", .about = "what expires so soon is warned of"},
	{"networks", SCHEMA_LIST, P(networks), .item = &network_schema, .item_size = sizeof (struct network), .most = NETWORKS_MAX,
	    .bind = check_network, .fallback = "", .about = "parts of the inside, by name, with their classification"},
	{"controls", SCHEMA_LIST, P(controls), .item = &control_schema, .item_size = sizeof (struct control), .most = 1000,
	    .bind = check_control, .fallback = "", .about = "controls besides the built-in ones"},
	{"approved", RULES(APPROVED, check_approved), .about = "services that are allowed: theirs becomes informational"},
	{"exceptions", RULES(EXCEPTIONS, check_exception), .about = "what is allowed for somebody, somewhere, some time"},
	{"suppress", RULES(SUPPRESS, check_rule), .about = "alerts that nobody wants: counted, not reported"},
	{"threshold", RULES(THRESHOLD, check_rule), .about = "how often is enough, by rule"},
	{"limit.count", SCHEMA_UINT, P(limit.count), .least = 0, .most = 1000000, .fallback = "0",
	    .about = "alerts of one inside host and kind in each period; 0: any number"},
	{"limit.period", SCHEMA_UINT, P(limit.seconds), UNIT_S, 1, 31 * 86400, .fallback = "1h", .about = "the period"},
	{"limit.severity", SCHEMA_UINT, P(limit.severity), .least = 1, .most = 3, .fallback = "2",
	    .about = "of this severity and less urgent ones"},
};

const struct schema policy_schema = SCHEMA(rows);

static struct rule *rule_at(struct policy *p, enum section s, unsigned i)
{
	return (struct rule *)p->rules[s].items + i;
}

/* Names of networks become numbers. */
static void find_networks(struct policy *p, enum section s, unsigned at, struct mistakes *m)
{
	struct rule *r = rule_at(p, s, at);
	char key[64], what[256];

	for (unsigned i = 0; i < r->n_networks; i++) {
		struct nearest near = nearest_begin(r->network[i]);
		bool found = false;

		for (unsigned k = 0; k < p->networks.n && !found; k++) {
			found = strcmp(policy_network(p, k)->name, r->network[i]) == 0;
			r->network_at[i] = (uint8_t)k;
			nearest_try(&near, policy_network(p, k)->name);
		}
		if (found)
			continue;
		snprintf(key, sizeof key, "%s[%u].networks", section_names[s], at);
		snprintf(what, sizeof what, near.found ? "there is no network '%s'; did you mean %s?" : "there is no network '%s'", r->network[i],
		    near.found);
		mistake(m, p->path, r->line, key, "%s", what);
	}
}

static void check_names(const struct policy *p, enum section s, unsigned at, struct mistakes *m)
{
	const struct rule *r = policy_rule(p, s, at);
	char key[64];

	for (enum section o = APPROVED; o <= s; o++)
		for (unsigned i = 0; i < (o == s ? at : p->rules[o].n); i++) {
			if (r->name[0] == '\0' || strcmp(policy_rule(p, o, i)->name, r->name) != 0)
				continue;
			snprintf(key, sizeof key, "%s[%u].name", section_names[s], at);
			mistake(m, p->path, r->line, key, "'%s' is a name already, in line %u", r->name, policy_rule(p, o, i)->line);
			return;
		}
}

static bool same_prefix(const struct network *a, const struct network *b)
{
	for (size_t i = 0; i < a->nets.n; i++)
		for (size_t k = 0; k < b->nets.n; k++)
			if (a->nets.p[i].bits == b->nets.p[k].bits && addr_equal(&a->nets.p[i].addr, &b->nets.p[k].addr))
				return true;
	return false;
}

static void check_networks(const struct policy *p, struct mistakes *m)
{
	char key[64];

	for (unsigned i = 0; i < p->networks.n; i++)
		for (unsigned k = 0; k < i; k++) {
			const struct network *n = policy_network(p, i), *o = policy_network(p, k);

			snprintf(key, sizeof key, "networks[%u]", i);
			if (strcmp(n->name, o->name) == 0)
				mistake(m, p->path, n->line, key, "'%s' is a name already, in line %u", n->name, o->line);
			else if (same_prefix(n, o))
				mistake(m, p->path, n->line, key, "has a network that %s has in line %u", o->name, o->line);
		}
}

static void check_controls(const struct policy *p, struct mistakes *m)
{
	const struct control *c = p->controls.items;

	for (unsigned i = 0; i < p->controls.n; i++)
		for (unsigned k = 0; k < i; k++)
			if (c[i].cid == c[k].cid)
				mistake(m, p->path, 0, "controls", "CID %u stands there twice", c[i].cid);
}

static void set_expiry(struct policy *p, struct rule *r)
{
	int32_t day;

	if (date_parse(r->expires, &day))
		r->expires_s = calendar_day_begins(&p->calendar, day + 1);
}

/* What takes more than one item to be seen. */
static void finish(struct policy *p, unsigned zone_line, struct mistakes *m)
{
	char why[CALENDAR_WHY];
	const char *wrong = calendar_load(&p->calendar, p->time_zone, why);

	if (wrong)
		mistake(m, p->path, zone_line, "time_zone", "%s", wrong);
	check_networks(p, m);
	check_controls(p, m);
	for (enum section s = APPROVED; s < SECTIONS; s++)
		for (unsigned i = 0; i < p->rules[s].n; i++) {
			find_networks(p, s, i, m);
			check_names(p, s, i, m);
			set_expiry(p, rule_at(p, s, i));
		}
}

static struct policy *build(const char *path, struct document *d, struct mistakes *m)
{
	struct policy *p = calloc(1, sizeof *p);
	unsigned lines[sizeof rows / sizeof *rows], before = m->n;
	struct binding b = {.schema = &policy_schema, .to = p, .document = d, .lines = lines, .mistakes = m};

	if (p == NULL) {
		mistake(m, path, 0, NULL, "out of memory");
		return NULL;
	}
	p->path = path;
	schema_defaults(&policy_schema, p);
	if (schema_bind(&b, document_root(d)))
		finish(p, lines[0], m);
	if (m->n == before)
		return p;
	policy_free(p);
	return NULL;
}

struct policy *policy_load(const char *path, struct mistakes *m)
{
	struct document *d = document_read(path, m);
	struct policy *p = d ? build(path, d, m) : NULL;

	document_free(d);
	return p;
}

struct policy *policy_parse(const char *name, const char *text, size_t len_bytes, struct mistakes *m)
{
	struct document *d = document_parse(name, text, len_bytes, m);
	struct policy *p = d ? build(name, d, m) : NULL;

	document_free(d);
	return p;
}

void policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	schema_free(&policy_schema, p);
	free(p);
}

void policy_print(const struct policy *p, FILE *to)
{
	schema_print(&policy_schema, p, to);
}

unsigned policy_warn(const struct policy *p, int64_t now_s, void (*say)(void *ctx, const char *line), void *ctx)
{
	char line[512];
	unsigned n = 0;

	for (enum section s = APPROVED; s < SECTIONS; s++)
		for (unsigned i = 0; i < p->rules[s].n; i++) {
			const struct rule *r = policy_rule(p, s, i);
			int n_text = snprintf(line, sizeof line, "%s:%u: %s[%u] '%s'", p->path, r->line, section_names[s], i, r->name);
			size_t at = n_text < 0 ? 0 : (size_t)n_text < sizeof line ? (size_t)n_text : sizeof line - 1;

			if (r->expires_s == 0 || r->expires_s > now_s + p->warn_s)
				continue;
			if (r->expires_s <= now_s)
				snprintf(line + at, sizeof line - at, " expired on %s: it holds no longer%s%s", r->expires,
				    r->owner[0] != '\0' ? "; ask " : "", r->owner);
			else
				snprintf(line + at, sizeof line - at, " expires on %s%s%s", r->expires, r->owner[0] != '\0' ? "; ask " : "", r->owner);
			say(ctx, line);
			n++;
		}
	return n;
}
