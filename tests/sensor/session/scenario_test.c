/* scenario_test.c -- the correlator, by stories: *.facts beside this file say what was seen and what must come out.
 *
 *   == title of a story
 *   set settle_ms=5000 sockets=64		settings that differ from the usual
 *   policy KEY: VALUE				a line of a site's policy, before anything else
 *   flow A udp 10.0.0.1:5000 203.0.113.5:3478	a name for a flow; then perhaps: inside, transit, second (remote began),
 *						start=SECONDS
 *   0.000 1 A > stun.query fact=value ...	a message: time, packet, flow, who sent it; >> and << are nested in a relay's
 *   advance 6.0				time goes on without traffic
 *   sink full, sink once, sink open		the output has no room; room for one event; and has room again
 *   spray KIND N				N forged messages (see spray())
 *   finish					the input is over; without it, and anything else, a story ends so too
 *   --
 *   lines that must come out, in this order, exactly
 *
 * An alert is written as
 *   @WHEN KIND PATH LOCAL PEER SCOPE #SESSION sSEVERITY =SCORE and what else there is: update one-way app=NAME/CONFIDENCE others=NAMES
 *   nat=... relay=... servers=N peers=N mapped=...
 * and with a policy zone=, exception=, expired=, limited=,
 * where WHEN is the story's time when it came out, and sessions are numbered as they first appear (#idDIGITS for a literal id).
 */
#include "../../test.h"

#include "../../../sensor/config/mistake.h"
#include "../../../sensor/policy/judge.h"
#include "../../../sensor/policy/policy.h"
#include "../../../sensor/session/correlator.h"
#include "../../../sensor/vocabulary.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>

enum { STORIES = 256, FLOWS = 64, OUT = 1 << 16, BODY = 1 << 16, LINE = 1024, SESSIONS = 256 };

static const uint64_t EPOCH_NS = 1767323045ULL * 1000000000;

struct story {
	char title[200];
	char *body, *want;	/* NUL-ended */
};

struct teller {
	struct settings set;
	struct counts counts;
	struct correlator *c;
	char rules[LINE * 4];		/* of a policy */
	struct policy *policy;
	struct judge *judge;
	struct facts facts;
	struct {
		char name[16];
		struct message header;
		bool sent[2];
	} flow[FLOWS];
	unsigned n_flows;
	bool full, once, ids;
	double now;
	char got[OUT];
	size_t got_len;
	char seen[SESSIONS][17];
	unsigned n_seen;
	unsigned spray_n;
};

static struct story stories[STORIES];
static unsigned n_stories;
static struct signatures *signatures;	/* the shipped ones, and those of signatures/ beside this file */

/* --- what comes out --- */

__attribute__((format(printf, 2, 3))) static void say(struct teller *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->got + t->got_len, sizeof t->got - t->got_len, format, args);
	va_end(args);
	assert_true(n >= 0 && (size_t)n < sizeof t->got - t->got_len);
	t->got_len += (size_t)n;
}

static unsigned session_number(struct teller *t, const char *id)
{
	for (unsigned i = 0; i < t->n_seen; i++)
		if (strcmp(t->seen[i], id) == 0)
			return i + 1;
	assert_true(t->n_seen < SESSIONS);
	snprintf(t->seen[t->n_seen++], sizeof t->seen[0], "%s", id);
	return t->n_seen;
}

static void say_session(struct teller *t, const char *id)
{
	if (t->ids)
		say(t, " #id%s", id);
	else
		say(t, " #%u", session_number(t, id));
}

/* What must hold for every alert, whatever the story. */
static void check_alert(const struct event *e)
{
	const struct event_alert *a = &e->alert;
	unsigned sum = 0;

	assert_true(a->n_evidence > 0);
	for (unsigned i = 0; i < a->n_evidence; i++) {
		sum += a->evidence[i].weight;
		assert_true(a->evidence[i].packet > 0);
		assert_true(i == 0 || a->evidence[i - 1].packet <= a->evidence[i].packet);
		assert_true(a->evidence[i].name[0] != '\0');
	}
	if (a->evidence_total <= EVENT_EVIDENCE)
		assert_int_equal(a->score, sum < 100 ? sum : 100);
	assert_true(a->summary[0] != '\0');
	assert_int_equal(strlen(a->session), 16);
	assert_true(endpoint_equal(&e->src, &a->local));
	assert_true(e->packet > 0);
	assert_true(a->n_peers <= a->peers_total);
}

static void say_alert(struct teller *t, const struct event *e)
{
	const struct event_alert *a = &e->alert;
	char x[ENDPOINT_TEXT], y[ENDPOINT_TEXT];

	check_alert(e);
	say(t, "@%.3f %s%s %s %s %s %s", t->now, e->type == EVENT_SESSION ? "session:" : "", kinds[a->kind].name, path_name(a->path),
	    endpoint_text(&a->local, x), a->has_peer ? endpoint_text(&a->peer, y) : "-", a->has_peer ? scope_name(a->peer_scope) : "-");
	say_session(t, a->session);
	say(t, " s%u =%u", a->severity, a->score);
	if (a->update)
		say(t, " update");
	if (a->one_way)
		say(t, " one-way");
	if (a->app[0] != '\0')
		say(t, " app=%s/%u", a->app, a->app_confidence);
	for (unsigned i = 0; i < a->n_other_apps; i++)
		say(t, "%s%s", i == 0 ? " others=" : ",", a->other_apps[i]);
	if (a->nat != NAT_UNKNOWN)
		say(t, " nat=%s", nat_name(a->nat));
	if (a->has_relay)
		say(t, " relay=%s", endpoint_text(&a->relay, x));
	if (a->n_servers > 0)
		say(t, " servers=%u", a->n_servers);
	if (a->peers_total > 1)
		say(t, " peers=%" PRIu32, a->peers_total);
	for (unsigned i = 0; i < a->n_mapped; i++)
		say(t, "%s%s", i == 0 ? " mapped=" : ",", endpoint_text(&a->mapped[i], x));
	if (a->has_mac)
		say(t, " mac");
	if (a->policy.zone[0] != '\0')
		say(t, " zone=%s", a->policy.zone);
	if (a->policy.exception[0] != '\0')
		say(t, " %s=%s", a->policy.expired ? "expired" : "exception", a->policy.exception);
	if (a->policy.limited > 0)
		say(t, " limited=%" PRIu32, a->policy.limited);
	say(t, "\n");
}

static bool sink(void *ctx, const struct event *e)
{
	struct teller *t = ctx;
	char x[ENDPOINT_TEXT], y[ENDPOINT_TEXT];

	if (t->full)
		return false;
	t->full = t->once;
	if (e->type == EVENT_ALERT || e->type == EVENT_SESSION) {
		say_alert(t, e);
	} else if (e->type == EVENT_FLOW) {
		say(t, "@%.3f flow %s %s %s %s", t->now, endpoint_text(&e->src, x), endpoint_text(&e->dst, y), e->app_proto,
		    e->flow.reason);
		say_session(t, e->session);
		say(t, " %" PRIu64 "/%" PRIu64 "\n", e->flow.packets_toserver, e->flow.packets_toclient);
	} else {
		say(t, "@%.3f stun %s %s %s %s %u\n", t->now, endpoint_text(&e->src, x), endpoint_text(&e->dst, y), e->stun.method,
		    e->stun.class_name, e->stun.n_details);
	}
	return true;
}

/* --- what goes in --- */

static struct endpoint endpoint_of(const char *text)
{
	struct endpoint e;
	char a[ADDR_TEXT + 2];
	const char *colon = strrchr(text, ':');
	size_t n = (size_t)(colon - text);

	assert_non_null(colon);
	assert_true(n < sizeof a);
	memcpy(a, text[0] == '[' ? text + 1 : text, n);
	a[text[0] == '[' ? n - 2 : n] = '\0';
	if (!addr_parse(a, &e.addr))
		fail_msg("not an address: %s", text);
	e.port = (uint16_t)atoi(colon + 1);
	return e;
}

static uint64_t ns_of(double seconds)
{
	return EPOCH_NS + (uint64_t)(seconds * 1e6 + 0.5) * 1000;
}

static void put_fact(struct teller *t, char *text)
{
	char *value = strchr(text, '=');
	struct endpoint e;
	uint8_t bytes[FACT_BYTES_MAX];
	int id;

	if (value != NULL)
		*value++ = '\0';
	id = fact_find(text);
	if (id < 0)
		fail_msg("no fact is called %s", text);
	switch (fact_def((unsigned)id)->type) {
	case FACT_FLAG:
		fact_flag(&t->facts, (unsigned)id);
		break;
	case FACT_UINT:
		fact_uint(&t->facts, (unsigned)id, strtoull(value != NULL ? value : "0", NULL, 0));
		break;
	case FACT_ENDPOINT:
		e = endpoint_of(value != NULL ? value : "");
		fact_endpoint(&t->facts, (unsigned)id, &e);
		break;
	case FACT_BYTES:
		assert_non_null(value);
		if (id == FACT_HOST_MAC)
			fact_bytes(&t->facts, (unsigned)id, cur_of(bytes, unhex(value, bytes, sizeof bytes)));
		else
			fact_text(&t->facts, (unsigned)id, value);
		break;
	}
}

static struct message *flow_find(struct teller *t, const char *name)
{
	for (unsigned i = 0; i < t->n_flows; i++)
		if (strcmp(t->flow[i].name, name) == 0)
			return &t->flow[i].header;
	fail_msg("no flow is called %s", name);
	return NULL;
}

/* Has each end sent something on this flow? */
static bool goes_both_ways(struct teller *t, const struct message *m, bool from_local)
{
	bool *sent = t->flow[m->flow_id - 1000].sent;

	sent[from_local] = true;
	return sent[0] && sent[1];
}

static void message(struct teller *t, double when, uint64_t packet, char *rest)
{
	char *save, *name = strtok_r(rest, " ", &save), *way = strtok_r(NULL, " ", &save), *fact;
	struct message *m = flow_find(t, name);

	assert_non_null(way);
	if (m->flow_start_ns == 0)
		m->flow_start_ns = ns_of(when);
	t->now = when;
	facts_reset(&t->facts);
	t->facts.base = FACT_OWN;	/* numbers are those of the registry */
	t->facts.header = *m;
	t->facts.header.ts_ns = ns_of(when);
	t->facts.header.packet = packet;
	t->facts.header.from_local = way[0] == '>';
	t->facts.header.two_way = goes_both_ways(t, m, way[0] == '>');
	/* Who is behind the relay is told by peer=..., so the batch needs not say it by itself. */
	facts_begin(&t->facts);
	((struct message *)(void *)(t->facts.bytes + t->facts.message_at))->nested = way[1] != '\0';
	while ((fact = strtok_r(NULL, " ", &save)) != NULL)
		put_fact(t, fact);
	correlator_facts(t->c, &t->facts);
}

static void flow(struct teller *t, char *rest)
{
	char *save, *word = strtok_r(rest, " ", &save);
	struct message *m;

	assert_true(t->n_flows < FLOWS);
	m = &t->flow[t->n_flows].header;
	memset(m, 0, sizeof *m);
	snprintf(t->flow[t->n_flows].name, sizeof t->flow[0].name, "%s", word);
	m->flow_id = 1000 + t->n_flows++;
	m->side = SIDE_BORDER;
	m->local_first = true;
	m->ip_proto = strcmp(strtok_r(NULL, " ", &save), "tcp") == 0 ? 6 : 17;
	m->local = endpoint_of(strtok_r(NULL, " ", &save));
	m->remote = endpoint_of(strtok_r(NULL, " ", &save));
	while ((word = strtok_r(NULL, " ", &save)) != NULL) {
		if (strcmp(word, "inside") == 0)
			m->side = SIDE_INSIDE;
		else if (strcmp(word, "transit") == 0)
			m->side = SIDE_TRANSIT;
		else if (strcmp(word, "second") == 0)
			m->local_first = false;
		else if (strncmp(word, "start=", 6) == 0)
			m->flow_start_ns = ns_of(atof(word + 6));
		else
			fail_msg("flow: %s?", word);
	}
}

/* Forged messages, each from another outside address to another inside socket: one 10 microseconds.
 *   checks: connectivity checks        answers: answers to checks that nobody made
 *   queried: answers of STUN servers that nobody asked        allocated: relays' answers
 *   caller: checks, all from one address        sent: checks that inside sockets send, never answered
 *   sharer: one inside host shares files, from ever new sockets */
static void spray(struct teller *t, char *rest)
{
	char *save, *what = strtok_r(rest, " ", &save);
	unsigned n = (unsigned)atoi(strtok_r(NULL, " ", &save));
	struct endpoint mapped = endpoint_of("198.51.100.9:4000");
	char name[32];

	for (unsigned i = 0; i < n; i++, t->spray_n++) {
		unsigned k = t->spray_n;

		t->now += 1e-5;
		facts_reset(&t->facts);
		t->facts.header = (struct message){
			.ts_ns = ns_of(t->now), .packet = 1000000 + k, .flow_id = 1000000 + k, .flow_start_ns = ns_of(t->now),
			.local = {addr_v4(0x0a000000 + (k * 7919) % 0xffff), (uint16_t)(1024 + k % 50000)},
			.remote = {addr_v4(strcmp(what, "caller") == 0 ? 0x08080808 : 0x09000000 + k), (uint16_t)(2000 + k % 7000)},
			.ip_proto = 17, .side = SIDE_BORDER, .from_local = strcmp(what, "sent") == 0 || strcmp(what, "sharer") == 0,
		};
		if (strcmp(what, "sharer") == 0)
			t->facts.header.local.addr = addr_v4(0x0a000001);
		facts_begin(&t->facts);
		if (strcmp(what, "checks") == 0 || strcmp(what, "caller") == 0 || strcmp(what, "sent") == 0) {
			snprintf(name, sizeof name, "%x:%x", k, k + 1);
			fact_flag(&t->facts, FACT_ICE_CHECK);
			fact_text(&t->facts, FACT_ICE_USERNAME, name);
		} else if (strcmp(what, "answers") == 0) {
			fact_flag(&t->facts, FACT_ICE_ANSWER);
			fact_flag(&t->facts, FACT_TX_ORPHAN);
		} else if (strcmp(what, "queried") == 0) {
			fact_flag(&t->facts, FACT_STUN_ANSWER);
			fact_flag(&t->facts, FACT_TX_ORPHAN);
			fact_endpoint(&t->facts, FACT_STUN_MAPPED, &mapped);
		} else if (strcmp(what, "allocated") == 0) {
			fact_endpoint(&t->facts, FACT_TURN_ALLOCATED, &mapped);
			fact_flag(&t->facts, FACT_TX_ORPHAN);
		} else if (strcmp(what, "sharer") == 0) {
			fact_text(&t->facts, FACT_PAYLOAD, "SHARED!!");
		} else {
			fail_msg("spray %s?", what);
		}
		correlator_facts(t->c, &t->facts);
	}
}

static void set(struct teller *t, char *rest)
{
	struct session_settings *s = &t->set.session;
	char *save;

	for (char *w = strtok_r(rest, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		char *value = strchr(w, '=');
		uint32_t n;

		assert_non_null(value);
		*value++ = '\0';
		n = (uint32_t)atoi(value);
		if (strcmp(w, "sockets") == 0) s->sockets = n;
		else if (strcmp(w, "legs") == 0) s->legs = n;
		else if (strcmp(w, "sessions") == 0) s->sessions = n;
		else if (strcmp(w, "relays") == 0) s->relays = n;
		else if (strcmp(w, "settle_ms") == 0) s->settle_ms = n;
		else if (strcmp(w, "update_s") == 0) s->update_s = n;
		else if (strcmp(w, "idle_s") == 0) s->idle_s = n;
		else if (strcmp(w, "join_s") == 0) s->join_s = n;
		else if (strcmp(w, "again_s") == 0) s->again_s = n;
		else if (strcmp(w, "informational") == 0) s->informational = n != 0;
		else if (strcmp(w, "severity") == 0) s->severity = (uint8_t)n;
		else if (strcmp(w, "detail") == 0) s->detail = n != 0;
		else if (strcmp(w, "outside") == 0) t->set.home.outside = n != 0;
		else if (strcmp(w, "ids") == 0) t->ids = n != 0;
		else fail_msg("set %s?", w);
	}
}

static void use_policy(struct teller *t)
{
	struct mistakes mistakes = {.to = stderr};

	if (t->rules[0] == '\0')
		return;
	t->policy = policy_parse("story", t->rules, strlen(t->rules), &mistakes);
	assert_non_null(t->policy);
	t->judge = judge_new(t->policy, 64, &t->counts);
	assert_non_null(t->judge);
	correlator_use_judge(t->c, t->judge);
}

static struct correlator *correlator(struct teller *t)
{
	if (t->c == NULL) {
		t->c = correlator_new(&t->set, signatures, &t->counts, sink, t);
		assert_non_null(t->c);
		use_policy(t);
	}
	return t->c;
}

static void tell_line(struct teller *t, char *line)
{
	char *rest, *end;
	double when;
	uint64_t packet;

	if (line[0] == '\0' || line[0] == '#')
		return;
	if (strncmp(line, "set ", 4) == 0) {
		set(t, line + 4);
		return;
	}
	if (strncmp(line, "policy ", 7) == 0) {
		assert_true(t->c == NULL && strlen(t->rules) + strlen(line) < sizeof t->rules);
		strcat(strcat(t->rules, line + 7), "\n");
		return;
	}
	correlator(t);
	if (strncmp(line, "flow ", 5) == 0) {
		flow(t, line + 5);
	} else if (strncmp(line, "advance ", 8) == 0) {
		t->now = atof(line + 8);
		correlator_advance(t->c, ns_of(t->now));
	} else if (strcmp(line, "sink full") == 0 || strcmp(line, "sink open") == 0 || strcmp(line, "sink once") == 0) {
		t->full = line[5] == 'f';
		t->once = line[6] == 'n';
	} else if (strncmp(line, "spray ", 6) == 0) {
		spray(t, line + 6);
	} else if (strcmp(line, "finish") == 0) {
		correlator_finish(t->c);
	} else {
		when = strtod(line, &end);
		assert_true(end > line);
		packet = strtoull(end, &rest, 10);
		message(t, when, packet, rest);
	}
}

static void tell(void **state)
{
	const struct story *story = *state;
	struct teller *t = calloc(1, sizeof *t);
	char *save, *body = strdup(story->body);

	assert_non_null(t);
	t->set.session = (struct session_settings){
		.sockets = 256, .legs = 512, .sessions = 128, .relays = 64, .settle_ms = 5000, .update_s = 600, .idle_s = 120,
		.join_s = 120, .again_s = 3600, .informational = true, .severity = 3,
	};
	for (char *line = strtok_r(body, "\n", &save); line != NULL; line = strtok_r(NULL, "\n", &save))
		tell_line(t, line);
	correlator_finish(correlator(t));
	correlator_free(t->c);
	judge_free(t->judge);
	policy_free(t->policy);
	if (strcmp(t->got, story->want) != 0)
		fail_msg("%s\n--- expected\n%s--- got\n%s", story->title, story->want, t->got);
	free(body);
	free(t);
}

/* --- reading the stories --- */

static void read_stories(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[LINE];
	struct story *s = NULL;
	char *to = NULL;

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		assert_non_null(strchr(line, '\n'));
		if (strncmp(line, "== ", 3) == 0) {
			assert_true(n_stories < STORIES);
			s = &stories[n_stories++];
			snprintf(s->title, sizeof s->title, "%s: %.*s", strrchr(path, '/') + 1, (int)strcspn(line + 3, "\n"), line + 3);
			s->body = calloc(1, BODY);
			s->want = calloc(1, BODY);
			to = s->body;
		} else if (s != NULL && strcmp(line, "--\n") == 0) {
			to = s->want;
		} else if (to != NULL && line[0] != '\n' && line[0] != '#') {
			assert_true(strlen(to) + strlen(line) < BODY);
			strcat(to, line);
		}
	}
	fclose(f);
}

int main(void)
{
	static struct CMUnitTest tests[STORIES];
	static const char *const folders[] = {"signatures", "tests/sensor/session/signatures"};
	struct mistakes mistakes = {.to = stderr};
	glob_t found;
	int failed;

	vocabulary_register();
	signatures = signatures_load(folders, 2, &mistakes);
	if (signatures == NULL)
		return 1;

	if (glob("tests/sensor/session/*.facts", 0, NULL, &found) != 0) {
		fprintf(stderr, "no stories: run from the top of the tree\n");
		return 1;
	}
	for (size_t i = 0; i < found.gl_pathc; i++)
		read_stories(found.gl_pathv[i]);
	globfree(&found);
	for (unsigned i = 0; i < n_stories; i++)
		tests[i] = (struct CMUnitTest){.name = stories[i].title, .test_func = tell, .initial_state = &stories[i]};
	failed = _cmocka_run_group_tests("scenarios", tests, n_stories, NULL, NULL);
	for (unsigned i = 0; i < n_stories; i++) {
		free(stories[i].body);
		free(stories[i].want);
	}
	return failed;
}
