/* inbuf_test.c -- a window that slides over the file, grows for what is there, and tells before it moves. */
#include "made.h"

#include "../../../sensor/capture/inbuf.h"

static uint8_t bytes[1 << 20];
static struct outlet out;
static struct counts counts;
static unsigned given;

static void take(void *ctx, const struct frame *f, unsigned n)
{
	(void)ctx;
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(f[i].bytes[0], (uint8_t)f[i].ts_ns);
	given += n;
}

static void slides_and_grows(void **state)
{
	struct infile *in;
	struct inbuf b;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 31 + i / 256);
	in = infile_of_memory(bytes, sizeof bytes);
	outlet_init(&out, "", NULL, &counts);
	out.handler = take;
	given = 0;
	assert_true(inbuf_init(&b, in, &out));
	for (size_t n = 1; at + n <= sizeof bytes; n = n * 5 / 3 + 1) {
		struct frame f = {.ts_ns = bytes[at], .captured = 1, .length = 1};

		assert_true(inbuf_have(&b, n));
		assert_int_equal(b.offset, at);
		assert_memory_equal(b.bytes + b.start, bytes + at, n);
		f.bytes = b.bytes + b.start;
		outlet_frame(&out, &f);
		inbuf_used(&b, n);
		at += n;
	}
	assert_true(at > 400000);
	assert_false(inbuf_have(&b, sizeof bytes - at + 1));
	assert_true(inbuf_have(&b, sizeof bytes - at));
	inbuf_free(&b);
	assert_true(given > 20);
	assert_int_equal(given, out.number);
	infile_close(in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slides_and_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
