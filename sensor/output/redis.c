/* redis.c -- the Redis sink: a connection that may go away at any time, and what is known of what arrived over it.
 *
 *   WAITING --timer--> CONNECTING --> GREETING (AUTH, SELECT, CLIENT SETNAME, PING; streams: where are we?) --> READY
 *      ^                                                                                                       |
 *      +--- a time-out, a lost connection, an error once all answers of a batch are in -------------------------+
 *
 * hiredis only writes and reads the protocol; the transport is a libevent bufferevent, plain or TLS, so that time-outs and bounds
 * are ours and the same with every hiredis. Answers come in the order of the commands (RESP2). An error (OOM, LOADING, READONLY,
 * WRONGTYPE ...) is never the end: after a pause the batch goes out again, as does one that was not answered when a
 * connection broke. Lists and channels are thus delivered at least once.
 *
 * A stream's entries have the ids SEGMENT-RECORD, so Redis itself says what it has: what came last is asked for on every connect.
 * If it has less than we know of (it restarted with an older state), the journal is read again from there. If it has more, that
 * must be what we sent and got no answer to: byte for byte, or somebody else writes there, and we stop and say so.
 */
#include "sink.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/util.h>

#include "../base/log.h"
#include "dial.h"
#include "redis_batch.h"
#include "tls.h"

enum {
	PAUSE_MIN_MS = 100, PAUSE_MAX_MS = 5000,
	STOPPED_MS = 30000,		/* the stream is not ours: looked at again so late */
	STEADY_MS = 5000,		/* a connection that lasted so long was a good one */
	CHUNK_MAX = 64 * 1024,
	ANSWER_MOST = 512 * 1024,	/* no answer to our commands is longer */
};

enum state { WAITING, CONNECTING, GREETING, READY };
enum greeting { GREET_AUTH, GREET_SELECT, GREET_NAME, GREET_PING, GREET_STREAM, GREET_ENTRY, GREET_N };

/* What can go wrong. Each is said once, until events arrive again. */
enum trouble { NO_CONNECTION, NO_ANSWER, CLOSED, NOT_REDIS, LOGIN, REFUSED, NO_TLS, AHEAD };

struct redis {
	struct sink_env env;
	struct redis_uri uri;
	char name[32];
	char shown[768];			/* the address, without secrets */
	uint32_t timeout_ms;
	struct tls *tls;			/* NULL: plain */
	struct batches *batches;

	enum state state;
	struct bufferevent *channel;
	struct dial *dial;
	unsigned hops;				/* nodes of a cluster that sent us elsewhere, since an event was taken */
	struct event *timer;			/* WAITING: connect; else: give this connection up */
	struct replies *answers;
	enum greeting greetings[GREET_N];	/* answers to come */
	unsigned n_greetings, greeted;
	uint64_t last_segment, last_number;	/* streams: what Redis has, if it is ahead */

	bool refused;				/* an error reply came: nothing more goes out on this connection */
	bool probing;				/* and after it: one event alone, until one is taken */
	bool was_ready;
	uint64_t ready_ms;
	uint32_t pause_ms;
	unsigned said;				/* a bit for each trouble */
	char code[16];				/* of the last refusal: "OOM" */
};

static void connect_now(struct redis *);

static uint64_t now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void arm(struct redis *r, uint32_t ms)
{
	struct timeval after = {.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};

	evtimer_add(r->timer, &after);
}

static void say(struct redis *r, enum trouble what, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void say(struct redis *r, enum trouble what, const char *format, ...)
{
	char text[512];
	va_list args;

	if (r->said & 1u << what)
		return;
	r->said |= 1u << what;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	log_warn("%s: %s: %s; events wait, trying again", r->name, r->shown, text);
}

/* --- the connection's end, and the next try --- */

static uint32_t with_jitter(uint32_t ms)
{
	uint32_t random;

	evutil_secure_rng_get_bytes(&random, sizeof random);
	return ms - ms / 4 + random % (ms / 2 + 1);	/* many sensors must not come back at once */
}

static void hang_up(struct redis *r)
{
	dial_stop(r->dial);
	if (r->channel != NULL)
		bufferevent_free(r->channel);
	replies_free(r->answers);
	r->channel = NULL;
	r->answers = NULL;
	r->refused = false;
	feed_state(r->env.feed)->connected = false;
}

static void try_in(struct redis *r, uint32_t ms, bool sent)
{
	unsigned taken = batches_taken(r->batches), out = batches_out(r->batches);

	hang_up(r);
	feed_done(r->env.feed, taken);
	feed_rewind(r->env.feed, sent ? out - taken : 0);
	batches_clear(r->batches);
	r->state = WAITING;
	arm(r, with_jitter(ms));
}

static void try_later(struct redis *r)
{
	uint32_t pause;

	if (r->state == READY && !r->refused && now_ms(CLOCK_MONOTONIC) - r->ready_ms >= STEADY_MS)
		r->pause_ms = PAUSE_MIN_MS;
	pause = r->pause_ms;
	r->pause_ms = pause == 0 ? PAUSE_MIN_MS : pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
	try_in(r, pause, !r->refused);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct redis *r = ctx;

	(void)fd, (void)what;
	if (r->state == WAITING) {
		connect_now(r);
		return;
	}
	say(r, NO_ANSWER, "no answer for %u ms", r->timeout_ms);
	try_later(r);
}

/* --- events --- */

static void send_next(struct redis *r)
{
	if (r->state != READY || r->refused || batches_out(r->batches) > 0 || batches_next(r->batches) == 0)
		return;
	feed_underway(r->env.feed, batches_next(r->batches));
	arm(r, r->timeout_ms);
	if (!batches_send(r->batches, r->channel))
		try_later(r);
}

static bool put(void *ctx, const struct record *record)
{
	struct redis *r = ctx;

	return r->state == READY && !r->refused && batches_put(r->batches, record, r->probing);
}

static void flush(void *ctx)
{
	send_next(ctx);
}

/* "OOM command not allowed ..." -> "OOM" */
static void take_code(const char *error, char to[static 16])
{
	size_t n = strspn(error, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	snprintf(to, 16, "%.*s", (int)(n < 15 ? n : 15), error);
}

/* A node of a cluster says which one has the key: that is where we go next, at once if it is the first that says so. (ASK, while a slot is on
 * its way, is a refusal like others: it passes.) */
static bool follow(struct redis *r, const char *error)
{
	char host[256];
	uint16_t port;

	if (r->uri.is_unix || !answer_moved(error, host, &port) || !dial_also(r->dial, host[0] != '\0' ? host : r->uri.host, port))
		return false;
	log_info("%s: %s: the key is at %s port %u", r->name, r->shown, host[0] != '\0' ? host : r->uri.host, port);
	if (r->hops++ == 0)
		r->pause_ms = 0;
	return true;
}

static void say_refused(struct redis *r, const char *doing, const char *error)
{
	char code[16];

	if (follow(r, error))
		return;
	take_code(error, code);
	if (strcmp(code, r->code) != 0)
		r->said &= ~(1u << REFUSED);
	memcpy(r->code, code, sizeof code);
	say(r, REFUSED, "%s refused: %s", doing, error);
}

static void on_batch_done(struct redis *r, unsigned n)
{
	feed_done(r->env.feed, n);
	if (r->said != 0)
		log_info("%s: %s: delivering again", r->name, r->shown);
	r->said = 0;
	r->pause_ms = PAUSE_MIN_MS;
	r->probing = false;
	r->hops = 0;
	send_next(r);
}

/* --- greeting --- */

static bool greet_with(struct redis *r, enum greeting what, int argc, const char **argv)
{
	r->greetings[r->n_greetings++] = what;
	return redis_command(r->channel, argc, argv, NULL);
}

/* All in one go; PING tells whether the server would take events (NOAUTH, LOADING, too many clients). */
static bool greet(struct redis *r)
{
	const char *with_user[] = {"AUTH", r->uri.user, r->uri.password}, *with_password[] = {"AUTH", r->uri.password};
	const char *name[] = {"CLIENT", "SETNAME", "punchwatch"}, *ping[] = {"PING"}, *stream[] = {"XINFO", "STREAM", r->uri.key};
	char db[16];
	const char *select[] = {"SELECT", db};

	snprintf(db, sizeof db, "%u", r->uri.db);
	r->n_greetings = r->greeted = 0;
	return (r->uri.user[0] == '\0' || greet_with(r, GREET_AUTH, 3, with_user)) &&
	    (r->uri.user[0] != '\0' || r->uri.password[0] == '\0' || greet_with(r, GREET_AUTH, 2, with_password)) &&
	    (r->uri.db == 0 || greet_with(r, GREET_SELECT, 2, select)) &&
	    greet_with(r, GREET_NAME, 3, name) && greet_with(r, GREET_PING, 1, ping) &&
	    (r->uri.mode != REDIS_STREAM || greet_with(r, GREET_STREAM, 3, stream));
}

static void ready(struct redis *r)
{
	r->state = READY;
	r->ready_ms = now_ms(CLOCK_MONOTONIC);
	evtimer_del(r->timer);
	feed_state(r->env.feed)->connected = true;
	if (r->was_ready)
		feed_state(r->env.feed)->reconnects++;
	else
		log_debug("%s: connected to %s", r->name, r->shown);
	r->was_ready = true;
}

/* Nothing more goes there until somebody has seen to it. */
static bool stop(struct redis *r, const char *why)
{
	uint64_t segment, number;

	feed_last(r->env.feed, &segment, &number);
	say(r, AHEAD, "the stream's last id is %" PRIu64 "-%" PRIu64 ", ours is %" PRIu64 "-%" PRIu64 ": %s. Nothing is sent there: give this "
	    "sensor a key of its own, or remove that stream", r->last_segment, r->last_number, segment, number, why);
	try_in(r, STOPPED_MS, false);
	return false;
}

static bool parse_id(const char *at, size_t n, uint64_t *segment, uint64_t *number)
{
	char text[64], *dash, *end;

	if (n == 0 || n >= sizeof text)
		return false;
	memcpy(text, at, n);
	text[n] = '\0';
	*segment = strtoull(text, &dash, 10);
	if (*dash != '-')
		return false;
	*number = strtoull(dash + 1, &end, 10);
	return *end == '\0' && end > dash + 1;
}

/* Where the stream ends, against where we think it does. false: the connection was given up. */
static bool compare(struct redis *r, uint64_t segment, uint64_t number)
{
	uint64_t own_segment, own_number;
	struct record record;
	char id[64];
	const char *range[] = {"XRANGE", r->uri.key, id, id};
	int64_t back;

	feed_last(r->env.feed, &own_segment, &own_number);
	if (segment == own_segment && number == own_number)
		return true;
	if (segment < own_segment || (segment == own_segment && number < own_number)) {
		back = feed_seek(r->env.feed, segment, number);
		log_warn("%s: %s: Redis has lost what came after %" PRIu64 "-%" PRIu64 ": %lld events are sent again, all that the journal still has", r->name, r->shown,
		    segment, number, (long long)back);
		return true;
	}
	r->last_segment = segment;
	r->last_number = number;
	if (feed_look_up(r->env.feed, segment, number, &record)) {
		snprintf(id, sizeof id, "%" PRIu64 "-%" PRIu64, segment, number);
		if (!greet_with(r, GREET_ENTRY, 4, range))
			try_later(r);
		return r->state == GREETING;
	}
	if (own_segment == 0 && feed_begins_above(r->env.feed, segment, now_ms(CLOCK_REALTIME)))
		return true;		/* another journal's, before ours: ours goes on behind it */
	return stop(r, "somebody else writes to it, or the journal was lost and the clock was put back");
}

static bool on_stream(struct redis *r, const struct answer *a)
{
	static const char key[] = "last-generated-id";
	uint64_t segment = 0, number = 0;

	if (a->failed && strstr(a->error, "no such key") == NULL) {
		say_refused(r, "XINFO STREAM", a->error);
		try_later(r);
		return false;
	}
	for (unsigned i = 0; !a->failed && i + 1 < a->n; i++)
		if (a->text[i].n == sizeof key - 1 && memcmp(a->text[i].at, key, sizeof key - 1) == 0 &&
		    !parse_id(a->text[i + 1].at, a->text[i + 1].n, &segment, &number))
			return stop(r, "it says so in a way that is not understood");
	return compare(r, segment, number);
}

/* What the stream has under an id that we have, too. If a reader has deleted it since, the id has to do. */
static bool on_entry(struct redis *r, const struct answer *a)
{
	struct record record;

	if (a->failed || !feed_look_up(r->env.feed, r->last_segment, r->last_number, &record))
		return stop(r, a->failed ? a->error : "the journal has lost it");
	if (a->n > 0 && (a->n != 3 || a->text[2].n != record.len || memcmp(a->text[2].at, record.json, record.len) != 0))
		return stop(r, "it holds something else there than the journal");
	feed_seek(r->env.feed, r->last_segment, r->last_number);
	return true;
}

static bool on_refused_greeting(struct redis *r, enum greeting what, const struct answer *a)
{
	char code[16];

	take_code(a->error, code);
	if (what == GREET_AUTH)		/* not the text: some servers repeat there what they were given, the password */
		say(r, LOGIN, "login refused (%s): wrong user or password, or none wanted", code);
	else if (what == GREET_PING && strcmp(code, "NOAUTH") == 0)
		say(r, LOGIN, "a password is needed (password_file in the address, or PUNCHWATCH_REDIS_PASSWORD)");
	else
		say_refused(r, what == GREET_SELECT ? "SELECT" : "PING", a->error);
	try_later(r);
	return false;
}

/* false: the connection was given up. */
static bool on_greeting(struct redis *r, const struct answer *a)
{
	enum greeting what = r->greetings[r->greeted++];

	if (what == GREET_STREAM ? !on_stream(r, a) : what == GREET_ENTRY ? !on_entry(r, a) :
	    a->failed && what != GREET_NAME && !on_refused_greeting(r, what, a))
		return false;
	if (r->greeted == r->n_greetings)
		ready(r);
	return true;
}

/* --- answers --- */

/* false: the connection was given up. */
static bool on_answer(void *ctx, const struct answer *a)
{
	struct redis *r = ctx;
	unsigned n = batches_out(r->batches);

	if (r->state == GREETING)
		return on_greeting(r, a);
	if (n == 0) {
		say(r, NOT_REDIS, "an answer that nothing was asked for");
		try_later(r);
		return false;
	}
	switch (batches_answer(r->batches, a)) {
	case BATCH_MORE:
		break;
	case BATCH_DONE:
		on_batch_done(r, n);
		break;
	case BATCH_REFUSED:
		r->refused = r->probing = true;
		feed_state(r->env.feed)->refused++;
		say_refused(r, "events were", batches_error(r->batches));
		break;
	}
	return r->state == READY;
}

static void on_readable(struct bufferevent *channel, void *ctx)
{
	struct redis *r = ctx;
	struct evbuffer *in = bufferevent_get_input(channel);
	size_t n;

	while (r->channel != NULL && (n = evbuffer_get_contiguous_space(in)) > 0) {
		if (n > CHUNK_MAX)
			n = CHUNK_MAX;
		if (!replies_feed(r->answers, (const char *)evbuffer_pullup(in, (ev_ssize_t)n), n, ANSWER_MOST, on_answer, r)) {
			say(r, NOT_REDIS, "what it answers is not Redis's protocol");
			try_later(r);
		}
		if (r->channel != NULL)
			evbuffer_drain(in, n);
	}
	if (r->state != READY)
		return;
	if (r->refused) {
		try_later(r);
		return;
	}
	feed_more(r->env.feed);
	if (r->state == READY && batches_out(r->batches) == 0)
		evtimer_del(r->timer);
}

/* --- connecting --- */

static void on_connected(struct redis *r)
{
	evutil_socket_t fd = bufferevent_getfd(r->channel);
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	if (!r->uri.is_unix)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	r->state = GREETING;
	if (!greet(r))
		try_later(r);
}

static void on_event(struct bufferevent *channel, short what, void *ctx)
{
	struct redis *r = ctx;
	int error = EVUTIL_SOCKET_ERROR();
	char text[256];

	if (what & BEV_EVENT_CONNECTED) {
		on_connected(r);
		return;
	}
	if (r->tls != NULL && tls_failure(channel, text, sizeof text))
		say(r, NO_TLS, "%s", text);
	else if (r->state != CONNECTING || dial_tried_all(r->dial))
		say(r, r->state == CONNECTING ? NO_CONNECTION : CLOSED, "%s", what & BEV_EVENT_EOF ? "it closed the connection" : evutil_socket_error_to_string(error));
	try_later(r);
}

static void not_connected(void *ctx, const char *why)
{
	struct redis *r = ctx;

	say(r, NO_CONNECTION, "%s", why);
	try_later(r);
}

static void connect_now(struct redis *r)
{
	r->state = CONNECTING;
	r->answers = replies_new();
	r->channel = r->tls != NULL ? tls_channel(r->tls, r->env.base) :
	    bufferevent_socket_new(r->env.base, -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	if (r->answers == NULL || r->channel == NULL) {
		try_later(r);
		return;
	}
	bufferevent_setcb(r->channel, on_readable, NULL, on_event, r);
	bufferevent_enable(r->channel, EV_READ | EV_WRITE);
	arm(r, r->timeout_ms);
	dial_start(r->dial, r->channel, not_connected, r);
}

/* --- the sink --- */

static void close_sink(void *ctx)
{
	struct redis *r = ctx;

	if (r == NULL)
		return;
	if (r->channel != NULL)
		hang_up(r);
	batches_free(r->batches);
	tls_free(r->tls);
	dial_free(r->dial);
	if (r->timer != NULL)
		event_free(r->timer);
	explicit_bzero(r->uri.password, sizeof r->uri.password);
	free(r);
}

/* What may be wrong with the configuration, and what it takes to go on. */
static bool prepare(struct redis *r, char *error, size_t room)
{
	const struct output_settings *s = r->env.settings;
	const struct tls_wish wish = {r->uri.ca, r->uri.cert, r->uri.cert_key, r->uri.cert_name[0] != '\0' ? r->uri.cert_name : r->uri.host};

	if (!redis_uri_read_password(&r->uri, error, room))
		return false;
	snprintf(error, room, "the key with the sensor's name in it is too long");
	if (!redis_uri_set_sensor(&r->uri, r->env.sensor))
		return false;
	redis_uri_print(&r->uri, r->shown, sizeof r->shown);
	r->timeout_ms = s->redis_timeout_ms > 0 ? s->redis_timeout_ms : 5000;
	r->pause_ms = PAUSE_MIN_MS;
	if (r->uri.is_tls && (r->tls = tls_new(&wish, error, room)) == NULL)
		return false;
	snprintf(error, room, "no memory");
	r->batches = batches_new(&r->uri, s->redis_inflight_bytes > 0 ? s->redis_inflight_bytes : 4 << 20);
	r->timer = evtimer_new(r->env.base, on_timer, r);
	if (r->batches == NULL || r->timer == NULL)
		return false;
	snprintf(error, room, "names cannot be looked up here (/etc/resolv.conf)");
	r->dial = dial_new(r->env.base, r->uri.host, r->uri.port, r->uri.is_unix);
	return r->dial != NULL;
}

static void *open_sink(const struct sink_env *env)
{
	struct redis *r = calloc(1, sizeof *r);
	char error[512] = "no memory";

	if (r != NULL) {
		r->env = *env;
		snprintf(r->name, sizeof r->name, "%s", env->name);
	}
	if (r == NULL || !redis_uri_parse(env->to, &r->uri, error, sizeof error) || !prepare(r, error, sizeof error)) {
		log_error("%s: %s", env->name, error);
		close_sink(r);
		return NULL;
	}
	return r;
}

static void start(void *ctx)
{
	connect_now(ctx);
}

static bool check(const char *to, char *why, size_t room)
{
	struct redis_uri uri;
	bool ok = redis_uri_parse(to, &uri, why, room);

	explicit_bzero(&uri, sizeof uri);
	return ok;
}

static const char *const schemes[] = {"redis://", "rediss://", "redis+unix://", NULL};

const struct sink_ops redis_sink = {
	.schemes = schemes, .check = check, .open = open_sink, .start = start, .put = put, .flush = flush, .close = close_sink,
};
