/* meter_test.c -- what a thread shows is what others see, while it goes on. Run under ThreadSanitizer, too. */
#include "../../../sensor/base/meter.h"
#include "../../test.h"

#include <pthread.h>

enum { ROUNDS = 20000 };

static void *writer(void *ctx)
{
	struct counts c = {0};

	for (unsigned i = 1; i <= ROUNDS; i++) {
		count(&c, COUNT_PACKETS);
		count_more(&c, COUNT_BYTES, 60);
		meter_counts(ctx, &c);
		meter_interface(ctx, 3, &(struct meter_interface){.frames = i, .last_ns = i * 10, .behind_ns = -5});
		meter_interface(ctx, METER_INTERFACES, &(struct meter_interface){.frames = 1});	/* there is none */
		meter_beat(ctx);
	}
	return NULL;
}

static void others_see_it_grow(void **state)
{
	struct meter *m = meter_new("packets of a thread with a long name");
	uint64_t last = 0, beats = 0;
	pthread_t thread;

	(void)state;
	assert_non_null(m);
	assert_int_equal(pthread_create(&thread, NULL, writer, m), 0);
	while (beats < ROUNDS) {
		struct counts sum = {0};

		beats = meter_beats(m);
		meter_add_counts(m, &sum);
		assert_true(sum.n[COUNT_PACKETS] >= last && sum.n[COUNT_PACKETS] >= beats);
		last = sum.n[COUNT_PACKETS];
	}
	pthread_join(thread, NULL);
	assert_int_equal(strlen(meter_name(m)), METER_NAME - 1);
	meter_free(m);
}

static void several_are_one_sum(void **state)
{
	struct meter *a = meter_new("a"), *b = meter_new("b");
	struct meter_interface i = {0};
	struct counts c = {0}, sum = {0};

	(void)state;
	count_more(&c, COUNT_PACKETS, 7);
	meter_counts(a, &c);
	meter_counts(b, &c);
	meter_add_counts(a, &sum);
	meter_add_counts(b, &sum);
	assert_int_equal(sum.n[COUNT_PACKETS], 14);
	meter_interface(a, 0, &(struct meter_interface){.frames = 10, .last_ns = 500, .behind_ns = 3});
	meter_interface(b, 0, &(struct meter_interface){.frames = 5, .last_ns = 400, .behind_ns = 9});
	meter_add_interface(a, 0, &i);
	meter_add_interface(b, 0, &i);
	meter_add_interface(b, METER_INTERFACES, &i);
	assert_int_equal(i.frames, 15);
	assert_int_equal(i.last_ns, 500);
	assert_int_equal(i.behind_ns, 3);
	meter_free(a);
	meter_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_see_it_grow),
		cmocka_unit_test(several_are_one_sum),
	};

	return cmocka_run_group_tests_name("meter", tests, NULL, NULL);
}
