/* pcap_plain_test.c -- our reader of classic files: sees what libpcap sees, and says where a file ends in the middle. */
#include "made.h"

static struct made m;
static struct reading r, other;

static int restart(void **state)
{
	(void)state;
	memset(&m, 0, sizeof m);
	return 0;
}

static void as_libpcap(void **state)
{
	static const uint32_t magic[] = {0xa1b2c3d4, 0xa1b23c4d}, link[] = {0, 1, 9, 12, 14, 101, 113, 276, 0x54000001};

	(void)state;
	for (unsigned i = 0; i < 4 * sizeof link / sizeof *link; i++) {
		m.n = 0;
		m.big = i % 2;
		put_pcap_header(&m, magic[i / 2 % 2], link[i / 4]);
		put_pcap_record(&m, 1700000000, 999999, "0123456789abcdef", 16);
		put_pcap_record(&m, 0xffffffff, 0xffffffff, "", 0);
		put_pcap_record(&m, 1, 0, "0123456789abcdef01234567890", 27);
		assert_true(pcap_plain_format.knows(m.b, m.n));
		assert_int_equal(read_bytes(&pcap_plain_format, m.b, m.n, &r), CAPTURE_DONE);
		assert_int_equal(read_bytes(&pcap_format, m.b, m.n, &other), CAPTURE_DONE);
		assert_int_equal(r.seen.n, 3);
		for (unsigned k = 0; k < 3; k++) {
			const struct frame *a = &r.seen.frame[k], *b = &other.seen.frame[k];

			assert_int_equal(a->ts_ns, b->ts_ns);
			assert_int_equal(a->number, b->number);
			assert_int_equal(a->captured, b->captured);
			assert_int_equal(a->length, b->length);
			assert_int_equal(a->link_type, b->link_type);
		}
		assert_memory_equal(r.seen.first, other.seen.first, sizeof r.seen.first);
		assert_int_equal(r.seen.sum, other.seen.sum);
	}
}

static void leaves_to_libpcap(void **state)
{
	(void)state;
	put_pcap_header(&m, 0xa1b2cd34, 1);	/* modified */
	assert_false(pcap_plain_format.knows(m.b, m.n));
	m.n = 0;
	put_pcap_header(&m, 0xa1b2c3d4, 1);
	m.b[6] = 3;				/* version 2.3: lengths are the other way round in some */
	assert_false(pcap_plain_format.knows(m.b, m.n));
	m.b[6] = 4;
	assert_true(pcap_plain_format.knows(m.b, m.n));
	for (size_t n = 0; n < 24; n++)
		assert_false(pcap_plain_format.knows(m.b, n));
}

/* Cut at every byte: what is whole is handed on, and where the rest begins is said. */
static void cut(void **state)
{
	(void)state;
	put_pcap_header(&m, 0xa1b2c3d4, 1);
	put_pcap_record(&m, 1, 0, "abcd", 4);
	put_pcap_record(&m, 2, 0, "efghij", 6);
	for (size_t n = 24; n <= m.n; n++) {
		bool whole = n == 24 || n == 24 + 20 || n == m.n;

		assert_int_equal(read_bytes(&pcap_plain_format, m.b, n, &r), whole ? CAPTURE_DONE : CAPTURE_CUT);
		assert_int_equal(r.seen.n, n < 44 ? 0 : n < m.n ? 1 : 2);
		if (!whole)
			assert_has(r.why, n < 44 ? "after 0 packets, at byte 24: " : "after 1 packets, at byte 44: ");
	}
}

static void impossible_length(void **state)
{
	(void)state;
	put_pcap_header(&m, 0xa1b2c3d4, 1);
	put32(&m, 1);
	put32(&m, 0);
	put32(&m, 0x7fffffff);
	put32(&m, 60);
	assert_int_equal(read_bytes(&pcap_plain_format, m.b, m.n, &r), CAPTURE_CUT);
	assert_has(r.why, "impossible length");
}

/* --- several at once --- */

static unsigned batches, frames;
static bool right;

static void take(void *ctx, const struct frame *f, unsigned n)
{
	(void)ctx;
	batches++;
	for (unsigned i = 0; i < n; i++, frames++) {
		right = right && f[i].number == frames + 1;
		for (uint32_t k = 0; k < f[i].captured; k++)	/* all of them still there */
			right = right && f[i].bytes[k] == (uint8_t)(f[i].number + k);
	}
}

static void several_at_once(void **state)
{
	struct counts counts = {{0}};
	struct infile *in;
	void *reader;

	(void)state;
	put_pcap_header(&m, 0xa1b2c3d4, 1);
	for (unsigned i = 1; i <= 300; i++) {	/* more than the reader's window holds */
		uint8_t bytes[1500];

		for (unsigned k = 0; k < sizeof bytes; k++)
			bytes[k] = (uint8_t)(i + k);
		put_pcap_record(&m, i, 0, bytes, i % 3 == 0 ? 1500 : i % 1500);
	}
	batches = frames = 0;
	right = true;
	in = infile_of_memory(m.b, m.n);
	outlet_init(&r.out, "", NULL, &counts);
	r.out.handler = take;
	reader = pcap_plain_format.open(in, &r.out, r.why);
	assert_non_null(reader);
	while (pcap_plain_format.read(reader, 7, r.why) == CAPTURE_MORE)
		;
	pcap_plain_format.close(reader);	/* hands on what waits */
	infile_close(in);
	assert_int_equal(frames, 300);
	assert_true(right);
	assert_true(batches < 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(as_libpcap, restart),
		cmocka_unit_test_setup(leaves_to_libpcap, restart),
		cmocka_unit_test_setup(cut, restart),
		cmocka_unit_test_setup(impossible_length, restart),
		cmocka_unit_test_setup(several_at_once, restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
