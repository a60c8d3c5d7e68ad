/* pattern.h -- what an expression wants of a flow's first bytes: masks that are necessary for it, never more than that. */
#ifndef PW_PATTERN_H
#define PW_PATTERN_H

#include "program.h"

enum { PATTERNS_MAX = 64 };	/* of one line: where alternatives multiply beyond it, less is asked for */

enum { PATTERN_UDP = 1, PATTERN_TCP = 2 };

/* Bytes fit if (byte & mask) == value for each, `reach` of them are there, and a datagram's length is within the range. */
struct pattern {
	uint8_t mask[PAYLOAD_BYTES], value[PAYLOAD_BYTES];
	uint8_t reach;
	uint8_t protos;			/* PATTERN_ bits */
	uint16_t bits;			/* how much it fixes, in bits: of random bytes one in 2^bits fits */
	uint32_t low, high;		/* payload.len */
};

struct patterns {
	unsigned n;			/* 0: no message with a payload makes it hold */
	struct pattern at[PATTERNS_MAX];
};

/* One of these fits whenever the expression holds for a message that has a payload. */
void patterns_of(const struct program *, uint32_t expr, struct patterns *);

#endif
