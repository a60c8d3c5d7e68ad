/* quic_wire_test.c -- long headers, integers of variable length, frames. */
#include "../test.h"

#include "../../dissectors/quic_wire.h"

static void test_varint(void **state)
{
	uint8_t b[16];
	struct cursor c = cur_of(b, unhex("25 7bbd 9d7f3e7d c2197c5eff14e88c", b, sizeof b));	/* RFC 9000, A.1 */

	(void)state;
	assert_int_equal(quic_varint(&c), 37);
	assert_int_equal(quic_varint(&c), 15293);
	assert_int_equal(quic_varint(&c), 494878333);
	assert_true(quic_varint(&c) == 151288809941952652);
	assert_int_equal(quic_varint(&c), 0);
	assert_true(c.bad);
}

static bool begins(const char *hex)
{
	uint8_t b[64];
	struct cursor c = cur_of(b, unhex(hex, b, sizeof b));

	return quic_begins(&c);
}

static void test_begins(void **state)
{
	(void)state;
	assert_true(begins("c3 00000001 08 0102030405060708 00"));
	assert_true(begins("d3 6b3343cf 08 0102030405060708 00"));
	assert_true(begins("c0 ff00001d 08 0102030405060708 00"));
	assert_false(begins("c3 6b3343cf 08 0102030405060708 00"));	/* version 2: a Retry */
	assert_false(begins("e3 00000001 08 0102030405060708 00"));	/* Handshake */
	assert_false(begins("83 00000001 08 0102030405060708 00"));
	assert_false(begins("43 00000001 08 0102030405060708 00"));
	assert_false(begins("c3 00000000 08 0102030405060708 00"));	/* version negotiation */
	assert_false(begins("c3 51303436 08 0102030405060708 00"));	/* Google's Q046 */
	assert_false(begins("c3 00000001 15 0102030405060708 00"));	/* no id is that long */
	assert_false(begins("c3 00000001"));
	assert_false(begins(""));
}

/* Two packets in one datagram: an Initial with a token, and a Handshake. */
#define COALESCED \
	"c0 00000001 04 a1a2a3a4 02 b1b2 03 717273 4015 000000000000000000000000000000000000000000" \
	"e0 00000001 04 a1a2a3a4 02 b1b2 15 111111111111111111111111111111111111111111"

static void test_coalesced(void **state)
{
	uint8_t b[256], *edge;
	size_t n = unhex(COALESCED, b, sizeof b);
	struct quic_packet p;
	struct cursor c = cur_of(b, n);

	(void)state;
	assert_true(quic_next(&c, &p));
	assert_true(p.initial);
	assert_int_equal(p.version->number, 1);
	assert_int_equal(p.dcid.left, 4);
	assert_int_equal(p.scid.left, 2);
	assert_int_equal(p.token.left, 3);
	assert_int_equal(p.number_at, 19);
	assert_int_equal(p.whole.left, 40);
	assert_true(quic_next(&c, &p));
	assert_false(p.initial);
	assert_int_equal(c.left, 0);
	assert_false(quic_next(&c, &p));
	for (size_t cut = 0; cut < n; cut++) {
		edge = edge_copy(b, cut);
		c = cur_of(edge, cut);
		assert_true(quic_next(&c, &p) == (cut >= 40));
		assert_false(quic_next(&c, &p));
		edge_free(edge, cut);
	}
	b[0] = 0xf0;				/* Retry has no length */
	c = cur_of(b, n);
	assert_false(quic_next(&c, &p));
}

static unsigned crypto_frames(const char *hex, uint64_t *offset, struct cursor *data)
{
	static uint8_t *edge, b[128];
	static size_t n;
	unsigned found = 0;
	struct cursor c;

	if (edge != NULL)
		edge_free(edge, n);
	n = unhex(hex, b, sizeof b);
	edge = edge_copy(b, n);
	c = cur_of(edge, n);
	while (quic_next_crypto(&c, offset, data))
		found++;
	return found;
}

static void test_frames(void **state)
{
	struct cursor data;
	uint64_t offset;

	(void)state;
	assert_int_equal(crypto_frames("00 00 01 06 00 03 414243 01 06 4123 02 4445 00", &offset, &data), 2);
	assert_int_equal(offset, 0x123);
	assert_true(cur_starts(&data, "DE", 2));
	/* ACK with two more ranges, ACK with ECN counts */
	assert_int_equal(crypto_frames("02 05 00 02 01 02 03 04 05 06 00 01 41", &offset, &data), 1);
	assert_int_equal(crypto_frames("03 05 00 00 01 07 08 09 06 00 01 41", &offset, &data), 1);
	assert_int_equal(crypto_frames("03 05 00 00 01 07 08 09 06 00 02 41", &offset, &data), 0);	/* cut */
	assert_int_equal(crypto_frames("02 05 00 bfffffff 01", &offset, &data), 0);	/* a billion ranges */
	assert_int_equal(crypto_frames("1c 00 06 00 01 41", &offset, &data), 0);	/* CONNECTION_CLOSE ends it */
	assert_int_equal(crypto_frames("", &offset, &data), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_varint), cmocka_unit_test(test_begins), cmocka_unit_test(test_coalesced), cmocka_unit_test(test_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
