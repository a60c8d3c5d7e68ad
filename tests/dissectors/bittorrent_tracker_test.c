/* bittorrent_tracker_test.c -- trackers over UDP and HTTP, local search. */
#include "../../dissectors/bittorrent_tracker.h"
#include "../test.h"

enum { OUT = true, IN = false };

static struct udp_tracker tracker;
static struct udp_tracker_message m;

static const uint8_t connect[16] = {0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0, 1, 2, 3, 4};
static const uint8_t connected[16] = {0, 0, 0, 0, 1, 2, 3, 4, 9, 8, 7, 6, 5, 4, 3, 2};
static const uint8_t announce[98] = {9, 8, 7, 6, 5, 4, 3, 2, 0, 0, 0, 1, 5, 6, 7, 8, 'h', [36] = '-'};
static const uint8_t peers[32] = {0, 0, 0, 1, 5, 6, 7, 8, 0, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0, 2, 203, 0, 113, 1, 26, 225, 203, 0, 113, 2, 26, 225};

static int setup(void **state)
{
	(void)state;
	memset(&tracker, 0, sizeof tracker);
	return 0;
}

static enum udp_tracker_kind next(const uint8_t *bytes, size_t n, bool from_local)
{
	uint8_t *edge = edge_copy(bytes, n);
	struct cursor c = cur_of(edge, n);
	enum udp_tracker_kind kind = udp_tracker_next(&tracker, &m, c, from_local, false);

	assert_int_equal(kind == TRACKER_CONNECT, udp_tracker_connects(&c));
	edge_free(edge, n);
	return kind;
}

static void over_udp(void **state)
{
	(void)state;
	assert_int_equal(next(connect, sizeof connect, OUT), TRACKER_CONNECT);
	assert_int_equal(next(connected, sizeof connected, IN), TRACKER_ANSWER);
	assert_int_equal(next(announce, sizeof announce, OUT), TRACKER_ANNOUNCE);
	assert_int_equal(m.info_hash.left, 20);
	assert_int_equal(m.peer_id.left, 20);
	assert_int_equal(next(peers, sizeof peers, IN), TRACKER_ANSWER);
	assert_int_equal(m.peers.left, 12);
	assert_int_equal(m.peer_size, 6);
}

static void what_does_not_belong(void **state)
{
	uint8_t copy[98];

	(void)state;
	assert_int_equal(next(connected, sizeof connected, IN), TRACKER_NONE);		/* nobody asked */
	assert_int_equal(next(announce, sizeof announce, OUT), TRACKER_NONE);
	next(connect, sizeof connect, OUT);
	assert_int_equal(next(announce, sizeof announce, OUT), TRACKER_NONE);		/* not connected yet */
	assert_int_equal(next(connected, sizeof connected, OUT), TRACKER_NONE);		/* who asks does not answer */
	assert_int_equal(next(connected, 15, IN), TRACKER_NONE);
	memcpy(copy, connected, 16);
	copy[7] = 5;
	assert_int_equal(next(copy, 16, IN), TRACKER_NONE);				/* another transaction */
	next(connected, sizeof connected, IN);
	memcpy(copy, announce, 98);
	copy[0] = 1;
	assert_int_equal(next(copy, 98, OUT), TRACKER_NONE);				/* another connection */
	assert_int_equal(next(announce, 97, OUT), TRACKER_NONE);
	next(announce, 98, OUT);
	assert_int_equal(next(peers, sizeof peers - 1, IN), TRACKER_NONE);
}

static void an_answer_whose_question_was_not_shown(void **state)
{
	uint8_t copy[32];

	(void)state;
	next(connect, sizeof connect, OUT);
	assert_int_equal(next(peers, sizeof peers, IN), TRACKER_NONE);			/* no tracker yet */
	next(connected, sizeof connected, IN);
	assert_int_equal(next(peers, sizeof peers, IN), TRACKER_ANSWER);
	assert_int_equal(m.peers.left, 12);
	memcpy(copy, peers, sizeof copy);
	copy[8] = 1;
	assert_int_equal(next(copy, sizeof copy, IN), TRACKER_NONE);			/* so long nobody waits */
}

static void every_cut_and_flip(void **state)
{
	const struct { const uint8_t *b; size_t n; bool from_local; } all[] = {
		{connect, 16, OUT}, {connected, 16, IN}, {announce, 98, OUT}, {peers, 32, IN}};
	uint8_t copy[98];

	(void)state;
	for (size_t k = 0; k < 4; k++)
		for (size_t i = 0; i < all[k].n; i++) {
			next(all[k].b, i, all[k].from_local);
			memcpy(copy, all[k].b, all[k].n);
			copy[i] ^= 0xff;
			next(copy, all[k].n, all[k].from_local);
			setup(state);
			for (size_t before = 0; before < k; before++)
				next(all[before].b, all[before].n, all[before].from_local);
		}
}

static bool http(struct bt_http *h, const char *text)
{
	size_t n = strlen(text);
	uint8_t *edge = edge_copy(text, n);
	bool whole = bt_http_parse(h, cur_of(edge, n));

	edge_free(edge, n);
	return whole;
}

#define HASH "%e4%BE%9eM%b8v%e3%e3%17%97x%b0%3e90b%97%be%5c%8d"

static void over_http(void **state)
{
	struct bt_http h;

	(void)state;
	assert_true(http(&h, "GET /announce?info_hash=" HASH "&peer_id=-DE13F0-VnpZRF8ZP9iv&port=63448&left=1 HTTP/1.1\r\n"));
	assert_string_equal(h.what, "announce");
	assert_int_equal(h.port, 63448);
	assert_int_equal(h.info_hash[0], 0xe4);
	assert_int_equal(h.info_hash[19], 0x8d);
	assert_true(http(&h, "GET http://t.example/x?port=1&peer_id=a&info_hash=" HASH " HTTP/1.0\r\n"));
	assert_string_equal(h.what, "announce");
	assert_true(http(&h, "GET /scrape?info_hash=" HASH " HTTP/1.0\r\n"));
	assert_string_equal(h.what, "scrape");
	assert_true(http(&h, "GET /webseed?info_hash=" HASH "&piece=1 HTTP/1.0\r\n"));
	assert_string_equal(h.what, "webseed");
}

static void other_http(void **state)
{
	static const char *const none[] = {
		"GET / HTTP/1.1\r\n", "GET /announce?info_hash=abc&peer_id=x&port=1 HTTP/1.1\r\n",
		"GET /a?info_hash=" HASH "%00&peer_id=x&port=1 HTTP/1.1\r\n",	/* 21 bytes */
		"GET /a?info_hash=%zz4567890123456789012&peer_id=x&port=1 HTTP/1.1\r\n",
		"GET /search?q=peer_id=x&port=1 HTTP/1.1\r\n", "GET /a?info_hash=" HASH " HTTP/1.1\r\n",
	};
	struct bt_http h;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		assert_true(http(&h, none[i]));
		assert_null(h.what);
	}
	assert_false(http(&h, "GET /announce?info_hash=" HASH "&peer_id"));
	assert_false(http(&h, ""));
}

static void local_search(void **state)
{
	static const char text[] = "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 51413\r\n"
	    "Infohash: 88a690a84f153b61c072c0d55dbd250470794dbd\r\ncookie: 1\r\n\r\n\r\n";
	struct bt_search s;

	(void)state;
	assert_true(bt_search_parse(&s, cur_of(text, sizeof text - 1)));
	assert_int_equal(s.port, 51413);
	assert_int_equal(s.info_hash.left, 40);
	for (size_t i = 0; i < sizeof text; i++) {
		uint8_t *edge = edge_copy(text, i);

		bt_search_parse(&s, cur_of(edge, i));
		edge_free(edge, i);
	}
	assert_false(bt_search_parse(&s, cur_of("M-SEARCH * HTTP/1.1\r\n", 21)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(over_udp, setup), cmocka_unit_test_setup(what_does_not_belong, setup),
		cmocka_unit_test_setup(an_answer_whose_question_was_not_shown, setup), cmocka_unit_test_setup(every_cut_and_flip, setup), cmocka_unit_test(over_http), cmocka_unit_test(other_http),
		cmocka_unit_test(local_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
