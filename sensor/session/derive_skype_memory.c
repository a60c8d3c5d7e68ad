/* derive_skype_memory.c -- see derive_skype_memory.h. */
#include "derive_skype_memory.h"

enum { CLIENTS = 2048, HOSTS = 2048, ASKED = 16384 };

static const uint64_t IDLE_NS = 600 * 1000000000ULL;

bool memory_init(struct skype_memory *m, const struct hash_key *key)
{
	m->hash = *key;
	return store_init(&m->clients, CLIENTS, sizeof(struct client), sizeof(struct endpoint), &m->hash) &&
	    store_init(&m->hosts, HOSTS, sizeof(struct host), sizeof(struct addr), &m->hash) &&
	    store_init(&m->asked, ASKED, sizeof(struct asked), sizeof(struct asked_key), &m->hash);
}

void memory_clear(struct skype_memory *m)
{
	store_clear(&m->clients);
	store_clear(&m->hosts);
	store_clear(&m->asked);
}

/* Those that have been quiet for long go first. */
static void make_room(struct store *t, uint64_t now_ns, size_t last_at)
{
	for (enum rank rank = RANK_HEARD; rank < RANKS; rank++) {
		uint8_t *item = store_oldest(t, rank);
		uint64_t last_ns;

		if (item == NULL)
			continue;
		memcpy(&last_ns, item + last_at, sizeof last_ns);
		if (now_ns - last_ns > IDLE_NS)
			store_drop(t, item);
	}
	if (store_full(t))
		store_drop(t, store_weakest(t));
}

struct client *client_find(struct skype_memory *m, const struct endpoint *at, uint64_t now_ns)
{
	struct client *c = store_find(&m->clients, at);

	if (c != NULL && now_ns - c->last_ns > IDLE_NS) {
		store_drop(&m->clients, c);
		return NULL;
	}
	return c;
}

struct client *client_of(struct skype_memory *m, const struct endpoint *at, uint64_t now_ns)
{
	struct client *c = client_find(m, at, now_ns);

	if (c == NULL) {
		make_room(&m->clients, now_ns, offsetof(struct client, last_ns));
		c = store_add(&m->clients, at);
	}
	store_raise(&m->clients, c, c->marked ? RANK_PROVED : RANK_HEARD);
	c->last_ns = now_ns;
	return c;
}

struct host *host_find(struct skype_memory *m, const struct addr *addr, uint64_t now_ns)
{
	struct host *h = store_find(&m->hosts, addr);

	if (h != NULL && now_ns - h->last_ns > IDLE_NS) {
		store_drop(&m->hosts, h);
		return NULL;
	}
	return h;
}

struct host *host_of(struct skype_memory *m, const struct addr *addr, uint64_t now_ns)
{
	struct host *h = host_find(m, addr, now_ns);

	if (h == NULL) {
		make_room(&m->hosts, now_ns, offsetof(struct host, last_ns));
		h = store_add(&m->hosts, addr);
	}
	store_raise(&m->hosts, h, h->marked ? RANK_PROVED : RANK_HEARD);
	h->last_ns = now_ns;
	return h;
}

void asked_note(struct skype_memory *m, const struct addr *host, const struct addr *remote, bool proved, uint64_t now_ns)
{
	struct asked_key key = {*host, *remote};
	struct asked *k = store_find(&m->asked, &key);

	if (k == NULL) {
		make_room(&m->asked, now_ns, offsetof(struct asked, last_ns));
		k = store_add(&m->asked, &key);
	}
	store_raise(&m->asked, k, proved ? RANK_PROVED : RANK_SENT);
	k->last_ns = now_ns;
}

bool asked_is(struct skype_memory *m, const struct addr *host, const struct addr *remote, uint64_t now_ns)
{
	struct asked_key key = {*host, *remote};
	const struct asked *k = store_find(&m->asked, &key);

	return k != NULL && now_ns - k->last_ns <= IDLE_NS;
}

/* --- flows --- */

struct known known_of(const struct message *m)
{
	return (struct known){.local = m->local, .remote = m->remote, .id = m->flow_id, .start_ns = m->flow_start_ns,
	    .last_ns = m->ts_ns, .ip_proto = m->ip_proto, .side = m->side, .local_first = m->local_first, .two_way = m->two_way};
}

void known_keep(struct known list[], unsigned room, uint8_t *n, uint8_t *next, const struct known *k)
{
	for (unsigned i = 0; i < *n; i++)
		if (list[i].id == k->id) {
			list[i].two_way |= k->two_way;
			list[i].likely |= k->likely;
			return;
		}
	list[*next] = *k;
	*next = (uint8_t)((*next + 1U) % room);
	*n = (uint8_t)(*n < room ? *n + 1U : room);
}

void known_end(struct known list[], unsigned n, const struct reading *r)
{
	for (unsigned i = 0; i < n; i++) {
		struct known *k = &list[i];
		struct cursor why = r->ended;

		if (k->id != r->m->flow_id)
			continue;
		k->over = true;
		k->two_way |= r->m->two_way;
		k->last_ns = r->flow_last_ns;
		memset(k->reason, 0, sizeof k->reason);
		cur_copy(&why, k->reason, why.left < sizeof k->reason ? why.left : sizeof k->reason - 1);
		for (unsigned way = IN; way <= OUT; way++) {
			k->packets[way] = r->flow_packets[way];
			k->bytes[way] = r->flow_bytes[way];
		}
	}
}
