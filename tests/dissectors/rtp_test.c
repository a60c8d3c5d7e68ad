/* rtp_test.c -- the dissector on a flow of media: what it claims, how little it says, and what it never calls media. */
#define DISSECTOR rtp_dissector
#include "one_flow.h"
#include "rtp_make.h"

enum { STREAM = FACT_OWN, TYPE, EXTENSION, PACKETS, BYTES, SHARE, SENDER };

static enum verdict show(struct rtp_made m, bool from_local)
{
	return datagram(m.b, m.n, from_local);
}

static uint64_t noise = 1;

static uint32_t next_noise(void)
{
	noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(noise >> 33);
}

static void a_call(void **state)
{
	unsigned said_out = 0, said_in = 0, i;
	enum verdict v = V_MORE;

	(void)state;
	for (i = 0; i < 1000 && v != V_DONE; i++) {
		v = show(rtp_make(8, i, i * 160, 0x1111, 160), OUT);

		assert_int_equal(v, i < 4 ? V_MORE : V_YES);
		if (i == 4) {
			assert_true(text_is(FACT_FLOW_APP, "rtp"));
			assert_true(text_is(FACT_MEDIA, "rtp"));
			assert_int_equal(number(STREAM), 0x1111);
			assert_int_equal(number(TYPE), 8);
			assert_int_equal(number(PACKETS), 5);
			assert_int_equal(number(BYTES), 800);
			assert_false(said(EXTENSION));
			assert_true(text_is(FACT_MEDIA_CLASS, "voice"));
			assert_true(text_is(FACT_MEDIA_PROTECTION, "none"));
		}
		said_out += messages();
		v = show(rtp_make_extended(120, i, i * 960, 0x2222, 0xdebe, 60), IN);
		if (i == 4) {
			assert_int_equal(number(EXTENSION), 0xdebe);
			assert_false(said(FACT_FLOW_APP));
		}
		said_in += messages();
	}
	/* Known to its end, and only the one whose looks changed is spoken of again. */
	assert_int_equal(i, 32);
	assert_int_equal(said_out, 1);
	assert_int_equal(said_in, 2);
}

static void behind_a_relay(void **state)
{
	enum verdict v = V_NO;

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		struct rtp_made m = rtp_make(111, i, i * 960, 7, 60);

		v = datagram_at(m.b, m.n, OUT, true);
	}
	assert_int_equal(v, V_YES);
	assert_true(said(FACT_MEDIA));
	assert_false(said(FACT_FLOW_APP));	/* the flow's is its relay's */
}

static void reports_alone(void **state)
{
	struct rtp_made m = rtcp_make(5);

	(void)state;
	assert_int_equal(show(m, OUT), V_MORE);
	assert_int_equal(show(rtcp_make(6), OUT), V_MORE);
	assert_int_equal(show(rtcp_make(6), OUT), V_YES);
	assert_true(text_is(FACT_FLOW_APP, "rtcp"));
	assert_true(text_is(FACT_MEDIA, "rtcp"));
	assert_true(text_is(FACT_MEDIA_PROTECTION, "none"));
	assert_int_equal(number(SENDER), 6);
	show(rtcp_make(6), OUT);
	assert_int_equal(messages(), 0);
	/* The other way, encrypted: its lengths are no help, so three of one sender. */
	m.n += 14;
	assert_int_equal(show(m, IN), V_MORE);
	assert_int_equal(show(m, IN), V_MORE);
	assert_int_equal(show(m, IN), V_YES);
	assert_true(text_is(FACT_MEDIA_PROTECTION, "srtp"));
}

static void reports_beside_media(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 5; i++)
		show(rtp_make(0, i, i * 160, 7, 160), OUT);
	assert_int_equal(show(rtcp_make(9), IN), V_YES);
	assert_true(text_is(FACT_MEDIA, "rtcp"));
}

/* Streams of many sources: each is said, but never more than so many. */
static void many_sources(void **state)
{
	unsigned n = 0;

	(void)state;
	for (unsigned source = 0; source < 200; source++)
		for (unsigned i = 0; i < 5; i++) {
			show(rtp_make(0, i, i * 160, 1000 + source, 160), OUT);
			n += messages();
		}
	assert_int_equal(n, 64);
}

static void random_datagrams(void **state)
{
	uint8_t b[64];

	(void)state;
	for (unsigned flow = 0; flow < 100000; flow++) {
		if (flow % 64 == 0)
			setup(NULL);
		memset(flow_memory, 0, DISSECTOR.state_size);
		for (unsigned i = 0; i < 6; i++) {
			size_t n = 1 + next_noise() % sizeof b;

			for (size_t k = 0; k < n; k++)
				b[k] = (uint8_t)next_noise();
			if (flow % 2 == 0)
				b[0] = 0x80;
			facts_reset(&facts);
			{
				struct packet p = {.ts_ns = now_ns += 20000000};
				struct input in = {.packet = &p, .from_local = i % 2, .bytes = cur_of(b, n)};

				if (DISSECTOR.first(&in.bytes))
					assert_int_not_equal(DISSECTOR.dissect(&in, flow_memory, &facts), V_YES);
			}
			assert_int_equal(messages(), 0);
		}
	}
}

/* What counts and is none: mosh (a direction bit, a counter of 63 bits, then a cipher), DNS, IKE, ESP in UDP, bytes that
 * stand still. */
static void counters_of_others(void **state)
{
	uint8_t b[80];

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		memset(b, 0, sizeof b);
		b[0] = 0x80;
		rtp_put32(b + 4, i);
		rtp_put32(b + 8, next_noise());
		assert_int_not_equal(datagram(b, sizeof b, OUT), V_YES);
	}
	setup(NULL);
	for (unsigned i = 0; i < 300; i++) {
		rtp_put16(b, 0x8011);
		rtp_put16(b + 2, 0x2233);
		rtp_put32(b + 4, i);
		rtp_put32(b + 8, 0x11223344);
		assert_int_not_equal(datagram(b, sizeof b, OUT), V_YES);
	}
	setup(NULL);
	for (unsigned i = 0; i < 300; i++) {
		rtp_put16(b, 0x8000 | i);
		rtp_put16(b + 2, 0x0100);
		rtp_put32(b + 4, 0x00010000);
		rtp_put32(b + 8, 0);
		assert_int_not_equal(datagram(b, sizeof b, OUT), V_YES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_call, setup),
		cmocka_unit_test_setup(behind_a_relay, setup),
		cmocka_unit_test_setup(reports_alone, setup),
		cmocka_unit_test_setup(reports_beside_media, setup),
		cmocka_unit_test_setup(many_sources, setup),
		cmocka_unit_test_setup(random_datagrams, setup),
		cmocka_unit_test_setup(counters_of_others, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
