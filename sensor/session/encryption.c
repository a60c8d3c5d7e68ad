/* encryption.c -- see encryption.h. */
#include "encryption.h"

#include "../crypto/judge.h"
#include "role.h"

struct encryption_key {
	uint64_t flow_id;
	uint64_t nested;		/* behind a relay */
};

struct encryption {
	struct link link;
	struct encryption_key key;
	struct crypto_seen seen;
};

enum { LEGS_FOR_ONE = 8, LEAST = 16 };

bool encryption_init(struct correlator *c)
{
	uint32_t n = c->set.legs / LEGS_FOR_ONE;

	return store_init(&c->encryptions, n > LEAST ? n : LEAST, sizeof(struct encryption), sizeof(struct encryption_key), &c->key);
}

void encryption_clear(struct correlator *c)
{
	store_clear(&c->encryptions);
}

void encryption_note(struct correlator *c, const struct message *m)
{
	struct encryption_key key = {m->flow_id, m->nested};
	struct encryption *e = store_find(&c->encryptions, &key);
	const struct crypto_seen *s;

	if (e == NULL) {
		if (store_full(&c->encryptions))
			store_drop(&c->encryptions, store_weakest(&c->encryptions));
		e = store_add(&c->encryptions, &key);
	}
	crypto_seen_note(&e->seen, m);
	s = &e->seen;
	store_raise_late(&c->encryptions, e, s->protocol == CRYPTO_TLS || !m->two_way ? RANK_HEARD : s->choice ? RANK_PROVED : RANK_SENT);
}

/* --- for an alert --- */

static const struct crypto_seen *seen_on(const struct correlator *c, const struct leg *l, bool nested)
{
	struct encryption_key key = {l->flow.id, nested};
	const struct encryption *e = store_find(&c->encryptions, &key);

	return e != NULL ? &e->seen : NULL;
}

/* How much it tells: a choice, an offer, media. */
static unsigned worth(const struct crypto_seen *s)
{
	return s == NULL ? 0 : s->choice ? 3 : s->offer ? 2 : 1;
}

static void take(const struct crypto_seen **best, const struct crypto_seen *s)
{
	if (worth(s) > worth(*best))
		*best = s;
}

/* A handshake belongs to the call, whichever of its paths carried it: the two ends begin with the first one that works. So do
 * media, where the alert speaks of their signalling. But what TLS connections show is about these alone. */
static void take_other(const struct crypto_seen **best, const struct crypto_seen *s)
{
	if (s != NULL && s->protocol != CRYPTO_TLS && (s->choice || s->media_clear || s->media_srtp))
		take(best, s);
}

static const struct crypto_seen *find(const struct correlator *c, const struct session *s, const struct leg *main)
{
	const struct crypto_seen *best = NULL;
	bool relay = main->role == ROLE_RELAY;

	take(&best, seen_on(c, main, relay));
	take(&best, seen_on(c, main, !relay));
	for (const struct socket *k = s->sockets; k != NULL && worth(best) < 3; k = k->next)
		for (const struct leg *l = k->legs; l != NULL && worth(best) < 3; l = l->next) {
			take_other(&best, seen_on(c, l, false));
			take_other(&best, seen_on(c, l, true));
		}
	return best;
}

static bool carries_media(const struct leg *l, enum kind kind)
{
	switch (kind) {
	case KIND_HOLE_PUNCH:
	case KIND_TURN_RELAY:
	case KIND_CONFERENCE:
	case KIND_P2P_MEDIA:
		break;
	default:
		return false;
	}
	return role_data_both(l) || (l->talk[IN].wrapped_packets > 0 && l->talk[OUT].wrapped_packets > 0);
}

void encryption_fill(struct correlator *c, const struct session *s, const struct leg *main, enum kind kind, struct event_crypto *e)
{
	const struct crypto_seen *seen;
	struct crypto_seen both;

	if (c->profile == NULL || main == NULL || kind == KIND_NONE || kind == KIND_STUN_DISCOVERY)
		return;
	seen = find(c, s, main);
	if (seen != NULL && !seen->media_srtp) {	/* the handshake may have been on another path than the media */
		const struct crypto_seen *here = seen_on(c, main, main->role == ROLE_RELAY);

		both = *seen;
		both.media_srtp = here != NULL && here->media_srtp;
		seen = &both;
	}
	crypto_judge(c->profile, seen, carries_media(main, kind), e);
}
