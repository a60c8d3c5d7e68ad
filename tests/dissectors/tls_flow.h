/* tls_flow.h -- for tests of tls and dtls: one flow, shown piece by piece, and what was said about it, as text. */
#ifndef PW_TLS_FLOW_H
#define PW_TLS_FLOW_H

#include "../../dissectors/dissector.h"
#include "tls_make.h"

#include <netinet/in.h>
#include <stdio.h>

enum { CLIENT = true, SERVER = false };		/* the client is local */

static struct facts facts;
static _Alignas(8) uint8_t memory[1 << 15];
static struct packet packet;
static enum verdict verdict;
static char text[8192];

static inline void flow_begin(void)
{
	memset(memory, 0, sizeof memory);
	facts_reset(&facts);
	facts.base = FACT_OWN;
	packet = (struct packet){.ts_ns = 1700000000000000000};
}

static inline enum verdict ask_one(const struct dissector *d, struct input *in)
{
	size_t mark = facts_mark(&facts);

	assert_true(d->state_size <= sizeof memory);
	if (d->n_facts > 0)
		facts.base = facts_base(d->facts, d->n_facts);
	packet.number++;
	packet.ts_ns += 1000000;
	facts.header = (struct message){.ts_ns = packet.ts_ns, .packet = packet.number, .from_local = in->from_local, .nested = in->nested};
	in->packet = &packet;
	verdict = d->dissect(in, memory, &facts);
	if (verdict == V_NO)
		facts_rewind(&facts, mark);
	return verdict;
}

/* Everything said since the last call: a message a line, "> " or "< " before it, facts with commas between them. */
static inline const char *said(void)
{
	const struct message *m;
	size_t at = 0, n = 0;

	text[0] = '\0';
	while (facts_next(&facts, &at, &m)) {
		size_t in = 0;
		struct fact f;

		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n > 0 ? "\n" : "", m->from_local ? "> " : "< ");
		for (unsigned i = 0; message_next(m, &in, &f); i++) {
			n += (size_t)snprintf(text + n, sizeof text - n, "%s", i > 0 ? ", " : "");
			n += fact_print(&f, text + n, sizeof text - n);
		}
	}
	facts_reset(&facts);
	return text;
}

#endif
