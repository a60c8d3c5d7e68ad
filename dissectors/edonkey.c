/* edonkey.c -- eDonkey and eMule: clients and servers over TCP, servers and Kademlia over UDP.
 *
 * TCP: 0xe3 (eDonkey), 0xc5 (eMule) or 0xd4 (eMule, packed), u32 length, u8 operation, body. UDP: 0xe3, 0xc5, 0xe4 (Kademlia) or 0xe5
 * (Kademlia, packed), u8 operation, body. That is little to go by: a flow is eDonkey when a message's body is right to its last
 * byte, or when an answer brings back what the question had. Obfuscated connections look like nothing, and are nothing to us.
 */
#include "dissector.h"
#include "edonkey_tags.h"

#include <netinet/in.h>

enum {
	PROTO_EDONKEY = 0xe3, PROTO_EMULE = 0xc5, PROTO_PACKED = 0xd4, PROTO_KAD = 0xe4,
	GIVE_UP = 16,
	ID = 16,				/* bytes of user hashes and of Kademlia's identifiers */
	HEADER = 6,				/* TCP */
	MESSAGE_MOST = 4096,
	KAD_VERSION_MOST = 16,
	CONTACT = 25,				/* identifier, address, ports, version */
};

enum tcp_operation { OP_HELLO = 0x01, OP_SERVER_LIST = 0x32, OP_SERVER_STATUS = 0x34,
	OP_SERVER_MESSAGE = 0x38, OP_ID_CHANGE = 0x40, OP_HELLO_ANSWER = 0x4c };

enum udp_operation { OP_STATUS_REQUEST = 0x96, OP_STATUS_ANSWER = 0x97, KAD_BOOTSTRAP = 0x01, KAD_BOOTSTRAP_ANSWER = 0x09, KAD_HELLO = 0x11,
	KAD_HELLO_ANSWER = 0x19, KAD_LOOKUP = 0x21, KAD_LOOKUP_ANSWER = 0x29, KAD_PING = 0x60, KAD_PONG = 0x61 };

enum { ED_HELLO = FACT_OWN, ED_HELLO_ANSWER, ED_LOGIN, ED_SERVER, ED_STATUS, ED_KAD };

static const struct fact_def fact_defs[] = {
	{"edonkey.hello", FACT_FLAG, "a client greets another one"},
	{"edonkey.hello_answer", FACT_FLAG, "and is greeted"},
	{"edonkey.login", FACT_FLAG, "a client logs in to a server"},
	{"edonkey.server", FACT_FLAG, "a server speaks: its message, its status, the client's number"},
	{"edonkey.status", FACT_FLAG, "a server's answer over UDP brings back the question's number"},
	{"edonkey.kad", FACT_BYTES, "Kademlia, proved by a whole message or by an answer that fits: lookup, hello, bootstrap, ping"},
};

enum kad_kind { KAD_NONE, KAD_IS_LOOKUP, KAD_IS_HELLO, KAD_IS_BOOTSTRAP, KAD_IS_PING };

static const char *const kad_names[] = {"", "lookup", "hello", "bootstrap", "ping"};

/* What one end asked last. */
struct asked {
	uint8_t what[ID];		/* lookup: the target; server: the number */
	bool lookup, hello, bootstrap, ping, status;
};

enum { WAY_NEW, WAY_SEEN, WAY_OTHER };

struct state {
	struct asked asked[2];		/* UDP, by from_local */
	uint8_t way[2];			/* TCP: what its first message was */
	uint16_t kad_told;		/* a bit for each kind */
	bool status_told, app_told;
};

struct at {
	struct input *in;
	struct state *st;
	struct facts *facts;
};

static void begin(const struct at *at)
{
	facts_begin(at->facts);
	if (!at->st->app_told)
		fact_text(at->facts, FACT_FLOW_APP, "edonkey");
	at->st->app_told = true;
}

/* --- TCP --- */

/* Hash, identifier, port, tags: what all introductions have. Nothing but `after` bytes may be left. */
static bool introduction(struct cursor c, size_t after)
{
	uint32_t n;

	cur_skip(&c, ID + 4 + 2);
	n = ed_u32(&c);
	return n > 0 && ed_tags(&c, n) && c.left == after;
}

enum tcp_kind { TCP_NONE, TCP_HELLO, TCP_HELLO_ANSWER, TCP_LOGIN, TCP_SERVER };

static enum tcp_kind server_message(uint8_t operation, struct cursor c)
{
	uint16_t n;

	switch (operation) {
	case OP_SERVER_MESSAGE:
		n = ed_u16(&c);
		return !c.bad && n > 0 && n == c.left ? TCP_SERVER : TCP_NONE;
	case OP_SERVER_STATUS: return c.left == 8 ? TCP_SERVER : TCP_NONE;
	case OP_ID_CHANGE: return c.left == 4 || c.left == 8 || c.left == 12 || c.left == 16 || c.left == 20 ? TCP_SERVER : TCP_NONE;
	case OP_SERVER_LIST: n = cur_u8(&c); return !c.bad && n > 0 && c.left == n * 6u ? TCP_SERVER : TCP_NONE;
	default: return TCP_NONE;
	}
}

/* The first message of one direction. */
static enum tcp_kind tcp_message(uint8_t proto, uint8_t operation, struct cursor body)
{
	struct cursor after_length = body;

	if (proto == PROTO_EDONKEY && operation == OP_HELLO) {
		if (cur_u8(&after_length) == ID && introduction(after_length, 6))	/* the server's address follows */
			return TCP_HELLO;
		return introduction(body, 0) ? TCP_LOGIN : TCP_NONE;
	}
	if (proto != PROTO_PACKED && operation == OP_HELLO_ANSWER)
		return introduction(body, 6) ? TCP_HELLO_ANSWER : TCP_NONE;
	return proto == PROTO_EDONKEY ? server_message(operation, body) : TCP_NONE;
}

/* What a server says is short and simple: it counts as an answer to a login only. */
static void tcp_say(const struct at *at, enum tcp_kind kind)
{
	static const unsigned facts[] = {[TCP_HELLO] = ED_HELLO, [TCP_HELLO_ANSWER] = ED_HELLO_ANSWER, [TCP_LOGIN] = ED_LOGIN,
	    [TCP_SERVER] = ED_SERVER};

	begin(at);
	fact_flag(at->facts, facts[kind]);
}

static enum verdict dissect_stream(const struct at *at)
{
	struct state *st = at->st;
	struct cursor *c = &at->in->bytes, body;
	uint8_t *way = &st->way[at->in->from_local], proto = cur_peek_u8(c, 0), operation = cur_peek_u8(c, HEADER - 1);
	struct cursor length = *c;
	enum tcp_kind kind;
	uint32_t n;

	if (*way != WAY_NEW || (c->left == 0 && !at->in->ended)) {
		cur_skip(c, c->left);
		return st->way[0] != WAY_NEW && st->way[1] != WAY_NEW ? V_DONE : V_MORE;
	}
	if (at->in->gap || (proto != PROTO_EDONKEY && proto != PROTO_EMULE && proto != PROTO_PACKED))
		return V_NO;
	if (c->left < HEADER)
		return at->in->ended ? V_NO : V_MORE;
	cur_skip(&length, 1);
	n = ed_u32(&length);
	if (n < 2 || n > MESSAGE_MOST)
		return V_NO;
	if (c->left < HEADER - 1 + (size_t)n)
		return at->in->ended ? V_NO : V_MORE;
	body = cur_take(c, HEADER - 1 + (size_t)n);
	cur_skip(&body, HEADER);
	kind = tcp_message(proto, operation, body);
	*way = kind != TCP_NONE ? WAY_SEEN : WAY_OTHER;
	cur_skip(c, c->left);
	if (kind == TCP_NONE || (kind == TCP_SERVER && st->way[!at->in->from_local] != WAY_SEEN))
		return V_NO;
	tcp_say(at, kind);
	return V_YES;
}

/* --- UDP --- */

/* A whole message of Kademlia, right to its last byte; *proof: so much so that it needs no answer. */
static enum kad_kind kad_message(uint8_t operation, struct cursor c, bool *proof)
{
	uint8_t version, n;
	uint16_t contacts;

	*proof = false;
	switch (operation) {
	case KAD_HELLO:
	case KAD_HELLO_ANSWER:
		cur_skip(&c, ID + 2);
		version = cur_u8(&c);
		n = cur_u8(&c);
		if (c.bad || version == 0 || version > KAD_VERSION_MOST || !ed_tags(&c, n) || c.left > 0)
			return KAD_NONE;
		*proof = n > 0;
		return KAD_IS_HELLO;
	case KAD_LOOKUP:
		n = cur_u8(&c);		/* how many contacts are wanted */
		return c.left == 2 * ID && n > 0 && n <= 32 ? KAD_IS_LOOKUP : KAD_NONE;
	case KAD_LOOKUP_ANSWER:
		cur_skip(&c, ID);
		n = cur_u8(&c);
		return !c.bad && c.left == (size_t)n * CONTACT ? KAD_IS_LOOKUP : KAD_NONE;
	case KAD_BOOTSTRAP: return c.left == 0 ? KAD_IS_BOOTSTRAP : KAD_NONE;
	case KAD_BOOTSTRAP_ANSWER:
		cur_skip(&c, ID + 2);
		version = cur_u8(&c);
		contacts = ed_u16(&c);
		return !c.bad && version > 0 && version <= KAD_VERSION_MOST && contacts > 0 && c.left == (size_t)contacts * CONTACT ?
		    KAD_IS_BOOTSTRAP : KAD_NONE;
	case KAD_PING: return c.left == 0 ? KAD_IS_PING : KAD_NONE;
	case KAD_PONG: return c.left == 2 ? KAD_IS_PING : KAD_NONE;
	default: return KAD_NONE;
	}
}

static bool is_answer(uint8_t operation)
{
	return operation == KAD_HELLO_ANSWER || operation == KAD_LOOKUP_ANSWER || operation == KAD_BOOTSTRAP_ANSWER || operation == KAD_PONG;
}

static void kad_asks(struct asked *a, enum kad_kind kind, struct cursor body)
{
	a->lookup |= kind == KAD_IS_LOOKUP;
	a->hello |= kind == KAD_IS_HELLO;
	a->bootstrap |= kind == KAD_IS_BOOTSTRAP;
	a->ping |= kind == KAD_IS_PING;
	if (kind == KAD_IS_LOOKUP) {
		cur_skip(&body, 1);
		cur_copy(&body, a->what, ID);
	}
}

/* Does the answer fit what the other end asked? */
static bool kad_answers(const struct at *at, enum kad_kind kind, struct cursor body)
{
	const struct asked *a = &at->st->asked[!at->in->from_local];
	const struct packet *p = at->in->packet;

	switch (kind) {
	case KAD_IS_LOOKUP: return a->lookup && cur_starts(&body, a->what, ID);
	case KAD_IS_HELLO: return a->hello;
	case KAD_IS_BOOTSTRAP: return a->bootstrap;
	case KAD_IS_PING: return a->ping && ed_u16(&body) == p->dst.port;	/* it tells the port that it saw */
	case KAD_NONE: break;
	}
	return false;
}

static enum verdict kad(const struct at *at, uint8_t operation, struct cursor body)
{
	struct state *st = at->st;
	bool proof, answer = is_answer(operation);
	enum kad_kind kind = kad_message(operation, body, &proof);

	if (kind == KAD_NONE)
		return V_NO;
	if (answer)
		proof |= kad_answers(at, kind, body);
	else
		kad_asks(&st->asked[at->in->from_local], kind, body);
	if (!proof)
		return st->app_told ? V_YES : V_MORE;
	if ((st->kad_told >> kind & 1) == 0) {
		st->kad_told |= (uint16_t)(1u << kind);
		begin(at);
		fact_text(at->facts, ED_KAD, kad_names[kind]);
		if (answer)
			fact_flag(at->facts, FACT_TX_MATCHED);
	}
	return V_YES;
}

static enum verdict server_status(const struct at *at, uint8_t operation, struct cursor body)
{
	struct state *st = at->st;
	struct asked *mine = &st->asked[at->in->from_local], *other = &st->asked[!at->in->from_local];

	if (operation == OP_STATUS_REQUEST && body.left == 4) {
		mine->status = true;
		cur_copy(&body, mine->what, 4);
		return V_MORE;
	}
	if (operation != OP_STATUS_ANSWER || !other->status || body.left < 12 || !cur_starts(&body, other->what, 4))
		return V_NO;
	if (!st->status_told) {
		st->status_told = true;
		begin(at);
		fact_flag(at->facts, ED_STATUS);
		fact_flag(at->facts, FACT_TX_MATCHED);
	}
	return V_YES;
}

static bool first(const struct cursor *c)
{
	uint8_t proto = cur_peek_u8(c, 0), operation = cur_peek_u8(c, 1);

	if (c->left < 2)
		return false;
	if (proto == PROTO_EDONKEY)
		return operation == OP_STATUS_REQUEST || operation == OP_STATUS_ANSWER;
	return proto == PROTO_KAD && (operation == KAD_BOOTSTRAP || operation == KAD_BOOTSTRAP_ANSWER || operation == KAD_HELLO ||
	    operation == KAD_HELLO_ANSWER || operation == KAD_LOOKUP || operation == KAD_LOOKUP_ANSWER || operation == KAD_PING ||
	    operation == KAD_PONG);
}

static enum verdict dissect_datagram(const struct at *at)
{
	struct cursor c = at->in->bytes;
	uint8_t proto = cur_u8(&c), operation = cur_u8(&c);

	if (at->in->nested || c.bad)
		return V_NO;
	if (proto == PROTO_KAD)
		return kad(at, operation, c);
	return proto == PROTO_EDONKEY ? server_status(at, operation, c) : V_NO;
}

static bool begins(const struct input *in)
{
	struct cursor c = in->bytes;
	uint8_t proto = cur_u8(&c);
	uint32_t n;

	if (proto != PROTO_EDONKEY && proto != PROTO_EMULE && proto != PROTO_PACKED)
		return false;
	if (in->bytes.left < HEADER)
		return true;
	n = ed_u32(&c);
	return n >= 2 && n <= MESSAGE_MOST;
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct at at = {.in = in, .st = state, .facts = facts};

	return in->stream ? dissect_stream(&at) : dissect_datagram(&at);
}

const struct dissector edonkey_dissector = {
	.name = "edonkey",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.give_up = GIVE_UP,
	.state_size = sizeof(struct state),
	.udp = {{PROTO_EDONKEY, PROTO_KAD}},
	.tcp = {{PROTO_EMULE, PROTO_EMULE}, {PROTO_PACKED, PROTO_PACKED}, {PROTO_EDONKEY, PROTO_EDONKEY}},
	.first = first,
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
