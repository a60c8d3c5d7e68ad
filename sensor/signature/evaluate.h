/* evaluate.h -- does an expression hold for a message? Allocates nothing; reads every value through its cursor. */
#ifndef PW_EVALUATE_H
#define PW_EVALUATE_H

#include "program.h"

bool evaluate(const struct program *, uint32_t expr, const struct message *);

/* `*` any bytes, `?` any one byte; case does not count. A pattern that begins with a dot: that domain, and all below it. */
bool glob_fits(struct cursor pattern, struct cursor bytes);

#endif
