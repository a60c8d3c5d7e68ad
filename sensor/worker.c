/* worker.c -- see worker.h. */
#include "worker.h"

#include "base/ticks.h"
#include "classify/classify.h"
#include "decode/decode.h"

#include <stdlib.h>

struct worker {
	const struct team *team;
	struct ticks ticks;
	uint64_t last_ns, last_number;	/* frame that was told of */
	struct decoder *decoder;
	struct classify *classify;
};

struct worker *worker_new(const struct settings *s, const struct signatures *signatures, struct counts *counts, facts_sink sink, void *ctx)
{
	struct worker *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->decoder = decoder_new(&s->decode, counts);
	w->classify = classify_new(s, dissectors, signatures, counts, sink, ctx);
	if (w->decoder == NULL || w->classify == NULL) {
		worker_free(w);
		return NULL;
	}
	return w;
}

void worker_use(struct worker *w, const struct signatures *signatures)
{
	classify_use(w->classify, signatures);
}

void worker_free(struct worker *w)
{
	if (w == NULL)
		return;
	decoder_free(w->decoder);
	classify_free(w->classify);
	free(w);
}

void worker_take(struct worker *w, const struct frame *frames, const struct team_clock *clocks, unsigned n_frames)
{
	struct packet packets[CLASSIFY_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < n_frames; i++) {
		if (clocks != NULL)
			decode_clock(w->decoder, &clocks[i]);
		n += decode_frame(w->decoder, &frames[i], packets + n);
		if (n + DECODE_MAX > CLASSIFY_MAX || decode_lent(w->decoder)) {
			classify_packets(w->classify, packets, n);
			n = 0;
		}
	}
	classify_packets(w->classify, packets, n);
	classify_deliver(w->classify);	/* before it is said how far we are */
}

void worker_common(struct worker *w, const struct frame *frame, const struct team_clock *clock)
{
	struct packet packets[DECODE_MAX];

	decode_clock(w->decoder, clock);
	classify_packets(w->classify, packets, decode_common(w->decoder, w->team, frame, packets));
	classify_deliver(w->classify);
}

void worker_time(struct worker *w, uint64_t ts_ns, uint64_t number)
{
	w->last_ns = ts_ns;
	w->last_number = number;
	classify_time(w->classify, ts_ns, number);
	classify_deliver(w->classify);
}

void worker_join(struct worker *w, const struct team *team)
{
	w->team = team;
	classify_join(w->classify, team);
}

void worker_frames(struct worker *w, const struct frame *frames, unsigned n)
{
	unsigned done = 0;

	for (unsigned i = 0; i < n; i++)
		if (ticks_at(&w->ticks, frames[i].ts_ns)) {
			worker_take(w, frames + done, NULL, i - done);
			worker_time(w, frames[i].ts_ns, frames[i].number);
			done = i;
		}
	worker_take(w, frames + done, NULL, n - done);
	w->last_ns = frames[n - 1].ts_ns;
	w->last_number = frames[n - 1].number;
}

void worker_advance(struct worker *w, uint64_t now_ns)
{
	w->ticks.last_ns = now_ns;
	classify_advance(w->classify, now_ns);
	classify_deliver(w->classify);
}

void worker_finish(struct worker *w)
{
	if (w->last_number > 0)
		classify_time(w->classify, w->last_ns, w->last_number);
	classify_finish(w->classify);
}
