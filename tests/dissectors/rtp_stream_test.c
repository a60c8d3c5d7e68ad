/* rtp_stream_test.c -- when headers are a stream, and what the stream looks like. */
#include "../../dissectors/rtp_stream.h"
#include "../test.h"
#include "rtp_make.h"

static struct rtp_stream stream;
static uint64_t now_ns;

static int setup(void **state)
{
	(void)state;
	memset(&stream, 0, sizeof stream);
	now_ns = 1000000000;
	return 0;
}

static enum rtp_step add(const struct rtp_made *m)
{
	struct rtp_header h;

	assert_true(rtp_parse(&h, cur_of(m->b, m->n)));
	now_ns += 20000000;
	return rtp_stream_add(&stream, &h, now_ns);
}

static enum rtp_step packet(unsigned type, unsigned sequence, uint32_t timestamp, size_t payload)
{
	struct rtp_made m = rtp_make(type, sequence, timestamp, 0xcafe, payload);

	return add(&m);
}

static uint32_t mix(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352dU;
	x ^= x >> 15;
	x *= 0x846ca68bU;
	return x ^ x >> 16;
}

static void five_that_go_on(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		packet(0, 65534 + i, 0xffffff00U + i * 160, 160);
		assert_false(stream.proven);
	}
	assert_int_equal(packet(0, 2, 0xffffff00U + 640, 160), RTP_STEP_ON);
	assert_true(stream.proven);
	assert_int_equal(rtp_stream_class(&stream), RTP_VOICE);
	assert_int_equal(rtp_stream_protection(&stream), RTP_PLAIN);
}

static void what_proves_nothing(void **state)
{
	(void)state;
	/* The same packet, again and again. */
	for (unsigned i = 0; i < 100; i++)
		packet(0, 7, 700, 160);
	assert_false(stream.proven);
	/* A counter, but the time stands still. */
	setup(NULL);
	for (unsigned i = 0; i < 100; i++)
		packet(0, i, 700, 160);
	assert_false(stream.proven);
	/* It jumps. */
	setup(NULL);
	for (unsigned i = 0; i < 100; i++)
		packet(0, i, mix(i), 160);
	assert_false(stream.proven);
	setup(NULL);
	for (unsigned i = 0; i < 100; i++)
		packet(0, mix(i), i * 160, 160);
	assert_false(stream.proven);
	/* The payload type changes all the time. */
	setup(NULL);
	for (unsigned i = 0; i < 100; i++)
		packet(96 + i % 32, i, i * 160, 160);
	assert_false(stream.proven);
}

static void losses_and_copies(void **state)
{
	(void)state;
	packet(8, 10, 1600, 160);
	packet(8, 13, 2080, 160);
	assert_int_equal(packet(8, 13, 2080, 160), RTP_STEP_NONE);
	assert_int_equal(packet(8, 12, 1920, 160), RTP_STEP_NONE);
	packet(8, 20, 3200, 160);
	/* A tone in between. */
	assert_int_equal(packet(101, 21, 3200, 4), RTP_STEP_NONE);
	packet(8, 25, 4000, 160);
	assert_false(stream.proven);
	packet(8, 26, 4160, 160);
	assert_true(stream.proven);
	/* A long pause, without packets: the clock went on meanwhile. */
	now_ns += 600000000000;
	assert_int_equal(packet(8, 27, 4160 + 600 * 8000, 160), RTP_STEP_ON);
	assert_true(stream.proven);
}

static void pictures(void **state)
{
	uint32_t t = 90000;

	(void)state;
	for (unsigned i = 0; i < 40; i++) {
		if (i % 8 == 7)
			t += 3000;
		packet(100, i, t, i % 8 == 6 ? 300 : 1100);
	}
	assert_true(stream.proven);
	assert_int_equal(rtp_stream_class(&stream), RTP_VIDEO);
	/* One picture in many packets, and the next one begins. */
	setup(NULL);
	for (unsigned i = 0; i < 9; i++)
		packet(100, i, i < 8 ? 3000 : 6000, 1100);
	assert_true(stream.proven);
}

static void encrypted_or_not(void **state)
{
	(void)state;
	/* G.711 with SRTP's usual tag. */
	for (unsigned i = 0; i < 10; i++)
		packet(0, i, i * 160, 170);
	assert_int_equal(rtp_stream_protection(&stream), RTP_SECURE);
	/* G.729, two frames a packet. */
	setup(NULL);
	for (unsigned i = 0; i < 10; i++)
		packet(18, i, i * 160, 20);
	assert_int_equal(rtp_stream_protection(&stream), RTP_PLAIN);
	/* G.729, two frames and a tag: three frames would be another step of time. */
	setup(NULL);
	for (unsigned i = 0; i < 10; i++)
		packet(18, i, i * 160, 30);
	assert_int_equal(rtp_stream_protection(&stream), RTP_SECURE);
	/* Opus: the same first byte, or no byte the same. */
	setup(NULL);
	for (unsigned i = 0; i < 40; i++)
		packet(111, i, i * 960, 60 + i % 7);
	assert_int_equal(rtp_stream_protection(&stream), RTP_PLAIN);
	assert_int_equal(rtp_stream_class(&stream), RTP_VOICE);
	setup(NULL);
	for (unsigned i = 0; i < 40; i++) {
		struct rtp_made m = rtp_make(111, i, i * 960, 0xcafe, 60 + i % 7);

		m.b[12] = (uint8_t)mix(i + 1);
		add(&m);
	}
	assert_int_equal(rtp_stream_protection(&stream), RTP_SECURE);
	/* Frames of one size that begin with anything: a codec without header could do that. */
	setup(NULL);
	for (unsigned i = 0; i < 40; i++) {
		struct rtp_made m = rtp_make(97, i, i * 240, 0xcafe, 50);

		m.b[12] = (uint8_t)mix(i + 1);
		add(&m);
	}
	assert_int_equal(rtp_stream_protection(&stream), RTP_PROTECTION_UNKNOWN);
}

static void places(void **state)
{
	struct rtp_stream list[3] = {0};
	struct rtp_header h = {0};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		h.ssrc = i;
		rtp_stream_add(rtp_stream_for(list, 3, &h), &h, 100 - i);
	}
	h.ssrc = 1;
	assert_ptr_equal(rtp_stream_for(list, 3, &h), &list[1]);
	/* No room: the one that was silent longest goes, a proven one last. */
	list[2].proven = true;
	h.ssrc = 9;
	assert_ptr_equal(rtp_stream_for(list, 3, &h), &list[1]);
	assert_int_equal(list[1].packets, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(five_that_go_on, setup),
		cmocka_unit_test_setup(what_proves_nothing, setup),
		cmocka_unit_test_setup(losses_and_copies, setup),
		cmocka_unit_test_setup(pictures, setup),
		cmocka_unit_test_setup(encrypted_or_not, setup),
		cmocka_unit_test_setup(places, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
