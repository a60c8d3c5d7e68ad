/* irc.c -- IRC: offers of files and of talks that go past the server, from one user's host to the other's (DCC).
 *
 * An offer is a message to a user: `PRIVMSG nick :^ADCC SEND file address port size^A`, where ^A is byte 1. The address is a decimal
 * number, or IPv6's text; port 0 asks the other end to listen. Only offers are told; what users say is not looked at.
 */
#include "dissector.h"
#include "line.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 16,			/* stretches without a line of IRC's */
	WORD_MOST = 16,			/* longer than any command */
	LINE_MOST = 2048,		/* 512 bytes, and tags before them */
	KNOWN_AFTER = 2,		/* lines of an end that are IRC's */
	STRANGE_MOST = 4,		/* and that are not */
	FILE_SHOWN = 128,
};

enum { IRC_DCC = FACT_OWN, IRC_DCC_AT, IRC_DCC_FILE, IRC_DCC_SIZE };

static const struct fact_def fact_defs[] = {
	{"irc.dcc", FACT_BYTES, "an offer past the server: send, chat, resume, accept, ..."},
	{"irc.dcc_at", FACT_ENDPOINT, "where the sender of the offer waits for the connection"},
	{"irc.dcc_file", FACT_BYTES, "the file's name"},
	{"irc.dcc_size", FACT_UINT, "and its size in bytes"},
};

struct state {
	uint8_t irc[2], strange[2];	/* lines that were, and were not, by from_local */
	bool skipping[2];		/* in a line that is too long */
	bool told;
};

struct offer {
	struct cursor kind, file;
	struct endpoint at;
	uint64_t size;
	bool has_size;
};

static bool number(struct cursor word, uint64_t most, uint64_t *to)
{
	*to = 0;
	if (word.left == 0 || word.left > 19)
		return false;
	while (word.left > 0) {
		uint8_t b = cur_u8(&word);

		if (b < '0' || b > '9')
			return false;
		*to = *to * 10 + (b - '0');
	}
	return *to <= most;
}

static bool address(struct cursor word, struct addr *to)
{
	uint64_t decimal;

	if (number(word, UINT32_MAX, &decimal)) {
		*to = addr_v4((uint32_t)decimal);
		return true;
	}
	return line_addr(word, to);
}

/* A file's name may be in quotes, and have spaces then. */
static struct cursor file_name(struct cursor *c)
{
	if (cur_peek_u8(c, 0) != '"')
		return line_word(c, " ");
	cur_skip(c, 1);
	return line_word(c, "\"");
}

/* What stands between the two bytes 1, "DCC " left out. */
static bool offer_parse(struct offer *o, struct cursor c)
{
	uint64_t port;

	*o = (struct offer){.kind = line_word(&c, " ")};
	if (!line_is(&o->kind, "SEND") && !line_is(&o->kind, "CHAT") && !line_is(&o->kind, "TSEND") && !line_is(&o->kind, "SSEND") &&
	    !line_is(&o->kind, "SCHAT") && !line_is(&o->kind, "XMIT"))
		return false;
	o->file = file_name(&c);
	if (!address(line_word(&c, " "), &o->at.addr) || !number(line_word(&c, " "), UINT16_MAX, &port))
		return false;
	o->at.port = (uint16_t)port;
	o->has_size = number(line_word(&c, " "), UINT64_MAX, &o->size);
	return o->file.left > 0;
}

static void say(struct state *s, const struct offer *o, struct facts *facts)
{
	char kind[8];
	struct cursor c = o->kind;
	size_t n = 0;

	while (c.left > 0 && n < sizeof kind)
		kind[n++] = (char)(cur_u8(&c) | 0x20);
	facts_begin(facts);
	if (!s->told)
		fact_text(facts, FACT_FLOW_APP, "irc");
	s->told = true;
	fact_bytes(facts, IRC_DCC, cur_of(kind, n));
	fact_endpoint(facts, IRC_DCC_AT, &o->at);
	if (!line_is(&o->kind, "CHAT") && !line_is(&o->kind, "SCHAT")) {
		c = o->file;
		fact_bytes(facts, IRC_DCC_FILE, cur_take(&c, c.left < FILE_SHOWN ? c.left : FILE_SHOWN));
	}
	if (o->has_size)
		fact_uint(facts, IRC_DCC_SIZE, o->size);
}

static bool is_command(const struct cursor *word)
{
	static const char *const commands[] = {"PRIVMSG", "NOTICE", "PING", "PONG", "NICK", "USER", "PASS", "CAP", "JOIN", "PART", "QUIT",
		"MODE", "TOPIC", "WHO", "WHOIS", "ISON", "USERHOST", "AUTHENTICATE", "ERROR", "AWAY", "LIST", "NAMES", "KICK", "INVITE",
		"MOTD", "LUSERS", "PROTOCTL", "TAGMSG", "BATCH"};
	struct cursor c = *word;

	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if ((cur_peek_u8(word, 0) & 0xdf) == commands[i][0] && line_is(word, commands[i]))
			return true;
	if (c.left != 3)
		return false;
	for (unsigned i = 0; i < 3; i++) {
		uint8_t b = cur_u8(&c);

		if (b < '0' || b > '9')
			return false;
	}
	return true;
}

/* [@tags] [:who] command ...; false: it is no line of IRC's. */
static bool line(struct state *s, struct cursor c, struct facts *facts)
{
	struct cursor word, target, text;
	struct offer o;

	if (cur_peek_u8(&c, 0) == '@')
		(void)line_word(&c, " ");
	if (cur_peek_u8(&c, 0) == ':')
		(void)line_word(&c, " ");
	word = line_word(&c, " ");
	if (!is_command(&word))
		return false;
	if (!line_is(&word, "PRIVMSG"))
		return true;
	target = line_word(&c, " ");
	if (target.left == 0 || cur_u8(&c) != ':' || !cur_starts(&c, "\1DCC ", 5))
		return true;
	cur_skip(&c, 5);
	text = line_word(&c, "\1");
	if (offer_parse(&o, text))
		say(s, &o, facts);
	return true;
}

static bool begins(const struct input *in)
{
	struct cursor c = in->bytes, word;
	uint8_t b = cur_peek_u8(&c, 0);

	if (b == ':' || b == '@' || b == '\r' || b == '\n')
		return true;
	if (b < 'A' || b > 'z')
		return false;
	c.left = c.left < WORD_MOST ? c.left : WORD_MOST;
	word = line_word(&c, " \r\n");
	return c.left == 0 || is_command(&word);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct state *s = state;
	struct cursor *c = &in->bytes;
	unsigned way = in->from_local;

	if (in->gap)
		s->skipping[way] = true;	/* up to the end of the line that the gap is in */
	while (line_is_whole(c)) {
		struct cursor l = line_take(c);

		if (s->skipping[way]) {
			s->skipping[way] = false;
		} else if (l.left == 0 || line(s, l, facts)) {
			s->irc[way] = (uint8_t)(s->irc[way] + (l.left > 0 && s->irc[way] < UINT8_MAX));
		} else if (++s->strange[way] > STRANGE_MOST || s->irc[0] + s->irc[1] == 0) {
			return V_NO;
		}
	}
	if (c->left > LINE_MOST) {
		if (s->irc[0] + s->irc[1] == 0)
			return V_NO;
		s->skipping[way] = true;
		cur_skip(c, c->left);
	}
	return s->told || s->irc[0] >= KNOWN_AFTER || s->irc[1] >= KNOWN_AFTER ? V_YES : V_MORE;
}

const struct dissector irc_dissector = {
	.name = "irc",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct state),
	.tcp = {{':', ':'}, {'@', 'A'}, {'C', 'C'}, {'E', 'E'}, {'J', 'J'}, {'N', 'N'}, {'P', 'P'}, {'U', 'U'},
	    {'a', 'a'}, {'c', 'c'}, {'e', 'e'}, {'j', 'j'}, {'n', 'n'}, {'p', 'p'}, {'u', 'u'}},
	.begins = begins,
	.dissect = dissect,
};
