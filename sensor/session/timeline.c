/* timeline.c -- see timeline.h. */
#include "timeline.h"

#include "finding.h"
#include "report.h"
#include "role.h"
#include "session_view.h"
#include "verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINES_MOST = 2000, LINES_FIRST = 32, SEEN = 4096 };

/* A line that comes again is counted, not kept. `seen` finds it: open addressing, never more than half full. */
struct timeline {
	struct view_line *line;
	uint64_t *what;			/* hash of each line */
	unsigned n, room;
	uint64_t lost;
	uint16_t seen[SEEN];		/* number of a line, from 1 */
};

_Static_assert(LINES_MOST * 2 <= SEEN && LINES_MOST < UINT16_MAX, "the table must stay half empty");

struct timeline *timeline_new(void)
{
	return calloc(1, sizeof(struct timeline));
}

void timeline_free(struct timeline *t)
{
	if (t == NULL)
		return;
	free(t->line);
	free(t->what);
	free(t);
}

static struct timeline *timeline_of(const struct leg *l)
{
	return l->socket->session != NULL ? l->socket->session->timeline : NULL;
}

/* Where this line is, or its place if it is new. */
static uint16_t *slot_of(struct timeline *t, uint64_t what)
{
	unsigned i = (unsigned)(what % SEEN);

	while (t->seen[i] != 0 && t->what[t->seen[i] - 1] != what)
		i = (i + 1) % SEEN;
	return &t->seen[i];
}

static bool grow(struct timeline *t)
{
	unsigned room = t->room > 0 ? t->room * 2 : LINES_FIRST;
	struct view_line *line;
	uint64_t *what;

	if (t->n < t->room)
		return true;
	if (t->n >= LINES_MOST)
		return false;
	if (room > LINES_MOST)
		room = LINES_MOST;
	line = realloc(t->line, room * sizeof *line);
	if (line != NULL)
		t->line = line;
	what = realloc(t->what, room * sizeof *what);
	if (what != NULL)
		t->what = what;
	if (line == NULL || what == NULL)
		return false;
	t->room = room;
	return true;
}

static void add(struct timeline *t, uint64_t what, const struct view_line *line)
{
	uint16_t *slot = slot_of(t, what);

	if (*slot != 0) {
		t->line[*slot - 1].times += line->times;
		return;
	}
	if (!grow(t)) {
		t->lost += line->times;
		return;
	}
	t->line[t->n] = *line;
	t->what[t->n] = what;
	*slot = (uint16_t)++t->n;
}

void timeline_merge(struct timeline *t, struct timeline *young)
{
	if (t == NULL || young == NULL)
		return;
	for (unsigned i = 0; i < young->n; i++)
		add(t, young->what[i], &young->line[i]);
	t->lost += young->lost;
}

static struct view_line line_of(const struct leg *l)
{
	return (struct view_line){.local = l->key.local, .remote = l->key.remote, .times = 1};
}

static uint64_t hash_line(const struct view_line *line, unsigned id, const void *value, size_t n)
{
	uint64_t h = hash_fixed(HASH_START, &line->local, sizeof line->local);

	h = hash_fixed(h, &line->remote, sizeof line->remote);
	h = hash_fixed(h, &line->from_local, sizeof line->from_local);
	h = hash_fixed(h, &line->nested, sizeof line->nested);
	h = hash_fixed(h, &id, sizeof id);
	return hash_fixed(h, value, n);
}

/* Numbers that are another one each time say nothing by their value. */
static bool value_matters(unsigned fact)
{
	switch (fact) {
	case FACT_TX_RTT_US: case FACT_DATA_OUT_PACKETS: case FACT_DATA_OUT_BYTES: case FACT_DATA_IN_PACKETS:
	case FACT_DATA_IN_BYTES: case FACT_FLOW_PACKETS_OUT: case FACT_FLOW_PACKETS_IN: case FACT_FLOW_BYTES_OUT:
	case FACT_FLOW_BYTES_IN: case FACT_FLOW_LAST_NS:
		return false;
	default:
		return true;
	}
}

/* Of no use to a reader: totals, and one message's text. */
static bool is_noise(const struct fact *f)
{
	return (f->id >= FACT_FLOW_PACKETS_OUT && f->id <= FACT_FLOW_LAST_NS) || f->id == FACT_FLOW_INTERFACE ||
	    (f->id >= FACT_DETAIL && f->id <= FACT_DETAIL_TRANSACTION);
}

/* How a message looks, for who asks for every one of them: the dissectors' own facts, and figures that only add up. */
static bool is_detail(unsigned fact)
{
	return fact >= FACT_OWN || fact == FACT_TX_MATCHED || !value_matters(fact);
}

void timeline_message(const struct leg *l, const struct reading *r)
{
	struct timeline *t = timeline_of(l);
	struct fact f;
	size_t at = 0;

	struct view_line line = line_of(l);
	unsigned last = FACTS_MAX;
	size_t n = 0;

	if (t == NULL)
		return;
	line.ts_ns = r->m->ts_ns;
	line.packet = r->m->packet;
	line.from_local = r->m->from_local;
	line.nested = r->m->nested;
	while (message_next(r->m, &at, &f)) {
		if (is_noise(&f))
			continue;
		/* The values of one fact that comes several times stand in one line. */
		if (f.id == last && f.type == FACT_UINT && n + 24 < sizeof line.text) {
			n += (size_t)snprintf(line.text + n, sizeof line.text - n, ", %" PRIu64, f.uint);
			continue;
		}
		if (n > 0)
			add(t, hash_line(&line, last, line.text, value_matters(last) ? n : 0), &line);
		n = fact_print(&f, line.text, sizeof line.text);
		last = f.id;
		line.detail = is_detail(last);
	}
	if (n > 0)
		add(t, hash_line(&line, last, line.text, value_matters(last) ? n : 0), &line);
}

void timeline_proof(const struct leg *l, enum proof_id id, uint64_t packet, uint64_t ts_ns, const struct endpoint *value)
{
	struct timeline *t = timeline_of(l);
	struct view_line line;
	char text[PROOF_PRINT];

	if (t == NULL)
		return;
	line = line_of(l);
	if (value != NULL)
		endpoint_text(value, text);
	else
		proof_print(&l->socket->proofs[id], text);
	line.ts_ns = ts_ns;
	line.packet = packet;
	line.proves = true;
	snprintf(line.text, sizeof line.text, "%s%s%s", proof_defs[id].name, text[0] != '\0' ? " == " : "", text);
	add(t, hash_line(&line, FACTS_MAX + id, line.text, strlen(line.text)), &line);
}

void timeline_finding(const struct leg *l, const struct finding *f)
{
	struct timeline *t = timeline_of(l);
	struct view_line line;

	if (t == NULL)
		return;
	line = line_of(l);
	line.ts_ns = f->ts_ns;
	line.packet = f->packet;
	line.proves = true;
	snprintf(line.text, sizeof line.text, "%s%s%s", fact_def(f->fact)->name, f->value[0] != '\0' ? " == " : "", f->value);
	add(t, hash_line(&line, f->key.sid, &f->key.line, sizeof f->key.line), &line);
}

/* The lines that the verdict counts say what they weigh. */
static void weigh(struct timeline *t, const struct event_alert *a)
{
	for (unsigned i = 0; i < t->n; i++) {
		struct view_line *l = &t->line[i];

		for (unsigned k = 0; l->proves && k < a->n_evidence; k++) {
			size_t n = strlen(a->evidence[k].name);

			if (a->evidence[k].packet == l->packet && strncmp(l->text, a->evidence[k].name, n) == 0 &&
			    (l->text[n] == ' ' || l->text[n] == '\0'))
				l->weight = a->evidence[k].weight;
		}
	}
}

/* STUN's word for the far end, else the signatures'. */
static const char *role_text(const struct leg *l)
{
	static const char *const far[] = {
		[FAR_UNSAID] = "", [FAR_SERVER] = "server", [FAR_RELAY] = "relay", [FAR_PEER] = "peer",
	};
	static const char *const names[] = {
		[ROLE_NONE] = "", [ROLE_SERVER] = "server", [ROLE_CANDIDATE] = "candidate", [ROLE_SERVICE] = "service",
		[ROLE_RELAY] = "relay", [ROLE_FAR_RELAY] = "far relay", [ROLE_PEER] = "peer",
	};

	return l->role != ROLE_NONE ? names[l->role] : far[l->far_end];
}

static void show_leg(struct view_leg *v, const struct leg *l)
{
	*v = (struct view_leg){
		.local = l->key.local, .remote = l->key.remote, .ip_proto = l->key.ip_proto,
		.role = role_text(l),
		.checks_out = l->talk[OUT].sends, .checks_in = l->talk[IN].sends,
		.answers_out = l->talk[OUT].answers + l->talk[OUT].orphans, .answers_in = l->talk[IN].answers + l->talk[IN].orphans,
		.data_out = l->talk[OUT].data_packets + l->talk[OUT].wrapped_packets,
		.data_in = l->talk[IN].data_packets + l->talk[IN].wrapped_packets,
	};
}

static bool goes_before(const struct view_line *a, const struct view_line *b)
{
	if (a->packet != b->packet)
		return a->packet < b->packet;
	return !a->proves && b->proves;		/* the facts, then what they prove */
}

/* In packet order, else as it was said. Nearly sorted already: only merging, and checks proved later, change the order. */
static void sort(struct timeline *t)
{
	for (unsigned i = 1; i < t->n; i++) {
		struct view_line line = t->line[i];
		unsigned at = i;

		for (; at > 0 && goes_before(&line, &t->line[at - 1]); at--)
			t->line[at] = t->line[at - 1];
		t->line[at] = line;
	}
}

void timeline_show(struct correlator *c, const struct session *s, const struct socket *k, enum kind kind)
{
	struct view_leg legs[VIEW_LEGS];
	struct view_signature signatures[VIEW_SIGNATURES];
	struct view_sign signs[VIEW_SIGNS];
	struct session_view v = {.verdict = &c->event, .legs = legs, .signatures = signatures, .told_in = s->alerted == 0 ? report_id(s) : 0};

	verdict_session(c, s, k, kind);
	v.n_signatures = finding_view(c, s, signatures, signs);
	for (const struct socket *o = s->sockets; o != NULL; o = o->next)
		for (const struct leg *l = o->legs; l != NULL; l = l->next) {
			if (v.n_legs < VIEW_LEGS)
				show_leg(&legs[v.n_legs++], l);
			v.legs_total++;
		}
	if (s->timeline != NULL && s->timeline->n > 0) {
		sort(s->timeline);
		weigh(s->timeline, &c->event.alert);
		v.lines = s->timeline->line;
		v.n_lines = s->timeline->n;
		v.lines_lost = s->timeline->lost;
	}
	c->on_end(c->on_end_ctx, &v);
}
