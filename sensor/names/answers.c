/* answers.c -- see answers.h. */
#include "answers.h"

#include "../base/hash.h"
#include "../base/log.h"

#include <stdlib.h>

enum {
	RING = 1 << 22,
	SLOTS = 1 << 16,
	ALIGN = 8,
	LEAST_S = 600, MOST_S = 86400,	/* programs keep answers longer than they should; nobody keeps one for longer than a day */
};

/* As it stands in the ring, before its addresses and its name. */
struct answer {
	struct addr host;
	uint32_t until_s;
	uint8_t n_addresses, name_bytes;
	uint8_t pad[2];
};

enum { ANSWER_MOST = sizeof(struct answer) + ANSWER_ADDRESSES * sizeof(struct addr) + ANSWER_NAME };

struct answers {
	struct hash_key key;
	uint32_t head;			/* bytes written, ever; where in the ring: its remainder */
	uint32_t slots[SLOTS];		/* by host and address: where its answer stands, as head was; 0: nowhere */
	char text[ANSWER_NAME];
	uint8_t ring[RING];
};

struct answers *answers_new(const struct hash_key *key)
{
	static const struct hash_key fixed = {{0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9}};
	struct answers *a = calloc(1, sizeof *a);

	if (a == NULL)
		log_no_memory("names");
	a->head = ALIGN;
	a->key = key != NULL ? *key : fixed;
	return a;
}

void answers_free(struct answers *a)
{
	free(a);
}

/* Who makes whom forgotten shows in the output. */
static size_t slot_of(const struct answers *a, const struct addr *host, const struct addr *far)
{
	struct addr both[2] = {*host, *far};

	return hash_keyed(&a->key, both, sizeof both) % SLOTS;
}

/* Room for n bytes in one piece; moves the head. */
static uint32_t take(struct answers *a, size_t n)
{
	uint32_t at;

	if (a->head % RING + n > RING)
		a->head += RING - a->head % RING;
	at = a->head;
	a->head += (uint32_t)((n + ALIGN - 1) / ALIGN * ALIGN);
	return at;
}

void answers_add(struct answers *a, const struct addr *host, struct cursor addresses, struct cursor labels, uint64_t ttl_s, uint64_t now_s)
{
	struct answer e = {.host = *host};
	struct cursor walk = addresses;
	uint8_t *to;
	uint32_t at;

	while (labels.left > ANSWER_NAME - 1)
		cur_skip(&labels, cur_u8(&labels));
	if (labels.left == 0 || addresses.left > ANSWER_ADDRESSES * sizeof(struct addr))
		return;
	e.until_s = (uint32_t)(now_s + (ttl_s < LEAST_S ? LEAST_S : ttl_s > MOST_S ? MOST_S : ttl_s));
	e.n_addresses = (uint8_t)(addresses.left / sizeof(struct addr));
	e.name_bytes = (uint8_t)labels.left;
	at = take(a, sizeof e + addresses.left + labels.left);
	to = a->ring + at % RING;
	memcpy(to, &e, sizeof e);
	to += sizeof e;
	while (walk.left >= sizeof(struct addr)) {
		struct addr far;

		cur_copy(&walk, far.b, sizeof far.b);
		memcpy(to, far.b, sizeof far.b);
		to += sizeof far.b;
		a->slots[slot_of(a, host, &far)] = at;
	}
	cur_copy(&labels, to, labels.left);
}

/* Small letters, dots between. */
static const char *as_text(struct answers *a, struct cursor labels)
{
	size_t n = 0;

	while (labels.left > 0) {
		struct cursor label = cur_take(&labels, cur_u8(&labels));

		if (n > 0 && label.left > 0)
			a->text[n++] = '.';
		while (label.left > 0) {
			uint8_t b = cur_u8(&label);

			a->text[n++] = (char)(b >= 'A' && b <= 'Z' ? b + 32 : b > ' ' && b < 0x7f ? b : '?');
		}
	}
	a->text[n] = '\0';
	return n > 0 ? a->text : NULL;
}

const char *answers_find(struct answers *a, const struct addr *host, const struct addr *far, uint64_t now_s)
{
	uint32_t at = a->slots[slot_of(a, host, far)];
	struct cursor c = cur_of(a->ring + at % RING, RING - at % RING), addresses, labels;
	struct answer e;

	if (at == 0 || a->head - at > RING - ANSWER_MOST || c.left < sizeof e)
		return NULL;
	cur_copy(&c, &e, sizeof e);
	addresses = cur_take(&c, e.n_addresses * sizeof(struct addr));
	labels = cur_take(&c, e.name_bytes);
	if (c.bad || e.name_bytes >= ANSWER_NAME || e.until_s <= (uint32_t)now_s || !addr_equal(&e.host, host))
		return NULL;
	while (addresses.left > 0) {
		struct cursor one = cur_take(&addresses, sizeof(struct addr));

		if (cur_starts(&one, far->b, sizeof far->b))
			return as_text(a, labels);
	}
	return NULL;
}
