/* named_test.c -- names in alerts: of the host by its address, its card, another address of that card; of the far end and its
 * network, and what that makes of a direct path. */
#include "../../test.h"

#include "../../../sensor/names/names.h"
#include "../../../sensor/session/named.h"

#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

enum { OUTSIDE_PORT = 41641 };

static char hosts[64], networks[64];
static struct facts facts;
static struct counts counts;
static struct correlator *c;
static struct names *names;
static struct event_alert told;		/* the last alert */
static uint64_t packet;

static struct addr ip(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return a;
}

/* One address under a name of three labels, for a hundred seconds. */
static void answer(const char *name, struct addr far)
{
	uint8_t packed[256] = {0, 0, 0, 100, 1};
	size_t n = 5 + sizeof far.b;

	memcpy(packed + 5, far.b, sizeof far.b);
	for (unsigned i = 0; i < 3; i++) {
		size_t len = strcspn(name, ".");

		packed[n] = (uint8_t)len;
		memcpy(packed + n + 1, name, len);
		n += 1 + len;
		name += len + 1;
	}
	fact_bytes(&facts, FACT_DNS_ANSWER, cur_of(packed, n));
}

static bool sink(void *ctx, const struct event *e)
{
	(void)ctx;
	if (e->type == EVENT_ALERT)
		told = e->alert;
	return true;
}

static void header(const char *local, const char *remote, bool from_local)
{
	facts_reset(&facts);
	facts.header = (struct message){
		.ts_ns = 1767323045000000000 + ++packet * 1000000, .packet = packet, .flow_id = 7, .flow_start_ns = 1767323045000000000,
		.local = {ip(local), 50000}, .remote = {ip(remote), OUTSIDE_PORT}, .ip_proto = IPPROTO_UDP, .from_local = from_local,
		.local_first = true, .two_way = packet > 2,
	};
	facts_begin(&facts);
}

static void say(void)
{
	correlator_facts(c, &facts);
}

/* A direct path, proved by checks. `card`: the host's Ethernet address is seen. */
static void call(const char *local, const char *remote, bool card)
{
	const uint8_t mac[6] = {2, 0, 0x5e, 0x10, 0, 1};

	header(local, remote, true);
	fact_flag(&facts, FACT_FLOW_NEW);
	if (card)
		fact_bytes(&facts, FACT_HOST_MAC, cur_of(mac, 6));
	say();
	for (unsigned i = 0; i < 2; i++) {
		bool out = i == 0;

		header(local, remote, out);
		fact_flag(&facts, FACT_ICE_CHECK);
		fact_text(&facts, FACT_ICE_USERNAME, out ? "far1:near" : "near:far1");
		say();
		header(local, remote, !out);
		fact_flag(&facts, FACT_ICE_ANSWER);
		fact_flag(&facts, FACT_TX_MATCHED);
		say();
	}
}

static void start(const char *hosts_text)
{
	static struct settings s;
	static struct names_settings set = {.n_hosts = 1};
	struct mistakes m = {.to = stderr};
	FILE *f = fopen(hosts, "w");

	assert_non_null(f);
	fputs(hosts_text, f);
	fclose(f);
	snprintf(set.hosts[0], sizeof set.hosts[0], "%s", hosts);
	s.session = (struct session_settings){.sockets = 64, .legs = 64, .sessions = 64, .relays = 64, .settle_ms = 1000, .update_s = 600,
	    .idle_s = 120, .again_s = 3600, .join_s = 120, .informational = true, .severity = 3};
	names = names_new(&set, networks, &m);
	c = correlator_new(&s, NULL, &counts, sink, NULL);
	assert_non_null(names);
	assert_non_null(c);
	correlator_use_names(c, names);
	packet = 0;
	memset(&told, 0, sizeof told);
}

static void finish(void)
{
	correlator_finish(c);
	correlator_free(c);
	names_free(names);
}

static void test_host(void **state)
{
	(void)state;
	start("10.0.0.1,pc-1\n");
	call("10.0.0.1", "198.51.100.7", false);
	finish();
	assert_int_equal(told.kind, KIND_HOLE_PUNCH);
	assert_int_equal(told.severity, 1);
	assert_int_equal(told.peer_scope, SCOPE_PUBLIC);
	assert_string_equal(told.host_name, "pc-1");
	assert_non_null(strstr(told.summary, "10.0.0.1:50000 (pc-1) has a direct path to 198.51.100.7:41641"));
	start("02:00:5e:10:00:01,pc-2\n");
	call("10.0.0.2", "198.51.100.7", true);
	finish();
	assert_string_equal(told.host_name, "pc-2");
	start("02:00:5e:10:00:01,pc-2\n");
	call("10.0.0.2", "198.51.100.7", false);		/* nobody knows its card */
	finish();
	assert_string_equal(told.host_name, "");
}

/* An IPv6 address of today, and the IPv4 address that the same card has. */
static void test_joined(void **state)
{
	(void)state;
	start("10.0.0.3,pc-3\n");
	header("10.0.0.3", "198.51.100.9", true);
	fact_flag(&facts, FACT_FLOW_NEW);
	fact_bytes(&facts, FACT_HOST_MAC, cur_of("\x02\x00\x5e\x10\x00\x01", 6));
	facts.header.flow_id = 6;
	say();
	call("fd00::1234:5678:9abc:def0", "2001:db8::7", true);
	finish();
	assert_int_equal(told.kind, KIND_HOLE_PUNCH);
	assert_string_equal(told.host_name, "pc-3");
}

static void test_far_end(void **state)
{
	(void)state;
	start("");
	header("10.0.0.1", "192.0.2.53", false);
	facts_reset(&facts);
	facts_begin(&facts);
	answer("node.example.org", ip("203.0.113.77"));
	say();
	call("10.0.0.1", "203.0.113.77", false);
	finish();
	assert_int_equal(told.kind, KIND_HOLE_PUNCH);
	assert_string_equal(told.peer_name, "node.example.org");
	assert_string_equal(told.peer_org, "Rented");
	assert_int_equal(told.peer_scope, SCOPE_HOSTING);
	assert_int_equal(told.severity, 2);
	assert_non_null(strstr(told.summary, "; the far end is hosted (Rented): it may be a relay"));
	start("");
	call("10.0.0.1", "203.0.114.77", false);
	finish();
	assert_int_equal(told.peer_scope, SCOPE_SERVICE);
	assert_int_equal(told.severity, 2);
	assert_non_null(strstr(told.summary, "; the far end is a service's (Caller): it may be a relay"));
}

static void test_flow(void **state)
{
	const struct message *m;
	const struct facts *f;
	struct reading r;
	struct fact fact;
	size_t at = 0;

	(void)state;
	start("");
	header("10.0.0.1", "192.0.2.53", false);
	facts_reset(&facts);
	facts_begin(&facts);
	answer("node.example.org", ip("203.0.113.77"));
	say();
	header("10.0.0.1", "203.0.113.77", true);
	fact_flag(&facts, FACT_FLOW_NEW);
	assert_true(facts_next(&facts, &at, &m));
	reading_of(&r, m);
	f = named_flow(c, &r);
	assert_non_null(f);
	at = 0;
	assert_true(facts_next(f, &at, &m));
	assert_int_equal(m->flow_id, 7);
	assert_true(message_find(m, FACT_HOST, &fact) && cur_starts(&fact.bytes, "node.example.org", 16));
	assert_true(message_find(m, FACT_HOST_FROM, &fact) && cur_starts(&fact.bytes, "dns", 3));
	header("10.0.0.2", "203.0.113.77", true);	/* another host was told nothing */
	at = 0;
	assert_true(facts_next(&facts, &at, &m));
	reading_of(&r, m);
	assert_null(named_flow(c, &r));
	finish();
}

static int make(void **state)
{
	FILE *f;

	(void)state;
	snprintf(hosts, sizeof hosts, "/tmp/named_test-%d.csv", (int)getpid());
	snprintf(networks, sizeof networks, "/tmp/named_test-%d.yaml", (int)getpid());
	f = fopen(networks, "w");
	fputs("networks:\n  - {name: Rented, scope: hosting, prefixes: [203.0.113.0/24]}\n"
	    "  - {name: Caller, scope: service, prefixes: [203.0.114.0/24]}\n", f);
	fclose(f);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	unlink(hosts);
	unlink(networks);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_host), cmocka_unit_test(test_joined), cmocka_unit_test(test_far_end), cmocka_unit_test(test_flow),
	};

	return cmocka_run_group_tests(tests, make, clean);
}
