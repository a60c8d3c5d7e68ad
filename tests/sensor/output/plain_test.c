/* plain_test.c -- plain files and standard output: batches, half lines, full disks, readers that go. */
#include "../../test.h"

#include "rig.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include "../../../sensor/output/plain.h"

static char path[128];

static const char *file(const char *name)
{
	snprintf(path, sizeof path, "%s/%s", rig.folder, name);
	return path;
}

static void fill(const char *name, const char *text)
{
	FILE *f = fopen(file(name), "w");

	fputs(text, f);
	fclose(f);
}

static void file_has_every_line(void **state)
{
	struct stat st;

	(void)state;
	output_to(file("eve.json"), "");
	put_events(3000);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	want_all_once(in_file(path));
	assert_int_equal(rig.counts.n[COUNT_OUT_JOURNALED], 3000);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777 & ~0640, 0);	/* not for everybody */
}

/* A live sensor with one event: it is in the file soon, without another one. */
static void written_by_timer(void **state)
{
	(void)state;
	output_to(file("eve.json"), "");
	put_events(1);
	run_for(400);
	want_all_once(in_file(path));
}

static void half_line_is_ended(void **state)
{
	char text[64] = "";
	FILE *f;

	(void)state;
	fill("eve.json", "whole\nhalf");
	output_to(path, "");
	put_events(2);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	want_all_once(in_file(path));
	f = fopen(path, "r");
	assert_non_null(fgets(text, sizeof text, f));
	assert_string_equal(text, "whole\n");
	assert_non_null(fgets(text, sizeof text, f));
	assert_string_equal(text, "half\n");
	fclose(f);
}

static void second_writer_is_refused(void **state)
{
	struct plain *first, *second;
	const char *text;
	int old;

	(void)state;
	first = plain_open(file("eve.json"));
	assert_non_null(first);
	listen_to_stderr(&old);
	second = plain_open(path);
	text = said(old);
	assert_null(second);
	assert_non_null(strstr(text, "another process writes to it"));
	plain_close(first);
	second = plain_open(path);
	assert_non_null(second);
	plain_close(second);
}

/* /dev/full: every write fails with ENOSPC. */
static void full_disk_holds_events_back(void **state)
{
	static struct event e;
	unsigned taken = 0;
	const char *text;
	int old;

	(void)state;
	listen_to_stderr(&old);
	output_to("/dev/full", "");
	sample_alert(&e, KIND_HOLE_PUNCH);
	while (taken < 50000 && output_event(rig.output, &e))
		taken++;
	assert_in_range(taken, 100, 49999);
	assert_int_equal(output_drain(rig.output, 1300), taken);
	assert_true(rig.counts.n[COUNT_OUT_RETRIES] >= 2);
	output_free(rig.output);
	rig.output = NULL;
	text = said(old);
	assert_int_equal(times(text, "No space left on device; trying again"), 1);
	assert_int_equal(times(text, "events not written"), 1);
}

/* A limit on the file's size stands for a full disk: writes are cut in the middle of a line. */
static void space_comes_back(void **state)
{
	struct rlimit old_limit, limit;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old_limit);
	limit = old_limit;
	limit.rlim_cur = 100001;
	output_to(file("eve.json"), "");
	setrlimit(RLIMIT_FSIZE, &limit);
	put_events(150);
	run_for(1200);
	assert_true(rig.counts.n[COUNT_OUT_RETRIES] > 0);
	assert_true(rig.counts.n[COUNT_OUT_JOURNALED] < 150);
	setrlimit(RLIMIT_FSIZE, &old_limit);
	assert_int_equal(output_drain(rig.output, 3000), 0);
	want_all_once(in_file(path));
}

/* ... and if it does not, the file still ends in a whole line, and the count is right. */
static void no_half_line_is_left(void **state)
{
	struct rlimit old_limit, limit;
	struct arrived a;
	uint64_t left;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old_limit);
	limit = old_limit;
	limit.rlim_cur = 100001;
	output_to(file("eve.json"), "");
	setrlimit(RLIMIT_FSIZE, &limit);
	put_events(150);
	left = output_drain(rig.output, 700);
	output_free(rig.output);
	rig.output = NULL;
	setrlimit(RLIMIT_FSIZE, &old_limit);
	a = in_file(path);
	assert_in_range(left, 1, 149);
	assert_int_equal(a.total + left, 150);
}

static void standard_output_alone(void **state)
{
	char copy[128];
	int old = dup(STDOUT_FILENO), fd;

	(void)state;
	snprintf(copy, sizeof copy, "%s", file("out"));
	fd = open(copy, O_CREAT | O_WRONLY, 0600);
	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	output_to("-", "");
	put_events(100);
	assert_int_equal(output_drain(rig.output, 1000), 0);
	output_free(rig.output);
	rig.output = NULL;
	dup2(old, STDOUT_FILENO);
	close(old);
	want_all_once(in_file(copy));
}

/* `punchwatch read --eve - x.pcap | head -1` */
static void reader_goes(void **state)
{
	int old = dup(STDOUT_FILENO), ends[2], err;
	const char *text;
	uint64_t left;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	fflush(stdout);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	listen_to_stderr(&err);
	output_to("-", "");
	put_events(5);
	run_for(300);
	close(ends[0]);
	put_events(500);
	left = output_drain(rig.output, 0);	/* there is no hope: it does not wait */
	output_free(rig.output);
	rig.output = NULL;
	dup2(old, STDOUT_FILENO);
	close(old);
	text = said(err);
	assert_int_equal(left, 500);
	assert_int_equal(rig.counts.n[COUNT_OUT_LOST], 500);
	assert_int_equal(times(text, "nobody reads it any more"), 1);
}

/* A pipe that somebody else made non-blocking, and a reader that takes its time. */
static void slow_pipe(void **state)
{
	char copy[128];
	int old = dup(STDOUT_FILENO), ends[2];
	pid_t reader;

	(void)state;
	snprintf(copy, sizeof copy, "%s", file("out"));
	assert_int_equal(pipe2(ends, 0), 0);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	fflush(stdout);
	reader = fork();
	if (reader == 0) {
		FILE *f = fopen(copy, "w");
		char buffer[8192];
		ssize_t n;

		close(ends[1]);
		while ((n = read(ends[0], buffer, sizeof buffer)) > 0) {
			fwrite(buffer, 1, (size_t)n, f);
			usleep(1000);
		}
		fclose(f);
		_exit(0);
	}
	close(ends[0]);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	output_to("-", "");
	put_events(1000);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	output_free(rig.output);
	rig.output = NULL;
	dup2(old, STDOUT_FILENO);
	close(old);
	waitpid(reader, NULL, 0);
	want_all_once(in_file(copy));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		T(file_has_every_line), T(written_by_timer), T(half_line_is_ended), T(second_writer_is_refused), T(full_disk_holds_events_back), T(space_comes_back), T(no_half_line_is_left),
		T(standard_output_alone), T(reader_goes), T(slow_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
