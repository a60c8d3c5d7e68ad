/* derive_sharing.c -- see derive_sharing.h. What is remembered is bounded, and forgotten an hour after it was last heard. */
#include "derive_sharing.h"

#include "store.h"

#include <netinet/in.h>
#include <stdlib.h>

static const uint64_t FORGOTTEN_NS = 3600 * 1000000000ULL;

enum { KNOWN_MOST = 1 << 15, PEERS_OF_ONE = 128 };

enum own { ENCRYPTED = FACT_OWN, CONNECTION };

static const struct fact_def defs[] = {
	{"bittorrent.encrypted", FACT_FLAG, "begins as an encrypted peer connection does, and its socket or its other end is known for BitTorrent"},
	{"irc.dcc_connection", FACT_FLAG, "a connection to an end that an offer named, and that one side alone sends on"},
};

/* Facts of dissectors that are looked at, by their place in ids[]. */
enum {
	BT_DHT, BT_ANSWER, BT_UTP, BT_PEER, BT_TRACKER, BT_SEARCH, BT_LISTENS, BT_PEERS, BT_PUNCH, BT_KEY, OFFER_AT, ONE_WAY, N_IDS
};

static const char *const names[N_IDS] = {
	[BT_DHT] = "bittorrent.dht", [BT_ANSWER] = "bittorrent.dht_answer", [BT_UTP] = "bittorrent.utp", [BT_PEER] = "bittorrent.peer",
	[BT_TRACKER] = "bittorrent.tracker", [BT_SEARCH] = "bittorrent.search", [BT_LISTENS] = "bittorrent.listens",
	[BT_PEERS] = "bittorrent.peers", [BT_PUNCH] = "bittorrent.holepunch_peer", [BT_KEY] = "bittorrent.key_like",
	[OFFER_AT] = "irc.dcc_at", [ONE_WAY] = "dcc.one_way",
};

enum what { SOCKET, PEER, OFFER };

struct known_key {
	struct addr host;		/* inside */
	struct endpoint at;		/* SOCKET: its own; PEER: outside; OFFER: where one end waits, inside or outside */
	uint16_t what;			/* enum what */
};

struct known {
	struct link link;
	struct known_key key;
	uint64_t last_ns;
};

struct state {
	struct store known;
	struct hash_key hash;
	int ids[N_IDS];
	int least, most;		/* of ids[] */
	bool resolved;
};

/* One message, taken apart. */
struct seen {
	uint32_t has;			/* a bit for each of ids[] */
	struct endpoint punch, offer;
	uint16_t listens;
	struct cursor peers;
};

static void *create(const struct hash_key *key)
{
	struct state *st = calloc(1, sizeof *st);

	if (st == NULL)
		return NULL;
	st->hash = *key;
	if (!store_init(&st->known, KNOWN_MOST, sizeof(struct known), sizeof(struct known_key), &st->hash)) {
		free(st);
		return NULL;
	}
	return st;
}

static void destroy(void *state)
{
	struct state *st = state;

	if (st == NULL)
		return;
	store_clear(&st->known);
	free(st);
}

/* Dissectors are registered by the time that there are messages. */
static void resolve(struct state *st)
{
	st->resolved = true;
	st->least = INT32_MAX;
	for (unsigned i = 0; i < N_IDS; i++) {
		st->ids[i] = fact_find(names[i]);
		if (st->ids[i] < 0)
			continue;
		st->least = st->ids[i] < st->least ? st->ids[i] : st->least;
		st->most = st->ids[i] > st->most ? st->ids[i] : st->most;
	}
}

static void take(const struct state *st, const struct fact *f, struct seen *seen)
{
	unsigned i = 0;

	while (i < N_IDS && st->ids[i] != f->id)
		i++;
	if (i == N_IDS)
		return;
	seen->has |= 1u << i;
	if (i == BT_LISTENS)
		seen->listens = (uint16_t)f->uint;
	else if (i == BT_PEERS)
		seen->peers = f->bytes;
	else if (i == BT_PUNCH)
		seen->punch = f->endpoint;
	else if (i == OFFER_AT)
		seen->offer = f->endpoint;
}

static bool has(const struct seen *seen, unsigned i)
{
	return (seen->has >> i & 1) != 0;
}

static void learn(struct state *st, const struct message *m, enum what what, struct endpoint at, uint64_t now_ns)
{
	struct known_key key = {.host = m->local.addr, .at = at, .what = (uint16_t)what};
	struct known *k = store_find(&st->known, &key);

	if (at.port == 0)
		return;
	if (k == NULL) {
		if (store_full(&st->known))
			store_drop(&st->known, store_weakest(&st->known));
		k = store_add(&st->known, &key);
	}
	k->last_ns = now_ns;
	if (m->from_local || m->two_way)
		store_raise(&st->known, k, RANK_SENT);
	else
		store_touch(&st->known, k);
}

static bool knows(struct state *st, const struct message *m, enum what what, struct endpoint at, uint64_t now_ns)
{
	struct known_key key = {.host = m->local.addr, .at = at, .what = (uint16_t)what};
	const struct known *k = store_find(&st->known, &key);

	return k != NULL && now_ns - k->last_ns <= FORGOTTEN_NS;
}

static void learn_peers(struct state *st, const struct message *m, struct cursor peers, uint64_t now_ns)
{
	size_t size = addr_is_v4(&m->remote.addr) ? 6 : 18;

	for (unsigned i = 0; i < PEERS_OF_ONE && peers.left >= size; i++) {
		struct endpoint e = {.port = 0};

		if (size == 6)
			e.addr = addr_v4(cur_u32(&peers));
		else
			cur_copy(&peers, e.addr.b, sizeof e.addr.b);
		e.port = cur_u16(&peers);
		learn(st, m, PEER, e, now_ns);
	}
}

/* What comes from outside counts once our end took part. */
static void learn_all(struct state *st, const struct message *m, const struct seen *seen, uint64_t now_ns)
{
	bool believed = m->from_local || m->two_way;
	bool proved = has(seen, BT_ANSWER) || has(seen, BT_UTP) || has(seen, BT_PEER);
	bool listening = m->ip_proto == IPPROTO_UDP || !m->local_first;

	if (!believed)
		return;
	if (listening && (proved || ((has(seen, BT_DHT) || has(seen, BT_TRACKER) || has(seen, BT_SEARCH)) && m->from_local)))
		learn(st, m, SOCKET, m->local, now_ns);
	if (proved)
		learn(st, m, PEER, m->remote, now_ns);
	if (has(seen, BT_LISTENS)) {
		struct endpoint at = m->from_local ? m->local : m->remote;

		at.port = seen->listens;
		learn(st, m, m->from_local ? SOCKET : PEER, at, now_ns);
	}
	if (has(seen, BT_PUNCH))
		learn(st, m, PEER, seen->punch, now_ns);
	if (has(seen, BT_PEERS) && !m->from_local)
		learn_peers(st, m, seen->peers, now_ns);
	if (has(seen, OFFER_AT)) {
		struct endpoint at = seen->offer;

		if (m->from_local)
			at.addr = m->local.addr;	/* it may offer its public address */
		learn(st, m, OFFER, at, now_ns);
	}
}

static void derive(void *state, const struct reading *r, uint64_t now_ns, struct facts *facts)
{
	struct state *st = state;
	const struct message *m = r->m;
	struct seen seen = {.has = 0};
	struct fact f;
	size_t at = 0;

	if (!st->resolved)
		resolve(st);
	if (!says_between(r, st->least, st->most))
		return;
	while (message_next(m, &at, &f))
		if (f.id >= st->least && f.id <= st->most)
			take(st, &f, &seen);
	if (seen.has == 0)
		return;
	learn_all(st, m, &seen, now_ns);
	if (has(&seen, BT_KEY) && (knows(st, m, SOCKET, m->local, now_ns) || knows(st, m, PEER, m->remote, now_ns))) {
		facts_begin(facts);
		fact_text(facts, FACT_FLOW_APP, "bittorrent");
		fact_flag(facts, ENCRYPTED);
	}
	if (has(&seen, ONE_WAY) && (knows(st, m, OFFER, m->remote, now_ns) || knows(st, m, OFFER, m->local, now_ns))) {
		facts_begin(facts);
		fact_text(facts, FACT_FLOW_APP, "dcc");
		fact_flag(facts, CONNECTION);
	}
}

const struct deriver sharing_deriver = {
	.name = "sharing",
	.facts = defs,
	.n_facts = sizeof defs / sizeof defs[0],
	.create = create,
	.destroy = destroy,
	.derive = derive,
};
