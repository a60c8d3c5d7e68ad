/* tls_record.h -- a stream of TLS records, cut into handshake messages. RFC 8446, 5.1: a message may be spread over records,
 * and a record may hold several.
 *
 * Nothing is kept but numbers: what is not whole yet stays in the stream. */
#ifndef PW_TLS_RECORD_H
#define PW_TLS_RECORD_H

#include "../sensor/base/cursor.h"

enum {
	TLS_CHANGE_CIPHER_SPEC = 20, TLS_ALERT = 21, TLS_HANDSHAKE = 22, TLS_APPLICATION_DATA = 23, TLS_CID = 25, TLS_ACK = 26,
	TLS_RECORD_HEADER = 5,
	TLS_RECORD_MAX = 16384 + 2048,
	TLS_MESSAGE_MAX = 16384,	/* a longer one is not looked at */
	TLS_MESSAGE_RECORDS = 32,	/* nor one in more records than these */
};

/* One direction. Zeroed at its start. */
struct tls_records {
	uint32_t left;			/* of the record in front: handshake bytes that were not taken yet */
	uint32_t want;			/* so many bytes must be there before it is of any use to look again */
};

enum tls_next {
	TLS_NEXT_MORE,			/* not whole yet */
	TLS_NEXT_MESSAGE,
	TLS_NEXT_OTHER,			/* a record of another type: its header is in front, untouched; its type is in `type` */
	TLS_NEXT_BAD,			/* these are no records, or of a size that nobody sends */
};

/* The next one: takes it from `stream`. `room` is where a message is put together that is in several records; `body`
 * lies there, or in the stream. */
enum tls_next tls_records_next(struct tls_records *, struct cursor *stream, uint8_t room[static TLS_MESSAGE_MAX], uint8_t *type,
    struct cursor *body);

#endif
