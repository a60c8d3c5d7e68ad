/* set.h -- a compiled set of signatures from within: written by load.c, read by signature.c. */
#ifndef PW_SIGNATURE_SET_H
#define PW_SIGNATURE_SET_H

#include "index.h"
#include "payload_index.h"
#include "program.h"
#include "signature.h"

struct line {
	uint32_t expr;
	uint16_t signature;
	uint8_t number;			/* in its signature */
	uint8_t weight;
	uint8_t far_end;		/* enum far_end */
	uint16_t bits;			/* how many of random bytes it fixes; UINT16_MAX: it is not about a payload */
	const char *when;		/* as it was written */
};

/* What nobody needs while packets come. */
struct origin {
	const char *file;
	unsigned line;
	const char *text;		/* the entry, as it was understood */
};

/* Texts that live as long as the set. */
struct strings {
	char **items;
	uint32_t n, room;
};

struct signatures {
	struct program program;
	struct index *index;
	struct payload_index *payloads;
	struct signature *items;
	struct origin *origins;
	uint32_t *first_line;		/* of each signature */
	uint32_t n, room_items, room_origins, room_first;
	struct line *lines;
	uint32_t n_lines, room_lines;
	uint32_t *by_sid;		/* numbers of signatures, by rising sid */
	struct strings strings;
};

#endif
