/* http.c -- see http.h. */
#include "http.h"

#include "../base/log.h"
#include "address.h"
#include "metrics.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEADERS_BYTES = 8192, BODY_BYTES = 1024, TIMEOUT_S = 5 };

struct http {
	struct evhttp *server;
	const struct health *health;
	const char *path;	/* of a unix socket, to be removed; NULL: none */
};

static void answer(struct evhttp_request *r, int code, const char *type, const char *text, size_t n)
{
	struct evbuffer *body = evbuffer_new();
	struct evkeyvalq *headers = evhttp_request_get_output_headers(r);

	if (body == NULL || evbuffer_add(body, text, n) < 0)
		log_no_memory("an answer");
	evhttp_add_header(headers, "Content-Type", type);
	evhttp_add_header(headers, "Cache-Control", "no-store");
	evhttp_send_reply(r, code, NULL, body);
	evbuffer_free(body);
}

static void on_metrics(struct evhttp_request *r, void *ctx)
{
	const struct http *h = ctx;
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	if (to == NULL) {
		evhttp_send_error(r, 503, NULL);
		return;
	}
	metrics_print(to, h->health);
	if (fclose(to) == 0)
		answer(r, 200, "text/plain; version=0.0.4; charset=utf-8", text, n);
	else
		evhttp_send_error(r, 503, NULL);
	free(text);
}

/* What is wrong, a line each: of these faults alone, or (FAULT_N) of all. */
static void answer_health(struct evhttp_request *r, const struct health *h, bool well, enum health_fault of)
{
	char text[HEALTH_REASONS * (HEALTH_TEXT + 32)] = "ok\n";
	size_t n = well ? 3 : 0;

	for (unsigned i = 0; !well && i < h->n_reasons; i++)
		if (of == FAULT_N || h->reason[i].fault == of)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s: %s\n", health_fault_names[h->reason[i].fault], h->reason[i].text);
	answer(r, well ? 200 : 503, "text/plain; charset=utf-8", text, n);
}

static void on_healthz(struct evhttp_request *r, void *ctx)
{
	const struct http *h = ctx;

	answer_health(r, h->health, health_alive(h->health), FAULT_STALLED);
}

static void on_readyz(struct evhttp_request *r, void *ctx)
{
	const struct http *h = ctx;

	answer_health(r, h->health, health_ready(h->health), FAULT_N);
}

static void on_other(struct evhttp_request *r, void *ctx)
{
	static const char there[] = "there are /metrics, /healthz and /readyz\n";

	(void)ctx;
	answer(r, 404, "text/plain; charset=utf-8", there, sizeof there - 1);
}

struct http *http_new(const char *address, struct event_base *base, const struct health *health)
{
	struct http *h;
	int fd = address_listen(address);

	if (fd < 0) {
		log_error("control.http: %s: cannot listen there: %s%s", address, strerror(-fd),
		    fd == -EADDRINUSE ? ": is another sensor running?" : "");
		return NULL;
	}
	h = calloc(1, sizeof *h);
	if (h == NULL || (h->server = evhttp_new(base)) == NULL)
		log_no_memory("the program");
	h->health = health;
	h->path = address_path(address);
	evhttp_set_max_headers_size(h->server, HEADERS_BYTES);
	evhttp_set_max_body_size(h->server, BODY_BYTES);
	evhttp_set_timeout(h->server, TIMEOUT_S);
	evhttp_set_allowed_methods(h->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
	evhttp_set_cb(h->server, "/metrics", on_metrics, h);
	evhttp_set_cb(h->server, "/healthz", on_healthz, h);
	evhttp_set_cb(h->server, "/readyz", on_readyz, h);
	evhttp_set_gencb(h->server, on_other, h);
	if (evhttp_accept_socket_with_handle(h->server, fd) == NULL)
		log_no_memory("the program");
	return h;
}

void http_free(struct http *h)
{
	if (h == NULL)
		return;
	evhttp_free(h->server);
	if (h->path != NULL)
		unlink(h->path);	/* whoever we have become may not be able to: the next one replaces it */
	free(h);
}
