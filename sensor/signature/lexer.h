/* lexer.h -- an expression as words, one at a time. Values are read by what they are compared with: 0x0102 is a number to a
 * number and two bytes to bytes, and an address has characters that mean something else elsewhere.
 */
#ifndef PW_LEXER_H
#define PW_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum token {
	TOKEN_END,
	TOKEN_WORD,		/* a fact, or and, or, not, in */
	TOKEN_NUMBER,		/* 5, 0x1f */
	TOKEN_TEXT,		/* "..." */
	TOKEN_EQ, TOKEN_NE, TOKEN_PREFIX, TOKEN_GLOB, TOKEN_LT, TOKEN_LE, TOKEN_GT, TOKEN_GE,
	TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_SLICE, TOKEN_SLICE_END, TOKEN_COLON, TOKEN_RANGE, TOKEN_MASK, TOKEN_PLUS, TOKEN_MINUS,
	TOKEN_WRONG,		/* a character that means nothing here, a text without end, ... : lexer.wrong says it */
};

enum { LEXER_BYTES = 256 };	/* of one word, text or list of bytes */

struct lexer {
	const char *text, *at;	/* at: behind the token in hand */
	const char *start;	/* of the token in hand */
	enum token token;
	const char *wrong;
	uint64_t number;	/* TOKEN_NUMBER, if it is one of 64 bits: else .wide */
	bool wide;
	bool hex;
	size_t n;		/* of .bytes: a word, a text's bytes, or the bytes that 0x... stands for (odd digits: .odd) */
	bool odd;
	char bytes[LEXER_BYTES + 1];
};

void lexer_begin(struct lexer *, const char *text);
/* The next token, also in .token. */
enum token lexer_next(struct lexer *);
/* In place of the token in hand: everything up to a blank, a comma or a closing parenthesis, as a word. */
void lexer_reread_address(struct lexer *);

#endif
