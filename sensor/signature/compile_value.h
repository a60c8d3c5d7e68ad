/* compile_value.h -- the parser in hand, and the values that facts are compared with: the right side of a test. */
#ifndef PW_COMPILE_VALUE_H
#define PW_COMPILE_VALUE_H

#include "../config/words.h"
#include "lexer.h"
#include "program.h"

struct parser {
	struct lexer lexer;
	struct program *program;
	char *why;		/* COMPILE_WHY */
	bool wrong;		/* `why` holds the first mistake; nothing after it counts */
	unsigned depth, nodes;
};

/* The first mistake, with the place of the token in hand. */
void parser_wrong(struct parser *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void parser_unexpected(struct parser *, const char *wanted);
bool parser_take(struct parser *, enum token);			/* if it is the one in hand, go on to the next */
bool parser_take_word(struct parser *, const char *word);
void parser_want(struct parser *, enum token, const char *name);
bool parser_at_keyword(const struct parser *);			/* and, or, not, in */
uint64_t parser_number(struct parser *, const char *what, uint64_t most);

/* The values of a test, up to the closing parenthesis if it is a list, into e->b and e->n. */
void value_range(struct parser *, struct expr *, const struct term *left);	/* one: 5, or 5..9 */
void value_ranges(struct parser *, struct expr *, const struct term *left);
void value_texts(struct parser *, struct expr *, bool list, const struct text *mask);
void value_networks(struct parser *, struct expr *, bool list);
/* One value of bytes, for a test that is like this. */
struct text value_bytes(struct parser *, const struct expr *, const struct text *mask);
/* Can it be that this is equal to that number, or near to it? */
void value_fits(struct parser *, const struct term *, uint64_t);

#endif
