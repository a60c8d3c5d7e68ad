/* pipeline.h -- the packet thread: captures -> worker -> correlator, until the input ends or it is told to stop.
 *
 * With one worker the correlator is a plain call. Whoever runs it gives the sink for events; engine.c runs it in a thread of
 * its own and puts a ring behind the sink.
 */
#ifndef PW_PIPELINE_H
#define PW_PIPELINE_H

#include "capture/capture.h"
#include "session/correlator.h"
#include "worker.h"

struct meter;
struct pipeline;

/* `captures` and signatures (may be NULL) are borrowed. live: wait for traffic and let time go on without it. NULL when out of memory. */
struct pipeline *pipeline_new(const struct settings *, const struct signatures *, struct capture **captures, unsigned n_captures,
    bool live, struct counts *, event_sink, void *ctx);
void pipeline_free(struct pipeline *);

/* Start the threads that it needs besides its own: before that is confined. False: none can be had. Else pipeline_run() does it. */
bool pipeline_begin(struct pipeline *);
/* Until the end, or pipeline_stop(). Everything is settled and reported when it returns. CAPTURE_DONE, or what went wrong
 * with the input: pipeline_error() says it, "" if it was said already. */
enum capture_state pipeline_run(struct pipeline *);
const char *pipeline_error(const struct pipeline *);

/* From any thread or a signal handler: finish what is there and return. */
void pipeline_stop(struct pipeline *);
/* In the thread that runs it: the input is over, and what is told now cannot be told later. */
bool pipeline_finishing(const struct pipeline *);
/* From any thread: how far it has come (files: bytes read of all; frames). */
void pipeline_progress(struct pipeline *, uint64_t *frames, uint64_t *read_bytes, uint64_t *total_bytes);

/* What it works by may change from now on. Before the run. */
struct editions;
void pipeline_follow(struct pipeline *, struct editions *);

/* What its threads show of themselves, for the main thread: NULL after the last. */
const struct meter *pipeline_meter(const struct pipeline *, unsigned i);

struct correlator *pipeline_correlator(struct pipeline *);
/* After the run: first and last packet's time. */
void pipeline_span(const struct pipeline *, uint64_t *first_ns, uint64_t *last_ns);

#endif
