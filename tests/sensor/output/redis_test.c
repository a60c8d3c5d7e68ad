/* redis_test.c -- delivery to a real redis-server, and what happens when it is not well. */
#include "../../test.h"

#include "rig.h"

#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <sys/stat.h>
#include <sys/un.h>

static char address[512];

static const char *with(const char *options)
{
	snprintf(address, sizeof address, "%s%s", rig.url, options);
	return address;
}

static void list_in_order_and_nothing_left_behind(void **state)
{
	(void)state;
	server_start();
	output_to("", with("?key=k"));
	put_events(5000);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	want_all_once(in_list("k"));
	assert_int_equal(sink_now().sent, 5000);
	assert_int_equal(sink_now().acknowledged, 5000);
	assert_int_equal(sink_now().reconnects, 0);
	assert_int_equal(rig.counts.n[COUNT_OUT_JOURNALED], 5000);
	assert_true(temporary_journals(NULL) >= 1);
	output_free(rig.output);
	rig.output = NULL;
	assert_int_equal(temporary_journals(NULL), 0);
}

static void default_key_is_punchwatch(void **state)
{
	(void)state;
	server_start();
	output_to("", rig.url);
	put_events(1);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	assert_int_equal(ask("LLEN punchwatch"), 1);
}

/* A live sensor puts one event and waits: it must arrive without another one pushing it. */
static void one_event_arrives_by_timer(void **state)
{
	(void)state;
	server_start();
	output_to("", with("?key=k"));
	run_for(100);
	put_events(1);
	run_for(500);
	assert_int_equal(ask("LLEN k"), 1);
}

static void channel_reaches_its_subscriber(void **state)
{
	redisContext *c;
	redisReply *r;
	struct tally t;

	(void)state;
	server_start();
	c = client();
	freeReplyObject(redisCommand(c, "SUBSCRIBE alerts"));
	output_to("", with("?key=alerts&mode=channel"));
	put_events(300);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	t = tally_new();
	for (unsigned i = 0; i < 300; i++) {
		assert_int_equal(redisGetReply(c, (void **)&r), REDIS_OK);
		assert_int_equal(r->elements, 3);
		tally(&t, r->element[2]->str, r->element[2]->len);
		freeReplyObject(r);
	}
	want_all_once(tally_end(&t));
	redisFree(c);
}

static void stream_has_the_field_eve(void **state)
{
	redisContext *c;
	redisReply *r;
	struct tally t;

	(void)state;
	server_start();
	output_to("", with("?key=s&mode=stream"));
	put_events(300);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	c = client();
	r = redisCommand(c, "XRANGE s - +");
	assert_int_equal(r->elements, 300);
	t = tally_new();
	for (size_t i = 0; i < r->elements; i++) {
		const redisReply *fields = r->element[i]->element[1];

		assert_int_equal(fields->elements, 2);
		assert_string_equal(fields->element[0]->str, "eve");
		tally(&t, fields->element[1]->str, fields->element[1]->len);
	}
	want_all_once(tally_end(&t));
	freeReplyObject(r);
	redisFree(c);
}

static void login_database_and_name_over_tcp(void **state)
{
	redisContext *c;
	redisReply *r;

	(void)state;
	server_start();
	assert_int_equal(ask("ACL SETUSER sensor on >p@ss:w/rd ~k +rpush +select +client +ping"), 0);
	snprintf(address, sizeof address, "redis://sensor:p%%40ss%%3Aw%%2Frd@127.0.0.1:%u/3?key=k", rig.port);
	output_to("", address);
	put_events(100);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	c = client();
	freeReplyObject(redisCommand(c, "SELECT 3"));
	r = redisCommand(c, "LLEN k");
	assert_int_equal(r->integer, 100);
	freeReplyObject(r);
	r = redisCommand(c, "CLIENT LIST");
	assert_non_null(strstr(r->str, "name=punchwatch"));
	assert_non_null(strstr(r->str, "user=sensor"));
	freeReplyObject(r);
	redisFree(c);
}

static void password_alone_from_the_environment_to_a_name(void **state)
{
	(void)state;
	server_start();
	assert_int_equal(ask("CONFIG SET requirepass open-sesame"), 0);
	setenv("PUNCHWATCH_REDIS_PASSWORD", "open-sesame", 1);
	snprintf(address, sizeof address, "redis://localhost:%u?key=k", rig.port);
	output_to("", address);
	put_events(10);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	unsetenv("PUNCHWATCH_REDIS_PASSWORD");
}

/* Said once, without the password; the events are kept and the place is named. */
static void wrong_password(void **state)
{
	char kept[256] = "";
	const char *text;
	int old;

	(void)state;
	server_start();
	listen_to_stderr(&old);
	snprintf(address, sizeof address, "redis://sensor:open-sesame@127.0.0.1:%u?key=k", rig.port);
	output_to("", address);
	put_events(50);
	assert_int_equal(output_drain(rig.output, 1200), 50);
	output_free(rig.output);
	rig.output = NULL;
	text = said(old);
	assert_int_equal(times(text, "login refused (WRONGPASS)"), 1);
	assert_null(strstr(text, "open-sesame"));
	assert_non_null(strstr(text, "redis: 50 events not delivered; they are in "));
	assert_int_equal(temporary_journals(kept), 1);
	assert_non_null(strstr(text, kept));
	want_all_once(in_file(kept));
}

static void password_missing(void **state)
{
	const char *text;
	int old;

	(void)state;
	server_start();
	assert_int_equal(ask("CONFIG SET requirepass open-sesame"), 0);
	listen_to_stderr(&old);
	output_to("", with("?key=k"));
	put_events(5);
	assert_int_equal(output_drain(rig.output, 700), 5);
	text = said(old);
	assert_int_equal(times(text, "a password is needed"), 1);
}

static void server_comes_later(void **state)
{
	const char *text;
	int old;

	(void)state;
	listen_to_stderr(&old);
	output_to("", with("?key=k"));
	assert_non_null(rig.output);
	put_events(3000);
	run_for(400);
	server_start();
	assert_int_equal(output_drain(rig.output, 8000), 0);
	text = said(old);
	want_all_once(in_list("k"));
	assert_int_equal(times(text, "No such file or directory; events wait"), 1);
	assert_int_equal(times(text, "delivering again"), 1);
}

static void server_never_comes(void **state)
{
	(void)state;
	snprintf(address, sizeof address, "redis://127.0.0.1:%u", rig.port);
	output_to("", address);
	put_events(20);
	assert_int_equal(output_drain(rig.output, 500), 20);
	assert_int_equal(sink_now().sent, 0);
}

static void killed_and_started_again(void **state)
{
	(void)state;
	server_start();
	output_to("", with("?key=k"));
	for (unsigned i = 0; i < 3; i++) {
		put_events(4000);
		server_stop(SIGKILL);
		put_events(1000);
		run_for(150);
		server_start();
		put_events(1000);
		for (unsigned ms = 0; sink_now().reconnects == i && ms < 8000; ms += 50)
			run_for(50);
	}
	assert_int_equal(output_drain(rig.output, 8000), 0);
	want_all(in_list("k"));
	assert_int_equal(sink_now().reconnects, 3);
}

static void clients_killed(void **state)
{
	(void)state;
	server_start();
	snprintf(address, sizeof address, "redis://127.0.0.1:%u?key=k", rig.port);
	output_to("", address);
	for (unsigned i = 0; i < 8; i++) {
		put_events(1500);
		run_for(60);
		ask("CLIENT KILL TYPE normal SKIPME yes");
		put_events(100);
	}
	assert_int_equal(output_drain(rig.output, 8000), 0);
	want_all(in_list("k"));
	assert_true(sink_now().reconnects >= 1);
}

/* Shorter than the time-out: nothing but delay. */
static void short_stall(void **state)
{
	(void)state;
	server_start();
	output_to("", with("?key=k"));
	put_events(1000);
	kill(rig.server, SIGSTOP);
	put_events(4000);
	run_for(700);
	kill(rig.server, SIGCONT);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	want_all_once(in_list("k"));
	assert_int_equal(sink_now().reconnects, 0);
}

/* Longer: the connection is given up, also the next ones, which the kernel accepts and nobody answers. */
static void long_stall(void **state)
{
	const char *text;
	int old;

	(void)state;
	rig.settings.output.redis_timeout_ms = 700;
	server_start();
	listen_to_stderr(&old);
	output_to("", with("?key=k"));
	put_events(1000);
	run_for(200);
	kill(rig.server, SIGSTOP);
	put_events(4000);
	run_for(3000);
	kill(rig.server, SIGCONT);
	assert_int_equal(output_drain(rig.output, 8000), 0);
	text = said(old);
	want_all(in_list("k"));
	assert_true(sink_now().reconnects >= 1);
	assert_int_equal(times(text, "no answer for 700 ms"), 1);
}

static void in_flight_is_bounded(void **state)
{
	uint64_t before;

	(void)state;
	rig.settings.output.redis_inflight_bytes = 64 * 1024;
	server_start();
	output_to("", with("?key=k"));
	run_for(100);
	kill(rig.server, SIGSTOP);
	before = sink_now().sent;
	put_events(4000);
	run_for(300);
	/* An event is close to 2 KB. */
	assert_in_range(sink_now().sent - before, 10, 64);
	kill(rig.server, SIGCONT);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	want_all_once(in_list("k"));
}

static void out_of_memory_and_back(void **state)
{
	const char *text;
	int old;

	(void)state;
	server_start();
	listen_to_stderr(&old);
	output_to("", with("?key=k"));
	put_events(1000);
	run_for(100);
	assert_int_equal(ask("CONFIG SET maxmemory 1"), 0);
	put_events(3000);
	run_for(1200);
	assert_true(sink_now().refused > 0);
	assert_int_equal(ask("CONFIG SET maxmemory 0"), 0);
	assert_int_equal(output_drain(rig.output, 8000), 0);
	text = said(old);
	want_all_once(in_list("k"));
	assert_int_equal(times(text, "refused: OOM"), 1);
	assert_int_equal(times(text, "delivering again"), 1);
}

/* Some of a pipeline refused, some taken: none twice, none lost. */
static void refused_in_the_middle(void **state)
{
	(void)state;
	server_start();
	output_to("", with("?key=k"));
	for (unsigned i = 0; i < 6; i++) {
		put_events(700);
		ask("CONFIG SET maxmemory 1");
		put_events(200);
		run_for(70);
		ask("CONFIG SET maxmemory 0");
		put_events(300);
		run_for(50);
	}
	assert_int_equal(output_drain(rig.output, 8000), 0);
	{
		struct arrived a = in_list("k");

		assert_int_equal(a.missing, 0);
		assert_int_equal(a.twice, 0);
	}
	assert_true(sink_now().refused > 0);
}

static void key_of_another_type(void **state)
{
	const char *text;
	int old;

	(void)state;
	server_start();
	assert_int_equal(ask("SET k x"), 0);
	listen_to_stderr(&old);
	output_to("", with("?key=k"));
	put_events(100);
	run_for(600);
	assert_int_equal(ask("DEL k"), 1);
	assert_int_equal(output_drain(rig.output, 8000), 0);
	text = said(old);
	want_all_once(in_list("k"));
	assert_int_equal(times(text, "refused: WRONGTYPE"), 1);
}

static void replica_takes_nothing(void **state)
{
	const char *text;
	int old;

	(void)state;
	server_start();
	assert_int_equal(ask("REPLICAOF 127.0.0.1 1"), 0);
	listen_to_stderr(&old);
	output_to("", with("?key=k"));
	put_events(100);
	run_for(500);
	assert_int_equal(ask("REPLICAOF NO ONE"), 0);
	assert_int_equal(output_drain(rig.output, 8000), 0);
	text = said(old);
	want_all_once(in_list("k"));
	assert_int_equal(times(text, "refused: READONLY"), 1);
}

/* A file that was asked for is written besides. */
static void a_file_and_redis(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof path, "%s/eve.json", rig.folder);
	server_start();
	output_to(path, with("?key=k"));
	put_events(2000);
	assert_int_equal(output_drain(rig.output, 5000), 0);
	want_all_once(in_list("k"));
	want_all_once(in_file(path));
}

/* Live the file is the queue. logrotate's copytruncate, while Redis is away: what it took is said to be lost, the rest arrives. */
static void journal_cut_by_somebody_else(void **state)
{
	const char *text;
	struct arrived a;
	int old;

	(void)state;
	server_start();
	listen_to_stderr(&old);
	output_live(with("?key=k"));
	put_events(500);
	run_until_journaled();
	for (unsigned i = 0; i < 500 && sink_now().acknowledged < 500; i++)
		run_for(20);
	server_stop(SIGKILL);
	put_events(300);
	run_until_journaled();
	assert_int_equal(truncate(live_path(), 0), 0);
	put_events(200);
	run_until_journaled();
	server_start();
	for (unsigned i = 0; i < 500 && sink_now().waiting > 0; i++)
		run_for(20);
	assert_int_equal(output_drain(rig.output, 8000), 300);
	text = said(old);
	a = in_list("k");
	assert_int_equal(a.total, 700);
	assert_int_equal(a.missing, 300);
	assert_int_equal(a.twice, 0);
	assert_int_equal(rig.counts.n[COUNT_OUT_LOST], 300);
	assert_int_equal(times(text, "300 events are gone from the journal"), 1);
}

/* A temporary journal does not grow for ever: what is delivered goes, but the last of it. */
static void temporary_journal_is_emptied(void **state)
{
	struct output_state now;

	(void)state;
	server_start();
	output_to("", with("?key=k&mode=channel"));
	for (unsigned i = 0; i < 5; i++) {
		put_events(10000);
		assert_int_equal(output_drain(rig.output, 5000), 0);
		put_events(1);
		assert_int_equal(output_drain(rig.output, 5000), 0);
	}
	assert_in_range(temporary_journals(NULL), 1, 6);
	output_state(rig.output, &now);
	assert_in_range(now.bytes, 100, 50 << 20);
	assert_int_equal(sink_now().acknowledged, rig.made);
	assert_int_equal(rig.counts.n[COUNT_OUT_LOST], 0);
}

/* --- something that is not Redis --- */

static const char *answer;

static void on_stranger(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *a, int n, void *ctx)
{
	struct bufferevent *b = bufferevent_socket_new(rig.base, fd, BEV_OPT_CLOSE_ON_FREE);

	(void)l, (void)a, (void)n;
	bufferevent_enable(b, EV_WRITE);
	bufferevent_write(b, answer, strlen(answer));
	if (*(struct bufferevent **)ctx != NULL)	/* one at a time: the client has gone and come back */
		bufferevent_free(*(struct bufferevent **)ctx);
	*(struct bufferevent **)ctx = b;
}

static void not_redis_at_all(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 400 Bad Request\r\n\r\n", "*2147483647\r\n", "$536870912\r\nxxx", "+OK\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n:1\r\n",
		"*3\r\n*3\r\n*3\r\n*3\r\n*3\r\n*3\r\n*3\r\n*3\r\n*3\r\n*3\r\n", "-\r\n", "-ERR max number of clients reached\r\n", "\r\n", ":\r\n",
		"%1\r\n+a\r\n+b\r\n", "*-2\r\n", "$-9\r\n", "",
	};
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	(void)state;
	rig.settings.output.redis_timeout_ms = 100;
	snprintf(a.sun_path, sizeof a.sun_path, "%s", rig.socket);
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct bufferevent *b = NULL;
		struct evconnlistener *l = evconnlistener_new_bind(rig.base, on_stranger, &b,
		    LEV_OPT_CLOSE_ON_FREE, -1, (struct sockaddr *)&a, sizeof a);
		int old;

		assert_non_null(l);
		answer = answers[i];
		listen_to_stderr(&old);
		output_to("", with("?key=k"));
		put_events(3);
		assert_int_equal(output_drain(rig.output, 60), 3);
		output_free(rig.output);
		rig.output = NULL;
		said(old);
		evconnlistener_free(l);
		if (b != NULL)
			bufferevent_free(b);
		unlink(rig.socket);
		rig.made = 0;
	}
}

/* --- a cluster --- */

static long long ask_port(uint16_t port, const char *format, ...)
{
	redisContext *c = redisConnect("127.0.0.1", port);
	redisReply *r;
	long long v;
	va_list args;

	assert_int_equal(c->err, 0);
	va_start(args, format);
	r = redisvCommand(c, format, args);
	va_end(args);
	assert_non_null(r);
	if (r->type == REDIS_REPLY_ERROR)
		printf("%s: %s\n", format, r->str);
	v = r->type == REDIS_REPLY_INTEGER ? r->integer : r->type == REDIS_REPLY_ERROR ? -1 : 0;
	freeReplyObject(r);
	redisFree(c);
	return v;
}

static void node_id(uint16_t port, char id[static 41])
{
	redisContext *c = redisConnect("127.0.0.1", port);
	redisReply *r = redisCommand(c, "CLUSTER MYID");

	assert_non_null(r);
	snprintf(id, 41, "%s", r->str);
	freeReplyObject(r);
	redisFree(c);
}

/* The nodes talk to each other 10000 above it. */
static uint16_t cluster_port(void)
{
	uint16_t port;

	do
		port = free_port();
	while (port > 55000);
	return port;
}

/* Two nodes; the slot of our key moves from one to the other while events come. */
static void cluster_slot_moves(void **state)
{
	char first_socket[96], first_id[41], second_id[41], to[128];
	uint16_t first = cluster_port(), second = cluster_port();
	long long slot;
	pid_t first_server;

	(void)state;
	rig.port = first;
	server_start_with("--cluster-enabled yes --cluster-config-file nodes-1.conf --appendonly no");
	first_server = rig.server;
	strcpy(first_socket, rig.socket);
	rig.port = second;
	snprintf(rig.socket, sizeof rig.socket, "%s/second.sock", rig.folder);
	server_start_with("--cluster-enabled yes --cluster-config-file nodes-2.conf --appendonly no");
	node_id(first, first_id);
	node_id(second, second_id);
	assert_int_equal(ask_port(first, "CLUSTER ADDSLOTSRANGE 0 16383"), 0);
	assert_int_equal(ask_port(first, "CLUSTER MEET 127.0.0.1 %u", second), 0);
	slot = ask_port(first, "CLUSTER KEYSLOT k");
	snprintf(to, sizeof to, "redis://127.0.0.1:%u?key=k&mode=stream&batch=50", second);	/* the wrong one, which says so */
	output_to("", to);
	put_events(2000);
	for (unsigned i = 0; i < 200 && sink_now().acknowledged < 2000; i++)	/* until the nodes know each other */
		run_for(100);
	assert_int_equal(sink_now().acknowledged, 2000);
	put_events(500);
	assert_int_equal(ask_port(second, "CLUSTER SETSLOT %lld IMPORTING %s", slot, first_id), 0);
	assert_int_equal(ask_port(first, "CLUSTER SETSLOT %lld MIGRATING %s", slot, second_id), 0);
	put_events(500);
	run_for(50);
	assert_int_equal(ask_port(first, "MIGRATE 127.0.0.1 %u k 0 5000", second), 0);
	put_events(500);
	run_for(300);		/* ASK */
	assert_int_equal(ask_port(second, "CLUSTER SETSLOT %lld NODE %s", slot, second_id), 0);
	assert_int_equal(ask_port(first, "CLUSTER SETSLOT %lld NODE %s", slot, second_id), 0);
	put_events(500);
	assert_int_equal(output_drain(rig.output, 8000), 0);
	want_all_once(in_stream("k"));		/* of the second */
	kill(first_server, SIGKILL);
	waitpid(first_server, NULL, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		T(list_in_order_and_nothing_left_behind), T(default_key_is_punchwatch), T(one_event_arrives_by_timer),
		T(channel_reaches_its_subscriber), T(stream_has_the_field_eve), T(login_database_and_name_over_tcp),
		T(password_alone_from_the_environment_to_a_name), T(wrong_password), T(password_missing), T(server_comes_later),
		T(server_never_comes), T(killed_and_started_again), T(clients_killed), T(short_stall), T(long_stall),
		T(in_flight_is_bounded), T(out_of_memory_and_back), T(refused_in_the_middle), T(key_of_another_type),
		T(replica_takes_nothing), T(a_file_and_redis), T(journal_cut_by_somebody_else), T(temporary_journal_is_emptied),
		T(not_redis_at_all), T(cluster_slot_moves),
	};

	if (!server_installed()) {
		printf("redis_test: skipped, there is no redis-server (Debian package redis-server)\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
