/* skinny.c -- SCCP, Cisco's Skinny: telephones and their call manager, over TCP.
 *
 * Messages are little-endian: length, version of the header, number of the message. A registration with a device's name in its
 * field proves it; so do several messages that only the telephone sends on one side, and only the manager on the other.
 */
#include "dissector.h"
#include "../sensor/base/hash.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 32, SAYINGS = 32, HEADER = 12,
	LENGTH_MOST = 4096, VERSION_FIRST = 5, VERSION_LAST = 32,
	REGISTER = 0x0001, OPEN_RECEIVE_ACK = 0x0022, REGISTER_ACK = 0x0081, START_MEDIA = 0x008a, KEEP_ALIVE_ACK = 0x0100,
	PHONE_LAST = 0x0060, MANAGER_FIRST = 0x0081, MANAGER_LAST = 0x0160,
	NAME = 16, NAME_LEAST = 3, PROOF = 6, PROOF_KINDS = 4,
	WIDE_ADDRESSES = 17,		/* version from which addresses may be IPv6 */
};

enum skinny_fact {
	SKINNY_FACT_MESSAGE = FACT_OWN,
	SKINNY_FACT_DEVICE,
	SKINNY_FACT_END
};

static const struct fact_def fact_defs[SKINNY_FACT_END - FACT_OWN] = {
	{"skinny.message", FACT_UINT, "message number: 1 registration, 0x81 its acknowledgement, 0x8a start of media"},
	{"skinny.device", FACT_BYTES, "name with which a telephone registers: SEP and its Ethernet address"},
};

struct skinny_state {
	uint64_t kinds;			/* message numbers seen, by their lowest bits: telephones', managers' */
	uint8_t messages[2];		/* by from_local: of a kind that this end may send */
	uint8_t sayings;
	bool phone[2], manager[2];	/* what this end has behaved like */
	bool seen, said_app;
};

struct skinny_message {
	uint32_t length, version, id;
	struct cursor body;
};

static uint32_t little(uint32_t v)
{
	return __builtin_bswap32(v);
}

static bool is_phones(uint32_t id)
{
	return id <= PHONE_LAST;
}

static bool is_managers(uint32_t id)
{
	return id >= MANAGER_FIRST && id <= MANAGER_LAST;
}

/* The header of the next message; false: it is none. The body may not be there yet. */
static bool header(struct skinny_message *m, struct cursor c)
{
	m->length = little(cur_u32(&c));
	m->version = little(cur_u32(&c));
	m->id = little(cur_u32(&c));
	m->body = c;
	return m->length >= 4 && m->length <= LENGTH_MOST &&
	    (m->version == 0 || (m->version >= VERSION_FIRST && m->version <= VERSION_LAST)) &&
	    (is_phones(m->id) || is_managers(m->id));
}

/* A name of letters, digits, '-' and '_' that is filled up with zeros. */
static bool device(struct cursor body, struct cursor *name)
{
	struct cursor field = cur_take(&body, NAME);
	size_t n = 0;

	while (n < NAME && cur_peek_u8(&field, n) != 0) {
		uint8_t b = cur_peek_u8(&field, n);

		if (!(b >= '0' && b <= '9') && !(b >= 'A' && b <= 'Z') && !(b >= 'a' && b <= 'z') && b != '-' && b != '_')
			return false;
		n++;
	}
	*name = cur_take(&field, n);
	if (n < NAME_LEAST || n == NAME)
		return false;
	while (field.left > 0)
		if (cur_u8(&field) != 0)
			return false;
	return !body.bad;
}

/* Where the manager tells a telephone to send voice, and where a telephone says it will receive it. */
static bool media(const struct skinny_message *m, struct endpoint *at, uint32_t *call)
{
	struct cursor c = m->body;
	uint32_t kind = 0, port;

	*call = cur_u32(&c);
	if (m->id == START_MEDIA)
		cur_skip(&c, 4);
	if (m->version >= WIDE_ADDRESSES)
		kind = little(cur_u32(&c));
	if (kind == 1) {
		cur_copy(&c, at->addr.b, sizeof at->addr.b);
	} else {
		at->addr = addr_v4(cur_u32(&c));
		if (m->version >= WIDE_ADDRESSES)
			cur_skip(&c, 12);
	}
	port = little(cur_u32(&c));
	at->port = (uint16_t)port;
	return !c.bad && kind <= 1 && port > 0 && port <= UINT16_MAX && !addr_is_unspecified(&at->addr) &&
	    !addr_is_multicast(&at->addr);
}

static void say(struct skinny_state *st, const struct skinny_message *m, struct facts *f)
{
	struct cursor name;

	if (st->sayings == SAYINGS)
		return;
	st->sayings++;
	facts_begin(f);
	if (!st->said_app)
		fact_text(f, FACT_FLOW_APP, "sccp");
	st->said_app = true;
	fact_text(f, FACT_TELEPHONY, "sccp");
	fact_uint(f, SKINNY_FACT_MESSAGE, m->id);
	if (m->id == REGISTER && device(m->body, &name))
		fact_bytes(f, SKINNY_FACT_DEVICE, name);
}

static void say_media(const struct skinny_message *m, struct facts *f)
{
	struct endpoint at;
	uint32_t call;

	if ((m->id != START_MEDIA && m->id != OPEN_RECEIVE_ACK) || !media(m, &at, &call))
		return;
	facts_begin(f);
	fact_text(f, FACT_TELEPHONY, "sccp");
	fact_uint(f, FACT_CALL, hash_fixed(HASH_START, &call, sizeof call));
	fact_endpoint(f, FACT_SDP_AT, &at);
	fact_text(f, FACT_SDP_MEDIUM, "audio");
	fact_text(f, FACT_SDP_PROFILE, "RTP/AVP");
}

static unsigned kinds(uint64_t set)
{
	return (unsigned)__builtin_popcountll(set);
}

/* Is it this protocol, now that this message is there, too? One end speaks as a telephone, the other as the manager. */
static bool proves(struct skinny_state *st, const struct skinny_message *m, bool from_local)
{
	struct cursor name;

	if (is_phones(m->id))
		st->phone[from_local] = true;
	else
		st->manager[from_local] = true;
	if (st->messages[from_local] < UINT8_MAX)
		st->messages[from_local]++;
	st->kinds |= 1ULL << (m->id % 32 + (is_phones(m->id) ? 0 : 32));
	if (m->id == REGISTER && device(m->body, &name))
		return true;
	return st->phone[!from_local] != st->manager[!from_local] && st->phone[from_local] != st->manager[from_local] &&
	    st->phone[from_local] != st->phone[!from_local] && st->messages[0] + st->messages[1] >= PROOF &&
	    st->messages[0] > 1 && st->messages[1] > 1 && kinds(st->kinds) >= PROOF_KINDS;
}

static bool begins(const struct input *in)
{
	struct skinny_message m;

	if (in->bytes.left < HEADER)
		return in->bytes.left < 4 || little(cur_peek_u32(&in->bytes, 0)) <= LENGTH_MOST;
	return header(&m, in->bytes);
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	struct skinny_state *st = state;

	while (in->bytes.left > 0 && !facts_tight(f)) {
		struct skinny_message m;

		if (in->gap)
			return V_NO;
		if (in->bytes.left >= 4 && little(cur_peek_u32(&in->bytes, 0)) > LENGTH_MOST)
			return V_NO;
		if (in->bytes.left < HEADER)
			break;
		if (!header(&m, in->bytes))
			return V_NO;
		if (in->bytes.left < 8 + (size_t)m.length)
			break;
		m.body.left = m.length - 4;
		st->seen |= proves(st, &m, in->from_local);
		if (st->seen) {
			say(st, &m, f);
			say_media(&m, f);
		}
		cur_skip(&in->bytes, 8 + (size_t)m.length);
	}
	return st->seen ? V_YES : V_MORE;
}

const struct dissector skinny_dissector = {
	.name = "skinny",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct skinny_state),
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
