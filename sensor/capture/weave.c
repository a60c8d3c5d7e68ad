/* weave.c -- see weave.h. Frames are copied a few at a time from each capture: its block may go back to the kernel while they wait. */
#include "weave.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD = 64, AHEAD_BYTES = 1 << 18 };

struct strand {
	struct capture *capture;
	unsigned n, next;		/* frames that are here; the first that was not handed on */
	struct frame frame[AHEAD];
	size_t at[AHEAD];		/* where their bytes are */
	uint8_t *bytes;
	size_t used, room;
	bool no_memory;
	unsigned interface;
};

struct weave {
	unsigned n;
	struct strand strand[];
};

struct weave *weave_new(struct capture **captures, unsigned n)
{
	struct weave *w = calloc(1, sizeof *w + n * sizeof w->strand[0]);

	if (w == NULL)
		return NULL;
	for (w->n = 0; w->n < n; w->n++) {
		struct strand *s = &w->strand[w->n];

		s->capture = captures[w->n];
		s->interface = w->n;
		s->room = AHEAD_BYTES;
		s->bytes = malloc(s->room);
		if (s->bytes == NULL) {
			weave_free(w);
			return NULL;
		}
	}
	return w;
}

void weave_free(struct weave *w)
{
	if (w == NULL)
		return;
	for (unsigned i = 0; i < w->n; i++)
		free(w->strand[i].bytes);
	free(w);
}

/* Grows to what this capture's frames need, and stays so: AHEAD times the longest frame at most. */
static bool make_room(struct strand *s, size_t n)
{
	size_t room = s->room;
	uint8_t *larger;

	while (s->used + n > room)
		room *= 2;
	if (room == s->room)
		return true;
	larger = realloc(s->bytes, room);
	if (larger == NULL)
		return false;
	s->bytes = larger;
	s->room = room;
	return true;
}

static void keep(void *ctx, const struct frame *frames, unsigned n)
{
	struct strand *s = ctx;

	for (unsigned i = 0; i < n && s->n < AHEAD; i++) {
		if (!make_room(s, frames[i].captured)) {
			s->no_memory = true;
			return;
		}
		s->frame[s->n] = frames[i];
		s->frame[s->n].interface = (uint16_t)s->interface;
		s->at[s->n++] = s->used;
		memcpy(s->bytes + s->used, frames[i].bytes, frames[i].captured);
		s->used += frames[i].captured;
	}
}

/* Have something of this capture here, if there is anything. False: it cannot be read. */
static bool fill(struct strand *s)
{
	unsigned n;

	if (s->next < s->n)
		return true;
	s->n = s->next = 0;
	s->used = 0;
	return capture_read(s->capture, AHEAD, keep, s, &n) == CAPTURE_MORE && !s->no_memory;
}

static bool fill_all(struct weave *w, bool *silent, int *failed)
{
	*silent = false;
	for (unsigned i = 0; i < w->n; i++) {
		if (!fill(&w->strand[i])) {
			*failed = (int)i;
			return false;
		}
		*silent = *silent || w->strand[i].n == 0;
	}
	return true;
}

static struct strand *earliest(struct weave *w)
{
	struct strand *first = NULL;

	for (unsigned i = 0; i < w->n; i++) {
		struct strand *s = &w->strand[i];

		if (s->next < s->n && (first == NULL || s->frame[s->next].ts_ns < first->frame[first->next].ts_ns))
			first = s;
	}
	return first;
}

unsigned weave_read(struct weave *w, unsigned budget, uint64_t sure_ns, frames_handler handler, void *ctx, bool *held, int *failed)
{
	unsigned handed_on = 0;
	bool silent;

	*failed = -1;
	*held = false;
	if (!fill_all(w, &silent, failed))
		return 0;
	while (handed_on < budget) {
		struct strand *s = earliest(w);
		struct frame *f;

		if (s == NULL)
			break;
		f = &s->frame[s->next];
		if (silent && f->ts_ns > sure_ns) {
			*held = true;
			break;
		}
		f->bytes = s->bytes + s->at[s->next++];
		handler(ctx, f, 1);
		handed_on++;
		if (s->next < s->n)
			continue;
		if (!fill(s)) {
			*failed = (int)s->interface;
			break;
		}
		/* Who has just fallen silent may have something that came meanwhile; and so may who was silent. */
		if (s->n == 0)
			break;
	}
	return handed_on;
}
