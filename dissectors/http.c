/* http.c -- plain HTTP/1: the first request of a connection, for whom it asks and with what. RFC 9110, 9112.
 *
 * Only the head of the request is read, and nothing after it.
 */
#include "dissector.h"

#include <netinet/in.h>

enum {
	GIVE_UP = 24,			/* stretches until the head is whole */
	HEAD_MOST = 8192,		/* longer heads are read so far */
	METHOD_MOST = 16,
	TARGET_SHOWN = 256,
};

enum http_fact { HTTP_METHOD = FACT_OWN, HTTP_TARGET, HTTP_USER_AGENT };

static const struct fact_def fact_defs[] = {
	{"http.method", FACT_BYTES, "method of a connection's first request: GET, POST, CONNECT, ..."},
	{"http.target", FACT_BYTES, "what it asks for: path and query, or an address"},
	{"http.user_agent", FACT_BYTES, "User-Agent of that request"},
};

struct head {
	struct cursor method, target, host, user_agent;
};

/* The next line, without its end; *whole: its end is there. */
static struct cursor next_line(struct cursor *c, bool *whole)
{
	struct cursor line;
	size_t n = cur_find(c, '\n');

	*whole = n < c->left;
	line = cur_take(c, n);
	if (*whole)
		cur_skip(c, 1);
	if (line.left > 0 && cur_peek_u8(&line, line.left - 1) == '\r')
		line.left--;
	return line;
}

static struct cursor next_word(struct cursor *line)
{
	size_t n = 0;
	struct cursor word;

	while (n < line->left && cur_peek_u8(line, n) != ' ')
		n++;
	word = cur_take(line, n);
	if (line->left > 0)
		cur_skip(line, 1);
	return word;
}

static void trim(struct cursor *c)
{
	while (c->left > 0 && (cur_peek_u8(c, 0) == ' ' || cur_peek_u8(c, 0) == '\t'))
		cur_skip(c, 1);
	while (c->left > 0 && (cur_peek_u8(c, c->left - 1) == ' ' || cur_peek_u8(c, c->left - 1) == '\t'))
		c->left--;
}

/* Is it this field? `name` in small letters. Leaves its value. */
static bool is_field(struct cursor *line, const char *name)
{
	size_t n = strlen(name);

	if (cur_peek_u8(line, n) != ':')
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t b = cur_peek_u8(line, i);

		if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != (uint8_t)name[i])
			return false;
	}
	cur_skip(line, n + 1);
	trim(line);
	return true;
}

/* Capital letters, a space: the beginning of a request, as far as it is there. */
static bool request_begins(const struct cursor *c, bool *sure)
{
	size_t n = 0;

	while (n < c->left && n <= METHOD_MOST && cur_peek_u8(c, n) >= 'A' && cur_peek_u8(c, n) <= 'Z')
		n++;
	*sure = n < c->left;
	return !*sure || (n >= 3 && n <= METHOD_MOST && cur_peek_u8(c, n) == ' ');
}

static bool is_version(const struct cursor *c)
{
	return c->left == 8 && (cur_starts(c, "HTTP/1.1", 8) || cur_starts(c, "HTTP/1.0", 8));
}

/* False: it is none. *whole: the empty line that ends it is there. */
static bool read_head(struct cursor c, struct head *h, bool *whole)
{
	struct cursor line = next_line(&c, whole);

	*h = (struct head){0};
	if (!*whole)
		return true;
	h->method = next_word(&line);
	h->target = next_word(&line);
	if (!is_version(&line) || h->target.left == 0)
		return false;
	for (;;) {
		line = next_line(&c, whole);
		if (!*whole || line.left == 0)
			return true;
		if (h->host.left == 0 && is_field(&line, "host"))
			h->host = line;
		else if (h->user_agent.left == 0 && is_field(&line, "user-agent"))
			h->user_agent = line;
	}
}

/* Without the port; an address in brackets stays as it is. */
static struct cursor host_alone(struct cursor host)
{
	for (size_t i = host.left; i-- > 0; ) {
		uint8_t b = cur_peek_u8(&host, i);

		if (b == ':')
			host.left = i;
		if (b < '0' || b > '9')
			break;
	}
	return host;
}

static void say(const struct head *h, struct facts *f)
{
	/* A proxy is asked for somebody else. */
	struct cursor host = host_alone(cur_starts(&h->method, "CONNECT", 7) ? h->target : h->host), target = h->target;

	facts_begin(f);
	fact_text(f, FACT_FLOW_APP, "http");
	if (host.left > 0 && host.left <= 255) {
		fact_bytes(f, FACT_HOST, host);
		fact_text(f, FACT_HOST_FROM, "http");
	}
	fact_bytes(f, HTTP_METHOD, h->method);
	if (target.left > TARGET_SHOWN)
		target.left = TARGET_SHOWN;
	fact_bytes(f, HTTP_TARGET, target);
	if (h->user_agent.left > 0)
		fact_bytes(f, HTTP_USER_AGENT, h->user_agent);
}

static bool begins(const struct input *in)
{
	bool sure;

	return request_begins(&in->bytes, &sure);
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	struct head h;
	bool whole, sure;

	(void)state;
	if (!request_begins(&in->bytes, &sure))
		return V_NO;
	if (!sure)
		return V_MORE;
	if (!read_head(in->bytes, &h, &whole))
		return V_NO;
	if (!whole && (h.method.left == 0 || (in->bytes.left < HEAD_MOST && !in->ended)))
		return in->bytes.left < HEAD_MOST && !in->ended ? V_MORE : V_NO;
	say(&h, facts);
	return V_DONE;
}

const struct dissector http_dissector = {
	.name = "http",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_TCP,
	.give_up = GIVE_UP,
	.glance = true,
	.tcp = {{'A', 'Z'}},
	.begins = begins,
	.hint = true,
	.dissect = dissect,
};
