/* monitor.c -- see monitor.h. */
#include "monitor.h"

#include "../base/log.h"
#include "health.h"
#include "http.h"
#include "metrics.h"
#include "socket.h"
#include "status.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NS_PER_S = 1000000000 };

struct monitor {
	struct monitor_env env;
	struct event *tick;
	struct http *http;
	struct control_socket *socket;
	struct sample sample;
	struct health health;
	uint64_t started_ns, began_ns;	/* wall clock; the other one */
	uint64_t heartbeat_ns;		/* when the last one was due */
	struct event beat;		/* large */
};

static uint64_t clock_now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void gather(struct monitor *m)
{
	struct sample *s = &m->sample;

	s->counts = (struct counts){0};
	s->n_interfaces = s->n_threads = 0;
	m->env.sample(m->env.ctx, s);
	s->now_ns = clock_now(CLOCK_REALTIME);
	s->tick_ns = clock_now(CLOCK_MONOTONIC);
	s->started_ns = m->started_ns;
}

static bool emit_stats(struct monitor *m, uint64_t ts_ns, uint64_t uptime_ns, uint64_t loaded_ns)
{
	struct event *e = &m->beat;

	memset(e, 0, offsetof(struct event, stats));
	e->type = EVENT_STATS;
	e->ts_ns = ts_ns;
	e->stats = (struct event_stats){
		.uptime_s = uptime_ns / NS_PER_S,
		.loaded_ns = loaded_ns,
		.signatures = m->sample.signatures,
		.counts = m->sample.counts,
	};
	return m->env.emit(m->env.ctx, e);
}

/* One that finds no room is tried again a second later. */
static void heartbeat(struct monitor *m)
{
	uint64_t interval_ns = (uint64_t)m->env.settings->stats.interval_s * NS_PER_S, now = m->sample.tick_ns;

	if (interval_ns == 0 || now - m->heartbeat_ns < interval_ns)
		return;
	if (emit_stats(m, m->sample.now_ns, now - m->began_ns, m->sample.loaded_ns))
		m->heartbeat_ns += (now - m->heartbeat_ns) / interval_ns * interval_ns;
}

static void look(struct monitor *m)
{
	gather(m);
	health_take(&m->health, &m->sample);
}

static int answer(void *ctx, enum request request, FILE *to)
{
	struct monitor *m = ctx;

	switch (request) {
	case REQUEST_STATUS:
		look(m);
		status_print(to, &m->health, m->env.settings->eve.host);
		return health_ready(&m->health) ? 0 : 1;
	case REQUEST_METRICS:
		look(m);
		metrics_print(to, &m->health);
		return 0;
	case REQUEST_RELOAD:
		if (m->env.reload != NULL)
			return m->env.reload(m->env.ctx, to);
		break;
	case REQUEST_MORE:
	case REQUEST_BAD:
		break;
	}
	fprintf(to, "this cannot be asked here\n");
	return 2;
}

static void on_tick(evutil_socket_t fd, short what, void *ctx)
{
	struct monitor *m = ctx;
	char line[HEALTH_LINE];

	(void)fd;
	(void)what;
	look(m);
	if (health_losses(&m->health, line))
		log_warn("%s", line);
	heartbeat(m);
}

static bool open_sockets(struct monitor *m)
{
	const struct control_settings *set = &m->env.settings->control;
	bool failed = false;

	if (set->http[0] != '\0' && (m->http = http_new(set->http, m->env.base, &m->health)) == NULL)
		return false;
	if (set->socket[0] != '\0')
		m->socket = control_socket_new(set->socket, m->env.base, answer, m, &failed);
	return !failed;
}

struct monitor *monitor_new(const struct monitor_env *env, bool live)
{
	struct monitor *m = calloc(1, sizeof *m);

	if (m == NULL)
		log_no_memory("the program");
	m->env = *env;
	m->started_ns = clock_now(CLOCK_REALTIME);
	m->began_ns = m->heartbeat_ns = clock_now(CLOCK_MONOTONIC);
	health_init(&m->health, &env->settings->health);
	if (!live || open_sockets(m))
		return m;
	monitor_free(m);
	return NULL;
}

void monitor_start(struct monitor *m)
{
	m->tick = event_new(m->env.base, -1, EV_PERSIST, on_tick, m);
	if (m->tick == NULL)
		log_no_memory("the program");
	event_add(m->tick, &(struct timeval){.tv_sec = 1});
	look(m);
}

bool monitor_alive(const struct monitor *m)
{
	return health_alive(&m->health);
}

void monitor_settings(struct monitor *m, const struct settings *settings)
{
	m->env.settings = settings;
	m->health.set = settings->health;
}

void monitor_free(struct monitor *m)
{
	if (m == NULL)
		return;
	http_free(m->http);
	control_socket_free(m->socket);
	if (m->tick != NULL)
		event_free(m->tick);
	free(m);
}

void monitor_event(struct monitor *m, const struct event *e)
{
	if (e->type == EVENT_ALERT && e->alert.kind < KIND_N)
		m->sample.alerts[e->alert.kind]++;
}

bool monitor_last_stats(struct monitor *m, uint64_t first_ns, uint64_t last_ns, bool live)
{
	gather(m);
	if (live)
		return m->env.settings->stats.interval_s == 0 ||
		    emit_stats(m, m->sample.now_ns, m->sample.tick_ns - m->began_ns, m->sample.loaded_ns);
	return !m->env.settings->stats.read || emit_stats(m, last_ns, last_ns - first_ns, 0);
}
