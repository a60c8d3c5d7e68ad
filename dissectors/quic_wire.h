/* quic_wire.h -- a QUIC long header, as far as it stands in the clear, and the frames inside an Initial packet.
 *
 * RFC 8999 (what all versions share), RFC 9000 17.2, RFC 9369 (version 2). Google's own QUIC before the standard is not read.
 */
#ifndef PW_QUIC_WIRE_H
#define PW_QUIC_WIRE_H

#include "../sensor/base/cursor.h"

enum {
	QUIC_ID = 20,			/* longest connection id of a version that is known */
	QUIC_DATAGRAM_LEAST = 1200,	/* a client's Initial comes in no smaller one: RFC 9000, 14.1 */
};

enum quic_label { QUIC_LABELS_1, QUIC_LABELS_2 };	/* "quic key", "quicv2 key" */

struct quic_version {
	uint32_t number;
	uint8_t initial;		/* the two bits of the first byte that make a long header an Initial */
	uint8_t labels;			/* enum quic_label */
	uint8_t salt[20];
};

/* NULL: not known. */
const struct quic_version *quic_version(uint32_t number);

/* Do these bytes begin like an Initial packet? */
bool quic_begins(const struct cursor *);

struct quic_packet {
	const struct quic_version *version;
	bool initial;			/* else only its length is of use */
	struct cursor dcid, scid, token;
	struct cursor whole;		/* header and body: what is authenticated and encrypted */
	size_t number_at;		/* where in `whole` the (hidden) packet number stands */
};

/* The next of the packets of one datagram; consumes it. False: there is none that has a length. */
bool quic_next(struct cursor *datagram, struct quic_packet *);

/* A variable-length integer (RFC 9000, 16). */
uint64_t quic_varint(struct cursor *);

/* The next CRYPTO frame of an Initial's plaintext; what stands between is passed over. False: there is none. */
bool quic_next_crypto(struct cursor *frames, uint64_t *offset, struct cursor *data);

#endif
