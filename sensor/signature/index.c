/* index.c -- see index.h. Keys are hashes of what they stand for: two that collide cost an evaluation, nothing more. */
#include "index.h"

#include "../base/hash.h"
#include "../base/log.h"

#include <stdlib.h>

enum {
	KEYS_MAX = 64,		/* of one line: more, and it is filed under the fact itself */
	PREFIX_BYTES = 8,
	LABELS = 16,		/* of a host name, from its end: longer patterns are filed by these */
	NAME_BYTES = 256,
};

enum key_kind { KEY_FACT, KEY_NUMBER, KEY_WHOLE, KEY_PREFIX, KEY_DOMAIN };

struct key {
	uint16_t fact;
	uint8_t kind;
	uint8_t length;		/* KEY_PREFIX */
	uint64_t hash;		/* of kind, fact and value; KEY_FACT: none */
};

/* One of these is there whenever the expression holds. rank: how much they let through; KEYLESS: nothing is known. */
struct keys {
	unsigned n, rank;
	struct key key[KEYS_MAX];
};

enum { RANK_VALUE = 1, RANK_PREFIX, RANK_FACT, KEYLESS };

struct filed {
	uint64_t hash;
	uint32_t line;
};

struct slot {
	uint64_t hash;
	uint32_t first, n;	/* in filed[]; n == 0: free */
};

struct of_fact {
	uint32_t *lines;	/* by KEY_FACT */
	uint32_t n, room;
	uint8_t kinds;		/* a bit for each key_kind that is there */
	uint8_t prefixes;	/* a bit for each length, from 1 */
};

struct index {
	struct fact_set set;
	struct of_fact facts[FACTS_MAX];
	struct filed *filed;
	uint32_t n_filed, room_filed;
	struct slot *slots;
	uint32_t mask;		/* slots - 1 */
};

struct index *index_new(void)
{
	struct index *x = calloc(1, sizeof *x);

	if (x == NULL)
		log_no_memory("signatures");
	return x;
}

void index_free(struct index *x)
{
	if (x == NULL)
		return;
	for (unsigned i = 0; i < FACTS_MAX; i++)
		free(x->facts[i].lines);
	free(x->filed);
	free(x->slots);
	free(x);
}

/* --- hashes --- */

static uint64_t hash_begin(unsigned fact, enum key_kind kind)
{
	uint32_t both = fact << 8 | (unsigned)kind;

	return hash_fixed(HASH_START, &both, sizeof both);
}

static uint64_t hash_number(unsigned fact, uint64_t v)
{
	return hash_fixed(hash_begin(fact, KEY_NUMBER), &v, sizeof v);
}

static uint64_t hash_bytes(unsigned fact, enum key_kind kind, struct cursor c)
{
	uint64_t h = hash_begin(fact, kind);

	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		h = hash_fixed(h, &b, 1);
	}
	return h;
}

/* One more byte: before those that `h` stands for, or after them. Patterns do not know small letters from capitals. */
static uint64_t hash_folded(uint64_t h, uint8_t b)
{
	uint8_t folded = b >= 'A' && b <= 'Z' ? (uint8_t)(b + 32) : b;

	return hash_fixed(h, &folded, 1);
}

static uint64_t hash_prefix(unsigned fact, struct cursor c, unsigned n)
{
	uint64_t h = hash_begin(fact, KEY_PREFIX);

	for (unsigned i = 0; i < n; i++)
		h = hash_folded(h, cur_u8(&c));
	return h ^ n;
}

/* --- keys of an expression --- */

static void keys_add(struct keys *k, struct key key)
{
	if (k->n < KEYS_MAX)
		k->key[k->n++] = key;
	else
		k->rank = KEYLESS;	/* filed under less, if that is possible */
}

static struct keys keys_fact(unsigned fact)
{
	struct keys k = {.rank = RANK_FACT};

	if (fact_in_header(fact))
		k.rank = KEYLESS;
	else
		keys_add(&k, (struct key){.fact = (uint16_t)fact, .kind = KEY_FACT});
	return k;
}

static struct keys keys_number(const struct program *p, const struct expr *e)
{
	const struct term *left = &p->terms[e->a];
	struct keys k = {.rank = RANK_VALUE};

	if (fact_in_header(left->fact) && e->n == 0 && p->terms[e->b].from != TERM_CONSTANT)
		return keys_fact(p->terms[e->b].fact);
	if (left->from != TERM_FACT || left->plus != 0 || e->n == 0 || e->n > KEYS_MAX || e->compare != COMPARE_EQ ||
	    fact_in_header(left->fact))
		return keys_fact(left->fact);
	for (uint32_t i = 0; i < e->n; i++) {
		const struct range *r = &p->ranges[e->b + i];

		if (r->low != r->high)
			return keys_fact(left->fact);
		keys_add(&k, (struct key){.fact = left->fact, .kind = KEY_NUMBER, .hash = hash_number(left->fact, r->low)});
	}
	return k;
}

/* What a name must end with for this pattern: everything from the first dot behind the last wildcard. */
static bool domain_key(unsigned fact, struct cursor glob, struct key *key)
{
	uint64_t h = hash_begin(fact, KEY_DOMAIN);
	size_t at = glob.left, dot = SIZE_MAX;
	unsigned labels = 0;
	uint8_t b = 0;

	while (at > 0 && labels < LABELS) {
		b = cur_peek_u8(&glob, at - 1);
		if (b == '*' || b == '?')
			break;
		h = hash_folded(h, b);
		at--;
		if (b == '.') {
			labels++;
			dot = at;
			key->hash = h;
		}
	}
	*key = (struct key){.fact = (uint16_t)fact, .kind = KEY_DOMAIN, .hash = key->hash};
	if (at == 0 && b != '.') {	/* no wildcard: as if a dot stood before it */
		key->hash = hash_folded(h, '.');
		return true;
	}
	return dot != SIZE_MAX;
}

/* What stands before the first wildcard. */
static bool prefix_key(unsigned fact, struct cursor glob, struct key *key)
{
	unsigned n = 0;

	while (n < PREFIX_BYTES && n < glob.left && cur_peek_u8(&glob, n) != '*' && cur_peek_u8(&glob, n) != '?')
		n++;
	if (n == 0 || cur_peek_u8(&glob, 0) == '.')
		return false;
	*key = (struct key){.fact = (uint16_t)fact, .kind = KEY_PREFIX, .length = (uint8_t)n, .hash = hash_prefix(fact, glob, n)};
	return true;
}

static struct keys keys_bytes(const struct program *p, const struct expr *e)
{
	struct keys k = {.rank = e->compare == COMPARE_PREFIX ? RANK_PREFIX : RANK_VALUE};

	if (e->sliced || e->compare == COMPARE_NE || e->n > KEYS_MAX || fact_in_header(e->fact))
		return keys_fact(e->fact);
	for (uint32_t i = 0; i < e->n; i++) {
		struct cursor text = program_bytes(p, e->b + i);
		struct key key = {.fact = e->fact, .kind = KEY_WHOLE};

		if (e->compare == COMPARE_PREFIX) {
			key.kind = KEY_PREFIX;
			key.length = (uint8_t)(text.left < PREFIX_BYTES ? text.left : PREFIX_BYTES);
			key.hash = hash_prefix(e->fact, text, key.length);
		} else if (e->compare == COMPARE_GLOB) {
			if (!domain_key(e->fact, text, &key) && !prefix_key(e->fact, text, &key))
				return keys_fact(e->fact);
		} else {
			key.hash = hash_bytes(e->fact, KEY_WHOLE, text);
		}
		keys_add(&k, key);
	}
	return k;
}

static struct keys keys_of(const struct program *, uint32_t expr);

/* Either one. If they are too many, only their facts count. */
static struct keys keys_either(struct keys a, const struct keys *b)
{
	a.rank = a.rank > b->rank ? a.rank : b->rank;
	for (unsigned i = 0; i < b->n && a.rank != KEYLESS; i++)
		keys_add(&a, b->key[i]);
	return a;
}

static struct keys keys_of(const struct program *p, uint32_t expr)
{
	const struct expr *e = &p->exprs[expr];
	struct keys a, b;

	switch (e->op) {
	case EXPR_AND:
		a = keys_of(p, e->a);
		b = keys_of(p, e->b);
		return b.rank < a.rank ? b : a;
	case EXPR_OR:
		a = keys_of(p, e->a);
		b = keys_of(p, e->b);
		return keys_either(a, &b);
	case EXPR_HAS:
	case EXPR_ENDPOINT:
		return keys_fact(e->fact);
	case EXPR_BYTES:
		return keys_bytes(p, e);
	case EXPR_NUMBER:
		return keys_number(p, e);
	default:
		return (struct keys){.rank = KEYLESS};
	}
}

/* --- filing --- */

static void file(struct index *x, const struct key *key, uint32_t line)
{
	struct of_fact *f = &x->facts[key->fact];

	f->kinds |= (uint8_t)(1u << key->kind);
	if (key->kind == KEY_PREFIX)
		f->prefixes |= (uint8_t)(1u << (key->length - 1));
	if (key->kind == KEY_FACT) {
		if (f->n > 0 && f->lines[f->n - 1] == line)
			return;
		f->lines = room_for(f->lines, f->n, 1, &f->room, sizeof *f->lines);
		f->lines[f->n++] = line;
		return;
	}
	x->filed = room_for(x->filed, x->n_filed, 1, &x->room_filed, sizeof *x->filed);
	x->filed[x->n_filed++] = (struct filed){key->hash, line};
}

const char *index_add(struct index *x, const struct program *p, uint32_t expr, uint32_t line, bool *payload)
{
	struct keys k = keys_of(p, expr);

	*payload = false;
	if (k.rank == KEYLESS && k.n >= KEYS_MAX)
		return "it has too many alternatives: make several lines of them";
	if (k.rank == KEYLESS)
		return "it may hold for messages that have none of its facts: name one that must be there (not, != and facts of every "
		    "message, as proto and opened, are no such)";
	for (unsigned i = 0; i < k.n; i++) {
		x->set.bits[k.key[i].fact / 64] |= 1ULL << k.key[i].fact % 64;
		if (k.key[i].fact == FACT_PAYLOAD || k.key[i].fact == FACT_PAYLOAD_LEN)
			*payload = true;
		else
			file(x, &k.key[i], line);
	}
	return NULL;
}

static int by_hash(const void *a, const void *b)
{
	const struct filed *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

void index_finish(struct index *x)
{
	uint32_t room = 16;

	if (x->n_filed > 1)
		qsort(x->filed, x->n_filed, sizeof *x->filed, by_hash);
	while (room < 2 * x->n_filed)
		room *= 2;
	x->mask = room - 1;
	x->slots = calloc(room, sizeof *x->slots);
	if (x->slots == NULL)
		log_no_memory("signatures");
	for (uint32_t i = 0, n; i < x->n_filed; i += n) {
		uint32_t at = (uint32_t)x->filed[i].hash & x->mask;

		for (n = 1; i + n < x->n_filed && x->filed[i + n].hash == x->filed[i].hash; n++)
			;
		while (x->slots[at].n > 0)
			at = (at + 1) & x->mask;
		x->slots[at] = (struct slot){x->filed[i].hash, i, n};
	}
}

/* --- looking --- */

const struct fact_set *index_facts(const struct index *x)
{
	return &x->set;
}

struct look {
	const struct index *index;
	const struct fact *fact;
	index_visit visit;
	void *ctx;
};

static void probe(const struct look *l, uint64_t hash)
{
	const struct index *x = l->index;

	for (uint32_t at = (uint32_t)hash & x->mask; x->slots[at].n > 0; at = (at + 1) & x->mask) {
		const struct slot *s = &x->slots[at];

		if (s->hash != hash)
			continue;
		for (uint32_t i = 0; i < s->n; i++)
			l->visit(l->ctx, x->filed[s->first + i].line, l->fact);
		return;
	}
}

static void probe_domains(const struct look *l)
{
	const struct cursor *name = &l->fact->bytes;
	uint64_t h = hash_begin(l->fact->id, KEY_DOMAIN);
	unsigned labels = 0;

	for (size_t at = name->left; at > 0 && labels < LABELS; at--) {
		uint8_t b = cur_peek_u8(name, at - 1);

		h = hash_folded(h, b);
		if (b == '.') {
			labels++;
			probe(l, h);
		}
	}
	if (labels < LABELS)
		probe(l, hash_folded(h, '.'));
}

static void probe_bytes(const struct look *l, const struct of_fact *of)
{
	const struct fact *f = l->fact;

	if ((of->kinds & 1u << KEY_WHOLE) != 0)
		probe(l, hash_bytes(f->id, KEY_WHOLE, f->bytes));
	if ((of->kinds & 1u << KEY_DOMAIN) != 0)
		probe_domains(l);
	for (unsigned n = 1; n <= PREFIX_BYTES && n <= f->bytes.left; n++)
		if ((of->prefixes & 1u << (n - 1)) != 0)
			probe(l, hash_prefix(f->id, f->bytes, n));
}

void index_look(const struct index *x, const struct fact *f, index_visit visit, void *ctx)
{
	const struct of_fact *of = f->id < FACTS_MAX ? &x->facts[f->id] : NULL;
	struct look l = {x, f, visit, ctx};

	if (of == NULL || of->kinds == 0)
		return;
	for (uint32_t i = 0; i < of->n; i++)
		visit(ctx, of->lines[i], f);
	if ((of->kinds & 1u << KEY_NUMBER) != 0 && f->type == FACT_UINT)
		probe(&l, hash_number(f->id, f->uint));
	if (f->type == FACT_BYTES)
		probe_bytes(&l, of);
}
