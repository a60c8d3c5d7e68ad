/* iax2.c -- IAX2 (RFC 5456), Asterisk's own protocol: signalling and voice of all calls between two ends on one pair of ports.
 *
 * A frame that opens something (NEW, REGREQ, POKE) with its version says what it is. Others are recognised when both ends
 * use the call numbers that the other one has said. Voice comes in frames of four bytes of header, which prove nothing: data.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	FULL_HEADER = 12, GIVE_UP = 32, CALLS = 4, MATCHES = 2, SAYINGS = 16,
	FULL = 0x8000, NUMBER = 0x7fff,
	TYPE_DTMF = 1, TYPE_IAX = 6, TYPE_LAST = 12,
	IAX_NEW = 1, IAX_LAST = 40,
	IE_USERNAME = 6, IE_VERSION = 11,
};

enum iax2_fact {
	IAX2_FACT_TYPE = FACT_OWN,
	IAX2_FACT_SUBCLASS,
	IAX2_FACT_USERNAME,
	IAX2_FACT_END
};

static const struct fact_def fact_defs[IAX2_FACT_END - FACT_OWN] = {
	{"iax2.type", FACT_UINT, "type of a full frame: 2 voice, 4 control, 6 IAX"},
	{"iax2.subclass", FACT_UINT, "of an IAX frame: 1 NEW, 2 PING, 13 REGREQ, 30 POKE; of a voice frame its codec"},
	{"iax2.username", FACT_BYTES, "who logs in"},
};

struct iax2_state {
	uint16_t number[2][CALLS];	/* call numbers that an end has said are its own, by from_local; 0: none */
	uint8_t next[2];
	uint8_t matches;		/* frames to a number that the other end has said */
	uint8_t sayings;
	bool seen, said_app;
};

struct iax2_frame {
	uint16_t source, destination;
	uint32_t timestamp;
	uint8_t out, in, type, subclass;
	bool has_version;		/* the version is there, and it is 2 */
	struct cursor username;
};

/* Information elements, one behind the other to the end (8.6). */
static bool elements(struct iax2_frame *f, struct cursor c)
{
	while (c.left > 0) {
		uint8_t id = cur_u8(&c), len = cur_u8(&c);
		struct cursor v = cur_take(&c, len);

		if (c.bad || id == 0)
			return false;
		if (id == IE_VERSION)
			f->has_version = len == 2 && cur_u16(&v) == 2;
		else if (id == IE_USERNAME)
			f->username = v;
	}
	return !c.bad;
}

static bool parse(struct iax2_frame *f, struct cursor c)
{
	uint16_t source, destination;

	memset(f, 0, sizeof *f);
	source = cur_u16(&c);
	destination = cur_u16(&c);
	f->source = source & NUMBER;
	f->destination = destination & NUMBER;
	f->timestamp = cur_u32(&c);
	f->out = cur_u8(&c);
	f->in = cur_u8(&c);
	f->type = cur_u8(&c);
	f->subclass = cur_u8(&c);
	if (c.bad || (source & FULL) == 0 || f->source == 0 || f->type < TYPE_DTMF || f->type > TYPE_LAST)
		return false;
	if (f->type != TYPE_IAX)
		return true;
	return f->subclass >= IAX_NEW && f->subclass <= IAX_LAST && elements(f, c);
}

static bool has_said(const struct iax2_state *st, bool from_local, uint16_t number)
{
	for (unsigned i = 0; i < CALLS; i++)
		if (number != 0 && st->number[from_local][i] == number)
			return true;
	return false;
}

static void note_number(struct iax2_state *st, bool from_local, uint16_t number)
{
	if (has_said(st, from_local, number))
		return;
	st->number[from_local][st->next[from_local]] = number;
	st->next[from_local] = (uint8_t)((st->next[from_local] + 1) % CALLS);
}

/* It opens a call, or asks for something, as its first frame does (6.2.2): nothing of the other end is known. */
static bool opens(const struct iax2_frame *f)
{
	return f->type == TYPE_IAX && f->subclass == IAX_NEW && f->has_version && f->destination == 0 && f->out == 0 && f->in == 0;
}

static void say(struct iax2_state *st, const struct input *in, const struct iax2_frame *f, struct facts *facts)
{
	if (st->sayings == SAYINGS)
		return;
	st->sayings++;
	facts_begin(facts);
	if (!st->said_app && !in->nested)
		fact_text(facts, FACT_FLOW_APP, "iax2");
	st->said_app = true;
	fact_text(facts, FACT_TELEPHONY, "iax2");
	fact_uint(facts, IAX2_FACT_TYPE, f->type);
	fact_uint(facts, IAX2_FACT_SUBCLASS, f->subclass);
	if (f->username.left > 0)
		fact_bytes(facts, IAX2_FACT_USERNAME, f->username);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct iax2_state *st = state;
	struct iax2_frame f;

	if (!parse(&f, in->bytes))
		return V_NO;
	if (has_said(st, !in->from_local, f.destination) && st->matches < MATCHES)
		st->matches++;
	note_number(st, in->from_local, f.source);
	st->seen |= opens(&f) || st->matches >= MATCHES;
	if (!st->seen)
		return V_MORE;
	say(st, in, &f, facts);
	return V_YES;
}

static bool first(const struct cursor *c)
{
	uint8_t type = cur_peek_u8(c, 10);

	return cur_peek_u8(c, 0) >= FULL >> 8 && c->left >= FULL_HEADER && type >= TYPE_DTMF && type <= TYPE_LAST;
}

const struct dissector iax2_dissector = {
	.name = "iax2",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct iax2_state),
	.first = first,
	.udp = {{0x80, 0xff}},
	.dissect = dissect,
};
