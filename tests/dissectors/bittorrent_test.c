/* bittorrent_test.c -- one flow of BitTorrent, of every kind: what is said of it, and how little. */
#include "bittorrent_made.h"
#include "shown.h"

extern const struct dissector bittorrent_dissector;

enum { OUT = true, IN = false };

static struct shown *s;
static uint8_t waiting[2][1 << 16];
static size_t waiting_n[2];

static int setup(void **state)
{
	(void)state;
	s = shown_new(&bittorrent_dissector);
	s->packet.cut = false;
	s->packet.src.addr = s->packet.dst.addr = addr_v4(0x0a000001);
	waiting_n[0] = waiting_n[1] = 0;
	return 0;
}

static enum verdict datagram(const char *text, bool from_local)
{
	return shown_datagram(s, text, strlen(text), from_local);
}

static enum verdict utp(struct bt_made m, bool from_local)
{
	return shown_datagram(s, m.b, m.n, from_local);
}

static bool says(const char *fact)
{
	return strstr(s->text, fact) != NULL;
}

/* More of one direction; what was left is there again. */
static enum verdict stretch(const void *bytes, size_t n, bool from_local, struct input in)
{
	uint8_t *w = waiting[from_local];
	size_t *have = &waiting_n[from_local];
	enum verdict v;

	if (in.gap)
		*have = 0;
	memcpy(w + *have, bytes, n);
	*have += n;
	in.stream = true;
	s->packet.ip_proto = IPPROTO_TCP;
	v = shown_input(s, w, *have, from_local, in);
	memmove(w, w + *have - s->input.bytes.left, s->input.bytes.left);
	*have = s->input.bytes.left;
	return v;
}

static enum verdict stream(const void *bytes, size_t n, bool from_local)
{
	return stretch(bytes, n, from_local, (struct input){0});
}

/* --- the hash table --- */

#define FIND(t) "d1:ad2:id20:" BT_NODE "6:target20:" BT_HASH "e1:q9:find_node1:t2:" t "1:y1:qe"
#define GET(t) "d1:ad2:id20:" BT_NODE "9:info_hash20:" BT_HASH "e1:q9:get_peers1:t2:" t "1:v4:LT011:y1:qe"
#define FOUND(t) "d1:rd2:id20:" BT_NODE "e1:t2:" t "1:y1:re"
#define PEERS(t) "d1:rd2:id20:" BT_NODE "5:token1:x6:valuesl6:abcdef6:ghijklee1:t2:" t "1:y1:re"

static void a_query_and_its_answer(void **state)
{
	(void)state;
	assert_int_equal(datagram(FIND("aa"), OUT), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"bittorrent\" bittorrent.dht == \"find_node\"");
	assert_int_equal(datagram(FOUND("aa"), IN), V_YES);
	assert_true(says("bittorrent.dht_answer") && says("tx.matched"));
	assert_int_equal(datagram(FIND("ab"), OUT), V_YES);	/* more of the same is not told */
	assert_string_equal(s->text, "");
	assert_int_equal(datagram(FOUND("ab"), IN), V_YES);
	assert_string_equal(s->text, "");
	assert_int_equal(datagram(FIND("zz"), IN), V_YES);	/* the other end's are */
	assert_true(says("bittorrent.dht == \"find_node\""));
	assert_int_equal(datagram(FOUND("zz"), OUT), V_YES);
	assert_true(says("bittorrent.dht_answer"));
}

static void an_answer_to_nothing(void **state)
{
	(void)state;
	datagram(FIND("aa"), OUT);
	assert_int_equal(datagram(FOUND("ab"), IN), V_YES);
	assert_true(says("bittorrent.dht_orphan") && says("tx.orphan"));
	assert_false(says("bittorrent.dht_answer"));
	datagram(FOUND("aa"), OUT);		/* from who asked */
	assert_false(says("bittorrent.dht_answer"));
}

static void what_is_looked_up(void **state)
{
	(void)state;
	datagram(FIND("aa"), OUT);
	datagram(GET("ab"), OUT);
	assert_true(says("bittorrent.dht == \"get_peers\"") && says("bittorrent.info_hash == \"" BT_HASH_HEX "\""));
	datagram(PEERS("ab"), IN);
	assert_true(says("bittorrent.peers == \"abcdefghijkl\""));
	for (unsigned i = 0; i < 10; i++) {
		datagram(GET("ac"), OUT);
		datagram(PEERS("ac"), IN);
	}
	assert_string_equal(s->text, "");
	datagram("d1:ad2:id20:" BT_NODE "9:info_hash20:" BT_HASH "4:porti6881e5:token1:xe1:q13:announce_peer1:t2:ax1:y1:qe", OUT);
	assert_true(says("announce_peer") && says(BT_HASH_HEX));
}

static void captured_short(void **state)
{
	(void)state;
	assert_int_equal(shown_datagram(s, FIND("aa"), 60, OUT), V_NO);
	s->packet.cut = true;
	assert_int_equal(shown_datagram(s, FIND("aa"), 60, OUT), V_YES);
	assert_true(says("bittorrent.dht == \"cut short\""));
}

static void other_datagrams_of_a_flow_that_is_known(void **state)
{
	enum verdict v = V_MORE;
	unsigned n;

	(void)state;
	datagram(FIND("aa"), OUT);
	assert_int_equal(datagram("whatever", IN), V_MORE);
	assert_int_equal(datagram(FOUND("aa"), IN), V_YES);
	assert_true(says("bittorrent.dht_answer"));
	for (n = 0; n < 1000 && v == V_MORE; n++)
		v = datagram("whatever", IN);
	assert_int_equal(v, V_NO);
	assert_in_range(n, 100, 300);
}

static void inside_a_relay_it_is_not_looked_for(void **state)
{
	(void)state;
	s->nested = true;
	assert_int_equal(datagram(FIND("aa"), OUT), V_NO);
}

/* --- uTP --- */

static void a_connection_and_its_handshakes(void **state)
{
	(void)state;
	assert_int_equal(utp(bt_utp(4, 500, 1000, 1, 0, "", 0), OUT), V_MORE);
	assert_string_equal(s->text, "");
	assert_int_equal(utp(bt_utp(2, 500, 90000, 800, 1, "", 0), IN), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"bittorrent\" bittorrent.utp");
	assert_int_equal(utp(bt_utp(0, 501, 3000, 2, 800, BT_SHAKE, 68), OUT), V_YES);
	assert_true(says("bittorrent.peer") && says(BT_HASH_HEX) && says("bittorrent.client == \"-UT1610-\""));
	assert_int_equal(utp(bt_utp(0, 500, 93000, 801, 2, BT_SHAKE, 68), IN), V_YES);
	assert_true(says("bittorrent.peer"));
	assert_int_equal(utp(bt_utp(0, 501, 5000, 3, 801, "\xaa\xbb\xcc", 3), OUT), V_MORE);	/* the flow's data */
	assert_string_equal(s->text, "");
}

static void one_datagram_is_no_connection(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(utp(bt_utp(0, 500 + 3 * i, 1000 + i, i * 77, i * 991, "abc", 3), i & 1), V_MORE);
	assert_string_equal(s->text, "");
}

static void holes_that_are_punched(void **state)
{
	static const char extended[] = "\0\0\0\x1b\x14\0" "d1:md12:ut_holepunchi4eee";
	static const char connect[] = "\0\0\0\x0a\x14\4\1\0\xcb\0\x71\x09\x1a\xe1";

	(void)state;
	utp(bt_utp(4, 500, 1000, 1, 0, "", 0), OUT);
	utp(bt_utp(2, 500, 90000, 800, 1, "", 0), IN);
	utp(bt_utp(0, 501, 3000, 2, 800, BT_SHAKE, 68), OUT);
	utp(bt_utp(0, 500, 4000, 801, 2, BT_SHAKE, 68), IN);
	utp(bt_utp(0, 501, 3500, 3, 800, connect, sizeof connect - 1), OUT);
	assert_string_equal(s->text, "");		/* nobody wants any, yet */
	utp(bt_utp(0, 501, 3600, 4, 800, extended, sizeof extended - 1), OUT);
	utp(bt_utp(0, 500, 5000, 802, 2, connect, sizeof connect - 1), IN);
	assert_true(says("bittorrent.holepunch == \"connect\"") && says("bittorrent.holepunch_peer == 203.0.113.9:6881"));
}

/* --- trackers, search --- */

static void a_tracker_over_udp(void **state)
{
	static const uint8_t connect[16] = {0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0, 1, 2, 3, 4};
	static const uint8_t connected[16] = {0, 0, 0, 0, 1, 2, 3, 4, 9, 8, 7, 6, 5, 4, 3, 2};
	static const uint8_t announce[98] = {9, 8, 7, 6, 5, 4, 3, 2, 0, 0, 0, 1, 5, 6, 7, 8, 'h', [36] = '-', 'T', 'R', '3', '0', '0', '0', '-'};
	static const uint8_t peers[26] = {0, 0, 0, 1, 5, 6, 7, 8, 0, 0, 7, 8, [20] = 203, 0, 113, 1, 26, 225};

	(void)state;
	assert_int_equal(shown_datagram(s, connected, 16, IN), V_NO);
	assert_int_equal(shown_datagram(s, connect, 16, OUT), V_YES);
	assert_true(says("bittorrent.tracker == \"connect\""));
	assert_int_equal(shown_datagram(s, connected, 16, IN), V_YES);
	assert_true(says("bittorrent.tracker_answer") && says("tx.matched"));
	assert_int_equal(shown_datagram(s, announce, 98, OUT), V_YES);
	assert_true(says("bittorrent.tracker == \"announce\"") && says("bittorrent.client == \"-TR3000-\""));
	assert_int_equal(shown_datagram(s, peers, 26, IN), V_YES);
	assert_true(says("bittorrent.peers == 0xcb0071011ae1"));
}

static void a_search_in_the_own_network(void **state)
{
	(void)state;
	assert_int_equal(datagram("BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: " BT_HASH_HEX
	    "\r\n\r\n\r\n", OUT), V_YES);
	assert_true(says("flow.border") && says("bittorrent.search") && says("bittorrent.listens == 6881") && says(BT_HASH_HEX));
}

/* --- streams --- */

static void peers_over_tcp(void **state)
{
	static const char extended[] = "\0\0\0\x2d\x14\0" "d1:md12:ut_holepunchi9ee1:pi51413e1:v3:x 1e";

	(void)state;
	for (size_t i = 0; i < 68; i++) {		/* byte by byte */
		assert_int_not_equal(stream(&BT_SHAKE[i], 1, OUT), V_NO);
		assert_int_equal(says("bittorrent.peer"), i == 47);
	}
	assert_int_equal(stream(BT_SHAKE, 68, IN), V_YES);
	assert_true(says("bittorrent.peer") && says("-UT1610-"));
	waiting_n[OUT] = 0;
	assert_int_equal(stream(extended, sizeof extended - 1, IN), V_YES);
	assert_true(says("bittorrent.client == \"x 1\"") && says("bittorrent.listens == 51413"));
	assert_int_equal(waiting_n[IN], 0);
}

static void bulk_is_not_read_to_its_end(void **state)
{
	static uint8_t block[4 + 16393] = {0, 0, 0x40, 9, 7};
	enum verdict v = V_YES;
	unsigned n;

	(void)state;
	stream(BT_SHAKE, 68, OUT);
	stream(BT_SHAKE, 68, IN);
	for (n = 0; n < 100 && v != V_DONE; n++) {
		v = stream(block, sizeof block, IN);
		if (v != V_DONE)
			v = stream(block, sizeof block, OUT);
	}
	assert_in_range(n, 10, 40);
}

static void encrypted_first_then_in_the_clear(void **state)
{
	uint8_t noise[600];
	uint32_t x = 1;

	(void)state;
	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)((x = x * 1103515245 + 12345) >> 16);
	assert_int_equal(stream(noise, 198, OUT), V_MORE);
	assert_string_equal(s->text, "");
	assert_int_equal(stream(noise + 100, 424, IN), V_MORE);
	assert_string_equal(s->text, "bittorrent.key_like");
	assert_int_equal(stream(noise, 50, IN), V_MORE);
	assert_int_equal(stream(BT_SHAKE, 68, IN), V_YES);
	assert_true(says("bittorrent.peer") && says(BT_HASH_HEX));
}

static void encrypted_and_for_ever(void **state)
{
	uint8_t noise[1000];
	enum verdict v = V_MORE;
	uint32_t x = 1;
	unsigned n;

	(void)state;
	for (size_t i = 0; i < sizeof noise; i++)
		noise[i] = (uint8_t)((x = x * 1103515245 + 12345) >> 16);
	for (n = 0; n < 20 && v != V_NO; n++)
		v = stream(noise, sizeof noise, n & 1);
	assert_in_range(n, 5, 12);
}

static void other_streams(void **state)
{
	static const char *const none[] = {"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3 and so on, and so on, and so on, and so on, and so on.......",
		"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", "\x13" "BitTorrent protocoX and more than forty-eight bytes of something else, which is longer than a key"};

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		setup(state);
		assert_int_equal(stream(none[i], strlen(none[i]), OUT), V_NO);
	}
	setup(state);
	assert_int_equal(stretch("short", 5, OUT, (struct input){.ended = true}), V_NO);
}

static void a_tracker_over_http(void **state)
{
	static const char request[] = "GET /announce?info_hash=" BT_HASH "&peer_id=-DE13F0-VnpZRF8ZP9iv&port=63448 HTTP/1.1\r\n";

	(void)state;
	assert_int_equal(stream(request, 40, OUT), V_MORE);
	assert_int_equal(stream(request + 40, sizeof request - 41, OUT), V_YES);
	assert_true(says("bittorrent.tracker == \"announce\"") && says("bittorrent.listens == 63448") && says(BT_HASH_HEX));
	assert_int_equal(stream("more", 4, OUT), V_DONE);
}

static void from_the_middle_of_a_connection(void **state)
{
	static const uint8_t request[17] = {0, 0, 0, 13, 6, 0, 0, 0, 72, 0, 1, 0x40, 0, 0, 0, 0x40, 0};
	static const uint8_t piece[17] = {0, 0, 0x40, 9, 7, 0, 0, 0, 72, 0, 0, 0x40, 0, 1, 2, 3, 4};

	(void)state;
	assert_int_equal(stretch("noise", 5, IN, (struct input){.gap = true}), V_NO);
	assert_int_equal(stretch(request, sizeof request, OUT, (struct input){.gap = true}), V_YES);
	assert_true(says("bittorrent.block"));
	setup(state);
	assert_int_equal(stretch(piece, sizeof piece, IN, (struct input){.gap = true}), V_YES);
	assert_true(says("bittorrent.block"));
}

/* --- whatever comes --- */

static void cuts_and_flips(void **state)
{
	const struct { const char *b; size_t n; } all[] = {{FIND("aa"), sizeof FIND("aa") - 1}, {PEERS("aa"), sizeof PEERS("aa") - 1},
		{BT_SHAKE, 68}};
	uint8_t copy[512];

	(void)state;
	for (size_t k = 0; k < 3; k++)
		for (size_t i = 0; i < all[k].n; i++) {
			shown_datagram(s, all[k].b, i, i & 1);
			memcpy(copy, all[k].b, all[k].n);
			copy[i] ^= 0xff;
			shown_datagram(s, copy, all[k].n, i & 1);
			setup(state);
			stream(all[k].b, i, OUT);
			stream(copy, all[k].n, IN);
			setup(state);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_query_and_its_answer, setup), cmocka_unit_test_setup(an_answer_to_nothing, setup),
		cmocka_unit_test_setup(what_is_looked_up, setup), cmocka_unit_test_setup(captured_short, setup),
		cmocka_unit_test_setup(other_datagrams_of_a_flow_that_is_known, setup),
		cmocka_unit_test_setup(inside_a_relay_it_is_not_looked_for, setup),
		cmocka_unit_test_setup(a_connection_and_its_handshakes, setup), cmocka_unit_test_setup(one_datagram_is_no_connection, setup),
		cmocka_unit_test_setup(holes_that_are_punched, setup), cmocka_unit_test_setup(a_tracker_over_udp, setup),
		cmocka_unit_test_setup(a_search_in_the_own_network, setup), cmocka_unit_test_setup(peers_over_tcp, setup),
		cmocka_unit_test_setup(bulk_is_not_read_to_its_end, setup), cmocka_unit_test_setup(encrypted_first_then_in_the_clear, setup),
		cmocka_unit_test_setup(encrypted_and_for_ever, setup), cmocka_unit_test_setup(other_streams, setup),
		cmocka_unit_test_setup(a_tracker_over_http, setup), cmocka_unit_test_setup(from_the_middle_of_a_connection, setup),
		cmocka_unit_test_setup(cuts_and_flips, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
