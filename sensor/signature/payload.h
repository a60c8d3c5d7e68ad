/* payload.h -- do the first bytes of a flow fit a signature? What a worker asks, for nearly every flow: so a byte or two that nobody
 * wants are an answer by themselves, and the number of signatures does not count.
 */
#ifndef PW_PAYLOAD_H
#define PW_PAYLOAD_H

#include "../facts/facts.h"

struct signatures;

enum { PAYLOAD_BYTES = 64 };	/* what the fact `payload` holds at most */

enum fit {
	FIT_NO,			/* whatever comes behind them */
	FIT_MORE,		/* with more bytes perhaps */
	FIT_YES,		/* perhaps: payload_holds() knows */
};

/* Is there a signature for the first bytes of such flows at all? inside: both ends are. set may be NULL. */
bool payload_wanted(const struct signatures *, uint8_t ip_proto, bool inside);

/* A datagram of len_bytes on the wire (nested: a relay wrapped it), or the beginning of one direction of a stream. Only the first PAYLOAD_BYTES count. */
enum fit payload_fits_datagram(const struct signatures *, struct cursor, uint32_t len_bytes, bool nested);
enum fit payload_fits_stream(const struct signatures *, struct cursor);

/* Does some line hold for this message, which says FACT_PAYLOAD? */
bool payload_holds(const struct signatures *, const struct message *);

#endif
