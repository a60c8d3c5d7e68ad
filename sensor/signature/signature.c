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

struct payload_matching {
	struct matching *g;
	const struct fact *fact;
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

/* Between inside hosts only what asks for it. */
static void try_payload_line(void *ctx, uint32_t number)
{
	struct payload_matching *g = ctx;
	const struct signatures *set = g->g->set;

	if (g->g->m->side != SIDE_INSIDE || set->items[set->lines[number].signature].inside)
		try_line(g->g, number, g->fact);
}

static void look_at_payload(struct matching *g, const struct fact *fact)
{
	struct payload_matching own = {g, fact};
	struct fact length;
	bool datagram = message_find(g->m, FACT_PAYLOAD_LEN, &length);

	payload_index_look(g->set->payloads, g->m->nested ? PATTERN_NESTED : datagram ? PATTERN_UDP : PATTERN_TCP, fact->bytes, datagram ? (uint32_t)length.uint : 0,
	    try_payload_line, &own);
}

unsigned signatures_match(const struct signatures *set, const struct message *m, struct match to[], unsigned room)
{
	uint32_t lines[SIGNATURE_MATCHES];
	struct matching g = {set, m, to, lines, 0, room < SIGNATURE_MATCHES ? room : SIGNATURE_MATCHES};
	struct fact f;
	size_t at = 0;

	if (set == NULL || room == 0 || !message_meets(m, index_facts(set->index)))
		return 0;
	while (message_next(m, &at, &f)) {
		index_look(set->index, &f, try_line, &g);
		if (f.id == FACT_PAYLOAD && f.type == FACT_BYTES)
			look_at_payload(&g, &f);
	}
	return g.n;
}

bool payload_wanted(const struct signatures *set, uint8_t ip_proto, bool inside)
{
	return set != NULL && payload_index_wanted(set->payloads, ip_proto, inside);
}

enum fit payload_fits_datagram(const struct signatures *set, struct cursor bytes, uint32_t len_bytes, bool nested)
{
	return payload_index_look(set->payloads, nested ? PATTERN_NESTED : PATTERN_UDP, bytes, len_bytes, NULL, NULL);
}

enum fit payload_fits_stream(const struct signatures *set, struct cursor bytes)
{
	return payload_index_look(set->payloads, PATTERN_TCP, bytes, 0, NULL, NULL);
}

bool payload_holds(const struct signatures *set, const struct message *m)
{
	struct match one = {0};

	return signatures_match(set, m, &one, 1) > 0;
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

const char *signatures_line(const struct signatures *set, uint32_t sid, unsigned line, uint8_t *weight)
{
	const struct signature *g = signatures_find(set, sid);
	const struct line *l;

	*weight = 0;
	if (g == NULL || line >= g->n_lines)
		return "";
	l = &set->lines[set->first_line[g - set->items] + line];
	*weight = l->weight;
	return l->when;
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
	payload_index_free(set->payloads);
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
