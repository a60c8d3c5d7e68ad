/* payload_index.c -- see payload_index.h. */
#include "payload_index.h"

#include "../base/hash.h"
#include "../base/log.h"

#include <netinet/in.h>
#include <stdlib.h>

enum {
	SHAPES_MAX = 64,	/* a bit each; the first two are special */
	SHAPE_LOOSE = 0,	/* no whole byte is constant: all of them are tried */
	SHAPE_LENGTH = 1,	/* nor any bit, but the datagram's length */
	RUN_BYTES = 8,
	LENGTHS = 256,
	GATES_MAX = 16,
	LEAST_BITS = 6,		/* less, and every flow would be spoken of */
};

struct shape {
	uint8_t offset, n;
};

struct filed {
	uint64_t hash;		/* of shape and bytes */
	uint32_t line;
	uint8_t shape;
	struct pattern pattern;
};

struct slot {
	uint64_t hash;
	uint32_t first, n;	/* in filed[]; n == 0: free */
};

struct payload_index {
	uint64_t first[PATTERN_NESTED + 1][256];	/* by PATTERN_ bit and first byte: shapes that may fit, a bit each */
	uint64_t pairs[65536 / 64];	/* first two bytes that some pattern wants, where it wants both */
	uint64_t unpaired;		/* shapes where one does not */
	uint64_t lengths[LENGTHS];	/* by a datagram's length, the last for all that are longer: shapes that may fit */
	struct gate {			/* by the byte at this offset: shapes that begin there, and so; and all others */
		uint8_t offset;
		uint64_t shapes[256];
	} gates[GATES_MAX];
	unsigned n_gates;
	struct shape shapes[SHAPES_MAX];
	unsigned n_shapes;
	uint8_t wanted[2];		/* PATTERN_ bits; [1]: between inside hosts */
	struct filed *filed;
	uint32_t n_filed, room_filed;
	struct slot *slots;
	uint32_t mask;			/* slots - 1 */
};

struct payload_index *payload_index_new(void)
{
	struct payload_index *x = calloc(1, sizeof *x);

	if (x == NULL)
		log_no_memory("signatures");
	x->n_shapes = SHAPE_LENGTH + 1;
	return x;
}

void payload_index_free(struct payload_index *x)
{
	if (x == NULL)
		return;
	free(x->filed);
	free(x->slots);
	free(x);
}

static uint64_t hash_run(unsigned shape, uint64_t run)
{
	return hash_fold(run + 0x9e3779b97f4a7c15ULL * (shape + 1), 0xd6e8feb86659fd93ULL) | 1;
}

/* --- filing --- */

/* The longest run of constant bytes; the first of several. n == 0: there is none. */
static struct shape longest_run(const struct pattern *p)
{
	struct shape best = {0};

	for (unsigned i = 0; i < PAYLOAD_BYTES; i++) {
		unsigned n = 0;

		while (i + n < PAYLOAD_BYTES && n < RUN_BYTES && p->mask[i + n] == 0xff)
			n++;
		if (n > best.n)
			best = (struct shape){(uint8_t)i, (uint8_t)n};
	}
	return best;
}

/* The shape's number; the one for all else if there are too many. */
static unsigned shape_number(struct payload_index *x, struct shape s)
{
	for (unsigned i = SHAPE_LENGTH + 1; i < x->n_shapes; i++)
		if (x->shapes[i].offset == s.offset && x->shapes[i].n == s.n)
			return i;
	if (x->n_shapes == SHAPES_MAX)
		return SHAPE_LOOSE;
	x->shapes[x->n_shapes] = s;
	return x->n_shapes++;
}

static void file(struct payload_index *x, const struct pattern *p, uint32_t line)
{
	struct shape s = longest_run(p);
	unsigned shape = s.n > 0 ? shape_number(x, s) : p->low == p->high ? SHAPE_LENGTH : SHAPE_LOOSE;
	unsigned pair = (unsigned)p->value[0] << 8 | p->value[1];
	uint64_t run = 0;

	for (unsigned i = 0; i < s.n && shape != SHAPE_LOOSE; i++)
		run = run << 8 | p->value[s.offset + i];
	if (shape == SHAPE_LENGTH)
		run = p->low;
	for (unsigned b = 0; b < 256; b++)
		if ((b & p->mask[0]) == p->value[0])
			for (unsigned proto = PATTERN_UDP; proto <= PATTERN_NESTED; proto <<= 1)
				if ((p->protos & proto) != 0)
					x->first[proto][b] |= 1ULL << shape;
	for (unsigned n = 0; n < LENGTHS; n++)
		if (n >= p->low ? n <= p->high : n == LENGTHS - 1)
			x->lengths[n] |= 1ULL << shape;
	if ((p->mask[0] & p->mask[1]) == 0xff)
		x->pairs[pair / 64] |= 1ULL << pair % 64;
	else
		x->unpaired |= 1ULL << shape;
	x->filed = room_for(x->filed, x->n_filed, 1, &x->room_filed, sizeof *x->filed);
	x->filed[x->n_filed++] = (struct filed){hash_run(shape, run), line, (uint8_t)shape, *p};
}

const char *payload_index_add(struct payload_index *x, const struct program *p, uint32_t expr, uint32_t line, bool inside, unsigned *bits)
{
	struct patterns *s = malloc(sizeof *s);
	const char *wrong = NULL;

	if (s == NULL)
		log_no_memory("signatures");
	patterns_of(p, expr, s);
	*bits = UINT16_MAX;
	for (unsigned i = 0; i < s->n; i++) {
		const struct pattern *one = &s->at[i];
		unsigned fixed = one->low == one->high ? 8 : 0;

		for (unsigned b = 0; b < PAYLOAD_BYTES; b++)
			fixed += (unsigned)__builtin_popcount(one->mask[b]);
		if (fixed < LEAST_BITS)
			wrong = "too many payloads fit: compare bytes at a fixed place with a constant, or payload.len with one length";
		*bits = one->bits < *bits ? one->bits : *bits;
	}
	if (s->n == 0)
		wrong = "it never holds: nothing but payload.len is in a message with `payload`";
	for (unsigned i = 0; wrong == NULL && i < s->n; i++) {
		file(x, &s->at[i], line);
		x->wanted[0] |= s->at[i].protos;
		x->wanted[1] |= inside ? s->at[i].protos : 0;
	}
	free(s);
	return wrong;
}

static int by_hash(const void *a, const void *b)
{
	const struct filed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Where shapes begin that the first two bytes do not rule out. */
static void make_gates(struct payload_index *x)
{
	for (unsigned s = SHAPE_LENGTH + 1; s < x->n_shapes; s++) {
		unsigned g = 0;

		if ((x->unpaired >> s & 1) == 0 || x->shapes[s].offset == 0)
			continue;
		while (g < x->n_gates && x->gates[g].offset != x->shapes[s].offset)
			g++;
		if (g == x->n_gates && g < GATES_MAX) {
			x->gates[x->n_gates++].offset = x->shapes[s].offset;
			memset(x->gates[g].shapes, 0xff, sizeof x->gates[g].shapes);
		}
		for (unsigned b = 0; b < 256 && g < x->n_gates; b++)
			x->gates[g].shapes[b] &= ~(1ULL << s);
	}
	for (uint32_t i = 0; i < x->n_filed; i++) {
		const struct filed *f = &x->filed[i];
		unsigned offset = x->shapes[f->shape].offset;

		for (unsigned g = 0; g < x->n_gates && f->shape > SHAPE_LENGTH; g++)
			if (x->gates[g].offset == offset)
				x->gates[g].shapes[f->pattern.value[offset]] |= 1ULL << f->shape;
	}
}

void payload_index_finish(struct payload_index *x)
{
	uint32_t room = 16;

	make_gates(x);
	if (x->n_filed > 1)
		qsort(x->filed, x->n_filed, sizeof *x->filed, by_hash);
	while (room < 2 * x->n_filed)
		room *= 2;
	x->mask = room - 1;
	x->slots = calloc(room, sizeof *x->slots);
	if (x->slots == NULL)
		log_no_memory("signatures");
	for (uint32_t i = 0, n; i < x->n_filed; i += n) {
		uint32_t at = (uint32_t)(x->filed[i].hash >> 32) & x->mask;

		for (n = 1; i + n < x->n_filed && x->filed[i + n].hash == x->filed[i].hash; n++)
			;
		while (x->slots[at].n > 0)
			at = (at + 1) & x->mask;
		x->slots[at] = (struct slot){x->filed[i].hash, i, n};
	}
}

bool payload_index_wanted(const struct payload_index *x, uint8_t ip_proto, bool inside)
{
	return (x->wanted[inside] & (ip_proto == IPPROTO_TCP ? PATTERN_TCP : PATTERN_DATAGRAM)) != 0;
}

/* --- looking --- */

/* What the first two bytes leave; 0 for nearly all of the world's traffic. */
static uint64_t shapes_for(const struct payload_index *x, unsigned proto, const struct cursor *bytes, uint32_t len_bytes)
{
	uint64_t shapes = bytes->left > 0 ? x->first[proto][cur_peek_u8(bytes, 0)] : 0;
	unsigned pair = cur_peek_u16(bytes, 0);

	if (shapes == 0)
		return 0;
	if (bytes->left >= 2 && (x->pairs[pair / 64] >> pair % 64 & 1) == 0)
		shapes &= x->unpaired;
	if (proto != PATTERN_TCP)
		shapes &= x->lengths[len_bytes < LENGTHS ? len_bytes : LENGTHS - 1];
	for (unsigned g = 0; g < x->n_gates && shapes != 0; g++)
		if (x->gates[g].offset < bytes->left)
			shapes &= x->gates[g].shapes[cur_peek_u8(bytes, x->gates[g].offset)];
	return shapes;
}

struct look {
	const struct payload_index *index;
	unsigned proto;
	struct cursor bytes;
	uint32_t len_bytes;
	payload_visit visit;
	void *ctx;
	bool more, found, enough;
};

static uint64_t run_at(struct cursor c, struct shape s)
{
	uint64_t v = 0;

	cur_skip(&c, s.offset);
	if (c.left >= 8)
		return cur_u64(&c) >> (64 - 8 * s.n);
	for (unsigned i = 0; i < s.n; i++)
		v = v << 8 | cur_u8(&c);
	return v;
}

/* Of a datagram: is it as long as it says? What is not there is not known. */
static bool length_fits(const struct length_field *f, struct cursor c, uint32_t len_bytes)
{
	uint64_t v = 0;

	cur_skip(&c, f->offset);
	for (unsigned i = 0; i < f->size; i++)
		v = f->big ? v << 8 | cur_u8(&c) : v | (uint64_t)cur_u8(&c) << 8 * i;
	return c.bad || v + (uint64_t)f->more == len_bytes;
}

static enum fit pattern_fits(const struct pattern *p, const struct look *l)
{
	bool datagram = l->proto != PATTERN_TCP;

	if ((p->protos & l->proto) == 0 || (datagram && (l->len_bytes < p->low || l->len_bytes > p->high)))
		return FIT_NO;
	for (unsigned i = 0; i < p->reach && i < l->bytes.left; i++)
		if ((cur_peek_u8(&l->bytes, i) & p->mask[i]) != p->value[i])
			return FIT_NO;
	if (datagram && p->length.size > 0 && !length_fits(&p->length, l->bytes, l->len_bytes))
		return FIT_NO;
	if (p->reach <= l->bytes.left)
		return FIT_YES;
	return datagram ? FIT_NO : FIT_MORE;
}

static void probe(struct look *l, unsigned shape, uint64_t run)
{
	const struct payload_index *x = l->index;
	uint64_t hash = hash_run(shape, run);

	for (uint32_t at = (uint32_t)(hash >> 32) & x->mask; x->slots[at].n > 0; at = (at + 1) & x->mask) {
		const struct slot *s = &x->slots[at];

		if (s->hash != hash)
			continue;
		for (uint32_t i = 0; i < s->n && !l->enough; i++) {
			const struct filed *f = &x->filed[s->first + i];
			enum fit fit = pattern_fits(&f->pattern, l);

			l->more = l->more || fit == FIT_MORE;
			if (fit != FIT_YES)
				continue;
			l->found = true;
			if (l->visit != NULL)
				l->visit(l->ctx, f->line);
			else
				l->enough = true;
		}
		return;
	}
}

enum fit payload_index_look(const struct payload_index *x, unsigned proto, struct cursor bytes, uint32_t len_bytes, payload_visit visit,
    void *ctx)
{
	uint64_t shapes = shapes_for(x, proto, &bytes, len_bytes);
	struct look l = {.index = x, .proto = proto, .bytes = bytes, .len_bytes = len_bytes, .visit = visit, .ctx = ctx};

	if (shapes == 0)
		return FIT_NO;
	if (bytes.left > PAYLOAD_BYTES)
		l.bytes = cur_take(&bytes, PAYLOAD_BYTES);
	for (; shapes != 0 && !l.enough; shapes &= shapes - 1) {
		unsigned shape = (unsigned)__builtin_ctzll(shapes);
		struct shape s = x->shapes[shape];

		if (shape == SHAPE_LENGTH)
			probe(&l, shape, len_bytes);
		else if ((size_t)s.offset + s.n > l.bytes.left)
			l.more = true;
		else
			probe(&l, shape, shape == SHAPE_LOOSE ? 0 : run_at(l.bytes, s));
	}
	return l.found ? FIT_YES : l.more && proto == PATTERN_TCP ? FIT_MORE : FIT_NO;
}
