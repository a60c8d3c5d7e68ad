/* stun_bulk.h -- does what goes through a relay look like media, or is it bulk data that was never meant for one?
 *
 * Media: RTP and RTCP (also encrypted) show their sources, which come again; DTLS shows its records, and a call's data channel is made of
 * them. Bulk is neither: a few megabytes, nearly every packet as long as the longest, the other way little, or just as full. A
 * camera's or a screen's pictures are cut into parts of all sizes.
 */
#ifndef PW_STUN_BULK_H
#define PW_STUN_BULK_H

#include "../sensor/base/cursor.h"

enum { STUN_BULK_SOURCES = 3, STUN_PEER_HEAD = 16 };

/* One direction to or from one peer. All zero: nothing seen. Counted anew when a longer packet comes, but for the bytes. */
struct stun_shape {
	uint64_t bytes;
	uint32_t packets;
	uint32_t full;			/* nearly as long as the longest */
	uint32_t media;			/* from a source that was seen before */
	uint32_t dtls;			/* like DTLS records */
	uint32_t source[STUN_BULK_SOURCES];
	uint16_t most;			/* the longest */
	uint8_t next_source;
	uint8_t step;			/* how often it was found to be bulk */
};

void stun_shape_add(struct stun_shape *, const struct cursor *payload, size_t len_bytes);

/* Is it bulk, and more than when this was said last? `back`: the other direction. Counts as said. */
bool stun_shape_is_bulk(struct stun_shape *, const struct stun_shape *back);

/* One direction of a peer's own stream, behind a relay. */
struct stun_peer_stream {
	uint64_t bytes;
	uint8_t head[STUN_PEER_HEAD];
	uint8_t n;
	uint8_t step;
	bool framed;			/* media and their kin over TCP: RFC 4571 */
};

/* The next bytes. How it begins, once that is known: "tls", "ssh", "http", "rfc4571"; else NULL. */
const char *stun_peer_stream_add(struct stun_peer_stream *, const struct cursor *);
/* Is it much, and more than when this was said last? Counts as said. */
bool stun_peer_stream_is_bulk(struct stun_peer_stream *);

#endif
