/* policy_test.c -- the file: what it may say, every mistake at its line, what is printed loads again, config/policy.yaml. */
#include "../../test.h"

#include "sample.h"

#include <ctype.h>

static const char EXAMPLE[] = "config/policy.yaml";

static void an_empty_one(void **state)
{
	struct policy *p = policy_of("");

	(void)state;
	assert_string_equal(p->time_zone, "UTC");
	assert_int_equal(p->networks.n, 0);
	assert_int_equal(p->limit.count, 0);
	assert_int_equal(p->limit.seconds, 3600);
	assert_int_equal(p->limit.severity, 2);
	policy_free(p);
	policy_free(NULL);
}

static void everything_that_can_be_said(void **state)
{
	struct policy *p = policy_of(
	    "time_zone: +12:00\n"
	    "networks:\n"
	    "  - {name: corporate, nets: [10.0.0.0/8], classification: IN-CONFIDENCE}\n"
	    "  - name: vault\n"
	    "    nets: [10.9.0.0/16, 'fd00::/8']\n"
	    "    classification: TOP SECRET\n"
	    "    controls: [1555, 90001]\n"
	    "    severity: {turn-relay: 1, stun-discovery: 2}\n"
	    "controls:\n"
	    "  - {cid: 90001, compliance: MUST NOT, classifications: [SECRET, TOP SECRET], kinds: [hole-punch], title: ours}\n"
	    "approved:\n"
	    "  - {name: Meetings, apps: [Zoom, Webex], peers: [203.0.113.0/24]}\n"
	    "exceptions:\n"
	    "  - name: The bank\n"
	    "    kinds: [hole-punch, p2p-media]\n"
	    "    networks: [vault]\n"
	    "    inside: [10.9.1.1]\n"
	    "    hosts: ['pc-*']\n"
	    "    peers: [198.51.100.0/24]\n"
	    "    peer_names: ['*.bank.example']\n"
	    "    days: [mon, fri]\n"
	    "    hours: ['08:00-12:00', '13:00-17:00']\n"
	    "    expires: 2027-06-30\n"
	    "    owner: J. Smith\n"
	    "    reason: the contract says so\n"
	    "    ticket: SEC-77\n"
	    "suppress:\n"
	    "  - {sids: [9100001], inside: [10.1.2.3]}\n"
	    "threshold:\n"
	    "  - {sids: [9100004, 9110005], type: both, track: by_both, count: 3, seconds: 60}\n"
	    "limit: {count: 1, period: 2h, severity: 3}\n"), *again;
	char *text = NULL, *second = NULL;
	const struct network *n = policy_network(p, 1);
	const struct rule *r = policy_rule(p, EXCEPTIONS, 0);
	size_t len;
	FILE *f;

	(void)state;
	assert_int_equal(n->classification, CLASS_TOP_SECRET);
	assert_int_equal(n->controls[1], 90001);
	assert_int_equal(n->severity[KIND_TURN_RELAY], 1);
	assert_int_equal(n->severity[KIND_STUN_DISCOVERY], 2);
	assert_int_equal(n->severity[KIND_HOLE_PUNCH], 0);
	assert_int_equal(r->line, 14);
	assert_int_equal(r->kinds, 1 << KIND_HOLE_PUNCH | 1 << KIND_P2P_MEDIA);
	assert_int_equal(r->network_at[0], 1);
	assert_int_equal(r->days, 1 | 1 << 4);
	assert_int_equal(r->n_hours, 2);
	assert_int_equal(r->hours[1].from, 13 * 60);
	assert_true(r->expires_s == 1814356800);		/* 2027-06-30 12:00 UTC: the day's end in +12:00 */
	assert_int_equal(policy_rule(p, SUPPRESS, 0)->sids[0], 9100001);
	r = policy_rule(p, THRESHOLD, 0);
	assert_int_equal(r->type, THRESHOLD_BOTH);
	assert_int_equal(r->track, TRACK_BOTH);
	assert_int_equal(r->count, 3);
	assert_int_equal(p->limit.seconds, 7200);
	f = open_memstream(&text, &len);
	policy_print(p, f);
	fclose(f);
	again = policy_of(text);
	f = open_memstream(&second, &len);
	policy_print(again, f);
	fclose(f);
	assert_string_equal(text, second);
	assert_int_equal(policy_rule(again, EXCEPTIONS, 0)->network_at[0], 1);
	free(text);
	free(second);
	policy_free(p);
	policy_free(again);
}

static void mistakes_of_networks(void **state)
{
	(void)state;
	policy_wrong("networks:\n  - {nets: [10.0.0.0/8]}\n", "t.yaml:2: networks[0].name: is missing\n");
	policy_wrong("networks:\n  - {name: '', nets: [10.0.0.0/8]}\n", "t.yaml:2: networks[0].name: is empty\n");
	policy_wrong("networks:\n  - {name: a, nets: []}\n", "t.yaml:2: networks[0].nets: has too few items\n");
	policy_wrong("networks:\n  - {name: a, nets: [10.0.0.0/8]}\n  - {name: a, nets: [11.0.0.0/8]}\n",
	    "t.yaml:3: networks[1]: 'a' is a name already, in line 2\n");
	policy_wrong("networks:\n  - {name: a, nets: [10.0.0.0/8]}\n  - {name: b, nets: [11.0.0.0/8, 10.0.0.0/8]}\n",
	    "t.yaml:3: networks[1]: has a network that a has in line 2\n");
	policy_wrong("networks:\n  - {name: a, nets: [10.0.0.0/8], classification: TOPSECRET}\n",
	    "t.yaml:2: networks[0].classification: 'TOPSECRET' is not one of none, UNCLASSIFIED, IN-CONFIDENCE, SENSITIVE, RESTRICTED, "
	    "CONFIDENTIAL, SECRET, TOP SECRET; did you mean TOP SECRET?\n");
	policy_wrong("networks:\n  - {name: a, nets: [10.0.0.0/8], severity: {hole-punsh: 1, turn-relay: 4}}\n",
	    "t.yaml:2: networks[0].severity.hole-punsh: unknown key; did you mean severity.hole-punch?\n"
	    "t.yaml:2: networks[0].severity.turn-relay: '4' is out of range: 0 to 3\n");
	policy_wrong("controls:\n  - {cid: 5}\n  - {cid: 5}\n", "t.yaml: controls: CID 5 stands there twice\n");
	policy_wrong("time_zone: Pacific/Atlantis\n", "t.yaml:1: time_zone: 'Pacific/Atlantis' is not in /usr/share/zoneinfo/: write it like "
	    "Pacific/Auckland (package tzdata), UTC or +12:00\n");
}

static void mistakes_of_rules(void **state)
{
	(void)state;
	policy_wrong("approved:\n  - name: x\n    kinds: [conference]\n",
	    "t.yaml:2: approved[0].apps: which service? It needs apps, peers or peer_names\n");
	policy_wrong("approved:\n  - name: x\n    apps: [Zoom]\n    kinds: [hole-punch]\n",
	    "t.yaml:4: approved[0].kinds: an approved service has no hole-punch: write an exception that names it\n");
	policy_wrong("approved:\n  - {name: x, apps: [Zoom]}\nexceptions:\n  - {name: x, apps: [Zoom], owner: a, reason: b, expires: never}\n",
	    "t.yaml:4: exceptions[0].name: 'x' is a name already, in line 2\n");
	policy_wrong("exceptions:\n  - name: x\n    kinds: [relay-tunnel]\n    owner: a\n    reason: b\n    expires: never\n",
	    "t.yaml:3: exceptions[0].kinds: relay-tunnel cannot be approved or excepted: a tunnel in a service is none of its uses\n");
	policy_wrong("exceptions:\n  - name: x\n    apps: [Zoom]\n",
	    "t.yaml:2: exceptions[0].expires: is missing\nt.yaml:2: exceptions[0].owner: is missing\nt.yaml:2: exceptions[0].reason: is missing\n");
	policy_wrong("exceptions:\n  - name: x\n    expires: never\n    owner: a\n    reason: ''\n",
	    "t.yaml:2: exceptions[0].kinds: says nothing of what it is for, so it would hold for everything\n"
	    "t.yaml:5: exceptions[0].reason: is empty\n");
	policy_wrong("exceptions:\n  - name: x\n    apps: [Zoom]\n    owner: a\n    reason: b\n    expires: 2027-02-30\n    hours: [8-18]\n"
	    "    days: [monday]\n",
	    "t.yaml:8: exceptions[0].days: 'monday' is not one of mon, tue, wed, thu, fri, sat, sun\n");
	policy_wrong("exceptions:\n  - name: x\n    apps: [Zoom]\n    owner: a\n    reason: b\n    expires: 2027-02-30\n    hours: [8-18]\n",
	    "t.yaml:7: exceptions[0].hours: '8-18' is no part of a day: write it like 08:00-18:00\n"
	    "t.yaml:6: exceptions[0].expires: '2027-02-30' is no date: write it like 2027-06-30, or never\n");
	policy_wrong("networks:\n  - {name: corporate, nets: [10.0.0.0/8]}\nsuppress:\n  - {networks: [corporat]}\n  - {networks: [x]}\n  - {}\n",
	    "t.yaml:6: suppress[2].kinds: says nothing of what it is for, so it would hold for everything\n");
	policy_wrong("networks:\n  - {name: corporate, nets: [10.0.0.0/8]}\nsuppress:\n  - {networks: [corporat]}\n  - {networks: [x]}\n",
	    "t.yaml:4: suppress[0].networks: there is no network 'corporat'; did you mean corporate?\n"
	    "t.yaml:5: suppress[1].networks: there is no network 'x'\n");
	policy_wrong("threshold:\n  - {kinds: [turn-relay], count: 0, seconds: 60}\n",
	    "t.yaml:2: threshold[0].count: '0' is out of range: 1 to 1000000\nt.yaml:2: threshold[0].type: is missing\n");
	policy_wrong("suppress:\n  - {kinds: [hole-punhc]}\n",
	    "t.yaml:2: suppress[0].kinds: 'hole-punhc' is not one of none, stun-discovery, hole-punch-attempt, hole-punch, turn-relay, conference, "
	    "voip-app, skype, nat-traversal, p2p-filesharing, p2p-media, voip-server, relay-tunnel; did you mean hole-punch?\n");
}

/* The words of kinds are the kinds'. */
static void words_of_kinds(void **state)
{
	char text[128];

	(void)state;
	for (unsigned kind = 1; kind < KIND_N; kind++) {
		struct policy *p;

		snprintf(text, sizeof text, "suppress: [{kinds: [%s]}]\nnetworks: [{name: a, nets: [10.0.0.0/8], severity: {%s: 2}}]", kinds[kind].name,
		    kinds[kind].name);
		p = policy_of(text);
		assert_int_equal(policy_rule(p, SUPPRESS, 0)->kinds, 1u << kind);
		assert_int_equal(policy_network(p, 0)->severity[kind], 2);
		policy_free(p);
	}
}

static void collect(void *ctx, const char *line)
{
	strcat(strcat(ctx, line), "\n");
}

static void warnings(void **state)
{
	char said[1024] = "";
	struct policy *p = policy_of("approved:\n  - {name: a, apps: [Zoom]}\n  - {name: b, apps: [Zoom], expires: 2026-01-01, owner: J. Smith}\n"
	    "exceptions:\n  - {name: c, apps: [x], expires: 2026-01-10, owner: me, reason: r}\n"
	    "  - {name: d, apps: [x], expires: 2026-02-10, owner: me, reason: r}\nsuppress:\n  - {apps: [x], expires: 2025-01-10}\n");

	(void)state;
	assert_int_equal(policy_warn(p, 1767312000, collect, said), 3);	/* 2026-01-02 */
	assert_string_equal(said,
	    "t.yaml:3: approved[1] 'b' expired on 2026-01-01: it holds no longer; ask J. Smith\n"
	    "t.yaml:5: exceptions[0] 'c' expires on 2026-01-10; ask me\n"
	    "t.yaml:8: suppress[0] '' expired on 2025-01-10: it holds no longer\n");
	policy_free(p);
}

/* Every row has its line in the shipped file: a key, or a comment that shows it. */
static void the_file_shows_every_key(void **state)
{
	FILE *f = fopen(EXAMPLE, "r");
	static char text[65536];
	size_t n;

	(void)state;
	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	for (unsigned i = 0; i < policy_schema.n; i++) {
		const struct schema_row *row = &policy_schema.rows[i];

		assert_non_null(row->about);
		for (unsigned k = 0; row->item != NULL && k < row->item->n; k++) {
			const char *dot = strrchr(row->item->rows[k].key, '.');
			char key[80];

			assert_non_null(row->item->rows[k].about);
			snprintf(key, sizeof key, "%s:", dot != NULL ? dot + 1 : row->item->rows[k].key);
			if (strstr(text, key) == NULL)
				fail_msg("%s: no %s of %s", EXAMPLE, key, row->key);
		}
	}
	assert_null(strchr(text, '\t'));
}

/* As it is shipped it says nothing, and what stands in it as examples, right behind each list, is right. */
static void the_shipped_file(void **state)
{
	struct mistakes m = {.to = stderr};
	struct policy *p = policy_load(EXAMPLE, &m);
	static char text[65536], line[512];
	bool examples = false;
	FILE *f;

	(void)state;
	assert_non_null(p);
	for (enum section s = APPROVED; s < SECTIONS; s++)
		assert_int_equal(p->rules[s].n, 0);
	assert_int_equal(p->limit.count, 0);
	policy_free(p);
	f = fopen(EXAMPLE, "r");
	text[0] = '\0';
	while (fgets(line, sizeof line, f)) {
		size_t keys = strspn(line, "abcdefghijklmnopqrstuvwxyz_");

		assert_true(strlen(line) <= 121);
		examples = strcmp(line + keys, ": []\n") == 0 || (examples && strncmp(line, "#  ", 3) == 0);
		if (examples && line[0] == '#')
			strcat(text, line + 1);
		else if (examples)
			strcat(strncat(text, line, keys), ":\n");
		else if (line[0] != '#')
			strcat(text, line);
	}
	fclose(f);
	p = policy_of(text);
	for (enum section s = APPROVED; s < SECTIONS; s++)
		assert_true(p->rules[s].n > 0);
	assert_true(p->networks.n > 0 && p->controls.n > 0);
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one),
		cmocka_unit_test(everything_that_can_be_said),
		cmocka_unit_test(mistakes_of_networks),
		cmocka_unit_test(mistakes_of_rules),
		cmocka_unit_test(words_of_kinds),
		cmocka_unit_test(warnings),
		cmocka_unit_test(the_file_shows_every_key),
		cmocka_unit_test(the_shipped_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
