/* pattern.h -- what an expression wants of a flow's first bytes: masks that are necessary for it, never more than that. */
#ifndef PW_PATTERN_H
#define PW_PATTERN_H

#include "program.h"

enum { PATTERNS_MAX = 64 };	/* of one line: where alternatives multiply beyond it, less is asked for */

/* How the bytes travel: a datagram, a stream, a datagram that a relay wrapped. */
enum {
	PATTERN_UDP = 1, PATTERN_TCP = 2, PATTERN_NESTED = 4,
	PATTERN_DATAGRAM = PATTERN_UDP | PATTERN_NESTED,
	PATTERN_ANY = PATTERN_DATAGRAM | PATTERN_TCP,
};

/* A number in a payload that says how long the payload is, give or take a constant. */
struct length_field {
	uint8_t size;			/* 0: there is none */
	uint8_t offset;
	bool big;
	int64_t more;			/* number + more == payload.len */
};

/* Bytes fit if (byte & mask) == value for each, `reach` of them are there, a datagram's length is within the range, and its length
 * field says so. */
struct pattern {
	uint8_t mask[PAYLOAD_BYTES], value[PAYLOAD_BYTES];
	uint8_t reach;
	uint8_t protos;			/* PATTERN_ bits */
	uint16_t bits;			/* how much it fixes, in bits: of random bytes one in 2^bits fits */
	uint32_t low, high;		/* payload.len */
	struct length_field length;
};

struct patterns {
	unsigned n;			/* 0: no message with a payload makes it hold */
	struct pattern at[PATTERNS_MAX];
};

/* One of these fits whenever the expression holds for a message that has a payload. */
void patterns_of(const struct program *, uint32_t expr, struct patterns *);

#endif
