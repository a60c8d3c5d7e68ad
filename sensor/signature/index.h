/* index.h -- which lines are worth a look, given one fact of a message: a hash probe or two, whatever the number of lines.
 *
 * A line is filed under facts without which it cannot hold, by value where it compares with one: a number, whole bytes, the
 * beginning of bytes (8 at most), the end of a host name; else under the fact itself.
 */
#ifndef PW_INDEX_H
#define PW_INDEX_H

#include "program.h"

struct index;

struct index *index_new(void);
void index_free(struct index *);

/* File a line under all that makes it worth a look. NULL, or why it cannot be filed. Lines come in order. *payload: it is also to be filed
 * in payload_index.h, for what it asks of a flow's first bytes. */
const char *index_add(struct index *, const struct program *, uint32_t expr, uint32_t line, bool *payload);
/* All lines are there. */
void index_finish(struct index *);

/* The facts that lead to a line. */
const struct fact_set *index_facts(const struct index *);

/* Called with each line that this fact may make hold, perhaps more than once. */
typedef void (*index_visit)(void *ctx, uint32_t line, const struct fact *);
void index_look(const struct index *, const struct fact *, index_visit, void *ctx);

#endif
