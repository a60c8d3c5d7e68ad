/* bittorrent.c -- BitTorrent: peers over TCP and uTP, the distributed hash table, trackers, local search.
 *
 * bittorrent_bencode reads its notation; _dht, _utp, _peer and _tracker its messages. Here they come together: one flow, its state,
 * what is worth saying of it. A flow of the hash table is a few datagrams, and a host has thousands of them, so the state is
 * small and little is said of each.
 */
#include "bittorrent_peer.h"
#include "bittorrent_tracker.h"
#include "bittorrent_utp.h"
#include "dissector.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 64,			/* streams may come byte by byte */
	OTHERS_UNKNOWN = 32,		/* datagrams that may be uTP until something proves it */
	OTHERS_KNOWN = 200,
	QUERIES = 4,			/* of one end that wait for their answer */
	TOLD_LOOKUPS = 2,		/* info-hashes told of one flow */
	TOLD_PEERS = 4,			/* answers with peers, likewise */
	PEERS_TOLD_BYTES = 40 * 18,	/* of one such answer */
	KEY_EXCHANGE = 96,		/* bytes of an encrypted connection's key, each way */
	KEY_DISTINCT = 60,		/* so many different ones among them: 80 are to be expected of random ones */
	SEARCHED = 2048,		/* of a connection that begins encrypted: where its handshake may stand */
	WALKED = 1 << 18,		/* bytes of messages, each way, that are looked through */
	HEX_BYTES = 2 * BT_ID,
};

enum {
	BT_DHT = FACT_OWN, BT_DHT_ANSWER, BT_DHT_ORPHAN, BT_UTP, BT_PEER, BT_BLOCK, BT_INFO_HASH, BT_CLIENT, BT_TRACKER, BT_TRACKER_ANSWER, BT_SEARCH, BT_PUNCH,
	BT_PUNCH_PEER, BT_LISTENS, BT_PEERS, BT_KEY,
};

static const struct fact_def fact_defs[] = {
	{"bittorrent.dht", FACT_BYTES, "a query to the distributed hash table: ping, find_node, get_peers, announce_peer, ..."},
	{"bittorrent.dht_answer", FACT_FLAG, "the answer to such a query that was seen"},
	{"bittorrent.dht_orphan", FACT_FLAG, "an answer to a query that was not seen"},
	{"bittorrent.utp", FACT_FLAG, "several packets prove that the flow is uTP, BitTorrent's transport over UDP"},
	{"bittorrent.peer", FACT_FLAG, "the handshake of a peer"},
	{"bittorrent.block", FACT_FLAG, "peers in the midst of it: a block is asked for, or comes"},
	{"bittorrent.info_hash", FACT_BYTES, "which torrent: its info-hash, in hexadecimal"},
	{"bittorrent.client", FACT_BYTES, "the program, as it calls itself"},
	{"bittorrent.tracker", FACT_BYTES, "a request to a tracker: connect (UDP), announce, scrape; or webseed"},
	{"bittorrent.tracker_answer", FACT_FLAG, "the tracker's answer to a request that was seen"},
	{"bittorrent.search", FACT_FLAG, "search for peers in the own network (multicast)"},
	{"bittorrent.holepunch", FACT_BYTES, "ut_holepunch, BEP 55: rendezvous, connect, error"},
	{"bittorrent.holepunch_peer", FACT_ENDPOINT, "whom the hole is to be punched towards"},
	{"bittorrent.listens", FACT_UINT, "the port on which its sender says that it listens"},
	{"bittorrent.peers", FACT_BYTES, "peers of a torrent that the other end told: address and port each, 6 or 18 bytes"},
	{"bittorrent.key_like", FACT_FLAG, "both directions begin as an encrypted peer connection does; by itself this means nothing"},
};

struct datagrams {
	uint32_t query[2][QUERIES];	/* by from_local: transactions, hashed; 0: none */
	uint8_t next_query[2];
	uint8_t lookups, peers;
	bool asked[2], answered[2], orphaned[2], announced;
	struct utp_flow utp;
	struct udp_tracker tracker;
};

enum way_state { WAY_NEW, WAY_KEY, WAY_MESSAGES, WAY_DONE };

struct way {
	struct bt_walk walk;
	uint16_t searched;
	uint8_t state;			/* enum way_state */
};

struct streams {
	struct way way[2];		/* by from_local */
	bool key_told;
};

struct bt_state {
	union {
		struct datagrams datagrams;
		struct streams streams;
	};
	uint8_t holepunch[2];		/* by from_local: the number under which it wants them */
	bool peer[2];
	bool app_told;
	uint8_t others;			/* datagrams in a row that were nothing to us */
};

_Static_assert(sizeof(struct bt_state) <= 256, "a host has thousands of these flows");

struct at {
	struct input *in;
	struct bt_state *st;
	struct facts *facts;
	size_t mark;			/* nothing is said yet */
};

/* --- saying --- */

static void begin(const struct at *at)
{
	facts_begin(at->facts);
	if (at->st->app_told)
		return;
	at->st->app_told = true;
	fact_text(at->facts, FACT_FLOW_APP, "bittorrent");
}

static void say_hash(const struct at *at, struct cursor hash)
{
	static const char digits[] = "0123456789abcdef";
	char text[HEX_BYTES];

	if (hash.left != BT_ID)
		return;
	for (unsigned i = 0; i < HEX_BYTES; i += 2) {
		uint8_t b = cur_u8(&hash);

		text[i] = digits[b >> 4];
		text[i + 1] = digits[b & 15];
	}
	fact_bytes(at->facts, BT_INFO_HASH, cur_of(text, sizeof text));
}

static void say_client(const struct at *at, struct cursor peer_id)
{
	struct cursor name;

	if (bt_client(peer_id, &name))
		fact_bytes(at->facts, BT_CLIENT, name);
}

/* Addresses in IPv6 flows are IPv6 ones. */
static bool is_v6(const struct at *at)
{
	return !addr_is_v4(&at->in->packet->src.addr);
}

/* --- the hash table --- */

static uint32_t hashed(struct cursor c)
{
	uint32_t h = 2166136261;	/* FNV-1a: an identifier, not a secret */

	while (c.left > 0)
		h = (h ^ cur_u8(&c)) * 16777619;
	return h != 0 ? h : 1;
}

static void remember_query(struct datagrams *d, bool from_local, struct cursor transaction)
{
	d->query[from_local][d->next_query[from_local]] = hashed(transaction);
	d->next_query[from_local] = (uint8_t)((d->next_query[from_local] + 1) % QUERIES);
}

static bool take_query(struct datagrams *d, bool from_local, struct cursor transaction)
{
	uint32_t h = hashed(transaction);

	for (unsigned i = 0; i < QUERIES; i++) {
		if (d->query[from_local][i] != h)
			continue;
		d->query[from_local][i] = 0;
		return true;
	}
	return false;
}

static void dht_query(const struct at *at, const struct krpc *k)
{
	struct datagrams *d = &at->st->datagrams;
	bool from_local = at->in->from_local;
	bool announce = cur_starts(&k->method, "announce_peer", 13), lookup = cur_starts(&k->method, "get_peers", 9);

	if (!k->cut)
		remember_query(d, from_local, k->transaction);
	if (d->asked[from_local] && !(announce && !d->announced) && !(lookup && d->lookups < TOLD_LOOKUPS))
		return;
	d->asked[from_local] = true;
	d->announced |= announce;
	d->lookups = (uint8_t)(d->lookups + lookup);
	begin(at);
	fact_bytes(at->facts, BT_DHT, k->cut ? cur_of("cut short", 9) : k->method);
	if (announce || lookup)
		say_hash(at, k->info_hash);
	if (k->client.left > 0)
		fact_bytes(at->facts, BT_CLIENT, k->client);
}

static void say_values(const struct at *at, struct cursor list)
{
	size_t size = is_v6(at) ? 18 : 6, n = 0;
	uint8_t peers[PEERS_TOLD_BYTES];
	struct cursor one;

	while (n + size <= sizeof peers && krpc_value(&list, &one)) {
		if (one.left != size)
			continue;
		cur_copy(&one, peers + n, size);
		n += size;
	}
	if (n > 0)
		fact_bytes(at->facts, BT_PEERS, cur_of(peers, n));
}

static void dht_answer(const struct at *at, const struct krpc *k)
{
	struct datagrams *d = &at->st->datagrams;
	bool from_local = at->in->from_local, matched = !k->cut && take_query(d, !from_local, k->transaction);
	bool peers = matched && k->values.left > 0 && d->peers < TOLD_PEERS;

	if (d->answered[from_local] && !peers)
		return;
	if (!matched && d->orphaned[from_local])
		return;
	d->answered[from_local] |= matched;
	d->orphaned[from_local] |= !matched;
	d->peers = (uint8_t)(d->peers + peers);
	begin(at);
	fact_flag(at->facts, matched ? BT_DHT_ANSWER : BT_DHT_ORPHAN);
	fact_flag(at->facts, matched ? FACT_TX_MATCHED : FACT_TX_ORPHAN);
	if (peers)
		say_values(at, k->values);
}

static enum verdict dht(const struct at *at)
{
	struct krpc k;

	switch (krpc_parse(&k, at->in->bytes, at->in->packet->cut)) {
	case KRPC_QUERY: dht_query(at, &k); break;
	case KRPC_ANSWER:
	case KRPC_ERROR: dht_answer(at, &k); break;
	case KRPC_NONE: return V_NO;
	}
	return V_YES;
}

/* --- peers --- */

static void say_handshake(const struct at *at, const struct bt_handshake *h)
{
	if (at->st->peer[at->in->from_local])
		return;
	at->st->peer[at->in->from_local] = true;
	begin(at);
	fact_flag(at->facts, BT_PEER);
	say_hash(at, h->info_hash);
	say_client(at, h->peer_id);
}

static void extended(const struct at *at, uint8_t number, struct cursor body)
{
	bool from_local = at->in->from_local;
	struct endpoint peer;
	enum bt_punch punch;
	struct bt_extensions x;

	if (number == 0) {
		if (!bt_extensions_parse(&x, body))
			return;
		at->st->holepunch[from_local] = x.holepunch;
		if (x.port == 0 && x.client.left == 0)
			return;
		begin(at);
		if (x.client.left > 0)
			fact_bytes(at->facts, BT_CLIENT, x.client);
		if (x.port != 0)
			fact_uint(at->facts, BT_LISTENS, x.port);
		return;
	}
	/* Messages bear the number that their receiver chose. */
	if (number != at->st->holepunch[!from_local])
		return;
	punch = bt_punch_parse(body, &peer);
	if (punch == PUNCH_NONE)
		return;
	begin(at);
	fact_text(at->facts, BT_PUNCH, bt_punch_name(punch));
	fact_endpoint(at->facts, BT_PUNCH_PEER, &peer);
}

/* --- uTP --- */

/* Datagrams are not put in order: what begins a packet is read, that is handshakes and most short messages. */
static void utp_payload(const struct at *at, struct cursor c)
{
	struct bt_walk walk = {0};
	struct bt_handshake h;
	struct cursor body;
	uint8_t number;

	if (bt_handshake_take(&h, &c))
		say_handshake(at, &h);
	if (at->st->peer[at->in->from_local] && c.left <= BT_MESSAGE_MOST)
		while (bt_walk_next(&walk, &c, &number, &body) == BT_NEXT_EXTENDED)
			extended(at, number, body);
}

static enum verdict utp(const struct at *at)
{
	struct datagrams *d = &at->st->datagrams;
	struct utp_header h;

	if (!utp_parse(&h, at->in->bytes))
		return V_NO;
	if (utp_proves(&d->utp, &h, at->in->from_local, at->in->packet->ts_ns)) {
		begin(at);
		fact_flag(at->facts, BT_UTP);
	}
	if (h.type == UTP_DATA)
		utp_payload(at, h.payload);
	/* Bulk is the flow's data, and not signalling that we claim. */
	return (d->utp.proven || at->st->peer[0] || at->st->peer[1]) &&
	    (h.type != UTP_DATA || facts_mark(at->facts) != at->mark) ? V_YES : V_MORE;
}

/* --- trackers, local search --- */

static enum verdict tracker(const struct at *at)
{
	struct udp_tracker_message m;
	enum udp_tracker_kind kind;

	kind = udp_tracker_next(&at->st->datagrams.tracker, &m, at->in->bytes, at->in->from_local, is_v6(at));
	if (kind == TRACKER_NONE)
		return V_NO;
	begin(at);
	if (kind == TRACKER_ANSWER) {
		fact_flag(at->facts, BT_TRACKER_ANSWER);
		fact_flag(at->facts, FACT_TX_MATCHED);
		if (m.peers.left > 0)
			fact_bytes(at->facts, BT_PEERS, cur_take(&m.peers, m.peers.left < PEERS_TOLD_BYTES ? m.peers.left : PEERS_TOLD_BYTES));
		return V_YES;
	}
	fact_text(at->facts, BT_TRACKER, kind == TRACKER_CONNECT ? "connect" : kind == TRACKER_ANNOUNCE ? "announce" : "scrape");
	say_hash(at, m.info_hash);
	say_client(at, m.peer_id);
	return V_YES;
}

static enum verdict search(const struct at *at)
{
	struct bt_search s;

	if (!bt_search_parse(&s, at->in->bytes))
		return V_NO;
	begin(at);
	fact_flag(at->facts, FACT_BORDER);
	fact_flag(at->facts, BT_SEARCH);
	if (s.info_hash.left > 0)
		fact_bytes(at->facts, BT_INFO_HASH, s.info_hash);
	if (s.port != 0)
		fact_uint(at->facts, BT_LISTENS, s.port);
	return V_YES;
}

static enum verdict one_datagram(const struct at *at)
{
	const struct cursor *c = &at->in->bytes;

	if (at->in->nested)
		return V_NO;
	if (krpc_begins(c))
		return dht(at);
	if (bt_search_begins(c))
		return search(at);
	if (tracker(at) == V_YES)
		return V_YES;
	return utp(at);
}

/* A flow that has shown something is followed, for what only fits what came before; not for ever, if it is something else. */
static enum verdict dissect_datagram(const struct at *at)
{
	enum verdict v = one_datagram(at);

	if (v == V_YES) {
		at->st->others = 0;
		return v;
	}
	if (at->in->nested || ++at->st->others > (at->st->app_told ? OTHERS_KNOWN : OTHERS_UNKNOWN))
		return V_NO;
	return v == V_MORE || at->st->app_told ? V_MORE : V_NO;
}

/* --- streams --- */

static enum verdict messages(const struct at *at, struct way *w)
{
	struct cursor body;
	uint8_t number;

	for (;;) {
		switch (bt_walk_next(&w->walk, &at->in->bytes, &number, &body)) {
		case BT_NEXT_EXTENDED:
			extended(at, number, body);
			break;
		case BT_NEXT_LOST:
			w->state = WAY_DONE;
			return V_YES;
		case BT_NEXT_MORE:
			if (w->walk.seen > WALKED)
				w->state = WAY_DONE;
			return V_YES;
		}
	}
}

/* The first bytes of an encrypted connection are a Diffie-Hellman key: MSE, no standard. */
static bool is_key(struct cursor c)
{
	uint64_t seen[4] = {0};
	unsigned distinct = 0;

	/* TLS looks random enough, but for how its records begin; and one key in 16 million has no byte in its first 24 above ASCII. */
	if (c.left < KEY_EXCHANGE || cur_peek_u16(&c, 0) == 0x1603)
		return false;
	if (((cur_peek_u32(&c, 0) | cur_peek_u32(&c, 4) | cur_peek_u32(&c, 8) | cur_peek_u32(&c, 12) | cur_peek_u32(&c, 16) |
	    cur_peek_u32(&c, 20)) & 0x80808080) == 0)
		return false;
	for (unsigned i = 0; i < KEY_EXCHANGE; i++) {
		uint8_t b = cur_u8(&c);

		distinct += (seen[b / 64] >> b % 64 & 1) == 0;
		seen[b / 64] |= 1ULL << b % 64;
	}
	return distinct >= KEY_DISTINCT;
}

static enum verdict http(const struct at *at)
{
	struct cursor request = at->in->bytes;
	struct bt_http h;

	if (!bt_http_parse(&h, request))
		return at->in->ended ? V_NO : V_MORE;
	if (h.what == NULL)
		return V_NO;
	begin(at);
	fact_text(at->facts, BT_TRACKER, h.what);
	say_hash(at, cur_of(h.info_hash, sizeof h.info_hash));
	if (h.port != 0)
		fact_uint(at->facts, BT_LISTENS, h.port);
	at->st->streams.way[0].state = at->st->streams.way[1].state = WAY_DONE;
	return V_YES;
}

/* A connection that begins encrypted may go on in the clear. */
static enum verdict search_handshake(const struct at *at, struct way *w)
{
	struct cursor *c = &at->in->bytes;
	size_t found = bt_handshake_find(*c);
	struct bt_handshake h;

	if (found < c->left) {
		cur_skip(c, found);
		if (c->left < BT_HANDSHAKE_LEAST)
			return V_MORE;
		if (bt_handshake_take(&h, c)) {
			say_handshake(at, &h);
			w->state = WAY_MESSAGES;
			return messages(at, w);
		}
	}
	if (c->left > BT_HANDSHAKE_LEAST) {
		size_t n = c->left - BT_HANDSHAKE_LEAST;

		w->searched = (uint16_t)(w->searched + (n < SEARCHED ? n : SEARCHED));
		cur_skip(c, n);
	}
	if (w->searched >= SEARCHED)
		w->state = WAY_DONE;
	return V_MORE;
}

/* Where the capture begins in the middle of a connection. Blocks are of 16 KiB: request (6) and piece (7), BEP 3. */
static bool is_block(const struct cursor *c)
{
	enum { REQUEST_BYTES = 13, REQUEST = 6, PIECE = 7, BLOCK = 1 << 14, PIECE_MOST = 1 << 26 };
	uint32_t len = cur_peek_u32(c, 0), at_byte = cur_peek_u32(c, 9);
	uint8_t id = cur_peek_u8(c, 4);

	if (at_byte % BLOCK != 0 || at_byte >= PIECE_MOST || c->left < 4 + REQUEST_BYTES)
		return false;
	return (len == REQUEST_BYTES && id == REQUEST && cur_peek_u32(c, 13) == BLOCK) ||
	    (len == BLOCK + 9 && id == PIECE && cur_peek_u32(c, 5) < PIECE_MOST);
}

static enum verdict in_the_midst(const struct at *at, struct way *w)
{
	if (is_block(&at->in->bytes)) {
		begin(at);
		fact_flag(at->facts, BT_BLOCK);
		w->state = WAY_MESSAGES;
		return messages(at, w);
	}
	w->state = WAY_DONE;
	cur_skip(&at->in->bytes, at->in->bytes.left);
	return V_MORE;
}

static enum verdict first_bytes(const struct at *at, struct way *w)
{
	struct streams *s = &at->st->streams;
	struct cursor *c = &at->in->bytes;
	struct bt_handshake h;

	if (bt_handshake_take(&h, c)) {
		say_handshake(at, &h);
		w->state = WAY_MESSAGES;
		return messages(at, w);
	}
	if (bt_handshake_begins(c))
		return V_MORE;
	if (at->st->peer[!at->in->from_local]) {
		w->state = WAY_KEY;	/* the other end's was found */
		return search_handshake(at, w);
	}
	if (bt_http_begins(c))
		return http(at);
	if (at->in->gap)
		return in_the_midst(at, w);
	if (c->left < KEY_EXCHANGE && at->in->ended)
		return V_NO;
	if (c->left < KEY_EXCHANGE)
		return V_MORE;
	if (!is_key(*c))
		return V_NO;
	w->state = WAY_KEY;
	if (s->way[!at->in->from_local].state == WAY_KEY && !s->key_told) {
		s->key_told = true;
		facts_begin(at->facts);
		fact_flag(at->facts, BT_KEY);
	}
	return search_handshake(at, w);
}

static enum verdict dissect_stream(const struct at *at)
{
	struct streams *s = &at->st->streams;
	struct way *w = &s->way[at->in->from_local];
	enum verdict v = V_MORE;

	if (at->in->gap && w->state != WAY_NEW)
		w->state = WAY_DONE;
	if (at->in->bytes.left == 0 && !at->in->ended)
		return V_MORE;
	switch ((enum way_state)w->state) {
	case WAY_NEW: v = first_bytes(at, w); break;
	case WAY_KEY: v = search_handshake(at, w); break;
	case WAY_MESSAGES: v = messages(at, w); break;
	case WAY_DONE: cur_skip(&at->in->bytes, at->in->bytes.left); break;
	}
	if (facts_mark(at->facts) != at->mark)
		return v;
	/* Nothing more is to be learnt: the stream need not be put in order for us. */
	if (s->way[0].state != WAY_DONE || s->way[1].state != WAY_DONE)
		return v;
	return at->st->app_told ? V_DONE : V_NO;
}

/* --- the dissector --- */

static bool first(const struct cursor *c)
{
	return krpc_begins(c) || utp_begins(c) || bt_search_begins(c) || udp_tracker_connects(c);
}

/* A handshake, a tracker's question, or what may be a key; in the middle also a block. */
static bool begins(const struct input *in)
{
	const struct cursor *c = &in->bytes;
	struct bt_http h;

	if (bt_handshake_begins(c))
		return true;
	if (bt_http_begins(c))
		return !bt_http_parse(&h, *c) || h.what != NULL;
	if (in->gap)
		return is_block(c);
	return c->left < KEY_EXCHANGE ? !cur_starts(c, "\x16\x03", 2) : is_key(*c);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct at at = {.in = in, .st = state, .facts = facts, .mark = facts_mark(facts)};

	return in->stream ? dissect_stream(&at) : dissect_datagram(&at);
}

const struct dissector bittorrent_dissector = {
	.name = "bittorrent",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.give_up = GIVE_UP,
	.follows = FOLLOWS_OWN,
	.state_size = sizeof(struct bt_state),
	.udp = {{0x00, 0x01}, {0x11, 0x11}, {0x21, 0x21}, {0x31, 0x31}, {0x41, 0x41}, {'B', 'B'}, {'d', 'd'}},
	.first = first,
	.begins = begins,
	.dissect = dissect,
};
