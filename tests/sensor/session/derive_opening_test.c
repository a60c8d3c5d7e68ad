/* derive_opening_test.c -- sockets that punch with a protocol that nobody knows, and what only looks so. */
#include "../../../sensor/session/derive_opening.h"
#include "../../test.h"

#include <netinet/in.h>

enum { ANSWERED = FACT_OWN, PROBED };

static const uint64_t SECOND = 1000000000ULL;
static const uint32_t PEER_A = 0xcb007182, OTHER = 0xcb007150, PRIVATE = 0x0a14000b;

static void *deriver;
static struct facts in, out;
static uint64_t now_ns;

static int setup(void **state)
{
	static const struct hash_key key = {{1, 2, 3}};

	(void)state;
	deriver = opening_deriver.create(&key);
	assert_non_null(deriver);
	now_ns = 1000 * SECOND;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	opening_deriver.destroy(deriver);
	return 0;
}

static void begin(uint16_t local, uint32_t remote, uint16_t port, uint64_t start_ns)
{
	facts_reset(&in);
	in.header = (struct message){.ts_ns = now_ns, .packet = 9, .flow_id = remote * 65536ULL + port, .flow_start_ns = start_ns,
	    .local = {addr_v4(0x0a0a000b), local}, .remote = {addr_v4(remote), port}, .ip_proto = IPPROTO_UDP, .from_local = true};
	facts_begin(&in);
}

/* What is said to it, and what it says. */
static void end(void)
{
	const struct message *m;
	struct reading r;
	size_t at = 0;

	assert_true(facts_next(&in, &at, &m));
	reading_of(&r, m);
	facts_reset(&out);
	out.header = *m;
	out.base = FACT_OWN;
	opening_deriver.derive(deriver, &r, now_ns, &out);
}

/* The totals of a flow. */
static void totals(uint16_t local, uint32_t remote, uint16_t port, uint64_t sent, uint64_t came, uint64_t start_ns)
{
	begin(local, remote, port, start_ns);
	fact_uint(&in, FACT_DATA_OUT_PACKETS, sent);
	fact_uint(&in, FACT_DATA_OUT_BYTES, sent * 60);
	fact_uint(&in, FACT_DATA_IN_PACKETS, came);
	fact_uint(&in, FACT_DATA_IN_BYTES, came * 60);
	end();
}

static void label(uint16_t local, uint32_t remote, uint16_t port, const char *name)
{
	begin(local, remote, port, now_ns);
	fact_text(&in, FACT_NDPI_PROTO, name);
	end();
}

static bool told(void)
{
	return out.used > 0;
}

static void punch(uint32_t silent, uint16_t silent_port)
{
	totals(40000, silent, silent_port, 3, 0, now_ns);
	assert_false(told());
	totals(40000, PEER_A, 51000, 2, 2, now_ns);
	assert_false(told());
	totals(40000, PEER_A, 51000, 50, 50, now_ns);
}

static void one_answers(void **state)
{
	const struct message *m;
	struct fact f;
	size_t at = 0;

	(void)state;
	punch(OTHER, 52000);
	assert_true(facts_next(&out, &at, &m) && message_find(m, PROBED, &f) && f.endpoint.port == 52000);
	assert_int_equal(m->remote.port, 52000);
	assert_true(facts_next(&out, &at, &m) && message_has(m, ANSWERED));
	assert_int_equal(m->remote.port, 51000);
	assert_true(m->two_way && m->from_local);
	assert_int_equal(m->flow_id, PEER_A * 65536ULL + 51000);
	assert_false(facts_next(&out, &at, &m));
	/* Once. */
	totals(40000, PEER_A, 51000, 60, 60, now_ns);
	assert_false(told());
}

static void a_private_address(void **state)
{
	(void)state;
	/* The other end's address in its own network, behind a NAT that keeps ports. */
	punch(PRIVATE, 51000);
	assert_true(told());
}

static void servers_of_one_service(void **state)
{
	(void)state;
	punch(OTHER, 51000);
	assert_false(told());
}

static void not_at_once(void **state)
{
	(void)state;
	totals(40000, OTHER, 52000, 3, 0, now_ns - 11 * SECOND);
	totals(40000, PEER_A, 51000, 50, 50, now_ns);
	assert_false(told());
}

static void answered_all(void **state)
{
	(void)state;
	totals(40000, OTHER, 52000, 3, 0, now_ns);
	totals(40000, OTHER, 52000, 9, 1, now_ns);
	totals(40000, PEER_A, 51000, 50, 50, now_ns);
	assert_false(told());
}

static void another_socket(void **state)
{
	(void)state;
	totals(40001, OTHER, 52000, 3, 0, now_ns);
	totals(40000, PEER_A, 51000, 50, 50, now_ns);
	assert_false(told());
}

static void service_ports(void **state)
{
	(void)state;
	totals(40000, OTHER, 53, 3, 0, now_ns);
	totals(40000, PEER_A, 443, 50, 50, now_ns);
	totals(40000, PEER_A, 51000, 50, 50, now_ns);
	assert_false(told());
	totals(123, OTHER, 52000, 3, 0, now_ns);
	totals(123, PEER_A, 51000, 50, 50, now_ns);
	assert_false(told());
}

static void known_sockets(void **state)
{
	(void)state;
	begin(40000, OTHER, 3478, now_ns);
	fact_flag(&in, FACT_STUN_QUERY);
	end();
	punch(OTHER, 52000);
	assert_false(told());
	/* nDPI's word counts, but not where it takes anything for it. */
	teardown(NULL);
	setup(NULL);
	label(40000, OTHER, 27015, "Steam");
	punch(OTHER, 52000);
	assert_false(told());
	teardown(NULL);
	setup(NULL);
	label(40000, PEER_A, 51000, "RTP");
	punch(OTHER, 52000);
	assert_true(told());
}

static void a_crowd(void **state)
{
	(void)state;
	for (uint16_t i = 0; i < 9; i++)
		totals(40000, OTHER + i, (uint16_t)(52000 + i), 3, 0, now_ns);
	totals(40000, PEER_A, 51000, 50, 50, now_ns);
	assert_false(told());
}

/* More sockets than there is room for: the oldest are forgotten. */
static void a_flood(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20000; i++)
		totals((uint16_t)(1024 + i), OTHER, 52000, 3, 0, now_ns);
	totals(1024, PEER_A, 51000, 50, 50, now_ns);
	assert_false(told());
	totals((uint16_t)(1024 + 19999), PEER_A, 51000, 50, 50, now_ns);
	assert_true(told());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(one_answers), T(a_private_address), T(servers_of_one_service), T(not_at_once), T(answered_all), T(another_socket),
		T(service_ports), T(known_sockets), T(a_crowd), T(a_flood),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
