/* merge.c -- the correlator's side of the crew: what the workers say, put in order. See crew.h.
 *
 * Each ring is in order by itself, so whoever stands first in any of them is next, once something stands in all of them. A
 * worker that has nothing to say says how far it has come: those marks are what keeps the others from waiting.
 */
#include "crew_parts.h"

#include <poll.h>

static const struct saying *front(struct member *m)
{
	struct pollfd fd = {.fd = ring_fd(m->said), .events = POLLIN};
	const struct saying *s;
	size_t n;

	while ((s = ring_front(m->said, &n)) == NULL) {
		poll(&fd, 1, -1);
		ring_awake(m->said);
	}
	return s;
}

static bool waits(struct crew *c)
{
	size_t n;

	for (unsigned i = 0; i < c->n; i++)
		if (ring_front(c->member[i].said, &n) == NULL)
			return false;
	return true;
}

enum crew_said crew_next(struct crew *c, struct facts *to, uint64_t *now_ns)
{
	facts_reset(to);
	for (;;) {
		struct member *next = &c->member[0];
		const struct saying *s;
		bool quiet;

		/* What is there already need not wait for what is to come. */
		if (to->used > 0 && !waits(c))
			return CREW_FACTS;
		s = front(next);
		for (unsigned i = 1; i < c->n; i++) {
			const struct saying *other = front(&c->member[i]);

			if (place_before(&other->place, &s->place)) {
				next = &c->member[i];
				s = other;
			}
		}
		if (s->kind == SAYING_END)
			return to->used > 0 ? CREW_FACTS : CREW_END;
		if (s->kind == SAYING_FACTS && !facts_append(to, s + 1, s->used))
			return CREW_FACTS;
		if (s->kind == SAYING_TIME && next == &c->member[c->n - 1]) {	/* all have said it: the last comes last */
			if (to->used > 0)
				return CREW_FACTS;
			*now_ns = s->now_ns;
			ring_pop(next->said);
			return CREW_TIME;
		}
		quiet = s->kind == SAYING_MARK && next == &c->member[c->n - 1] && to->used == 0;
		ring_pop(next->said);
		if (quiet)
			return CREW_NONE;
	}
}
