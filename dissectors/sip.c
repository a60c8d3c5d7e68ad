/* sip.c -- SIP (RFC 3261) over UDP and TCP: the dissector. What is said of calls, and where their media will go (SDP).
 *
 * Signalling through a server is no call to a peer. Who calls whom, with which program, is said of each flow's first messages; a description
 * of media always, once: the session side follows it.
 */
#include "dissector.h"
#include "../sensor/base/hash.h"
#include "sdp_say.h"
#include "sip_wire.h"

enum {
	SAYINGS = 48,			/* without a description, of one direction of a flow */
	RECENT = 16,			/* messages that are known again when they are sent again */
	GIVE_UP = 32,			/* streams may come byte by byte */
};

enum sip_fact {
	SIP_FACT_METHOD = FACT_OWN,
	SIP_FACT_STATUS,
	SIP_FACT_ANSWERS,
	SIP_FACT_FROM,
	SIP_FACT_TO,
	SIP_FACT_AGENT,
	SIP_FACT_CONTACT,
	SIP_FACT_PROXIED,
	SIP_FACT_END
};

static const struct fact_def fact_defs[SIP_FACT_END - FACT_OWN] = {
	{"sip.method", FACT_BYTES, "a request: INVITE, REGISTER, OPTIONS, ..."},
	{"sip.status", FACT_UINT, "an answer: 100 to 699"},
	{"sip.answers", FACT_BYTES, "method of the request that it answers"},
	{"sip.from.uri", FACT_BYTES, "who calls: a URI"},
	{"sip.to.uri", FACT_BYTES, "who is called: a URI"},
	{"sip.user_agent", FACT_BYTES, "the sender's program (User-Agent, Server)"},
	{"sip.contact", FACT_ENDPOINT, "where the sender says it can be called itself"},
	{"sip.proxied", FACT_FLAG, "it was handed on: it has passed a proxy, or a proxy wants to stay in its way"},
};

struct sip_state {
	uint64_t recent[RECENT];
	uint8_t next_recent;
	uint8_t said[2];		/* by from_local */
	bool said_app;
	bool lost[2];			/* stream: the next first line is to be looked for */
	bool seen;			/* a message was whole */
};

/* --- telling --- */

static bool is_repeated(struct sip_state *st, uint64_t what)
{
	for (unsigned i = 0; i < RECENT; i++)
		if (st->recent[i] == what)
			return true;
	st->recent[st->next_recent] = what;
	st->next_recent = (uint8_t)((st->next_recent + 1) % RECENT);
	return false;
}

static uint64_t message_hash(const struct sip_message *m, bool from_local)
{
	uint64_t h = hash_fixed(HASH_START, &from_local, sizeof from_local);

	h = hash_fixed(h, &m->status, sizeof m->status);
	h = hash_fixed(h, &m->cseq, sizeof m->cseq);
	return line_hash(line_hash(line_hash(line_hash(h, m->method), m->cseq_method), m->call_id), m->body);
}

static uint64_t call_of(const struct sip_message *m)
{
	return line_hash(HASH_START, m->call_id);
}

static void say_text(struct facts *f, unsigned fact, struct cursor text)
{
	if (text.left > 0)
		fact_bytes(f, fact, text);
}

static void say_message(struct sip_state *st, const struct input *in, const struct sip_message *m, struct facts *f)
{
	facts_begin(f);
	if (!st->said_app && !in->nested)
		fact_text(f, FACT_FLOW_APP, "sip");
	st->said_app = true;
	fact_text(f, FACT_TELEPHONY, "sip");
	fact_uint(f, FACT_CALL, call_of(m));
	if (m->status == 0)
		fact_bytes(f, SIP_FACT_METHOD, m->method);
	else
		fact_uint(f, SIP_FACT_STATUS, m->status);
	if (m->status != 0)
		say_text(f, SIP_FACT_ANSWERS, m->cseq_method);
	say_text(f, SIP_FACT_FROM, m->from);
	say_text(f, SIP_FACT_TO, m->to);
	say_text(f, SIP_FACT_AGENT, m->agent);
	if (!addr_is_unspecified(&m->contact.addr))
		fact_endpoint(f, SIP_FACT_CONTACT, &m->contact);
	if (m->proxied)
		fact_flag(f, SIP_FACT_PROXIED);
}

static void tell(struct sip_state *st, const struct input *in, const struct sip_message *m, struct facts *f)
{
	uint8_t *said = &st->said[in->from_local];
	struct sdp sdp;

	st->seen = true;
	if (is_repeated(st, message_hash(m, in->from_local)))
		return;
	if (*said < SAYINGS) {
		++*said;
		say_message(st, in, m, f);
	}
	if (m->body.left > 0 && sdp_parse(&sdp, m->body))
		sdp_say(f, &sdp, "sip", call_of(m), &m->contact, m->agent);
}

/* --- datagrams --- */

static enum verdict dissect_datagram(struct sip_state *st, struct input *in, struct facts *f)
{
	struct sip_message m;

	if (!sip_parse(&m, in->bytes))
		return V_NO;
	tell(st, in, &m, f);
	return V_YES;
}

/* --- streams --- */

/* Empty lines between messages keep the connection alive (RFC 5626, 3.5.1). */
static void skip_empty(struct cursor *c)
{
	while (cur_peek_u8(c, 0) == '\r' || cur_peek_u8(c, 0) == '\n')
		cur_skip(c, 1);
}

/* Behind a gap, or what is none: the next line that a message could begin with. */
static void find_start(struct cursor *c)
{
	while (line_is_whole(c)) {
		enum sip_start start = sip_begins(c);

		if (start == SIP_REQUEST || start == SIP_ANSWER)
			return;
		line_take(c);
	}
	if (c->left > SIP_LINE_MAX)
		cur_skip(c, c->left);
}

/* One message of the stream is taken. False: it is not all here, or (*none) it is none. */
static bool next_message(struct sip_state *st, struct input *in, struct facts *f, bool *none)
{
	enum sip_start start;
	struct sip_message m;
	size_t header, body;

	*none = false;
	skip_empty(&in->bytes);
	if (st->lost[in->from_local])
		find_start(&in->bytes);
	start = sip_begins(&in->bytes);
	*none = start == SIP_NO;
	if (start == SIP_NO || start == SIP_PERHAPS)
		return false;
	header = line_header_bytes(&in->bytes);
	if (header == 0) {
		*none = in->bytes.left > SIP_HEADER_MAX;
		return false;
	}
	if (!sip_parse(&m, in->bytes)) {
		*none = true;
		return false;
	}
	body = m.has_length ? m.length : 0;
	if (in->bytes.left < header + body && !in->ended)
		return false;
	m.body.left = m.body.left < body ? m.body.left : body;
	st->lost[in->from_local] = false;
	tell(st, in, &m, f);
	cur_skip(&in->bytes, header + body < in->bytes.left ? header + body : in->bytes.left);
	return true;
}

static enum verdict dissect_stream(struct sip_state *st, struct input *in, struct facts *f)
{
	bool none = false;

	if (in->gap)
		st->lost[in->from_local] = true;
	while (in->bytes.left > 0 && !facts_tight(f)) {
		size_t left = in->bytes.left;

		if (next_message(st, in, f, &none))
			continue;
		if (!none)
			break;
		if (!st->seen)
			return V_NO;
		/* The line is lost; the next one may be a message's first. */
		st->lost[in->from_local] = true;
		if (in->bytes.left == left)
			line_take(&in->bytes);
	}
	return st->seen ? V_YES : V_MORE;
}

/* --- the dissector --- */

static bool first(const struct cursor *c)
{
	uint8_t b = cur_peek_u8(c, 0);

	return b >= 'A' && b <= 'Z' && cur_peek_u8(c, 1) >= 'A' && cur_peek_u8(c, 1) <= 'Z' && cur_peek_u8(c, 2) >= 'A' &&
	    cur_peek_u8(c, 2) <= 'Z';
}

static bool begins(const struct input *in)
{
	struct cursor c = in->bytes;

	skip_empty(&c);
	return sip_begins(&c) != SIP_NO;
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	return in->stream ? dissect_stream(state, in, f) : dissect_datagram(state, in, f);
}

const struct dissector sip_dissector = {
	.name = "sip",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.give_up = GIVE_UP,
	.state_size = sizeof(struct sip_state),
	.first = first,
	.begins = begins,
	.udp = {{'A', 'Z'}},
	.tcp = {{'A', 'Z'}},
	.opening = OPENING_ALL,
	.dissect = dissect,
};
