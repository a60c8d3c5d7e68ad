/* answers.h -- which name stands for an address, for each inside host that was told so.
 *
 * A ring of what was answered, one behind the other, and a small index into it: writing it down costs next to nothing, however
 * many there are, and hardly any is ever looked up. The oldest go. An answer holds as long as it says, and some minutes longer:
 * programs keep what they were told.
 */
#ifndef PW_ANSWERS_H
#define PW_ANSWERS_H

#include "../base/addr.h"
#include "../base/cursor.h"

enum {
	ANSWER_NAME = 64,		/* longer ones lose their first labels: the end says whose it is */
	ANSWER_ADDRESSES = 8,
};

struct answers;
struct hash_key;

/* The key scatters answers, so that nobody can choose whom to make forgotten. NULL: a fixed one, with which a capture gives the same each
 * time. */
struct answers *answers_new(const struct hash_key *);
void answers_free(struct answers *);
/* addresses: 16 bytes each; labels: as on the wire, each behind its length. now_s counts from above 0. */
void answers_add(struct answers *, const struct addr *host, struct cursor addresses, struct cursor labels, uint64_t ttl_s, uint64_t now_s);
/* As text, valid until the next call. NULL: none. */
const char *answers_find(struct answers *, const struct addr *host, const struct addr *far, uint64_t now_s);

#endif
