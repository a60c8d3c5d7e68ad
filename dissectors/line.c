/* line.c -- see line.h. */
#include "line.h"

#include "../sensor/base/hash.h"

static uint8_t lower(uint8_t b)
{
	return b >= 'A' && b <= 'Z' ? (uint8_t)(b + 32) : b;
}

static bool is_blank(uint8_t b)
{
	return b == ' ' || b == '\t';
}

struct cursor line_take(struct cursor *c)
{
	size_t n = cur_find(c, '\n');
	struct cursor line = cur_take(c, n);

	if (c->left > 0)
		cur_skip(c, 1);
	if (n > 0 && cur_peek_u8(&line, n - 1) == '\r')
		line.left--;
	return line;
}

bool line_is_whole(const struct cursor *c)
{
	return cur_find(c, '\n') < c->left;
}

size_t line_header_bytes(const struct cursor *whole)
{
	struct cursor c = *whole;

	while (line_is_whole(&c)) {
		struct cursor line = line_take(&c);

		if (line.left == 0)
			return whole->left - c.left;
	}
	return 0;
}

static bool is_one_of(uint8_t b, const char *set)
{
	return b != 0 && strchr(set, b) != NULL;
}

struct cursor line_word(struct cursor *c, const char *ends)
{
	size_t n = 0;
	struct cursor word;

	while (c->left > 0 && is_blank(cur_peek_u8(c, 0)))
		cur_skip(c, 1);
	while (n < c->left && !is_one_of(cur_peek_u8(c, n), ends))
		n++;
	word = cur_take(c, n);
	if (c->left > 0)
		cur_skip(c, 1);
	return word;
}

struct cursor line_trim(struct cursor c)
{
	while (c.left > 0 && is_blank(cur_peek_u8(&c, 0)))
		cur_skip(&c, 1);
	while (c.left > 0 && is_blank(cur_peek_u8(&c, c.left - 1)))
		c.left--;
	return c;
}

bool line_begins(const struct cursor *c, const char *want)
{
	size_t n = strlen(want);

	if (c->left < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(cur_peek_u8(c, i)) != lower((uint8_t)want[i]))
			return false;
	return true;
}

bool line_is(const struct cursor *c, const char *want)
{
	return c->left == strlen(want) && line_begins(c, want);
}

bool line_is_exact(const struct cursor *c, const char *want)
{
	return c->left == strlen(want) && cur_starts(c, want, c->left);
}

bool line_is_clean(struct cursor c)
{
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		if (b < 0x20 ? b != '\t' : b == 0x7f)
			return false;
	}
	return true;
}

bool line_number(struct cursor *c, uint32_t most, uint32_t *to)
{
	uint64_t n = 0;
	size_t digits = 0;

	while (cur_peek_u8(c, 0) >= '0' && cur_peek_u8(c, 0) <= '9') {
		n = n * 10 + (uint64_t)(cur_u8(c) - '0');
		if (n > most)
			return false;
		digits++;
	}
	*to = (uint32_t)n;
	return digits > 0;
}

bool line_addr(struct cursor c, struct addr *to)
{
	char text[ADDR_TEXT];
	size_t n;

	if (c.left > 2 && cur_peek_u8(&c, 0) == '[' && cur_peek_u8(&c, c.left - 1) == ']') {
		cur_skip(&c, 1);
		c.left--;
	}
	n = c.left;
	if (n == 0 || n >= sizeof text)
		return false;
	cur_copy(&c, text, n);
	text[n] = '\0';
	return strlen(text) == n && addr_parse(text, to);
}

bool line_endpoint(struct cursor c, struct endpoint *to)
{
	struct cursor host;
	uint32_t port = 0;

	if (cur_peek_u8(&c, 0) == '[') {
		cur_skip(&c, 1);
		host = line_word(&c, "]");
		if (c.left > 0 && cur_u8(&c) != ':')
			return false;
	} else {
		host = line_word(&c, ":");
	}
	if (c.left > 0 && (!line_number(&c, UINT16_MAX, &port) || c.left > 0))
		return false;
	to->port = (uint16_t)port;
	return line_addr(host, &to->addr);
}

uint64_t line_hash(uint64_t start, struct cursor c)
{
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		start = hash_fixed(start, &b, 1);
	}
	return start;
}
