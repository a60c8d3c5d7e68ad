/* bittorrent_peer.c -- see bittorrent_peer.h. */
#include "bittorrent_peer.h"

#include "bittorrent_bencode.h"

static const char opening[] = "\x13" "BitTorrent protocol";

enum {
	OPENING = sizeof opening - 1,
	RESERVED = 8,
	EXTENDED = 20,			/* message id, BEP 10 */
	LONGEST = 1 << 24,		/* of a message: a bit for each piece, or a block */
	IDS = 64,			/* message ids in use are below */
};

bool bt_handshake_begins(const struct cursor *c)
{
	return c->left > 0 && cur_starts(c, opening, c->left < OPENING ? c->left : OPENING);
}

bool bt_handshake_take(struct bt_handshake *h, struct cursor *c)
{
	struct cursor all = *c;

	if (c->left < BT_HANDSHAKE_LEAST || !bt_handshake_begins(c))
		return false;
	cur_skip(&all, OPENING + RESERVED);
	h->info_hash = cur_take(&all, BT_ID);
	h->peer_id = cur_take(&all, all.left >= BT_ID ? BT_ID : 0);
	*c = all;
	return true;
}

size_t bt_handshake_find(struct cursor c)
{
	struct cursor behind = c;

	return cur_search(&behind, opening, OPENING) ? c.left - behind.left - OPENING : c.left;
}

bool bt_client(struct cursor peer_id, struct cursor *name)
{
	*name = cur_take(&peer_id, 8);
	if (name->bad || cur_peek_u8(name, 0) != '-')
		return false;
	for (size_t i = 1; i < name->left; i++)
		if (cur_peek_u8(name, i) < '!' || cur_peek_u8(name, i) > '~')
			return false;
	return true;
}

/* --- messages: u32 length, u8 id, body --- */

enum bt_next bt_walk_next(struct bt_walk *w, struct cursor *c, uint8_t *number, struct cursor *body)
{
	for (;;) {
		size_t skip = w->skip < c->left ? w->skip : c->left;
		struct cursor at;
		uint32_t len;

		cur_skip(c, skip);
		w->skip -= (uint32_t)skip;
		w->seen += (uint32_t)skip;
		if (w->skip > 0 || c->left < 4)
			return BT_NEXT_MORE;
		len = cur_peek_u32(c, 0);
		if (len > LONGEST || (len > 0 && cur_peek_u8(c, 4) >= IDS))
			return BT_NEXT_LOST;
		if (len < 2 || len > BT_MESSAGE_MOST) {
			w->skip = 4 + len;
			continue;
		}
		if (c->left < 5)
			return BT_NEXT_MORE;
		if (cur_peek_u8(c, 4) != EXTENDED) {
			w->skip = 4 + len;
			continue;
		}
		if (c->left < 4 + (size_t)len)
			return BT_NEXT_MORE;
		at = cur_take(c, 4 + (size_t)len);
		w->seen += 4 + len;
		cur_skip(&at, 5);
		*number = cur_u8(&at);
		*body = at;
		return BT_NEXT_EXTENDED;
	}
}

/* `m`: names of extensions, and the numbers for them. */
static bool numbers(struct bt_extensions *x, struct cursor *c)
{
	struct cursor key;
	uint64_t number;

	if (!ben_takes(c, 'd'))
		return false;
	while (!c->bad && !ben_takes(c, 'e')) {
		if (!ben_string(c, &key))
			return false;
		if (!ben_is(&key, "ut_holepunch")) {
			if (!ben_skip(c))
				return false;
		} else {
			if (!ben_number(c, &number))
				return false;
			x->holepunch = number < UINT8_MAX ? (uint8_t)number : 0;
		}
	}
	return !c->bad;
}

bool bt_extensions_parse(struct bt_extensions *x, struct cursor c)
{
	struct cursor key;
	uint64_t port;

	*x = (struct bt_extensions){.client = cur_of("", 0)};
	if (!ben_takes(&c, 'd'))
		return false;
	while (!c.bad && !ben_takes(&c, 'e')) {
		bool good;

		if (!ben_string(&c, &key))
			return false;
		if (ben_is(&key, "m")) {
			good = numbers(x, &c);
		} else if (ben_is(&key, "v")) {
			good = ben_string(&c, &x->client);
		} else if (ben_is(&key, "p")) {
			good = ben_number(&c, &port);
			x->port = good && port <= UINT16_MAX ? (uint16_t)port : 0;
		} else {
			good = ben_skip(&c);
		}
		if (!good)
			return false;
	}
	return !c.bad;
}

/* BEP 55: u8 message, u8 address family, address, port, and for errors u32 code (some always send it). */
enum bt_punch bt_punch_parse(struct cursor body, struct endpoint *peer)
{
	uint8_t kind = cur_u8(&body), family = cur_u8(&body);
	size_t address = family == 0 ? 6 : 18;

	if (body.bad || kind > 2 || family > 1 || (body.left != address && body.left != address + 4))
		return PUNCH_NONE;
	if (!bt_compact(cur_take(&body, address), peer))
		return PUNCH_NONE;
	return (enum bt_punch)(PUNCH_RENDEZVOUS + kind);
}

const char *bt_punch_name(enum bt_punch p)
{
	static const char *const names[] = {"", "rendezvous", "connect", "error"};

	return names[p];
}
