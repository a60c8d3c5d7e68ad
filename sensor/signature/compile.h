/* compile.h -- from an expression's text to its tree in a program.
 *
 *   expression:  and-expression { "or" and-expression }
 *   and:         term { "and" term }
 *   term:        "not" term | "(" expression ")" | test
 *   test:        FACT                                                    the fact is there (proto, opened, ...: is true)
 *                NUMBER-OF ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) NUMBER-OF | NUMBER-OF "in" "(" 1, 5..9 ")"
 *                BYTES-OF ( "==" | "!=" | "^=" | "~" ) BYTES              "^=" begins with, "~" fits a glob
 *                BYTES-OF ( "in" | "^=" | "~" ) "(" BYTES, ... ")"        any of them
 *                FACT ( "==" | "!=" ) NETWORK | FACT "in" "(" NETWORK, ... ")"
 *   NUMBER-OF:   ( 5 | 0x1f | FACT | FACT.port | len(FACT) | be8|be16|be24|be32|be64|le16|...(FACT, OFFSET) ) [ "+" 4 | "-" 4 ]
 *   BYTES-OF:    FACT | FACT[OFFSET:LENGTH] | FACT[OFFSET:] | FACT[OFFSET:LENGTH] "&" 0xMASK
 *   BYTES:       "text\x00" | 0x0102          NETWORK:  203.0.113.1 | 203.0.113.1:3478 | 203.0.113.0/24 | [2001:db8::1]:3478
 *
 * A comparison of a fact that is not there does not hold, "!=" too; of a fact that is there several times it holds if it
 * holds for one of them. A negative OFFSET counts from the end.
 */
#ifndef PW_COMPILE_H
#define PW_COMPILE_H

#include "program.h"

enum { COMPILE_WHY = 320 };

/* Its tree's number in *expr and NULL, or a text of what is wrong with it, in `why`. Facts are looked up by name, so all must
 * have been registered. */
const char *compile(struct program *, const char *text, uint32_t *expr, char why[static COMPILE_WHY]);

/* "be16" and the like; false: there is none of that name. */
bool integer_named(const char *name, struct term *);
const char *integer_name(const struct term *);

#endif
