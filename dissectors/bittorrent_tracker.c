/* bittorrent_tracker.c -- see bittorrent_tracker.h. */
#include "bittorrent_tracker.h"

static const uint64_t CONNECT_ID = 0x0000041727101980;

static const struct cursor nothing = {.at = (const uint8_t *)"", .left = 0};

enum {
	ACTION_CONNECT, ACTION_ANNOUNCE, ACTION_SCRAPE, ACTION_ERROR,
	CONNECT_BYTES = 16,
	ANNOUNCE_BYTES = 98,
	PEER_V4 = 6, PEER_V6 = 18,
	LINE_MOST = 4096,
	INTERVAL_MOST = 7 * 86400,
	SWARM_MOST = 10000000,
};

/* --- UDP --- */

/* A request to connect: it needs nothing before it. */
bool udp_tracker_connects(const struct cursor *c)
{
	return c->left >= CONNECT_BYTES && cur_peek_u32(c, 0) == CONNECT_ID >> 32 && cur_peek_u32(c, 4) == (uint32_t)CONNECT_ID &&
	    cur_peek_u32(c, 8) == ACTION_CONNECT;
}

/* A request within a connection that the tracker has granted. */
static enum udp_tracker_kind request(struct udp_tracker *t, struct udp_tracker_message *m, struct cursor c)
{
	uint64_t connection = cur_u64(&c);
	uint32_t action = cur_u32(&c), transaction = cur_u32(&c);

	if (c.bad || !t->connected || connection != t->connection)
		return TRACKER_NONE;
	if (action == ACTION_ANNOUNCE && c.left >= ANNOUNCE_BYTES - CONNECT_BYTES) {
		m->info_hash = cur_take(&c, BT_ID);
		m->peer_id = cur_take(&c, BT_ID);
		t->asked = TRACKER_ANNOUNCE;
	} else if (action == ACTION_SCRAPE && c.left >= BT_ID) {
		m->info_hash = cur_take(&c, BT_ID);
		t->asked = TRACKER_SCRAPE;
	} else {
		return TRACKER_NONE;
	}
	t->transaction = transaction;
	return t->asked;
}

/* What follows the transaction of an announce's answer: seconds until the next one, how many load, how many have it, peers. */
static bool announced(struct udp_tracker_message *m, struct cursor c, bool v6)
{
	uint32_t interval = cur_u32(&c), loading = cur_u32(&c), having = cur_u32(&c);

	m->peer_size = v6 ? PEER_V6 : PEER_V4;
	if (c.bad || interval > INTERVAL_MOST || loading > SWARM_MOST || having > SWARM_MOST || c.left % m->peer_size != 0)
		return false;
	m->peers = c;
	return true;
}

/* BEP 15: the action and the transaction come back. An announce begins with the connection's number, which may be any: where it was
 * not shown to us its answer is told by its form, once the tracker is known to be one. */
static enum udp_tracker_kind answer(struct udp_tracker *t, struct udp_tracker_message *m, struct cursor c, bool v6)
{
	static const uint32_t actions[] = {[TRACKER_CONNECT] = ACTION_CONNECT, [TRACKER_ANNOUNCE] = ACTION_ANNOUNCE,
	    [TRACKER_SCRAPE] = ACTION_SCRAPE};
	uint32_t action = cur_u32(&c), transaction = cur_u32(&c);

	if (!c.bad && t->connected && t->asked == TRACKER_CONNECT && action == ACTION_ANNOUNCE)
		return announced(m, c, v6) ? TRACKER_ANSWER : TRACKER_NONE;
	if (c.bad || t->asked == TRACKER_NONE || transaction != t->transaction ||
	    (action != actions[t->asked] && action != ACTION_ERROR))
		return TRACKER_NONE;
	if (action == ACTION_CONNECT) {
		t->connection = cur_u64(&c);
		t->connected = !c.bad;
		return c.bad ? TRACKER_NONE : TRACKER_ANSWER;
	}
	if (action == ACTION_ANNOUNCE && !announced(m, c, v6))
		return TRACKER_NONE;
	return TRACKER_ANSWER;
}

enum udp_tracker_kind udp_tracker_next(struct udp_tracker *t, struct udp_tracker_message *m, struct cursor c, bool from_local,
    bool v6)
{
	*m = (struct udp_tracker_message){.info_hash = nothing, .peer_id = nothing, .peers = nothing};
	if (udp_tracker_connects(&c)) {
		*t = (struct udp_tracker){.transaction = cur_peek_u32(&c, 12), .asked = TRACKER_CONNECT, .from_local = from_local};
		return m->kind = TRACKER_CONNECT;
	}
	if (t->asked == TRACKER_NONE)
		return TRACKER_NONE;
	return m->kind = from_local == t->from_local ? request(t, m, c) : answer(t, m, c, v6);
}

/* --- HTTP --- */

bool bt_http_begins(const struct cursor *c)
{
	return c->left > 0 && cur_starts(c, "GET ", c->left < 4 ? c->left : 4);
}

static int hex(uint8_t b)
{
	if (b >= '0' && b <= '9')
		return b - '0';
	b |= 0x20;
	return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
}

/* Twenty bytes, those that may not stand in a URI escaped: RFC 3986, 2.1. They end where the next argument begins. */
static bool unescape(struct cursor *c, uint8_t to[BT_ID])
{
	for (unsigned i = 0; i < BT_ID; i++) {
		uint8_t b = cur_u8(c);

		if (b == '%') {
			int high = hex(cur_u8(c)), low = hex(cur_u8(c));

			if (high < 0 || low < 0)
				return false;
			b = (uint8_t)(high << 4 | low);
		} else if (b <= ' ' || b > '~' || b == '&') {
			return false;
		}
		to[i] = b;
	}
	return !c->bad && (cur_peek_u8(c, 0) == '&' || cur_peek_u8(c, 0) == ' ');
}

static bool find(struct cursor *c, const char *text)
{
	return cur_search(c, text, strlen(text));
}

static uint16_t decimal(struct cursor c)
{
	uint32_t v = 0;

	for (uint8_t b = cur_u8(&c); b >= '0' && b <= '9' && v <= UINT16_MAX; b = cur_u8(&c))
		v = v * 10 + (b - '0');
	return v <= UINT16_MAX ? (uint16_t)v : 0;
}

bool bt_http_parse(struct bt_http *h, struct cursor c)
{
	struct cursor line = c, at;
	size_t n = cur_find(&c, '\n');

	*h = (struct bt_http){.what = NULL};
	if (n == c.left)
		return n >= LINE_MOST;
	if (n > LINE_MOST)
		n = LINE_MOST;
	line = cur_take(&line, n);
	at = line;
	if (!find(&at, "?info_hash=")) {
		at = line;
		if (!find(&at, "&info_hash="))
			return true;
	}
	if (!unescape(&at, h->info_hash))
		return true;
	at = line;
	if (find(&at, "peer_id=")) {
		at = line;
		if (find(&at, "&port=") || (at = line, find(&at, "?port="))) {
			h->port = decimal(at);
			h->what = "announce";
		}
	} else if ((at = line, find(&at, "scrape"))) {
		h->what = "scrape";
	} else if ((at = line, find(&at, "webseed")) || (at = line, find(&at, "&piece="))) {
		h->what = "webseed";
	}
	return true;
}

/* --- local search --- */

bool bt_search_begins(const struct cursor *c)
{
	static const char opening[] = "BT-SEARCH * HTTP/1.1\r\n";

	return cur_starts(c, opening, sizeof opening - 1);
}

bool bt_search_parse(struct bt_search *s, struct cursor c)
{
	struct cursor at = c;

	*s = (struct bt_search){.info_hash = nothing};
	if (!bt_search_begins(&c))
		return false;
	if (find(&at, "\r\nPort: "))
		s->port = decimal(at);
	at = c;
	if (find(&at, "\r\nInfohash: ")) {
		struct cursor digits = cur_take(&at, 2 * BT_ID);
		bool good = !digits.bad;

		for (size_t i = 0; i < digits.left; i++)
			good = good && hex(cur_peek_u8(&digits, i)) >= 0;
		if (good)
			s->info_hash = digits;
	}
	return true;
}
