/* pattern.c -- see pattern.h. A message with a payload has nothing else but payload.len (datagrams), flow.border, peer, and its header:
 * a test of any other fact does not hold there.
 */
#include "pattern.h"

#include "../base/log.h"

#include <stdlib.h>

enum { LENGTH_BITS = 6 };	/* what an exact length counts */

static void any(struct patterns *to)
{
	to->n = 1;
	to->at[0] = (struct pattern){.protos = PATTERN_ANY, .high = UINT32_MAX};
}

static bool is_here(unsigned fact)
{
	return fact == FACT_PAYLOAD || fact == FACT_PAYLOAD_LEN || fact == FACT_BORDER || fact == FACT_PEER || fact_in_header(fact);
}

static void reach(struct pattern *p, unsigned bytes)
{
	if (bytes > p->reach)
		p->reach = (uint8_t)(bytes < PAYLOAD_BYTES ? bytes : PAYLOAD_BYTES);
}

/* Byte `at` is this, where the mask has a bit. */
static void fix(struct pattern *p, unsigned at, uint8_t value, uint8_t mask)
{
	if (at >= PAYLOAD_BYTES)
		return;
	p->mask[at] = mask;
	p->value[at] = value & mask;
	p->bits += (uint16_t)__builtin_popcount(mask);
	reach(p, at + 1);
}

/* --- tests --- */

/* The beginning of a glob, up to its first wildcard; the case of letters does not count. */
static void fix_glob(struct pattern *p, unsigned at, struct cursor glob)
{
	if (cur_peek_u8(&glob, 0) == '.')
		return;		/* perhaps only its end */
	while (glob.left > 0) {
		uint8_t b = cur_u8(&glob), low = b | 0x20;

		if (b == '*' || b == '?')
			return;
		fix(p, at++, b, low >= 'a' && low <= 'z' ? 0xdf : 0xff);
	}
}

static void of_bytes(const struct program *p, const struct expr *e, struct patterns *to)
{
	unsigned offset = e->sliced ? (unsigned)e->offset : 0;
	unsigned least = e->sliced ? offset + (e->length == SLICE_END ? 0 : e->length) : 0;

	any(to);
	if (e->fact != FACT_PAYLOAD) {
		struct cursor name = program_bytes(p, e->b);

		if (e->fact == FACT_PROTO && e->compare == COMPARE_EQ && e->n == 1)
			to->at[0].protos = cur_peek_u8(&name, 0) == 'u' ? PATTERN_DATAGRAM : PATTERN_TCP;
		return;
	}
	reach(&to->at[0], least);
	if (e->compare == COMPARE_NE || e->n > PATTERNS_MAX)
		return;
	for (uint32_t i = 0; i < e->n; i++) {
		struct pattern *one = &to->at[i];
		struct cursor text = program_bytes(p, e->b + i), mask;

		*one = (struct pattern){.protos = PATTERN_ANY, .high = UINT32_MAX};
		reach(one, least);
		if (e->compare == COMPARE_GLOB) {
			fix_glob(one, offset, text);
			continue;
		}
		if (e->compare == COMPARE_EQ && !e->sliced && text.left < PAYLOAD_BYTES)
			one->low = one->high = (uint32_t)text.left;
		mask = e->masked ? program_bytes(p, e->b + e->n) : (struct cursor){0};
		for (unsigned at = offset; text.left > 0; at++)
			fix(one, at, cur_u8(&text), e->masked ? cur_u8(&mask) : 0xff);
	}
	to->n = e->n;
}

static void fix_integer(struct pattern *p, const struct term *t, uint64_t value, uint64_t mask)
{
	for (unsigned i = 0; i < t->size; i++) {
		unsigned shift = 8 * (t->from == TERM_BIG ? t->size - 1 - i : i);

		fix(p, (unsigned)t->offset + i, (uint8_t)(value >> shift), (uint8_t)(mask >> shift));
	}
}

static bool is_integer(const struct term *t)
{
	return t->from == TERM_BIG || t->from == TERM_LITTLE;
}

/* The high bits that all numbers of the range have in common. */
static void fix_integers(struct pattern *p, const struct term *t, uint64_t low, uint64_t high)
{
	uint64_t all = t->size < 8 ? (1ULL << 8 * t->size) - 1 : UINT64_MAX;
	unsigned differ = low == high ? 0 : 64 - (unsigned)__builtin_clzll(low ^ high);

	if (low > high || high > all || differ >= 64)
		return;
	fix_integer(p, t, low, all & ~((1ULL << differ) - 1));
}

/* A range of numbers that a term of the payload is in. */
static void fix_range(struct pattern *p, const struct term *t, const struct range *r)
{
	uint64_t low = r->low - (uint64_t)t->plus, high = r->high - (uint64_t)t->plus;

	if (is_integer(t)) {
		fix_integers(p, t, low, high);
	} else if (t->fact == FACT_PAYLOAD_LEN && low <= high && high <= UINT32_MAX) {
		p->low = (uint32_t)low;
		p->high = (uint32_t)high;
		if (r->low == r->high)
			p->bits += LENGTH_BITS;
	}
}

/* payload.len against a constant, by order. */
static void fix_order(struct pattern *p, const struct expr *e, int64_t constant)
{
	int64_t low = 0, high = UINT32_MAX;

	switch (e->compare) {
	case COMPARE_LT: high = constant - 1; break;
	case COMPARE_LE: high = constant; break;
	case COMPARE_GT: low = constant + 1; break;
	case COMPARE_GE: low = constant; break;
	default: return;
	}
	p->low = low > 0 && low <= UINT32_MAX ? (uint32_t)low : 0;
	p->high = high >= 0 && high <= UINT32_MAX ? (uint32_t)high : UINT32_MAX;
}

static bool is_length(const struct term *t)
{
	return t->from == TERM_FACT && t->fact == FACT_PAYLOAD_LEN;
}

static void fix_length_field(struct pattern *p, const struct term *number, const struct term *length)
{
	if (!is_integer(number) || !is_length(length))
		return;
	p->length = (struct length_field){number->size, (uint8_t)number->offset, number->from == TERM_BIG, number->plus - length->plus};
}

static void need_term(struct pattern *p, const struct term *t)
{
	if (t->from == TERM_CONSTANT)
		return;
	if (t->fact == FACT_PAYLOAD_LEN)
		p->protos = PATTERN_DATAGRAM;
	if (t->fact == FACT_PAYLOAD && is_integer(t))
		reach(p, (unsigned)t->offset + t->size);
}

static void of_number(const struct program *p, const struct expr *e, struct patterns *to)
{
	const struct term *left = &p->terms[e->a], *right = e->n == 0 ? &p->terms[e->b] : NULL;
	struct pattern base;

	any(to);
	need_term(&to->at[0], left);
	if (right != NULL) {
		need_term(&to->at[0], right);
		if (is_length(left) && right->from == TERM_CONSTANT)
			fix_order(&to->at[0], e, right->plus - left->plus);
		if (e->compare != COMPARE_EQ)
			return;
		if (is_integer(left) || is_integer(right))
			to->at[0].bits += (uint16_t)(8 * (is_integer(left) ? left->size : right->size));
		fix_length_field(&to->at[0], left, right);
		fix_length_field(&to->at[0], right, left);
		return;
	}
	if (e->compare != COMPARE_EQ || e->n > PATTERNS_MAX)
		return;
	base = to->at[0];
	for (uint32_t i = 0; i < e->n; i++) {
		to->at[i] = base;
		fix_range(&to->at[i], left, &p->ranges[e->b + i]);
	}
	to->n = e->n;
}

/* Does the test speak of a fact that such a message does not have? */
static bool elsewhere(const struct program *p, const struct expr *e)
{
	if (e->op != EXPR_NUMBER)
		return !is_here(e->fact);
	return !is_here(p->terms[e->a].fact) ||
	    (e->n == 0 && p->terms[e->b].from != TERM_CONSTANT && !is_here(p->terms[e->b].fact));
}

/* --- and, or --- */

/* Both at once; false: they contradict each other. */
static bool join(const struct pattern *a, const struct pattern *b, struct pattern *to)
{
	*to = *a;
	for (unsigned i = 0; i < PAYLOAD_BYTES; i++) {
		uint8_t common = a->mask[i] & b->mask[i];

		if (((a->value[i] ^ b->value[i]) & common) != 0)
			return false;
		to->mask[i] |= b->mask[i];
		to->value[i] |= b->value[i];
		to->bits -= (uint16_t)__builtin_popcount(common);
	}
	to->bits += b->bits;
	if (to->length.size == 0)
		to->length = b->length;
	reach(to, b->reach);
	to->protos &= b->protos;
	to->low = a->low > b->low ? a->low : b->low;
	to->high = a->high < b->high ? a->high : b->high;
	return to->protos != 0 && to->low <= to->high;
}

static unsigned weakest(const struct patterns *s)
{
	unsigned bits = UINT16_MAX;

	for (unsigned i = 0; i < s->n; i++)
		bits = s->at[i].bits < bits ? s->at[i].bits : bits;
	return bits;
}

static void both(const struct patterns *a, const struct patterns *b, struct patterns *to)
{
	if (a->n * b->n > PATTERNS_MAX) {	/* the one that lets less through is necessary, too */
		*to = weakest(a) >= weakest(b) ? *a : *b;
		return;
	}
	to->n = 0;
	for (unsigned i = 0; i < a->n; i++)
		for (unsigned j = 0; j < b->n; j++)
			to->n += join(&a->at[i], &b->at[j], &to->at[to->n]);
}

static void either(const struct patterns *a, const struct patterns *b, struct patterns *to)
{
	if (a->n + b->n > PATTERNS_MAX) {
		any(to);
		return;
	}
	to->n = a->n + b->n;
	memcpy(to->at, a->at, a->n * sizeof *to->at);
	memcpy(to->at + a->n, b->at, b->n * sizeof *to->at);
}

void patterns_of(const struct program *p, uint32_t expr, struct patterns *to)
{
	const struct expr *e = &p->exprs[expr];
	struct patterns *a;

	switch (e->op) {
	case EXPR_AND:
	case EXPR_OR:
		a = malloc(2 * sizeof *a);
		if (a == NULL)
			log_no_memory("signatures");
		patterns_of(p, e->a, &a[0]);
		patterns_of(p, e->b, &a[1]);
		(e->op == EXPR_AND ? both : either)(&a[0], &a[1], to);
		free(a);
		return;
	case EXPR_NOT:
		any(to);
		return;
	default:
		break;
	}
	if (elsewhere(p, e)) {
		to->n = 0;
	} else if (e->op == EXPR_BYTES) {
		of_bytes(p, e, to);
	} else if (e->op == EXPR_NUMBER) {
		of_number(p, e, to);
	} else {
		any(to);
		if (e->fact == FACT_PAYLOAD_LEN)
			to->at[0].protos = PATTERN_DATAGRAM;
		else if (e->fact == FACT_NESTED)
			to->at[0].protos = PATTERN_NESTED;
	}
}
