/* quic_crypt.h -- a client's Initial packets opened. Their keys follow from the first destination connection id alone, so
 * everybody on the way can read them (RFC 9001, 5.2); that they decrypt proves that they are QUIC.
 */
#ifndef PW_QUIC_CRYPT_H
#define PW_QUIC_CRYPT_H

#include "quic_wire.h"

struct quic_keys {
	uint8_t key[16], iv[12], mask[16];	/* mask: of header protection */
};

enum { QUIC_PLAIN_MOST = 2048 };	/* a longer Initial is not opened */

/* The keys of the client whose first Initial went to this id. False: libcrypto failed. */
bool quic_client_keys(struct quic_keys *, const struct quic_version *, struct cursor dcid);

/* Open one packet. True: it was made with these keys; `plain` holds *n bytes of frames. */
bool quic_open(const struct quic_keys *, const struct quic_packet *, uint8_t plain[static QUIC_PLAIN_MOST], size_t *n);

#endif
