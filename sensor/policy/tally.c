/* tally.c -- see tally.h. A key has eight places it may be in, so a look costs the same however full the table is. */
#include "tally.h"

#include <stdlib.h>

enum { WAYS = 8 };

struct tally {
	struct hash_key hash;
	size_t sets;			/* a power of two */
	struct tally_row row[];
};

struct tally *tally_new(size_t rows, const struct hash_key *hash)
{
	size_t sets = 1;
	struct tally *t;

	while (sets * WAYS < rows)
		sets *= 2;
	t = calloc(1, sizeof *t + sets * WAYS * sizeof t->row[0]);
	if (t != NULL) {
		t->hash = *hash;
		t->sets = sets;
	}
	return t;
}

void tally_free(struct tally *t)
{
	free(t);
}

struct tally_row *tally_find(struct tally *t, const struct tally_key *key, uint64_t now_ns)
{
	struct tally_row *set = &t->row[(hash_keyed(&t->hash, key, sizeof *key) & (t->sets - 1)) * WAYS], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].last_ns != 0 && memcmp(&set[i].key, key, sizeof *key) == 0) {
			set[i].last_ns = now_ns + 1;
			return &set[i];
		}
		if (set[i].last_ns < oldest->last_ns)
			oldest = &set[i];
	}
	*oldest = (struct tally_row){.key = *key, .last_ns = now_ns + 1};
	return oldest;
}

const struct tally_row *tally_next(const struct tally *t, size_t *at)
{
	while (*at < t->sets * WAYS) {
		const struct tally_row *row = &t->row[(*at)++];

		if (row->last_ns != 0)
			return row;
	}
	return NULL;
}
