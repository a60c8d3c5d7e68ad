/* journal_test.c -- the journal of a live sensor: segments, rotation, bounds, full disks, crashes. */
#include "../../test.h"

#include "rig.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include "../../../sensor/output/journal.h"
#include "../../../sensor/output/segment.h"

enum { MOST = 64 };

static struct segment found[MOST];

static unsigned segments(void)
{
	unsigned n = 0;

	assert_int_equal(segment_list(live_path(), found, MOST, &n), 0);
	return n;
}

/* All of them, in their order, as one file. */
static const char *together(void)
{
	static char path[128];
	char command[512];

	snprintf(path, sizeof path, "%s/all", rig.folder);
	snprintf(command, sizeof command, "cat %s.[0-9]????????????? > %s 2>/dev/null || cat %s.[0-9]???????????? > %s", live_path(), path, live_path(), path);
	assert_int_equal(system(command), 0);
	return path;
}

static void newest_has_the_name(void **state)
{
	struct stat st, own;
	char path[160];

	(void)state;
	output_live("");
	put_events(300);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	want_all_once(in_file(live_path()));
	assert_int_equal(rig.counts.n[COUNT_OUT_JOURNALED], 300);
	assert_int_equal(segments(), 1);
	assert_int_equal(stat(live_path(), &st), 0);
	assert_int_equal(stat(segment_path(live_path(), found[0].number, path, sizeof path), &own), 0);
	assert_int_equal(st.st_ino, own.st_ino);
	assert_int_equal(st.st_mode & 07777 & ~0640, 0);	/* not for everybody */
	assert_int_equal(temporary_journals(NULL), 0);
}

/* What an earlier version, or somebody else, called so stays. */
static void older_file_is_kept(void **state)
{
	char folder[128], pattern[160];
	glob_t g;
	FILE *f;

	(void)state;
	snprintf(folder, sizeof folder, "%s/live", rig.folder);
	mkdir(folder, 0700);
	f = fopen(live_path(), "w");
	fputs("an older line\n", f);
	fclose(f);
	output_live("");
	put_events(3);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	want_all_once(in_file(live_path()));
	snprintf(pattern, sizeof pattern, "%s.old-*", live_path());
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	globfree(&g);
}

static void rotated_by_signal(void **state)
{
	(void)state;
	output_live("");
	put_events(10);
	run_for(200);
	raise(SIGUSR1);
	run_for(100);
	put_events(10);
	raise(SIGUSR1);		/* what waits still goes into the old one */
	run_for(200);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	assert_int_equal(segments(), 2);
	want_all_once(in_file(together()));
}

static void rotated_by_size_and_bounded(void **state)
{
	unsigned n;

	(void)state;
	rig.settings.output.journal.segment_bytes = 100000;
	rig.settings.output.journal.keep_bytes = 1500000;
	output_live("");
	for (unsigned i = 0; i < 20; i++) {
		put_events(100);
		run_for(80);
	}
	assert_int_equal(output_drain(rig.output, 1000), 0);
	n = segments();
	assert_in_range(n, 3, 20);
	for (unsigned i = 1; i < n; i++)
		assert_true(found[i].number > found[i - 1].number);
	assert_true(in_file(together()).missing > 0);	/* the oldest are gone: nobody wanted them */
	assert_int_equal(rig.counts.n[COUNT_OUT_LOST], 0);
}

/* A limit on the file's size stands for a full disk: writes are cut in the middle of a line. */
static void full_disk(void **state)
{
	struct rlimit old_limit, limit;
	struct output_state now;
	const char *text;
	int old;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old_limit);
	limit = old_limit;
	limit.rlim_cur = 100001;
	listen_to_stderr(&old);
	output_live("");
	setrlimit(RLIMIT_FSIZE, &limit);
	put_events(150);
	run_for(1200);
	output_state(rig.output, &now);
	assert_true(now.failing);
	assert_true(now.retries > 0);
	assert_true(now.journaled < 150);
	setrlimit(RLIMIT_FSIZE, &old_limit);
	assert_int_equal(output_drain(rig.output, 3000), 0);
	text = said(old);
	assert_int_equal(times(text, "cannot be written: File too large; trying again"), 1);
	assert_int_equal(times(text, "written again"), 1);
	want_all_once(in_file(together()));
}

/* The folder goes away, and comes back. */
static void folder_is_gone(void **state)
{
	struct output_state now;
	char from[160], to[160];
	const char *text;
	int old;

	(void)state;
	listen_to_stderr(&old);
	output_live("");
	put_events(5);
	run_for(200);
	snprintf(from, sizeof from, "%s/live", rig.folder);
	snprintf(to, sizeof to, "%s/away", rig.folder);
	output_rotate(rig.output);
	run_for(200);
	assert_int_equal(rename(from, to), 0);
	put_events(5);
	run_for(1000);
	output_state(rig.output, &now);
	assert_true(now.failing);
	assert_int_equal(now.journaled, 5);
	assert_int_equal(rename(to, from), 0);
	assert_int_equal(output_drain(rig.output, 3000), 0);
	text = said(old);
	assert_int_equal(times(text, "a new segment cannot be made: No such file or directory"), 1);
	want_all_once(in_file(together()));
}

/* A crash in the middle of a write: the torn record is set aside, and the next segment has a higher number. */
static void torn_record(void **state)
{
	char path[160], torn[176], text[64] = "";
	uint64_t first;
	const char *told;
	FILE *f;
	int old;

	(void)state;
	output_live("");
	put_events(20);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	output_end();
	assert_int_equal(segments(), 1);
	first = found[0].number;
	f = fopen(segment_path(live_path(), first, path, sizeof path), "a");
	fputs("{\"timestamp\":\"2026", f);
	fclose(f);
	listen_to_stderr(&old);
	output_live("");
	put_events(20);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	told = said(old);
	assert_int_equal(times(told, "torn record, 18 bytes"), 1);
	snprintf(torn, sizeof torn, "%s.torn", path);
	f = fopen(torn, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, sizeof text, f));
	fclose(f);
	assert_string_equal(text, "{\"timestamp\":\"2026");
	assert_int_equal(segments(), 2);
	assert_int_equal(found[0].number, first);
	want_all_once(in_file(together()));
}

static void one_writer(void **state)
{
	const struct journal_settings limits = {.segment_bytes = 1 << 20, .keep_bytes = 1 << 20, .segment_s = 10, .keep_s = 10};
	struct journal *second;
	const char *text;
	int old;

	(void)state;
	output_live("");
	put_events(1);
	listen_to_stderr(&old);
	second = journal_open(live_path(), &limits);
	text = said(old);
	assert_null(second);
	assert_non_null(strstr(text, "another process writes to it"));
}

/* The end of a run with a disk that stays full: what is not written is told. */
static void never_any_space(void **state)
{
	struct rlimit old_limit, limit;
	const char *text;
	uint64_t left;
	int old;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old_limit);
	limit = old_limit;
	limit.rlim_cur = 10001;
	listen_to_stderr(&old);
	output_live("");
	setrlimit(RLIMIT_FSIZE, &limit);
	put_events(50);
	left = output_drain(rig.output, 700);
	output_end();
	setrlimit(RLIMIT_FSIZE, &old_limit);
	text = said(old);
	assert_int_equal(left, 50 - (segments() > 0 ? in_file(together()).total : 0));
	assert_int_equal(times(text, "events not written"), 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		T(newest_has_the_name), T(older_file_is_kept), T(rotated_by_signal), T(rotated_by_size_and_bounded), T(full_disk),
		T(folder_is_gone), T(torn_record), T(one_writer), T(never_any_space),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
