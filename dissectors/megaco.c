/* megaco.c -- Megaco (H.248.1, RFC 3525), in its text form: a controller commands its media gateways, over UDP or TCP (in
 * TPKT frames). The binary form is not read.
 */
#include "dissector.h"
#include "../sensor/base/hash.h"
#include "sdp_say.h"

enum { GIVE_UP = 16, SAYINGS = 32, TPKT_HEADER = 4, TPKT_VERSION = 3, LOOK = 256 };

enum megaco_fact {
	MEGACO_FACT_SENDER = FACT_OWN,
	MEGACO_FACT_MESSAGE,
	MEGACO_FACT_END
};

static const struct fact_def fact_defs[MEGACO_FACT_END - FACT_OWN] = {
	{"megaco.sender", FACT_BYTES, "who the sender says it is: [address]:port, <domain>, a device"},
	{"megaco.message", FACT_BYTES, "transaction, reply, pending, acknowledgement, error"},
};

struct megaco_state {
	uint8_t sayings;
	bool said_app, seen;
};

static bool is_space(uint8_t b)
{
	return b == ' ' || b == '\t' || b == '\r' || b == '\n';
}

static void skip_space(struct cursor *c)
{
	while (is_space(cur_peek_u8(c, 0)))
		cur_skip(c, 1);
}

/* Up to white space, or one of these. */
static struct cursor token(struct cursor *c, const char *ends)
{
	size_t n = 0;

	while (n < c->left && n < LOOK && !is_space(cur_peek_u8(c, n)) &&
	    (cur_peek_u8(c, n) == 0 || strchr(ends, cur_peek_u8(c, n)) == NULL))
		n++;
	return cur_take(c, n);
}

static const char *message_name(const struct cursor *word)
{
	static const struct { const char *brief, *full, *name; } names[] = {
		{"T", "Transaction", "transaction"}, {"P", "Reply", "reply"}, {"PN", "Pending", "pending"},
		{"K", "TransactionResponseAck", "acknowledgement"}, {"ER", "Error", "error"},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (line_is(word, names[i].brief) || line_is(word, names[i].full))
			return names[i].name;
	return NULL;
}

/* "MEGACO/1 [10.23.1.42]:2944 Transaction = 9998 {", or in short "!/1 <mgc> T=5{" (annex B.2). What follows an
 * acknowledgement is a bracket, behind the others stands a number. */
static bool parse(struct cursor *c, struct cursor *sender, const char **name)
{
	struct cursor word, rest;
	uint32_t id;

	if (line_begins(c, "MEGACO/"))
		cur_skip(c, strlen("MEGACO/"));
	else if (line_begins(c, "!/"))
		cur_skip(c, strlen("!/"));
	else
		return false;
	word = token(c, "");
	if (!line_number(&word, 99, &id) || word.left > 0 || c->left == 0)
		return false;
	skip_space(c);
	*sender = token(c, "");
	skip_space(c);
	word = token(c, "={");
	*name = message_name(&word);
	if (sender->left < 3 || !line_is_clean(*sender) || *name == NULL)
		return false;
	rest = *c;
	skip_space(&rest);
	if (cur_peek_u8(&rest, 0) == '=') {
		cur_skip(&rest, 1);
		skip_space(&rest);
		if (!line_number(&rest, UINT32_MAX, &id))
			return false;
		skip_space(&rest);
	}
	if (cur_u8(&rest) != '{')
		return false;
	*c = rest;
	return true;
}

static bool message(struct megaco_state *st, const struct input *in, struct cursor c, struct facts *f)
{
	static const struct endpoint nobody = {.port = 0};
	struct cursor sender;
	const char *name;
	struct sdp sdp;

	if (!parse(&c, &sender, &name))
		return false;
	st->seen = true;
	if (st->sayings < SAYINGS) {
		st->sayings++;
		facts_begin(f);
		if (!st->said_app && !in->nested)
			fact_text(f, FACT_FLOW_APP, "megaco");
		st->said_app = true;
		fact_text(f, FACT_TELEPHONY, "megaco");
		fact_bytes(f, MEGACO_FACT_SENDER, sender);
		fact_text(f, MEGACO_FACT_MESSAGE, name);
	}
	if (sdp_parse(&sdp, c))
		sdp_say(f, &sdp, "megaco", line_hash(HASH_START, sender), &nobody, cur_of("", 0));
	return true;
}

/* RFC 1006: version, 0, length with these four bytes. */
static enum verdict dissect_stream(struct megaco_state *st, struct input *in, struct facts *f)
{
	while (in->bytes.left > 0 && !facts_tight(f)) {
		struct cursor c = in->bytes;
		uint16_t len;

		if (in->gap || (cur_peek_u16(&c, 0) != TPKT_VERSION << 8 && c.left >= 2) || cur_peek_u8(&c, 0) != TPKT_VERSION)
			return V_NO;
		len = cur_peek_u16(&c, 2);
		if (c.left >= TPKT_HEADER && len < TPKT_HEADER + 8)
			return V_NO;
		cur_skip(&c, TPKT_HEADER);
		if (c.bad || (!st->seen && c.left == 0))
			break;
		if (!st->seen && cur_peek_u8(&c, 0) != 'M' && cur_peek_u8(&c, 0) != 'm' && cur_peek_u8(&c, 0) != '!')
			return V_NO;
		if (in->bytes.left < len)
			break;
		if (!message(st, in, cur_take(&c, (size_t)len - TPKT_HEADER), f) && !st->seen)
			return V_NO;
		cur_skip(&in->bytes, len);
	}
	return st->seen ? V_YES : V_MORE;
}

static bool first(const struct cursor *c)
{
	uint8_t a = cur_peek_u8(c, 0), b = cur_peek_u8(c, 1);

	return (a == '!' && b == '/') || ((a == 'M' || a == 'm') && (b == 'E' || b == 'e'));
}

/* RFC 3525, D.2: behind TPKT's header, a message. */
static bool begins(const struct input *in)
{
	const struct cursor *c = &in->bytes;
	uint8_t m = cur_peek_u8(c, TPKT_HEADER);

	return cur_peek_u8(c, 0) == TPKT_VERSION && cur_peek_u8(c, 1) == 0 &&
	    (c->left <= TPKT_HEADER || m == 'M' || m == 'm' || m == '!');
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	if (in->stream)
		return dissect_stream(state, in, f);
	return message(state, in, in->bytes, f) ? V_YES : V_NO;
}

const struct dissector megaco_dissector = {
	.name = "megaco",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.give_up = GIVE_UP,
	.state_size = sizeof(struct megaco_state),
	.first = first,
	.udp = {{'!', '!'}, {'M', 'M'}, {'m', 'm'}},
	.tcp = {{TPKT_VERSION, TPKT_VERSION}},
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
