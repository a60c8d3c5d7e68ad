/* bittorrent_peer_test.c -- handshakes, messages, extensions, hole punching. */
#include "../../dissectors/bittorrent_peer.h"
#include "../test.h"

#define OPENING "\x13" "BitTorrent protocol" "\0\0\0\0\0\x10\0\0"

static const char shake[] = OPENING "mnopqrstuvwxyz123456" "-UT1610-abcdefghijkl";

static void handshakes(void **state)
{
	struct cursor c, name;
	struct bt_handshake h;

	(void)state;
	for (size_t i = 1; i < sizeof shake - 1; i++) {
		uint8_t *edge = edge_copy(shake, i);

		c = cur_of(edge, i);
		assert_true(bt_handshake_begins(&c));
		assert_int_equal(bt_handshake_take(&h, &c), i >= BT_HANDSHAKE_LEAST);
		assert_int_equal(c.left, i >= BT_HANDSHAKE_LEAST ? i - BT_HANDSHAKE_LEAST : i);
		edge_free(edge, i);
	}
	c = cur_of(shake, sizeof shake - 1);
	assert_true(bt_handshake_take(&h, &c));
	assert_int_equal(c.left, 0);
	assert_true(cur_starts(&h.info_hash, "mnopqrstuvwxyz123456", 20));
	assert_true(bt_client(h.peer_id, &name));
	assert_true(cur_starts(&name, "-UT1610-", 8));
	assert_false(bt_client(cur_of("M7-2-2--", 8), &name));
	assert_false(bt_client(cur_of("-UT", 3), &name));
	assert_false(bt_client(cur_of("-UT\1\2\3\4-", 8), &name));
}

static void handshakes_further_on(void **state)
{
	char buffer[200] = {0};
	size_t n = sizeof shake - 1;

	(void)state;
	memcpy(buffer + 100, shake, n);
	assert_int_equal(bt_handshake_find(cur_of(buffer, sizeof buffer)), 100);
	assert_int_equal(bt_handshake_find(cur_of(buffer, 119)), 119);
	assert_int_equal(bt_handshake_find(cur_of(buffer, 0)), 0);
}

static void messages(void **state)
{
	static const uint8_t stream[] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 5, 4, 0, 0, 0, 7, 0, 0, 0, 4, 20, 3, 'h', 'i', 0, 0, 0, 1, 2};
	struct bt_walk w = {0};
	struct cursor c = cur_of(stream, sizeof stream), body;
	uint8_t number;

	(void)state;
	assert_int_equal(bt_walk_next(&w, &c, &number, &body), BT_NEXT_EXTENDED);
	assert_int_equal(number, 3);
	assert_true(body.left == 2 && cur_starts(&body, "hi", 2));
	assert_int_equal(bt_walk_next(&w, &c, &number, &body), BT_NEXT_MORE);
	assert_int_equal(c.left, 0);
	for (size_t i = 0; i < sizeof stream; i++) {	/* in two pieces, wherever they are cut */
		unsigned found = 0;

		w = (struct bt_walk){0};
		c = cur_of(stream, i);
		found += bt_walk_next(&w, &c, &number, &body) == BT_NEXT_EXTENDED;
		c = cur_of(stream + i - c.left, sizeof stream - i + c.left);
		found += bt_walk_next(&w, &c, &number, &body) == BT_NEXT_EXTENDED;
		assert_int_equal(found, 1);
	}
}

static void what_are_no_messages(void **state)
{
	static const uint8_t id[] = {0, 0, 0, 5, 200, 1, 2, 3, 4}, length[] = {0x17, 3, 3, 0, 20};
	struct bt_walk w = {0};
	struct cursor c = cur_of(id, sizeof id), body;
	uint8_t number;

	(void)state;
	assert_int_equal(bt_walk_next(&w, &c, &number, &body), BT_NEXT_LOST);
	w = (struct bt_walk){0};
	c = cur_of(length, sizeof length);
	assert_int_equal(bt_walk_next(&w, &c, &number, &body), BT_NEXT_LOST);
}

static void long_messages_are_skipped(void **state)
{
	uint8_t block[4 + 16393] = {0, 0, 0x40, 9, 7};
	struct bt_walk w = {0};
	struct cursor c = cur_of(block, 1000), body;
	uint8_t number;

	(void)state;
	assert_int_equal(bt_walk_next(&w, &c, &number, &body), BT_NEXT_MORE);
	assert_int_equal(c.left, 0);
	c = cur_of(block + 1000, sizeof block - 1000);
	assert_int_equal(bt_walk_next(&w, &c, &number, &body), BT_NEXT_MORE);
	assert_int_equal(w.skip, 0);
	assert_int_equal(w.seen, sizeof block);
}

static void extensions(void **state)
{
	static const char all[] = "d1:ei0e1:md11:ut_metadatai2e12:ut_holepunchi4ee1:pi6881e1:v5:x 1.0e";
	struct bt_extensions x;

	(void)state;
	assert_true(bt_extensions_parse(&x, cur_of(all, sizeof all - 1)));
	assert_int_equal(x.holepunch, 4);
	assert_int_equal(x.port, 6881);
	assert_true(x.client.left == 5 && cur_starts(&x.client, "x 1.0", 5));
	for (size_t i = 0; i < sizeof all - 1; i++) {
		uint8_t *edge = edge_copy(all, i);

		assert_false(bt_extensions_parse(&x, cur_of(edge, i)));
		edge_free(edge, i);
	}
	assert_true(bt_extensions_parse(&x, cur_of("d1:mde1:pi70000ee", 17)));
	assert_int_equal(x.port, 0);
}

static void punches(void **state)
{
	static const uint8_t connect[] = {1, 0, 203, 0, 113, 9, 0x1a, 0xe1}, error[] = {2, 0, 203, 0, 113, 9, 0x1a, 0xe1, 0, 0, 0, 2};
	static const uint8_t six[20] = {0, 1, 0x20, 1, 0x0d, 0xb8, [18] = 0x1a, [19] = 0xe1};
	struct endpoint peer;
	char text[ENDPOINT_TEXT];

	(void)state;
	assert_int_equal(bt_punch_parse(cur_of(connect, sizeof connect), &peer), PUNCH_CONNECT);
	assert_string_equal(endpoint_text(&peer, text), "203.0.113.9:6881");
	assert_int_equal(bt_punch_parse(cur_of(error, sizeof error), &peer), PUNCH_ERROR);
	assert_string_equal(bt_punch_name(PUNCH_ERROR), "error");
	assert_int_equal(bt_punch_parse(cur_of(six, sizeof six), &peer), PUNCH_RENDEZVOUS);
	assert_int_equal(bt_punch_parse(cur_of(connect, 7), &peer), PUNCH_NONE);
	assert_int_equal(bt_punch_parse(cur_of(error, 10), &peer), PUNCH_NONE);
	assert_int_equal(bt_punch_parse(cur_of("\3\0abcdef", 8), &peer), PUNCH_NONE);
	assert_int_equal(bt_punch_parse(cur_of("\0\2abcdef", 8), &peer), PUNCH_NONE);
	assert_int_equal(bt_punch_parse(cur_of("", 0), &peer), PUNCH_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handshakes), cmocka_unit_test(handshakes_further_on), cmocka_unit_test(messages),
		cmocka_unit_test(what_are_no_messages), cmocka_unit_test(long_messages_are_skipped), cmocka_unit_test(extensions),
		cmocka_unit_test(punches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
