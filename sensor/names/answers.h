/* answers.h -- which name stands for an address, for each inside host that was told so.
 *
 * A set-associative table, as macs.c has it: an entry belongs to one set of four, so that a look-up reads a few lines and who is told
 * much pushes out little. It holds as long as the answer does, and some minutes longer: programs keep what they were told.
 */
#ifndef PW_ANSWERS_H
#define PW_ANSWERS_H

#include "../base/addr.h"
#include "../base/cursor.h"

enum { ANSWER_NAME = 96 };	/* longer ones lose their beginning: the end says whose it is */

struct answers;

struct answers *answers_new(void);
void answers_free(struct answers *);
void answers_add(struct answers *, const struct addr *host, const struct addr *far, struct cursor name, uint64_t ttl_s, uint64_t now_ns);
const char *answers_find(const struct answers *, const struct addr *host, const struct addr *far, uint64_t now_ns);	/* NULL: none */

#endif
