/* line_stream.c -- the sinks that are connections nobody answers on: a Unix stream socket, syslog over TCP.
 *
 * What was handed to the kernel is not safe yet: a batch is, once the kernel says that the other side has taken all of it
 * (SIOCOUTQ: a Unix socket's reader has read it, TCP has its acknowledgement). A batch that was not when the connection broke is sent
 * again.
 */
#include "sink.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/sockios.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "../base/log.h"
#include "dial.h"
#include "place_uri.h"
#include "syslog_line.h"

enum {
	BATCH = 1000, BATCH_BYTES = 512 * 1024,
	LOOK_MS = 5,			/* has it been taken? */
	PAUSE_MIN_MS = 100, PAUSE_MAX_MS = 5000,
	CONNECT_MS = 5000,
	USER_TIMEOUT_MS = 30000,	/* TCP: unacknowledged so long is broken */
};

enum state { WAITING, CONNECTING, READY };

struct stream {
	struct sink_env env;
	char name[32];
	struct place_uri uri;
	struct dial *dial;
	enum state state;
	struct bufferevent *channel;
	struct event *timer;	/* WAITING: connect; CONNECTING: give up; READY: look whether it has been taken */
	unsigned n;		/* of the batch */
	size_t bytes;
	uint32_t pause_ms;
	bool said, was_ready;
};

static void arm(struct stream *s, uint32_t ms)
{
	struct timeval after = {.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};

	evtimer_add(s->timer, &after);
}

static void hang_up(struct stream *s)
{
	dial_stop(s->dial);
	if (s->channel != NULL)
		bufferevent_free(s->channel);
	s->channel = NULL;
	s->n = 0;
	s->bytes = 0;
	feed_state(s->env.feed)->connected = false;
}

static void try_later(struct stream *s, const char *why)
{
	unsigned n = s->n;

	if (!s->said)
		log_warn("%s: %s: %s; events wait, trying again", s->name, s->uri.host, why);
	s->said = true;
	hang_up(s);
	feed_rewind(s->env.feed, n);
	s->state = WAITING;
	arm(s, s->pause_ms);
	s->pause_ms = s->pause_ms * 2 < PAUSE_MAX_MS ? s->pause_ms * 2 : PAUSE_MAX_MS;
}

static void batch_taken(struct stream *s)
{
	unsigned n = s->n;

	s->n = 0;
	s->bytes = 0;
	if (s->said)
		log_info("%s: %s: delivering again", s->name, s->uri.host);
	s->said = false;
	s->pause_ms = PAUSE_MIN_MS;
	feed_done(s->env.feed, n);
	feed_more(s->env.feed);
}

/* Is everything with the other side? */
static void look(struct stream *s)
{
	int waiting = 0;

	if (evbuffer_get_length(bufferevent_get_output(s->channel)) > 0 ||
	    (ioctl(bufferevent_getfd(s->channel), SIOCOUTQ, &waiting) == 0 && waiting > 0))
		arm(s, LOOK_MS);
	else
		batch_taken(s);
}

static bool put(void *ctx, const struct record *r)
{
	struct stream *s = ctx;
	struct evbuffer *out;
	char head[SYSLOG_HEAD], count[16];
	size_t n = 0;

	if (s->state != READY || s->n == BATCH || s->bytes >= BATCH_BYTES || evtimer_pending(s->timer, NULL))
		return false;
	out = bufferevent_get_output(s->channel);
	if (s->uri.is_syslog)
		n = syslog_head(r, s->uri.facility, s->env.sensor, head);
	if (s->uri.is_syslog && !s->uri.lines)
		evbuffer_add(out, count, (size_t)snprintf(count, sizeof count, "%zu ", n + r->len));
	evbuffer_add(out, head, n);
	evbuffer_add(out, r->json, r->len);
	if (!s->uri.is_syslog || s->uri.lines)
		evbuffer_add(out, "\n", 1);
	s->n++;
	s->bytes += r->len;
	return true;
}

static void flush(void *ctx)
{
	struct stream *s = ctx;

	if (s->state != READY || s->n == 0 || evtimer_pending(s->timer, NULL))
		return;
	feed_underway(s->env.feed, s->n);
	arm(s, LOOK_MS);
}

static void on_event(struct bufferevent *channel, short what, void *ctx)
{
	struct stream *s = ctx;
	int ms = USER_TIMEOUT_MS, on = 1;

	(void)channel;
	if (!(what & BEV_EVENT_CONNECTED)) {
		const char *why = what & BEV_EVENT_EOF ? "it closed the connection" : evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR());

		if (s->state == CONNECTING && !dial_tried_all(s->dial))
			s->said = true;		/* another address may do */
		try_later(s, why);
		return;
	}
	if (!s->uri.is_unix) {
		setsockopt(bufferevent_getfd(s->channel), IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
		setsockopt(bufferevent_getfd(s->channel), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	}
	evtimer_del(s->timer);
	s->state = READY;
	feed_state(s->env.feed)->connected = true;
	feed_state(s->env.feed)->reconnects += s->was_ready;
	s->was_ready = true;
	feed_more(s->env.feed);
}

/* What it says is nothing to us. */
static void on_readable(struct bufferevent *channel, void *ctx)
{
	struct evbuffer *in = bufferevent_get_input(channel);

	(void)ctx;
	evbuffer_drain(in, evbuffer_get_length(in));
}

static void not_connected(void *ctx, const char *why)
{
	try_later(ctx, why);
}

static void connect_now(void *ctx)
{
	struct stream *s = ctx;

	s->state = CONNECTING;
	s->channel = bufferevent_socket_new(s->env.base, -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	if (s->channel == NULL) {
		try_later(s, "no memory");
		return;
	}
	bufferevent_setcb(s->channel, on_readable, NULL, on_event, s);
	bufferevent_enable(s->channel, EV_READ | EV_WRITE);
	arm(s, CONNECT_MS);
	dial_start(s->dial, s->channel, not_connected, s);
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct stream *s = ctx;

	(void)fd, (void)what;
	if (s->state == WAITING)
		connect_now(s);
	else if (s->state == CONNECTING)
		try_later(s, "no answer");
	else
		look(s);
}

static void close_sink(void *ctx)
{
	struct stream *s = ctx;

	if (s == NULL)
		return;
	if (s->channel != NULL)
		hang_up(s);
	dial_free(s->dial);
	if (s->timer != NULL)
		event_free(s->timer);
	free(s);
}

static void *open_sink(const struct sink_env *env)
{
	struct stream *s = calloc(1, sizeof *s);
	char error[160] = "no memory";

	if (s != NULL && place_uri_parse(env->to, &s->uri, error, sizeof error)) {
		s->env = *env;
		snprintf(s->name, sizeof s->name, "%s", env->name);
		s->pause_ms = PAUSE_MIN_MS;
		s->timer = evtimer_new(env->base, on_timer, s);
		s->dial = dial_new(env->base, s->uri.host, s->uri.port, s->uri.is_unix);
		if (s->timer != NULL && s->dial != NULL)
			return s;
		snprintf(error, sizeof error, "no memory, or names cannot be looked up here (/etc/resolv.conf)");
	}
	log_error("%s: %s", env->name, error);
	close_sink(s);
	return NULL;
}

static bool check(const char *to, char *why, size_t room)
{
	struct place_uri uri;

	return place_uri_parse(to, &uri, why, room);
}

static const char *const schemes[] = {"unix://", "syslog+tcp://", NULL};

const struct sink_ops line_stream_sink = {
	.schemes = schemes, .check = check, .open = open_sink, .start = connect_now, .put = put, .flush = flush, .close = close_sink,
};
