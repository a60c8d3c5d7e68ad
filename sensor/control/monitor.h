/* monitor.h -- the running sensor, watched: stats events, what is lost in the log, and whoever asks how it is (metrics, status).
 *
 * Lives in the main thread, on its libevent loop. It knows the sensor only through samples.
 */
#ifndef PW_MONITOR_H
#define PW_MONITOR_H

#include "sample.h"

#include <stdio.h>

struct event_base;
struct monitor;

struct monitor_env {
	const struct settings *settings;
	struct event_base *base;
	/* Fill in everything but the clocks, started_ns and alerts. */
	void (*sample)(void *ctx, struct sample *);
	/* An event to every sink. False: no room now. */
	bool (*emit)(void *ctx, const struct event *);
	/* Read configuration and signatures again; prints how it went, and returns the exit code of whoever wished it. NULL: cannot be done. */
	int (*reload)(void *ctx, FILE *to);
	void *ctx;
};

/* The env is copied, its pointers are borrowed. `live`: the sockets on which it is asked are opened, which may need root; nothing else happens
 * before monitor_start(). NULL: said. */
struct monitor *monitor_new(const struct monitor_env *, bool live);
void monitor_start(struct monitor *);
void monitor_free(struct monitor *);

/* As of the last second: every thread goes on. */
bool monitor_alive(const struct monitor *);
/* The settings have changed. */
void monitor_settings(struct monitor *, const struct settings *);

/* Every event that went out. */
void monitor_event(struct monitor *, const struct event *);

/* The last stats event: of a live run the state at its end; of capture files, whose time is the packets', what they held. */
bool monitor_last_stats(struct monitor *, uint64_t first_ns, uint64_t last_ns, bool live);

#endif
