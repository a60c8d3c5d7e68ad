/* skype_wire.h -- the bytes of the legacy Skype protocol (until 2017): datagrams, and how its TCP connections begin.
 *
 * Nothing here can be decrypted. What can be known are the few fields that stand in the clear, and the padding, which
 * is always a slice of one ring of 256 bytes: two neighbours tell eight bits each.
 *
 * Biondi, Desclaux 2006 (Silver Needle in the Skype); Desclaux, Kortchinsky 2006 (Vanilla Skype); Ehlert, Petgang 2006;
 * Baset, Schulzrinne 2006; Adami et al. 2009; and what 2015's clients do.
 */
#ifndef PW_SKYPE_WIRE_H
#define PW_SKYPE_WIRE_H

#include "../sensor/base/addr.h"
#include "../sensor/base/cursor.h"

/* --- datagrams: id(2) function(1) ... ; the function's low nibble is the type, bits 4 to 6 are random in answers --- */

enum skype_type {
	SKYPE_OTHER,		/* none of ours */
	SKYPE_REQUEST,		/* 02: IV(4) CRC(4) ciphertext */
	SKYPE_RESEND,		/* x3: 01 nonce(4) destination(4) CRC(4) ciphertext: after a NAK */
	SKYPE_NAK,		/* x5, x7: your public address(4) nonce(4): the CRC was wrong */
	SKYPE_MEDIA,		/* xd: voice, video, files, end to end */
	SKYPE_KEEPALIVE,	/* xd and nothing else */
	SKYPE_FRAGMENT,		/* xf: in reply to(2) 01 02 IV(4) CRC(4) */
	SKYPE_SHORT,		/* of a type that there is, but in no form that is known */
};

enum {
	SKYPE_REQUEST_LEAST = 18, SKYPE_NAK_BYTES = 11, SKYPE_RESEND_MORE = 5,
	SKYPE_PROBE_MOST = 64,	/* requests to strangers are not longer */
};

struct skype_datagram {
	enum skype_type type;
	uint16_t id, len, reply_to;
	uint8_t function;
	uint32_t iv, crc, nonce;
	struct addr told;		/* NAK: whom it says that it answers */
	struct cursor body;		/* what follows the fields: ciphertext */
};

/* False: SKYPE_OTHER. It had len_bytes on the wire, of which perhaps not all are here. */
bool skype_parse(struct skype_datagram *, struct cursor, size_t len_bytes);
/* Exactly one BER value made of values (SNMP, LDAP: their first INTEGER puts 02 where a request has it). */
bool skype_is_ber(struct cursor);

/* --- TCP --- */

enum skype_opening {
	SKYPE_NOTHING,
	SKYPE_TLS_HELLO,	/* SSL 2 hello, always the same but for its challenge: a slice of the ring */
	SKYPE_TLS_ANSWER,	/* 79 bytes, always the same */
	SKYPE_EXCHANGE,		/* 48 random bytes and a slice of the ring */
	SKYPE_STREAM,		/* two messages under one key: their exclusive or is a slice of the ring */
	SKYPE_PORT80,		/* the same with another plain text: only high nibbles are known */
	SKYPE_LOGIN_HELLO,	/* 16 03 01 00 00 */
	SKYPE_LOGIN_ANSWER,	/* 17 03 01 00 00 */
	SKYPE_LOGIN,		/* the login's first record */
	SKYPE_LOGIN_OLD,	/* the same, until about 2006 */
	SKYPE_MAYBE,		/* not all is here yet */
};

enum { SKYPE_EXCHANGE_KEY = 48, SKYPE_EXCHANGE_MOST = 112 + 8, SKYPE_STREAM_BYTES = 24 };

/* How many bytes of c, from `at` on, follow one another in the ring; 1 if the first two do not, 0 if there are none. */
unsigned skype_ring(const struct cursor *c, size_t at);

/* The tests, each for the first bytes of a message. *ring: how many bytes of the ring there were. */
enum skype_opening skype_is_tls(const struct cursor *, unsigned *ring);	/* either TLS form, MAYBE, NOTHING */
enum skype_opening skype_is_login(const struct cursor *);		/* hello, answer, login, MAYBE, NOTHING */
bool skype_is_exchange(const struct cursor *, unsigned *ring);		/* of a first message: all that came with it */
bool skype_is_stream(const struct cursor *, unsigned *ring);		/* 24 bytes are needed */
bool skype_is_port80(const struct cursor *);				/* 24 bytes are needed */
/* The login's first record also travels inside other messages. */
bool skype_has_login(const struct cursor *);

/* A ClientHello of today's TLS, or a longer record: none of the above. */
bool skype_is_real_tls(const struct cursor *);

#endif
