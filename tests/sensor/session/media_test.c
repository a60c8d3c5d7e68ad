/* media_test.c -- what flows on a leg: counts, classes that headers name, and what sizes and rates hint at. */
#include "../../../sensor/session/media.h"
#include "../../test.h"

static const uint64_t SECOND = 1000000000ULL;

static struct leg leg;
static struct facts facts;

static int setup(void **state)
{
	(void)state;
	memset(&leg, 0, sizeof leg);
	return 0;
}

/* Totals, as leg_totals() has them, with what a dissector says. */
static void note(uint64_t ts_ns, uint64_t out, uint64_t in, const char *class, const char *protection)
{
	const struct message *m;
	uint64_t before = media_packets(&leg);
	struct reading r;
	size_t at = 0;

	facts_reset(&facts);
	facts.header = (struct message){.ts_ns = ts_ns, .packet = 1};
	facts_begin(&facts);
	fact_text(&facts, FACT_MEDIA, "rtp");
	if (class != NULL)
		fact_text(&facts, FACT_MEDIA_CLASS, class);
	if (protection != NULL)
		fact_text(&facts, FACT_MEDIA_PROTECTION, protection);
	assert_true(facts_next(&facts, &at, &m));
	reading_of(&r, m);
	leg.talk[OUT].data_packets = out;
	leg.talk[IN].data_packets = in;
	leg.talk[OUT].data_bytes = out * 100;
	leg.talk[IN].data_bytes = in * 100;
	media_note(&leg, &r, before);
}

static void headers_name_it(void **state)
{
	struct event_media m;

	(void)state;
	media_fill(&m, &leg);
	assert_int_equal(m.packets_out + m.packets_in + m.classes, 0);
	note(5 * SECOND, 1, 0, NULL, NULL);
	note(6 * SECOND, 50, 40, "voice", NULL);
	note(7 * SECOND, 100, 90, "video", "srtp");
	note(60 * SECOND, 100, 90, NULL, NULL);		/* nothing came since */
	media_fill(&m, &leg);
	assert_int_equal(m.classes, MEDIA_VOICE | MEDIA_VIDEO);
	assert_true(m.encrypted && !m.in_clear && !m.by_shape);
	assert_int_equal(m.packets_out, 100);
	assert_int_equal(m.bytes_in, 9000);
	assert_int_equal(m.duration_ns, 2 * SECOND);
	note(61 * SECOND, 101, 90, "fax", "none");
	media_fill(&m, &leg);
	assert_true(m.in_clear && (m.classes & MEDIA_FAX) != 0);
}

static void behind_a_relay(void **state)
{
	struct event_media m;

	(void)state;
	leg.talk[OUT].data_packets = 3;
	leg.talk[OUT].wrapped_packets = 200;
	leg.talk[OUT].wrapped_bytes = 20000;
	media_fill(&m, &leg);
	assert_int_equal(m.packets_out, 200);
	assert_int_equal(m.bytes_out, 20000);
	assert_int_equal(m.packets_in, 0);
}

static uint8_t shape(uint64_t ms, uint64_t out, uint64_t size_out, uint64_t in, uint64_t size_in)
{
	struct event_media m = {.packets_out = out, .bytes_out = out * size_out, .packets_in = in, .bytes_in = in * size_in,
	    .duration_ns = ms * 1000000};

	return media_shape(&m);
}

static void shapes(void **state)
{
	(void)state;
	assert_int_equal(shape(10000, 500, 80, 480, 90), MEDIA_VOICE);
	assert_int_equal(shape(10000, 500, 900, 480, 800), MEDIA_VIDEO);
	assert_int_equal(shape(10000, 5000, 1200, 2400, 40), MEDIA_FILE);
	assert_int_equal(shape(10000, 2400, 40, 5000, 1200), MEDIA_FILE);
	assert_int_equal(shape(10000, 20, 80, 30, 90), MEDIA_DATA);	/* too slow for voice */
	assert_int_equal(shape(1000, 500, 80, 480, 90), MEDIA_DATA);	/* too fast */
	assert_int_equal(shape(10000, 500, 80, 0, 0), MEDIA_DATA);	/* one way */
	assert_int_equal(shape(10000, 50, 1200, 40, 40), MEDIA_DATA);	/* not much of a file */
	assert_int_equal(shape(10000, 9, 80, 9, 90), 0);
	assert_int_equal(shape(100, 500, 80, 480, 90), 0);
}

static void by_shape(void **state)
{
	struct event_media m;

	(void)state;
	for (unsigned i = 0; i <= 10; i++)
		note(SECOND * (1 + i), 1 + i * 50, i * 50, NULL, NULL);
	media_fill(&m, &leg);
	assert_int_equal(m.classes, MEDIA_VOICE);
	assert_true(m.by_shape);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(headers_name_it, setup),
		cmocka_unit_test_setup(behind_a_relay, setup),
		cmocka_unit_test_setup(shapes, setup),
		cmocka_unit_test_setup(by_shape, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
