/* sentence_test.c -- each alert as the sentence that a person reads first. A path is there since it was proved, 03:04:12; what
 * was tried or asked, since the session began, 03:04:05. */
#include "../../test.h"

#include "../../../sensor/session/sentence.h"

static struct endpoint at(const char *address, uint16_t port)
{
	struct endpoint e = {.port = port};

	assert_true(addr_parse(address, &e.addr));
	return e;
}

struct told {
	struct event_alert a;
	struct session s;
	struct leg l;
};

static struct told *told(enum kind kind)
{
	struct told *t = calloc(1, sizeof *t);

	t->a.kind = kind;
	t->a.local = at("10.1.0.10", 50123);
	t->a.peer = at("203.0.113.77", 41641);
	t->a.has_peer = true;
	t->a.peers_total = 1;
	t->a.relay = at("203.0.113.3", 3478);
	t->s.start_ts_ns = 1767323045ULL * 1000000000;	/* 2026-01-02 03:04:05 UTC */
	t->l.role_ts_ns = t->s.start_ts_ns + 7000000000;
	t->l.key.remote = at("203.0.113.5", 3478);
	return t;
}

static void reads(struct told *t, bool with_leg, const char *want)
{
	sentence_write(&t->a, &t->s, with_leg ? &t->l : NULL);
	assert_string_equal(t->a.summary, want);
}

static void a_direct_path(void **state)
{
	struct told *t = told(KIND_HOLE_PUNCH);

	(void)state;
	t->l.role = ROLE_PEER;
	reads(t, true, "10.1.0.10:50123 has a direct path to 203.0.113.77:41641 since 03:04:12 UTC: checks answered both ways");
	t->l.talk[IN].data_packets = t->l.talk[OUT].data_packets = 2;
	reads(t, true, "10.1.0.10:50123 has a direct path to 203.0.113.77:41641 since 03:04:12 UTC: checks and data both ways");
	t->l.one_way = true;
	reads(t, true, "10.1.0.10:50123 has a direct path to 203.0.113.77:41641 since 03:04:12 UTC: "
	    "answers to checks, one direction seen");
	t->l.followed = true;
	reads(t, true, "10.1.0.10:50123 has a direct path to 203.0.113.77:41641 since 03:04:12 UTC: "
	    "data both ways after it asked a STUN server, no ICE");
	free(t);
}

/* Which port was opened: what the gateway gave says more than what it was asked for. */
static void port_mappings(void **state)
{
	struct told *t = told(KIND_NAT_TRAVERSAL);
	struct evidence *e = t->a.evidence;

	(void)state;
	t->a.has_peer = false;
	strcpy(t->a.rule_title, "port mappings");
	t->a.n_evidence = 1;
	strcpy(e[0].name, "portmap.request");
	strcpy(e[0].value, "udp port 8080");
	reads(t, true, "10.1.0.10:50123 tries to get through the NAT with port mappings since 03:04:05 UTC, through 203.0.113.5:3478: udp port 8080");
	t->a.n_evidence = 3;
	strcpy(e[1].name, "portmap.answer");
	strcpy(e[1].value, "udp port 8080 at port 40000");
	strcpy(e[2].name, "upnp.request");
	strcpy(e[2].value, "TCP port 40001");
	reads(t, true, "10.1.0.10:50123 tries to get through the NAT with port mappings since 03:04:05 UTC, through 203.0.113.5:3478: "
	    "udp port 8080 at port 40000; TCP port 40001");
	memset(t->a.rule_title, 'x', 90);
	memset(e[2].value, 'y', 63);
	sentence_write(&t->a, &t->s, &t->l);
	assert_non_null(strstr(t->a.summary, "40000; more in the evidence"));
	free(t);
}

/* What is sent to a group is an announcement to the own network. */
static void a_group(void **state)
{
	struct told *t = told(KIND_P2P_FILESHARING);

	(void)state;
	t->a.has_peer = false;
	strcpy(t->a.app, "BitTorrent");
	t->l.key.remote = at("239.192.152.143", 6771);
	reads(t, true, "10.1.0.10:50123 shares files with BitTorrent since 03:04:05 UTC, asking its own network at 239.192.152.143:6771");
	free(t);
}

/* A name is said if it is sure enough; how many peers, if there are more. */
static void names_and_numbers(void **state)
{
	struct told *t = told(KIND_HOLE_PUNCH);

	(void)state;
	t->l.role = ROLE_PEER;
	strcpy(t->a.app, "WhatsApp");
	t->a.app_confidence = 90;
	t->a.peers_total = 3;
	reads(t, true, "10.1.0.10:50123 has a direct WhatsApp path to 203.0.113.77:41641 and 2 more since 03:04:12 UTC: "
	    "checks answered both ways");
	t->a.app_confidence = 29;
	reads(t, true, "10.1.0.10:50123 has a direct path to 203.0.113.77:41641 and 2 more since 03:04:12 UTC: "
	    "checks answered both ways");
	free(t);
}

static void a_relay(void **state)
{
	struct told *t = told(KIND_TURN_RELAY);

	(void)state;
	t->l.role = ROLE_RELAY;
	reads(t, true, "10.1.0.10:50123 uses the relay 203.0.113.3:3478 since 03:04:12 UTC, to reach 203.0.113.77:41641");
	t->a.has_peer = false;
	reads(t, true, "10.1.0.10:50123 was given an address on the relay 203.0.113.3:3478 at 03:04:12 UTC");
	strcpy(t->a.app, "Teams");
	t->a.app_confidence = 90;
	reads(t, true, "10.1.0.10:50123 was given an address on the Teams relay 203.0.113.3:3478 at 03:04:12 UTC");
	t->l.role = ROLE_FAR_RELAY;
	reads(t, true, "10.1.0.10:50123 talks Teams through the far end's relay 203.0.113.3:3478 since 03:04:12 UTC");
	free(t);
}

static void lesser_kinds(void **state)
{
	struct told *t = told(KIND_HOLE_PUNCH_ATTEMPT);

	(void)state;
	reads(t, true, "10.1.0.10:50123 tried to reach 203.0.113.77:41641 directly since 03:04:05 UTC: no path was seen");
	t->a.kind = KIND_CONFERENCE;
	t->l.role = ROLE_SERVICE;
	reads(t, true, "10.1.0.10:50123 is connected to the service 203.0.113.77:41641 since 03:04:12 UTC: "
	    "it answers checks as a service does");
	t->a.kind = KIND_STUN_DISCOVERY;
	t->l.role = ROLE_SERVER;
	reads(t, true, "10.1.0.10:50123 asked 203.0.113.5:3478 for its public address at 03:04:05 UTC");
	t->l.asked = 1;
	reads(t, true, "10.1.0.10:50123 asked 203.0.113.5:3478 for an address on a relay at 03:04:05 UTC");
	t->a.n_mapped = 1;
	t->a.mapped[0] = at("198.51.100.1", 50123);
	reads(t, true, "10.1.0.10:50123 asked 203.0.113.5:3478 for its public address at 03:04:05 UTC and learnt 198.51.100.1:50123");
	free(t);
}

/* What signatures claim: no more than was seen, and nothing twice. */
static void what_signatures_claim(void **state)
{
	struct told *t = told(KIND_RELAY_TUNNEL);

	(void)state;
	t->a.path = PATH_RELAY;
	strcpy(t->a.rule_title, "QUIC through a media relay");
	reads(t, true, "10.1.0.10:50123 tunnels QUIC through a media relay since 03:04:05 UTC: towards 203.0.113.77:41641, "
	    "by the relay 203.0.113.3:3478");
	strcpy(t->a.app, "Example");
	reads(t, true, "10.1.0.10:50123 tunnels Example through a media relay since 03:04:05 UTC: towards 203.0.113.77:41641, "
	    "by the relay 203.0.113.3:3478");
	t->a.has_peer = false;
	reads(t, true, "10.1.0.10:50123 tunnels Example through a media relay since 03:04:05 UTC, through 203.0.113.5:3478");
	t->a.kind = KIND_VOIP_APP;
	reads(t, true, "10.1.0.10:50123 uses Example since 03:04:05 UTC, through 203.0.113.5:3478");
	t->a.kind = KIND_NAT_TRAVERSAL;
	t->a.path = PATH_SERVER;
	reads(t, true, "10.1.0.10:50123 tries to get through the NAT with Example since 03:04:05 UTC, through 203.0.113.5:3478");
	t->a.has_peer = true;
	t->a.path = PATH_DIRECT;
	reads(t, true, "10.1.0.10:50123 gets through the NAT with Example since 03:04:05 UTC: a direct path to 203.0.113.77:41641");
	free(t);
}

/* The longest there can be is whole: nothing of it is cut. */
static void the_longest_fits(void **state)
{
	struct told *t = told(KIND_HOLE_PUNCH);

	(void)state;
	t->a.local = at("2001:1111:2222:3333:4444:5555:6666:7777", 65535);
	t->a.peer = at("2002:1111:2222:3333:4444:5555:6666:8888", 65535);
	t->a.peers_total = UINT32_MAX;
	memset(t->a.app, 'A', sizeof t->a.app - 1);
	t->a.app_confidence = 100;
	t->l.followed = true;
	sentence_write(&t->a, &t->s, &t->l);
	assert_non_null(strstr(t->a.summary, "[2002:1111:2222:3333:4444:5555:6666:8888]:65535 and 4294967294 more"));
	assert_non_null(strstr(t->a.summary, "asked a STUN server, no ICE"));
	free(t);
}

static void an_installation(void **state)
{
	struct told *t = told(KIND_SKYPE);

	(void)state;
	strcpy(t->a.app, "Skype");
	sentence_write(&t->a, &t->s, &t->l);
	assert_null(strchr(t->a.summary, ';'));
	t->a.skype = (struct event_skype){.there = true, .listen_port = 13021, .version = "7.7.0.335",
	    .seen = SKYPE_SEEN_LOGGED_IN | SKYPE_SEEN_CALL};
	sentence_write(&t->a, &t->s, &t->l);
	assert_non_null(strstr(t->a.summary, "; UDP port 13021, version 7.7.0.335, logged in, call"));
	t->a.skype.seen = UINT32_MAX;
	memset(t->a.skype.version, '9', sizeof t->a.skype.version - 1);
	sentence_write(&t->a, &t->s, &t->l);
	assert_non_null(strstr(t->a.summary, "file sent"));
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(port_mappings), cmocka_unit_test(a_group),
		cmocka_unit_test(a_direct_path),
		cmocka_unit_test(names_and_numbers),
		cmocka_unit_test(a_relay),
		cmocka_unit_test(lesser_kinds),
		cmocka_unit_test(an_installation),
		cmocka_unit_test(what_signatures_claim),
		cmocka_unit_test(the_longest_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
