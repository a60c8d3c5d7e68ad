/* payload_index.h -- lines that ask for a flow's first bytes, filed by what is constant in them.
 *
 * Each pattern is filed by its longest run of whole constant bytes (8 at most), and in a table of 256: which runs ("shapes": offset and
 * length) can fit at all behind this first byte. So a look costs one load, and a hash probe for each shape that is left.
 */
#ifndef PW_PAYLOAD_INDEX_H
#define PW_PAYLOAD_INDEX_H

#include "pattern.h"
#include "payload.h"

struct payload_index;

struct payload_index *payload_index_new(void);
void payload_index_free(struct payload_index *);

/* File a line. *bits is how much it fixes at least, of random bytes. NULL, or why it cannot be filed. */
const char *payload_index_add(struct payload_index *, const struct program *, uint32_t expr, uint32_t line, bool inside, unsigned *bits);
void payload_index_finish(struct payload_index *);

bool payload_index_wanted(const struct payload_index *, uint8_t ip_proto, bool inside);

/* Called with each line that these bytes may make hold, perhaps more than once. */
typedef void (*payload_visit)(void *ctx, uint32_t line);
/* proto: one PATTERN_ bit; a datagram's length, too. visit NULL: the answer alone. FIT_MORE only for streams. */
enum fit payload_index_look(const struct payload_index *, unsigned proto, struct cursor, uint32_t len_bytes, payload_visit, void *ctx);

#endif
