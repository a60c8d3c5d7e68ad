/* cursor.h -- a window on foreign bytes, and the only way this program reads them.
 *
 * A read past the end makes the cursor bad: it stays bad, is empty from then on, and every later
 * read gives 0. So read everything, then ask once. cur_take() cuts a window out of a window, and
 * what is parsed inside it cannot see past it. A cursor borrows: it never outlives the bytes.
 *
 * Loops walk `while (c.left > 0)`; a bad cursor is empty, so they end.
 */
#ifndef PW_CURSOR_H
#define PW_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *at;	/* next byte; never read directly outside this file */
	size_t left;		/* bytes from here to the end of the window */
	bool bad;		/* a read went past the end */
};

static inline struct cursor cur_of(const void *bytes, size_t len_bytes)
{
	return (struct cursor){.at = bytes, .left = len_bytes};
}

/* Make the cursor bad and empty. */
static inline void cur_fail(struct cursor *c)
{
	c->left = 0;
	c->bad = true;
}

static inline bool cur_has(struct cursor *c, size_t n)
{
	if (__builtin_expect(c->left >= n, 1))
		return true;
	cur_fail(c);
	return false;
}

static inline uint8_t cur_u8(struct cursor *c)
{
	uint8_t v;

	if (!cur_has(c, 1))
		return 0;
	v = *c->at;
	c->at += 1;
	c->left -= 1;
	return v;
}

static inline uint16_t cur_u16(struct cursor *c)
{
	uint16_t v;

	if (!cur_has(c, 2))
		return 0;
	memcpy(&v, c->at, 2);
	c->at += 2;
	c->left -= 2;
	return __builtin_bswap16(v);
}

static inline uint32_t cur_u32(struct cursor *c)
{
	uint32_t v;

	if (!cur_has(c, 4))
		return 0;
	memcpy(&v, c->at, 4);
	c->at += 4;
	c->left -= 4;
	return __builtin_bswap32(v);
}

static inline uint64_t cur_u64(struct cursor *c)
{
	uint64_t v;

	if (!cur_has(c, 8))
		return 0;
	memcpy(&v, c->at, 8);
	c->at += 8;
	c->left -= 8;
	return __builtin_bswap64(v);
}

/* The next n bytes as a window of their own; bad (and empty) if there are fewer. */
static inline struct cursor cur_take(struct cursor *c, size_t n)
{
	struct cursor window = {.at = c->at, .left = n};

	if (!cur_has(c, n))
		return (struct cursor){.at = c->at, .bad = true};
	c->at += n;
	c->left -= n;
	return window;
}

static inline void cur_skip(struct cursor *c, size_t n)
{
	if (cur_has(c, n)) {
		c->at += n;
		c->left -= n;
	}
}

/* Copy n bytes out; zeros if there are fewer. */
static inline void cur_copy(struct cursor *c, void *to, size_t n)
{
	if (!cur_has(c, n)) {
		memset(to, 0, n);
		return;
	}
	memcpy(to, c->at, n);
	c->at += n;
	c->left -= n;
}

/* Look without moving. A look past the end gives 0 and leaves the cursor good: looking is asking. */
static inline uint8_t cur_peek_u8(const struct cursor *c, size_t offset)
{
	return c->left > offset ? c->at[offset] : 0;
}

static inline uint16_t cur_peek_u16(const struct cursor *c, size_t offset)
{
	uint16_t v;

	if (c->left < 2 || c->left - 2 < offset)
		return 0;
	memcpy(&v, c->at + offset, 2);
	return __builtin_bswap16(v);
}

static inline uint32_t cur_peek_u32(const struct cursor *c, size_t offset)
{
	uint32_t v;

	if (c->left < 4 || c->left - 4 < offset)
		return 0;
	memcpy(&v, c->at + offset, 4);
	return __builtin_bswap32(v);
}

/* Does the window start with exactly these bytes? */
static inline bool cur_starts(const struct cursor *c, const void *bytes, size_t n)
{
	return c->left >= n && memcmp(c->at, bytes, n) == 0;
}

/* Bytes before the first one that is `b`; all that are left if none is. */
static inline size_t cur_find(const struct cursor *c, uint8_t b)
{
	const uint8_t *found = c->left > 0 ? memchr(c->at, b, c->left) : NULL;

	return found != NULL ? (size_t)(found - c->at) : c->left;
}

/* Move to where these bytes stand next, and behind them; false, and nothing has moved: nowhere. */
static inline bool cur_search(struct cursor *c, const void *bytes, size_t n)
{
	const uint8_t *at = c->left >= n && n > 0 ? (const uint8_t *)memmem(c->at, c->left, bytes, n) : NULL;

	if (at == NULL)
		return false;
	c->left -= (size_t)(at - c->at) + n;
	c->at = at + n;
	return true;
}

static inline bool cur_equal(const struct cursor *a, const struct cursor *b)
{
	return a->left == b->left && (a->left == 0 || memcmp(a->at, b->at, a->left) == 0);
}

#endif
