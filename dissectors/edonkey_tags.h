/* edonkey_tags.h -- the lists of tags at the end of many of eDonkey's messages. All numbers have their least byte first. */
#ifndef PW_EDONKEY_TAGS_H
#define PW_EDONKEY_TAGS_H

#include "../sensor/base/cursor.h"

enum { EDONKEY_TAGS_MOST = 64 };

static inline uint16_t ed_u16(struct cursor *c)
{
	return __builtin_bswap16(cur_u16(c));
}

static inline uint32_t ed_u32(struct cursor *c)
{
	return __builtin_bswap32(cur_u32(c));
}

/* Take n tags. False if there is something else: the cursor is then bad. */
bool ed_tags(struct cursor *, uint32_t n);

#endif
