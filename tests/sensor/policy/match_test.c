/* match_test.c -- each thing that a rule may name, fitting and not. */
#include "../../test.h"

#include "sample.h"

#include "../../../sensor/policy/match.h"

static struct event e;

/* Does the only suppress rule, of this text, fit the event? */
static bool fits(const char *rule)
{
	char text[1024];
	struct policy *p;
	struct asked q;
	bool ok;

	snprintf(text, sizeof text, "networks:\n  - {name: all, nets: [10.0.0.0/8]}\n  - {name: lab, nets: [10.1.0.0/16]}\nsuppress: [{%s}]\n", rule);
	p = policy_of(text);
	q = match_begin(p, &e);
	ok = match_rule(&q, policy_rule(p, SUPPRESS, 0));
	policy_free(p);
	return ok;
}

static void globs(void **state)
{
	char text[2001], pattern[2001];

	(void)state;
	assert_true(match_glob("pc-*", "PC-1234"));
	assert_true(match_glob("*", ""));
	assert_true(match_glob("*.example.org", "a.b.example.org"));
	assert_false(match_glob("*.example.org", "example.org"));
	assert_true(match_glob("p?-*4", "pc-1234"));
	assert_true(match_glob("*a*b*", "xxaxxbxx"));
	assert_false(match_glob("*a*b*", "xxbxxaxx"));
	assert_false(match_glob("pc", "pc-1"));
	assert_false(match_glob("", "x"));
	assert_true(match_glob("**", "x"));
	for (unsigned i = 0; i < 2000; i++) {	/* nothing that grows with the stars */
		text[i] = 'a';
		pattern[i] = i % 2 ? '*' : 'a';
	}
	text[2000] = pattern[2000] = '\0';
	pattern[1998] = 'b';
	assert_false(match_glob(pattern, text));
}

static void what_it_is(void **state)
{
	(void)state;
	alert_of(&e, KIND_TURN_RELAY, "10.1.0.10", "203.0.113.77");
	assert_true(fits("kinds: [hole-punch, turn-relay]"));
	assert_false(fits("kinds: [hole-punch]"));
	assert_true(fits("sids: [9100004]"));
	assert_false(fits("sids: [9100003, 9110001]"));
	e.alert.rule_sid = 9110001;
	assert_true(fits("sids: [9100003, 9110001]"));
	assert_false(fits("apps: [Zoom]"));
	strcpy(e.alert.app, "Zoom");
	assert_true(fits("apps: [webex, zoom]"));
	assert_false(fits("apps: [Zoom], kinds: [hole-punch]"));
	e.alert.n_other_apps = 1;		/* it speaks like another one, too */
	strcpy(e.alert.other_apps[0], "Tox");
	assert_false(fits("apps: [webex, zoom]"));
	assert_true(fits("apps: [tox, zoom]"));
	assert_true(fits("kinds: [voip-app, turn-relay, hole-punch, conference, stun-discovery, hole-punch-attempt]"));
	e.alert.app[0] = '\0';
	assert_true(fits("apps: [tox, zoom]"));
	assert_false(fits("apps: [zoom]"));
	strcpy(e.alert.app, "Zoom");
	e.alert.n_other_apps = 0;
}

static void who_inside(void **state)
{
	(void)state;
	alert_of(&e, KIND_HOLE_PUNCH, "10.1.0.10", "203.0.113.77");
	assert_true(fits("networks: [lab]"));
	assert_false(fits("networks: [all]"));		/* the smallest one it is in */
	assert_true(fits("networks: [all, lab]"));
	assert_true(fits("inside: [10.1.0.10]"));
	assert_true(fits("inside: [192.0.2.0/24, 10.0.0.0/8]"));
	assert_false(fits("inside: [10.1.0.11]"));
	assert_false(fits("hosts: ['pc-*']"));		/* no name is known */
	assert_false(fits("hosts: ['*']"));
	strcpy(e.alert.host_name, "pc-1234");
	assert_true(fits("hosts: [srv, 'pc-*']"));
	assert_false(fits("hosts: [srv]"));
	alert_of(&e, KIND_HOLE_PUNCH, "192.0.2.10", "203.0.113.77");
	assert_false(fits("networks: [all, lab]"));
}

static void who_outside(void **state)
{
	struct event_alert *a = &e.alert;

	(void)state;
	alert_of(&e, KIND_HOLE_PUNCH, "10.1.0.10", "203.0.113.77");
	assert_true(fits("peers: [203.0.113.0/24]"));
	assert_false(fits("peers: [203.0.113.0/26]"));
	a->peers[a->n_peers++] = sample_at("198.51.100.7", 5000);
	a->peers_total++;
	assert_false(fits("peers: [203.0.113.0/24]"));		/* one of them is elsewhere */
	assert_true(fits("peers: [203.0.113.0/24, 198.51.100.0/24]"));
	a->peers_total++;
	assert_false(fits("peers: [203.0.113.0/24, 198.51.100.0/24]"));	/* one is not listed */
	assert_false(fits("peer_names: ['*.example.net']"));
	strcpy(a->far_name, "a.example.net");
	assert_true(fits("peer_names: ['*.example.net']"));
	alert_of(&e, KIND_STUN_DISCOVERY, "10.1.0.10", "203.0.113.77");
	assert_true(fits("peers: [203.0.113.77]"));		/* the server that was asked */
	alert_of(&e, KIND_TURN_RELAY, "10.1.0.10", "203.0.113.77");
	assert_true(fits("peers: [203.0.113.77]"));		/* the relay, whoever is behind it */
	assert_false(fits("peers: [192.0.2.0/24]"));		/* who is behind it */
	a->n_servers = 2;
	a->servers[0] = (struct event_server){.at = sample_at("198.51.100.1", 3478)};
	a->servers[1] = (struct event_server){.at = sample_at("203.0.113.77", 3478), .relay = true};
	assert_true(fits("peers: [203.0.113.77]"));
	a->servers[0].relay = true;
	assert_false(fits("peers: [203.0.113.77]"));		/* another relay, too */
	a->servers[0].relay = false;
	a->n_servers = EVENT_SERVERS;
	assert_false(fits("peers: [203.0.113.77]"));		/* there may be more of them */
}

static void when(void **state)
{
	(void)state;
	alert_of(&e, KIND_HOLE_PUNCH, "10.1.0.10", "203.0.113.77");	/* Friday, 03:04:05 */
	assert_true(fits("inside: [10.0.0.0/8], days: [fri]"));
	assert_false(fits("inside: [10.0.0.0/8], days: [mon, sat]"));
	assert_true(fits("inside: [10.0.0.0/8], hours: ['22:00-06:00']"));
	assert_true(fits("inside: [10.0.0.0/8], hours: ['22:00-06:00'], days: [thu]"));
	assert_false(fits("inside: [10.0.0.0/8], hours: ['22:00-06:00'], days: [fri]"));
	assert_false(fits("inside: [10.0.0.0/8], hours: ['08:00-18:00']"));
}

static void networks(void **state)
{
	struct policy *p = policy_of("networks:\n  - {name: a, nets: [10.0.0.0/8, 'fd00::/8']}\n  - {name: b, nets: [10.1.2.0/24]}\n"
	    "  - {name: c, nets: [10.1.0.0/16]}\n");
	struct endpoint at = sample_at("10.1.2.3", 1);

	(void)state;
	assert_int_equal(match_network(p, &at.addr), 1);
	at = sample_at("10.1.3.3", 1);
	assert_int_equal(match_network(p, &at.addr), 2);
	at = sample_at("fd12::1", 1);
	assert_int_equal(match_network(p, &at.addr), 0);
	at = sample_at("192.0.2.1", 1);
	assert_int_equal(match_network(p, &at.addr), -1);
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs),
		cmocka_unit_test(what_it_is),
		cmocka_unit_test(who_inside),
		cmocka_unit_test(who_outside),
		cmocka_unit_test(when),
		cmocka_unit_test(networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
