/* monitor.h -- the running sensor, watched: stats events, what is lost in the log, and whoever asks how it is (metrics, status).
 *
 * Lives in the main thread, on its libevent loop. It knows the sensor only through samples.
 */
#ifndef PW_MONITOR_H
#define PW_MONITOR_H

#include "sample.h"

struct event_base;
struct monitor;

struct monitor_env {
	const struct settings *settings;
	struct event_base *base;
	/* Fill in everything but the clocks, started_ns and alerts. */
	void (*sample)(void *ctx, struct sample *);
	/* An event to every sink. False: no room now. */
	bool (*emit)(void *ctx, const struct event *);
	void *ctx;
};

/* The env is copied, its pointers are borrowed. Nothing happens before monitor_start(). NULL: said. */
struct monitor *monitor_new(const struct monitor_env *);
void monitor_start(struct monitor *);
void monitor_free(struct monitor *);

/* Every event that went out. */
void monitor_event(struct monitor *, const struct event *);

/* The last stats event: of a live run the state at its end; of capture files, whose time is the packets', what they held. */
bool monitor_last_stats(struct monitor *, uint64_t first_ns, uint64_t last_ns, bool live);

#endif
