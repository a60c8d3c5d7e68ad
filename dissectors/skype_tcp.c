/* skype_tcp.c -- see skype_say.h: how a connection begins, either way, and whether somebody logs in on it.
 *
 * What matters is how messages begin, and of the first one also where it ends, so each stretch is looked at once and
 * consumed; only one that may be the beginning of something longer is waited for.
 */
#include "skype_say.h"

enum {
	LOOKED_AT = 8,			/* messages each way */
	WAIT_MOST = 128, HEAD_MOST = 2048,
	VANILLA = 14,			/* bytes: a first message that is told by the second */
	SURE_RING = 6, SURE_RING_LATE = 8,
};

static const char *const opening_names[] = {
	[SKYPE_TLS_HELLO] = "tls-hello", [SKYPE_TLS_ANSWER] = "tls-answer", [SKYPE_EXCHANGE] = "exchange",
	[SKYPE_STREAM] = "stream", [SKYPE_PORT80] = "port80", [SKYPE_LOGIN_HELLO] = "login-hello",
	[SKYPE_LOGIN_ANSWER] = "login-pair", [SKYPE_LOGIN] = "login", [SKYPE_LOGIN_OLD] = "login-old",
};

struct look {
	struct input *in;
	struct skype_tcp *st;
	struct skype_way *way;
	struct facts *facts;
	bool begun;
};

static void begin(struct look *k)
{
	if (!k->begun)
		facts_begin(k->facts);
	k->begun = true;
}

/* It proves the connection to be Skype's. */
static void prove(struct look *k)
{
	k->st->ours = true;
	if (k->st->said_app)
		return;
	k->st->said_app = true;
	begin(k);
	fact_text(k->facts, FACT_FLOW_APP, "skype");
}

static void say(struct look *k, enum skype_opening what, unsigned ring)
{
	begin(k);
	fact_text(k->facts, SKYPE_FACT_OPENING, opening_names[what]);
	if (ring > 0)
		fact_uint(k->facts, SKYPE_FACT_RING, ring);
}

/* --- the login --- */

static void on_login(struct look *k, enum skype_opening what)
{
	struct skype_tcp *st = k->st;

	if (st->login)
		return;
	st->login = true;
	st->hello_from_local = k->in->from_local;
	say(k, what, 0);
	fact_flag(k->facts, SKYPE_FACT_LOGIN);
	prove(k);
}

/* The first thing that the server says after it. */
static void on_logged_in(struct look *k)
{
	struct skype_tcp *st = k->st;

	if (!st->login || st->logged_in || st->hello_from_local == k->in->from_local)
		return;
	st->logged_in = true;
	begin(k);
	fact_flag(k->facts, SKYPE_FACT_LOGGED_IN);
}

static void on_login_opening(struct look *k, enum skype_opening what)
{
	struct skype_tcp *st = k->st;

	if (what == SKYPE_LOGIN || what == SKYPE_LOGIN_OLD) {
		on_login(k, what);
	} else if (what == SKYPE_LOGIN_HELLO && !st->hello) {
		st->hello = true;
		st->hello_from_local = k->in->from_local;
		say(k, what, 0);
	} else if (what == SKYPE_LOGIN_ANSWER && st->hello && !st->ours && st->hello_from_local != k->in->from_local) {
		say(k, what, 0);
		prove(k);
	}
}

/* --- openings --- */

/* The first message of a side may be an exchange; any of the early ones may begin a stream. */
static void on_rings(struct look *k, const struct cursor *c)
{
	unsigned ring;
	bool first = k->way->messages == 0;

	if (skype_is_stream(c, &ring)) {
		if (!k->way->stream)
			say(k, SKYPE_STREAM, ring);
		k->way->stream = true;
		prove(k);
		return;
	}
	if (!first || c->left != k->way->first_len || !skype_is_exchange(c, &ring))
		return;
	if (k->in->gap && ring < SURE_RING_LATE)
		return;
	say(k, SKYPE_EXCHANGE, ring);
	if (ring >= SURE_RING)
		prove(k);
	else
		k->way->short_ring = true;
}

/* True: more is needed. */
static bool openings(struct look *k, const struct cursor *c)
{
	unsigned ring;
	enum skype_opening tls = skype_is_tls(c, &ring), login = skype_is_login(c);

	if ((tls == SKYPE_MAYBE || login == SKYPE_MAYBE) && c->left < WAIT_MOST && !k->in->ended)
		return true;
	if (k->way->messages == 0 && c->left >= VANILLA && c->left < SKYPE_STREAM_BYTES && k->way->first_len == VANILLA &&
	    !k->in->ended)
		return true;
	if (tls == SKYPE_TLS_HELLO || tls == SKYPE_TLS_ANSWER) {
		say(k, tls, ring);
		prove(k);
	} else if (login != SKYPE_NOTHING && login != SKYPE_MAYBE) {
		on_login_opening(k, login);
	} else {
		on_rings(k, c);
		if (!k->begun && k->way->messages == 0 && !k->in->gap && skype_is_port80(c))
			say(k, SKYPE_PORT80, 0);
	}
	return false;
}

/* --- HTTP --- */

static bool has_head(struct cursor c)
{
	return (c.left >= 4 && cur_peek_u32(&c, c.left - 4) == 0x0d0a0d0a) || cur_search(&c, "\r\n\r\n", 4);
}

/* Could this request name Skype, or ask for a version? There are many requests, and few letters k. */
static bool may_tell(struct cursor c)
{
	static const uint8_t ks[] = {'k', 'K'};

	if (cur_starts(&c, "GET /ui/", 8))
		return true;
	for (unsigned i = 0; i < sizeof ks; i++) {
		struct cursor look = c;

		while (cur_skip(&look, cur_find(&look, ks[i])), look.left > 0) {
			if ((cur_peek_u32(&look, 0) & 0xdfdfdfdf) == 0x4b595045)	/* KYPE */
				return true;
			cur_skip(&look, 1);
		}
	}
	return false;
}

/* A request from outside may be answered by Skype's own listener. */
static bool is_of_interest(const struct input *in)
{
	return !in->from_local || may_tell(in->bytes) || !has_head(in->bytes);
}

/* True: more is needed. */
static bool request(struct look *k, const struct cursor *c)
{
	struct skype_web web;

	if (!has_head(*c) && c->left < HEAD_MOST && !k->in->ended)
		return true;
	k->st->http = true;
	if (!may_tell(*c) || !skype_web(&web, *c))
		return false;
	begin(k);
	if (web.agent.left > 0)
		fact_bytes(k->facts, SKYPE_FACT_AGENT, web.agent);
	if (web.check)
		fact_bytes(k->facts, SKYPE_FACT_VERSION, web.version);
	return false;
}

/* --- the connection --- */

/* Nothing more to be learnt. */
static bool is_done(const struct skype_tcp *st)
{
	const struct skype_way *a = &st->way[0], *b = &st->way[1];

	if (st->ours || st->hello)
		return a->messages >= LOOKED_AT && b->messages >= LOOKED_AT;
	return (a->messages > 0 && b->messages > 0) || a->messages >= LOOKED_AT || b->messages >= LOOKED_AT;
}

static enum verdict close(struct look *k)
{
	struct cursor *bytes = &k->in->bytes;

	cur_skip(bytes, bytes->left);
	k->way->messages += k->way->messages < UINT8_MAX;
	k->way->first_len = 0;
	k->way->waiting = false;
	if (k->begun)
		return k->st->ours ? V_YES : V_MORE;
	return is_done(k->st) ? V_NO : k->st->ours ? V_YES : V_MORE;
}

/* In the middle only what is sure by itself. */
bool skype_begins(const struct input *in)
{
	const struct cursor *c = &in->bytes;
	unsigned ring;

	if (skype_is_web(c))
		return is_of_interest(in);
	if (!in->gap)
		return !skype_is_real_tls(c);
	return skype_is_tls(c, &ring) != SKYPE_NOTHING || skype_is_login(c) != SKYPE_NOTHING || skype_is_stream(c, &ring) ||
	    (skype_is_exchange(c, &ring) && ring >= SURE_RING_LATE);
}

enum verdict skype_stretch(struct input *in, struct skype_tcp *st, struct facts *facts)
{
	struct look k = {.in = in, .st = st, .way = &st->way[in->from_local], .facts = facts};
	struct cursor bytes = in->bytes;
	bool more;

	if (bytes.left == 0)
		return is_done(st) ? V_NO : V_MORE;
	if (!k.way->waiting)
		k.way->first_len = bytes.left <= UINT16_MAX ? (uint16_t)bytes.left : UINT16_MAX;
	if (k.way->messages == 0 && !st->ours && !in->gap && skype_is_real_tls(&bytes))
		return V_NO;
	if (k.way->messages < LOOKED_AT) {
		if (k.way->messages == 0 && skype_is_web(&bytes))
			more = request(&k, &bytes);
		else
			more = openings(&k, &bytes);
		k.way->waiting = more;
		if (more)
			return V_MORE;
		if (st->http && k.way->messages == 0 && skype_is_listener(&bytes)) {
			begin(&k);
			fact_flag(facts, SKYPE_FACT_LISTENER);
		}
		if ((st->ours || st->hello) && skype_has_login(&bytes))
			on_login(&k, SKYPE_LOGIN);
		on_logged_in(&k);
	}
	return close(&k);
}
