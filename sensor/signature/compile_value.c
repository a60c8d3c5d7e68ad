/* compile_value.c -- see compile_value.h. */
#include "compile_value.h"

#include "compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* --- the parser --- */

void parser_wrong(struct parser *p, const char *format, ...)
{
	va_list args;
	int n;

	if (p->wrong)
		return;
	p->wrong = true;
	n = snprintf(p->why, COMPILE_WHY, "at character %zu: ", (size_t)(p->lexer.start - p->lexer.text) + 1);
	va_start(args, format);
	vsnprintf(p->why + n, COMPILE_WHY - (size_t)n, format, args);
	va_end(args);
}

void parser_unexpected(struct parser *p, const char *wanted)
{
	if (p->lexer.token == TOKEN_WRONG)
		parser_wrong(p, "%s", p->lexer.wrong);
	else if (p->lexer.token == TOKEN_END)
		parser_wrong(p, "it ends where %s is wanted", wanted);
	else
		parser_wrong(p, "%s is wanted, not %.*s", wanted, (int)(p->lexer.at - p->lexer.start), p->lexer.start);
}

bool parser_take(struct parser *p, enum token token)
{
	if (p->wrong || p->lexer.token != token)
		return false;
	lexer_next(&p->lexer);
	return true;
}

bool parser_take_word(struct parser *p, const char *word)
{
	return p->lexer.token == TOKEN_WORD && strcmp(p->lexer.bytes, word) == 0 && parser_take(p, TOKEN_WORD);
}

void parser_want(struct parser *p, enum token token, const char *name)
{
	if (!parser_take(p, token))
		parser_unexpected(p, name);
}

bool parser_at_keyword(const struct parser *p)
{
	static const char *const words[] = {"and", "or", "not", "in"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (p->lexer.token == TOKEN_WORD && strcmp(p->lexer.bytes, words[i]) == 0)
			return true;
	return false;
}

uint64_t parser_number(struct parser *p, const char *what, uint64_t most)
{
	uint64_t n = p->lexer.number;

	if (p->lexer.token != TOKEN_NUMBER)
		parser_unexpected(p, what);
	else if (p->lexer.wide || n > most)
		parser_wrong(p, "%.*s is too large", (int)(p->lexer.at - p->lexer.start), p->lexer.start);
	else
		lexer_next(&p->lexer);
	return p->wrong ? 0 : n;
}

/* Behind a value: a comma and the next one, or the end of the list. */
static bool another(struct parser *p, bool list)
{
	if (!list || p->wrong)
		return false;
	if (++p->nodes > EXPR_NODES) {
		parser_wrong(p, "too long: make several lines of it");
		return false;
	}
	if (parser_take(p, TOKEN_COMMA))
		return true;
	parser_want(p, TOKEN_CLOSE, "a comma or )");
	return false;
}

/* --- numbers --- */

void value_fits(struct parser *p, const struct term *t, uint64_t n)
{
	uint64_t most = t->from == TERM_PORT || t->fact == FACT_LOCAL_PORT || t->fact == FACT_REMOTE_PORT ? UINT16_MAX :
	    (t->from == TERM_BIG || t->from == TERM_LITTLE) && t->size < 8 ? (1ULL << 8 * t->size) - 1 : UINT64_MAX;

	if (t->from == TERM_CONSTANT || t->plus != 0)
		return;
	if (n > most)
		parser_wrong(p, "it is never more than %llu", (unsigned long long)most);
}

void value_range(struct parser *p, struct expr *e, const struct term *left)
{
	struct range r;
	uint32_t at;

	if (p->lexer.token == TOKEN_TEXT)
		parser_wrong(p, "a number is compared with text");
	r.low = r.high = parser_number(p, "a number", UINT64_MAX);
	if (parser_take(p, TOKEN_RANGE))
		r.high = parser_number(p, "the end of the range", UINT64_MAX);
	if (r.high < r.low)
		parser_wrong(p, "the range ends before it begins");
	value_fits(p, left, r.high);
	at = program_range(p->program, r);
	if (e->n++ == 0)
		e->b = at;
}

void value_ranges(struct parser *p, struct expr *e, const struct term *left)
{
	do {
		value_range(p, e, left);
	} while (another(p, true));
}

/* --- bytes --- */

struct text value_bytes(struct parser *p, const struct expr *e, const struct text *mask)
{
	const struct lexer *l = &p->lexer;
	const struct program *g = p->program;
	struct text t = {0};
	uint32_t at;

	if (l->token == TOKEN_NUMBER && !l->hex)
		parser_wrong(p, "bytes are compared with a number: \"text\" or 0x0102 is wanted");
	else if (l->token == TOKEN_NUMBER && e->compare == COMPARE_GLOB)
		parser_wrong(p, "a glob is text, in double quotes");
	else if (l->token == TOKEN_NUMBER && l->odd)
		parser_wrong(p, "an odd number of hexadecimal digits");
	else if (l->token != TOKEN_NUMBER && l->token != TOKEN_TEXT)
		parser_unexpected(p, "\"text\" or 0x0102");
	else if (e->fact == FACT_PROTO && !(l->n == 3 && (memcmp(l->bytes, "udp", 3) == 0 || memcmp(l->bytes, "tcp", 3) == 0)))
		parser_wrong(p, "proto is \"udp\" or \"tcp\"");
	else if (e->fact == FACT_PAYLOAD && e->compare != COMPARE_GLOB && l->n > PAYLOAD_BYTES)
		parser_wrong(p, "payload is the first %d bytes", PAYLOAD_BYTES);
	else if (l->n == 0 && e->compare >= COMPARE_PREFIX)
		parser_wrong(p, "everything begins with nothing");
	else if (e->sliced && e->length != SLICE_END && (e->compare <= COMPARE_NE ? l->n != e->length :
	    e->compare == COMPARE_PREFIX && l->n > e->length))
		parser_wrong(p, "%u bytes are compared with %zu", e->length, l->n);
	for (size_t i = 0; !p->wrong && mask != NULL && i < l->n; i++)
		if (((uint8_t)l->bytes[i] & ~g->pool[mask->at + i]) != 0)
			parser_wrong(p, "this has bits that the mask takes away");
	if (p->wrong)
		return t;
	at = program_text(p->program, l->bytes, l->n);
	t = g->texts[at];
	lexer_next(&p->lexer);
	return t;
}

void value_texts(struct parser *p, struct expr *e, bool list, const struct text *mask)
{
	do {
		value_bytes(p, e, mask);
		if (e->n++ == 0)
			e->b = p->program->n_texts - 1;
	} while (another(p, list));
	if (mask != NULL && !p->wrong)
		program_text_again(p->program, *mask);
}

/* --- addresses --- */

static bool port_parse(const char *text, int32_t *port)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	*port = (int32_t)n;
	return *text >= '0' && *text <= '9' && *end == '\0' && n <= UINT16_MAX;
}

/* 203.0.113.1, 203.0.113.0/24, 203.0.113.1:3478, 2001:db8::/32, [2001:db8::1]:3478 */
static bool network_parse(const char *text, struct network *n)
{
	char address[ADDR_TEXT];
	const char *end;
	bool bracket = *text == '[';

	n->port = -1;
	if (prefix_parse(text, &n->prefix))
		return true;
	end = bracket ? strstr(text, "]:") : strchr(text, ':');
	text += bracket;
	if (end == NULL || (size_t)(end - text) >= sizeof address)
		return false;
	memcpy(address, text, (size_t)(end - text));
	address[end - text] = '\0';
	return strchr(address, '/') == NULL && (strchr(address, ':') != NULL) == bracket && prefix_parse(address, &n->prefix) &&
	    port_parse(end + 1 + bracket, &n->port);
}

void value_networks(struct parser *p, struct expr *e, bool list)
{
	do {
		struct network n = {.port = -1};
		uint32_t at;

		if (p->wrong)
			return;
		if (p->lexer.token != TOKEN_TEXT)
			lexer_reread_address(&p->lexer);
		if (!network_parse(p->lexer.bytes, &n))
			parser_wrong(p, "this is no address: 203.0.113.1, 203.0.113.1:3478, 203.0.113.0/24, 2001:db8::/32 and "
			    "[2001:db8::1]:3478 are");
		lexer_next(&p->lexer);
		at = program_network(p->program, n);
		if (e->n++ == 0)
			e->b = at;
	} while (another(p, list));
}
