/* bittorrent_bencode.h -- BitTorrent's notation (BEP 3): `i42e`, `4:spam`, `l...e`, `d...e`. Read in place, never built. */
#ifndef PW_BITTORRENT_BENCODE_H
#define PW_BITTORRENT_BENCODE_H

#include "../sensor/base/cursor.h"

/* Each takes one value from the front of the window. False: it is no such value; the cursor is then bad. */
bool ben_string(struct cursor *, struct cursor *string);
bool ben_number(struct cursor *, uint64_t *);		/* not negative */
bool ben_skip(struct cursor *);				/* any value, nested at most 16 deep */
bool ben_value(struct cursor *, struct cursor *whole);	/* any value, as it stands */

/* Is the next byte this one ('d', 'l', 'e')? Then it is taken. */
bool ben_takes(struct cursor *, char);

/* Does the string say this? */
bool ben_is(const struct cursor *, const char *);

#endif
