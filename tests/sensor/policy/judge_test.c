/* judge_test.c -- severities, exceptions, limits: what becomes of an alert, and that nothing is lost on the way. */
#include "../../test.h"

#include "sample.h"

#include "../../../sensor/policy/judge.h"

static const uint64_t SECOND = 1000000000;
static struct event e;
static struct counts counts;

struct rig {
	struct policy *policy;
	struct judge *judge;
};

static struct rig rig_of(const char *text)
{
	struct rig r = {.policy = policy_of(text)};

	memset(&counts, 0, sizeof counts);
	r.judge = judge_new(r.policy, 1024, &counts);
	assert_non_null(r.judge);
	return r;
}

static void rig_free(struct rig *r)
{
	judge_free(r->judge);
	policy_free(r->policy);
}

/* Severity of this kind after grading; `app` may be NULL. */
static unsigned graded(struct rig *r, enum kind kind, const char *host, const char *far_end, const char *app)
{
	alert_of(&e, kind, host, far_end);
	if (app != NULL)
		strcpy(e.alert.app, app);
	judge_grade(r->judge, &e);
	return e.alert.severity;
}

static enum judgement judged(struct rig *r, enum kind kind, const char *host, const char *far_end, uint64_t second)
{
	enum judgement j;

	alert_of(&e, kind, host, far_end);
	j = judge_alert(r->judge, &e, 3, true, second * SECOND);
	if (j == JUDGE_REPORT)
		judge_told(r->judge);
	return j;
}

/* Without anything in it a policy changes nothing. */
static void the_empty_one_changes_nothing(void **state)
{
	struct rig r = rig_of("");

	(void)state;
	for (unsigned kind = 1; kind < KIND_N; kind++) {
		assert_int_equal(graded(&r, (enum kind)kind, "10.0.0.1", "203.0.113.7", "WhatsApp"), kinds[kind].severity);
		assert_int_equal(e.alert.informational, kinds[kind].informational);
		assert_int_equal(judged(&r, (enum kind)kind, "10.0.0.1", "203.0.113.7", 1), JUDGE_REPORT);
	}
	rig_free(&r);
}

static void a_network_gives_zone_and_controls(void **state)
{
	struct rig r = rig_of("networks:\n  - {name: corporate, nets: [10.0.0.0/8], classification: RESTRICTED}\n"
	    "  - {name: vault, nets: [10.9.0.0/16], classification: SECRET}\n"
	    "  - {name: guests, nets: [10.99.0.0/16], controls: [1555, 5, 1558], severity: {hole-punch: 3, conference: 1}}\n"
	    "controls:\n  - {cid: 7, classifications: [RESTRICTED], kinds: [hole-punch], compliance: MUST NOT}\n"
	    "  - {cid: 3728, compliance: MUST}\n");
	const struct event_policy *p = &e.alert.policy;

	(void)state;
	assert_int_equal(graded(&r, KIND_HOLE_PUNCH, "10.0.0.1", "203.0.113.7", NULL), 1);
	assert_string_equal(p->zone, "corporate");
	assert_int_equal(p->classification, CLASS_RESTRICTED);
	assert_int_equal(p->n_controls, 4);
	assert_int_equal(p->controls[0].cid, 7);
	assert_int_equal(p->controls[0].compliance, MUST_NOT);
	assert_int_equal(p->controls[1].cid, 3728);		/* the site's, in the place of the built-in one */
	assert_int_equal(p->controls[1].compliance, MUST);
	assert_int_equal(p->controls[2].cid, 1555);
	assert_int_equal(p->controls[3].cid, 2090);
	assert_int_equal(p->controls[3].compliance, MUST);
	assert_string_equal(p->exception, "");
	assert_int_equal(graded(&r, KIND_TURN_RELAY, "10.9.0.1", "203.0.113.7", NULL), 1);
	assert_string_equal(p->zone, "vault");
	assert_int_equal(graded(&r, KIND_CONFERENCE, "10.9.0.1", "203.0.113.7", NULL), 2);
	assert_false(e.alert.informational);
	assert_int_equal(graded(&r, KIND_HOLE_PUNCH, "10.99.0.1", "203.0.113.7", NULL), 3);
	assert_false(e.alert.informational);		/* less urgent, and reported all the same */
	assert_int_equal(p->n_controls, 2);		/* 1558 is about files; of 5 nothing is known */
	assert_int_equal(p->controls[1].cid, 5);
	assert_int_equal(graded(&r, KIND_CONFERENCE, "10.99.0.1", "203.0.113.7", NULL), 1);
	assert_false(e.alert.informational);
	assert_int_equal(graded(&r, KIND_VOIP_SERVER, "10.99.0.1", "203.0.113.7", NULL), 3);
	assert_true(e.alert.informational);
	graded(&r, KIND_HOLE_PUNCH, "192.0.2.1", "203.0.113.7", NULL);
	assert_string_equal(p->zone, "");
	assert_int_equal(p->n_controls, 0);
	alert_of(&e, KIND_VOIP_APP, "10.9.0.1", "203.0.113.7");
	e.alert.experimental = true;
	e.alert.severity = 3;
	judge_grade(r.judge, &e);
	assert_int_equal(e.alert.severity, 3);
	rig_free(&r);
}

static void an_approved_service(void **state)
{
	struct rig r = rig_of("approved:\n  - {name: Meetings, peers: [203.0.113.0/24], owner: IT, ticket: T1}\n  - {name: Zoom, apps: [Zoom]}\n");
	const struct event_policy *p = &e.alert.policy;

	(void)state;
	assert_int_equal(graded(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", NULL), 3);
	assert_true(e.alert.informational);
	assert_string_equal(p->exception, "Meetings");
	assert_string_equal(p->owner, "IT");
	assert_string_equal(p->ticket, "T1");
	assert_string_equal(p->expires, "");
	assert_int_equal(graded(&r, KIND_HOLE_PUNCH, "10.0.0.1", "203.0.113.7", NULL), 1);
	assert_string_equal(p->exception, "");
	assert_int_equal(graded(&r, KIND_RELAY_TUNNEL, "10.0.0.1", "203.0.113.7", NULL), 1);
	assert_int_equal(graded(&r, KIND_TURN_RELAY, "10.0.0.1", "198.51.100.7", NULL), 2);
	assert_int_equal(graded(&r, KIND_TURN_RELAY, "10.0.0.1", "198.51.100.7", "Zoom"), 3);
	assert_string_equal(p->exception, "Zoom");
	assert_int_equal(graded(&r, KIND_HOLE_PUNCH, "10.0.0.1", "198.51.100.7", "Zoom"), 1);
	/* A named application that is none of them: at least 2, on any path, and no longer only informational. */
	assert_int_equal(graded(&r, KIND_CONFERENCE, "10.0.0.1", "198.51.100.7", "Discord"), 2);
	assert_false(e.alert.informational);
	assert_int_equal(graded(&r, KIND_STUN_DISCOVERY, "10.0.0.1", "198.51.100.7", "Discord"), 2);
	assert_int_equal(graded(&r, KIND_CONFERENCE, "10.0.0.1", "203.0.113.7", "Discord"), 3);	/* the service has it */
	assert_int_equal(graded(&r, KIND_CONFERENCE, "10.0.0.1", "198.51.100.7", NULL), 3);
	alert_of(&e, KIND_CONFERENCE, "10.0.0.1", "198.51.100.7");
	strcpy(e.alert.app, "libwebrtc");
	e.alert.app_family = true;
	judge_grade(r.judge, &e);
	assert_int_equal(e.alert.severity, 3);
	rig_free(&r);
}

static void exceptions_hold_until_they_expire(void **state)
{
	struct rig r = rig_of("exceptions:\n"
	    "  - {name: old, kinds: [hole-punch], inside: [10.0.0.0/8], expires: 2026-01-01, owner: A, reason: r}\n"
	    "  - {name: named, kinds: [hole-punch], inside: [10.0.0.2], expires: 2026-01-02, owner: B, reason: r, ticket: T}\n"
	    "  - {name: unnamed, inside: [10.0.0.3], expires: never, owner: C, reason: r}\n");
	const struct event_policy *p = &e.alert.policy;

	(void)state;
	/* It is 2026-01-02. */
	assert_int_equal(graded(&r, KIND_HOLE_PUNCH, "10.0.0.1", "203.0.113.7", NULL), 1);
	assert_true(p->expired);
	assert_string_equal(p->exception, "old");
	assert_string_equal(p->expires, "2026-01-01");
	assert_int_equal(graded(&r, KIND_HOLE_PUNCH, "10.0.0.2", "203.0.113.7", NULL), 3);
	assert_false(p->expired);
	assert_string_equal(p->exception, "named");
	assert_string_equal(p->expires, "2026-01-02");	/* its last day */
	assert_true(e.alert.informational);
	assert_int_equal(graded(&r, KIND_HOLE_PUNCH, "10.0.0.3", "203.0.113.7", NULL), 1);	/* must be named */
	assert_int_equal(graded(&r, KIND_P2P_MEDIA, "10.0.0.3", "203.0.113.7", NULL), 3);
	assert_int_equal(graded(&r, KIND_RELAY_TUNNEL, "10.0.0.3", "203.0.113.7", NULL), 1);
	/* Exceptions alone do not make other applications unapproved. */
	assert_int_equal(graded(&r, KIND_CONFERENCE, "10.0.0.4", "203.0.113.7", "Discord"), 3);
	rig_free(&r);
}

static void filters(void **state)
{
	struct rig r = rig_of("approved:\n  - {name: Zoom, apps: [Zoom]}\nsuppress:\n  - {sids: [9100002], inside: [10.0.0.9]}\n"
	    "  - {kinds: [skype], expires: 2025-12-31}\n");

	(void)state;
	alert_of(&e, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7");
	strcpy(e.alert.app, "Zoom");
	assert_int_equal(judge_alert(r.judge, &e, 3, false, 1), JUDGE_UNWANTED);
	assert_int_equal(counts.n[COUNT_POLICY_EXCEPTED], 1);
	assert_int_equal(counts.n[COUNT_POLICY_UNREPORTED], 1);
	alert_of(&e, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7");
	assert_int_equal(judge_alert(r.judge, &e, 1, true, 1), JUDGE_UNWANTED);
	assert_int_equal(counts.n[COUNT_POLICY_EXCEPTED], 1);
	alert_of(&e, KIND_CONFERENCE, "10.0.0.1", "203.0.113.7");
	assert_int_equal(judge_alert(r.judge, &e, 3, false, 1), JUDGE_UNWANTED);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.9", "203.0.113.7", 1), JUDGE_SUPPRESSED);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.8", "203.0.113.7", 1), JUDGE_REPORT);
	assert_int_equal(judged(&r, KIND_SKYPE, "10.0.0.9", "203.0.113.7", 1), JUDGE_REPORT);	/* expired */
	assert_int_equal(counts.n[COUNT_POLICY_SUPPRESSED], 1);
	rig_free(&r);
}

static void the_general_limit(void **state)
{
	struct rig r = rig_of("limit: {count: 2, period: 1min}\n");
	const struct event_policy *p = &e.alert.policy;

	(void)state;
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", i), JUDGE_REPORT);
	for (unsigned i = 2; i < 60; i++)
		assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", i), JUDGE_LIMITED);
	assert_int_equal(judged(&r, KIND_CONFERENCE, "10.0.0.1", "203.0.113.7", 50), JUDGE_REPORT);	/* another kind */
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.2", "203.0.113.7", 50), JUDGE_REPORT);	/* another host */
	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(judged(&r, KIND_HOLE_PUNCH, "10.0.0.1", "203.0.113.7", i), JUDGE_REPORT);	/* severity 1 */
	assert_true(judge_untold(r.judge) == 58);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 60), JUDGE_REPORT);
	assert_int_equal(p->limited, 58);
	assert_true(judge_untold(r.judge) == 0);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 61), JUDGE_REPORT);
	assert_int_equal(p->limited, 0);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 62), JUDGE_LIMITED);
	assert_int_equal(counts.n[COUNT_POLICY_LIMITED], 59);
	rig_free(&r);
}

/* What was not told, because there was no room for it, was never asked. */
static void asked_again(void **state)
{
	struct rig r = rig_of("limit: {count: 1, period: 1min}\napproved:\n  - {name: Zoom, apps: [Zoom]}\n");

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		alert_of(&e, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7");
		strcpy(e.alert.app, "Zoom");
		assert_int_equal(judge_alert(r.judge, &e, 3, true, i), JUDGE_REPORT);
	}
	assert_int_equal(counts.n[COUNT_POLICY_EXCEPTED], 0);
	judge_told(r.judge);
	judge_told(r.judge);
	assert_int_equal(counts.n[COUNT_POLICY_EXCEPTED], 1);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 5), JUDGE_LIMITED);
	for (unsigned i = 0; i < 5; i++) {
		alert_of(&e, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7");
		assert_int_equal(judge_alert(r.judge, &e, 3, true, 61 * SECOND), JUDGE_REPORT);
		assert_int_equal(e.alert.policy.limited, 1);
	}
	judge_told(r.judge);
	assert_true(judge_untold(r.judge) == 0);
	rig_free(&r);
}

static void thresholds(void **state)
{
	struct rig r = rig_of("threshold:\n"
	    "  - {kinds: [hole-punch-attempt], type: both, count: 3, seconds: 60}\n"
	    "  - {kinds: [hole-punch], type: threshold, count: 3, seconds: 60, track: by_dst}\n"
	    "  - {kinds: [turn-relay], type: limit, count: 1, seconds: 60, track: by_both}\n"
	    "  - {kinds: [p2p-media], type: limit, count: 1, seconds: 60, track: by_rule}\n"
	    "limit: {count: 1, period: 1h, severity: 1}\n");
	unsigned through = 0;

	(void)state;
	for (unsigned i = 0; i < 10; i++)
		through += judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.1", "203.0.113.7", i) == JUDGE_REPORT;
	assert_int_equal(through, 1);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.1", "203.0.113.7", 60), JUDGE_LIMITED);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.1", "203.0.113.7", 61), JUDGE_LIMITED);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.1", "203.0.113.7", 62), JUDGE_REPORT);
	assert_int_equal(e.alert.policy.limited, 9);		/* 7 of the first minute, 2 of the second */
	through = 0;
	for (unsigned i = 0; i < 9; i++)		/* from anybody to one far end: every third */
		through += judged(&r, KIND_HOLE_PUNCH, i % 2 ? "10.0.0.1" : "10.0.0.2", "203.0.113.7", i) == JUDGE_REPORT;
	assert_int_equal(through, 3);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 1), JUDGE_REPORT);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 1), JUDGE_LIMITED);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.8", 1), JUDGE_REPORT);
	assert_int_equal(judged(&r, KIND_TURN_RELAY, "10.0.0.2", "203.0.113.7", 1), JUDGE_REPORT);
	assert_int_equal(judged(&r, KIND_P2P_MEDIA, "10.0.0.1", "203.0.113.7", 1), JUDGE_REPORT);
	assert_int_equal(judged(&r, KIND_P2P_MEDIA, "10.0.0.2", "203.0.113.8", 1), JUDGE_LIMITED);
	assert_int_equal(judged(&r, KIND_SKYPE, "10.0.0.2", "203.0.113.8", 1), JUDGE_REPORT);	/* the general one */
	assert_int_equal(judged(&r, KIND_SKYPE, "10.0.0.2", "203.0.113.8", 2), JUDGE_LIMITED);
	rig_free(&r);
}

/* More hosts than are remembered: what was held back of the forgotten is still counted. */
static void many_hosts(void **state)
{
	struct rig r = rig_of("limit: {count: 1, period: 1d}\n");
	uint64_t reported = 0, asked = 0;
	char host[32];

	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		for (unsigned k = 0; k < 3; k++) {
			snprintf(host, sizeof host, "10.1.%u.%u", i / 256, i % 256);
			asked++;
			reported += judged(&r, KIND_TURN_RELAY, host, "203.0.113.7", asked / 100) == JUDGE_REPORT;
		}
	assert_true(reported >= 20000);
	assert_true(counts.n[COUNT_POLICY_LIMITED] == asked - reported);
	assert_true(judge_untold(r.judge) == asked - reported);
	rig_free(&r);
}

struct seen {
	unsigned n[4], by_rule, changed;
};

static void note_ruling(void *ctx, const struct event *event, const struct ruling *r)
{
	struct seen *s = ctx;

	s->n[r->judgement]++;
	s->by_rule += r->held_by >= 0;
	s->changed += r->covered_by >= 0 && r->severity_before < event->alert.severity;
}

static void rulings_and_print(void **state)
{
	struct rig r = rig_of("approved:\n  - {name: Meetings, peers: [203.0.113.0/24]}\nsuppress:\n  - {inside: [10.0.0.9]}\n"
	    "networks:\n  - {name: office, nets: [10.0.0.0/24], classification: RESTRICTED}\n"
	    "threshold:\n  - {kinds: [skype], type: limit, count: 1, seconds: 60}\nlimit: {count: 1, period: 1min, severity: 3}\n");
	struct seen seen = {0};
	char *text = NULL;
	size_t n;
	FILE *f;

	(void)state;
	judge_on_ruling(r.judge, note_ruling, &seen);
	judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 0);
	judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 1);
	judged(&r, KIND_TURN_RELAY, "10.0.0.1", "203.0.113.7", 1);
	judged(&r, KIND_TURN_RELAY, "10.0.0.9", "203.0.113.7", 1);
	judged(&r, KIND_SKYPE, "10.0.0.1", "198.51.100.7", 1);
	judged(&r, KIND_SKYPE, "10.0.0.1", "198.51.100.7", 1);
	assert_int_equal(seen.n[JUDGE_REPORT], 2);
	assert_int_equal(seen.n[JUDGE_SUPPRESSED], 1);
	assert_int_equal(seen.n[JUDGE_LIMITED], 3);
	assert_int_equal(seen.by_rule, 2);
	assert_int_equal(seen.changed, 4);
	f = open_memstream(&text, &n);
	judge_print(r.judge, f);
	fclose(f);
	assert_string_equal(text,
	    "\nNetworks                     alerts  severity\n"
	    "  office                          2  1         RESTRICTED\n"
	    "\nPolicy                       alerts\n"
	    "  Meetings                        4  made informational (approved)\n"
	    "  suppress[0], line 4             1  suppressed (suppress)\n"
	    "  threshold[0], line 8            1  held back (threshold)\n"
	    "\nHeld back by limits, of       alerts\n"
	    "  10.0.0.1                        2  turn-relay\n"
	    "  10.0.0.1                        1  threshold[0], line 8\n");
	free(text);
	rig_free(&r);
	r = rig_of("");
	f = open_memstream(&text, &n);
	judge_print(r.judge, f);
	fclose(f);
	assert_string_equal(text, "");
	free(text);
	rig_free(&r);
	judge_free(NULL);
}

/* Another policy takes over: what was counted for a host goes on, if its rule is still there. */
static void limits_go_on_under_another_policy(void **state)
{
	static const char old_text[] = "limit: {count: 2, period: 1h}\nthreshold:\n  - {name: chatty, inside: [10.0.0.9], type: limit, track: by_src, count: 1, seconds: 3600}\n"
	    "  - {name: gone, inside: [10.0.0.8], type: limit, track: by_src, count: 1, seconds: 3600}\n";
	static const char new_text[] = "networks: [{name: all, nets: [10.0.0.0/8]}]\nlimit: {count: 2, period: 1h}\nthreshold:\n"
	    "  - {name: another, inside: [10.0.0.7], type: limit, track: by_src, count: 1, seconds: 3600}\n"
	    "  - {name: chatty, inside: [10.0.0.9], type: limit, track: by_src, count: 1, seconds: 3600}\n";
	struct rig r = rig_of(old_text), n;
	uint64_t untold;

	(void)state;
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.1", "203.0.113.1", 1), JUDGE_REPORT);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.9", "203.0.113.1", 1), JUDGE_REPORT);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.9", "203.0.113.1", 2), JUDGE_LIMITED);
	assert_int_equal(judged(&r, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.8", "203.0.113.1", 2), JUDGE_REPORT);
	untold = judge_untold(r.judge);
	assert_int_equal(untold, 1);
	n = rig_of(new_text);
	judge_inherit(n.judge, r.judge);
	rig_free(&r);
	assert_int_equal(judge_untold(n.judge), untold);
	assert_int_equal(judged(&n, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.9", "203.0.113.1", 3), JUDGE_LIMITED);
	assert_int_equal(judged(&n, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.1", "203.0.113.1", 3), JUDGE_REPORT);	/* its second */
	assert_int_equal(judged(&n, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.1", "203.0.113.1", 4), JUDGE_LIMITED);
	assert_int_equal(judged(&n, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.8", "203.0.113.1", 4), JUDGE_REPORT);
	assert_int_equal(judge_untold(n.judge), untold + 2);
	rig_free(&n);
	n = rig_of("");
	r = rig_of(old_text);
	judge_inherit(n.judge, r.judge);
	rig_free(&r);
	assert_int_equal(judged(&n, KIND_HOLE_PUNCH_ATTEMPT, "10.0.0.9", "203.0.113.1", 5), JUDGE_REPORT);
	rig_free(&n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_go_on_under_another_policy),
		cmocka_unit_test(the_empty_one_changes_nothing),
		cmocka_unit_test(a_network_gives_zone_and_controls),
		cmocka_unit_test(an_approved_service),
		cmocka_unit_test(exceptions_hold_until_they_expire),
		cmocka_unit_test(filters),
		cmocka_unit_test(the_general_limit),
		cmocka_unit_test(asked_again),
		cmocka_unit_test(thresholds),
		cmocka_unit_test(many_hosts),
		cmocka_unit_test(rulings_and_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
