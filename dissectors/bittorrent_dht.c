/* bittorrent_dht.c -- see bittorrent_dht.h. */
#include "bittorrent_dht.h"

#include "bittorrent_bencode.h"

static const struct cursor nothing = {.at = (const uint8_t *)"", .left = 0};

/* How KRPC begins: a dictionary whose first key is `a`, `r`, `e` or `ip`; a few clients begin with `q`, `t`, `v` or `y`. */
bool krpc_begins(const struct cursor *c)
{
	uint8_t key = cur_peek_u8(c, 3);

	if (c->left < 8 || cur_peek_u8(c, 0) != 'd' || cur_peek_u8(c, 2) != ':')
		return false;
	if (cur_peek_u8(c, 1) == '2')
		return key == 'i' && cur_peek_u8(c, 4) == 'p';
	return cur_peek_u8(c, 1) == '1' && (key == 'a' || key == 'r' || key == 'e' || key == 'q' || key == 't' || key == 'v' ||
	    key == 'y');
}

/* Arguments of a query or of an answer. */
static bool arguments(struct krpc *k, struct cursor dict)
{
	struct cursor key, string;

	if (!ben_takes(&dict, 'd'))
		return false;
	while (!dict.bad && !ben_takes(&dict, 'e')) {
		if (!ben_string(&dict, &key))
			return false;
		if (ben_is(&key, "id") || ben_is(&key, "info_hash") || ben_is(&key, "target")) {
			if (!ben_string(&dict, &string))
				return false;
			if (ben_is(&key, "id"))
				k->id = string;
			else if (string.left == BT_ID)
				k->info_hash = string;
		} else if (ben_is(&key, "values")) {
			if (!ben_value(&dict, &k->values))
				return false;
		} else if (!ben_skip(&dict)) {
			return false;
		}
	}
	return !dict.bad && dict.left == 0 && k->id.left == BT_ID;
}

static bool member(struct krpc *k, const struct cursor *key, struct cursor *c, struct cursor *what, struct cursor *fault)
{
	struct cursor kind;

	if (ben_is(key, "a") || ben_is(key, "r"))
		return what->left == 0 && ben_value(c, what);
	if (ben_is(key, "e"))
		return ben_value(c, fault);
	if (ben_is(key, "q"))
		return ben_string(c, &k->method);
	if (ben_is(key, "t"))
		return ben_string(c, &k->transaction);
	if (ben_is(key, "v"))
		return ben_string(c, &k->client);
	if (!ben_is(key, "y"))
		return ben_skip(c);
	if (!ben_string(c, &kind))
		return false;
	k->kind = ben_is(&kind, "q") ? KRPC_QUERY : ben_is(&kind, "r") ? KRPC_ANSWER : ben_is(&kind, "e") ? KRPC_ERROR : KRPC_NONE;
	return k->kind != KRPC_NONE;
}

static bool parse(struct krpc *k, struct cursor c)
{
	struct cursor key, what = nothing, fault = nothing;

	if (!ben_takes(&c, 'd'))
		return false;
	while (!c.bad && !ben_takes(&c, 'e'))
		if (!ben_string(&c, &key) || !member(k, &key, &c, &what, &fault))
			return false;
	if (c.bad || c.left > 0 || k->transaction.left == 0)
		return false;
	switch (k->kind) {
	case KRPC_QUERY: return k->method.left > 0 && arguments(k, what);
	case KRPC_ANSWER: return arguments(k, what);
	case KRPC_ERROR: return cur_peek_u8(&fault, 0) == 'l' && cur_peek_u8(&fault, 1) == 'i';
	case KRPC_NONE: break;
	}
	return false;
}

/* Twelve bytes that nothing else begins with. */
static enum krpc_kind beginning(const struct cursor *c)
{
	if (cur_starts(c, "d1:ad2:id20:", 12))
		return KRPC_QUERY;
	return cur_starts(c, "d1:rd2:id20:", 12) ? KRPC_ANSWER : KRPC_NONE;
}

enum krpc_kind krpc_parse(struct krpc *k, struct cursor datagram, bool cut)
{
	*k = (struct krpc){.method = nothing, .transaction = nothing, .id = nothing, .info_hash = nothing, .values = nothing,
	    .client = nothing};
	if (!krpc_begins(&datagram))
		return KRPC_NONE;
	if (parse(k, datagram))
		return k->kind;
	*k = (struct krpc){.method = nothing, .transaction = nothing, .id = nothing, .info_hash = nothing, .values = nothing,
	    .client = nothing};
	if (cut)
		k->kind = beginning(&datagram);
	k->cut = k->kind != KRPC_NONE;
	return k->kind;
}

bool bt_compact(struct cursor c, struct endpoint *e)
{
	struct addr a = {{0}};

	if (c.left == 6) {
		a = addr_v4(cur_u32(&c));
	} else if (c.left == 18) {
		cur_copy(&c, a.b, sizeof a.b);
	} else {
		return false;
	}
	*e = (struct endpoint){.addr = a, .port = cur_u16(&c)};
	return e->port != 0;
}

bool krpc_value(struct cursor *list, struct cursor *one)
{
	(void)ben_takes(list, 'l');
	return list->left > 0 && !ben_takes(list, 'e') && ben_string(list, one);
}
