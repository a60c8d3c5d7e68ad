/* h323.c -- H.323: call signalling (H.225.0 in Q.931, in TPKT over TCP) and RAS (H.225.0 over UDP).
 *
 * What proves either is the protocol's object identifier, itu-t(0) recommendation(0) h(8) 2250 version(0) n, which stands at the
 * beginning of nearly every message.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 16, SAYINGS = 16,
	TPKT_HEADER = 4, TPKT_VERSION = 3, TPKT_MOST = 8192,
	Q931 = 0x08, IE_USER_USER = 0x7e, USER_ASN1 = 0x05,
	CALL_FIRST = 0, CALL_LAST = 11,	/* where the identifier may begin, behind the choice of a message */
	RAS_FIRST = 3, RAS_LAST = 8,	/* and behind a sequence number */
	VERSION_MOST = 10,
};

enum h323_fact {
	H323_FACT_MESSAGE = FACT_OWN,
	H323_FACT_RAS,
	H323_FACT_VERSION,
	H323_FACT_END
};

static const struct fact_def fact_defs[H323_FACT_END - FACT_OWN] = {
	{"h323.message", FACT_UINT, "call signalling, as Q.931 has it: 1 alerting, 5 setup, 7 connect, 90 release complete"},
	{"h323.ras", FACT_UINT, "registration with a gatekeeper: 0 gatekeeper request, 3 registration request, 4 its confirmation"},
	{"h323.version", FACT_UINT, "version of H.225.0"},
};

struct h323_state {
	uint8_t sayings;
	bool said_app, seen;
};

/* 06 00 08 91 4a 00 and the version, at one of these places; 0: it is not there. */
static uint8_t version_of(const struct cursor *c, size_t from, size_t to)
{
	for (size_t i = from; i <= to; i++) {
		uint8_t version = cur_peek_u8(c, i + 6);

		if (cur_peek_u8(c, i) == 0x06 && cur_peek_u32(c, i + 1) == 0x0008914a && cur_peek_u8(c, i + 5) == 0 &&
		    version >= 1 && version <= VERSION_MOST)
			return version;
	}
	return 0;
}

static void say(struct h323_state *st, const struct input *in, unsigned fact, uint8_t what, uint8_t version, struct facts *f)
{
	if (st->sayings == SAYINGS)
		return;
	st->sayings++;
	facts_begin(f);
	if (!st->said_app && !in->nested)
		fact_text(f, FACT_FLOW_APP, "h323");
	st->said_app = true;
	fact_text(f, FACT_TELEPHONY, "h323");
	fact_uint(f, fact, what);
	if (version != 0)
		fact_uint(f, H323_FACT_VERSION, version);
}

/* --- registration, admission, status: packed choices, the number of the message in the first byte --- */

static enum verdict ras(struct h323_state *st, const struct input *in, struct facts *f)
{
	uint8_t version = version_of(&in->bytes, RAS_FIRST, RAS_LAST), b = cur_peek_u8(&in->bytes, 0);

	/* An extension bit, five bits of choice: requests, confirmations and refusals from GRQ to SCR. */
	if (version == 0 || (b & 0x80) != 0)
		return V_NO;
	say(st, in, H323_FACT_RAS, (b >> 2) & 0x1f, version, f);
	return V_YES;
}

/* --- calls --- */

/* The user-user element's content (H.225.0, 7.2), among Q.931's elements (4.5). */
static bool user_user(struct cursor c, struct cursor *content)
{
	while (c.left > 0) {
		uint8_t id = cur_u8(&c);

		if ((id & 0x80) != 0)
			continue;	/* a single byte */
		if (id == IE_USER_USER) {
			*content = cur_take(&c, cur_u16(&c));
			return !c.bad && cur_u8(content) == USER_ASN1;
		}
		cur_skip(&c, cur_u8(&c));
	}
	return false;
}

/* One Q.931 message. The first of the flow must have the identifier. */
static bool call_message(struct h323_state *st, const struct input *in, struct cursor c, struct facts *f)
{
	struct cursor content;
	uint8_t reference, type, version;

	if (cur_u8(&c) != Q931)
		return false;
	reference = cur_u8(&c);
	if (reference > 2)
		return false;
	cur_skip(&c, reference);
	type = cur_u8(&c);
	if (c.bad || (type & 0x80) != 0 || !user_user(c, &content))
		return false;
	version = version_of(&content, CALL_FIRST, CALL_LAST);
	if (version == 0 && !st->seen)
		return false;
	st->seen = true;
	say(st, in, H323_FACT_MESSAGE, type, version, f);
	return true;
}

static enum verdict calls(struct h323_state *st, struct input *in, struct facts *f)
{
	while (in->bytes.left > 0 && !facts_tight(f)) {
		struct cursor c = in->bytes;
		uint16_t len;

		if (in->gap || cur_peek_u8(&c, 0) != TPKT_VERSION || cur_peek_u8(&c, 1) != 0)
			return st->seen && !in->gap ? V_YES : V_NO;
		if (c.left >= TPKT_HEADER + 1 && cur_peek_u8(&c, TPKT_HEADER) != Q931)
			return V_NO;		/* ISO's transport, RDP, Megaco */
		len = cur_peek_u16(&c, 2);
		if (c.left >= TPKT_HEADER && (len <= TPKT_HEADER || len > TPKT_MOST))
			return V_NO;
		if (c.left < TPKT_HEADER || c.left < len)
			break;
		cur_skip(&c, TPKT_HEADER);
		if (!call_message(st, in, cur_take(&c, (size_t)len - TPKT_HEADER), f) && !st->seen)
			return V_NO;
		cur_skip(&in->bytes, len);
	}
	return st->seen ? V_YES : V_MORE;
}

/* --- the dissector --- */

static bool first(const struct cursor *c)
{
	return cur_peek_u8(c, 0) < 0x80 && version_of(c, RAS_FIRST, RAS_LAST) != 0;
}

/* TPKT's header, and not ISO's transport, RDP or Megaco in it. */
static bool begins(const struct input *in)
{
	const struct cursor *c = &in->bytes;

	return cur_peek_u8(c, 0) == TPKT_VERSION && cur_peek_u8(c, 1) == 0 &&
	    (c->left <= TPKT_HEADER || cur_peek_u8(c, TPKT_HEADER) == Q931);
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	return in->stream ? calls(state, in, f) : ras(state, in, f);
}

const struct dissector h323_dissector = {
	.name = "h323",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.give_up = GIVE_UP,
	.state_size = sizeof(struct h323_state),
	.first = first,
	.udp = {{0x00, 0x7f}},
	.tcp = {{TPKT_VERSION, TPKT_VERSION}},
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
