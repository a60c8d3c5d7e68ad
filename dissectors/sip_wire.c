/* sip_wire.c -- see sip_wire.h. */
#include "sip_wire.h"

enum { METHOD_MIN = 3, METHOD_MAX = 16, ANSWER_BYTES = 12, NEEDED = 3 };

static const char version[] = "SIP/2.0";

static bool is_method_byte(uint8_t b)
{
	return b >= 'A' && b <= 'Z';
}

/* "METHOD URI SIP/2.0" (RFC 3261, 7.1). Methods are tokens; all that are in use are capitals. */
static enum sip_start request(const struct cursor *c)
{
	struct cursor line = *c, end;
	size_t n = 0, method;

	while (n < METHOD_MAX + 1 && is_method_byte(cur_peek_u8(&line, n)))
		n++;
	if (n == line.left && n <= METHOD_MAX)
		return SIP_PERHAPS;
	if (n < METHOD_MIN || n > METHOD_MAX || cur_peek_u8(&line, n) != ' ')
		return SIP_NO;
	method = n;
	n = cur_find(&line, '\n');
	if (n == line.left)
		return n < SIP_LINE_MAX ? SIP_PERHAPS : SIP_NO;
	line.left = n > 0 && cur_peek_u8(&line, n - 1) == '\r' ? n - 1 : n;
	if (line.left < method + 2 + sizeof version)
		return SIP_NO;
	end = line;
	cur_skip(&end, line.left - sizeof version);	/* with the space before it */
	return cur_u8(&end) == ' ' && line_is(&end, version) && line_is_clean(line) ? SIP_REQUEST : SIP_NO;
}

enum sip_start sip_begins(const struct cursor *c)
{
	size_t n = c->left < sizeof version - 1 ? c->left : sizeof version - 1;

	if (!cur_starts(c, version, n))
		return request(c);
	if (c->left < ANSWER_BYTES)
		return SIP_PERHAPS;
	/* "SIP/2.0 200 OK" (7.2) */
	if (cur_peek_u8(c, 7) != ' ' || cur_peek_u8(c, 8) < '1' || cur_peek_u8(c, 8) > '6')
		return SIP_NO;
	for (unsigned i = 9; i < 11; i++)
		if (cur_peek_u8(c, i) < '0' || cur_peek_u8(c, i) > '9')
			return SIP_NO;
	return SIP_ANSWER;
}

/* The URI of `"Name" <sip:alice@example.org;transport=udp>;tag=x`, without its parameters. */
static struct cursor uri(struct cursor v)
{
	struct cursor in = v;
	size_t open;

	if (cur_peek_u8(&in, 0) == '"') {	/* a name may have a bracket in it */
		cur_skip(&in, 1);
		line_word(&in, "\"");
	}
	open = cur_find(&in, '<');
	if (open < in.left) {
		cur_skip(&in, open + 1);
		in = line_word(&in, ">");
	} else {
		in = v;
	}
	return line_trim(line_word(&in, ";?"));
}

/* "sip:bob@203.0.113.9:5060" */
static bool uri_endpoint(struct cursor u, struct endpoint *to)
{
	struct cursor scheme = line_word(&u, ":");
	size_t at = cur_find(&u, '@');

	if (!line_is(&scheme, "sip") && !line_is(&scheme, "sips"))
		return false;
	if (at < u.left)
		cur_skip(&u, at + 1);
	return line_endpoint(u, to);
}

static void cseq(struct sip_message *m, struct cursor v)
{
	if (!line_number(&v, UINT32_MAX, &m->cseq))
		return;
	m->cseq_method = line_trim(v);
}

/* Full names, and the short forms of 7.3.3. */
static void header(struct sip_message *m, struct cursor name, struct cursor v)
{
	uint32_t n;

	if (line_is(&name, "Call-ID") || line_is(&name, "i")) {
		m->call_id = v;
	} else if (line_is(&name, "CSeq")) {
		cseq(m, v);
	} else if (line_is(&name, "Via") || line_is(&name, "v")) {
		m->proxied |= m->has_via || cur_find(&v, ',') < v.left;
		m->has_via |= line_begins(&v, "SIP");
	} else if (line_is(&name, "Record-Route")) {
		m->proxied = true;
	} else if (line_is(&name, "From") || line_is(&name, "f")) {
		m->from = uri(v);
	} else if (line_is(&name, "To") || line_is(&name, "t")) {
		m->to = uri(v);
	} else if (line_is(&name, "Contact") || line_is(&name, "m")) {
		if (m->contact.port == 0 && addr_is_unspecified(&m->contact.addr) && !uri_endpoint(uri(v), &m->contact))
			m->contact = (struct endpoint){.port = 0};
	} else if (line_is(&name, "User-Agent") || line_is(&name, "Server")) {
		if (m->agent.left == 0)
			m->agent = v;
	} else if (line_is(&name, "Content-Length") || line_is(&name, "l")) {
		m->has_length = line_number(&v, SIP_BODY_MAX, &n) && v.left == 0;
		m->length = m->has_length ? n : 0;
	}
}

static void first_line(struct sip_message *m, struct cursor line, enum sip_start start)
{
	struct cursor word = line_word(&line, " ");

	if (start == SIP_REQUEST)
		m->method = word;
	else
		line_number(&line, 999, &m->status);
}

bool sip_parse(struct sip_message *m, struct cursor c)
{
	enum sip_start start = sip_begins(&c);
	struct cursor whole = c;
	unsigned have;

	memset(m, 0, sizeof *m);
	if (start != SIP_REQUEST && start != SIP_ANSWER)
		return false;
	first_line(m, line_take(&c), start);
	for (unsigned n = 0; c.left > 0 && n < SIP_HEADERS; n++) {
		struct cursor line = line_take(&c), name;

		if (line.left == 0)
			break;
		if (cur_peek_u8(&line, 0) == ' ' || cur_peek_u8(&line, 0) == '\t')
			continue;	/* the one before goes on (7.3.1): what we read stands in the first line of each */
		name = line_word(&line, ":");
		header(m, line_trim(name), line_trim(line));
	}
	m->header_bytes = whole.left - c.left;
	m->body = c;
	if (m->has_length && m->length < m->body.left)
		m->body.left = m->length;
	have = m->has_via + (m->call_id.left > 0) + (m->cseq_method.left > 0) + (m->from.left > 0) + (m->to.left > 0);
	return have >= NEEDED && m->call_id.left > 0;
}
