/* skype_http.c -- see skype_say.h: the little that Skype says in HTTP. ET 2001595, 2002157; Baset, Schulzrinne 2006; nmap's
 * skypev2-version; Bonfiglio et al. 2007. */
#include "skype_say.h"

enum { LINE_MOST = 512, LINES_MOST = 64, VERSION_MOST = 23, LANGUAGE_MOST = 8 };

bool skype_is_web(const struct cursor *c)
{
	static const char *const methods[] = {"GET ", "POST ", "HEAD ", "PUT "};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		size_t n = strlen(methods[i]);

		if (c->left > 0 && cur_starts(c, methods[i], n < c->left ? n : c->left))
			return true;
	}
	return false;
}

static uint8_t lower(uint8_t b)
{
	return b >= 'A' && b <= 'Z' ? (uint8_t)(b + 'a' - 'A') : b;
}

/* The text stands at this place, whatever its case. */
static bool stands(const struct cursor *c, size_t at, const char *text)
{
	size_t n = strlen(text);

	if (c->left < n || at > c->left - n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(cur_peek_u8(c, at + i)) != (uint8_t)text[i])
			return false;
	return true;
}

/* Move to behind the first place where it stands; false: it does not. */
static bool seek(struct cursor *c, const char *text)
{
	for (size_t at = 0; at < c->left; at++)
		if (lower(cur_peek_u8(c, at)) == (uint8_t)text[0] && stands(c, at, text)) {
			cur_skip(c, at + strlen(text));
			return true;
		}
	return false;
}

/* The next line without its end. */
static struct cursor line_of(struct cursor *c)
{
	size_t n = cur_find(c, '\n');
	struct cursor line;

	line = cur_take(c, n);
	if (c->left > 0)
		cur_skip(c, 1);
	if (n > 0 && cur_peek_u8(&line, n - 1) == '\r')
		line.left--;
	if (line.left > LINE_MOST)
		line.left = LINE_MOST;
	return line;
}

/* Digits, and points where a version is meant: as many as there are. */
static struct cursor number(struct cursor *c, bool points)
{
	struct cursor start = *c;
	size_t n = 0;

	while (n < c->left && n < VERSION_MOST &&
	    ((cur_peek_u8(c, n) >= '0' && cur_peek_u8(c, n) <= '9') || (points && cur_peek_u8(c, n) == '.')))
		n++;
	cur_skip(c, n);
	return cur_take(&start, n);
}

static bool skip_text(struct cursor *c, const char *text)
{
	if (!stands(c, 0, text))
		return false;
	cur_skip(c, strlen(text));
	return true;
}

/* "GET /ui/0/4.2.0.169/en/getlatestversion?ver=4.2.0.169", ".../installed": behind a number, the version and the language. */
static void check_of(struct skype_web *w, struct cursor line)
{
	if (!skip_text(&line, "get /ui/") || number(&line, false).left == 0 || !skip_text(&line, "/") ||
	    number(&line, true).left == 0 || !skip_text(&line, "/"))
		return;
	for (unsigned i = 0; i < LANGUAGE_MOST && line.left > 0 && cur_peek_u8(&line, 0) != '/'; i++)
		cur_skip(&line, 1);
	if (skip_text(&line, "/getlatestversion?ver=")) {
		w->check = true;
		w->version = number(&line, true);
	} else if (stands(&line, 0, "/installed")) {
		w->check = true;
	}
}

/* Its successors in name: the business client, and the service that previews links. */
static bool is_namesake(const struct cursor *agent)
{
	struct cursor a = *agent, b = *agent, c = *agent;

	return seek(&a, "skype for business") || seek(&b, "skypeuripreview") || seek(&c, "lync");
}

static void agent_of(struct skype_web *w, struct cursor line)
{
	struct cursor value = line, look;

	if (!stands(&line, 0, "user-agent:"))
		return;
	cur_skip(&value, strlen("user-agent:"));
	while (cur_peek_u8(&value, 0) == ' ')
		cur_skip(&value, 1);
	look = value;
	if (seek(&look, "skype") && !is_namesake(&value))
		w->agent = value;
}

bool skype_web(struct skype_web *w, struct cursor head)
{
	struct cursor line = line_of(&head);

	memset(w, 0, sizeof *w);
	check_of(w, line);
	for (unsigned i = 0; i < LINES_MOST && head.left > 0; i++) {
		line = line_of(&head);
		if (line.left == 0)
			break;
		agent_of(w, line);
	}
	return w->check || w->agent.left > 0;
}

bool skype_is_listener(const struct cursor *c)
{
	static const char *const answers[] = {"HTTP/1.0 404 Not Found\r\n\r\n", "HTTP/1.0 501 Not Implemented\r\n\r\n"};

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (c->left == strlen(answers[i]) && cur_starts(c, answers[i], c->left))
			return true;
	return false;
}
