/* line.h -- lines and words of protocols that are text. Nothing is copied: all are windows on the packet. */
#ifndef PW_LINE_H
#define PW_LINE_H

#include "../sensor/base/addr.h"
#include "../sensor/base/cursor.h"

/* The next line, without its end (CR LF, or LF alone); the last one may have none. */
struct cursor line_take(struct cursor *);
/* Is there a whole line, with its end? */
bool line_is_whole(const struct cursor *);
/* Where the empty line that ends a header is: bytes up to behind it, 0 if there is none (yet). */
size_t line_header_bytes(const struct cursor *);

/* The next word, up to one of these characters, which is taken, too; at the end of the window the rest. Spaces before it are left
 * out. */
struct cursor line_word(struct cursor *, const char *ends);
/* Without spaces and tabs around it. */
struct cursor line_trim(struct cursor);

bool line_is(const struct cursor *, const char *);		/* the same text, but for upper and lower case */
bool line_begins(const struct cursor *, const char *);		/* the same */
bool line_is_exact(const struct cursor *, const char *);
/* All of it printable ASCII, or UTF-8's bytes above. */
bool line_is_clean(struct cursor);

/* The number it begins with, taken; false: there is none, or it is above `most`. */
bool line_number(struct cursor *, uint32_t most, uint32_t *);
/* All of it an address, an IPv6 one with or without brackets. */
bool line_addr(struct cursor, struct addr *);
/* "host", "host:port", "[v6]:port"; port 0 if there is none. False: the host is no address, or something follows. */
bool line_endpoint(struct cursor, struct endpoint *);

/* FNV, the same everywhere. */
uint64_t line_hash(uint64_t start, struct cursor);

#endif
