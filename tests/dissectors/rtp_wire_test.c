/* rtp_wire_test.c -- the headers, every truncation of them, and what is none. */
#include "../../dissectors/rtp_wire.h"
#include "../test.h"
#include "rtp_make.h"

static void a_header(void **state)
{
	struct rtp_made m = rtp_make_extended(0x80 | 111, 0xabcd, 0x01020304, 0xcafebabe, 0xbede, 50);
	struct rtp_header h;

	(void)state;
	assert_true(rtp_parse(&h, cur_of(m.b, m.n)));
	assert_true(h.marker && h.has_extension);
	assert_int_equal(h.payload_type, 111);
	assert_int_equal(h.sequence, 0xabcd);
	assert_int_equal(h.timestamp, 0x01020304);
	assert_int_equal(h.ssrc, 0xcafebabe);
	assert_int_equal(h.extension, 0xbede);
	assert_int_equal(h.payload.left, 50);
}

static void contributing_sources(void **state)
{
	struct rtp_made m = rtp_make(0, 1, 2, 3, 20);
	struct rtp_header h;

	(void)state;
	m.b[0] |= 2;
	assert_true(rtp_parse(&h, cur_of(m.b, m.n)));
	assert_int_equal(h.payload.left, 12);
	assert_true(rtp_parse(&h, cur_of(m.b, 20)));
	assert_int_equal(h.payload.left, 0);
	assert_false(rtp_parse(&h, cur_of(m.b, 19)));
	m.b[0]++;
	assert_false(rtp_parse(&h, cur_of(m.b, m.n)));
}

static void truncated(void **state)
{
	struct rtp_made m = rtp_make_extended(96, 1, 2, 3, 0xdebe, 4);
	struct rtp_header h;

	(void)state;
	for (size_t n = 0; n <= m.n; n++) {
		uint8_t *edge = edge_copy(m.b, n);

		assert_int_equal(rtp_parse(&h, cur_of(edge, n)), n >= 20);
		edge_free(edge, n);
	}
}

static void what_is_none(void **state)
{
	static const uint8_t types[] = {1, 2, 19, 64, 72, 76, 95};
	struct rtp_made m = rtp_make(0, 1, 2, 3, 20);
	struct rtp_header h;

	(void)state;
	for (size_t i = 0; i < sizeof types; i++) {
		m.b[1] = types[i];
		assert_false(rtp_parse(&h, cur_of(m.b, m.n)));
		m.b[1] |= 0x80;
		assert_false(rtp_parse(&h, cur_of(m.b, m.n)));
	}
	m.b[1] = 0;
	for (unsigned b = 0; b < 256; b++) {
		m.b[0] = (uint8_t)b;
		assert_int_equal(rtp_parse(&h, cur_of(m.b, m.n)), b >= 0x80 && b <= 0x82);
	}
	/* An extension that is longer than any. */
	m.b[0] = 0x90;
	rtp_put16(m.b + 14, 65);
	assert_false(rtp_parse(&h, cur_of(m.b, m.n)));
}

static void reports(void **state)
{
	struct rtp_made m = rtcp_make(0x11223344);
	struct rtcp_header h;

	(void)state;
	assert_true(rtcp_parse(&h, cur_of(m.b, m.n)));
	assert_int_equal(h.type, RTCP_SR);
	assert_int_equal(h.ssrc, 0x11223344);
	assert_true(h.whole);
	/* Encrypted: what follows the first header is anything, and behind it stand an index and a tag. */
	m.b[31] = 0x77;
	m.n += 14;
	assert_true(rtcp_parse(&h, cur_of(m.b, m.n)));
	assert_false(h.whole);
	m = rtcp_make(1);
	for (size_t n = 0; n < m.n; n++) {
		uint8_t *edge = edge_copy(m.b, n);

		assert_int_equal(rtcp_parse(&h, cur_of(edge, n)), n >= 28);
		edge_free(edge, n);
	}
	m.b[1] = 199;
	assert_false(rtcp_parse(&h, cur_of(m.b, m.n)));
	m.b[1] = 208;
	assert_false(rtcp_parse(&h, cur_of(m.b, m.n)));
}

static void static_types(void **state)
{
	(void)state;
	assert_true(rtp_is_static_voice(0) && rtp_is_static_voice(8) && rtp_is_static_voice(18));
	assert_false(rtp_is_static_voice(34) || rtp_is_static_voice(14) || rtp_is_static_voice(111));
	assert_true(rtp_is_static_video(31) && rtp_is_static_video(34));
	assert_false(rtp_is_static_video(8) || rtp_is_static_video(96));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header),
		cmocka_unit_test(contributing_sources),
		cmocka_unit_test(truncated),
		cmocka_unit_test(what_is_none),
		cmocka_unit_test(reports),
		cmocka_unit_test(static_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
