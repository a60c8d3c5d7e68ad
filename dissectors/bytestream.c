/* bytestream.c -- SOCKS5 bytestreams: how XMPP users send each other files, directly or through a proxy. XEP-0065, XEP-0260.
 *
 * It looks like SOCKS5, but for whom is asked: not a host, but a hash of the two users and their stream, forty digits, port 0.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 16,
	VERSION = 5, CONNECT = 1, DOMAIN = 3,
	METHODS_MOST = 4,
	HASH = 40,
	REQUEST = 5 + HASH + 2,
	USER_MOST = 513,
};

enum { BS_OPEN = FACT_OWN, BS_ACCEPTED };

static const struct fact_def fact_defs[] = {
	{"bytestream.open", FACT_BYTES, "one end opens an XMPP bytestream: the hash that both know"},
	{"bytestream.accepted", FACT_BYTES, "the other end accepts it"},
};

struct state {
	uint8_t hash[HASH];
	bool greeted[2], asked, from_local;	/* by from_local; who asks */
};

static bool is_hash(struct cursor c)
{
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		if (!(b >= '0' && b <= '9') && !(b >= 'a' && b <= 'f'))
			return false;
	}
	return !c.bad;
}

/* u8 5, u8 command or reply, u8 0, u8 3, u8 40, hash, u16 0 */
static bool request(struct cursor *c, uint8_t command, struct cursor *hash)
{
	struct cursor at = *c;
	bool good;

	good = cur_u8(&at) == VERSION && cur_u8(&at) == command;
	cur_skip(&at, 1);
	good = good && cur_u8(&at) == DOMAIN && cur_u8(&at) == HASH;
	*hash = cur_take(&at, HASH);
	good = good && cur_u16(&at) == 0 && !at.bad && is_hash(*hash);
	if (good)
		*c = at;
	return good;
}

static enum verdict ask(struct state *s, struct input *in, struct facts *facts)
{
	struct cursor *c = &in->bytes, hash;

	if (!s->greeted[in->from_local]) {
		uint8_t n = cur_peek_u8(c, 1);

		if (cur_peek_u8(c, 0) != VERSION || (c->left > 1 && (n == 0 || n > METHODS_MOST)))
			return V_NO;
		if (c->left < 2 + (size_t)n)
			return V_MORE;
		cur_skip(c, 2 + (size_t)n);
		s->greeted[in->from_local] = true;
		s->from_local = in->from_local;
	}
	if (cur_peek_u8(c, 0) == 1) {		/* RFC 1929: a name and a password; what they are is nobody's business */
		size_t n = 3 + (size_t)cur_peek_u8(c, 1) + cur_peek_u8(c, 2 + (size_t)cur_peek_u8(c, 1));

		if (c->left < n || n > USER_MOST)
			return V_MORE;
		cur_skip(c, n);
	}
	if (c->left < REQUEST)
		return in->ended ? V_NO : V_MORE;
	if (!request(c, CONNECT, &hash))
		return V_NO;
	s->asked = true;
	facts_begin(facts);
	fact_text(facts, FACT_FLOW_APP, "bytestream");
	fact_bytes(facts, BS_OPEN, hash);
	cur_copy(&hash, s->hash, sizeof s->hash);
	return V_YES;
}

static enum verdict answer(struct state *s, struct input *in, struct facts *facts)
{
	struct cursor *c = &in->bytes, hash;

	if (!s->greeted[in->from_local]) {
		if (cur_peek_u8(c, 0) != VERSION)
			return V_NO;
		if (c->left < 2)
			return V_MORE;
		cur_skip(c, 2);
		s->greeted[in->from_local] = true;
	}
	if (cur_peek_u8(c, 0) == 1 && c->left >= 2)
		cur_skip(c, 2);
	if (c->left < REQUEST)
		return V_MORE;
	if (!request(c, 0, &hash) || !s->asked || !cur_starts(&hash, s->hash, sizeof s->hash))
		return V_NO;
	facts_begin(facts);
	fact_bytes(facts, BS_ACCEPTED, hash);
	fact_flag(facts, FACT_TX_MATCHED);
	return V_DONE;
}

static bool begins(const struct input *in)
{
	uint8_t n = cur_peek_u8(&in->bytes, 1);

	return cur_peek_u8(&in->bytes, 0) == VERSION && (in->bytes.left < 2 || (n > 0 && n <= METHODS_MOST));
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct state *s = state;

	if (in->gap)
		return V_NO;
	if (in->bytes.left == 0)
		return V_MORE;
	if (s->asked && in->from_local == s->from_local) {
		cur_skip(&in->bytes, in->bytes.left);
		return V_MORE;
	}
	if ((s->greeted[0] || s->greeted[1]) && in->from_local != s->from_local)
		return answer(s, in, facts);
	return ask(s, in, facts);
}

const struct dissector bytestream_dissector = {
	.name = "bytestream",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct state),
	.tcp = {{VERSION, VERSION}},
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
