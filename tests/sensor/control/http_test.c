/* http_test.c -- asked over a unix socket, as curl would: metrics, health, and what is none of these. */
#include "../../../sensor/control/http.h"
#include "../../test.h"
#include "a_health.h"

#include <event2/event.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct event_base *base;
static struct http *server;
static struct health health;
static char folder[] = "/tmp/punchwatch-http.XXXXXX", path[64];
static char got[1 << 17];

static void ask(const char *text, size_t n)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	size_t have = 0;

	memcpy(at.sun_path, path, sizeof path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(write(fd, text, n), n);
	shutdown(fd, SHUT_WR);
	for (unsigned i = 0; i < 200; i++) {
		ssize_t r;

		event_base_loop(base, EVLOOP_NONBLOCK);
		r = read(fd, got + have, sizeof got - 1 - have);
		if (r == 0)
			break;
		if (r > 0)
			have += (size_t)r;
		else
			usleep(1000);
	}
	got[have] = '\0';
	close(fd);
	event_base_loop(base, EVLOOP_NONBLOCK);
}

static void get(const char *what)
{
	char text[256];

	ask(text, (size_t)snprintf(text, sizeof text, "GET %s HTTP/1.0\r\n\r\n", what));
}

static int begin(void **state)
{
	static char address[80];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/s", folder);
	snprintf(address, sizeof address, "unix:%s", path);
	base = event_base_new();
	a_health(&health);
	server = http_new(address, base, &health);
	assert_non_null(server);
	return 0;
}

static int end(void **state)
{
	(void)state;
	http_free(server);
	event_base_free(base);
	assert_int_equal(rmdir(folder), 0);	/* the socket is gone */
	return 0;
}

static void answers(void **state)
{
	(void)state;
	get("/metrics");
	assert_true(contains(got, " 200 OK\r\n"));
	assert_true(contains(got, "text/plain; version=0.0.4"));
	assert_true(contains(got, "\npunchwatch_ready 0\n"));
	get("/healthz");
	assert_true(contains(got, " 200 OK\r\n"));
	get("/readyz");
	assert_true(contains(got, " 503 "));
	assert_true(contains(got, "one-way: 75 %"));
	get("/");
	assert_true(contains(got, " 404 "));
	health.n_reasons = 0;
	get("/readyz");
	assert_true(contains(got, " 200 OK\r\n"));
	assert_true(contains(got, "\r\nok\n"));
	health.n_reasons = 1;
	health.reason[0].fault = FAULT_STALLED;
	health.stalled = true;
	get("/healthz");
	assert_true(contains(got, " 503 "));
}

static void nonsense_ends(void **state)
{
	static char junk[100000];

	(void)state;
	ask("POST /metrics HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", 45);
	assert_null(strstr(got, " 200 "));
	ask("\0\1\2\n\n", 5);
	memset(junk, 'a', sizeof junk);
	ask(junk, 60000);
	assert_null(strstr(got, " 200 "));
	get("/healthz");
	assert_true(contains(got, "HTTP/1."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(nonsense_ends),
	};

	return cmocka_run_group_tests_name("http", tests, begin, end);
}
