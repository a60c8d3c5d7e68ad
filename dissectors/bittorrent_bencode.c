/* bittorrent_bencode.c -- see bittorrent_bencode.h. */
#include "bittorrent_bencode.h"

enum { DEEPEST = 16, LENGTH_DIGITS = 6, NUMBER_DIGITS = 19 };

static bool digit(uint8_t b)
{
	return b >= '0' && b <= '9';
}

static bool fail(struct cursor *c)
{
	cur_fail(c);
	return false;
}

/* Decimal digits up to and with `end`. */
static bool digits(struct cursor *c, char end, unsigned most, uint64_t *value)
{
	unsigned n = 0;
	uint8_t b;

	*value = 0;
	for (b = cur_u8(c); digit(b) && n < most; b = cur_u8(c), n++)
		*value = *value * 10 + (b - '0');
	if (c->bad || n == 0 || b != end)
		return fail(c);
	return true;
}

bool ben_string(struct cursor *c, struct cursor *string)
{
	uint64_t n;

	*string = cur_of("", 0);
	if (!digits(c, ':', LENGTH_DIGITS, &n))
		return false;
	*string = cur_take(c, n);
	return !c->bad;
}

bool ben_number(struct cursor *c, uint64_t *value)
{
	*value = 0;
	if (cur_u8(c) != 'i')
		return fail(c);
	return digits(c, 'e', NUMBER_DIGITS, value);
}

bool ben_takes(struct cursor *c, char byte)
{
	if (c->left == 0 || cur_peek_u8(c, 0) != byte)
		return false;
	cur_skip(c, 1);
	return true;
}

static bool skip_number(struct cursor *c)
{
	uint64_t ignored;

	cur_skip(c, 1);
	(void)ben_takes(c, '-');
	return digits(c, 'e', NUMBER_DIGITS, &ignored);
}

bool ben_skip(struct cursor *c)
{
	struct cursor ignored;
	unsigned depth = 0;

	do {
		uint8_t b = cur_peek_u8(c, 0);

		if (c->left == 0)
			return fail(c);
		if (b == 'e' && depth > 0) {
			depth--;
			cur_skip(c, 1);
		} else if (b == 'l' || b == 'd') {
			if (++depth > DEEPEST)
				return fail(c);
			cur_skip(c, 1);
		} else if (b == 'i') {
			if (!skip_number(c))
				return false;
		} else if (!ben_string(c, &ignored)) {
			return false;
		}
	} while (depth > 0);
	return !c->bad;
}

bool ben_value(struct cursor *c, struct cursor *whole)
{
	struct cursor start = *c;

	*whole = cur_of("", 0);
	if (!ben_skip(c))
		return false;
	*whole = cur_take(&start, start.left - c->left);
	return true;
}

bool ben_is(const struct cursor *string, const char *text)
{
	size_t n = strlen(text);

	return string->left == n && cur_starts(string, text, n);
}
