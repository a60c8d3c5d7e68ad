/* tox.c -- Tox: its DHT, and the encrypted connections between friends, both on one UDP socket.
 *
 * Most of it is encrypted and no packet alone proves anything: a kind, a length. But the packets of the DHT carry their
 * sender's public key in the clear: two of them from one end with the same 32 bytes are Tox. What is proved so is told; from
 * then on the connection's packets (kinds 1a, 1b) count: they run only between friends and members of a conference, so the far
 * end is a peer. Forwarded kinds (onion) and announcements say nothing more.
 *
 *   kind, then the key	00 ping, 01 pong: 82 bytes; 02 nodes wanted: 113; 04 nodes; 18 cookie wanted: 145
 *   kind alone		19 cookie: 161; 1a handshake: 385; 1b data
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	KEY = 32, NONCE = 24,
	KEY_DISTINCT = 20,		/* random keys have so many different bytes: all but one in 10^9 */
	NODES_NONE = 82, NODE_V4 = 39, NODE_V6 = 51, NODES_MOST = 4,
	DATA_LEAST = 1 + 2 + 4 + 4 + 16,
	GIVE_UP = 30,
};

enum kind {
	PING = 0x00, PONG = 0x01, NODES_WANTED = 0x02, NODES = 0x04, COOKIE_WANTED = 0x18, COOKIE = 0x19, HANDSHAKE = 0x1a,
	CRYPTO_DATA = 0x1b,
};

enum tox_fact {
	TOX_NODE = FACT_OWN,
	TOX_CONNECTION,
	TOX_KEY,
};

static const struct fact_def tox_facts[] = {
	{"tox.node", FACT_FLAG, "a Tox node: its packets carry one public key"},
	{"tox.connection", FACT_UINT, "an encrypted connection between friends: its packets so far; said with the third from an end"},
	{"tox.key", FACT_BYTES, "the node's public key in the DHT"},
};

struct tox_state {
	uint8_t key[2][KEY], nonce[2][NONCE];	/* by from_local */
	bool has_key[2], proved[2], said_connection[2], said_app;
	uint8_t connection[2];		/* packets of a connection */
};

enum { CONNECTED = 3 };

/* Up to four nodes, each by IPv4 or IPv6. */
static bool fits_nodes(size_t n)
{
	for (size_t v6 = 0; v6 <= NODES_MOST; v6++)
		for (size_t v4 = 0; v4 + v6 <= NODES_MOST; v4++)
			if (n == NODES_NONE + v4 * NODE_V4 + v6 * NODE_V6)
				return true;
	return false;
}

/* Does the length fit the kind? */
static bool fits(uint8_t kind, size_t n)
{
	switch (kind) {
	case PING:
	case PONG:
		return n == 82;
	case NODES_WANTED:
		return n == 113;
	case NODES:
		return fits_nodes(n);
	case COOKIE_WANTED:
		return n == 145;
	case COOKIE:
		return n == 161;
	case HANDSHAKE:
		return n == 385;
	case CRYPTO_DATA:
		return n >= DATA_LEAST;
	default:
		return false;
	}
}

static bool has_key(uint8_t kind)
{
	return kind <= NODES || kind == COOKIE_WANTED;
}

static bool tox_first(const struct cursor *c)
{
	return fits(cur_peek_u8(c, 0), c->left);
}

/* Random, by its look: texts, counters and zeros have fewer different bytes. */
static bool is_key(const uint8_t key[static KEY])
{
	unsigned distinct = 0;

	for (unsigned i = 0; i < KEY; i++) {
		unsigned before = 0;

		while (before < i && key[before] != key[i])
			before++;
		distinct += before == i;
	}
	return distinct >= KEY_DISTINCT;
}

/* Drawn afresh for every packet: a packet sent again proves nothing. */
static bool is_new_nonce(const uint8_t a[static NONCE], const uint8_t b[static NONCE])
{
	unsigned same = 0;

	for (unsigned i = 0; i < NONCE; i++)
		same += a[i] == b[i];
	return same <= NONCE / 4;
}

static void say_app(struct facts *facts, struct tox_state *st)
{
	if (!st->said_app)
		fact_text(facts, FACT_FLOW_APP, "tox");
	st->said_app = true;
}

/* A packet with its sender's key. */
static enum verdict keyed(struct input *in, struct tox_state *st, struct facts *facts)
{
	struct cursor c = in->bytes;
	bool way = in->from_local;
	uint8_t key[KEY], nonce[NONCE];
	bool again;

	cur_skip(&c, 1);
	cur_copy(&c, key, KEY);
	cur_copy(&c, nonce, NONCE);
	if (!is_key(key))
		return V_NO;
	again = st->has_key[way] && memcmp(st->key[way], key, KEY) == 0;
	/* The first, or another one: a program that was started again has drawn a new key. */
	if (!again || !is_new_nonce(st->nonce[way], nonce)) {
		if (!st->proved[way]) {
			memcpy(st->key[way], key, KEY);
			memcpy(st->nonce[way], nonce, NONCE);
			st->has_key[way] = true;
		}
		return V_MORE;
	}
	if (st->proved[way])
		return V_YES;
	st->proved[way] = true;
	facts_begin(facts);
	fact_flag(facts, TOX_NODE);
	fact_bytes(facts, TOX_KEY, cur_of(key, KEY));
	say_app(facts, st);
	return V_YES;
}

static enum verdict connection(struct input *in, struct tox_state *st, struct facts *facts)
{
	bool way = in->from_local;

	if (st->connection[way] < UINT8_MAX)
		st->connection[way]++;
	if (!st->proved[0] && !st->proved[1])
		return V_NO;
	if (st->said_connection[way] || st->connection[way] < CONNECTED)
		return V_YES;
	st->said_connection[way] = true;
	facts_begin(facts);
	fact_uint(facts, TOX_CONNECTION, st->connection[way]);
	say_app(facts, st);
	return V_YES;
}

static enum verdict tox_dissect(struct input *in, void *state, struct facts *facts)
{
	uint8_t kind = cur_peek_u8(&in->bytes, 0);

	if (in->nested || in->packet->cut || !tox_first(&in->bytes))
		return V_NO;
	if (has_key(kind))
		return keyed(in, state, facts);
	return connection(in, state, facts);
}

const struct dissector tox_dissector = {
	.name = "tox",
	.facts = tox_facts,
	.n_facts = sizeof tox_facts / sizeof *tox_facts,
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct tox_state),
	.first = tox_first,
	.udp = {{0x00, 0x04}, {0x18, 0x1b}},
	.opening = OPENING_ALL,
	.dissect = tox_dissect,
};
