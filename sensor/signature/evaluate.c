/* evaluate.c -- see evaluate.h. */
#include "evaluate.h"

#include <netinet/in.h>

/* --- globs --- */

static uint8_t folded(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool equal_folded(const struct cursor *a, const struct cursor *b)
{
	if (a->left != b->left)
		return false;
	for (size_t i = 0; i < a->left; i++)
		if (folded(cur_peek_u8(a, i)) != folded(cur_peek_u8(b, i)))
			return false;
	return true;
}

static bool domain_fits(struct cursor domain, struct cursor name)
{
	struct cursor own = domain;

	cur_skip(&own, 1);
	if (equal_folded(&own, &name))
		return true;
	if (name.left <= domain.left)
		return false;
	cur_skip(&name, name.left - domain.left);
	return equal_folded(&domain, &name);
}

/* On a mismatch the last star takes one byte more: at worst the product of both lengths, which are small. */
bool glob_fits(struct cursor p, struct cursor b)
{
	size_t at = 0, i = 0, star = SIZE_MAX, from = 0;

	if (p.left > 1 && cur_peek_u8(&p, 0) == '.')
		return domain_fits(p, b);
	while (i < b.left) {
		uint8_t want = at < p.left ? cur_peek_u8(&p, at) : 0;

		if (at < p.left && want == '*') {
			star = at++;
			from = i;
		} else if (at < p.left && (want == '?' || folded(want) == folded(cur_peek_u8(&b, i)))) {
			at++;
			i++;
		} else if (star != SIZE_MAX) {
			at = star + 1;
			i = ++from;
		} else {
			return false;
		}
	}
	while (at < p.left && cur_peek_u8(&p, at) == '*')
		at++;
	return at == p.left;
}

/* --- values of facts --- */

/* What a relay hands on are datagrams, whatever it came in. */
static struct cursor proto_name(const struct message *m)
{
	if (m->nested)
		return cur_of("udp", 3);
	return m->ip_proto == IPPROTO_TCP ? cur_of("tcp", 3) : m->ip_proto == IPPROTO_UDP ? cur_of("udp", 3) : cur_of("", 0);
}

/* The next fact of this id; header facts come once. *at starts at 0. */
static bool next(const struct message *m, unsigned id, size_t *at, struct fact *f)
{
	if (!fact_in_header(id))
		return message_seek(m, id, at) && message_next(m, at, f);
	if ((*at)++ > 0)
		return false;
	*f = (struct fact){.id = (uint16_t)id, .type = FACT_FLAG};
	switch (id) {
	case FACT_PROTO:
		f->type = FACT_BYTES;
		f->bytes = proto_name(m);
		return true;
	case FACT_REMOTE:
		f->type = FACT_ENDPOINT;
		f->endpoint = m->remote;
		return true;
	case FACT_LOCAL_PORT:
	case FACT_REMOTE_PORT:
		f->type = FACT_UINT;
		f->uint = id == FACT_LOCAL_PORT ? m->local.port : m->remote.port;
		return true;
	case FACT_OUTGOING: return m->from_local;
	case FACT_OPENED: return m->local_first;
	case FACT_TWO_WAY: return m->two_way;
	case FACT_NESTED: return m->nested;
	default: return false;
	}
}

/* A window of bytes; false if it reaches beyond them. */
static bool slice(struct cursor *c, int offset, unsigned length)
{
	size_t skip = offset >= 0 ? (size_t)offset : (size_t)-offset <= c->left ? c->left - (size_t)-offset : SIZE_MAX;

	if (skip > c->left)
		return false;
	cur_skip(c, skip);
	if (length == SLICE_END)
		return true;
	*c = cur_take(c, length);
	return !c->bad;
}

static uint64_t integer(struct cursor c, bool big)
{
	uint64_t v = 0;
	unsigned shift = 0;

	for (; c.left > 0; shift += 8)
		v = big ? v << 8 | cur_u8(&c) : v | (uint64_t)cur_u8(&c) << shift;
	return v;
}

typedef __int128 wide;	/* a fact of 64 bits, and what is added to it */

/* What one fact gives to a term; false: nothing. */
static bool term_value(const struct term *t, const struct fact *f, wide *v)
{
	struct cursor c = f->bytes;

	switch (t->from) {
	case TERM_FACT:
		*v = f->uint;
		return f->type == FACT_UINT;
	case TERM_PORT:
		*v = f->endpoint.port;
		return f->type == FACT_ENDPOINT;
	case TERM_LENGTH:
		*v = (wide)c.left;
		return f->type == FACT_BYTES;
	default:
		if (f->type != FACT_BYTES || !slice(&c, t->offset, t->size))
			return false;
		*v = integer(c, t->from == TERM_BIG);
		return true;
	}
}

/* The first value that there is. */
static bool term_first(const struct term *t, const struct message *m, wide *v)
{
	struct fact f;
	size_t at = 0;

	*v = 0;
	if (t->from != TERM_CONSTANT) {
		do {
			if (!next(m, t->fact, &at, &f))
				return false;
		} while (!term_value(t, &f, v));
	}
	*v += t->plus;
	return true;
}

/* --- tests --- */

static bool compare_wide(wide a, enum compare how, wide b)
{
	switch (how) {
	case COMPARE_EQ: return a == b;
	case COMPARE_NE: return a != b;
	case COMPARE_LT: return a < b;
	case COMPARE_LE: return a <= b;
	case COMPARE_GT: return a > b;
	case COMPARE_GE: return a >= b;
	default: return false;
	}
}

static bool in_ranges(const struct program *p, const struct expr *e, wide v)
{
	for (uint32_t i = 0; i < e->n; i++) {
		const struct range *r = &p->ranges[e->b + i];

		if (v >= (wide)r->low && v <= (wide)r->high)
			return true;
	}
	return false;
}

static bool number_holds(const struct program *p, const struct expr *e, const struct message *m)
{
	const struct term *left = &p->terms[e->a];
	struct fact f;
	size_t at = 0;
	wide a, b = 0;

	if (e->n == 0 && !term_first(&p->terms[e->b], m, &b))
		return false;
	while (next(m, left->fact, &at, &f)) {
		if (!term_value(left, &f, &a))
			continue;
		a += left->plus;
		if (e->n == 0 ? compare_wide(a, e->compare, b) : in_ranges(p, e, a) == (e->compare == COMPARE_EQ))
			return true;
	}
	return false;
}

static bool text_fits(const struct program *p, const struct expr *e, struct cursor bytes, struct cursor want)
{
	struct cursor mask;

	switch (e->compare) {
	case COMPARE_PREFIX:
		return cur_starts(&bytes, want.at, want.left);
	case COMPARE_GLOB:
		return glob_fits(want, bytes);
	default:
		break;
	}
	if (!e->masked)
		return cur_equal(&bytes, &want);
	mask = program_bytes(p, e->b + e->n);
	while (bytes.left > 0 && want.left > 0)
		if ((cur_u8(&bytes) & cur_u8(&mask)) != cur_u8(&want))
			return false;
	return bytes.left == want.left;
}

static bool bytes_hold(const struct program *p, const struct expr *e, const struct message *m)
{
	struct fact f;
	size_t at = 0;

	while (next(m, e->fact, &at, &f)) {
		bool fits = false;

		if (f.type != FACT_BYTES || (e->sliced && !slice(&f.bytes, e->offset, e->length)))
			continue;
		for (uint32_t i = 0; i < e->n && !fits; i++)
			fits = text_fits(p, e, f.bytes, program_bytes(p, e->b + i));
		if (fits == (e->compare != COMPARE_NE))
			return true;
	}
	return false;
}

static bool endpoint_holds(const struct program *p, const struct expr *e, const struct message *m)
{
	struct fact f;
	size_t at = 0;

	while (next(m, e->fact, &at, &f)) {
		bool fits = false;

		if (f.type != FACT_ENDPOINT)
			continue;
		for (uint32_t i = 0; i < e->n && !fits; i++) {
			const struct network *n = &p->networks[e->b + i];

			fits = prefix_holds(&n->prefix, &f.endpoint.addr) && (n->port < 0 || n->port == f.endpoint.port);
		}
		if (fits == (e->compare == COMPARE_EQ))
			return true;
	}
	return false;
}

/* As deep as the compiler let it become: EXPR_DEPTH, and a level for each `and` and `or` in a row, EXPR_NODES at most. */
bool evaluate(const struct program *p, uint32_t expr, const struct message *m)
{
	const struct expr *e = &p->exprs[expr];
	struct fact f;
	size_t at = 0;

	switch (e->op) {
	case EXPR_AND: return evaluate(p, e->a, m) && evaluate(p, e->b, m);
	case EXPR_OR: return evaluate(p, e->a, m) || evaluate(p, e->b, m);
	case EXPR_NOT: return !evaluate(p, e->a, m);
	case EXPR_HAS: return next(m, e->fact, &at, &f);
	case EXPR_BYTES: return bytes_hold(p, e, m);
	case EXPR_NUMBER: return number_holds(p, e, m);
	case EXPR_ENDPOINT: return endpoint_holds(p, e, m);
	}
	return false;
}
