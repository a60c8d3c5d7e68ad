/* derive_opening.c -- punching by an unknown protocol: what one socket does towards several outside hosts shows it.
 *
 * Who punches a hole tries several addresses of the other end at once, from one socket, between ports that no service waits
 * on: some stay silent, one answers and is talked to. Said only where nothing is known of the socket: no dissector and not
 * nDPI had a word for any of its flows (STUN, a game, a file sharer's hash table have their own say), and where it talks to
 * few hosts: who asks dozens is looking for servers.
 *
 * What else looks so, and how it is told apart: two servers of one service of which one is dead have the same port; a list of
 * servers that is tried one after the other is not tried at once; big datagrams are no attempts.
 */
#include "derive_opening.h"

#include "store.h"

#include <netinet/in.h>
#include <stdlib.h>

static const uint64_t AT_ONCE_NS = 10 * 1000000000ULL;	/* between the first packets to the two ends */
static const uint64_t FRESH_NS = 120 * 1000000000ULL;	/* what was silent so long ago was another attempt */

enum {
	SOCKETS = 1 << 13,
	ENDS = 8,		/* of one socket: with more it is a crowd */
	HIGH = 1024,
	PROBES = 3, PROBE_BYTES = 300,
	TALK = 10,		/* data packets each way with the end that answers */
};

enum opening_fact {
	OPENING_ANSWERED = FACT_OWN,
	OPENING_PROBED,
};

static const struct fact_def opening_facts[] = {
	{"opening.answered", FACT_FLAG, "of several outside ends that a socket tried at once, this one answers and is talked to"},
	{"opening.probed", FACT_ENDPOINT, "and this one does not, however often it is tried"},
};

struct end {
	struct endpoint remote;
	uint64_t flow_id, start_ns, last_ns;
	uint64_t packets[2], bytes_out;		/* of data, by enum way */
};

struct opening {
	struct link link;
	struct endpoint local;			/* the store's key */
	bool known;				/* somebody knows what it speaks */
	bool told;
	bool crowd;
	uint8_t n;
	struct end ends[ENDS];
};

struct state {
	struct store sockets;
	struct hash_key key;
};

static void *opening_create(const struct hash_key *key)
{
	struct state *st = calloc(1, sizeof *st);

	if (st == NULL)
		return NULL;
	st->key = *key;
	if (!store_init(&st->sockets, SOCKETS, sizeof(struct opening), sizeof(struct endpoint), &st->key)) {
		free(st);
		return NULL;
	}
	return st;
}

static void opening_destroy(void *state)
{
	struct state *st = state;

	if (st == NULL)
		return;
	store_clear(&st->sockets);
	free(st);
}

static struct opening *opening_of(struct state *st, const struct endpoint *local)
{
	struct opening *o = store_find(&st->sockets, local);

	if (o != NULL) {
		store_touch_late(&st->sockets, o);
		return o;
	}
	if (store_full(&st->sockets))
		store_drop(&st->sockets, store_weakest(&st->sockets));
	return store_add(&st->sockets, local);
}

/* Labels that nDPI gives to random bytes, too: no knowledge. */
static bool is_label(struct cursor label)
{
	static const char *const guesses[] = {"RTP", "RTCP", "SkypeCall", "Unknown"};

	for (size_t i = 0; i < sizeof guesses / sizeof *guesses; i++)
		if (label.left == strlen(guesses[i]) && cur_starts(&label, guesses[i], label.left))
			return false;
	return true;
}

/* Is this somebody's word about the protocol? What the flow stage says is not. */
static bool is_knowledge(const struct reading *r)
{
	struct fact f;

	if (says(r, FACT_NDPI_PROTO))
		return says(r, FACT_NDPI_PROTO) && message_find(r->m, FACT_NDPI_PROTO, &f) && is_label(f.bytes);
	return !says(r, FACT_FLOW_NEW) && !says(r, FACT_FLOW_END) && !says(r, FACT_DATA_OUT_PACKETS) &&
	    !says(r, FACT_FLOW_UNREACHABLE) && !says(r, FACT_PAYLOAD);
}

static struct end *end_of(struct opening *o, const struct message *m)
{
	struct end *e;

	for (unsigned i = 0; i < o->n; i++)
		if (endpoint_equal(&o->ends[i].remote, &m->remote)) {
			if (o->ends[i].flow_id == m->flow_id)
				return &o->ends[i];
			o->ends[i] = (struct end){.remote = m->remote, .flow_id = m->flow_id, .start_ns = m->flow_start_ns};
			return &o->ends[i];
		}
	if (o->n == ENDS) {
		o->crowd = true;
		return NULL;
	}
	e = &o->ends[o->n++];
	*e = (struct end){.remote = m->remote, .flow_id = m->flow_id, .start_ns = m->flow_start_ns};
	return e;
}

static bool is_answered(const struct end *e)
{
	return e->packets[OUT] >= TALK && e->packets[IN] >= TALK;
}

static bool is_silent(const struct end *e, uint64_t now_ns)
{
	return e->packets[IN] == 0 && e->packets[OUT] >= PROBES && e->bytes_out <= e->packets[OUT] * PROBE_BYTES &&
	    now_ns - e->last_ns <= FRESH_NS;
}

static uint64_t apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

/* Two addresses of what may be one end. */
static bool belong(const struct end *a, const struct end *silent)
{
	return !addr_equal(&a->remote.addr, &silent->remote.addr) && apart(a->start_ns, silent->start_ns) <= AT_ONCE_NS &&
	    (a->remote.port != silent->remote.port || addr_is_private(&silent->remote.addr));
}

static void say(const struct end *e, unsigned fact, struct facts *facts)
{
	bool answered = fact == OPENING_ANSWERED;

	derived_for(facts, &e->remote, e->flow_id, e->start_ns);
	facts->header.two_way = answered;
	facts->header.from_local = true;
	facts_begin(facts);
	if (answered)
		fact_flag(facts, fact);
	else
		fact_endpoint(facts, fact, &e->remote);
}

static void judge(struct opening *o, uint64_t now_ns, struct facts *facts)
{
	for (unsigned a = 0; a < o->n; a++) {
		if (!is_answered(&o->ends[a]))
			continue;
		for (unsigned s = 0; s < o->n; s++) {
			if (!is_silent(&o->ends[s], now_ns) || !belong(&o->ends[a], &o->ends[s]))
				continue;
			o->told = true;
			say(&o->ends[s], OPENING_PROBED, facts);
			say(&o->ends[a], OPENING_ANSWERED, facts);
			return;
		}
	}
}

static void opening_derive(void *state, const struct reading *r, uint64_t now_ns, struct facts *facts)
{
	const struct message *m = r->m;
	struct state *st = state;
	struct opening *o;
	struct end *e;

	if (m->ip_proto != IPPROTO_UDP || m->side != SIDE_BORDER || m->nested || m->local.port < HIGH)
		return;
	/* What is said of every flow again and again: its first message told that it is known. */
	if ((says(r, FACT_ICE_CHECK) || says(r, FACT_ICE_ANSWER) || says(r, FACT_MEDIA)) && !says(r, FACT_FLOW_APP))
		return;
	if (is_knowledge(r)) {
		opening_of(st, &m->local)->known = true;
		return;
	}
	if (!says(r, FACT_DATA_OUT_PACKETS) || m->remote.port < HIGH || addr_is_multicast(&m->remote.addr))
		return;
	o = opening_of(st, &m->local);
	if (o->known || o->told || o->crowd)
		return;
	e = end_of(o, m);
	if (e == NULL)
		return;
	e->packets[OUT] = r->data_packets[OUT];
	e->packets[IN] = r->data_packets[IN];
	e->bytes_out = r->data_bytes[OUT];
	e->last_ns = now_ns;
	judge(o, now_ns, facts);
}

const struct deriver opening_deriver = {
	.name = "opening",
	.facts = opening_facts,
	.n_facts = sizeof opening_facts / sizeof *opening_facts,
	.create = opening_create,
	.destroy = opening_destroy,
	.derive = opening_derive,
};
