/* health.h -- does the sensor see what it should, and does it keep up? Judged from one sample a second; keeps no other state than
 * what it needs to compare.
 */
#ifndef PW_HEALTH_H
#define PW_HEALTH_H

#include "sample.h"

enum health_fault {
	FAULT_SILENT,			/* an interface */
	FAULT_STALLED,			/* a thread: not alive, either, unless it may wait */
	FAULT_CLOCK,			/* time stamps of an interface */
	FAULT_ONE_WAY,
	FAULT_DUPLICATES,
	FAULT_LOSING,			/* packets, now */
	FAULT_SIGNATURES,		/* too old */
	FAULT_OUTPUT,			/* events wait: the journal cannot be written, or a sink is away */
	FAULT_N
};

extern const char *const health_fault_names[FAULT_N];	/* "interface-silent", ... */

enum { HEALTH_REASONS = 32, HEALTH_TEXT = 200 };

struct health_reason {
	enum health_fault fault;
	char text[HEALTH_TEXT];		/* for people: "eth1: no packet for 75 s: ..." */
};

struct health {
	struct health_settings set;
	struct sample now;		/* the last that came */
	bool began, stalled;	/* stalled: not alive */
	/* threads: since when their beats are the same */
	uint64_t beats[SAMPLE_THREADS], beat_ns[SAMPLE_THREADS];
	/* interfaces: since when nothing came */
	uint64_t frames[INTERFACES_MAX], frame_ns[INTERFACES_MAX];
	/* sinks: since when one is away while events wait; 0: it is not */
	uint64_t away_ns[OUTPUT_SINKS];
	/* this minute, and what the last whole one was */
	uint64_t minute_ns;
	struct counts minute;		/* at its begin */
	double one_way, duplicates;	/* shares; -1: too little to say */
	/* what is said of losses */
	struct counts said;
	uint64_t said_ns;
	uint64_t drops, lost_ns;	/* packets lost so far; and when that grew last */
	/* what is wrong */
	struct health_reason reason[HEALTH_REASONS];
	unsigned n_reasons;
};

void health_init(struct health *, const struct health_settings *);
void health_take(struct health *, const struct sample *);

static inline bool health_ready(const struct health *h)
{
	return h->n_reasons == 0;
}

bool health_alive(const struct health *);		/* no thread is stalled */
uint64_t health_stalled_ns(const struct health *, unsigned thread);	/* how long it has not gone on */
uint64_t health_silent_ns(const struct health *, unsigned interface);

/* At once when something begins to be lost, then once a minute while it goes on: a line that says what, and what may help. False:
 * there is nothing to say now. */
enum { HEALTH_LINE = 900 };
bool health_losses(struct health *, char line[static HEALTH_LINE]);

#endif
