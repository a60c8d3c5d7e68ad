/* xmpp.c -- XMPP in the clear: files that users offer each other, and the hosts where they wait for the connection.
 * RFC 6120, XEP-0047, XEP-0065, XEP-0096, XEP-0166, XEP-0234, XEP-0260, XEP-0261.
 *
 * Only tags are looked at, and of these only the namespaces of file transfer, the hosts of streams and the files' sizes. What users write is not.
 */
#include "dissector.h"
#include "line.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 16,
	TAG_MOST = 4096,		/* longer ones are skipped */
	HOSTS_TOLD = 8,
};

enum { XMPP_FILE = FACT_OWN, XMPP_HOST, XMPP_SIZE, XMPP_INBAND };

static const struct fact_def fact_defs[] = {
	{"xmpp.file", FACT_BYTES, "a file is offered or accepted: jingle, si"},
	{"xmpp.file_host", FACT_ENDPOINT, "where one end waits for the stream"},
	{"xmpp.file_size", FACT_UINT, "the file's size in bytes"},
	{"xmpp.inband", FACT_FLAG, "the file goes through the server, piece by piece"},
};

struct state {
	bool xmpp, file[2], inband;	/* by from_local */
	bool skipping[2];
	bool began[2];
	bool app_told;
	uint8_t hosts;
};

static bool has(struct cursor c, const char *text)
{
	size_t n = strlen(text);

	for (; c.left >= n; cur_skip(&c, 1))
		if (cur_starts(&c, text, n))
			return true;
	return false;
}

/* name='value' or name="value"; `name` has the equals sign and begins with a space. */
static bool attribute(struct cursor tag, const char *name, struct cursor *value)
{
	size_t n = strlen(name);

	for (; tag.left > n; cur_skip(&tag, 1)) {
		uint8_t quote;
		char ends[2] = {0};

		if (!cur_starts(&tag, name, n))
			continue;
		cur_skip(&tag, n);
		quote = cur_u8(&tag);
		if (quote != '\'' && quote != '"')
			return false;
		ends[0] = (char)quote;
		*value = line_word(&tag, ends);
		return true;
	}
	return false;
}

static void begin(struct state *s, struct facts *facts)
{
	facts_begin(facts);
	if (!s->app_told)
		fact_text(facts, FACT_FLOW_APP, "xmpp");
	s->app_told = true;
}

static void file(struct state *s, bool from_local, const char *how, struct facts *facts)
{
	if (s->file[from_local])
		return;
	s->file[from_local] = true;
	begin(s, facts);
	fact_text(facts, XMPP_FILE, how);
}

static void host(struct state *s, struct cursor tag, struct facts *facts)
{
	struct cursor name, number;
	struct endpoint at;
	uint32_t port;

	if (s->hosts >= HOSTS_TOLD || !attribute(tag, " host=", &name) || !attribute(tag, " port=", &number) ||
	    !line_addr(name, &at.addr) || !line_number(&number, UINT16_MAX, &port) || port == 0)
		return;
	at.port = (uint16_t)port;
	s->hosts++;
	begin(s, facts);
	fact_endpoint(facts, XMPP_HOST, &at);
}

/* A tag without its brackets. False: it is the end of what can be read. */
static bool tag(struct state *s, bool from_local, struct cursor c, struct facts *facts)
{
	struct cursor size;
	uint32_t n;

	if (cur_starts(&c, "stream:stream", 13) || has(c, "http://etherx.jabber.org/streams"))
		s->xmpp = true;
	if (cur_starts(&c, "proceed", 7) && has(c, "urn:ietf:params:xml:ns:xmpp-tls"))
		return false;
	if (has(c, "urn:xmpp:jingle:apps:file-transfer:"))
		file(s, from_local, "jingle", facts);
	else if (has(c, "http://jabber.org/protocol/si/profile/file-transfer"))
		file(s, from_local, "si", facts);
	if (!s->inband && (s->file[0] || s->file[1]) && cur_starts(&c, "open", 4) && has(c, "http://jabber.org/protocol/ibb")) {
		s->inband = true;
		begin(s, facts);
		fact_flag(facts, XMPP_INBAND);
	}
	if (cur_starts(&c, "streamhost ", 11) || cur_starts(&c, "candidate ", 10))
		host(s, c, facts);
	if (cur_starts(&c, "file ", 5) && attribute(c, " size=", &size) && line_number(&size, UINT32_MAX, &n)) {
		begin(s, facts);
		fact_uint(facts, XMPP_SIZE, n);
	}
	return true;
}

/* The next tag, up to and with '>'; false: it is not whole yet. */
static bool next_tag(struct cursor *c, struct cursor *tag)
{
	size_t n = 0;

	while (c->left > 0 && cur_peek_u8(c, 0) != '<')
		cur_skip(c, 1);
	while (n < c->left && cur_peek_u8(c, n) != '>')
		n++;
	if (n == c->left)
		return false;
	*tag = cur_take(c, n + 1);
	cur_skip(tag, 1);
	tag->left--;
	return true;
}

/* Space may go before the tag. */
static bool begins(const struct input *in)
{
	struct cursor c = in->bytes;
	size_t n = cur_find(&c, '<') + 1;

	if (n >= c.left)
		return true;
	cur_skip(&c, n);
	return cur_starts(&c, "?xml", c.left < 4 ? c.left : 4) || cur_starts(&c, "stream:stream", c.left < 13 ? c.left : 13);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct state *s = state;
	struct cursor *c = &in->bytes, t;
	bool *skipping = &s->skipping[in->from_local];

	if (in->gap && !s->xmpp)
		return V_NO;
	if (!s->xmpp && !s->began[in->from_local] && c->left > 0) {
		if (cur_peek_u8(c, 0) != '<')
			return V_NO;
		s->began[in->from_local] = true;
	}
	while (*skipping && c->left > 0)
		*skipping = cur_u8(c) != '>';
	while (next_tag(c, &t)) {
		if (!s->xmpp && !cur_starts(&t, "?xml", 4) && !cur_starts(&t, "stream:stream", 13))
			return V_NO;
		if (!tag(s, in->from_local, t, facts))
			return s->app_told ? V_DONE : V_NO;
	}
	if (c->left > TAG_MOST) {
		*skipping = true;
		cur_skip(c, c->left);
	}
	return s->xmpp ? V_YES : V_MORE;
}

const struct dissector xmpp_dissector = {
	.name = "xmpp",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.state_size = sizeof(struct state),
	.tcp = {{'<', '<'}},
	.begins = begins,
	.from_start = true,
	.dissect = dissect,
};
