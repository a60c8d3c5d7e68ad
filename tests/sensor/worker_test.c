/* worker_test.c -- frames in, facts out: the whole packet side with the real dissectors. */
#include "../test.h"

#include "../../sensor/worker.h"
#include "packets.h"

static struct said said;
static struct counts counts;

static struct worker *started(void)
{
	struct settings s;

	test_settings(&s);
	s.decode = (struct decode_settings){.fragments = 10, .fragment_timeout_s = 30, .tunnel_depth = 4};
	said_clear(&said);
	memset(&counts, 0, sizeof counts);
	return worker_new(&s, NULL, &counts, said_sink, &said);
}

/* A Binding request with USERNAME (RFC 8489, 14.3), in UDP, IPv4 and Ethernet. */
static const char request[] =
    "0200000000fe 020000000001 0800"
    "4500 003c 0001 0000 40 11 0000 0a000001 cb007109"
    "8ca0 0d96 0028 0000"
    "0001 000c 2112a442 0102030405060708090a0b0c"
    "0006 0008 61626364 3a656667";

static void show(struct worker *w, uint64_t at_ns, const uint8_t *bytes, size_t captured, size_t length)
{
	static uint64_t number;
	struct frame f = {.ts_ns = START + at_ns, .number = ++number, .bytes = bytes, .captured = (uint32_t)captured,
	    .length = (uint32_t)length, .link_type = 1};

	worker_frames(w, &f, 1);
}

static void test_stun(void **state)
{
	struct worker *w = started();
	uint8_t bytes[200];
	size_t n = unhex(request, bytes, sizeof bytes);

	(void)state;
	show(w, 0, bytes, n, n);
	assert_int_equal(said_count(&said, "10.0.0.1:36000 > 203.0.113.9:3478: flow.new flow.interface == 0 host.mac == 0x020000000001\n"), 1);
	assert_int_equal(said_count(&said, "ice.username == \"abcd:efg\""), 1);
	said_clear(&said);
	worker_advance(w, START + 20 * SECOND);
	assert_string_equal(said.text, "");
	worker_advance(w, START + 40 * SECOND);
	assert_int_equal(said_count(&said, "flow.end == \"timeout\""), 1);
	worker_finish(w);
	assert_int_equal(said_count(&said, "flow.end"), 1);
	worker_free(w);
}

/* Cut anywhere: no crash, nothing read past the end. */
static void test_cut(void **state)
{
	uint8_t bytes[200];
	size_t n = unhex(request, bytes, sizeof bytes);

	(void)state;
	for (size_t captured = 0; captured <= n; captured++) {
		struct worker *w = started();
		uint8_t *edge = edge_copy(bytes, captured);

		show(w, 0, edge, captured, n);
		worker_finish(w);
		assert_int_equal(said_count(&said, "flow.end"), said_count(&said, "flow.new"));
		edge_free(edge, captured);
		worker_free(w);
	}
}

/* Packets put together from fragments lie in the decoder's memory: frames that come at once must not mix them up. */
static void test_fragments_at_once(void **state)
{
	static const char *name[] = {"one:aaaa", "two:bbbb", "six:cccc"};
	struct worker *w = started();
	struct frame frames[6];
	uint8_t bytes[6][80];

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		uint8_t whole[100], *f = bytes[i];
		size_t half = 24, n = unhex(request, whole, sizeof whole) - 34, len = i % 2 == 0 ? half : n - half;

		memcpy(whole + 34 + 32, name[i / 2], 8);
		memcpy(f, whole, 34);
		memcpy(f + 34, whole + 34 + (i % 2 == 0 ? 0 : half), len);
		f[17] = (uint8_t)(20 + len);
		f[19] = (uint8_t)(1 + i / 2);			/* identification */
		f[20] = i % 2 == 0 ? 0x20 : 0;			/* more fragments */
		f[21] = i % 2 == 0 ? 0 : (uint8_t)(half / 8);	/* offset */
		frames[i] = (struct frame){.ts_ns = START + i, .number = i + 1, .bytes = f, .captured = (uint32_t)(34 + len),
		    .length = (uint32_t)(34 + len), .link_type = 1};
	}
	worker_frames(w, frames, 6);
	for (unsigned i = 0; i < 3; i++) {
		char want[40];

		snprintf(want, sizeof want, "ice.username == \"%s\"", name[i]);
		assert_int_equal(said_count(&said, want), 1);
	}
	worker_free(w);
}

static void test_nothing(void **state)
{
	struct worker *w = started();

	(void)state;
	show(w, 0, (const uint8_t *)"", 0, 0);
	worker_advance(w, 5);
	worker_finish(w);
	assert_string_equal(said.text, "");
	worker_free(w);
	worker_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stun),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_fragments_at_once),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
