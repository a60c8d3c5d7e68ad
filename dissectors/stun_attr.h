/* stun_attr.h -- the attributes of STUN, TURN, ICE and their vendors' dialects: one table of code, name and format, and
 * the values read by it.
 *
 * Some codes mean something else in Microsoft's and Meta's messages; the message says whose it is, so it is always
 * asked together with the attribute.
 */
#ifndef PW_STUN_ATTR_H
#define PW_STUN_ATTR_H

#include "stun_wire.h"

enum stun_format {
	STUN_F_BYTES,		/* opaque: length, and the first bytes in hexadecimal */
	STUN_F_SECRET,		/* only its length is ever told */
	STUN_F_LENGTH,		/* bulk: only its length is worth telling */
	STUN_F_FLAG,		/* no value */
	STUN_F_STRING,
	STUN_F_ADDRESS,		/* zero, family, port, address */
	STUN_F_XOR_ADDRESS,	/* the same, XORed with the cookie and, for IPv6, the transaction id */
	STUN_F_U16,		/* a number in the first two bytes; two more may follow */
	STUN_F_U32,
	STUN_F_U64,
	STUN_F_SECONDS,		/* u32 */
	STUN_F_TIME_MS,		/* u64: milliseconds since 1970 */
	STUN_F_HEX32,
	STUN_F_HEX64,
	STUN_F_ERROR,		/* ERROR-CODE: two zero bytes, class, number, reason */
	STUN_F_ADDRESS_ERROR,	/* family, class, number, reason */
	STUN_F_TYPES,		/* list of attribute codes */
	STUN_F_CHANGE,		/* CHANGE-REQUEST: two bits */
	STUN_F_FAMILY,		/* one byte: 1 IPv4, 2 IPv6 */
	STUN_F_TRANSPORT,	/* one byte: an IP protocol */
	STUN_F_EVEN_PORT,	/* one byte: bit 7 */
	STUN_F_ALGORITHM,	/* one or several: code, length, parameters */
	STUN_F_ICMP,		/* two zero bytes, type, code, data */
	STUN_F_TRANSMIT,	/* request and response counters */
	STUN_F_NETWORK,		/* GOOG-NETWORK-INFO: network id, cost */
	STUN_F_QUALITY,		/* MS-SERVICE-QUALITY: stream, quality */
	STUN_F_SEQUENCE,	/* MS-SEQUENCE-NUMBER: 20 bytes of connection id, number */
};

enum stun_attr_type {
	STUN_A_MAPPED_ADDRESS = 0x0001, STUN_A_RESPONSE_ADDRESS = 0x0002, STUN_A_CHANGE_REQUEST = 0x0003,
	STUN_A_SOURCE_ADDRESS = 0x0004, STUN_A_CHANGED_ADDRESS = 0x0005, STUN_A_USERNAME = 0x0006,
	STUN_A_MESSAGE_INTEGRITY = 0x0008, STUN_A_ERROR_CODE = 0x0009, STUN_A_CHANNEL_NUMBER = 0x000c,
	STUN_A_LIFETIME = 0x000d, STUN_A_MS_DESTINATION = 0x0011, STUN_A_XOR_PEER_ADDRESS = 0x0012, STUN_A_DATA = 0x0013,
	STUN_A_REALM = 0x0014, STUN_A_NONCE = 0x0015, STUN_A_XOR_RELAYED_ADDRESS = 0x0016,
	STUN_A_REQUESTED_TRANSPORT = 0x0019, STUN_A_MESSAGE_INTEGRITY_SHA256 = 0x001c, STUN_A_USERHASH = 0x001e,
	STUN_A_XOR_MAPPED_ADDRESS = 0x0020, STUN_A_PRIORITY = 0x0024, STUN_A_USE_CANDIDATE = 0x0025, STUN_A_PADDING = 0x0026,
	STUN_A_RESPONSE_PORT = 0x0027, STUN_A_CONNECTION_ID = 0x002a, STUN_A_ZOOM_MAPPED = 0x0103,
	STUN_A_META_TOKEN = 0x4000, STUN_A_META_TIME = 0x4002, STUN_A_MS_VERSION = 0x8008, STUN_A_MS_XOR_MAPPED = 0x8020,
	STUN_A_SOFTWARE = 0x8022, STUN_A_CACHE_TIMEOUT = 0x8027, STUN_A_ICE_CONTROLLED = 0x8029,
	STUN_A_ICE_CONTROLLING = 0x802a, STUN_A_RESPONSE_ORIGIN = 0x802b, STUN_A_OTHER_ADDRESS = 0x802c,
	STUN_A_MS_CHECK_8036 = 0x8036, STUN_A_MS_APP_ID = 0x8037, STUN_A_MS_CANDIDATE = 0x8054,
	STUN_A_MS_IMPLEMENTATION = 0x8070, STUN_A_MS_SESSION_ID = 0x8095, STUN_A_NOMINATION = 0xc001,
	STUN_A_GOOG_NETWORK_INFO = 0xc057, STUN_A_GOOG_INTEGRITY_32 = 0xc060, STUN_A_MESSENGER_COUNTER = 0xdab9,
	STUN_A_DTLS = 0xc070, STUN_A_MESSENGER = 0xdaba,
};

struct stun_attr_def {
	uint16_t type;
	const char *name;
	enum stun_format format;
};

/* What a code means in a message (NULL: in general); NULL if nobody knows. */
const struct stun_attr_def *stun_attr_def(const struct stun_message *, uint16_t type);

/* Is the value as long as its format needs? Always true for those whose length is free, and for unknown ones. */
bool stun_attr_fits(const struct stun_message *, const struct stun_attr *);

/* The value of the first attribute of this type; false if it is not there or does not fit its format. */
bool stun_attr_endpoint(const struct stun_message *, uint16_t type, struct endpoint *);
bool stun_attr_uint(const struct stun_message *, uint16_t type, uint64_t *);	/* formats with one number */
bool stun_attr_bytes(const struct stun_message *, uint16_t type, struct cursor *);	/* any; not if it was cut */
/* The same for one attribute in hand, which may be a later one of its type. */
bool stun_attr_as_endpoint(const struct stun_message *, const struct stun_attr *, struct endpoint *);
/* ERROR-CODE: 300 to 699, or 0. */
unsigned stun_attr_error(const struct stun_message *);

/* "NAME=value" with printable ASCII only; secrets by length; at most room - 1 characters. Returns how many. */
size_t stun_attr_print(const struct stun_message *, const struct stun_attr *, char *to, size_t room);

/* Words for method and class, as other tools spell them; unknown methods in hexadecimal. They return their buffer or
 * a constant. */
enum { STUN_METHOD_TEXT = 24 };
const char *stun_method_text(const struct stun_message *, char to[static STUN_METHOD_TEXT]);
const char *stun_class_text(const struct stun_message *);

/* The table itself, for those who list it (`check`): NULL past the last. */
const struct stun_attr_def *stun_attr_row(size_t i);

#endif
