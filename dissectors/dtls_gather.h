/* dtls_gather.h -- handshake messages of DTLS put together from fragments, in whatever order they come. RFC 9147, 5.5; 6347, 4.2.3.
 *
 * Three at once, of both directions together: one that is as long as a chain of certificates, one as a ClientHello with
 * post-quantum keys, one that is short. The longest ones are kept as far as there is room.
 */
#ifndef PW_DTLS_GATHER_H
#define PW_DTLS_GATHER_H

#include "../sensor/base/cursor.h"

enum {
	DTLS_LONG = 4608, DTLS_MIDDLE = 2048, DTLS_SHORT = 768,
	DTLS_SLOTS = 3,
	DTLS_RANGES = 8,		/* pieces of a message with holes between them */
	DTLS_MESSAGE_MAX = 1 << 16,
};

/* A fragment as it travels. */
struct dtls_fragment {
	bool from_local;
	uint8_t type;
	uint16_t number;		/* message_seq */
	uint32_t length, offset;	/* of the whole message; where the bytes belong */
	struct cursor bytes;
};

struct dtls_slot {
	bool used, from_local;
	uint8_t type, n;
	uint16_t number, age;
	uint32_t length;
	struct { uint16_t from, to; } range[DTLS_RANGES];	/* what is there, in order, with holes between */
};

struct dtls_gather {
	struct dtls_slot slot[DTLS_SLOTS];
	uint16_t age;
	uint8_t room[DTLS_LONG + DTLS_MIDDLE + DTLS_SHORT];
};

/* The next fragment in a record: false: it is none. */
bool dtls_fragment_next(struct cursor *record, struct dtls_fragment *);
/* One more. True: its message is whole (or as much of it as is kept), and lies in `body` until the next call. */
bool dtls_gather(struct dtls_gather *, const struct dtls_fragment *, struct cursor *body);
/* Is some message of this direction waiting for the rest? */
bool dtls_gather_waits(const struct dtls_gather *, bool from_local);

#endif
