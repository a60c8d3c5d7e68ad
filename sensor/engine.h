/* engine.h -- the two threads of a run, and what goes between them.
 *
 *   packet thread: pipeline (capture ... correlator) --events--> ring --> main thread: output, signals, progress (libevent)
 *
 * Offline the packet thread waits when the ring is full; live it never does: the event stays due and is offered again.
 */
#ifndef PW_ENGINE_H
#define PW_ENGINE_H

#include "capture/capture.h"
#include "config/settings.h"

#include <stdio.h>

struct crypto_profile;
struct edition;
struct policy;
struct names;
struct signatures;

struct engine_run {
	const struct settings *settings;
	const struct signatures *signatures;	/* borrowed; NULL: none */
	const struct policy *policy;		/* the same */
	const struct crypto_profile *crypto;	/* the same */
	struct names *names;		/* the same */
	struct capture **captures;
	unsigned n_captures;
	bool live;
	bool progress;			/* a line on stderr while it goes on */
	bool summary;			/* the table for people, on stdout, at the end */
	uint64_t signatures_ns;		/* when the newest file of signatures was changed; 0: not known */
	/* live: a new edition (reload.h) for a sensor that works by these settings; NULL: mistakes were printed. May be NULL */
	struct edition *(*reload)(void *ctx, const struct settings *, FILE *say);
	void *reload_ctx;
	struct counts *counts;		/* the packet thread's; the captures were opened with it */
};

/* Runs to the end or a signal. Returns the program's exit code: 0; 1 something was lost or cut short (said on stderr);
 * 2 a sink could not be opened; 3 nothing could be read. */
int engine_run(const struct engine_run *);

#endif
