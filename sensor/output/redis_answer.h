/* redis_answer.h -- what Redis answers, one answer at a time, in bounded memory: hiredis parses, we keep only what is asked for. */
#ifndef PW_REDIS_ANSWER_H
#define PW_REDIS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANSWER_TEXTS = 96, ANSWER_BYTES = 64 * 1024, ANSWER_ERROR = 160 };

struct answer {
	bool failed, failed_inside;	/* it is an error; an error is in the list that it is */
	bool none;			/* it is nil */
	char error[ANSWER_ERROR];	/* the first one, clean; "" if none */
	unsigned n;			/* texts, those inside lists in their order, until there are too many */
	struct { const char *at; size_t n; } text[ANSWER_TEXTS];
};

struct replies;

struct replies *replies_new(void);	/* NULL: no memory */
void replies_free(struct replies *);

/* Bytes, and for each whole answer a call, which says whether to go on (if not, it may have freed `answers`). false: this is not Redis's
 * protocol, or an answer is longer than `most`. */
bool replies_feed(struct replies *, const char *bytes, size_t n, size_t most, bool (*on_answer)(void *ctx, const struct answer *),
    void *ctx);

/* Is this error a cluster's "MOVED 3999 192.0.2.1:6381"? The host is "" if it is the same with another port. */
bool answer_moved(const char *error, char host[static 256], uint16_t *port);

#endif
