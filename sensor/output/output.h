/* output.h -- where events go: a file or standard output, the journal, and from there Redis and other sinks. Belongs to the main
 * thread and its libevent loop; a thread of its own writes (writer.h).
 *
 *   event --ring--> writer: JSON --> plain file, standard output
 *                                --> journal --> feed --> sink (Redis, sockets, syslog), one feed each
 *
 * A sink is a table of operations (sink.h); a new one is a new file and a row. Offline nothing is ever dropped; live the
 * packet path never waits.
 */
#ifndef PW_OUTPUT_H
#define PW_OUTPUT_H

#include "../base/count.h"
#include "../config/settings.h"
#include "../event/event.h"

struct event_base;
struct output;

/* What can be done as root only: read keys and passwords, make the journal's folder, open the plain file. NULL: said on stderr.
 * `interface_name` turns event.interface into a name. */
struct output *output_new(const struct settings *, struct event_base *, struct counts *,
    const char *(*interface_name)(void *ctx, unsigned), void *ctx);
/* The rest, as the user that we stay: opens the journal, starts the writing thread, begins to deliver. 0, or -errno: said. */
int output_start(struct output *);

/* One event to every sink. false: there is no room just now (call again once the loop has run). */
bool output_event(struct output *, const struct event *);

/* The journal's next record begins a new segment. */
void output_rotate(struct output *);

/* Is this address one that a sink knows, and right? Else a text in `why`, without any part that may be secret. */
bool output_address_right(const char *to, char *why, size_t room);

/* How it goes, for metrics and `status`; numbers only grow, but where it says "now". Call it in the main thread; cheap. */
enum { OUTPUT_SINKS = 16 };

struct sink_state {
	char name[32];			/* "redis", or as the configuration has it */
	bool connected;			/* now */
	uint64_t waiting;		/* events in the journal that it has not acknowledged, now */
	uint64_t sent;			/* each time counted */
	uint64_t again;			/* of these, sent a second time, because nobody knows whether the first arrived */
	uint64_t acknowledged;
	uint64_t refused;		/* answers that were errors */
	uint64_t reconnects;
	uint64_t lost;			/* never delivered: gone from the journal before */
};

struct output_state {
	uint64_t journaled;		/* events safe in the journal, or written to the plain file */
	uint64_t retries;		/* writes that failed and were tried again */
	uint64_t lost;			/* events that one place or another will never have */
	bool failing;			/* the journal cannot be written, now: events wait */
	unsigned segments;		/* files that the journal consists of, now */
	uint64_t bytes;			/* of these, now */
	unsigned n_sinks;
	struct sink_state sinks[OUTPUT_SINKS];
};

void output_state(const struct output *, struct output_state *);
/* Of the thread that writes; NULL: there is none. */
struct meter;
const struct meter *output_meter(const struct output *);

/* Write what is buffered; wait until every sink has acknowledged what it was given, or until `patience_ms` passed without
 * progress (0: wait as long as there is hope). What stays in a journal that outlives us is delivered later: for it nobody waits
 * long. Returns how many events are lost, or will not be delivered. */
uint64_t output_drain(struct output *, uint32_t patience_ms);
void output_free(struct output *);

#endif
