/* derive_skype_test.c -- the ladder, what inherits from it, roles, what is known of a host besides. */
#include "../../test.h"

#include "../../../dissectors/dissector.h"
#include "../../../sensor/session/derive.h"

#include <netinet/in.h>
#include <stdio.h>

extern const struct dissector skype_dissector;
extern const struct deriver skype_deriver;

/* What a port mapping's dissectors say. */
static const struct fact_def others[] = {
	{"portmap.internal_port", FACT_UINT, ""}, {"upnp.internal_port", FACT_UINT, ""},
};

static const uint64_t SECOND = 1000000000;
static uint16_t base, own, other;
static void *state;
static struct facts in, out;
static uint64_t now_ns, packet, flows;
static char text[4096];

static struct endpoint at(const char *ip, uint16_t port)
{
	struct endpoint e = {.port = port};

	assert_true(addr_parse(ip, &e.addr));
	return e;
}

static int setup(void **s)
{
	struct hash_key key = {{1, 2, 3}};

	(void)s;
	if (base == 0) {
		base = facts_base(skype_dissector.facts, skype_dissector.n_facts);
		own = facts_base(skype_deriver.facts, skype_deriver.n_facts);
		other = facts_base(others, 2);
	}
	state = skype_deriver.create(&key);
	now_ns = 5000 * SECOND;
	packet = flows = 0;
	return state == NULL;
}

static int teardown(void **s)
{
	(void)s;
	skype_deriver.destroy(state);
	return 0;
}

static int id_of(const char *name)
{
	int id = fact_find(name);

	assert_true(id >= 0);
	return id;
}

/* One message: "flow local > remote", and its facts, "name", "name=number", "name=text", separated by commas. */
static void begin(uint64_t flow, uint16_t port, const char *remote_ip, uint16_t remote_port, bool from_local)
{
	facts_reset(&in);
	now_ns += SECOND / 100;
	in.base = FACT_OWN;
	in.header = (struct message){.ts_ns = now_ns, .packet = ++packet, .flow_id = flow, .flow_start_ns = now_ns,
	    .local = at("10.0.0.5", port), .remote = at(remote_ip, remote_port), .ip_proto = IPPROTO_UDP, .from_local = from_local,
	    .local_first = true, .two_way = !from_local};
}

static void say_uint(const char *name, uint64_t v)
{
	fact_uint(&in, (unsigned)id_of(name), v);
}

static void say_text(const char *name, const char *v)
{
	fact_text(&in, (unsigned)id_of(name), v);
}

static void say_flag(const char *name)
{
	fact_flag(&in, (unsigned)id_of(name));
}

/* What is derived, a line a message. */
static const char *derived(void)
{
	const struct message *m, *d;
	struct reading r;
	size_t walk = 0, seen = 0, n = 0;

	assert_true(facts_next(&in, &walk, &m));
	reading_of(&r, m);
	facts_reset(&out);
	out.header = *m;
	out.base = own;
	skype_deriver.derive(state, &r, now_ns, &out);
	text[0] = '\0';
	while (facts_next(&out, &seen, &d)) {
		char end[ENDPOINT_TEXT], value[256];
		struct fact f;
		size_t k = 0;

		n += (size_t)snprintf(text + n, sizeof text - n, "%llu:%u>%s", (unsigned long long)d->flow_id, d->local.port,
		    endpoint_text(&d->remote, end));
		while (message_next(d, &k, &f)) {
			fact_print(&f, value, sizeof value);
			n += (size_t)snprintf(text + n, sizeof text - n, ", %s", value);
		}
		n += (size_t)snprintf(text + n, sizeof text - n, "\n");
	}
	return text;
}

static const char *request(uint64_t flow, const char *ip, unsigned id, uint32_t iv, bool from_local)
{
	begin(flow, 13021, ip, 40001, from_local);
	facts_begin(&in);
	say_flag("skype.request");
	say_uint("skype.id", id & 0xffff);
	say_uint("skype.iv", iv);
	say_uint("skype.len", 26);
	return derived();
}

static const char *ask(unsigned n, unsigned id)
{
	char ip[ADDR_TEXT];

	snprintf(ip, sizeof ip, "203.0.113.%u", n);
	return request(n, ip, id, 77 * n + 1, true);
}

/* An opening of a connection. */
static const char *opening(uint64_t flow, const char *ip, const char *what, unsigned ring, bool proved)
{
	begin(100 + flow, (uint16_t)(50000 + flow), ip, 443, true);
	in.header.ip_proto = IPPROTO_TCP;
	facts_begin(&in);
	say_text("skype.opening", what);
	if (ring > 0)
		say_uint("skype.ring", ring);
	if (proved)
		fact_text(&in, FACT_FLOW_APP, "skype");
	return derived();
}

static bool has(const char *what)
{
	return strstr(text, what) != NULL;
}

/* The fourth end makes it; the three before are told, too. */
static void ladder(void **s)
{
	(void)s;
	assert_string_equal(ask(1, 0x9b90), "");
	assert_string_equal(ask(2, 0x9b92), "");
	assert_string_equal(ask(3, 0x9b94), "");
	ask(4, 0x9b96);
	assert_string_equal(text,
	    "4:13021>203.0.113.4:40001, skype.endpoint == \"ladder\", skype.listen_port == 13021, flow.app_proto == \"skype\"\n"
	    "1:13021>203.0.113.1:40001, skype.inherited, flow.app_proto == \"skype\"\n"
	    "2:13021>203.0.113.2:40001, skype.inherited, flow.app_proto == \"skype\"\n"
	    "3:13021>203.0.113.3:40001, skype.inherited, flow.app_proto == \"skype\"\n");
	ask(5, 0x1234);
	assert_string_equal(text, "5:13021>203.0.113.5:40001, skype.inherited, flow.app_proto == \"skype\"\n");
}

/* From every place, also over the end of the numbers; with steps left out; with two exchanged. */
static void ladders(void **s)
{
	static const int ways[][6] = {{0, 2, 4, 6, 0, 0}, {0, 16, 18, 34, 0, 0}, {0, 4, 2, 6, 8, 0}, {0, 1, 3, 5, 7, 0},
	    {0, 2, 2, 4, 6, 0}};

	for (unsigned start = 0; start < 65536; start += 97)
		for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
			bool found = false;

			teardown(s);
			setup(s);
			for (unsigned n = 0; n < 6; n++) {
				ask(n + 1, start + (unsigned)ways[w][n]);
				found |= has("ladder");
			}
			assert_true(found);
		}
}

static void no_ladders(void **s)
{
	static const int ways[][6] = {{0, 1, 2, 3, 4, 5}, {0, 18, 36, 54, 72, 90}, {0, 0, 0, 0, 0, 0}, {0, 100, 2, 300, 5, 7},
	    {0, 2, 4, 5, 8, 10}, {10, 8, 6, 4, 2, 0}};

	for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
		teardown(s);
		setup(s);
		for (unsigned n = 0; n < 6; n++) {
			ask(n + 1, 500 + (unsigned)ways[w][n]);
			assert_string_equal(text, "");
		}
	}
	teardown(s);
	setup(s);
	for (unsigned n = 0; n < 10; n++)	/* two ends, again and again */
		assert_string_equal(request(n, n % 2 ? "203.0.113.1" : "203.0.113.2", 2 * n, n, true), "");
	teardown(s);
	setup(s);
	for (unsigned n = 0; n < 10; n++)	/* one IV for all */
		assert_string_equal(request(n, n % 2 ? "203.0.113.1" : "203.0.113.9", 2 * n, 5, true), "");
	teardown(s);
	setup(s);
	for (unsigned n = 1; n < 10; n++) {	/* too slow */
		assert_string_equal(ask(n, 2 * n), "");
		now_ns += 61 * SECOND;
	}
	for (unsigned n = 1; n < 10; n++) {	/* they ask us */
		char ip[ADDR_TEXT];

		snprintf(ip, sizeof ip, "203.0.113.%u", n);
		assert_string_equal(request(n, ip, 2 * n, n, false), "");
	}
}

static void proved_by_one_flow(void **s)
{
	static const char *const proofs[] = {"skype.repeated", "skype.nak", "skype.resend", "skype.media"};

	for (size_t i = 0; i < 4; i++) {
		teardown(s);
		setup(s);
		ask(1, 7);
		begin(2, 13021, "203.0.113.9", 1234, i == 0);
		facts_begin(&in);
		if (i == 1)
			say_uint("skype.nak", 1);
		else if (i == 3)
			say_text("skype.media", "call");
		else
			say_flag(proofs[i]);
		derived();
		assert_true(has(strchr(proofs[i], '.') + 1));
		assert_true(has("2:13021>203.0.113.9:1234, skype.endpoint == "));
		assert_true(has("1:13021>203.0.113.1:40001, skype.inherited"));
	}
}

/* What somebody outside sends to a socket that is silent proves nothing of it. */
static void silent(void **s)
{
	(void)s;
	begin(2, 13021, "203.0.113.9", 1234, false);
	in.header.two_way = false;
	facts_begin(&in);
	say_flag("skype.repeated");
	assert_string_equal(derived(), "");
}

static void connections(void **s)
{
	(void)s;
	assert_string_equal(opening(1, "203.0.113.50", "login-hello", 0, false), "");
	assert_string_equal(opening(2, "203.0.113.50", "exchange", 4, false), "");
	assert_string_equal(opening(3, "203.0.113.50", "exchange", 1, false), "");
	assert_string_equal(opening(4, "203.0.113.3", "exchange", 0, false), "");
	for (unsigned n = 1; n < 4; n++)
		ask(n, 2 * n);
	ask(4, 8);
	assert_true(has("101:50001>203.0.113.50:443, skype.inherited"));
	assert_true(has("102:50002>203.0.113.50:443, skype.inherited"));
	assert_false(has("103:50003"));			/* nothing but its length */
	assert_true(has("104:50004>203.0.113.3:443, skype.inherited"));	/* but that end was asked */
	opening(5, "203.0.113.60", "exchange", 3, false);
	assert_true(has("105:50005>203.0.113.60:443, skype.inherited"));
	assert_string_equal(opening(6, "203.0.113.60", "exchange", 2, false), "");
	assert_string_equal(opening(7, "203.0.113.60", "tls-hello", 16, true), "106:50006>203.0.113.60:443, skype.inherited, "
	    "flow.app_proto == \"skype\"\n");		/* now that end has proved itself */
}

/* Over before anybody knew: its end is told with its totals. */
static void over_before(void **s)
{
	(void)s;
	opening(1, "203.0.113.50", "login-hello", 0, false);
	begin(101, 50001, "203.0.113.50", 443, true);
	facts_begin(&in);
	fact_text(&in, FACT_FLOW_END, "closed");
	fact_uint(&in, FACT_FLOW_PACKETS_OUT, 5);
	fact_uint(&in, FACT_FLOW_BYTES_IN, 900);
	assert_string_equal(derived(), "");
	opening(2, "203.0.113.60", "tls-answer", 0, true);
	assert_true(has("101:50001>203.0.113.50:443, flow.end == \"closed\", flow.packets_out == 5, flow.packets_in == 0, "
	    "flow.bytes_out == 0, flow.bytes_in == 900"));
}

static void roles(void **s)
{
	(void)s;
	for (unsigned n = 1; n < 5; n++)
		ask(n, 2 * n);
	for (unsigned n = 20; n < 60; n++) {
		char ip[ADDR_TEXT];

		snprintf(ip, sizeof ip, "198.51.100.%u", n);
		for (unsigned way = 0; way < 2; way++) {
			begin(n, 13021, ip, 1000, way);
			in.header.local_first = false;
			in.header.two_way = way;
			facts_begin(&in);
			say_flag("skype.request");
			say_uint("skype.id", n * 4711 & 0xffff);
			derived();
			assert_int_equal(has("skype.role == \"supernode\""), n == 35 && way == 1);
		}
	}
	for (unsigned n = 0; n < 2; n++) {
		begin(20 + n, 13021, n ? "198.51.100.20" : "198.51.100.21", 1000, n);
		facts_begin(&in);
		say_text("skype.media", n ? "relayed-out" : "relayed-in");
		derived();
	}
	assert_true(has("skype.role == \"relay\""));
}

static void version(void **s)
{
	(void)s;
	begin(1, 5353, "203.0.113.53", 53, true);
	facts_begin(&in);
	say_text("skype.named", "7.7.0.335");
	assert_string_equal(derived(), "");
	for (unsigned n = 1; n < 4; n++)
		ask(n, 2 * n);
	ask(4, 8);
	assert_true(has("skype.client == \"7.7.0.335\""));
	ask(5, 10);
	assert_false(has("skype.client"));
	begin(9, 50009, "203.0.113.80", 80, true);
	facts_begin(&in);
	say_text("skype.version", "4.2.0.169");
	assert_string_equal(derived(), "");
	ask(6, 12);
	assert_true(has("skype.client == \"4.2.0.169\""));
}

static void mapping(void **s)
{
	(void)s;
	begin(1, 5350, "10.0.0.1", 5351, true);
	facts_begin(&in);
	say_uint("portmap.internal_port", 13021);
	derived();
	for (unsigned n = 1; n < 4; n++)
		ask(n, 2 * n);
	ask(4, 8);
	assert_true(has("skype.mapping == 13021"));
	ask(5, 10);
	assert_false(has("skype.mapping"));
}

static void bootstrap(void **s)
{
	unsigned told = 0;

	(void)s;
	for (unsigned n = 1; n < 12; n++) {
		char ip[ADDR_TEXT];

		snprintf(ip, sizeof ip, "203.0.113.%u", n);
		begin(n, 13021, ip, 33033, true);
		facts_begin(&in);
		say_flag("skype.request");
		say_uint("skype.id", 2 * n);
		say_uint("skype.iv", n);
		derived();
		told += has("skype.bootstrap == 5");
		assert_int_equal(has("skype.bootstrap"), n == 5);
	}
	assert_int_equal(told, 1);
}

/* Ten minutes of silence, and it starts anew. */
static void forgotten(void **s)
{
	(void)s;
	for (unsigned n = 1; n < 5; n++)
		ask(n, 2 * n);
	assert_true(has("ladder"));
	now_ns += 601 * SECOND;
	assert_string_equal(ask(9, 100), "");
}

/* A flood of sockets pushes out sockets, not memory; those that are known stay. */
static void flood(void **s)
{
	(void)s;
	for (unsigned n = 1; n < 5; n++)
		ask(n, 2 * n);
	for (unsigned n = 0; n < 20000; n++) {
		begin(100 + n, 0, "203.0.113.200", 40001, true);
		in.header.local.addr = addr_v4(0x0a010000 + n);
		in.header.local.port = (uint16_t)n;
		facts_begin(&in);
		say_flag("skype.request");
		say_uint("skype.id", n * 4711 & 0xffff);
		derived();
	}
	ask(9, 4000);
	assert_true(has("skype.inherited"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(ladder), T(ladders), T(no_ladders), T(proved_by_one_flow), T(silent), T(connections), T(over_before), T(roles),
		T(version), T(mapping), T(bootstrap), T(forgotten), T(flood),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
