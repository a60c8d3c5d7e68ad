/* deliver.c -- makes alerts and delivers them as `punchwatch watch` does, for tests of what happens when things go wrong; counts, and
 * compares what arrived with the journal, by content.
 *
 *   deliver run [-n COUNT] [-f FIRST] [-r RATE] [-w SECONDS] [-b] JOURNAL URI
 *	COUNT alerts with the numbers FIRST ..., RATE a second (0: as fast as it goes). -w: waits so long for all to be delivered.
 *	-b: says when the first COUNT are acknowledged, and how fast that was
 *   deliver compare JOURNAL SOCKET KEY list|stream
 *	every record of the journal against what Redis has
 *   deliver json COUNT, deliver redis COUNT SOCKET
 *	what cJSON alone, and hiredis alone (RPUSH by thousands), take for as many
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <hiredis/hiredis.h>

#include "../../sensor/base/hash.h"
#include "../../sensor/event/eve.h"
#include "../../sensor/output/output.h"
#include "../../sensor/output/segment.h"
#include "../sensor/event/sample.h"

enum { NUMBERS = 1 << 22, SEGMENTS = 4096, ASK = 1000 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "deliver: %s\n", what);
	exit(2);
}

/* About 1 KB, as real ones are; no two alike. */
static void make_alert(struct event *e, uint64_t number)
{
	e->packet = number;
	e->flow_id = hash_fixed(HASH_START, &number, sizeof number) >> 13;
	e->src.port = (uint16_t)(1024 + number % 60000);
	e->ts_ns = SAMPLE_NS + number * 1000;
	snprintf(e->alert.session, sizeof e->alert.session, "%016" PRIx64, e->flow_id);
}

static void first_alert(struct event *e)
{
	sample_base(e, EVENT_ALERT);
	e->alert = (struct event_alert){.kind = KIND_HOLE_PUNCH, .severity = 1, .path = PATH_DIRECT, .nat = NAT_INDEPENDENT, .score = 90,
	    .start_ns = SAMPLE_NS, .duration_ns = 4700000000, .bytes_out = 5120, .bytes_in = 4800, .local = e->src, .has_peer = true, .peer = e->dst};
	strcpy(e->alert.summary, "10.1.0.10 has a direct call with 203.0.113.77:41641");
	sample_evidence(&e->alert, "ice.check.answered", 40, "203.0.113.77:41641");
	sample_evidence(&e->alert, "ice.data", 50, "");
}

/* --- run --- */

struct run {
	struct output *output;
	struct event_base *base;
	uint64_t n, made, rate;
	double began, wait_s;
	bool bench, waited;
	struct event alert;
};

static struct sink_state sink(const struct run *r)
{
	struct output_state s;

	output_state(r->output, &s);
	return s.sinks[0];
}

static void on_tick(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what, (void)ctx;
}

static void make_alerts(struct run *r, uint64_t first)
{
	struct event *tick = event_new(r->base, -1, EV_PERSIST, on_tick, NULL);

	event_add(tick, &(struct timeval){.tv_usec = 1000});
	while (r->made < r->n) {
		uint64_t until = r->rate == 0 ? r->n : (uint64_t)((now() - r->began) * (double)r->rate) + 1;
		unsigned burst = 0;

		for (; r->made < r->n && r->made < until && burst < 2000; burst++) {
			make_alert(&r->alert, first + r->made);
			if (!output_event(r->output, &r->alert))
				break;
			r->made++;
		}
		event_base_loop(r->base, burst == 2000 ? EVLOOP_NONBLOCK : EVLOOP_ONCE);
	}
	event_free(tick);
}

static void wait_for_all(struct run *r)
{
	double until = now() + r->wait_s;
	struct event *tick = event_new(r->base, -1, EV_PERSIST, on_tick, NULL);
	struct output_state s;

	event_add(tick, &(struct timeval){.tv_usec = 1000});
	do {
		event_base_loop(r->base, EVLOOP_ONCE);
		output_state(r->output, &s);
	} while ((s.journaled < r->made || s.sinks[0].waiting > 0) && now() < until);
	event_free(tick);
}

static int run(int argc, char **argv)
{
	static struct settings settings;
	static struct counts counts;
	struct run r = {0};
	uint64_t first = 1, left;
	struct sink_state s;
	int c;

	while ((c = getopt(argc, argv, "n:f:r:w:b")) != -1)
		switch (c) {
		case 'n': r.n = strtoull(optarg, NULL, 10); break;
		case 'f': first = strtoull(optarg, NULL, 10); break;
		case 'r': r.rate = strtoull(optarg, NULL, 10); break;
		case 'w': r.wait_s = atof(optarg); break;
		case 'b': r.bench = true; break;
		default: return 2;
		}
	if (argc - optind != 2)
		return 2;
	settings.eve.profile = PROFILE_8;
	strcpy(settings.eve.host, "sensor");
	settings.output.redis_inflight_bytes = 4 << 20;
	settings.output.redis_timeout_ms = 2000;
	settings.output.journal = (struct journal_settings){.path = "auto", .durable = true, .segment_bytes = 64 << 20, .keep_bytes = 1 << 30,
	    .segment_s = 86400, .keep_s = 86400, .flush_ms = 100};
	snprintf(settings.output.eve, sizeof settings.output.eve, "%s", argv[optind]);
	snprintf(settings.output.redis, sizeof settings.output.redis, "%s", argv[optind + 1]);
	r.base = event_base_new();
	r.output = output_new(&settings, r.base, &counts, NULL, NULL);
	if (r.output == NULL || output_start(r.output) != 0)
		return 2;
	first_alert(&r.alert);
	if (r.bench)		/* connected first */
		for (unsigned i = 0; i < 100 && !sink(&r).connected; i++) {
			event_base_loop(r.base, EVLOOP_NONBLOCK);
			usleep(10000);
		}
	r.began = now();
	make_alerts(&r, first);
	wait_for_all(&r);
	if (r.bench)
		printf("%.0f\n", (double)r.n / (now() - r.began));
	left = output_drain(r.output, 5000);
	s = sink(&r);
	if (!r.bench)
		printf("made %" PRIu64 ", sent %" PRIu64 ", acknowledged %" PRIu64 ", again %" PRIu64 ", waiting %" PRIu64 ", lost %" PRIu64
		    ", reconnects %" PRIu64 "\n", r.made, s.sent, s.acknowledged, s.again, s.waiting, s.lost, s.reconnects);
	output_free(r.output);
	event_base_free(r.base);
	return left > 0;
}

/* --- compare --- */

static struct {
	uint64_t hash;
	uint32_t arrived;
} *events;

static uint64_t number_of(const char *line, size_t n)
{
	static const char key[] = "\"pcap_cnt\":";
	const char *p = memmem(line, n, key, sizeof key - 1);
	uint64_t v = p != NULL ? strtoull(p + sizeof key - 1, NULL, 10) : 0;

	if (v == 0 || v >= NUMBERS)
		die("a line without a number");
	return v;
}

static uint64_t read_journal(const char *base)
{
	static struct segment list[SEGMENTS];
	uint64_t records = 0;
	unsigned n;

	if (segment_list(base, list, SEGMENTS, &n) != 0)
		die("no journal");
	for (unsigned i = 0; i < n; i++) {
		char path[1100], *line = NULL;
		size_t room = 0;
		ssize_t len;
		FILE *f = fopen(segment_path(base, list[i].number, path, sizeof path), "r");

		while (f != NULL && (len = getline(&line, &room, f)) > 0) {
			uint64_t number = number_of(line, (size_t)len);

			if (line[len - 1] != '\n')
				break;		/* torn: not made */
			if (events[number].hash != 0)
				die("an event is twice in the journal");
			events[number].hash = hash_fixed(HASH_START, line, (size_t)len - 1);
			records++;
		}
		free(line);
		if (f != NULL)
			fclose(f);
	}
	return records;
}

static uint64_t differing;

static void arrived(const redisReply *r)
{
	uint64_t number = number_of(r->str, r->len);

	events[number].arrived++;
	differing += events[number].hash != hash_fixed(HASH_START, r->str, r->len);
}

static uint64_t read_list(redisContext *c, const char *key)
{
	for (uint64_t at = 0;;) {
		redisReply *r = redisCommand(c, "LRANGE %s %llu %llu", key, (unsigned long long)at, (unsigned long long)at + ASK - 1);

		if (r == NULL || r->type != REDIS_REPLY_ARRAY)
			die("no list");
		for (size_t i = 0; i < r->elements; i++)
			arrived(r->element[i]);
		at += r->elements;
		if (r->elements < ASK) {
			freeReplyObject(r);
			return at;
		}
		freeReplyObject(r);
	}
}

static uint64_t read_stream(redisContext *c, const char *key)
{
	char from[64] = "-";
	uint64_t total = 0;

	for (;;) {
		redisReply *r = redisCommand(c, "XRANGE %s %s + COUNT %d", key, from, ASK);
		size_t n;

		if (r == NULL || r->type != REDIS_REPLY_ARRAY)
			die("no stream");
		n = r->elements;
		for (size_t i = 0; i < n; i++)
			arrived(r->element[i]->element[1]->element[1]);
		if (n > 0)
			snprintf(from, sizeof from, "(%s", r->element[n - 1]->element[0]->str);
		total += n;
		freeReplyObject(r);
		if (n < ASK)
			return total;
	}
}

static int compare(int argc, char **argv)
{
	redisContext *c = argc == 6 ? redisConnectUnix(argv[3]) : NULL;
	uint64_t records, total, missing = 0, twice = 0;

	if (c == NULL || c->err != 0)
		die("no server");
	events = calloc(NUMBERS, sizeof *events);
	records = read_journal(argv[2]);
	total = strcmp(argv[5], "list") == 0 ? read_list(c, argv[4]) : read_stream(c, argv[4]);
	for (unsigned i = 0; i < NUMBERS; i++) {
		missing += events[i].hash != 0 && events[i].arrived == 0;
		twice += events[i].arrived > 1 ? events[i].arrived - 1 : 0;
	}
	printf("journal %" PRIu64 ", arrived %" PRIu64 ", missing %" PRIu64 ", twice %" PRIu64 ", differing %" PRIu64 "\n", records, total, missing,
	    twice, differing);
	redisFree(c);
	return missing > 0 || differing > 0;
}

/* --- what the libraries alone do --- */

static int json_alone(uint64_t n)
{
	static struct event e;
	struct eve_settings settings = {.profile = PROFILE_8, .host = "sensor"};
	struct eve *eve = eve_new(&settings, NULL, NULL);
	double began = now();
	size_t len, bytes = 0;

	first_alert(&e);
	for (uint64_t i = 1; i <= n; i++) {
		make_alert(&e, i);
		eve_line(eve, &e, &len);
		bytes += len;
	}
	printf("%.0f %zu\n", (double)n / (now() - began), bytes / n);
	eve_free(eve);
	return 0;
}

static int redis_alone(uint64_t n, const char *path)
{
	static const char *argv[ASK + 2] = {"RPUSH", "alone"};
	static size_t len[ASK + 2] = {5, 5};
	redisContext *c = redisConnectUnix(path);
	char text[1000];
	double began = now();

	if (c == NULL || c->err != 0)
		die("no server");
	memset(text, 'x', sizeof text);
	for (unsigned i = 0; i < ASK; i++) {
		argv[i + 2] = text;
		len[i + 2] = sizeof text;
	}
	for (uint64_t i = 0; i < n; i += ASK)
		freeReplyObject(redisCommandArgv(c, ASK + 2, argv, len));
	printf("%.0f\n", (double)n / (now() - began));
	freeReplyObject(redisCommand(c, "DEL alone"));
	redisFree(c);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "run") == 0)
		return run(argc - 1, argv + 1);
	if (argc > 2 && strcmp(argv[1], "compare") == 0)
		return compare(argc, argv);
	if (argc == 3 && strcmp(argv[1], "json") == 0)
		return json_alone(strtoull(argv[2], NULL, 10));
	if (argc == 4 && strcmp(argv[1], "redis") == 0)
		return redis_alone(strtoull(argv[2], NULL, 10), argv[3]);
	die("run, compare, json or redis");
}
