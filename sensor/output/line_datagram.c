/* line_datagram.c -- the sinks that are datagrams: a Unix datagram socket, syslog over UDP.
 *
 * A datagram is as safe as it gets once the kernel has taken it: a Unix socket's are then in the reader's queue; UDP's
 * may be lost on the way, and nobody will know.
 */
#include "sink.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/event.h>

#include "../base/log.h"
#include "../event/eve.h"
#include "place_uri.h"
#include "syslog_line.h"

enum {
	ROUND = 64,			/* datagrams in one go */
	PAUSE_FULL_MS = 2,		/* the reader's queue is full */
	PAUSE_MIN_MS = 100, PAUSE_MAX_MS = 5000,
};

struct datagrams {
	struct sink_env env;
	char name[32];
	struct place_uri uri;
	struct sockaddr_storage to;
	socklen_t to_len;
	int fd;			/* -1: not open */
	struct event *timer;	/* pending: nothing is sent before */
	unsigned n;		/* sent in this round */
	uint32_t pause_ms;
	bool said, too_long_said;
	char line[EVE_LINE_MAX + SYSLOG_HEAD];
};

static void pause_for(struct datagrams *d, uint32_t ms)
{
	struct timeval after = {.tv_sec = ms / 1000, .tv_usec = (suseconds_t)(ms % 1000) * 1000};

	evtimer_add(d->timer, &after);
}

static void trouble(struct datagrams *d, int error)
{
	if (!d->said)
		log_warn("%s: %s: %s; events wait, trying again", d->name, d->uri.host, strerror(error));
	d->said = true;
	feed_state(d->env.feed)->connected = false;
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
	pause_for(d, d->pause_ms);
	d->pause_ms = d->pause_ms * 2 < PAUSE_MAX_MS ? d->pause_ms * 2 : PAUSE_MAX_MS;
}

static bool open_socket(struct datagrams *d)
{
	int fd = socket(d->to.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&d->to, d->to_len) != 0) {
		int error = errno;

		if (fd >= 0)
			close(fd);
		trouble(d, error);
		return false;
	}
	d->fd = fd;
	feed_state(d->env.feed)->connected = true;
	return true;
}

static void sent(struct datagrams *d)
{
	if (d->said)
		log_info("%s: %s: delivering again", d->name, d->uri.host);
	d->said = false;
	d->pause_ms = PAUSE_MIN_MS;
	d->n++;
}

/* Longer than the socket takes: it will never go. */
static void too_long(struct datagrams *d)
{
	if (!d->too_long_said)
		log_error("%s: %s: an event is longer than a datagram may be there: it is lost", d->name, d->uri.host);
	d->too_long_said = true;
	feed_state(d->env.feed)->lost++;
	d->n++;
}

static bool put(void *ctx, const struct record *r)
{
	struct datagrams *d = ctx;
	size_t n = 0;

	if (evtimer_pending(d->timer, NULL) || d->n == ROUND || r->len > EVE_LINE_MAX || (d->fd < 0 && !open_socket(d)))
		return false;
	if (d->uri.is_syslog)
		n = syslog_head(r, d->uri.facility, d->env.sensor, d->line);
	memcpy(d->line + n, r->json, r->len);
	if (send(d->fd, d->line, n + r->len, MSG_NOSIGNAL) >= 0)
		sent(d);
	else if (errno == EMSGSIZE)
		too_long(d);
	else if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR)
		pause_for(d, PAUSE_FULL_MS);
	else
		trouble(d, errno);
	return !evtimer_pending(d->timer, NULL);
}

static void flush(void *ctx)
{
	struct datagrams *d = ctx;
	unsigned n = d->n;

	d->n = 0;
	feed_state(d->env.feed)->sent += n;
	feed_done(d->env.feed, n);
	if (!evtimer_pending(d->timer, NULL))
		pause_for(d, 0);		/* others of the loop first */
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct datagrams *d = ctx;

	(void)fd, (void)what;
	feed_rewind(d->env.feed, 0);
	feed_more(d->env.feed);
}

static void close_sink(void *ctx)
{
	struct datagrams *d = ctx;

	if (d == NULL)
		return;
	if (d->fd >= 0)
		close(d->fd);
	if (d->timer != NULL)
		event_free(d->timer);
	free(d);
}

/* A name is looked up once, at start. */
static bool resolve(struct datagrams *d, char *error, size_t room)
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *list = NULL;
	struct sockaddr_un *local = (struct sockaddr_un *)(void *)&d->to;
	char port[8];
	int rc;

	if (d->uri.is_unix) {
		local->sun_family = AF_UNIX;
		snprintf(local->sun_path, sizeof local->sun_path, "%.*s", (int)sizeof local->sun_path - 1, d->uri.host);
		d->to_len = sizeof *local;
		return true;
	}
	snprintf(port, sizeof port, "%u", d->uri.port);
	rc = getaddrinfo(d->uri.host, port, &hints, &list);
	if (rc != 0) {
		snprintf(error, room, "%s: %s", d->uri.host, gai_strerror(rc));
		return false;
	}
	memcpy(&d->to, list->ai_addr, list->ai_addrlen);
	d->to_len = list->ai_addrlen;
	freeaddrinfo(list);
	return true;
}

static void *open_sink(const struct sink_env *env)
{
	struct datagrams *d = calloc(1, sizeof *d);
	char error[320] = "no memory";

	if (d != NULL)
		d->fd = -1;
	if (d != NULL && place_uri_parse(env->to, &d->uri, error, sizeof error) && resolve(d, error, sizeof error)) {
		d->env = *env;
		snprintf(d->name, sizeof d->name, "%s", env->name);
		d->pause_ms = PAUSE_MIN_MS;
		d->timer = evtimer_new(env->base, on_timer, d);
		if (d->timer != NULL)
			return d;
		snprintf(error, sizeof error, "no memory");
	}
	log_error("%s: %s", env->name, error);
	close_sink(d);
	return NULL;
}

static void start(void *ctx)
{
	struct datagrams *d = ctx;

	if (open_socket(d))
		pause_for(d, 0);
}

static bool check(const char *to, char *why, size_t room)
{
	struct place_uri uri;

	return place_uri_parse(to, &uri, why, room);
}

static const char *const schemes[] = {"unix+dgram://", "syslog://", NULL};

const struct sink_ops line_datagram_sink = {
	.schemes = schemes, .check = check, .open = open_sink, .start = start, .put = put, .flush = flush, .close = close_sink,
};
