/* answers.c -- see answers.h. */
#include "answers.h"

#include "../base/hash.h"
#include "../base/log.h"

#include <stdlib.h>

enum {
	SETS = 4096, WAYS = 4,
	LEAST_S = 600, MOST_S = 86400,	/* programs keep answers longer than they should; nobody keeps one for longer than a day */
};

static const uint64_t SECOND = 1000000000ULL;

struct answer {
	struct addr host, far;
	uint64_t until_ns;		/* 0: free */
	char name[ANSWER_NAME];
};

struct answers {
	struct answer sets[SETS][WAYS];
};

struct answers *answers_new(void)
{
	struct answers *a = calloc(1, sizeof *a);

	if (a == NULL)
		log_no_memory("names");
	return a;
}

void answers_free(struct answers *a)
{
	free(a);
}

static size_t set_of(const struct addr *host, const struct addr *far)
{
	uint64_t h = hash_fixed(HASH_START, host->b, sizeof host->b);

	return hash_fixed(h, far->b, sizeof far->b) % SETS;
}

static bool is_it(const struct answer *e, const struct addr *host, const struct addr *far)
{
	return e->until_ns != 0 && addr_equal(&e->far, far) && addr_equal(&e->host, host);
}

/* Its own place, else the one that ends first. */
static struct answer *place(struct answers *a, const struct addr *host, const struct addr *far)
{
	struct answer *set = a->sets[set_of(host, far)], *first = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (is_it(&set[i], host, far))
			return &set[i];
		if (set[i].until_ns < first->until_ns)
			first = &set[i];
	}
	return first;
}

void answers_add(struct answers *a, const struct addr *host, const struct addr *far, struct cursor name, uint64_t ttl_s, uint64_t now_ns)
{
	struct answer *e = place(a, host, far);
	size_t n;

	if (name.left == 0)
		return;
	if (name.left > ANSWER_NAME - 1)
		cur_skip(&name, name.left - (ANSWER_NAME - 1));
	n = name.left;
	e->host = *host;
	e->far = *far;
	e->until_ns = now_ns + (ttl_s < LEAST_S ? LEAST_S : ttl_s > MOST_S ? MOST_S : ttl_s) * SECOND;
	cur_copy(&name, e->name, n);
	e->name[n] = '\0';
}

const char *answers_find(const struct answers *a, const struct addr *host, const struct addr *far, uint64_t now_ns)
{
	const struct answer *set = a->sets[set_of(host, far)];

	for (unsigned i = 0; i < WAYS; i++)
		if (is_it(&set[i], host, far))
			return set[i].until_ns > now_ns ? set[i].name : NULL;
	return NULL;
}
