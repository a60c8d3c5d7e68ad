/* udptl.c -- fax over IP: T.38 in UDPTL (T.38, 9.1).
 *
 * Each datagram repeats what the ones before it carried, against loss: sequence numbers that go on, and old packets that come
 * again byte by byte, are proof. Where nothing is repeated only signalling can tell (session/derive_sdp.c).
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 64, LEAST = 5, MOST = 600, PRIMARY_MOST = 127,
	KEPT = 48,			/* bytes of a primary packet that are compared */
	PROOF = 6, PROOF_REPEATED = 4, PROOF_DIFFERENT = 2,
	INDICATOR_LAST = 0x1e, DATA_FIRST = 0xc0, DATA_LAST = 0xde,
	REDUNDANCY = 0x00,
	EARLY = 1,			/* sequence numbers begin at 0: their high byte while a fax begins */
};

enum udptl_fact {
	UDPTL_FACT_PACKETS = FACT_OWN,
	UDPTL_FACT_END
};

static const struct fact_def fact_defs[UDPTL_FACT_END - FACT_OWN] = {
	{"udptl.packets", FACT_UINT, "datagrams of a fax so far, in one direction"},
};

struct way {
	uint16_t sequence;
	uint16_t packets;		/* that went on by one */
	uint8_t repeated, different;
	uint8_t kept_n;
	uint8_t kept[KEPT];		/* the primary packet of the one before */
	bool proven;
};

struct udptl_state {
	struct way way[2];		/* by from_local */
	bool said_app;
};

struct datagram {
	uint16_t sequence;
	struct cursor primary, before;	/* before: the packet that it repeats first; empty: none */
};

/* An indicator, or data of a modulation with its fields behind it (T.38, 7.2; packed encoding). */
static bool is_ifp(struct cursor c)
{
	uint8_t b = cur_peek_u8(&c, 0);

	if ((b & 1) != 0)
		return false;
	return (b <= INDICATOR_LAST && c.left == 1) || (b >= DATA_FIRST && b <= DATA_LAST && c.left >= 2);
}

static bool parse(struct datagram *d, struct cursor c)
{
	uint8_t recovery, n;

	d->sequence = cur_u16(&c);
	n = cur_u8(&c);
	d->primary = cur_take(&c, n);
	recovery = cur_u8(&c);
	if (c.bad || n == 0 || n > PRIMARY_MOST || !is_ifp(d->primary))
		return false;
	d->before = cur_of("", 0);
	if (recovery != REDUNDANCY)
		return recovery == 0x80;
	n = cur_u8(&c);
	for (unsigned i = 0; i < n; i++) {
		struct cursor old = cur_take(&c, cur_u8(&c));

		if (c.bad)
			return false;
		if (i == 0)
			d->before = old;
	}
	return !c.bad && c.left == 0;
}

static bool is_kept(const struct way *w, struct cursor c)
{
	return c.left > 0 && c.left == w->kept_n && cur_starts(&c, w->kept, c.left < KEPT ? c.left : KEPT);
}

static void keep(struct way *w, const struct datagram *d)
{
	struct cursor c = d->primary;

	w->sequence = d->sequence;
	w->kept_n = (uint8_t)c.left;
	c.left = c.left < KEPT ? c.left : KEPT;
	cur_copy(&c, w->kept, c.left);
}

/* One more of this end: does it go on from the one before? */
static void add(struct way *w, const struct datagram *d)
{
	if (d->sequence == w->sequence && w->packets > 0)
		return;			/* again */
	if (w->packets == 0 || d->sequence != (uint16_t)(w->sequence + 1)) {
		bool proven = w->proven;

		memset(w, 0, sizeof *w);
		w->proven = proven;
		w->packets = 1;
		keep(w, d);
		return;
	}
	if (w->packets < UINT16_MAX)
		w->packets++;
	if (is_kept(w, d->before) && w->repeated < UINT8_MAX)
		w->repeated++;
	if (!is_kept(w, d->primary) && w->different < UINT8_MAX)
		w->different++;
	keep(w, d);
}

static bool first(const struct cursor *c)
{
	uint8_t n = cur_peek_u8(c, 2), ifp = cur_peek_u8(c, 3);

	return cur_peek_u8(c, 0) <= EARLY && c->left >= LEAST && c->left <= MOST && n > 0 && n <= PRIMARY_MOST && c->left >= (size_t)n + 4 &&
	    (n == 1 ? ifp <= INDICATOR_LAST : ifp >= DATA_FIRST && ifp <= DATA_LAST) && (cur_peek_u8(c, 3 + (size_t)n) & 0x7f) == 0;
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	struct udptl_state *st = state;
	struct way *w = &st->way[in->from_local];
	struct datagram d;

	if (!first(&in->bytes) || !parse(&d, in->bytes))
		return V_NO;
	add(w, &d);
	if (w->proven)
		return V_YES;
	if (w->packets < PROOF || w->repeated < PROOF_REPEATED || w->different < PROOF_DIFFERENT)
		return V_MORE;
	w->proven = true;
	facts_begin(f);
	if (!st->said_app && !in->nested)
		fact_text(f, FACT_FLOW_APP, "t38");
	st->said_app = true;
	fact_text(f, FACT_MEDIA, "t38");
	fact_text(f, FACT_MEDIA_CLASS, "fax");
	fact_text(f, FACT_MEDIA_PROTECTION, "none");
	fact_uint(f, UDPTL_FACT_PACKETS, w->packets);
	return V_YES;
}

const struct dissector udptl_dissector = {
	.name = "udptl",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.glance = true,
	.state_size = sizeof(struct udptl_state),
	.first = first,
	.udp = {{0x00, EARLY}},
	.udp_third = {{1, PRIMARY_MOST}},
	.opening = OPENING_ALL,
	.dissect = dissect,
};
