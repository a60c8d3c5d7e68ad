/* skype_name.c -- see skype_say.h: RFC 1035, 4.1, as much of it as one question takes. */
#include "skype_say.h"

#include <stdio.h>

enum { HEADER = 12, BEHIND = 4, OPTION = 11, LABELS = 5, LABEL_MOST = 5 };

/* ".r.skype.net", as labels. */
static const uint8_t suffix[] = {1, 'r', 5, 's', 'k', 'y', 'p', 'e', 3, 'n', 'e', 't', 0};

static uint8_t lower(uint8_t b)
{
	return b >= 'A' && b <= 'Z' ? (uint8_t)(b + 'a' - 'A') : b;
}

/* The question ends at `end`. */
static bool ends(const struct cursor *c, size_t end)
{
	if (end > c->left || end < HEADER + sizeof suffix + BEHIND)
		return false;
	for (size_t i = 0; i < sizeof suffix; i++)
		if (lower(cur_peek_u8(c, end - BEHIND - sizeof suffix + i)) != suffix[i])
			return false;
	return true;
}

/* A query with one question, perhaps with an OPT record behind it. */
bool skype_is_name(const struct cursor *c)
{
	return cur_peek_u16(c, 4) == 1 && cur_peek_u16(c, 6) == 0 &&
	    (ends(c, c->left) || (cur_peek_u16(c, 10) == 1 && c->left > OPTION && ends(c, c->left - OPTION)));
}

/* A label of digits. */
static bool number(struct cursor *c, unsigned *to)
{
	uint8_t n = cur_u8(c);
	unsigned v = 0;

	if (n == 0 || n > LABEL_MOST)
		return false;
	for (; n > 0; n--) {
		uint8_t b = cur_u8(c);

		if (b < '0' || b > '9')
			return false;
		v = v * 10 + (b - '0');
	}
	*to = v;
	return !c->bad;
}

bool skype_name(struct cursor c, char version[static SKYPE_VERSION])
{
	unsigned v[LABELS];
	struct cursor label;

	if (!skype_is_name(&c))
		return false;
	cur_skip(&c, HEADER);
	for (unsigned i = 0; i < LABELS; i++)
		if (!number(&c, &v[i]))
			return false;
	label = cur_take(&c, cur_u8(&c));
	if (c.bad || label.left < 3 || !cur_starts(&label, "rst", 3))
		return false;
	snprintf(version, SKYPE_VERSION, "%u.%u.%u.%u", v[3], v[2], v[1], v[0]);
	return true;
}
