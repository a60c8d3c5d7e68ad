/* judge.c -- see judge.h. */
#include "judge.h"

#include "match.h"
#include "tally.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SHOWN = 10, GENERAL = UINT32_MAX };	/* GENERAL: the rule number of the general limit's rows */

struct judge {
	const struct policy *policy;
	struct counts *counts;
	struct tally *tally;		/* NULL: nothing is limited */
	uint64_t *hits[SECTIONS];	/* by rule */
	uint64_t *reported;		/* by network */
	uint8_t *worst;			/* severity of these */
	uint64_t limited;		/* by the general limit */
	uint64_t held, said;		/* by limits; and of these, in later alerts */
	/* The alert judged last, until it is told. */
	struct event *event;
	struct ruling ruling;
	struct tally_row *row, next;	/* the row, and what it becomes */
	void (*on_ruling)(void *ctx, const struct event *, const struct ruling *);
	void *ctx;
};

struct judge *judge_new(const struct policy *p, size_t rows, struct counts *counts)
{
	struct judge *j = calloc(1, sizeof *j);
	struct hash_key key;
	bool ok;

	if (j == NULL)
		return NULL;
	j->policy = p;
	j->counts = counts;
	hash_key_draw(&key);
	if (p->limit.count > 0 || p->rules[THRESHOLD].n > 0)
		j->tally = tally_new(rows, &key);
	j->reported = calloc(p->networks.n + 1, sizeof *j->reported);
	j->worst = calloc(p->networks.n + 1, sizeof *j->worst);
	ok = j->reported != NULL && j->worst != NULL && (j->tally != NULL || (p->limit.count == 0 && p->rules[THRESHOLD].n == 0));
	for (unsigned s = 0; s < SECTIONS; s++) {
		j->hits[s] = calloc(p->rules[s].n + 1, sizeof *j->hits[s]);
		ok = ok && j->hits[s] != NULL;
	}
	if (ok)
		return j;
	judge_free(j);
	return NULL;
}

void judge_free(struct judge *j)
{
	if (j == NULL)
		return;
	for (unsigned s = 0; s < SECTIONS; s++)
		free(j->hits[s]);
	free(j->reported);
	free(j->worst);
	tally_free(j->tally);
	free(j);
}

/* --- another policy takes over --- */

static bool same_rule(const struct rule *a, const struct rule *b)
{
	return strcmp(a->name, b->name) == 0 && a->type == b->type && a->track == b->track && a->count == b->count && a->seconds == b->seconds &&
	    (a->name[0] != '\0' || a->line == b->line);
}

/* The number that a rule of the old policy has in the new one, or -1. */
static int counterpart(const struct policy *p, enum section s, const struct rule *old)
{
	for (unsigned i = 0; i < p->rules[s].n; i++)
		if (same_rule(policy_rule(p, s, i), old))
			return (int)i;
	return -1;
}

static void inherit_tally(struct judge *j, const struct judge *old)
{
	const struct tally_row *row;
	size_t at = 0;

	while (j->tally != NULL && old->tally != NULL && (row = tally_next(old->tally, &at)) != NULL) {
		struct tally_key key = row->key;
		struct tally_row *mine;

		if (key.rule != GENERAL) {
			int rule = counterpart(j->policy, THRESHOLD, policy_rule(old->policy, THRESHOLD, key.rule));

			if (rule < 0)
				continue;
			key.rule = (uint32_t)rule;
		}
		mine = tally_find(j->tally, &key, row->last_ns - 1);
		*mine = *row;
		mine->key = key;
	}
}

void judge_inherit(struct judge *j, const struct judge *old)
{
	inherit_tally(j, old);
	for (enum section s = APPROVED; s < SECTIONS; s++)
		for (unsigned i = 0; i < old->policy->rules[s].n; i++) {
			int rule = old->hits[s][i] > 0 ? counterpart(j->policy, s, policy_rule(old->policy, s, i)) : -1;

			if (rule >= 0)
				j->hits[s][rule] += old->hits[s][i];
		}
	for (unsigned i = 0; i < old->policy->networks.n; i++)
		for (unsigned k = 0; old->reported[i] > 0 && k < j->policy->networks.n; k++)
			if (strcmp(policy_network(old->policy, i)->name, policy_network(j->policy, k)->name) == 0) {
				j->reported[k] += old->reported[i];
				j->worst[k] = old->worst[i];
			}
	j->limited = old->limited;
	j->held = old->held;
	j->said = old->said;
	j->on_ruling = old->on_ruling;
	j->ctx = old->ctx;
}

void judge_on_ruling(struct judge *j, void (*on_ruling)(void *ctx, const struct event *, const struct ruling *), void *ctx)
{
	j->on_ruling = on_ruling;
	j->ctx = ctx;
}

/* --- grading --- */

static void add_control(struct event_policy *p, uint32_t cid, uint8_t compliance)
{
	for (unsigned i = 0; i < p->n_controls; i++)
		if (p->controls[i].cid == cid)
			return;
	if (p->n_controls < EVENT_CONTROLS)
		p->controls[p->n_controls++] = (struct event_control){cid, compliance};
}

/* The site's rows come before the built-in ones and hide those with the same number. */
static const struct control *control_at(const struct policy *p, unsigned i)
{
	return i < p->controls.n ? (const struct control *)p->controls.items + i : &nzism_controls[i - p->controls.n];
}

static bool is_hidden(const struct policy *p, unsigned i)
{
	const struct control *own = p->controls.items;

	for (unsigned k = 0; i >= p->controls.n && k < p->controls.n; k++)
		if (own[k].cid == control_at(p, i)->cid)
			return true;
	return false;
}

/* A number that a network lists: what is known of it, if it is about this alert; NULL if nothing is known. */
static const struct control *control_find(const struct policy *p, uint32_t cid)
{
	for (unsigned i = 0; i < p->controls.n + n_nzism_controls; i++)
		if (control_at(p, i)->cid == cid)
			return control_at(p, i);
	return NULL;
}

static void grade_controls(const struct policy *p, const struct network *net, struct event_alert *a)
{
	for (unsigned i = 0; i < net->n_controls; i++) {
		const struct control *c = control_find(p, net->controls[i]);

		if (c == NULL)
			add_control(&a->policy, net->controls[i], COMPLIANCE_NONE);
		else if ((c->kinds >> a->kind & 1) != 0)
			add_control(&a->policy, c->cid, c->compliance);
	}
	for (unsigned i = 0; net->n_controls == 0 && i < p->controls.n + n_nzism_controls; i++) {
		const struct control *c = control_at(p, i);

		if (!is_hidden(p, i) && control_applies(c, (enum classification)net->classification, a->kind, a->app))
			add_control(&a->policy, c->cid, c->compliance);
	}
}

static void grade_network(const struct policy *p, const struct network *net, struct event_alert *a)
{
	memcpy(a->policy.zone, net->name, sizeof a->policy.zone);
	a->policy.classification = net->classification;
	grade_controls(p, net, a);
	if (a->experimental)
		return;		/* what rests on papers only stays where it is */
	a->severity = net->severity[a->kind] != 0 ? net->severity[a->kind] :
	    classification_severity((enum classification)net->classification, a->kind, a->severity);
}

/* A tunnel in a relay is none of the service's uses; a direct path must be named. */
static bool may_cover(const struct rule *r, enum section s, enum kind kind)
{
	if (kind == KIND_RELAY_TUNNEL)
		return false;
	return kind != KIND_HOLE_PUNCH || (s == EXCEPTIONS && (r->kinds >> KIND_HOLE_PUNCH & 1) != 0);
}

/* The first that fits and holds; else the first that fits and has expired. */
static const struct rule *find_cover(const struct asked *q, struct ruling *how)
{
	const struct rule *late = NULL;

	for (enum section s = APPROVED; s <= EXCEPTIONS; s++)
		for (unsigned i = 0; i < q->policy->rules[s].n; i++) {
			const struct rule *r = policy_rule(q->policy, s, i);

			if (!may_cover(r, s, q->event->alert.kind) || !match_rule(q, r))
				continue;
			if (match_holds(q, r)) {
				how->covered_in = (int)s;
				how->covered_by = (int)i;
				how->expired_by = -1;
				return r;
			}
			if (late != NULL)
				continue;
			late = r;
			how->expired_in = (int)s;
			how->expired_by = (int)i;
		}
	return late;
}

static void name_cover(struct event_policy *p, const struct rule *r, bool expired)
{
	memcpy(p->exception, r->name, sizeof p->exception);
	memcpy(p->owner, r->owner, sizeof p->owner);
	memcpy(p->ticket, r->ticket, sizeof p->ticket);
	if (r->expires_s != 0)
		memcpy(p->expires, r->expires, sizeof p->expires);
	p->expired = expired;
}

static void grade(const struct judge *j, const struct asked *q, struct event *e, struct ruling *how)
{
	struct event_alert *a = &e->alert;
	const struct rule *cover;

	memset(&a->policy, 0, sizeof a->policy);
	*how = (struct ruling){.covered_in = -1, .covered_by = -1, .expired_in = -1, .expired_by = -1, .held_in = -1, .held_by = -1,
	    .severity_given = a->severity, .informational_given = a->informational};
	if (q->network >= 0)
		grade_network(j->policy, policy_network(j->policy, (unsigned)q->network), a);
	if (j->policy->rules[APPROVED].n > 0 && ((a->app[0] != '\0' && !a->app_family) || a->n_other_apps > 0) && !a->experimental && a->severity > 2)
		a->severity = 2;
	if (a->severity < how->severity_given)
		a->informational = false;	/* worth more than knowing */
	how->severity_before = a->severity;
	cover = find_cover(q, how);
	if (cover == NULL)
		return;
	name_cover(&a->policy, cover, how->covered_by < 0);
	if (how->covered_by >= 0) {
		a->severity = 3;
		a->informational = true;
	}
}

void judge_grade(const struct judge *j, struct event *e)
{
	struct asked q = match_begin(j->policy, e);
	struct ruling how;

	grade(j, &q, e, &how);
}

/* --- what is held back --- */

static bool suppressed(const struct judge *j, const struct asked *q, struct ruling *how)
{
	for (unsigned i = 0; i < j->policy->rules[SUPPRESS].n; i++) {
		const struct rule *r = policy_rule(j->policy, SUPPRESS, i);

		if (!match_rule(q, r) || !match_holds(q, r))
			continue;
		how->held_in = SUPPRESS;
		how->held_by = (int)i;
		return true;
	}
	return false;
}

/* Does one more within the period go through? `row` becomes what it is afterwards. */
static bool goes_through(struct tally_row *row, enum threshold_type type, uint32_t count, uint32_t seconds, uint64_t now_ns)
{
	bool through = false;

	if (row->seen == 0 || now_ns - row->since_ns >= seconds * 1000000000ULL) {
		row->since_ns = now_ns;
		row->seen = 0;
	}
	if (row->seen < UINT32_MAX)
		row->seen++;
	switch (type) {
	case THRESHOLD_LIMIT:
		through = row->seen <= count;
		break;
	case THRESHOLD_THRESHOLD:
		through = row->seen >= count;
		row->seen = through ? 0 : row->seen;
		break;
	case THRESHOLD_BOTH:
		through = row->seen == count;
		break;
	}
	if (!through && row->held < UINT32_MAX)
		row->held++;
	return through;
}

static struct tally_key key_of(const struct event *e, uint32_t rule, enum threshold_track track)
{
	struct tally_key key = {.rule = rule};

	if (track == TRACK_SRC || track == TRACK_BOTH)
		key.host = e->alert.local.addr;
	if (track == TRACK_DST || track == TRACK_BOTH)
		key.far_end = *match_far_end(e);
	return key;
}

/* The first threshold that fits decides; without one, the general limit. */
static bool limited(struct judge *j, const struct asked *q, struct event *e, struct ruling *how, uint64_t now_ns)
{
	const struct policy *p = j->policy;
	struct tally_key key;
	bool through;

	j->row = NULL;
	for (unsigned i = 0; i < p->rules[THRESHOLD].n; i++) {
		const struct rule *r = policy_rule(p, THRESHOLD, i);

		if (!match_rule(q, r))
			continue;
		key = key_of(e, i, (enum threshold_track)r->track);
		j->row = tally_find(j->tally, &key, now_ns);
		j->next = *j->row;
		through = goes_through(&j->next, (enum threshold_type)r->type, r->count, r->seconds, now_ns);
		how->held_in = through ? -1 : THRESHOLD;
		how->held_by = through ? -1 : (int)i;
		return !through;
	}
	if (p->limit.count == 0 || e->alert.severity < p->limit.severity)
		return false;
	key = key_of(e, GENERAL, TRACK_SRC);
	key.kind = e->alert.kind;
	j->row = tally_find(j->tally, &key, now_ns);
	j->next = *j->row;
	return !goes_through(&j->next, THRESHOLD_LIMIT, p->limit.count, p->limit.seconds, now_ns);
}

/* --- the whole --- */

static void note_network(struct judge *j, const struct event_alert *a)
{
	int network = match_network(j->policy, &a->local.addr);

	if (network < 0)
		return;
	j->reported[network]++;
	if (j->worst[network] == 0 || a->severity < j->worst[network])
		j->worst[network] = a->severity;
}

static void note(struct judge *j, const struct event *e)
{
	const struct ruling *r = &j->ruling;

	if (r->covered_by >= 0) {
		j->hits[r->covered_in][r->covered_by]++;
		count(j->counts, COUNT_POLICY_EXCEPTED);
	}
	switch (r->judgement) {
	case JUDGE_REPORT:
		j->said += e->alert.policy.limited;
		note_network(j, &e->alert);
		break;
	case JUDGE_UNWANTED:
		if (r->covered_by >= 0)
			count(j->counts, COUNT_POLICY_UNREPORTED);
		break;
	case JUDGE_SUPPRESSED:
		count(j->counts, COUNT_POLICY_SUPPRESSED);
		break;
	case JUDGE_LIMITED:
		count(j->counts, COUNT_POLICY_LIMITED);
		j->held++;
		j->limited += r->held_by < 0;
		break;
	}
	if (r->held_by >= 0)
		j->hits[r->held_in][r->held_by]++;
	if (j->on_ruling != NULL)
		j->on_ruling(j->ctx, e, r);
}

static enum judgement decide(struct judge *j, const struct asked *q, struct event *e, uint8_t severity, bool informational,
    uint64_t now_ns)
{
	const struct event_alert *a = &e->alert;

	j->row = NULL;
	if (a->severity > severity || (a->informational && !informational))
		return JUDGE_UNWANTED;
	if (suppressed(j, q, &j->ruling))
		return JUDGE_SUPPRESSED;
	return limited(j, q, e, &j->ruling, now_ns) ? JUDGE_LIMITED : JUDGE_REPORT;
}

enum judgement judge_alert(struct judge *j, struct event *e, uint8_t severity, bool informational, uint64_t now_ns)
{
	struct asked q = match_begin(j->policy, e);

	grade(j, &q, e, &j->ruling);
	j->ruling.judgement = decide(j, &q, e, severity, informational, now_ns);
	if (j->ruling.judgement == JUDGE_REPORT) {
		e->alert.policy.limited = j->row != NULL ? j->next.held : 0;
		j->next.held = 0;
		j->event = e;
		return JUDGE_REPORT;
	}
	if (j->row != NULL)
		*j->row = j->next;
	note(j, e);
	return j->ruling.judgement;
}

void judge_told(struct judge *j)
{
	if (j->event == NULL)
		return;
	if (j->row != NULL)
		*j->row = j->next;
	note(j, j->event);
	j->event = NULL;
}

uint64_t judge_untold(const struct judge *j)
{
	return j->held - j->said;
}

/* --- for people --- */

static const char *effect(enum section s)
{
	switch (s) {
	case APPROVED:
	case EXCEPTIONS:
		return "made informational";
	case SUPPRESS:
		return "suppressed";
	default:
		return "held back";
	}
}

static void rule_name(const struct judge *j, enum section s, unsigned i, char to[static EVENT_RULE])
{
	const struct rule *r = policy_rule(j->policy, s, i);

	if (r->name[0] != '\0')
		memcpy(to, r->name, EVENT_RULE);
	else
		snprintf(to, EVENT_RULE, "%s[%u], line %u", section_names[s], i, r->line);
}

static int by_held(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;

	if (a->held != b->held)
		return a->held > b->held ? -1 : 1;
	return memcmp(&a->key, &b->key, sizeof a->key);
}

/* Whose alerts were held back and never mentioned, the most first. */
static void print_held(const struct judge *j, FILE *to)
{
	struct tally_row *rows = NULL, *more;
	const struct tally_row *row;
	uint64_t rest = judge_untold(j);
	size_t n = 0, room = 0, at = 0;

	while (j->tally != NULL && (row = tally_next(j->tally, &at)) != NULL) {
		if (row->held == 0)
			continue;
		if (n == room) {
			more = realloc(rows, (room = room * 2 + 64) * sizeof *rows);
			if (more == NULL)
				break;
			rows = more;
		}
		rows[n++] = *row;
	}
	if (rest > 0)
		fprintf(to, "\nHeld back by limits, of       alerts\n");
	if (n > 0)
		qsort(rows, n, sizeof *rows, by_held);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		const struct tally_row *r = &rows[i];
		char addr[ADDR_TEXT], name[EVENT_RULE];

		if (r->key.rule == GENERAL)
			snprintf(name, sizeof name, "%s", kinds[r->key.kind].name);
		else
			rule_name(j, THRESHOLD, r->key.rule, name);
		rest -= r->held;
		fprintf(to, "  %-25s %7" PRIu32 "  %s\n", addr_is_unspecified(&r->key.host) && r->key.rule != GENERAL ? "-" :
		    addr_text(&r->key.host, addr), r->held, name);
	}
	if (rest > 0)
		fprintf(to, "  others                    %7" PRIu64 "\n", rest);
	free(rows);
}

static void print_networks(const struct judge *j, FILE *to)
{
	bool any = false;

	for (unsigned i = 0; i < j->policy->networks.n; i++) {
		const struct network *n = policy_network(j->policy, i);

		if (j->reported[i] == 0)
			continue;
		if (!any)
			fprintf(to, "\nNetworks                     alerts  severity\n");
		any = true;
		fprintf(to, "  %-25.25s %7" PRIu64 "  %-8u  %s\n", n->name, j->reported[i], j->worst[i],
		    n->classification != CLASS_NONE ? classification_names[n->classification] : "");
	}
}

void judge_print(const struct judge *j, FILE *to)
{
	bool any = false;

	print_networks(j, to);
	for (enum section s = APPROVED; s < SECTIONS; s++)
		for (unsigned i = 0; i < j->policy->rules[s].n; i++) {
			char name[EVENT_RULE];

			if (j->hits[s][i] == 0)
				continue;
			if (!any)
				fprintf(to, "\nPolicy                       alerts\n");
			any = true;
			rule_name(j, s, i, name);
			fprintf(to, "  %-25.25s %7" PRIu64 "  %s (%s)\n", name, j->hits[s][i], effect(s), section_names[s]);
		}
	print_held(j, to);
}
