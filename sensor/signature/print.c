/* print.c -- see print.h. */
#include "print.h"

#include "compile.h"

#include <inttypes.h>

static const char *const signs[] = {
	[COMPARE_EQ] = "==", [COMPARE_NE] = "!=", [COMPARE_PREFIX] = "^=", [COMPARE_GLOB] = "~", [COMPARE_LT] = "<",
	[COMPARE_LE] = "<=", [COMPARE_GT] = ">", [COMPARE_GE] = ">=",
};

static void print_term(const struct term *t, FILE *to)
{
	const char *name = t->from == TERM_CONSTANT ? "" : fact_def(t->fact)->name;

	switch (t->from) {
	case TERM_CONSTANT:
		fprintf(to, "%" PRId64, t->plus);
		return;
	case TERM_FACT:
		fprintf(to, "%s", name);
		break;
	case TERM_PORT:
		fprintf(to, "%s.port", name);
		break;
	case TERM_LENGTH:
		fprintf(to, "len(%s)", name);
		break;
	default:
		fprintf(to, "%s(%s, %d)", integer_name(t), name, t->offset);
		break;
	}
	if (t->plus != 0)
		fprintf(to, " %c %" PRIu64, t->plus < 0 ? '-' : '+', (uint64_t)(t->plus < 0 ? -t->plus : t->plus));
}

static bool is_text(struct cursor c)
{
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		if (b < 0x20 || b > 0x7e)
			return false;
	}
	return true;
}

static void print_bytes(struct cursor c, bool text, FILE *to)
{
	text = text || is_text(c);
	fputs(text ? "\"" : "0x", to);
	while (c.left > 0) {
		uint8_t b = cur_u8(&c);

		if (!text)
			fprintf(to, "%02x", b);
		else if (b == '"' || b == '\\')
			fprintf(to, "\\%c", b);
		else if (b < 0x20 || b > 0x7e)
			fprintf(to, "\\x%02x", b);
		else
			fputc(b, to);
	}
	if (text)
		fputc('"', to);
}

static void print_network(const struct network *n, FILE *to)
{
	char text[PREFIX_TEXT], end[ENDPOINT_TEXT];

	if (n->port >= 0)
		fputs(endpoint_text(&(struct endpoint){n->prefix.addr, (uint16_t)n->port}, end), to);
	else if (n->prefix.bits == 128)
		fputs(addr_text(&n->prefix.addr, end), to);
	else
		fputs(prefix_text(&n->prefix, text), to);
}

static void print_value(const struct program *p, const struct expr *e, uint32_t i, FILE *to)
{
	const struct range *r;

	switch (e->op) {
	case EXPR_BYTES:
		print_bytes(program_bytes(p, e->b + i), e->compare == COMPARE_GLOB, to);
		break;
	case EXPR_ENDPOINT:
		print_network(&p->networks[e->b + i], to);
		break;
	default:
		r = &p->ranges[e->b + i];
		fprintf(to, "%" PRIu64, r->low);
		if (r->high != r->low)
			fprintf(to, "..%" PRIu64, r->high);
		break;
	}
}

static void print_slice(const struct program *p, const struct expr *e, FILE *to)
{
	fprintf(to, "[%d:", e->offset);
	if (e->length != SLICE_END)
		fprintf(to, "%u", e->length);
	fputc(']', to);
	if (e->masked) {
		fputs(" & ", to);
		print_bytes(program_bytes(p, e->b + e->n), false, to);
	}
}

static void print_test(const struct program *p, const struct expr *e, FILE *to)
{
	bool range = e->op == EXPR_NUMBER && e->n == 1 && p->ranges[e->b].low != p->ranges[e->b].high;
	bool list = e->n > 1 || (range && e->compare == COMPARE_EQ);

	if (e->op == EXPR_NUMBER)
		print_term(&p->terms[e->a], to);
	else
		fputs(fact_def(e->fact)->name, to);
	if (e->op == EXPR_BYTES && e->sliced)
		print_slice(p, e, to);
	fprintf(to, " %s ", list && e->compare == COMPARE_EQ ? "in" : signs[e->compare]);
	if (e->op == EXPR_NUMBER && e->n == 0) {
		print_term(&p->terms[e->b], to);
		return;
	}
	fputs(list ? "(" : "", to);
	for (uint32_t i = 0; i < e->n; i++) {
		fputs(i > 0 ? ", " : "", to);
		print_value(p, e, i, to);
	}
	fputs(list ? ")" : "", to);
}

/* `around`: what it stands in binds tighter than `or` (1) or than `and` (2). */
static void print(const struct program *p, uint32_t expr, unsigned around, FILE *to)
{
	const struct expr *e = &p->exprs[expr];
	unsigned own = e->op == EXPR_OR ? 0 : e->op == EXPR_AND ? 1 : 2;

	switch (e->op) {
	case EXPR_AND:
	case EXPR_OR:
		fputs(own < around ? "(" : "", to);
		print(p, e->a, own, to);
		fputs(e->op == EXPR_AND ? " and " : " or ", to);
		print(p, e->b, own + 1, to);
		fputs(own < around ? ")" : "", to);
		break;
	case EXPR_NOT:
		fputs("not ", to);
		print(p, e->a, 2, to);
		break;
	case EXPR_HAS:
		fputs(fact_def(e->fact)->name, to);
		break;
	default:
		print_test(p, e, to);
		break;
	}
}

void expr_print(const struct program *p, uint32_t expr, FILE *to)
{
	print(p, expr, 0, to);
}
