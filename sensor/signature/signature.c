/* signature.c -- see signature.h: a set that is ready, and what it says to a message. */
#include "signature.h"

#include "evaluate.h"
#include "set.h"

#include <stdlib.h>

struct matching {
	const struct signatures *set;
	const struct message *m;
	struct match *to;
	uint32_t *lines;		/* of each in `to`: rising */
	unsigned n, room;
};

/* Several facts may lead to one line; they come in any order, and the first lines are kept. */
static void try_line(void *ctx, uint32_t number, const struct fact *fact)
{
	struct matching *g = ctx;
	const struct line *l = &g->set->lines[number];
	unsigned at = g->n;

	while (at > 0 && g->lines[at - 1] > number)
		at--;
	if (at == g->room || (at > 0 && g->lines[at - 1] == number))
		return;
	if (g->m->side == SIDE_INSIDE && !g->set->items[l->signature].inside)
		return;
	if (!evaluate(&g->set->program, l->expr, g->m))
		return;
	if (g->n == g->room)
		g->n--;
	memmove(g->to + at + 1, g->to + at, (g->n - at) * sizeof *g->to);
	memmove(g->lines + at + 1, g->lines + at, (g->n - at) * sizeof *g->lines);
	g->lines[at] = number;
	g->to[at] = (struct match){l->signature, l->number, l->weight, l->far_end, fact->id};
	g->n++;
}

unsigned signatures_match(const struct signatures *set, const struct message *m, struct match to[], unsigned room)
{
	uint32_t lines[SIGNATURE_MATCHES];
	struct matching g = {set, m, to, lines, 0, room < SIGNATURE_MATCHES ? room : SIGNATURE_MATCHES};
	struct fact f;
	size_t at = 0;

	if (set == NULL || room == 0)
		return 0;
	while (message_next(m, &at, &f))
		index_look(set->index, &f, try_line, &g);
	return g.n;
}

unsigned signatures_n(const struct signatures *set)
{
	return set != NULL ? set->n : 0;
}

const struct signature *signatures_at(const struct signatures *set, unsigned signature)
{
	return set != NULL && signature < set->n ? &set->items[signature] : NULL;
}

const struct signature *signatures_find(const struct signatures *set, uint32_t sid)
{
	uint32_t low = 0, high = signatures_n(set);

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (set->items[set->by_sid[middle]].sid < sid)
			low = middle + 1;
		else
			high = middle;
	}
	if (set == NULL || low == set->n || set->items[set->by_sid[low]].sid != sid)
		return NULL;
	return &set->items[set->by_sid[low]];
}

const char *signatures_line(const struct signatures *set, unsigned signature, unsigned line)
{
	if (set == NULL || signature >= set->n || line >= set->items[signature].n_lines)
		return "";
	return set->lines[set->first_line[signature] + line].when;
}

void signatures_print(const struct signatures *set, FILE *to)
{
	for (uint32_t i = 0; i < signatures_n(set); i++)
		fputs(set->origins[i].text, to);
}

static bool fits(const char *glob, const char *text)
{
	return text != NULL && glob_fits(cur_of(glob, strlen(glob)), cur_of(text, strlen(text)));
}

unsigned signatures_print_some(const struct signatures *set, const char *glob, FILE *to)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < signatures_n(set); i++) {
		const char *file = strrchr(set->origins[i].file, '/');
		char sid[16];

		snprintf(sid, sizeof sid, "%u", set->items[i].sid);
		if (!fits(glob, sid) && !fits(glob, set->items[i].app) && !fits(glob, file ? file + 1 : set->origins[i].file))
			continue;
		fputs(set->origins[i].text, to);
		n++;
	}
	return n;
}

unsigned signatures_lines(const struct signatures *set)
{
	return set != NULL ? set->n_lines : 0;
}

void signatures_free(struct signatures *set)
{
	if (set == NULL)
		return;
	program_free(&set->program);
	index_free(set->index);
	for (uint32_t i = 0; i < set->strings.n; i++)
		free(set->strings.items[i]);
	free(set->strings.items);
	free(set->items);
	free(set->origins);
	free(set->first_line);
	free(set->lines);
	free(set->by_sid);
	free(set);
}
