/* zrtp.c -- ZRTP (RFC 6189): the two ends of a call agree upon keys in the path of their media.
 *
 * 14 bytes of a message never change, so one is proof. Hello says what an end can do, Commit what is chosen.
 */
#include "dissector.h"

#include <netinet/in.h>
#include <stdio.h>

enum {
	HEADER = 12, TYPE = 8, WORD = 4, HASH = 32, ZID = 12, CLIENT = 16,
	PREAMBLE = 0x505a, FIRST_BYTE = 0x10,
	WORDS_MOST = 300, LIST_MOST = 7,
};

enum zrtp_fact {
	ZRTP_FACT_MESSAGE = FACT_OWN,
	ZRTP_FACT_CLIENT,
	ZRTP_FACT_VERSION,
	ZRTP_FACT_OFFER,
	ZRTP_FACT_END
};

static const struct fact_def fact_defs[ZRTP_FACT_END - FACT_OWN] = {
	{"zrtp.message", FACT_BYTES, "Hello, Commit, DHPart1, Confirm1, ..."},
	{"zrtp.client", FACT_BYTES, "the sender's program, in its Hello"},
	{"zrtp.version", FACT_BYTES, "1.10"},
	{"zrtp.offer", FACT_BYTES, "what the sender can do: hashes, ciphers, tags, key agreements, SAS, each list after a colon"},
};

/* As sent, filled up with spaces. */
static const char types[][TYPE + 1] = {
	"Hello   ", "HelloACK", "Commit  ", "DHPart1 ", "DHPart2 ", "Confirm1", "Confirm2", "Conf2ACK", "Error   ",
	"ErrorACK", "GoClear ", "ClearACK", "SASrelay", "RelayACK", "Ping    ", "PingACK ",
};

enum { HELLO = 0, COMMIT = 2 };

struct zrtp_state {
	uint32_t said[2];		/* types, by from_local */
	bool said_app;
};

static int type_of(const struct cursor *c)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (cur_starts(c, types[i], TYPE))
			return (int)i;
	return -1;
}

/* Without the spaces behind it. */
static struct cursor trimmed(struct cursor c)
{
	while (c.left > 0 && (cur_peek_u8(&c, c.left - 1) == ' ' || cur_peek_u8(&c, c.left - 1) == 0))
		c.left--;
	return c;
}

static bool is_word(const struct cursor *c)
{
	for (unsigned i = 0; i < WORD; i++) {
		uint8_t b = cur_peek_u8(c, i);

		if (b < 0x20 || b >= 0x7f)
			return false;
	}
	return c->left >= WORD;
}

/* The next four letters, appended; false: they are none, or there is no room. */
static bool add_word(struct cursor *c, char *to, size_t room, size_t *n, char before)
{
	struct cursor word = cur_take(c, WORD);

	if (word.bad || !is_word(&word) || *n + WORD + 2 > room)
		return false;
	if (before != '\0')
		to[(*n)++] = before;
	word = trimmed(word);
	while (word.left > 0)
		to[(*n)++] = (char)cur_u8(&word);
	to[*n] = '\0';
	return true;
}

/* 5.2: version, client, hash image, ZID, counts of the five lists, the lists. */
static void say_hello(struct cursor c, struct facts *f)
{
	struct cursor version = cur_take(&c, WORD), client = trimmed(cur_take(&c, CLIENT));
	char offer[5 * (LIST_MOST + 1) * (WORD + 1)];
	uint32_t counts;
	size_t n = 0;

	cur_skip(&c, HASH + ZID);
	counts = cur_u32(&c);
	if (c.bad)
		return;
	fact_bytes(f, ZRTP_FACT_VERSION, version);
	if (client.left > 0)
		fact_bytes(f, ZRTP_FACT_CLIENT, client);
	for (int shift = 16; shift >= 0; shift -= 4) {
		unsigned words = counts >> shift & 0xf;

		if (n + 2 > sizeof offer)
			return;
		offer[n++] = ':';
		offer[n] = '\0';
		for (unsigned i = 0; i < words && i < LIST_MOST; i++)
			if (!add_word(&c, offer, sizeof offer, &n, i > 0 ? ',' : '\0'))
				return;
	}
	fact_text(f, ZRTP_FACT_OFFER, offer);
	fact_flag(f, FACT_CRYPTO_OFFER);
}

/* 5.4: hash image, ZID, then hash, cipher, tag, key agreement. Said as cipher-hash-agreement-tag. */
static void say_commit(struct cursor c, struct facts *f)
{
	char hash[8] = "", cipher[8] = "", tag[8] = "", agreement[8] = "", name[40];
	size_t n[4] = {0};

	cur_skip(&c, HASH + ZID);
	if (!add_word(&c, hash, sizeof hash, &n[0], '\0') || !add_word(&c, cipher, sizeof cipher, &n[1], '\0') ||
	    !add_word(&c, tag, sizeof tag, &n[2], '\0') || !add_word(&c, agreement, sizeof agreement, &n[3], '\0'))
		return;
	snprintf(name, sizeof name, "%s-%s-%s-%s", cipher, hash, agreement, tag);
	fact_text(f, FACT_CRYPTO_SUITE_NAME, name);
}

static void say(struct zrtp_state *st, const struct input *in, int type, struct cursor name, struct cursor body, struct facts *f)
{
	uint32_t *said = &st->said[in->from_local];

	if ((*said >> type & 1) != 0)
		return;
	*said |= 1U << type;
	facts_begin(f);
	if (!st->said_app && !in->nested)
		fact_text(f, FACT_FLOW_APP, "zrtp");
	st->said_app = true;
	fact_text(f, FACT_MEDIA, "zrtp");
	fact_bytes(f, ZRTP_FACT_MESSAGE, trimmed(name));
	if (type == HELLO || type == COMMIT)
		fact_text(f, FACT_CRYPTO_PROTOCOL, "ZRTP");
	if (type == HELLO)
		say_hello(body, f);
	else if (type == COMMIT)
		say_commit(body, f);
}

static bool first(const struct cursor *c)
{
	return cur_peek_u8(c, 0) == FIRST_BYTE && c->left >= HEADER + 4 + TYPE && cur_peek_u32(c, 4) == 0x5a525450;
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	struct cursor c = in->bytes, name;
	uint16_t words;
	int type;

	cur_skip(&c, HEADER);
	if (!first(&in->bytes) || cur_u16(&c) != PREAMBLE)
		return V_NO;
	words = cur_u16(&c);		/* of the message, from the preamble on */
	type = type_of(&c);
	name = cur_take(&c, TYPE);
	if (c.bad || type < 0 || words < 3 || words > WORDS_MOST || 4 * ((size_t)words - 3) > c.left)
		return V_NO;
	c.left = 4 * ((size_t)words - 3);
	say(state, in, type, name, c, f);
	return V_YES;
}

const struct dissector zrtp_dissector = {
	.name = "zrtp",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.glance = true,
	.state_size = sizeof(struct zrtp_state),
	.first = first,
	.udp = {{FIRST_BYTE, FIRST_BYTE}},
	.opening = OPENING_ALL,
	.dissect = dissect,
};
