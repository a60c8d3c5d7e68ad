/* feed_test.c -- the position of a sink: what is offered when, and what counts as delivered. */
#include "../../test.h"

#include "rig.h"

#include "../../../sensor/output/feed.h"

/* A sink that writes down what it is offered. */
static struct {
	struct feed *feed;
	unsigned room;			/* takes so many more */
	bool at_once;			/* says "done" from inside put() */
	unsigned n;
	uint64_t numbers[64];
	char texts[64][32];
} sink;

static void *open_sink(const struct sink_env *env)
{
	sink.feed = env->feed;
	return &sink;
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static bool put(void *ctx, const struct record *r)
{
	(void)ctx;
	if (sink.room == 0 || sink.n == 64)
		return false;
	sink.room--;
	sink.numbers[sink.n] = r->number;
	snprintf(sink.texts[sink.n++], 32, "%.*s", (int)r->len, r->json);
	if (sink.at_once)
		feed_done(sink.feed, 1);
	return true;
}

static void close_sink(void *ctx)
{
	(void)ctx;
	sink.feed = NULL;
}

static const struct sink_ops ops = {.open = open_sink, .start = nothing, .put = put, .flush = nothing, .close = close_sink};
static const struct sink_settings wants = {.name = "test"};
static struct journal_settings limits;
static struct journal *journal;
static struct feed *feed;

static const char *base(void)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/eve.json", rig.folder);
	return path;
}

static void open_both(void)
{
	struct sink_env env = {.base = rig.base};

	memset(&sink, 0, sizeof sink);
	journal = journal_open(base(), &limits);
	assert_non_null(journal);
	feed = feed_new("test", &wants, &ops);
	assert_non_null(feed);
	assert_true(feed_open(feed, &env));
	feed_start(feed, journal);
}

static void begin(unsigned room)
{
	limits = (struct journal_settings){.durable = true, .segment_bytes = 1 << 20, .keep_bytes = 1 << 30, .segment_s = 1000, .keep_s = 1000};
	open_both();
	sink.room = 1;
	journal_put(journal, "line 1\n", 7);
	assert_true(journal_commit(journal));
	feed_pump(feed);
	assert_int_equal(sink.numbers[0], 1);
	feed_done(feed, 1);
	sink.n = 0;
	sink.room = room;
}

static void end(void)
{
	feed_free(feed);
	assert_null(sink.feed);
	journal_close(journal, true);
}

static void lines(unsigned from, unsigned to)
{
	char line[32];

	for (unsigned i = from; i <= to; i++) {
		journal_put(journal, line, (size_t)snprintf(line, sizeof line, "line %u\n", i));
		if (!journal_has_room(journal))
			assert_true(journal_commit(journal));
	}
	assert_true(journal_commit(journal));
	feed_pump(feed);
}

/* Offered exactly these since the last look; each with its own text. */
static void want_offered(unsigned n, const uint64_t *numbers)
{
	assert_int_equal(sink.n, n);
	for (unsigned i = 0; i < n; i++) {
		char text[32];

		snprintf(text, sizeof text, "line %u", (unsigned)numbers[i]);
		assert_string_equal(sink.texts[i], text);
	}
	sink.n = 0;
}

#define OFFERED(...) want_offered(sizeof((uint64_t[]){__VA_ARGS__}) / 8, (uint64_t[]){__VA_ARGS__})

static void as_much_as_there_is_room(void **state)
{
	(void)state;
	begin(2);
	lines(2, 5);
	OFFERED(2, 3);
	feed_more(feed);
	assert_int_equal(sink.n, 0);
	sink.room = 1;
	feed_more(feed);
	OFFERED(4);
	sink.room = 10;
	lines(6, 6);
	OFFERED(5, 6);
	assert_int_equal(feed_counts(feed)->acknowledged, 1);
	assert_int_equal(feed_waiting(feed), 5);
	end();
}

static void what_is_not_done_comes_again(void **state)
{
	(void)state;
	begin(10);
	lines(2, 7);
	OFFERED(2, 3, 4, 5, 6, 7);
	feed_done(feed, 2);
	feed_done(feed, 99);		/* so many were never offered */
	assert_int_equal(feed_counts(feed)->acknowledged, 3);
	feed_rewind(feed, 3);
	assert_int_equal(feed_counts(feed)->again, 3);
	assert_int_equal(sink.n, 0);	/* not before it is asked for */
	sink.room = 10;
	feed_more(feed);
	OFFERED(4, 5, 6, 7);
	lines(8, 8);
	OFFERED(8);
	feed_done(feed, 5);
	assert_int_equal(feed_counts(feed)->acknowledged, 8);
	assert_int_equal(feed_waiting(feed), 0);
	feed_rewind(feed, 0);
	feed_more(feed);
	assert_int_equal(sink.n, 0);
	end();
}

static void done_at_once(void **state)
{
	(void)state;
	begin(60);
	sink.at_once = true;
	lines(2, 40);
	assert_int_equal(sink.n, 39);
	assert_int_equal(feed_counts(feed)->acknowledged, 40);
	end();
}

/* The window is bounded, and goes on when its start is done. */
static void many_without_an_answer(void **state)
{
	unsigned taken = 0;

	(void)state;
	begin(0);
	lines(2, 20001);
	for (unsigned round = 0; round < 2000; round++) {
		sink.room = 50;
		sink.n = 0;
		feed_more(feed);
		taken += sink.n;
		if (sink.n == 0)
			break;
	}
	assert_in_range(taken, 1000, 19999);
	feed_done(feed, taken);
	sink.room = 1;
	sink.n = 0;
	feed_more(feed);
	OFFERED(2 + taken);
	end();
}

/* The next run goes on where this one stopped; what was sent and not answered counts as sent again. */
static void position_outlives_us(void **state)
{
	(void)state;
	begin(10);
	lines(2, 6);
	OFFERED(2, 3, 4, 5, 6);
	feed_done(feed, 1);
	feed_underway(feed, 3);
	end();
	open_both();
	assert_int_equal(feed_counts(feed)->again, 3);
	assert_int_equal(feed_waiting(feed), 4);
	sink.room = 10;
	feed_more(feed);
	OFFERED(3, 4, 5, 6);
	feed_done(feed, 4);
	lines(7, 8);		/* into a segment of its own */
	OFFERED(7, 8);
	end();
}

/* A segment after the other, and those that are gone are counted. */
static void bounded_journal(void **state)
{
	(void)state;
	begin(0);
	for (unsigned i = 0; i < 10; i++) {
		lines(2 + i * 10, 11 + i * 10);
		journal_rotate(journal);
	}
	sink.room = 5;
	feed_more(feed);
	OFFERED(2, 3, 4, 5, 6);
	feed_done(feed, 5);
	limits.keep_bytes = 300;
	end();
	open_both();		/* the newer bound holds at once */
	sink.room = 60;
	feed_pump(feed);
	assert_in_range(sink.n, 10, 50);
	assert_int_equal(feed_counts(feed)->lost, 95 - sink.n);
	assert_string_equal(sink.texts[sink.n - 1], "line 101");
	end();
}

static void somebody_empties_the_folder(void **state)
{
	char command[256];

	(void)state;
	begin(10);
	lines(2, 4);
	OFFERED(2, 3, 4);
	feed_done(feed, 3);
	sink.room = 0;
	lines(5, 9);
	snprintf(command, sizeof command, "rm %s.[0-9]*", base());
	assert_int_equal(system(command), 0);
	sink.room = 10;
	feed_rewind(feed, 0);
	lines(10, 12);
	/* what was read already may still come */
	assert_in_range(sink.n + feed_counts(feed)->lost, 8, 8);
	assert_string_equal(sink.texts[sink.n - 1], "line 12");
	end();
}

/* Streams: a record by its id, and going to it. */
static void places(void **state)
{
	struct record r;
	uint64_t segment, number;

	(void)state;
	begin(10);
	lines(2, 8);
	OFFERED(2, 3, 4, 5, 6, 7, 8);
	feed_done(feed, 7);
	feed_last(feed, &segment, &number);
	assert_int_equal(number, 8);
	assert_true(feed_look_up(feed, segment, 5, &r));
	assert_int_equal(r.len, 6);
	assert_memory_equal(r.json, "line 5", 6);
	assert_false(feed_look_up(feed, segment, 9, &r));
	assert_false(feed_look_up(feed, segment, 0, &r));
	assert_false(feed_look_up(feed, segment + 1, 1, &r));
	assert_int_equal(feed_seek(feed, segment, 5), 3);
	sink.room = 10;
	feed_more(feed);
	OFFERED(6, 7, 8);
	feed_done(feed, 3);
	assert_int_equal(feed_seek(feed, 0, 0), 8);
	sink.room = 10;
	feed_more(feed);
	OFFERED(1, 2, 3, 4, 5, 6, 7, 8);
	assert_false(feed_begins_above(feed, segment, 1));
	assert_true(feed_begins_above(feed, segment - 1, 1));
	end();
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		T(as_much_as_there_is_room), T(what_is_not_done_comes_again), T(done_at_once), T(many_without_an_answer),
		T(position_outlives_us), T(bounded_journal), T(somebody_empties_the_folder), T(places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
