/* vocabulary.h -- every fact there is, by name: the core's, each dissector's, each deriver's. */
#ifndef PW_VOCABULARY_H
#define PW_VOCABULARY_H

#include "facts/facts.h"

/* Number the facts of all dissectors and derivers, before anything is read that names facts. At start, from one thread; again does
 * nothing. */
void vocabulary_register(void);

/* Whose facts: called for the common ones (NULL), then for each dissector and deriver that has some. */
void vocabulary_walk(void (*visit)(void *ctx, const char *who, const struct fact_def *, size_t n), void *ctx);

#endif
