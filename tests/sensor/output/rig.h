/* rig.h -- what the tests of the output share: a folder of their own, a real redis-server, a run of events through a struct
 * output, and what came out of it. */
#ifndef PW_TEST_RIG_H
#define PW_TEST_RIG_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cjson/cJSON.h>
#include <event2/event.h>
#include <hiredis/hiredis.h>

#include "../../../sensor/output/output.h"
#include "../event/sample.h"

struct rig {
	char folder[64], socket[96], url[128];	/* url: the socket's address, for ?key=... */
	uint16_t port;
	pid_t server;
	struct settings settings;
	struct event_base *base;
	struct counts counts;
	struct output *output;
	unsigned made;			/* events put so far; each has its number as pcap_cnt */
};

static struct rig rig;

/* --- the server --- */

static inline uint16_t free_port(void)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || getsockname(fd, (struct sockaddr *)&a, &n) != 0)
		abort();
	close(fd);
	return ntohs(a.sin_port);
}

static inline bool server_installed(void)
{
	return system("command -v redis-server >/dev/null 2>&1") == 0;
}

/* A synchronous client, for looking. NULL: nobody there. */
static inline redisContext *client(void)
{
	redisContext *c = redisConnectUnix(rig.socket);

	if (c == NULL || c->err != 0) {
		redisFree(c);
		return NULL;
	}
	return c;
}

/* Every write on disk before it is answered: what was acknowledged is there after a kill. */
static inline void server_start_with(const char *more)
{
	char port[8], words[1024];
	const char *argv[64] = {"redis-server", "--port", port, "--bind", "127.0.0.1", "--unixsocket", rig.socket, "--unixsocketperm", "700",
	    "--dir", rig.folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"};
	unsigned n = 19;
	redisContext *c = NULL;

	snprintf(words, sizeof words, "%s", more);
	for (char *w = strtok(words, " "); w != NULL && n < 63; w = strtok(NULL, " "))
		argv[n++] = w;
	snprintf(port, sizeof port, "%u", rig.port);
	rig.server = fork();
	if (rig.server == 0) {
		int log = open("/dev/null", O_WRONLY);

		dup2(log, 1);
		dup2(log, 2);
		execvp("redis-server", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	for (unsigned i = 0; i < 500; i++, usleep(10000)) {
		redisReply *pong;
		bool up;

		c = client();
		if (c == NULL)
			continue;
		pong = redisCommand(c, "PING");
		up = pong != NULL && (pong->type == REDIS_REPLY_STATUS || strncmp(pong->str, "NOAUTH", 6) == 0);
		if (pong != NULL)
			freeReplyObject(pong);
		redisFree(c);
		if (up)
			return;
	}
	fail_msg("redis-server does not start");
}

static inline void server_start(void)
{
	server_start_with("");
}

static inline void server_stop(int signal)
{
	if (rig.server <= 0)
		return;
	kill(rig.server, signal);
	kill(rig.server, SIGCONT);
	waitpid(rig.server, NULL, 0);
	rig.server = 0;
	unlink(rig.socket);
}

/* One command; its integer, or -1 for an error; a status counts as 0. */
static inline long long ask(const char *command)
{
	redisContext *c = client();
	redisReply *r;
	long long v;

	assert_non_null(c);
	r = redisCommand(c, command);
	assert_non_null(r);
	v = r->type == REDIS_REPLY_INTEGER ? r->integer : r->type == REDIS_REPLY_ERROR ? -1 : 0;
	freeReplyObject(r);
	redisFree(c);
	return v;
}

/* --- a run --- */

static inline int rig_open(void **state)
{
	(void)state;
	memset(&rig, 0, sizeof rig);
	strcpy(rig.folder, "/tmp/punchwatch-test-XXXXXX");
	if (mkdtemp(rig.folder) == NULL)
		return -1;
	setenv("TMPDIR", rig.folder, 1);
	snprintf(rig.socket, sizeof rig.socket, "%s/redis.sock", rig.folder);
	snprintf(rig.url, sizeof rig.url, "redis+unix://%s", rig.socket);
	rig.port = free_port();
	strcpy(rig.settings.eve.host, "test");
	rig.settings.eve.profile = PROFILE_8;
	rig.settings.output.redis_inflight_bytes = 256 * 1024;
	rig.settings.output.redis_timeout_ms = 5000;
	rig.settings.output.journal = (struct journal_settings){.path = "auto", .segment_bytes = 64 << 20, .keep_bytes = 1 << 30,
	    .segment_s = 86400, .keep_s = 86400, .flush_ms = 50};
	rig.base = event_base_new();
	return rig.base == NULL;
}

static inline int rig_close(void **state)
{
	char command[128];

	(void)state;
	output_free(rig.output);
	event_base_free(rig.base);
	server_stop(SIGKILL);
	snprintf(command, sizeof command, "rm -rf %s", rig.folder);
	return system(command);
}

static inline void output_to(const char *eve, const char *redis)
{
	snprintf(rig.settings.output.eve, sizeof rig.settings.output.eve, "%s", eve);
	snprintf(rig.settings.output.redis, sizeof rig.settings.output.redis, "%s", redis);
	rig.output = output_new(&rig.settings, rig.base, &rig.counts, NULL, NULL);
	if (rig.output != NULL && output_start(rig.output) != 0) {
		output_free(rig.output);
		rig.output = NULL;
	}
}

static inline const char *live_path(void)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/live/eve.json", rig.folder);
	return path;
}

/* As `watch` does it: a journal that stays. */
static inline void output_live(const char *redis)
{
	rig.settings.output.journal.durable = true;
	output_to(live_path(), redis);
}

static inline void output_end(void)
{
	output_free(rig.output);
	rig.output = NULL;
}

/* How the one sink is. */
static inline struct sink_state sink_now(void)
{
	struct output_state s;

	output_state(rig.output, &s);
	assert_int_equal(s.n_sinks, 1);
	return s.sinks[0];
}

static inline void put_events(unsigned n)
{
	static struct event e;

	sample_alert(&e, KIND_HOLE_PUNCH);
	for (unsigned i = 0; i < n; i++) {
		e.packet = ++rig.made;
		while (!output_event(rig.output, &e))
			event_base_loop(rig.base, EVLOOP_ONCE);
		if (i % 64 == 0)
			event_base_loop(rig.base, EVLOOP_NONBLOCK);
	}
}

/* Let the loop run so long. */
static inline void run_for(unsigned ms)
{
	struct timeval t = {.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};

	event_base_loopexit(rig.base, &t);
	event_base_loop(rig.base, EVLOOP_NO_EXIT_ON_EMPTY);
}

/* Until everything that was put is in the journal. */
static inline void run_until_journaled(void)
{
	struct output_state s;

	for (unsigned i = 0; i < 1000; i++) {
		run_for(20);
		output_state(rig.output, &s);
		if (s.journaled == rig.made)
			return;
	}
	fail_msg("%u made, %u journaled", rig.made, (unsigned)s.journaled);
}

/* --- what came out --- */

static inline unsigned number_of(const char *json, size_t n)
{
	cJSON *root = cJSON_ParseWithLength(json, n);
	unsigned v;

	if (root == NULL)
		fail_msg("not JSON: %.*s", (int)n, json);
	v = (unsigned)cJSON_GetObjectItem(root, "pcap_cnt")->valuedouble;
	cJSON_Delete(root);
	return v;
}

struct arrived {
	unsigned total, twice, missing;
	bool in_order;			/* first arrivals */
};

struct tally {
	uint8_t *seen;
	unsigned last;
	struct arrived a;
};

static inline struct tally tally_new(void)
{
	return (struct tally){.seen = calloc(rig.made + 1, 1), .a.in_order = true};
}

static inline void tally(struct tally *t, const char *json, size_t n)
{
	unsigned v = number_of(json, n);

	t->a.total++;
	if (v == 0 || v > rig.made)
		fail_msg("event %u was never made", v);
	if (t->seen[v]++ > 0) {
		t->a.twice++;
		return;
	}
	t->a.in_order = t->a.in_order && v > t->last;
	t->last = v;
}

static inline struct arrived tally_end(struct tally *t)
{
	for (unsigned i = 1; i <= rig.made; i++)
		t->a.missing += t->seen[i] == 0;
	free(t->seen);
	return t->a;
}

static inline struct arrived in_list(const char *key)
{
	struct tally t = tally_new();
	redisContext *c = client();
	redisReply *r = redisCommand(c, "LRANGE %s 0 -1", key);

	assert_non_null(r);
	assert_int_equal(r->type, REDIS_REPLY_ARRAY);
	for (size_t i = 0; i < r->elements; i++)
		tally(&t, r->element[i]->str, r->element[i]->len);
	freeReplyObject(r);
	redisFree(c);
	return tally_end(&t);
}

static inline struct arrived in_stream(const char *key)
{
	struct tally t = tally_new();
	redisContext *c = client();
	redisReply *r = redisCommand(c, "XRANGE %s - +", key);

	assert_non_null(r);
	assert_int_equal(r->type, REDIS_REPLY_ARRAY);
	for (size_t i = 0; i < r->elements; i++) {
		const redisReply *fields = r->element[i]->element[1];

		assert_string_equal(fields->element[0]->str, "eve");
		tally(&t, fields->element[1]->str, fields->element[1]->len);
	}
	freeReplyObject(r);
	redisFree(c);
	return tally_end(&t);
}

static inline struct arrived in_file(const char *path)
{
	struct tally t = tally_new();
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	assert_non_null(f);
	while ((n = getline(&line, &room, f)) > 0) {
		assert_int_equal(line[n - 1], '\n');
		if (line[0] == '{')
			tally(&t, line, (size_t)n);
	}
	free(line);
	fclose(f);
	return tally_end(&t);
}

static inline void want_all_once(struct arrived a)
{
	if (a.missing > 0 || a.twice > 0 || !a.in_order || a.total != rig.made)
		fail_msg("%u made, %u arrived, %u twice, %u missing, %s", rig.made, a.total, a.twice, a.missing,
		    a.in_order ? "in order" : "not in order");
}

static inline void want_all(struct arrived a)
{
	if (a.missing > 0 || !a.in_order)
		fail_msg("%u made, %u arrived, %u missing, %s", rig.made, a.total, a.missing, a.in_order ? "in order" : "not in order");
}

/* Temporary journals in the folder; the first one's file in `path` (room for 256) if not NULL. */
static inline size_t temporary_journals(char *path)
{
	char pattern[128];
	glob_t g;
	size_t n;

	snprintf(pattern, sizeof pattern, "%s/punchwatch-*/eve.json.*[0-9]", rig.folder);
	n = glob(pattern, 0, NULL, &g) == 0 ? g.gl_pathc : 0;
	if (n > 0 && path != NULL)
		snprintf(path, 256, "%s", g.gl_pathv[0]);
	if (n > 0)
		globfree(&g);
	return n;
}

/* What goes to stderr from now on, into a file; said() gives it back. */
static inline void listen_to_stderr(int *old)
{
	char path[96];
	int fd;

	snprintf(path, sizeof path, "%s/stderr", rig.folder);
	fd = open(path, O_CREAT | O_TRUNC | O_RDWR | O_APPEND, 0600);
	*old = dup(2);
	dup2(fd, 2);
	close(fd);
}

static inline const char *said(int old)
{
	static char text[16384];
	char path[96];
	FILE *f;

	dup2(old, 2);
	close(old);
	snprintf(path, sizeof path, "%s/stderr", rig.folder);
	f = fopen(path, "r");
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	return text;
}

static inline unsigned times(const char *text, const char *what)
{
	unsigned n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

#endif
