/* socket_test.c -- one question, one answer; nobody who hangs on keeps others away for long. */
#include "../../../sensor/control/socket.h"
#include "../../test.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct event_base *base;
static struct control_socket *server;
static char folder[] = "/tmp/punchwatch-socket.XXXXXX", path[64];

static int answer(void *ctx, enum request r, FILE *to)
{
	(void)ctx;
	for (unsigned i = 0; r == REQUEST_METRICS && i < 20000; i++)
		fprintf(to, "line %u of a long answer\n", i);
	fprintf(to, "asked %d\n", r);
	return r == REQUEST_RELOAD ? 2 : 0;
}

static int begin(void **state)
{
	bool failed;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/s", folder);
	base = event_base_new();
	server = control_socket_new(path, base, answer, NULL, &failed);
	assert_non_null(server);
	assert_false(failed);
	assert_null(control_socket_new(path, base, answer, NULL, &failed));
	assert_true(failed);
	return 0;
}

static int end(void **state)
{
	(void)state;
	control_socket_free(server);
	event_base_free(base);
	assert_int_equal(rmdir(folder), 0);
	return 0;
}

static int connected(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, path, sizeof path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

/* What came until the end; how many bytes. */
static size_t read_all(int fd, char *to, size_t room)
{
	size_t n = 0;

	for (unsigned i = 0; i < 300; i++) {
		ssize_t r;

		event_base_loop(base, EVLOOP_NONBLOCK);
		r = read(fd, to + n, room - 1 - n);
		if (r == 0)
			break;
		if (r > 0)
			n += (size_t)r;
		else
			usleep(500);
	}
	to[n] = '\0';
	close(fd);
	return n;
}

static void questions(void **state)
{
	static char got[1 << 20];
	int fd = connected();

	(void)state;
	assert_int_equal(write(fd, "sta", 3), 3);
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(write(fd, "tus\n", 4), 4);
	shutdown(fd, SHUT_WR);
	read_all(fd, got, sizeof got);
	assert_string_equal(got, "0\nasked 2\n");
	fd = connected();
	assert_int_equal(write(fd, "reload\n", 7), 7);
	read_all(fd, got, sizeof got);
	assert_string_equal(got, "2\nasked 4\n");
	fd = connected();
	assert_int_equal(write(fd, "metrics\n", 8), 8);
	assert_true(read_all(fd, got, sizeof got) > 400000);
	assert_non_null(strstr(got, "line 19999 "));
	fd = connected();
	assert_int_equal(write(fd, "rm -rf /\n", 9), 9);
	read_all(fd, got, sizeof got);
	assert_memory_equal(got, "2\nnot understood", 16);
}

static void many_who_say_nothing(void **state)
{
	char got[64];
	int fds[40], fd;

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		fds[i] = connected();
		event_base_loop(base, EVLOOP_NONBLOCK);
	}
	fd = connected();
	assert_int_equal(write(fd, "status\n", 7), 7);
	for (unsigned i = 0; i < 20; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(read(fd, got, sizeof got), -1);	/* waits */
	close(fds[7]);
	read_all(fd, got, sizeof got);
	assert_string_equal(got, "0\nasked 2\n");
	for (unsigned i = 0; i < 16; i++)
		if (i != 7)
			close(fds[i]);
	event_base_loop(base, EVLOOP_NONBLOCK);
}

static void *serve(void *ctx)
{
	event_base_loop(base, EVLOOP_NO_EXIT_ON_EMPTY);
	return ctx;
}

static void stop(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	event_base_loopbreak(base);
}

static void the_other_end(void **state)
{
	struct event *over = event_new(base, -1, 0, stop, NULL);
	pthread_t thread;

	(void)state;
	event_add(over, &(struct timeval){.tv_sec = 1});
	assert_int_equal(pthread_create(&thread, NULL, serve, NULL), 0);
	assert_int_equal(control_ask(path, "status"), 0);
	assert_int_equal(control_ask(path, "reload"), 2);
	assert_int_equal(control_ask("/nonexistent/socket", "status"), 3);
	pthread_join(thread, NULL);
	event_free(over);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions),
		cmocka_unit_test(many_who_say_nothing),
		cmocka_unit_test(the_other_end),
	};

	return cmocka_run_group_tests_name("socket", tests, begin, end);
}
