/* worker.c -- see worker.h. */
#include "worker.h"

#include "classify/classify.h"
#include "decode/decode.h"

#include <stdlib.h>

struct worker {
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

void worker_frames(struct worker *w, const struct frame *frames, unsigned n_frames)
{
	struct packet packets[CLASSIFY_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < n_frames; i++) {
		n += decode_frame(w->decoder, &frames[i], packets + n);
		if (n + DECODE_MAX > CLASSIFY_MAX || decode_lent(w->decoder)) {
			classify_packets(w->classify, packets, n);
			n = 0;
		}
	}
	classify_packets(w->classify, packets, n);
	classify_deliver(w->classify);
}

void worker_advance(struct worker *w, uint64_t now_ns)
{
	classify_advance(w->classify, now_ns);
	classify_deliver(w->classify);
}

void worker_finish(struct worker *w)
{
	classify_finish(w->classify);
}
