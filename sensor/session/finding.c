/* finding.c -- see finding.h. */
#include "finding.h"

#include "report.h"
#include "role.h"
#include "session.h"
#include "timeline.h"

#include <inttypes.h>
#include <stdio.h>

/* Who operates a server, and with what, is said by whoever wants to be taken for somebody: it counts from our own end, in an
 * answer to what our end asked, or where nothing of any flow is heard both ways. */
static bool words_count(const struct correlator *c, const struct reading *r)
{
	return r->m->from_local || says(r, FACT_TX_MATCHED) ||
	    (r->concluded ? role_believes(c) : role_believes_words(c));
}

unsigned finding_matches(const struct correlator *c, const struct reading *r, struct match to[static SIGNATURE_MATCHES])
{
	unsigned n, kept = 0;

	if (!r->m->two_way && !words_count(c, r))
		return 0;
	n = signatures_match(c->signatures, r->m, to, SIGNATURE_MATCHES);
	for (unsigned i = 0; i < n; i++)
		if ((to[i].fact != FACT_REALM && to[i].fact != FACT_SOFTWARE) || words_count(c, r))
			to[kept++] = to[i];
	return kept;
}

/* Anybody can say anything to a server of ours, and be answered that it was not understood; or answer so what was asked
 * in innocence. So a signature needs one line at least that our end's own words showed, or that an exchange did. */
static bool is_ours(const struct correlator *c, const struct reading *r, unsigned fact)
{
	const struct message *m = r->m;

	return m->from_local || r->concluded || m->nested || says(r, FACT_TX_MATCHED) ||
	    (m->local_first && fact != FACT_PAYLOAD) || role_believes_words(c);
}

/* --- the value that a line was about, for people --- */

static bool is_text(struct cursor c)
{
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		if (b < 0x20 || b >= 0x7f)
			return false;
	}
	return true;
}

static void print_bytes(char *to, size_t room, struct cursor c)
{
	size_t n;

	if (is_text(c)) {
		printable(to, room, c);
		return;
	}
	n = (size_t)snprintf(to, room, "0x");
	while (c.left > 0 && n + 3 < room)
		n += (size_t)snprintf(to + n, room - n, "%02x", cur_u8(&c));
}

static void print_value(char *to, size_t room, const struct message *m, unsigned fact)
{
	char e[ENDPOINT_TEXT];
	struct fact f;

	to[0] = '\0';
	if (!message_find(m, fact, &f))
		return;
	switch (f.type) {
	case FACT_UINT:
		snprintf(to, room, "%" PRIu64, f.uint);
		break;
	case FACT_ENDPOINT:
		snprintf(to, room, "%s", endpoint_text(&f.endpoint, e));
		break;
	case FACT_BYTES:
		print_bytes(to, room, f.bytes);
		break;
	default:
		break;
	}
}

/* --- keeping --- */

static void finding_drop(struct correlator *c, struct session *s, struct finding *f)
{
	struct finding **at = &s->findings;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	s->n_findings--;
	store_drop(&c->findings, f);
}

static struct session *session_of_key(const struct correlator *c, const struct finding *f)
{
	return store_find(&c->sessions, &f->key.session);
}

/* In the list's order of packets: the order in which lines came to hold. */
static void enter(struct session *s, struct finding *f)
{
	struct finding **at = &s->findings;

	while (*at != NULL && (*at)->packet <= f->packet)
		at = &(*at)->next;
	f->next = *at;
	*at = f;
	s->n_findings++;
}

static unsigned sum_of(const struct session *s, uint32_t sid)
{
	unsigned sum = 0;
	bool ours = false;

	for (const struct finding *f = s->findings; f != NULL; f = f->next)
		if (f->key.sid == sid) {
			sum += f->weight;
			ours |= f->ours;
		}
	return ours ? sum : 0;
}

/* Of what it wants, in percent. */
static unsigned nearness(const struct correlator *c, const struct session *s, uint32_t sid)
{
	const struct signature *g = signatures_find(c->signatures, sid);
	unsigned wanted = g == NULL ? 0 : g->alert > 0 ? g->alert : g->name;

	return wanted == 0 ? 0 : sum_of(s, sid) * 100 / wanted;
}

/* The session has as many lines as it may: one of the signature that is furthest from its alert goes, for another signature's. False:
 * all others made alerts, or names. */
static bool make_room(struct correlator *c, struct session *s, uint32_t sid)
{
	struct finding *least = NULL;
	unsigned least_near = 100;

	for (struct finding *f = s->findings; f != NULL; f = f->next) {
		unsigned near = f->told || f->key.sid == sid ? 100 : nearness(c, s, f->key.sid);

		if (near < least_near) {
			least = f;
			least_near = near;
		}
	}
	count(c->counts, least != NULL ? COUNT_FINDINGS_REPLACED : COUNT_FINDINGS_NO_ROOM);
	if (least != NULL)
		finding_drop(c, s, least);
	return least != NULL;
}

/* A place for this line in this session; NULL: it is there already (ours now, if this is), or there is no room for it. */
static struct finding *place_for(struct correlator *c, struct session *s, uint32_t sid, unsigned line, bool ours)
{
	struct finding_key key = {s->serial, sid, line};
	struct finding *f = store_find(&c->findings, &key);

	if (f != NULL)
		f->ours |= ours;
	if (f != NULL || (s->n_findings >= SESSION_FINDINGS && !make_room(c, s, sid)))
		return NULL;
	if (store_full(&c->findings)) {
		f = store_weakest(&c->findings);
		finding_drop(c, session_of_key(c, f), f);
	}
	f = store_add(&c->findings, &key);
	store_raise(&c->findings, f, (enum rank)s->link.rank);
	f->ours = ours;
	return f;
}

void finding_forget(struct correlator *c, struct session *s)
{
	while (s->findings != NULL)
		finding_drop(c, s, s->findings);
	s->claims = 0;
}

void finding_merge(struct correlator *c, struct session *old, struct session *young)
{
	while (young->findings != NULL) {
		struct finding was = *young->findings, *f;

		finding_drop(c, young, young->findings);
		f = place_for(c, old, was.key.sid, was.key.line, was.ours);
		if (f == NULL)
			continue;
		f->weight = was.weight;
		f->fact = was.fact;
		f->packet = was.packet;
		f->ts_ns = was.ts_ns;
		f->told = was.told;
		memcpy(f->value, was.value, sizeof f->value);
		enter(old, f);
	}
	old->claims |= young->claims;
}

/* --- sums --- */

/* Each signature of the session once: is this its first finding? */
static bool is_first(const struct session *s, const struct finding *f)
{
	for (const struct finding *o = s->findings; o != f; o = o->next)
		if (o->key.sid == f->key.sid)
			return false;
	return true;
}

static bool same_app(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Has an alert of this kind told this application, or, if it names none, any? Signatures of stacks and without a name are told with
 * whatever speaks. */
static bool is_told(const struct correlator *c, const struct session *s, const struct signature *g)
{
	for (const struct finding *f = s->findings; f != NULL; f = f->next) {
		const struct signature *o = f->told ? signatures_find(c->signatures, f->key.sid) : NULL;

		if (o != NULL && o->kind == g->kind && (g->app == NULL || g->level != NAME_APPLICATION || same_app(o->app, g->app)))
			return true;
	}
	return false;
}

const struct signature *finding_claim(const struct correlator *c, const struct session *s, enum kind kind, unsigned *sum)
{
	const struct signature *best = NULL;
	bool best_told = false;

	*sum = 0;
	for (const struct finding *f = s->findings; f != NULL; f = f->next) {
		const struct signature *g = is_first(s, f) ? signatures_find(c->signatures, f->key.sid) : NULL;
		unsigned n;
		bool told;

		if (g == NULL || g->kind != kind || g->alert == 0)
			continue;
		n = sum_of(s, g->sid);
		told = is_told(c, s, g);
		/* What is new, then what was seen on the wire rather than what only papers tell, then what weighs more. */
		if (n >= g->alert && (best == NULL || best_told > told || (best_told == told &&
		    ((best->experimental && !g->experimental) || (best->experimental == g->experimental && n > *sum))))) {
			best = g;
			best_told = told;
			*sum = n;
		}
	}
	return best;
}

void finding_told(const struct correlator *c, struct session *s, enum kind kind, const char *app)
{
	for (struct finding *f = s->findings; f != NULL; f = f->next) {
		const struct signature *g = signatures_find(c->signatures, f->key.sid);

		f->told |= g != NULL && g->kind == kind && (g->app == NULL || g->level != NAME_APPLICATION || same_app(g->app, app));
	}
}

bool finding_has_news(const struct correlator *c, const struct session *s, enum kind kind)
{
	bool told = false, news = false;

	for (const struct finding *f = s->findings; f != NULL; f = f->next) {
		const struct signature *g = is_first(s, f) ? signatures_find(c->signatures, f->key.sid) : NULL;

		if (g == NULL || g->kind != kind || g->alert == 0 || sum_of(s, g->sid) < g->alert)
			continue;
		if (is_told(c, s, g))
			told = true;
		else
			news = true;
	}
	return told && news;
}

unsigned finding_other_apps(const struct correlator *c, const struct session *s, const char *app, char to[EVENT_APPS][EVENT_APP])
{
	unsigned n = 0, k;

	for (const struct finding *f = s->findings; f != NULL && n < EVENT_APPS; f = f->next) {
		const struct signature *g = is_first(s, f) ? signatures_find(c->signatures, f->key.sid) : NULL;

		if (g == NULL || g->app == NULL || g->level != NAME_APPLICATION || same_app(g->app, app) || sum_of(s, g->sid) < g->name)
			continue;
		for (k = 0; k < n && strcmp(to[k], g->app) != 0; k++)
			;
		if (k == n)
			snprintf(to[n++], EVENT_APP, "%s", g->app);
	}
	return n;
}

struct app_verdict finding_app(const struct correlator *c, const struct session *s)
{
	struct app_verdict found = {0};
	unsigned level = UINT8_MAX;
	bool two = false;

	for (const struct finding *f = s->findings; f != NULL; f = f->next) {
		const struct signature *g = is_first(s, f) ? signatures_find(c->signatures, f->key.sid) : NULL;
		unsigned n;

		if (g == NULL || g->app == NULL || g->level > level)
			continue;
		n = sum_of(s, g->sid);
		if (n < g->name)
			continue;
		n = n < 100 ? n : 100;
		if (g->level < level || found.name == NULL) {
			level = g->level;
			found = (struct app_verdict){.name = g->app, .family = g->level != NAME_APPLICATION, .sid = g->sid};
			two = false;
		} else if (strcmp(found.name, g->app) != 0) {
			two = true;
		}
		if (n > found.confidence) {
			found.confidence = (uint8_t)n;
			found.sid = g->sid;
		}
	}
	if (two)
		found = (struct app_verdict){0};
	return found;
}

/* --- noting --- */

static bool add_line(struct correlator *c, struct leg *l, const struct reading *r, const struct match *match,
    const struct signature *g)
{
	const struct message *m = r->m;
	struct session *s = l->socket->session;
	struct finding *f = place_for(c, s, g->sid, match->line, is_ours(c, r, match->fact));

	if (f == NULL)
		return false;
	f->weight = match->weight;
	f->fact = match->fact;
	f->packet = m->packet > 0 ? m->packet : 1;
	f->ts_ns = m->ts_ns;
	print_value(f->value, sizeof f->value, m, match->fact);
	enter(s, f);
	timeline_finding(l, f);
	return true;
}

static void note_leg(struct leg *l, const struct message *m, const struct match *match, const struct signature *g)
{
	if (match->far_end > l->far_end)
		l->far_end = match->far_end;
	if (l->proxied)
		l->far_end = FAR_RELAY;		/* whoever is behind it */
	if (l->found == 0)
		l->found_at = (struct sight){m->packet, m->ts_ns};
	if (g->alert > 0)
		l->found |= 1u << g->kind;
}

/* Lines of a signature that gathers by host: what is known of this host already, or is just proved, is one session; so are
 * several signatures of one application. */
static void gather_host(struct correlator *c, struct leg *l, const struct signature *g)
{
	struct session *s = l->socket->session;
	bool proved = g->alert > 0 && sum_of(s, g->sid) >= g->alert;

	session_join_host(c, l, g->app != NULL ? hash_fixed(HASH_START, g->app, strlen(g->app)) : g->sid, proved);
}

void finding_note(struct correlator *c, struct leg *l, const struct reading *r, const struct match match[], unsigned n)
{
	struct session *s;
	uint32_t before = l->socket->session->claims;
	bool news = false, added;
	unsigned sum;

	for (unsigned i = 0; i < n; i++) {
		const struct signature *g = signatures_at(c->signatures, match[i].signature);

		note_leg(l, r->m, &match[i], g);
		added = add_line(c, l, r, &match[i], g);
		if (g->join == JOIN_HOST)
			gather_host(c, l, g);
		s = l->socket->session;
		if (g->alert > 0 && (s->claims >> g->kind & 1) == 0 && finding_claim(c, s, g->kind, &sum) != NULL)
			s->claims |= 1u << g->kind;
		news |= added && g->alert > 0 && (s->done >> g->kind & 1) != 0 && finding_has_news(c, s, g->kind);
	}
	s = l->socket->session;
	if ((s->claims & ~before & ~s->done) != 0 || news)
		report_await_finding(c, s);
}

/* --- showing --- */

/* What STUN's own rows show already. */
static bool is_proof(unsigned fact)
{
	return fact == FACT_DIALECT || fact == FACT_REALM || fact == FACT_SOFTWARE || fact == FACT_ICE_PLAIN;
}

/* A place in the list, by packet; NULL: it is full. */
static struct evidence *evidence_at(struct event_alert *a, uint64_t packet)
{
	unsigned at = a->n_evidence;

	a->evidence_total++;
	if (a->n_evidence >= EVENT_EVIDENCE)
		return NULL;
	for (; at > 0 && a->evidence[at - 1].packet > packet; at--)
		a->evidence[at] = a->evidence[at - 1];
	a->n_evidence++;
	return &a->evidence[at];
}

void finding_evidence(const struct session *s, uint32_t sid, bool weightless, struct event_alert *a)
{
	for (const struct finding *f = s->findings; f != NULL; f = f->next) {
		struct evidence *e;

		if (f->key.sid != sid || (weightless && is_proof(f->fact)) || (e = evidence_at(a, f->packet)) == NULL)
			continue;
		memset(e, 0, sizeof *e);
		e->fact = 0xffff;
		snprintf(e->name, sizeof e->name, "%s", fact_def(f->fact)->name);
		e->weight = weightless ? 0 : f->weight;
		e->packet = f->packet;
		e->ts_ns = f->ts_ns;
		snprintf(e->value, sizeof e->value, "%s", f->value);
	}
}

struct sight finding_reached(const struct session *s, uint32_t sid, unsigned sum)
{
	struct sight at = {0};
	unsigned n = 0;

	for (const struct finding *f = s->findings; f != NULL; f = f->next) {
		if (f->key.sid != sid)
			continue;
		at = (struct sight){f->packet, f->ts_ns};
		n += f->weight;
		if (n >= sum)
			break;
	}
	return at;
}

static const struct finding *line_held(const struct session *s, uint32_t sid, unsigned line)
{
	const struct finding *f = s->findings;

	while (f != NULL && (f->key.sid != sid || f->key.line != line))
		f = f->next;
	return f;
}

unsigned finding_view(const struct correlator *c, const struct session *s, struct view_signature to[static VIEW_SIGNATURES],
    struct view_sign lines[static VIEW_SIGNS])
{
	unsigned n = 0, used = 0;

	for (const struct finding *f = s->findings; f != NULL && n < VIEW_SIGNATURES; f = f->next) {
		const struct signature *g = is_first(s, f) ? signatures_find(c->signatures, f->key.sid) : NULL;
		struct view_signature v = {.signature = g, .lines = lines + used};

		if (g == NULL || used + g->n_lines > VIEW_SIGNS)
			continue;
		for (; v.n_lines < g->n_lines; v.n_lines++) {
			const struct finding *held = line_held(s, g->sid, v.n_lines);
			struct view_sign *line = &lines[used++];

			*line = (struct view_sign){.packet = held != NULL ? held->packet : 0, .value = held != NULL ? held->value : ""};
			line->when = signatures_line(c->signatures, g->sid, v.n_lines, &line->weight);
			v.sum += held != NULL ? line->weight : 0;
		}
		v.strangers = sum_of(s, g->sid) == 0;
		to[n++] = v;
	}
	return n;
}
