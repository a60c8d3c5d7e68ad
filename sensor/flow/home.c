/* home.c -- see home.h. IPv4 prefixes stand as (value, mask) words: a handful of them is compared in a few cycles. */
#include "home.h"

#include "../base/log.h"
#include "guess.h"

#include <stdlib.h>

struct home {
	bool configured;
	size_t n_v4, n_v6;
	struct v4_net {
		uint32_t value, mask;
	} v4[PREFIXES_MAX];
	struct prefix v6[PREFIXES_MAX];
	struct guesses *guesses, *own;	/* NULL where home is configured; own: nobody else has them */
};

static uint32_t v4_word(const struct addr *a)
{
	struct cursor c = cur_of(a->b + 12, 4);

	return cur_u32(&c);
}

struct home *home_new(const struct home_settings *s)
{
	struct home *h = calloc(1, sizeof *h);

	if (h == NULL)
		log_no_memory("the inside networks");
	h->configured = s->configured;
	if (!h->configured)
		h->guesses = h->own = guesses_new();
	for (size_t i = 0; i < s->home.n; i++) {
		const struct prefix *p = &s->home.p[i];

		if (addr_is_v4(&p->addr) && p->bits >= 96) {
			uint32_t mask = p->bits > 96 ? ~0U << (128 - p->bits) : 0;

			h->v4[h->n_v4++] = (struct v4_net){v4_word(&p->addr) & mask, mask};
		} else {
			h->v6[h->n_v6++] = *p;
		}
	}
	return h;
}

void home_free(struct home *h)
{
	if (h != NULL)
		guesses_free(h->own);
	free(h);
}

void home_share(struct home *h, struct guesses *all)
{
	if (!h->configured)
		h->guesses = all;
}

bool home_holds(const struct home *h, const struct addr *a)
{
	if (addr_is_v4(a)) {
		uint32_t word = v4_word(a);

		for (size_t i = 0; i < h->n_v4; i++)
			if ((word & h->v4[i].mask) == h->v4[i].value)
				return true;
	}
	/* A short IPv6 prefix (::/0) may hold IPv4 too. */
	for (size_t i = 0; i < h->n_v6; i++)
		if (prefix_holds(&h->v6[i], a))
			return true;
	return false;
}

/* Neither end is of the default inside space: global IPv6 in the LAN, or the wrong side of a NAT. Who sent first is inside, and
 * stays so when others call it. */
static bool guess_second(struct home *h, const struct addr *first, const struct addr *second)
{
	if (!guesses_hold(h->guesses, first) && guesses_hold(h->guesses, second))
		return true;
	guesses_note(h->guesses, first);
	return false;
}

bool home_guesses(const struct home *h, const struct addr *first, const struct addr *second)
{
	return !h->configured && !addr_is_multicast(second) && !addr_is_unspecified(first) && !home_holds(h, first) && !home_holds(h, second);
}

struct home_ends home_ends(struct home *h, const struct addr *first, const struct addr *second)
{
	bool first_inside = home_holds(h, first), second_inside = home_holds(h, second);
	struct home_ends e = {.second_is_local = second_inside && !first_inside};

	if (addr_is_multicast(second)) {
		second_inside = first_inside;	/* who listens is not known: it leaves nobody's network */
	} else if (!h->configured && !first_inside && !second_inside && !addr_is_unspecified(first)) {
		e.second_is_local = guess_second(h, first, second);
		first_inside = e.guessed = true;
	}
	if (first_inside && second_inside)
		e.side = SIDE_INSIDE;
	else
		e.side = first_inside || second_inside ? SIDE_BORDER : SIDE_TRANSIT;
	return e;
}

/* Anybody can send a tunnel's packet to any address, and write into it what he likes: both halves of a call, for instance.
 * What really comes from inside does not come in from outside. */
bool home_against(const struct home *h, const struct packet *p)
{
	bool tunnel_out, out;

	if (!p->tunnel_ends)
		return false;
	tunnel_out = home_holds(h, &p->tunnel_src);
	out = home_holds(h, &p->src.addr);
	return tunnel_out != out && home_holds(h, &p->tunnel_dst) != tunnel_out && home_holds(h, &p->dst.addr) != out;
}
