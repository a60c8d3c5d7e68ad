/* derive_sharing_test.c -- encrypted peers and one-sided connections: told only where something else announced them. */
#include "../../test.h"

#include "../../../dissectors/dissector.h"
#include "../../../sensor/session/derive_sharing.h"

#include <netinet/in.h>

extern const struct dissector bittorrent_dissector, irc_dissector, dcc_dissector;

static const uint64_t SECOND = 1000000000;
static void *state;
static struct facts in, out;
static uint64_t now_ns;

static struct endpoint at(const char *ip, uint16_t port)
{
	struct endpoint e = {.port = port};

	assert_true(addr_parse(ip, &e.addr));
	return e;
}

static int setup(void **s)
{
	static uint16_t base;
	struct hash_key key = {{1, 2, 3}};

	(void)s;
	if (base == 0) {
		facts_base(bittorrent_dissector.facts, bittorrent_dissector.n_facts);
		facts_base(irc_dissector.facts, irc_dissector.n_facts);
		facts_base(dcc_dissector.facts, dcc_dissector.n_facts);
		base = facts_base(sharing_deriver.facts, sharing_deriver.n_facts);
	}
	out.base = base;
	now_ns = 5000 * SECOND;
	state = sharing_deriver.create(&key);
	return state == NULL;
}

static int teardown(void **s)
{
	(void)s;
	sharing_deriver.destroy(state);
	return 0;
}

static unsigned id_of(const char *name)
{
	int id = fact_find(name);

	assert_true(id >= 0);
	return (unsigned)id;
}

/* A message: of whom, and which way. Its facts follow; then heard(). */
static void begin(uint8_t proto, struct endpoint local, struct endpoint remote, bool from_local)
{
	facts_reset(&in);
	in.base = FACT_OWN;
	in.header = (struct message){.ts_ns = now_ns, .local = local, .remote = remote, .ip_proto = proto, .from_local = from_local,
	    .local_first = true, .two_way = !from_local};
	facts_begin(&in);
}

static bool heard(const char *want)
{
	const struct message *m;
	struct reading r;
	struct fact f;
	size_t walk = 0;

	assert_true(facts_next(&in, &walk, &m));
	reading_of(&r, m);
	facts_reset(&out);
	out.header = *m;
	sharing_deriver.derive(state, &r, now_ns, &out);
	walk = 0;
	if (want == NULL)
		return out.used == 0;
	return facts_next(&out, &walk, &m) && message_find(m, id_of(want), &f);
}

static bool key_like(struct endpoint local, struct endpoint remote, bool local_first)
{
	begin(IPPROTO_TCP, local, remote, false);
	in.header.local_first = local_first;
	fact_flag(&in, id_of("bittorrent.key_like"));
	return heard("bittorrent.encrypted");
}

static void by_the_socket(void **s)
{
	struct endpoint mine = at("10.0.0.1", 6881), other = at("203.0.113.9", 40000), else_ = at("10.0.0.2", 6881);

	(void)s;
	assert_false(key_like(mine, other, false));
	begin(IPPROTO_UDP, mine, at("203.0.113.5", 6881), true);
	fact_text(&in, id_of("bittorrent.dht"), "ping");
	assert_true(heard(NULL));
	assert_true(key_like(mine, other, false));
	assert_false(key_like(else_, other, false));			/* another host's */
	now_ns += 2 * 3600 * SECOND;
	assert_false(key_like(mine, other, false));			/* long ago */
}

static void by_the_other_end(void **s)
{
	struct endpoint mine = at("10.0.0.1", 50000), peer = at("203.0.113.20", 51413);

	(void)s;
	begin(IPPROTO_UDP, at("10.0.0.1", 6881), at("203.0.113.5", 6969), false);
	fact_bytes(&in, id_of("bittorrent.peers"), cur_of("\xcb\x00\x71\x14\xc8\xd5\xcb\x00\x71\x15\xc8\xd5\xcb", 13));
	heard(NULL);
	assert_true(key_like(mine, peer, true));
	assert_true(key_like(mine, at("203.0.113.21", 51413), true));
	assert_false(key_like(mine, at("203.0.113.20", 51414), true));
}

static void by_what_an_end_says_of_itself(void **s)
{
	struct endpoint mine = at("10.0.0.1", 50000), peer = at("203.0.113.20", 51413);

	(void)s;
	begin(IPPROTO_TCP, mine, at("203.0.113.20", 1000), false);
	fact_uint(&in, id_of("bittorrent.listens"), 51413);
	heard(NULL);
	assert_true(key_like(mine, peer, true));
	begin(IPPROTO_TCP, mine, at("203.0.113.20", 1000), true);
	fact_uint(&in, id_of("bittorrent.listens"), 7000);
	heard(NULL);
	assert_true(key_like(at("10.0.0.1", 7000), at("203.0.113.99", 1), false));
	begin(IPPROTO_TCP, mine, at("203.0.113.50", 1000), true);	/* a port that was only borrowed is nobody's */
	fact_flag(&in, id_of("bittorrent.peer"));
	heard(NULL);
	assert_false(key_like(mine, at("203.0.113.99", 1), true));
	assert_true(key_like(at("10.0.0.1", 50001), at("203.0.113.50", 1000), true));
}

static void what_nobody_answered_is_not_believed(void **s)
{
	struct endpoint mine = at("10.0.0.1", 6881);

	(void)s;
	begin(IPPROTO_UDP, mine, at("203.0.113.5", 6881), false);
	in.header.two_way = false;
	facts_reset(&in);
	facts_begin(&in);
	fact_text(&in, id_of("bittorrent.dht"), "ping");
	fact_bytes(&in, id_of("bittorrent.peers"), cur_of("\xcb\x00\x71\x14\xc8\xd5", 6));
	heard(NULL);
	assert_false(key_like(mine, at("203.0.113.20", 51413), true));
}

static bool one_way(struct endpoint local, struct endpoint remote)
{
	begin(IPPROTO_TCP, local, remote, true);
	fact_flag(&in, id_of("dcc.one_way"));
	return heard("irc.dcc_connection");
}

static void by_an_offer(void **s)
{
	struct endpoint server = at("203.0.113.6", 6667), mine = at("10.0.0.1", 40000), where = at("203.0.113.77", 5000);

	(void)s;
	assert_false(one_way(at("10.0.0.1", 50000), where));
	begin(IPPROTO_TCP, mine, server, false);
	fact_endpoint(&in, id_of("irc.dcc_at"), &where);
	heard(NULL);
	assert_true(one_way(at("10.0.0.1", 50000), where));
	assert_false(one_way(at("10.0.0.2", 50000), where));
	where = at("198.51.100.1", 5001);		/* what the host says it is called outside */
	begin(IPPROTO_TCP, mine, server, true);
	fact_endpoint(&in, id_of("irc.dcc_at"), &where);
	heard(NULL);
	assert_true(one_way(at("10.0.0.1", 5001), at("203.0.113.99", 33333)));
}

static void a_flood_forgets_the_oldest(void **s)
{
	struct endpoint mine = at("10.0.0.1", 6881);
	uint8_t peers[6] = {203, 0, 113, 1, 0, 0};

	(void)s;
	for (unsigned i = 1; i < 65536; i++) {
		peers[4] = (uint8_t)(i >> 8);
		peers[5] = (uint8_t)i;
		begin(IPPROTO_UDP, mine, at("203.0.113.5", 6969), false);
		fact_bytes(&in, id_of("bittorrent.peers"), cur_of(peers, 6));
		heard(NULL);
	}
	assert_false(key_like(at("10.0.0.1", 50000), at("203.0.113.1", 1), true));
	assert_true(key_like(at("10.0.0.1", 50000), at("203.0.113.1", 65535), true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_the_socket, setup, teardown), cmocka_unit_test_setup_teardown(by_the_other_end, setup, teardown),
		cmocka_unit_test_setup_teardown(by_what_an_end_says_of_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(what_nobody_answered_is_not_believed, setup, teardown),
		cmocka_unit_test_setup_teardown(by_an_offer, setup, teardown), cmocka_unit_test_setup_teardown(a_flood_forgets_the_oldest, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
