/* compile.c -- see compile.h: recursive descent, a function for each rule. What a value must be like is in compile_value.c. */
#include "compile.h"

#include "compile_value.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	char name[6];
	uint8_t from, size;
} integers[] = {
	{"be8", TERM_BIG, 1}, {"be16", TERM_BIG, 2}, {"be24", TERM_BIG, 3}, {"be32", TERM_BIG, 4}, {"be64", TERM_BIG, 8},
	{"le16", TERM_LITTLE, 2}, {"le24", TERM_LITTLE, 3}, {"le32", TERM_LITTLE, 4}, {"le64", TERM_LITTLE, 8},
};

enum { N_INTEGERS = sizeof integers / sizeof *integers };

bool integer_named(const char *name, struct term *t)
{
	for (unsigned i = 0; i < N_INTEGERS; i++)
		if (strcmp(integers[i].name, name) == 0) {
			t->from = integers[i].from;
			t->size = integers[i].size;
			return true;
		}
	return false;
}

const char *integer_name(const struct term *t)
{
	for (unsigned i = 0; i < N_INTEGERS; i++)
		if (integers[i].from == t->from && integers[i].size == t->size)
			return integers[i].name;
	return "len";
}

static uint32_t parse_or(struct parser *);

static uint32_t add(struct parser *p, struct expr e)
{
	if (p->nodes++ > EXPR_NODES)
		parser_wrong(p, "too long: make several lines of it");
	return program_expr(p->program, e);
}

/* --- what is compared --- */

/* A fact by its name, for the word in hand; FACTS_MAX: there is none, which was said. */
static unsigned parse_fact(struct parser *p, const char *name)
{
	int id = fact_find(name);
	struct nearest near = nearest_begin(name);

	if (id >= 0)
		return (unsigned)id;
	for (unsigned i = 0; i < FACTS_MAX; i++)
		if (fact_def(i) != NULL)
			nearest_try(&near, fact_def(i)->name);
	if (near.found != NULL)
		parser_wrong(p, "unknown fact %.60s; did you mean %s?", name, near.found);
	else
		parser_wrong(p, "unknown fact %.60s; `punchwatch check --facts` lists them", name);
	return FACTS_MAX;
}

static int16_t parse_offset(struct parser *p)
{
	bool minus = parser_take(p, TOKEN_MINUS);
	uint64_t n = parser_number(p, "an offset", FACT_BYTES_MAX);

	return (int16_t)(minus ? -(int)n : (int)n);
}

/* Only what `payload` can hold is ever there. */
static void check_reach(struct parser *p, unsigned fact, int offset, unsigned length)
{
	if (fact != FACT_PAYLOAD)
		return;
	if (offset < 0)
		parser_wrong(p, "payload is the first %d bytes: its offsets count from the start", PAYLOAD_BYTES);
	else if (offset + (int)(length == SLICE_END ? 1 : length) > PAYLOAD_BYTES)
		parser_wrong(p, "payload is the first %d bytes: this is behind them", PAYLOAD_BYTES);
}

/* be16(FACT, OFFSET) or len(FACT); the word is in hand. */
static bool parse_function(struct parser *p, struct term *t)
{
	bool length = strcmp(p->lexer.bytes, "len") == 0;
	char name[LEXER_BYTES + 1];
	unsigned fact;

	if (!length && !integer_named(p->lexer.bytes, t))
		return false;
	lexer_next(&p->lexer);
	parser_want(p, TOKEN_OPEN, "(");
	memcpy(name, p->lexer.bytes, sizeof name);
	parser_want(p, TOKEN_WORD, "a fact");
	fact = p->wrong ? FACTS_MAX : parse_fact(p, name);
	if (fact != FACTS_MAX && fact_def(fact)->type != FACT_BYTES)
		parser_wrong(p, "%s has no bytes", name);
	t->fact = (uint16_t)fact;
	if (length) {
		t->from = TERM_LENGTH;
		if (fact == FACT_PAYLOAD)
			parser_wrong(p, "payload is the first %d bytes; the length is payload.len", PAYLOAD_BYTES);
	} else {
		parser_want(p, TOKEN_COMMA, ",");
		t->offset = parse_offset(p);
		check_reach(p, fact, t->offset, t->size);
	}
	parser_want(p, TOKEN_CLOSE, ")");
	return true;
}

/* FACT.port, where FACT is an endpoint. */
static bool port_of(const char *name, struct term *t)
{
	size_t n = strlen(name);
	char base[LEXER_BYTES + 1];
	int id;

	if (n < 6 || strcmp(name + n - 5, ".port") != 0)
		return false;
	snprintf(base, sizeof base, "%.*s", (int)(n - 5), name);
	id = fact_find(base);
	if (id < 0 || fact_def((unsigned)id)->type != FACT_ENDPOINT)
		return false;
	t->from = TERM_PORT;
	t->fact = (uint16_t)id;
	return true;
}

static void parse_plus(struct parser *p, struct term *t)
{
	while (!p->wrong && (p->lexer.token == TOKEN_PLUS || p->lexer.token == TOKEN_MINUS)) {
		bool minus = p->lexer.token == TOKEN_MINUS;
		uint64_t n;

		lexer_next(&p->lexer);
		n = parser_number(p, "a number", UINT32_MAX);
		t->plus += minus ? -(int64_t)n : (int64_t)n;
		if (t->plus > UINT32_MAX || t->plus < -(int64_t)UINT32_MAX)
			parser_wrong(p, "that is too much");
	}
}

/* The right side of a comparison of numbers. */
static struct term parse_number_of(struct parser *p)
{
	struct term t = {0};
	int id;

	if (p->lexer.token == TOKEN_TEXT) {
		parser_wrong(p, "a number is compared with text");
		return t;
	}
	if (p->lexer.token != TOKEN_WORD) {
		uint64_t n = parser_number(p, "a number", INT64_MAX);

		t.plus = (int64_t)n;
		return t;
	}
	if (parse_function(p, &t)) {
		parse_plus(p, &t);
		return t;
	}
	if (fact_find(p->lexer.bytes) >= 0 || !port_of(p->lexer.bytes, &t)) {
		id = (int)parse_fact(p, p->lexer.bytes);
		t.fact = (uint16_t)id;
		t.from = TERM_FACT;
		if (id != FACTS_MAX && fact_def((unsigned)id)->type != FACT_UINT)
			parser_wrong(p, "%s is no number", p->lexer.bytes);
	}
	lexer_next(&p->lexer);
	parse_plus(p, &t);
	return t;
}

/* --- tests --- */

static int compare_of(enum token t)
{
	switch (t) {
	case TOKEN_EQ: return COMPARE_EQ;
	case TOKEN_NE: return COMPARE_NE;
	case TOKEN_PREFIX: return COMPARE_PREFIX;
	case TOKEN_GLOB: return COMPARE_GLOB;
	case TOKEN_LT: return COMPARE_LT;
	case TOKEN_LE: return COMPARE_LE;
	case TOKEN_GT: return COMPARE_GT;
	case TOKEN_GE: return COMPARE_GE;
	default: return -1;
	}
}

/* The operator in hand; false: there is none, the fact stands alone. *list: several values in parentheses follow. */
static bool parse_compare(struct parser *p, uint8_t *compare, bool *list)
{
	int c = compare_of(p->lexer.token);

	*list = false;
	if (p->lexer.token == TOKEN_WRONG)
		parser_unexpected(p, "a comparison");
	if (p->lexer.token == TOKEN_WORD && strcmp(p->lexer.bytes, "in") == 0) {
		*compare = COMPARE_EQ;
		lexer_next(&p->lexer);
		*list = true;
	} else if (c < 0) {
		return false;
	} else {
		*compare = (uint8_t)c;
		lexer_next(&p->lexer);
		*list = (c == COMPARE_PREFIX || c == COMPARE_GLOB) && p->lexer.token == TOKEN_OPEN;
		if (!*list && p->lexer.token == TOKEN_OPEN)
			parser_wrong(p, "several values are compared with `in`");
	}
	if (*list)
		parser_want(p, TOKEN_OPEN, "(");
	return true;
}

static uint32_t finish_number(struct parser *p, struct term left)
{
	struct expr e = {.op = EXPR_NUMBER};
	struct term right;
	bool list;

	if (!parse_compare(p, &e.compare, &list)) {
		if (left.from == TERM_FACT && left.plus == 0)
			return add(p, (struct expr){.op = EXPR_HAS, .fact = left.fact});
		parser_wrong(p, "it is compared with nothing (== is: equal to)");
		return 0;
	}
	if (e.compare == COMPARE_PREFIX || e.compare == COMPARE_GLOB)
		parser_wrong(p, "a number has no beginning and fits no glob");
	e.a = program_term(p->program, left);
	if (list) {
		value_ranges(p, &e, &left);
		return add(p, e);
	}
	if (p->lexer.token == TOKEN_NUMBER && e.compare <= COMPARE_NE) {
		value_range(p, &e, &left);
		return add(p, e);
	}
	right = parse_number_of(p);
	if (right.from == TERM_CONSTANT)
		value_fits(p, &left, (uint64_t)right.plus);
	e.b = program_term(p->program, right);
	return add(p, e);
}

static uint32_t finish_bytes(struct parser *p, unsigned fact)
{
	struct expr e = {.op = EXPR_BYTES, .fact = (uint16_t)fact, .length = SLICE_END};
	struct text mask = {0};
	bool list;

	if (parser_take(p, TOKEN_SLICE)) {
		e.sliced = true;
		e.offset = parse_offset(p);
		parser_want(p, TOKEN_COLON, ":");
		if (p->lexer.token != TOKEN_SLICE_END)
			e.length = (uint16_t)parser_number(p, "a length", FACT_BYTES_MAX);
		parser_want(p, TOKEN_SLICE_END, "]");
		check_reach(p, fact, e.offset, e.length);
		if (e.length == 0)
			parser_wrong(p, "a slice of no bytes");
	}
	if (parser_take(p, TOKEN_MASK)) {
		e.masked = true;
		if (!e.sliced || e.length == SLICE_END)
			parser_wrong(p, "a mask is for a slice of that length: payload[0:2] & 0xfffe == 0x4002");
		mask = value_bytes(p, &e, NULL);
	}
	if (!parse_compare(p, &e.compare, &list)) {
		if (e.sliced)
			parser_wrong(p, "the slice is compared with nothing");
		return add(p, (struct expr){.op = EXPR_HAS, .fact = (uint16_t)fact});
	}
	if (e.compare >= COMPARE_LT)
		parser_wrong(p, "bytes are not ordered; be16(%s, 0) and the like give numbers", fact_def(fact)->name);
	if (e.masked && e.compare > COMPARE_NE)
		parser_wrong(p, "masked bytes are compared with ==, != or in");
	value_texts(p, &e, list, e.masked ? &mask : NULL);
	return add(p, e);
}

static uint32_t finish_endpoint(struct parser *p, unsigned fact)
{
	struct expr e = {.op = EXPR_ENDPOINT, .fact = (uint16_t)fact};
	bool list;

	if (!parse_compare(p, &e.compare, &list))
		return add(p, (struct expr){.op = EXPR_HAS, .fact = (uint16_t)fact});
	if (e.compare > COMPARE_NE)
		parser_wrong(p, "an address is compared with ==, != or in");
	value_networks(p, &e, list);
	return add(p, e);
}

static uint32_t parse_test(struct parser *p)
{
	struct term t = {0};
	uint8_t compare;
	unsigned fact;
	bool list;

	if (p->lexer.token != TOKEN_WORD || parser_at_keyword(p)) {
		parser_unexpected(p, "a fact");
		return 0;
	}
	if (parse_function(p, &t)) {
		parse_plus(p, &t);
		return finish_number(p, t);
	}
	if (fact_find(p->lexer.bytes) < 0 && port_of(p->lexer.bytes, &t)) {
		lexer_next(&p->lexer);
		parse_plus(p, &t);
		return finish_number(p, t);
	}
	fact = parse_fact(p, p->lexer.bytes);
	if (fact == FACTS_MAX)
		return 0;
	lexer_next(&p->lexer);
	switch (fact_def(fact)->type) {
	case FACT_UINT:
		t = (struct term){.from = TERM_FACT, .fact = (uint16_t)fact};
		parse_plus(p, &t);
		return finish_number(p, t);
	case FACT_BYTES:
		return finish_bytes(p, fact);
	case FACT_ENDPOINT:
		return finish_endpoint(p, fact);
	case FACT_FLAG:
		break;
	}
	if (parse_compare(p, &compare, &list))
		parser_wrong(p, "%s is there or not: it has no value to compare", fact_def(fact)->name);
	return add(p, (struct expr){.op = EXPR_HAS, .fact = (uint16_t)fact});
}

/* --- and, or, not --- */

static uint32_t parse_term(struct parser *p)
{
	uint32_t e = 0;

	if (++p->depth > EXPR_DEPTH)
		parser_wrong(p, "nested too deep");
	if (p->wrong) {
		;
	} else if (parser_take_word(p, "not")) {
		uint32_t a = parse_term(p);

		e = add(p, (struct expr){.op = EXPR_NOT, .a = a});
	} else if (parser_take(p, TOKEN_OPEN)) {
		e = parse_or(p);
		parser_want(p, TOKEN_CLOSE, ")");
	} else {
		e = parse_test(p);
	}
	p->depth--;
	return e;
}

static uint32_t parse_and(struct parser *p)
{
	uint32_t e = parse_term(p);

	while (!p->wrong && parser_take_word(p, "and")) {
		uint32_t b = parse_term(p);

		e = add(p, (struct expr){.op = EXPR_AND, .a = e, .b = b});
	}
	return e;
}

static uint32_t parse_or(struct parser *p)
{
	uint32_t e = parse_and(p);

	while (!p->wrong && parser_take_word(p, "or")) {
		uint32_t b = parse_and(p);

		e = add(p, (struct expr){.op = EXPR_OR, .a = e, .b = b});
	}
	return e;
}

const char *compile(struct program *program, const char *text, uint32_t *expr, char why[static COMPILE_WHY])
{
	struct parser p = {.program = program, .why = why};

	lexer_begin(&p.lexer, text);
	if (p.lexer.token == TOKEN_END)
		return "is empty";
	*expr = parse_or(&p);
	if (!p.wrong && p.lexer.token != TOKEN_END)
		parser_unexpected(&p, "and, or, or the end");
	return p.wrong ? why : NULL;
}
