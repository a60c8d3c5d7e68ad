/* proxy.c -- what a proxy is asked for, and where what it carries begins: HTTP's CONNECT (RFC 9110, 9.3.6), SOCKS 4 and 4a, SOCKS 5 with
 * and without a password (RFC 1928, 1929), and the datagrams that a SOCKS 5 proxy sends on. Passwords are never read, let alone
 * said.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 64,
	HEAD_MOST = 4096,
	NAME_MOST = 255, TEXT_MOST = 300,
	V4 = 1, NAME = 3, V6 = 4,		/* SOCKS 5: kinds of address */
	TO_CONNECT = 1, TO_SEND = 3,		/* commands */
	NO_PASSWORD = 0, PASSWORD = 2,
	GRANTED4 = 0x5a,
};

enum { PROXY_DATAGRAMS = FACT_OWN, PROXY_END };

static const struct fact_def defs[PROXY_END - FACT_OWN] = {
	{"proxy.datagrams", FACT_ENDPOINT, "where a SOCKS 5 proxy takes datagrams to send on"},
};

/* Whose turn it is, and for what. Odd ones are the client's. */
enum stage {
	BEGIN,
	ANSWER_HTTP = 2, ANSWER4 = 4, METHOD5 = 6, SECRET5 = 7, ADMITTED5 = 8, REQUEST5 = 9, ANSWER5 = 10,
	AGAIN_HTTP = 11,
};

struct state {
	uint8_t stage;
	bool client_local;
	bool to_send;			/* SOCKS 5: datagrams */
	uint8_t name_bytes;
	uint8_t name[NAME_MOST];	/* of the target, if it is no address */
	struct endpoint to;
};

/* What became of the next piece. */
enum step { STEP_NO, STEP_MORE, STEP_ON, STEP_OPEN, STEP_DONE };

/* --- addresses --- */

static void keep_name(struct state *st, struct cursor name)
{
	st->name_bytes = (uint8_t)name.left;
	cur_copy(&name, st->name, name.left);
	st->to.addr = addr_v4(0);
}

/* A name, or an address that is written as one. */
static bool keep_text(struct state *st, struct cursor text)
{
	char written[NAME_MOST + 1];
	size_t n = text.left;

	if (n == 0 || n > NAME_MOST)
		return false;
	keep_name(st, text);
	memset(written, 0, sizeof written);
	cur_copy(&text, written, n);
	if (written[0] == '[' && written[n - 1] == ']') {
		written[n - 1] = '\0';
		memmove(written, written + 1, n - 1);
	}
	if (addr_parse(written, &st->to.addr))
		st->name_bytes = 0;
	for (size_t i = 0; i < st->name_bytes; i++)
		if (st->name[i] <= ' ' || st->name[i] >= 0x7f)
			return false;
	return true;
}

static struct addr v6_of(struct cursor *c)
{
	struct addr a = {{0}};

	cur_copy(c, a.b, sizeof a.b);
	return a;
}

/* RFC 1928, 5. False: no such kind. */
static bool address5(struct state *st, struct cursor *c)
{
	bool ok = true;

	st->name_bytes = 0;
	switch (cur_u8(c)) {
	case V4:
		st->to.addr = addr_v4(cur_u32(c));
		break;
	case V6:
		st->to.addr = v6_of(c);
		break;
	case NAME: {
		struct cursor name = cur_take(c, cur_u8(c));

		ok = c->bad || keep_text(st, name);
		break;
	}
	default:
		ok = c->bad;
		break;
	}
	st->to.port = cur_u16(c);
	return ok;
}

/* --- HTTP --- */

/* The bytes up to and with the empty line; 0: it is not there. */
static size_t head_bytes(const struct cursor *c)
{
	for (size_t at = 0; at + 4 <= c->left && at < HEAD_MOST; at++)
		if (cur_peek_u32(c, at) == 0x0d0a0d0a)
			return at + 4;
	return 0;
}

static bool authority(struct state *st, struct cursor head)
{
	struct cursor text = head;
	size_t n = 0, colon = 0;
	unsigned port = 0;

	while (n < head.left && n < TEXT_MOST && cur_peek_u8(&head, n) > ' ') {
		if (cur_peek_u8(&head, n) == ':')
			colon = n;
		n++;
	}
	if (colon == 0 || colon + 1 == n || n - colon > 6 || cur_peek_u8(&head, n) != ' ')
		return false;
	for (size_t i = colon + 1; i < n; i++) {
		uint8_t b = cur_peek_u8(&head, i);

		if (b < '0' || b > '9')
			return false;
		port = port * 10 + (b - '0');
	}
	if (port == 0 || port > UINT16_MAX)
		return false;
	st->to.port = (uint16_t)port;
	return keep_text(st, cur_take(&text, colon));
}

static enum step connect_http(struct state *st, struct cursor *c)
{
	static const char word[] = "CONNECT ";
	size_t n = sizeof word - 1, head;
	struct cursor rest = *c;

	if (!cur_starts(c, word, c->left < n ? c->left : n))
		return STEP_NO;
	head = head_bytes(c);
	if (head == 0)
		return c->left < HEAD_MOST ? STEP_MORE : STEP_NO;
	cur_skip(&rest, n);
	if (!authority(st, rest))
		return STEP_NO;
	cur_skip(c, head);
	st->stage = ANSWER_HTTP;
	return STEP_ON;
}

/* "HTTP/1.1 200 ...": it is open. Anything else: the client may ask again, with a password for instance. */
static enum step answer_http(struct state *st, struct cursor *c)
{
	static const char word[] = "HTTP/1.";
	size_t n = sizeof word - 1, head;

	if (!cur_starts(c, word, c->left < n ? c->left : n))
		return STEP_NO;
	head = head_bytes(c);
	if (head == 0)
		return c->left < HEAD_MOST ? STEP_MORE : STEP_NO;
	if (cur_peek_u8(c, n + 2) == '2') {
		cur_skip(c, head);
		return STEP_OPEN;
	}
	cur_skip(c, c->left);
	st->stage = AGAIN_HTTP;
	return STEP_ON;
}

/* --- SOCKS 4 --- */

/* Behind a NUL-terminated text, at most so long; false: it does not end here. */
static bool text_of(struct cursor *c, struct cursor *text)
{
	size_t n = 0;

	while (n < c->left && n <= NAME_MOST && cur_peek_u8(c, n) != 0)
		n++;
	*text = cur_take(c, n);
	cur_skip(c, 1);
	return n <= NAME_MOST;
}

static enum step request4(struct state *st, struct cursor *c)
{
	struct cursor look = *c, user, name;
	uint32_t ip;

	cur_skip(&look, 1);
	if (cur_u8(&look) != TO_CONNECT && !look.bad)
		return STEP_NO;
	st->to.port = cur_u16(&look);
	ip = cur_u32(&look);
	st->to.addr = addr_v4(ip);
	st->name_bytes = 0;
	if (!text_of(&look, &user))
		return STEP_NO;
	if (ip != 0 && ip < 256 && (!text_of(&look, &name) || (!look.bad && !keep_text(st, name))))
		return STEP_NO;		/* 4a: 0.0.0.x, and a name */
	if (look.bad)
		return STEP_MORE;
	if (st->to.port == 0 || ip == 0)
		return STEP_NO;
	*c = look;
	st->stage = ANSWER4;
	return STEP_ON;
}

static enum step answer4(struct cursor *c)
{
	struct cursor look = *c;
	uint8_t zero = cur_u8(&look), granted = cur_u8(&look);

	cur_skip(&look, 6);
	if (look.bad)
		return STEP_MORE;
	*c = look;
	return zero == 0 && granted == GRANTED4 ? STEP_OPEN : STEP_NO;
}

/* --- SOCKS 5 --- */

static enum step methods5(struct state *st, struct cursor *c)
{
	struct cursor look = *c;
	uint8_t n;

	cur_skip(&look, 1);
	n = cur_u8(&look);
	cur_skip(&look, n);
	if (look.bad)
		return STEP_MORE;
	/* The client waits for the answer, unless it knows it. */
	if (n == 0 || n > 16)
		return STEP_NO;
	*c = look;
	st->stage = METHOD5;
	return STEP_ON;
}

static enum step method5(struct state *st, struct cursor *c)
{
	struct cursor look = *c;
	uint8_t version = cur_u8(&look), method = cur_u8(&look);

	if (look.bad)
		return STEP_MORE;
	if (version != 5 || (method != NO_PASSWORD && method != PASSWORD))
		return STEP_NO;
	*c = look;
	st->stage = method == PASSWORD ? SECRET5 : REQUEST5;
	return STEP_ON;
}

static enum step secret5(struct state *st, struct cursor *c)
{
	struct cursor look = *c;
	uint8_t version = cur_u8(&look);

	cur_skip(&look, cur_u8(&look));
	cur_skip(&look, cur_u8(&look));
	if (version != 1)
		return STEP_NO;
	if (look.bad)
		return STEP_MORE;
	*c = look;
	st->stage = ADMITTED5;
	return STEP_ON;
}

static enum step admitted5(struct state *st, struct cursor *c)
{
	struct cursor look = *c;
	uint8_t version = cur_u8(&look), status = cur_u8(&look);

	if (look.bad)
		return STEP_MORE;
	if (version != 1 || status != 0)
		return STEP_NO;
	*c = look;
	st->stage = REQUEST5;
	return STEP_ON;
}

static enum step request5(struct state *st, struct cursor *c)
{
	struct cursor look = *c;
	uint8_t version = cur_u8(&look), command = cur_u8(&look), zero = cur_u8(&look);

	if (!address5(st, &look))
		return STEP_NO;
	if (look.bad)
		return STEP_MORE;
	st->to_send = command == TO_SEND;
	if (version != 5 || zero != 0 || (command != TO_CONNECT && command != TO_SEND) || (!st->to_send && st->to.port == 0))
		return STEP_NO;
	*c = look;
	st->stage = ANSWER5;
	return STEP_ON;
}

static enum step answer5(struct state *st, struct cursor *c, struct endpoint *bound)
{
	struct cursor look = *c;
	uint8_t version = cur_u8(&look), refused = cur_u8(&look);
	struct state given = {0};

	cur_skip(&look, 1);
	if (!address5(&given, &look))
		return STEP_NO;
	if (look.bad)
		return STEP_MORE;
	if (version != 5 || refused != 0)
		return STEP_NO;
	*c = look;
	*bound = given.to;
	return st->to_send ? STEP_DONE : STEP_OPEN;
}

/* --- the connection --- */

static enum step begin(struct state *st, struct cursor *c)
{
	switch (cur_peek_u8(c, 0)) {
	case 'C':
		return connect_http(st, c);
	case 4:
		return request4(st, c);
	case 5:
		return methods5(st, c);
	default:
		return STEP_NO;
	}
}

static enum step client_says(struct state *st, struct cursor *c)
{
	switch (st->stage) {
	case BEGIN:
		return begin(st, c);
	case AGAIN_HTTP:
		return connect_http(st, c);
	case SECRET5:
		return secret5(st, c);
	case REQUEST5:
		return request5(st, c);
	default:
		return STEP_MORE;	/* too early: it is not its turn */
	}
}

static enum step server_says(struct state *st, struct cursor *c, struct endpoint *bound)
{
	switch (st->stage) {
	case ANSWER_HTTP:
		return answer_http(st, c);
	case ANSWER4:
		return answer4(c);
	case METHOD5:
		return method5(st, c);
	case ADMITTED5:
		return admitted5(st, c);
	case ANSWER5:
		return answer5(st, c, bound);
	case AGAIN_HTTP:		/* what the refusal brought along */
		cur_skip(c, c->left);
		return STEP_ON;
	default:
		return STEP_MORE;
	}
}

static const char *name_of(const struct state *st)
{
	return st->stage == ANSWER_HTTP ? "connect" : st->stage == ANSWER4 ? "socks4" : "socks5";
}

/* The way on is open. */
static void say(const struct state *st, struct facts *facts)
{
	bool named = st->name_bytes > 0;

	facts_begin(facts);
	fact_text(facts, FACT_PROXY, name_of(st));
	fact_endpoint(facts, FACT_PROXY_TARGET, &st->to);
	if (facts->header.side == SIDE_INSIDE && (named || !addr_is_private(&st->to.addr)))
		fact_flag(facts, FACT_BORDER);
	if (!named)
		return;
	fact_bytes(facts, FACT_HOST, cur_of(st->name, st->name_bytes));
	fact_text(facts, FACT_HOST_FROM, "proxy");
}

static enum verdict stream(struct input *in, struct state *st, struct facts *facts)
{
	struct endpoint bound;

	if (in->gap)
		return V_NO;
	if (st->stage == BEGIN)
		st->client_local = in->from_local;
	while (in->bytes.left > 0) {
		enum step step = in->from_local == st->client_local ? client_says(st, &in->bytes) : server_says(st, &in->bytes, &bound);

		switch (step) {
		case STEP_NO:
			return V_NO;
		case STEP_MORE:
			return V_MORE;
		case STEP_ON:
			break;
		case STEP_OPEN:
			say(st, facts);
			in->tunnel = true;
			in->tunnel_to = st->to;
			return V_YES;
		case STEP_DONE:
			facts_begin(facts);
			fact_text(facts, FACT_PROXY, name_of(st));
			fact_endpoint(facts, PROXY_DATAGRAMS, &bound);
			return V_DONE;
		}
	}
	return V_MORE;
}

/* --- datagrams: RFC 1928, 7 --- */

static bool first(const struct cursor *c)
{
	uint8_t kind = cur_peek_u8(c, 3);

	return c->left > 10 && cur_peek_u16(c, 0) == 0 && cur_peek_u8(c, 2) == 0 && (kind == V4 || kind == V6 || kind == NAME);
}

static enum verdict datagram(struct input *in, struct state *st, struct facts *facts)
{
	struct cursor c = in->bytes;

	/* Pieces of a datagram are not put together; nobody sends them. */
	if (in->nested || cur_u16(&c) != 0 || cur_u8(&c) != 0 || !address5(st, &c) || c.bad || c.left == 0 || st->to.port == 0 ||
	    (st->name_bytes == 0 && (addr_is_unspecified(&st->to.addr) || addr_is_multicast(&st->to.addr))))
		return V_NO;
	fact_inner(facts, c, &st->to);
	in->tunnel = true;
	in->tunnel_to = (struct endpoint){addr_v4(0), 0};
	return V_YES;
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	return in->stream ? stream(in, state, facts) : datagram(in, state, facts);
}

const struct dissector proxy_dissector = {
	.name = "proxy",
	.facts = defs,
	.n_facts = sizeof defs / sizeof defs[0],
	.give_up = GIVE_UP,
	.glance = true,
	.follows = FOLLOWS_OWN,
	.state_size = sizeof(struct state),
	.udp = {{0, 1}},
	.udp_third = {{0, 1}},
	.tcp = {{4, 5}, {'C', 'C'}},
	.first = first,
	.from_start = true,
	.dissect = dissect,
};
