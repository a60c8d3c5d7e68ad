/* upnp_text.c -- see upnp_text.h. */
#include "upnp_text.h"

bool upnp_starts(const struct cursor *c, const char *text)
{
	return cur_starts(c, text, strlen(text));
}

bool upnp_is(struct cursor c, const char *text)
{
	return c.left == strlen(text) && upnp_starts(&c, text);
}

bool upnp_holds(struct cursor c, const char *text)
{
	return cur_search(&c, text, strlen(text));
}

struct cursor upnp_line(struct cursor *c)
{
	struct cursor line = cur_take(c, cur_find(c, '\n'));

	if (c->left > 0)
		cur_skip(c, 1);
	if (line.left > 0 && cur_peek_u8(&line, line.left - 1) == '\r')
		line.left--;
	return line;
}

struct cursor upnp_head(struct cursor *c)
{
	struct cursor whole = *c, head = *c;

	for (size_t n = 0; n < whole.left; n++) {
		if (cur_peek_u8(&whole, n) != '\n')
			continue;
		if (cur_peek_u8(&whole, n + 1) == '\n' || (cur_peek_u8(&whole, n + 1) == '\r' && cur_peek_u8(&whole, n + 2) == '\n')) {
			head = cur_take(c, n + 1);
			cur_skip(c, cur_peek_u8(c, 0) == '\n' ? 1 : 2);
			return head;
		}
	}
	cur_fail(&head);
	return head;
}

static struct cursor trimmed(struct cursor c)
{
	while (c.left > 0 && (cur_peek_u8(&c, 0) == ' ' || cur_peek_u8(&c, 0) == '\t'))
		cur_skip(&c, 1);
	while (c.left > 0 && (cur_peek_u8(&c, c.left - 1) == ' ' || cur_peek_u8(&c, c.left - 1) == '\t'))
		c.left--;
	return c;
}

static uint8_t lower(uint8_t b)
{
	return b >= 'A' && b <= 'Z' ? (uint8_t)(b | 0x20) : b;
}

struct cursor upnp_header(struct cursor head, const char *name)
{
	size_t n = strlen(name), i;

	while (head.left > 0) {
		struct cursor line = upnp_line(&head);

		for (i = 0; i < n && line.left > n && lower(cur_peek_u8(&line, i)) == lower((uint8_t)name[i]); i++)
			;
		if (i == n && cur_peek_u8(&line, n) == ':') {
			cur_skip(&line, n + 1);
			return trimmed(line);
		}
	}
	return cur_of("", 0);
}

unsigned upnp_status(struct cursor head)
{
	struct cursor line = upnp_line(&head);
	unsigned status = 0;

	while (line.left > 0 && cur_u8(&line) != ' ')
		;
	for (unsigned i = 0; i < 3; i++) {
		uint8_t b = cur_u8(&line);

		if (b < '0' || b > '9')
			return 0;
		status = status * 10 + b - '0';
	}
	return status;
}

/* <name>value</name> or <name attributes>value</name>; `c` is behind the "<". */
static bool opens(struct cursor *c, const char *name)
{
	size_t n = strlen(name);
	uint8_t after = cur_peek_u8(c, n);

	if (!cur_starts(c, name, n) || (after != '>' && after != ' ' && after != '\t' && after != '\r' && after != '\n'))
		return false;
	while (c->left > 0 && cur_u8(c) != '>')
		;
	return true;
}

struct cursor upnp_element(struct cursor xml, const char *name)
{
	while (xml.left > 0) {
		struct cursor value;
		size_t n = 0;

		if (cur_u8(&xml) != '<' || !opens(&xml, name))
			continue;
		value = xml;
		while (n < value.left && cur_peek_u8(&value, n) != '<')
			n++;
		return trimmed(cur_take(&value, n));
	}
	return cur_of("", 0);
}

bool upnp_number(struct cursor text, uint64_t *v)
{
	*v = 0;
	text = trimmed(text);
	if (text.left == 0 || text.left > 10)
		return false;
	while (text.left > 0) {
		uint8_t b = cur_u8(&text);

		if (b < '0' || b > '9')
			return false;
		*v = *v * 10 + b - '0';
	}
	return true;
}
