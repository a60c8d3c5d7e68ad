/* status_test.c -- what a person reads of a running sensor. */
#include "../../../sensor/control/status.h"
#include "../../test.h"
#include "a_health.h"

static char *printed(const struct health *h)
{
	char *text = NULL;
	size_t n;
	FILE *to = open_memstream(&text, &n);

	status_print(to, h, "border-1");
	fclose(to);
	return text;
}

static void everything_that_there_is(void **state)
{
	static struct health h;
	char *t;

	(void)state;
	a_health(&h);
	t = printed(&h);
	assert_true(contains(t, "on border-1: NOT READY, up for 1 d 2 h (since 2027-01-15 08:00:00 UTC)\n"));
	assert_true(contains(t, "  one-way: 75 % of the flows"));
	assert_true(contains(t, "  losing-packets: packets are lost: 9 by the kernel"));
	assert_true(contains(t, "eth1                        1005  now             0.1 s\n"));
	assert_true(contains(t, "           0  none yet\n"));
	assert_true(contains(t, "3000 packets, 1.2 MB; 70 flows, 50 of them now\n"));
	assert_true(contains(t, "  hole-punch                     3\n"));
	assert_true(contains(t, "  redis                         35 acknowledged, 7 waiting; NOT CONNECTED, 2 reconnects\n"));
	assert_true(contains(t, "  95, read 2027-01-15 08:00:00 UTC; the newest file is of 2027-01-14 08:00:00 UTC\n"));
	assert_true(contains(t, "last reload, 2027-01-15 08:00:00 UTC: done: 95 signatures\n"));
	assert_true(contains(t, "capture.kernel_drops"));
	free(t);
}

static void one_that_has_just_begun(void **state)
{
	static struct health h;
	static struct sample s;
	char *t;

	(void)state;
	health_init(&h, &(struct health_settings){.silence_s = 60});
	s.started_ns = s.now_ns = 1800000000ULL * 1000000000;
	health_take(&h, &s);
	t = printed(&h);
	assert_true(contains(t, ": ready, up for 0 s"));
	assert_true(contains(t, "none so far"));
	assert_true(contains(t, "nothing written so far"));
	assert_null(strstr(t, "Lost"));
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_that_there_is),
		cmocka_unit_test(one_that_has_just_begun),
	};

	return cmocka_run_group_tests_name("status", tests, NULL, NULL);
}
