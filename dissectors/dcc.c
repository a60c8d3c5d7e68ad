/* dcc.c -- a file that goes from one IRC user's host to the other's: DCC SEND's data.
 *
 * The sender writes the file, and nothing else. The receiver writes nothing but how many bytes it has by now, in four bytes, or in eight
 * for large files. So each of these numbers must be what came before it, and no less than the last. The offer, in the IRC
 * connection, may well be encrypted; this is not.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 250,			/* stretches of the file until the receiver says something */
	ENOUGH = 3,			/* numbers that are right, one of them all that was sent */
	LEAST = 256,			/* the first: less is anybody's */
	SHORT = 4, LONG = 8,
	ONE_WAY = 4096,			/* bytes: a request is shorter */
};

enum { DCC_BYTES = FACT_OWN, DCC_ONE_WAY };

static const struct fact_def fact_defs[] = {
	{"dcc.received", FACT_UINT, "a file goes directly between hosts of two IRC users: its receiver says that it has so many bytes"},
	{"dcc.one_way", FACT_FLAG, "one end alone sends on this connection, to begin with; by itself this means nothing"},
};

struct state {
	uint64_t sent[2], last;		/* bytes, by from_local; the last number */
	uint8_t size;			/* of the numbers; 0: not known */
	uint8_t numbers;
	bool receiver, known;		/* who receives, by from_local */
	bool exact;			/* a number was all that had been sent */
	bool one_way_told;
};

static uint64_t take(struct cursor *c, unsigned size)
{
	return size == SHORT ? cur_u32(c) : cur_u64(c);
}

/* The receiver's first number: as wide as makes it right. */
static unsigned width(struct cursor c, uint64_t sent)
{
	uint32_t four = cur_peek_u32(&c, 0);
	uint64_t eight = (uint64_t)four << 32 | cur_peek_u32(&c, SHORT);

	if (four >= LEAST && four <= sent)
		return SHORT;
	return c.left >= LONG && eight >= LEAST && eight <= sent ? LONG : 0;
}

static enum verdict numbers(struct state *s, struct input *in, struct facts *facts)
{
	struct cursor *c = &in->bytes;
	uint64_t sent = s->sent[!in->from_local];

	if (s->size == 0 && c->left >= SHORT) {
		if (cur_peek_u32(c, 0) == 0 && c->left < LONG)
			return V_MORE;
		s->size = (uint8_t)width(*c, sent);
		if (s->size == 0)
			return V_NO;
	}
	while (s->size != 0 && c->left >= s->size) {
		uint64_t n = take(c, s->size);

		if (n > sent || n < s->last)
			return V_NO;
		s->numbers = (uint8_t)(s->numbers + (n > s->last && s->numbers < UINT8_MAX));
		s->exact |= n == sent;
		s->last = n;
		if (s->numbers < ENOUGH || !s->exact)
			continue;
		facts_begin(facts);
		fact_text(facts, FACT_FLOW_APP, "dcc");
		fact_uint(facts, DCC_BYTES, n);
		return V_DONE;
	}
	return V_MORE;
}

/* A file may begin with anything, but no file is a request, or half of a handshake. */
static bool begins(const struct input *in)
{
	const struct cursor *c = &in->bytes;

	return !cur_starts(c, "GET /", 5) && !cur_starts(c, "POST /", 6) && !cur_starts(c, "\x16\x03", 2);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct state *s = state;

	if (in->gap)
		return V_NO;
	if (in->bytes.left == 0)
		return V_MORE;
	if (!s->known && s->sent[!in->from_local] > 0) {
		s->receiver = in->from_local;
		s->known = true;
	}
	if (s->known && in->from_local == s->receiver)
		return numbers(s, in, facts);
	s->sent[in->from_local] += in->bytes.left;
	cur_skip(&in->bytes, in->bytes.left);
	if (!s->one_way_told && s->sent[!in->from_local] == 0 && s->sent[in->from_local] >= ONE_WAY) {
		s->one_way_told = true;
		facts_begin(facts);
		fact_flag(facts, DCC_ONE_WAY);
	}
	return V_MORE;
}

const struct dissector dcc_dissector = {
	.name = "dcc",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct state),
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
