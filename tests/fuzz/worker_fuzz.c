/* worker_fuzz.c -- any frames through the whole packet side, with tables so small that everything is evicted all the time.
 *
 * The input is a list of: how far time goes on (1 byte, 50 ms each), the frame's length (1 byte, twice that), the frame as raw IP.
 * What must hold: each FLOW_NEW has its FLOW_END, nothing is said about a flow before or after, and facts can be walked.
 */
#include <stdlib.h>

#include "../../sensor/config/config.h"
#include "../../sensor/signature/signature.h"
#include "../../sensor/worker.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { OPEN_MAX = 64, RAW_IP = 101 };

struct seen {
	unsigned n;
	uint64_t open[OPEN_MAX];
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void take(void *ctx, const struct facts *facts)
{
	struct seen *s = ctx;
	const struct message *m;
	struct fact fact;
	size_t at = 0;

	while (facts_next(facts, &at, &m)) {
		size_t k = 0;
		unsigned i, n = 0;

		for (i = 0; i < s->n && s->open[i] != m->flow_id; i++)
			;
		must((i == s->n) == message_has(m, FACT_FLOW_NEW));
		if (i == s->n) {
			must(s->n < OPEN_MAX);
			s->open[s->n++] = m->flow_id;
		}
		if (message_has(m, FACT_FLOW_END))
			s->open[i] = s->open[--s->n];
		while (message_next(m, &k, &fact))
			n++;
		must(n == m->n && k == m->len_bytes);
	}
}

/* They fit often: what openings do is looked at, too. */
static const struct signatures *some_signatures(void)
{
	static const char text[] =
	    "- {sid: 9190000, title: t, alert: 90, inside: true, evidence: [{weight: 50, when: 'payload[0:1] & 0x03 == 0x01 and be8(payload, 1) < 200 "
	    "and payload.len == 20'}, {weight: 50, when: 'payload[1:2] == 0x0000'}, {weight: 50, when: 'payload ^= 0x0001'}]}\n"
	    "- {sid: 9190001, title: t, alert: 90, evidence: [{weight: 50, when: 'proto == \"tcp\" and payload[8:2] in (0x0000, 0x0101)'}, "
	    "{weight: 50, when: 'be16(payload, 0) == payload.len - 2 and payload[2:1] == 0x00'}]}\n";
	static struct signatures *set;
	struct mistakes mistakes = {.to = stderr};

	if (set == NULL)
		set = signatures_parse("some", text, sizeof text - 1, &mistakes);
	must(set != NULL);
	return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct settings s;
	struct counts counts = {{0}};
	struct seen seen = {0};
	struct cursor c = cur_of(bytes, n);
	struct frame f = {.ts_ns = 1700000000ull * 1000000000, .link_type = RAW_IP};
	struct worker *w;

	settings_defaults(&s);
	settings_decide(&s, false, n % 2 != 0);
	s.flow.flows = 8;
	s.flow.states = 3;
	s.flow.stream_bytes = 256;
	s.flow.stream_pool_bytes = 2048;
	s.decode.fragments = 4;
	s.ndpi.enabled = false;
	s.session.openings = n % 8 == 0;
	w = worker_new(&s, n % 16 == 1 ? NULL : some_signatures(), &counts, take, &seen);
	while (c.left > 2) {
		struct cursor frame;

		f.ts_ns += (uint64_t)cur_u8(&c) * 50000000;
		f.captured = cur_u8(&c) * 2u;
		if (f.captured > c.left)
			f.captured = (uint32_t)c.left;
		frame = cur_take(&c, f.captured);
		f.bytes = frame.at;
		f.length = f.captured;
		f.number++;
		worker_frames(w, &f, 1);
	}
	worker_finish(w);
	must(seen.n == 0);
	worker_free(w);
	return 0;
}
