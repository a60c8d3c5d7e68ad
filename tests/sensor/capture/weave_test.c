/* weave_test.c -- captures made up here: frames come out in order of time, none twice and none lost; who is silent is waited for as long as
 * it may hold something, and no longer. */
#include "../../test.h"

#include "../../../sensor/capture/source.h"
#include "../../../sensor/capture/weave.h"

#include <stdlib.h>

enum { MOST = 400 };

/* Gives `ready` of its frames, then no more. */
struct made {
	struct capture capture;
	uint64_t ts_ns[MOST];
	unsigned n, ready, given;
	bool broken;
};

static enum capture_state made_read(struct capture *c, unsigned budget)
{
	struct made *m = (struct made *)c;
	uint8_t bytes[8];

	if (m->broken)
		return CAPTURE_FAILED;
	for (; budget > 0 && m->given < m->ready; budget--) {
		struct frame f = {.ts_ns = m->ts_ns[m->given], .bytes = bytes, .captured = sizeof bytes, .length = sizeof bytes, .link_type = 1};

		memcpy(bytes, &f.ts_ns, sizeof bytes);
		m->given++;
		outlet_frame(&c->out, &f);
		outlet_settle(&c->out);
	}
	return CAPTURE_MORE;
}

static const struct source_ops made_ops = {.read = made_read};
static struct counts counts;
static struct made made[3];
static struct capture *captures[3] = {&made[0].capture, &made[1].capture, &made[2].capture};

static void begin(void)
{
	memset(made, 0, sizeof made);
	memset(&counts, 0, sizeof counts);
	for (unsigned i = 0; i < 3; i++) {
		made[i].capture.ops = &made_ops;
		outlet_init(&made[i].capture.out, "x", NULL, &counts);
	}
}

struct taken {
	unsigned n;
	uint64_t last_ns;
	unsigned of[3];
};

static void take(void *ctx, const struct frame *frames, unsigned n)
{
	struct taken *t = ctx;

	for (unsigned i = 0; i < n; i++) {
		assert_true(frames[i].ts_ns >= t->last_ns);
		assert_memory_equal(frames[i].bytes, &frames[i].ts_ns, 8);
		assert_true(frames[i].interface < 3);
		t->last_ns = frames[i].ts_ns;
		t->of[frames[i].interface]++;
		t->n++;
	}
}

static void test_order(void **state)
{
	struct taken t = {0};
	struct weave *w;
	uint32_t random = 9;
	int failed;
	bool held;

	(void)state;
	begin();
	w = weave_new(captures, 3);
	for (unsigned i = 0; i < 3; i++)
		for (made[i].n = 0; made[i].n < MOST; made[i].n++) {
			random = random * 1664525 + 1013904223;
			made[i].ts_ns[made[i].n] = (made[i].n > 0 ? made[i].ts_ns[made[i].n - 1] : 1000) + (random >> 8) % 50;
		}
	/* They come in pieces, each capture's own. */
	for (unsigned round = 0; round < 200; round++) {
		for (unsigned i = 0; i < 3; i++) {
			random = random * 1664525 + 1013904223;
			made[i].ready += (random >> 8) % 30;
			made[i].ready = made[i].ready < MOST ? made[i].ready : MOST;
		}
		weave_read(w, 100, 0, take, &t, &held, &failed);
		assert_int_equal(failed, -1);
	}
	while (weave_read(w, 100, UINT64_MAX, take, &t, &held, &failed) > 0)
		;
	assert_false(held);
	assert_int_equal(t.n, 3 * MOST);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(t.of[i], MOST);
	assert_int_equal(counts.n[COUNT_PACKETS], 3 * MOST);
	weave_free(w);
}

static void test_silent(void **state)
{
	struct taken t = {0};
	struct weave *w;
	int failed;
	bool held;

	(void)state;
	begin();
	w = weave_new(captures, 2);
	for (unsigned i = 0; i < 10; i++)
		made[0].ts_ns[i] = 1000 + i;
	made[0].ready = 10;
	assert_int_equal(weave_read(w, 100, 999, take, &t, &held, &failed), 0);
	assert_true(held);
	assert_int_equal(weave_read(w, 100, 1004, take, &t, &held, &failed), 5);
	assert_true(held);
	/* The other one had something all the while. */
	made[1].ts_ns[0] = 1005;
	made[1].ready = 1;
	assert_int_equal(weave_read(w, 100, 1004, take, &t, &held, &failed), 2);
	assert_int_equal(t.of[1], 1);
	assert_int_equal(weave_read(w, 2, 2000, take, &t, &held, &failed), 2);
	assert_int_equal(weave_read(w, 100, 2000, take, &t, &held, &failed), 2);
	assert_int_equal(weave_read(w, 100, 2000, take, &t, &held, &failed), 0);
	assert_false(held);
	assert_int_equal(t.n, 11);
	made[1].broken = true;
	weave_read(w, 100, 2000, take, &t, &held, &failed);
	assert_int_equal(failed, 1);
	weave_free(w);
	weave_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_order), cmocka_unit_test(test_silent)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
