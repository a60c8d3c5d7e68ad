/* dtls_gather.c -- see dtls_gather.h. */
#include "dtls_gather.h"

static const uint16_t sizes[DTLS_SLOTS] = {DTLS_SHORT, DTLS_MIDDLE, DTLS_LONG};
static const uint16_t places[DTLS_SLOTS] = {0, DTLS_SHORT, DTLS_SHORT + DTLS_MIDDLE};

static uint32_t u24(struct cursor *c)
{
	uint32_t high = cur_u8(c);

	return high << 16 | cur_u16(c);
}

bool dtls_fragment_next(struct cursor *record, struct dtls_fragment *f)
{
	f->type = cur_u8(record);
	f->length = u24(record);
	f->number = cur_u16(record);
	f->offset = u24(record);
	f->bytes = cur_take(record, u24(record));
	return !record->bad && f->length <= DTLS_MESSAGE_MAX && f->offset <= f->length && f->bytes.left <= f->length - f->offset;
}

static bool is_of(const struct dtls_slot *s, const struct dtls_fragment *f)
{
	return s->used && s->from_local == f->from_local && s->number == f->number && s->type == f->type && s->length == f->length;
}

/* Its slot; else the smallest free one that holds it; else the one that was begun longest ago, if it is no smaller. */
static struct dtls_slot *slot_for(struct dtls_gather *g, const struct dtls_fragment *f)
{
	struct dtls_slot *free = NULL, *oldest = NULL;

	for (unsigned i = 0; i < DTLS_SLOTS; i++) {
		struct dtls_slot *s = &g->slot[i];
		bool fits = f->length <= sizes[i] || i == DTLS_SLOTS - 1;

		if (is_of(s, f))
			return s;
		if (!s->used && fits && free == NULL)
			free = s;
		if (s->used && fits && (oldest == NULL || (uint16_t)(g->age - s->age) > (uint16_t)(g->age - oldest->age)))
			oldest = s;
	}
	if (free == NULL)
		free = oldest;
	*free = (struct dtls_slot){.used = true, .from_local = f->from_local, .type = f->type, .number = f->number, .length = f->length,
	    .age = ++g->age};
	return free;
}

/* Bytes from..to are there now. False: too many holes. */
static bool cover(struct dtls_slot *s, uint16_t from, uint16_t to)
{
	unsigned i = 0, k;

	while (i < s->n && s->range[i].to < from)
		i++;
	for (k = i; k < s->n && s->range[k].from <= to; k++) {	/* all that touch become one */
		if (s->range[k].from < from)
			from = s->range[k].from;
		if (s->range[k].to > to)
			to = s->range[k].to;
	}
	if (k == i) {
		if (s->n == DTLS_RANGES)
			return false;
		memmove(&s->range[i + 1], &s->range[i], (s->n - i) * sizeof s->range[0]);
		s->n++;
	} else if (k > i + 1) {
		memmove(&s->range[i + 1], &s->range[k], (s->n - k) * sizeof s->range[0]);
		s->n = (uint8_t)(s->n - (k - i - 1));
	}
	s->range[i].from = from;
	s->range[i].to = to;
	return true;
}

bool dtls_gather(struct dtls_gather *g, const struct dtls_fragment *f, struct cursor *body)
{
	struct dtls_slot *s;
	struct cursor c = f->bytes;
	uint8_t *room;
	size_t kept, n;
	unsigned i;

	if (f->offset == 0 && f->bytes.left == f->length) {	/* mostly: one fragment is the whole message */
		*body = f->bytes;
		return true;
	}
	if (f->bytes.left == 0)
		return false;
	s = slot_for(g, f);
	i = (unsigned)(s - g->slot);
	room = g->room + places[i];
	kept = s->length < sizes[i] ? s->length : sizes[i];
	if (f->offset >= kept)
		return false;
	n = f->bytes.left < kept - f->offset ? f->bytes.left : kept - f->offset;
	if (cover(s, (uint16_t)f->offset, (uint16_t)(f->offset + n)))
		cur_copy(&c, room + f->offset, n);
	if (s->n != 1 || s->range[0].from != 0 || s->range[0].to != kept)
		return false;
	s->used = false;
	*body = cur_of(room, kept);
	return true;
}

bool dtls_gather_waits(const struct dtls_gather *g, bool from_local)
{
	for (unsigned i = 0; i < DTLS_SLOTS; i++)
		if (g->slot[i].used && g->slot[i].from_local == from_local)
			return true;
	return false;
}
