/* print.h -- an expression as text that compiles to the same again. */
#ifndef PW_PRINT_H
#define PW_PRINT_H

#include "program.h"

#include <stdio.h>

void expr_print(const struct program *, uint32_t expr, FILE *to);

#endif
