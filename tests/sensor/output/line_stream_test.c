/* line_stream_test.c -- sockets that nobody answers on, streams and datagrams: lines arrive, whole, in order, also when the reader is slow,
 * goes and comes back; and several sinks at once, each with what it is to have.
 */
#include "../../test.h"

#include "rig.h"

#include <sys/un.h>

static char path[128], text[1 << 24];
static size_t n_text;
static int listener = -1, reader = -1;

static void listen_at(int type)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	snprintf(path, sizeof path, "%s/sink.sock", rig.folder);
	unlink(path);
	snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	listener = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof a), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(listener, 5), 0);
}

static uint16_t listen_tcp(uint16_t port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int on = 1;

	port = port != 0 ? port : free_port();
	a.sin_port = htons(port);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(listener, 5), 0);
	return port;
}

static void stop_listening(void)
{
	if (reader >= 0)
		close(reader);
	if (listener >= 0)
		close(listener);
	reader = listener = -1;
}

/* Let the loop run, and read what comes; at most so much. */
static void read_for(unsigned ms, size_t most)
{
	size_t stop = n_text + most;

	for (unsigned i = 0; i < ms / 5; i++) {
		ssize_t n;

		run_for(5);
		if (reader < 0)
			reader = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
		while (reader >= 0 && n_text < stop && (n = read(reader, text + n_text, sizeof text - n_text > 65536 ? 65536 : sizeof text - n_text)) > 0)
			n_text += (size_t)n;
	}
}

/* Lines; half ones at the end of a connection are marked by whoever cut it. */
static struct arrived in_text(void)
{
	struct tally t = tally_new();
	char *line = text, *end;

	for (; (end = memchr(line, '\n', n_text - (size_t)(line - text))) != NULL; line = end + 1)
		if (end > line && *line == '{' && end[-1] != '!')
			tally(&t, line, (size_t)(end - line));
	return tally_end(&t);
}

static void add_sink(const char *name, const char *to, uint8_t severity, uint32_t kinds_wanted, uint32_t types)
{
	static struct sink_settings sinks[4];
	struct sink_list *l = &rig.settings.output.sinks;
	struct sink_settings *s;

	l->items = sinks;
	s = &sinks[l->n++];
	*s = (struct sink_settings){.severity = severity, .kinds = kinds_wanted, .types = types};
	snprintf(s->name, sizeof s->name, "%s", name);
	snprintf(s->to, sizeof s->to, "%s", to);
}

static void add_unix(const char *scheme)
{
	char to[160];

	snprintf(to, sizeof to, "%s%s", scheme, path);
	add_sink("sock", to, 3, 0, 0);
}

static int begin(void **state)
{
	n_text = 0;
	return rig_open(state);
}

static int end(void **state)
{
	stop_listening();
	return rig_close(state);
}

static void stream_has_all(void **state)
{
	(void)state;
	listen_at(SOCK_STREAM);
	add_unix("unix://");
	output_live("");
	put_events(3000);
	read_for(1500, SIZE_MAX / 2);
	want_all_once(in_text());
	assert_int_equal(sink_now().acknowledged, 3000);
	assert_true(sink_now().connected);
}

/* What is in the socket's buffer when the reader dies is sent again; what it has read is not. */
static void reader_goes_and_comes_back(void **state)
{
	struct arrived a;
	uint64_t again;

	(void)state;
	listen_at(SOCK_STREAM);
	add_unix("unix://");
	output_live("");
	put_events(2000);
	read_for(150, 300000);
	stop_listening();
	if (n_text > 0 && text[n_text - 1] != '\n') {	/* half a line */
		text[n_text++] = '!';
		text[n_text++] = '\n';
	}
	run_for(300);
	assert_false(sink_now().connected);
	put_events(500);
	listen_at(SOCK_STREAM);
	read_for(2500, SIZE_MAX / 2);
	a = in_text();
	again = sink_now().again;
	assert_int_equal(sink_now().acknowledged, 2500);
	if (a.missing > 0 || a.twice > again)
		fail_msg("%u missing, %u twice, %u again", a.missing, a.twice, (unsigned)again);
}

static void slow_reader(void **state)
{
	(void)state;
	listen_at(SOCK_STREAM);
	add_unix("unix://");
	output_live("");
	put_events(1000);
	read_for(600, 1000);		/* reads next to nothing: nothing is called delivered */
	assert_true(sink_now().acknowledged < 1000);
	assert_int_equal(sink_now().reconnects, 0);
	read_for(1000, SIZE_MAX / 2);
	want_all_once(in_text());
}

static void datagrams_have_all(void **state)
{
	struct tally t;
	unsigned got = 0;

	(void)state;
	listen_at(SOCK_DGRAM);
	add_unix("unix+dgram://");
	output_live("");
	put_events(700);
	t = tally_new();
	for (unsigned i = 0; i < 400 && got < 700; i++) {
		ssize_t n;

		run_for(5);
		while ((n = read(listener, text, sizeof text)) > 0) {
			tally(&t, text, (size_t)n);
			got++;
		}
	}
	want_all_once(tally_end(&t));
	assert_int_equal(sink_now().acknowledged, 700);
}

static void datagrams_wait_for_a_reader(void **state)
{
	struct tally t;
	ssize_t n;

	(void)state;
	snprintf(path, sizeof path, "%s/sink.sock", rig.folder);
	add_unix("unix+dgram://");
	output_live("");
	put_events(5);
	run_for(300);
	assert_int_equal(sink_now().acknowledged, 0);
	assert_int_equal(sink_now().waiting, 5);
	listen_at(SOCK_DGRAM);
	run_for(1200);
	t = tally_new();
	while ((n = read(listener, text, sizeof text)) > 0)
		tally(&t, text, (size_t)n);
	want_all_once(tally_end(&t));
}

/* RFC 6587: a count, a space, and so many bytes. */
static void syslog_over_tcp(void **state)
{
	char to[64], *p = text;
	struct tally t;
	uint16_t port;

	(void)state;
	port = listen_tcp(0);
	snprintf(to, sizeof to, "syslog+tcp://127.0.0.1:%u", port);
	add_sink("log", to, 3, 0, 0);
	output_live("");
	put_events(300);
	read_for(800, SIZE_MAX / 2);
	t = tally_new();
	while (p < text + n_text) {
		char *after;
		size_t n = strtoul(p, &after, 10);
		char *json;

		assert_int_equal(*after, ' ');
		assert_true(after + 1 + n <= text + n_text);
		assert_memory_equal(after + 1, "<171>1 2026-01-02T03:04:05.678901Z test punchwatch ", 51);
		json = memchr(after, '{', n);
		tally(&t, json, n - (size_t)(json - after - 1));
		p = after + 1 + n;
	}
	want_all_once(tally_end(&t));
}

static void syslog_over_udp(void **state)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct tally t;
	char to[64];
	ssize_t n;

	(void)state;
	a.sin_port = htons(free_port());
	listener = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&a, sizeof a), 0);
	snprintf(to, sizeof to, "syslog://127.0.0.1:%u?facility=local0", ntohs(a.sin_port));
	add_sink("log", to, 3, 0, 0);
	output_live("");
	put_events(20);
	run_for(400);
	t = tally_new();
	while ((n = read(listener, text, sizeof text)) > 0) {
		const char *json = memchr(text, '{', (size_t)n);

		assert_memory_equal(text, "<131>1 ", 7);
		tally(&t, json, (size_t)(text + n - json));
	}
	want_all_once(tally_end(&t));
}

static void several_sinks_each_with_its_own(void **state)
{
	static struct event e;
	char to[160];
	struct output_state s;
	unsigned alerts = 0;

	(void)state;
	listen_at(SOCK_STREAM);
	snprintf(to, sizeof to, "unix://%s", path);
	add_sink("urgent", to, 1, 0, 1);
	snprintf(to, sizeof to, "syslog://127.0.0.1:%u", free_port());
	add_sink("kind", to, 3, 1u << KIND_STUN_DISCOVERY, 1);
	output_live("");
	for (unsigned i = 0; i < 30; i++) {
		sample_alert(&e, i % 3 == 0 ? KIND_HOLE_PUNCH : KIND_STUN_DISCOVERY);
		if (i % 3 == 1)
			sample_base(&e, EVENT_FLOW);
		assert_true(output_event(rig.output, &e));
	}
	read_for(700, SIZE_MAX / 2);
	for (size_t i = 0; i < n_text; i++)
		alerts += text[i] == '\n';
	assert_int_equal(alerts, 10);
	output_state(rig.output, &s);
	assert_int_equal(s.n_sinks, 2);
	assert_string_equal(s.sinks[0].name, "urgent");
	assert_int_equal(s.sinks[0].acknowledged, 10);
	assert_int_equal(s.sinks[0].waiting, 0);
	/* nobody listens there; UDP learns of it with the next datagram, if at all */
	assert_int_equal(s.sinks[1].acknowledged + s.sinks[1].waiting, 10);
	assert_int_equal(s.journaled, 30);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		T(stream_has_all), T(reader_goes_and_comes_back), T(slow_reader), T(datagrams_have_all), T(datagrams_wait_for_a_reader),
		T(syslog_over_tcp), T(syslog_over_udp), T(several_sinks_each_with_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
