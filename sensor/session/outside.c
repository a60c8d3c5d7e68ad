/* outside.c -- see outside.h. */
#include "outside.h"

enum {
	CALLERS = 8192, CALLER_LEGS = 64,
	GATHERS = 8192,
	CARDS = 8192,
};

static const uint64_t GATHER_NS = 1000000000ULL;	/* candidates are gathered within milliseconds */

bool outside_init(struct correlator *c)
{
	return store_init(&c->outsides, c->set.relays, sizeof(struct outside), sizeof(struct addr), &c->key) &&
	    store_init(&c->callers, CALLERS, sizeof(struct caller), sizeof(struct addr), &c->key) &&
	    store_init(&c->gathers, GATHERS, sizeof(struct gather), sizeof(struct gather_key), &c->key) &&
	    store_init(&c->cards, CARDS, sizeof(struct card), 8, &c->key);
}

void outside_clear(struct correlator *c)
{
	store_clear(&c->outsides);
	store_clear(&c->callers);
	store_clear(&c->gathers);
	store_clear(&c->cards);
}

/* Find or make; the oldest makes room. */
static void *keep(struct store *t, const void *key)
{
	void *item = store_find(t, key);

	if (item != NULL) {
		store_touch_late(t, item);
		return item;
	}
	if (store_full(t))
		store_drop(t, store_weakest(t));
	return store_add(t, key);
}

void outside_note(struct correlator *c, const struct addr *a, bool relay, const struct message *m)
{
	struct outside *o;

	if (addr_is_unspecified(a) || addr_is_multicast(a))
		return;
	o = keep(&c->outsides, a);
	if (o == NULL)
		return;
	if (relay && !o->relay) {
		o->packet = m->packet;
		o->ts_ns = m->ts_ns;
		store_raise(&c->outsides, o, RANK_PROVED);	/* relays outlive servers */
	}
	o->relay |= relay;
	o->server |= !relay;
}

const struct outside *outside_find(const struct correlator *c, const struct addr *a)
{
	return store_find(&c->outsides, a);
}

bool outside_is_relay(const struct correlator *c, const struct addr *a)
{
	const struct outside *o = outside_find(c, a);

	return o != NULL && o->relay;
}

bool caller_enter(struct correlator *c, const struct addr *a)
{
	struct caller *caller = keep(&c->callers, a);

	if (caller == NULL || caller->legs >= CALLER_LEGS)
		return false;
	caller->legs++;
	return true;
}

void caller_leave(struct correlator *c, const struct addr *a)
{
	struct caller *caller = store_find(&c->callers, a);

	if (caller != NULL && caller->legs > 0)
		caller->legs--;
}

struct session *gather_ask(struct correlator *c, struct session *s, const struct leg *l)
{
	struct gather_key key = {l->key.local.addr, l->key.remote, l->key.ip_proto};
	struct gather *g = keep(&c->gathers, &key);
	bool fresh;

	if (g == NULL || c->now_ns - s->start_ns > GATHER_NS)
		return NULL;
	fresh = g->serial != 0 && c->now_ns - g->at_ns <= GATHER_NS && store_find(&c->sessions, &g->serial) == g->session;
	if (fresh)
		return g->session != s ? g->session : NULL;
	g->session = s;
	g->serial = s->serial;
	g->at_ns = c->now_ns;
	return NULL;
}

static void mac_key(const uint8_t mac[static 6], uint8_t key[static 8])
{
	memset(key, 0, 8);
	memcpy(key, mac, 6);
}

void card_told(struct correlator *c, const uint8_t mac[static 6], const struct addr *host)
{
	struct card *card;
	uint8_t key[8];

	mac_key(mac, key);
	card = keep(&c->cards, key);
	if (card == NULL)
		return;
	for (uint32_t i = 0; i < card->n; i++)
		if (addr_equal(&card->host[i], host))
			return;
	if (card->n < CARD_HOSTS)
		card->host[card->n++] = *host;
}

const struct card *card_find(const struct correlator *c, const uint8_t mac[static 6])
{
	uint8_t key[8];

	mac_key(mac, key);
	return store_find(&c->cards, key);
}

bool card_is_hosts(const struct correlator *c, const uint8_t mac[static 6])
{
	const struct card *card = card_find(c, mac);

	return card == NULL || card->n < CARD_HOSTS;
}
