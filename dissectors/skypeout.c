/* skypeout.c -- calls from Skype to telephones: the gateway's port, four bytes that stay the same in each direction, and ciphertext
 * behind them. Tstat; Bonfiglio et al. 2007. What has such a port and such bytes may be much else: it counts on a host that
 * has Skype.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	PORT = 12340,
	PACKETS = 100,			/* both ways together, of these at least: */
	PACKETS_EACH = 25,
	FIXED = 4, LEAST = FIXED + 4,
	GIVE_UP = 255,
};

enum { SKYPEOUT_PACKETS = FACT_OWN, SKYPEOUT_END };

static const struct fact_def defs[SKYPEOUT_END - FACT_OWN] = {
	{"skype.out", FACT_UINT, "packets of what looks like a call from Skype to a telephone: port 12340, four fixed bytes, ciphertext"},
};

struct way {
	uint32_t fixed, last, any, all;	/* of the four bytes behind the fixed ones: as they were last; bits ever set, bits always set */
	uint16_t packets;
	uint16_t moved;
};

struct state {
	struct way way[2];
	bool over;
};

/* False: not such a flow. */
static bool count(struct way *w, struct cursor c)
{
	uint32_t fixed = cur_u32(&c), next = cur_u32(&c);

	if (c.bad || (w->packets > 0 && fixed != w->fixed))
		return false;
	if (w->packets == 0)
		w->all = ~0U;
	w->fixed = fixed;
	w->moved = (uint16_t)(w->moved + (w->packets > 0 && next != w->last));
	w->last = next;
	w->any |= next;
	w->all &= next;
	w->packets++;
	return true;
}

/* No bit of the next four bytes stands still, in either direction, and nearly every packet has others. */
static bool is_ciphertext(const struct way *w)
{
	return w->packets >= PACKETS_EACH && w->any == ~0U && w->all == 0 && w->moved * 10 >= (w->packets - 1) * 9;
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct state *st = state;

	if (in->nested || !count(&st->way[in->from_local], in->bytes))
		st->over = true;
	if (st->over)
		return V_NO;
	if (st->way[0].packets + st->way[1].packets < PACKETS)
		return V_MORE;
	st->over = true;
	if (!is_ciphertext(&st->way[0]) || !is_ciphertext(&st->way[1]))
		return V_NO;
	facts_begin(facts);
	fact_uint(facts, SKYPEOUT_PACKETS, PACKETS);
	return V_MORE;
}

static bool first(const struct cursor *c)
{
	return c->left >= LEAST;
}

const struct dissector skypeout_dissector = {
	.name = "skypeout",
	.facts = defs,
	.n_facts = sizeof defs / sizeof defs[0],
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.port = PORT,
	.follows = FOLLOWS_ALL,
	.opening = 8,
	.state_size = sizeof(struct state),
	.first = first,
	.dissect = dissect,
};
