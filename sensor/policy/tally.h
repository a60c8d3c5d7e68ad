/* tally.h -- how often something was seen in its period: a table of fixed size, in which the longest unseen goes first. */
#ifndef PW_TALLY_H
#define PW_TALLY_H

#include "../base/addr.h"
#include "../base/hash.h"

struct tally_key {
	struct addr host, far_end;	/* all zero where it is not counted by them */
	uint32_t rule;			/* whose count it is; */
	uint32_t kind;
};

struct tally_row {
	struct tally_key key;
	uint64_t last_ns;		/* 0: nothing is here */
	uint64_t since_ns;		/* the period's begin */
	uint32_t seen;			/* in this period */
	uint32_t held;			/* not reported, and not said yet */
};

struct tally;

struct tally *tally_new(size_t rows, const struct hash_key *);		/* NULL: no memory */
void tally_free(struct tally *);

/* Its row; if it has none, an empty one (seen and held 0) with its key. Valid until the next call. */
struct tally_row *tally_find(struct tally *, const struct tally_key *, uint64_t now_ns);

/* One after the other, in no order: begin with *at 0; NULL after the last. */
const struct tally_row *tally_next(const struct tally *, size_t *at);

#endif
