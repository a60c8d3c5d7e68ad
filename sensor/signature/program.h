/* program.h -- expressions as they are held: trees in flat arrays, written once by compile.c, read by evaluate.c, print.c,
 * index.c and payload.c. Nothing in it points anywhere but by number.
 */
#ifndef PW_PROGRAM_H
#define PW_PROGRAM_H

#include "../base/addr.h"
#include "../facts/facts.h"
#include "payload.h"

enum expr_op {
	EXPR_AND, EXPR_OR,	/* a, b: expressions */
	EXPR_NOT,		/* a */
	EXPR_HAS,		/* the fact is there; facts of the header: is true */
	EXPR_BYTES,		/* a fact's bytes, or a slice of them, against texts */
	EXPR_NUMBER,		/* a number against ranges, or against another number */
	EXPR_ENDPOINT,		/* a fact's address, and port if one is given, against networks */
};

enum compare { COMPARE_EQ, COMPARE_NE, COMPARE_PREFIX, COMPARE_GLOB, COMPARE_LT, COMPARE_LE, COMPARE_GT, COMPARE_GE };

enum {
	EXPR_DEPTH = 32,	/* of parentheses and `not`s, one in another */
	EXPR_NODES = 256,	/* of one expression, values counted */
	SLICE_END = UINT16_MAX,	/* a slice's length: to the end */
};

struct expr {
	uint8_t op;		/* enum expr_op */
	uint8_t compare;	/* enum compare */
	bool sliced;
	bool masked;		/* EXPR_BYTES: texts[b + n] is the mask; EQ and NE only */
	uint16_t fact;		/* HAS, BYTES, ENDPOINT */
	int16_t offset;		/* of the slice; below 0: from the end */
	uint16_t length;
	uint32_t a;		/* AND, OR, NOT: an expression. NUMBER: a term */
	uint32_t b;		/* AND, OR: the other one. NUMBER with n == 0: the other term; else the first value */
	uint32_t n;		/* values: any of them may fit */
};

enum term_from {
	TERM_CONSTANT,		/* .plus alone */
	TERM_FACT,		/* a number */
	TERM_PORT,		/* the port of an endpoint */
	TERM_LENGTH,		/* of bytes */
	TERM_BIG, TERM_LITTLE,	/* an integer that stands in bytes, .size of them at .offset */
};

/* A number that a message gives, and a constant added to it. */
struct term {
	uint8_t from;		/* enum term_from */
	uint8_t size;		/* 1 to 8 */
	uint16_t fact;
	int16_t offset;		/* below 0: from the end */
	int64_t plus;
};

struct text {			/* in the pool */
	uint32_t at, length;
};

struct range {
	uint64_t low, high;	/* both are in it */
};

struct network {
	struct prefix prefix;
	int32_t port;		/* below 0: any */
};

struct program {
	struct expr *exprs;
	struct term *terms;
	struct text *texts;
	struct range *ranges;
	struct network *networks;
	uint8_t *pool;
	uint32_t n_exprs, n_terms, n_texts, n_ranges, n_networks, n_pool;
	uint32_t room_exprs, room_terms, room_texts, room_ranges, room_networks, room_pool;
};

void program_free(struct program *);		/* what it holds, not itself */

/* Each returns the new one's number. */
uint32_t program_expr(struct program *, struct expr);
uint32_t program_term(struct program *, struct term);
uint32_t program_text(struct program *, const void *bytes, size_t n);
uint32_t program_text_again(struct program *, struct text);	/* the same bytes */
uint32_t program_range(struct program *, struct range);
uint32_t program_network(struct program *, struct network);

static inline struct cursor program_bytes(const struct program *p, uint32_t text)
{
	return cur_of(p->pool + p->texts[text].at, p->texts[text].length);
}

/* Room for one more (or `more`) in an array that grows. Ends the program if there is no memory: at start only. */
void *room_for(void *array, uint32_t n, uint32_t more, uint32_t *room, size_t item_bytes);

/* A fact that every message has in its header: never a reason to look at an expression. */
static inline bool fact_in_header(unsigned fact)
{
	return fact >= FACT_PROTO && fact <= FACT_NESTED;
}

#endif
