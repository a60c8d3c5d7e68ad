/* stream_test.c -- TCP in order: loss, overlap, disorder, wrap-around, windows that run out. */
#include "../../test.h"

#include "../../../sensor/flow/stream.h"
#include "../packets.h"

static struct counts counts;

/* One stream, its reader, and what came out: bytes, "|" before a stretch after a gap, "." at the end. */
struct rig {
	struct streams *ss;
	uint32_t number;
	char out[2][1 << 16];
	size_t n[2];
	size_t keep;		/* bytes at the end of each stretch that the reader leaves for next time */
	uint32_t isn[2];
};

static struct rig *rig_new(uint32_t window, uint32_t pool)
{
	struct rig *r = calloc(1, sizeof *r);
	struct settings s;

	test_settings(&s);
	s.flow.stream_bytes = window;
	s.flow.stream_pool_bytes = pool;
	memset(&counts, 0, sizeof counts);
	r->ss = streams_new(&s.flow, &counts);
	r->number = stream_open(r->ss);
	r->isn[0] = 1000;
	r->isn[1] = 0xfffffff0;		/* wraps soon */
	return r;
}

static void rig_free(struct rig *r)
{
	stream_close(r->ss, r->number);
	streams_free(r->ss);
	free(r);
}

static void drain(struct rig *r, unsigned way, struct segment *seg)
{
	struct stretch st;

	while (stream_next(r->ss, r->number, way, seg, &st)) {
		struct cursor c = st.bytes;
		size_t n = st.ended || c.left < r->keep ? c.left : c.left - r->keep;

		if (c.left < r->keep && !st.ended)
			n = 0;
		if (st.gap)
			r->out[way][r->n[way]++] = '|';
		cur_copy(&c, r->out[way] + r->n[way], n);
		r->n[way] += n;
		if (st.ended)
			r->out[way][r->n[way]++] = '.';
		stream_consumed(r->ss, r->number, way, &st, n);
	}
	r->out[way][r->n[way]] = '\0';
}

/* A segment at offset `at` of what `way` sends; `acks` bytes of the other way are acknowledged. */
static void feed(struct rig *r, unsigned way, uint8_t flags, uint32_t at, uint32_t acks, const char *text)
{
	struct packet p = tcp(0, "10.0.0.1", 1, "10.0.0.2", 2, flags, r->isn[way] + at, r->isn[!way] + acks, text);
	struct segment seg, none = {.bytes = cur_of("", 0)};

	stream_segment(r->ss, r->number, way, &p, &seg);
	drain(r, way, &seg);
	drain(r, !way, &none);
}

static void start(struct rig *r)
{
	stream_start(r->ss, r->number, 0, r->isn[0]);
	stream_start(r->ss, r->number, 1, r->isn[1]);
}

static void test_in_order(void **state)
{
	struct rig *r = rig_new(100, 10000);

	(void)state;
	start(r);
	feed(r, 0, TCP_ACK, 0, 0, "hello ");
	feed(r, 1, TCP_ACK, 0, 6, "0123456789abcdef");
	feed(r, 1, TCP_ACK, 16, 6, "ghijklmnop");
	feed(r, 0, TCP_ACK | TCP_FIN, 6, 26, "world");
	feed(r, 1, TCP_ACK | TCP_FIN, 26, 12, "");
	assert_string_equal(r->out[0], "hello world.");
	assert_string_equal(r->out[1], "0123456789abcdefghijklmnop.");
	assert_int_equal(counts.n[COUNT_STREAM_GAP], 0);
	rig_free(r);
}

/* Half of all sequence numbers away: neither before nor after. It is nothing that was asked for. */
static void test_opposite(void **state)
{
	struct rig *r = rig_new(100, 10000);

	(void)state;
	start(r);
	feed(r, 0, TCP_ACK, 0, 0, "hello ");
	feed(r, 0, TCP_ACK, 6 + 0x80000000u, 0, "nowhere");
	feed(r, 0, TCP_ACK, 6, 0, "world");
	assert_string_equal(r->out[0], "hello world");
	rig_free(r);
}

static void test_syn(void **state)
{
	struct rig *r = rig_new(100, 10000);

	(void)state;
	r->isn[0]--;
	r->isn[1]--;
	feed(r, 0, TCP_SYN, 0, 0, "");
	feed(r, 1, TCP_SYN | TCP_ACK, 0, 1, "");
	feed(r, 0, TCP_SYN, 0, 0, "");
	feed(r, 0, TCP_ACK, 4, 1, "def");
	feed(r, 0, TCP_ACK, 1, 1, "abc");
	feed(r, 1, TCP_ACK, 1, 1, "xyz");
	assert_string_equal(r->out[0], "abcdef");
	assert_string_equal(r->out[1], "xyz");
	rig_free(r);
}

static void test_picked_up(void **state)
{
	struct rig *r = rig_new(100, 10000);

	(void)state;
	feed(r, 0, TCP_ACK, 500, 900, "abc");
	feed(r, 0, TCP_ACK, 503, 900, "def");
	feed(r, 1, TCP_ACK, 900, 506, "xyz");
	assert_string_equal(r->out[0], "|abcdef");
	assert_string_equal(r->out[1], "|xyz");
	assert_int_equal(counts.n[COUNT_STREAM_GAP], 0);
	rig_free(r);
}

static void test_again_and_again(void **state)
{
	struct rig *r = rig_new(100, 10000);

	(void)state;
	start(r);
	feed(r, 1, 0, 0, 0, "abcdef");
	feed(r, 1, 0, 0, 0, "ABCDEF");		/* again: the first copy counted */
	feed(r, 1, 0, 3, 0, "DEFghi");		/* overlaps */
	feed(r, 1, 0, 8, 0, "Ij");
	feed(r, 1, 0, 9, 0, "J");		/* keep-alive */
	feed(r, 1, 0, 10, 0, "klmnopqrstuvwxyz");
	feed(r, 1, 0, 0, 0, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0");
	assert_string_equal(r->out[1], "abcdefghijklmnopqrstuvwxyz0");
	rig_free(r);
}

static void test_disorder(void **state)
{
	struct rig *r = rig_new(100, 10000);

	(void)state;
	start(r);
	feed(r, 1, 0, 3, 0, "def");
	feed(r, 1, 0, 12, 0, "mno");
	feed(r, 1, 0, 9, 0, "jkl");
	feed(r, 1, 0, 5, 0, "FghiJ");		/* between, overlapping both: what was there stays */
	feed(r, 1, 0, 18, 0, "s");
	assert_string_equal(r->out[1], "");
	feed(r, 1, 0, 0, 0, "abcDEFGHIJKLMNOpqrS");
	assert_string_equal(r->out[1], "abcdefghijklmnopqrs");
	assert_int_equal(counts.n[COUNT_STREAM_GAP], 0);
	rig_free(r);
}

/* Every order of five segments, with a reader that leaves some for next time. */
static void test_every_order(void **state)
{
	static const char *part[5] = {"ab", "cdefg", "h", "ijkl", "mnop"};
	static const uint32_t at[5] = {0, 2, 7, 8, 12};

	(void)state;
	for (unsigned code = 0; code < 5 * 5 * 5 * 5 * 5; code++) {
		unsigned order[5], seen = 0, c = code;

		for (unsigned i = 0; i < 5; i++, c /= 5) {
			order[i] = c % 5;
			seen |= 1U << order[i];
		}
		if (seen != 31)
			continue;
		for (size_t keep = 0; keep < 4; keep++) {
			struct rig *r = rig_new(16, 1000);

			r->keep = keep;
			start(r);
			for (unsigned i = 0; i < 5; i++)
				feed(r, 1, order[i] == 4 ? TCP_FIN : 0, at[order[i]], 0, part[order[i]]);
			assert_string_equal(r->out[1], "abcdefghijklmnop.");
			rig_free(r);
		}
	}
}

static void test_hole_acknowledged(void **state)
{
	struct rig *r = rig_new(100, 10000);

	(void)state;
	start(r);
	feed(r, 1, TCP_ACK, 0, 0, "abc");
	feed(r, 1, TCP_ACK, 6, 0, "ghi");	/* "def" did not come */
	feed(r, 1, TCP_ACK, 9, 0, "jkl");
	assert_string_equal(r->out[1], "abc");
	feed(r, 0, TCP_ACK, 0, 3, "");
	assert_string_equal(r->out[1], "abc");
	feed(r, 0, TCP_ACK, 0, 12, "");		/* but the other end has it: it is us who missed it */
	assert_string_equal(r->out[1], "abc|ghijkl");
	feed(r, 1, TCP_ACK, 12, 0, "mno");
	feed(r, 0, TCP_ACK, 0, 30, "");		/* acknowledged before we see it come */
	feed(r, 1, TCP_ACK, 15, 0, "pqr");
	feed(r, 1, TCP_ACK, 21, 0, "vwx");
	assert_string_equal(r->out[1], "abc|ghijklmnopqr|vwx");
	assert_int_equal(counts.n[COUNT_STREAM_GAP], 2);
	rig_free(r);
}

static void test_window_full(void **state)
{
	struct rig *r = rig_new(10, 1000);

	(void)state;
	start(r);
	feed(r, 0, 0, 0, 0, "ab");
	feed(r, 0, 0, 3, 0, "de");
	feed(r, 0, 0, 6, 0, "ghijkl");		/* fits just so */
	assert_string_equal(r->out[0], "ab");
	feed(r, 0, 0, 12, 0, "m");		/* one too many: the first hole is given up, then this fits */
	assert_string_equal(r->out[0], "ab|de");
	feed(r, 0, 0, 5, 0, "f");
	assert_string_equal(r->out[0], "ab|defghijklm");
	feed(r, 0, 0, 5000, 0, "far away");
	assert_string_equal(r->out[0], "ab|defghijklm|far away");
	assert_int_equal(counts.n[COUNT_STREAM_GAP], 2);
	rig_free(r);
}

/* A reader that waits for more than the window holds loses what it has. */
static void test_reader_waits(void **state)
{
	struct rig *r = rig_new(10, 1000);

	(void)state;
	r->keep = 1000;
	start(r);
	feed(r, 0, 0, 0, 0, "abcde");
	feed(r, 0, 0, 5, 0, "fghij");
	feed(r, 0, 0, 10, 0, "k");
	r->keep = 0;
	feed(r, 0, 0, 11, 0, "lmn");
	assert_string_equal(r->out[0], "|klmn");
	rig_free(r);
}

static void test_more_pieces_than_fit(void **state)
{
	struct rig *r = rig_new(1000, 10000);

	(void)state;
	start(r);
	for (uint32_t i = 1; i < 60; i++)
		feed(r, 0, 0, 2 * i, 0, "x");
	assert_true(counts.n[COUNT_STREAM_GAP] >= 40);
	feed(r, 0, 0, 1000, 1000, "end");
	feed(r, 1, TCP_ACK, 0, 1003, "");
	assert_non_null(strstr(r->out[0], "|end"));
	rig_free(r);
}

static void test_cut(void **state)
{
	struct rig *r = rig_new(100, 1000);
	struct packet p = tcp(0, "10.0.0.1", 1, "10.0.0.2", 2, 0, 1000, 0, "abc");
	struct segment seg;

	(void)state;
	start(r);
	p.payload_len = 10;		/* seven more on the wire */
	p.cut = true;
	stream_segment(r->ss, r->number, 0, &p, &seg);
	drain(r, 0, &seg);
	feed(r, 0, 0, 10, 0, "klm");
	assert_string_equal(r->out[0], "abc|klm");
	rig_free(r);
}

static void test_reset(void **state)
{
	struct rig *r = rig_new(100, 1000);

	(void)state;
	start(r);
	feed(r, 0, 0, 0, 0, "abc");
	feed(r, 0, TCP_RST, 0x40000000, 0, "");	/* forged */
	assert_string_equal(r->out[0], "abc");
	feed(r, 0, TCP_RST, 3, 0, "");
	assert_string_equal(r->out[0], "abc.");
	assert_string_equal(r->out[1], ".");
	rig_free(r);
}

static void test_used_again(void **state)
{
	struct rig *r = rig_new(100, 1000);

	(void)state;
	start(r);
	feed(r, 0, 0, 0, 0, "abc");
	feed(r, 0, TCP_SYN, 0x20000000, 0, "");
	feed(r, 0, 0, 0x20000001, 0, "def");
	assert_string_equal(r->out[0], "abc|def");
	rig_free(r);
}

/* Windows are few: who has had his longest gives it up, with a gap. */
static void test_pool(void **state)
{
	struct rig *r = rig_new(100, 400);	/* room for one or two */
	uint32_t other[8];

	(void)state;
	start(r);
	feed(r, 0, 0, 3, 0, "def");
	for (unsigned i = 0; i < 8; i++) {
		struct packet p = tcp(0, "10.0.0.1", 1, "10.0.0.2", 2, 0, 7, 0, "xyz");
		struct segment seg;
		struct stretch st;

		other[i] = stream_open(r->ss);
		stream_start(r->ss, other[i], 0, 0);
		stream_segment(r->ss, other[i], 0, &p, &seg);
		assert_false(stream_next(r->ss, other[i], 0, &seg, &st));
	}
	assert_true(counts.n[COUNT_STREAM_NO_ROOM] >= 6);
	feed(r, 0, 0, 0, 0, "abc");
	feed(r, 0, 0, 3, 0, "def");
	assert_string_equal(r->out[0], "abcdef");
	for (unsigned i = 0; i < 8; i++)
		stream_close(r->ss, other[i]);
	rig_free(r);
}

static void test_no_pool(void **state)
{
	struct rig *r = rig_new(100, 0);

	(void)state;
	start(r);
	r->keep = 1;
	feed(r, 0, 0, 0, 0, "abc");
	feed(r, 0, 0, 6, 0, "ghi");
	feed(r, 0, 0, 3, 0, "def");
	assert_string_equal(r->out[0], "ab|de");
	assert_true(counts.n[COUNT_STREAM_NO_ROOM] > 0);
	rig_free(r);
}

/* Random cuts of a text, sent in random order with random repeats: all of it comes out, once, in order. */
static void test_random(void **state)
{
	static char text[4000];
	uint32_t random = 7;

	(void)state;
	for (unsigned i = 0; i < sizeof text - 1; i++)
		text[i] = (char)('a' + (i * 7 + i / 26) % 26);
	for (unsigned round = 0; round < 200; round++) {
		struct rig *r = rig_new(600, 10000);
		uint32_t sent = 0;

		r->keep = round % 7;
		r->isn[0] = 0xffffff00;
		start(r);
		while (r->n[0] + r->keep < sizeof text - 1) {
			char part[64];
			uint32_t at, n;

			random = random * 1664525 + 1013904223;
			n = (random >> 8) % 60 + 1;
			random = random * 1664525 + 1013904223;
			at = (uint32_t)r->n[0] + (random >> 8) % 400;
			if (at < 100)
				at = 0;
			else
				at -= 100;
			if (at >= sizeof text - 1)
				continue;
			if (at + n > sizeof text - 1)
				n = (uint32_t)(sizeof text - 1 - at);
			memcpy(part, text + at, n);
			part[n] = '\0';
			feed(r, 0, 0, at, 0, part);
			assert_true(++sent < 100000);
		}
		feed(r, 0, TCP_FIN, sizeof text - 1, 0, "");
		assert_int_equal(r->out[0][r->n[0] - 1], '.');
		r->out[0][--r->n[0]] = '\0';
		assert_int_equal(counts.n[COUNT_STREAM_GAP], 0);
		assert_string_equal(r->out[0], text);
		rig_free(r);
	}
}

/* What is left of it is shown again, though nothing new has come. */
static void test_skip(void **state)
{
	struct rig *r = rig_new(600, 10000);
	struct segment none = {.bytes = cur_of("", 0)};
	struct stretch st;

	(void)state;
	r->keep = 100;
	start(r);
	feed(r, 0, 0, 0, 0, "hello there");
	assert_int_equal(r->n[0], 0);
	stream_skip(r->ss, r->number, 0, 6);
	assert_true(stream_next(r->ss, r->number, 0, &none, &st));
	assert_int_equal(st.bytes.left, 5);
	assert_true(cur_starts(&st.bytes, "there", 5));
	stream_consumed(r->ss, r->number, 0, &st, 0);
	assert_false(stream_next(r->ss, r->number, 0, &none, &st));
	stream_skip(r->ss, r->number, 0, 5);
	assert_false(stream_next(r->ss, r->number, 0, &none, &st));
	stream_skip(r->ss, r->number, 0, 99);		/* no more than there is */
	stream_skip(r->ss, r->number, 1, 99);
	r->keep = 0;
	feed(r, 0, 0, 11, 0, "!");
	assert_string_equal(r->out[0], "!");
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_opposite),
		cmocka_unit_test(test_syn),
		cmocka_unit_test(test_picked_up),
		cmocka_unit_test(test_again_and_again),
		cmocka_unit_test(test_disorder),
		cmocka_unit_test(test_every_order),
		cmocka_unit_test(test_hole_acknowledged),
		cmocka_unit_test(test_window_full),
		cmocka_unit_test(test_reader_waits),
		cmocka_unit_test(test_more_pieces_than_fit),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_used_again),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_no_pool),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
