/* shown.h -- one dissector is shown datagrams or stretches of one flow, at the edge of a page; what it says is read back as text. */
#ifndef PW_TEST_SHOWN_H
#define PW_TEST_SHOWN_H

#include "../test.h"

#include "../../dissectors/dissector.h"

#include <netinet/in.h>
#include <stdio.h>

struct shown {
	const struct dissector *d;
	struct facts facts;
	struct packet packet;		/* its endpoints may be set */
	bool nested, two_way, local_first;
	bool held;			/* it has state on this flow: one that follows is asked again without its first test */
	struct input input;		/* the last one, as the dissector left it */
	char text[1 << 16];		/* what the last one said: "fact fact | fact", a bar between messages */
	_Alignas(16) uint8_t state[1 << 16];
};

/* The same memory for all of a program: one at a time. */
static inline struct shown *shown_new(const struct dissector *d)
{
	static struct shown s;

	memset(&s, 0, offsetof(struct shown, text));
	memset(s.state, 0, sizeof s.state);
	assert_true(d->state_size <= sizeof s.state);
	s.d = d;
	s.facts.base = facts_base(d->facts, d->n_facts);
	s.packet.ts_ns = 1700000000000000000;
	return &s;
}

static inline void shown_read(struct shown *s)
{
	const struct message *m;
	size_t at = 0, n = 0;
	struct fact f;

	s->text[0] = '\0';
	while (facts_next(&s->facts, &at, &m)) {
		if (n > 0)
			n += (size_t)snprintf(s->text + n, sizeof s->text - n, " |");
		for (size_t k = 0; message_next(m, &k, &f);) {
			if (n > 0)
				s->text[n++] = ' ';
			n += fact_print(&f, s->text + n, sizeof s->text - n);
		}
	}
}

static inline enum verdict shown_input(struct shown *s, const void *bytes, size_t n, bool from_local, struct input in)
{
	uint8_t *edge = edge_copy(bytes, n);
	enum verdict v = V_NO;

	facts_reset(&s->facts);
	s->packet.ts_ns += 1000000;
	s->packet.number++;
	s->packet.payload = cur_of(edge, n);
	s->packet.payload_len = (uint32_t)n;
	s->facts.header = (struct message){.ts_ns = s->packet.ts_ns, .packet = s->packet.number, .from_local = from_local,
	    .nested = s->nested, .two_way = s->two_way, .local_first = s->local_first, .ip_proto = s->packet.ip_proto};
	in.packet = &s->packet;
	in.from_local = from_local;
	in.bytes = s->packet.payload;
	in.nested = s->nested;
	s->input = in;
	if (in.stream ? s->held || s->d->begins == NULL || s->d->begins(&s->input) :
	    s->d->first == NULL || (s->d->follows && s->held) || s->d->first(&in.bytes))
		v = s->d->dissect(&s->input, s->state, &s->facts);
	s->held = v == V_YES || v == V_MORE;
	assert_true(s->input.bytes.left <= n);
	if (v == V_NO)
		facts_rewind(&s->facts, 0);
	shown_read(s);
	edge_free(edge, n);
	return v;
}

static inline enum verdict shown_datagram(struct shown *s, const void *bytes, size_t n, bool from_local)
{
	s->packet.ip_proto = IPPROTO_UDP;
	return shown_input(s, bytes, n, from_local, (struct input){0});
}

/* All that one direction has ready. */
static inline enum verdict shown_stretch(struct shown *s, const void *bytes, size_t n, bool from_local)
{
	s->packet.ip_proto = IPPROTO_TCP;
	return shown_input(s, bytes, n, from_local, (struct input){.stream = true});
}

#endif
