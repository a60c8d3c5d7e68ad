/* dial.c -- see dial.h. Not bufferevent_socket_connect_hostname(): it tries one address only, and with TLS libevent 2.1.12 crashes in
 * it if the name is known at once. */
#include "dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <event2/bufferevent.h>
#include <event2/dns.h>
#include <event2/util.h>

/* One look-up; it may come back after nobody wants it any more. */
struct look_up {
	struct dial *dial;		/* NULL: nobody does */
};

struct dial {
	char host[256];
	struct event_base *base;
	struct dial *other;		/* another place, which takes turns with this one; NULL: none */
	bool others_turn;
	uint16_t port;
	bool is_unix;
	struct evdns_base *dns;		/* only for a name */
	unsigned attempts, addresses;
	struct look_up *pending;
	struct bufferevent *channel;
	void (*failed)(void *ctx, const char *why);
	void *ctx;
};

static bool is_address(const char *host)
{
	uint8_t a[16];

	return inet_pton(AF_INET, host, a) == 1 || inet_pton(AF_INET6, host, a) == 1;
}

struct dial *dial_new(struct event_base *base, const char *host, uint16_t port, bool is_unix)
{
	struct dial *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	snprintf(d->host, sizeof d->host, "%s", host);
	d->base = base;
	d->port = port;
	d->is_unix = is_unix;
	d->addresses = 1;
	if (!is_unix && !is_address(host)) {
		d->dns = evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);
		if (d->dns == NULL) {
			free(d);
			return NULL;
		}
	}
	return d;
}

bool dial_also(struct dial *d, const char *host, uint16_t port)
{
	struct dial *other = dial_new(d->base, host, port, false);

	if (other == NULL)
		return false;
	dial_free(d->other);
	d->other = other;
	d->others_turn = true;
	return true;
}

void dial_stop(struct dial *d)
{
	if (d->other != NULL)
		dial_stop(d->other);
	if (d->pending != NULL)
		d->pending->dial = NULL;
	d->pending = NULL;
}

void dial_free(struct dial *d)
{
	if (d == NULL)
		return;
	dial_stop(d);
	dial_free(d->other);
	if (d->dns != NULL)
		evdns_base_free(d->dns, 1);	/* a look-up that nobody wants any more comes back, as failed */
	free(d);
}

static void connect_to(struct dial *d, const struct sockaddr *a, socklen_t n)
{
	if (bufferevent_socket_connect(d->channel, a, (int)n) != 0 && errno != 0)
		d->failed(d->ctx, evutil_socket_error_to_string(EVUTIL_SOCKET_ERROR()));
}

/* The address whose turn it is. */
static void on_resolved(int error, struct evutil_addrinfo *list, void *ctx)
{
	struct look_up *l = ctx;
	struct dial *d = l->dial;
	struct evutil_addrinfo *a = list;
	unsigned turn;

	free(l);
	if (d == NULL) {
		if (list != NULL)
			evutil_freeaddrinfo(list);
		return;
	}
	d->pending = NULL;
	if (error != 0 || list == NULL) {
		d->attempts++;
		d->failed(d->ctx, evutil_gai_strerror(error));
		return;
	}
	d->addresses = 0;
	for (; a != NULL; a = a->ai_next)
		d->addresses++;
	turn = d->attempts++ % d->addresses;
	for (a = list; turn > 0; turn--)
		a = a->ai_next;
	connect_to(d, a->ai_addr, (socklen_t)a->ai_addrlen);
	evutil_freeaddrinfo(list);
}

static void look_up(struct dial *d)
{
	struct evutil_addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP};
	struct look_up *l = calloc(1, sizeof *l);
	char port[8];

	if (l == NULL) {
		d->failed(d->ctx, strerror(ENOMEM));
		return;
	}
	l->dial = d;
	d->pending = l;
	snprintf(port, sizeof port, "%u", d->port);
	evdns_getaddrinfo(d->dns, d->host, port, &hints, on_resolved, l);
}

void dial_start(struct dial *d, struct bufferevent *channel, void (*failed)(void *, const char *), void *ctx)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	struct sockaddr_storage a = {0};
	int n = sizeof a;
	char text[300];

	if (d->other != NULL) {
		d->others_turn = !d->others_turn;
		if (!d->others_turn) {
			dial_start(d->other, channel, failed, ctx);
			return;
		}
	}
	d->channel = channel;
	d->failed = failed;
	d->ctx = ctx;
	if (d->dns != NULL) {
		look_up(d);
		return;
	}
	d->attempts++;
	if (d->is_unix) {
		snprintf(local.sun_path, sizeof local.sun_path, "%.*s", (int)sizeof local.sun_path - 1, d->host);
		connect_to(d, (struct sockaddr *)&local, sizeof local);
		return;
	}
	snprintf(text, sizeof text, strchr(d->host, ':') != NULL ? "[%s]:%u" : "%s:%u", d->host, d->port);
	if (evutil_parse_sockaddr_port(text, (struct sockaddr *)&a, &n) == 0)
		connect_to(d, (struct sockaddr *)&a, (socklen_t)n);
	else
		failed(ctx, "not an address");
}

bool dial_tried_all(const struct dial *d)
{
	return d->attempts >= d->addresses && (d->other == NULL || dial_tried_all(d->other));
}
