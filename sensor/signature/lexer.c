/* lexer.c -- see lexer.h. */
#include "lexer.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static enum token wrong(struct lexer *l, const char *what)
{
	l->wrong = what;
	return TOKEN_WRONG;
}

static bool add(struct lexer *l, char c)
{
	if (l->n == LEXER_BYTES)
		return false;
	l->bytes[l->n++] = c;
	l->bytes[l->n] = '\0';
	return true;
}

static enum token read_word(struct lexer *l)
{
	while (is_letter(*l->at) || is_digit(*l->at) || *l->at == '-' || (*l->at == '.' && l->at[1] != '.'))
		if (!add(l, *l->at++))
			return wrong(l, "the name is too long");
	return TOKEN_WORD;
}

static enum token read_hex(struct lexer *l)
{
	unsigned digits = 0;
	int v, high = 0;

	l->hex = true;
	for (l->at += 2; (v = hex_value(*l->at)) >= 0; l->at++, digits++) {
		l->wide = l->wide || l->number >> 60 != 0;
		l->number = l->number << 4 | (uint64_t)v;
		if (digits % 2 == 1 && !add(l, (char)(high << 4 | v)))
			return wrong(l, "too many bytes");
		high = v;
	}
	l->odd = digits % 2 == 1;
	if (digits == 0 || is_letter(*l->at))
		return wrong(l, "0x wants hexadecimal digits");
	return TOKEN_NUMBER;
}

static enum token read_number(struct lexer *l)
{
	if (l->at[0] == '0' && (l->at[1] == 'x' || l->at[1] == 'X'))
		return read_hex(l);
	for (; is_digit(*l->at); l->at++)
		l->wide = l->wide || __builtin_mul_overflow(l->number, 10, &l->number) ||
		    __builtin_add_overflow(l->number, (uint64_t)(*l->at - '0'), &l->number);
	if (is_letter(*l->at))
		return wrong(l, "a number with letters in it; bytes are written 0x..., text in double quotes");
	return TOKEN_NUMBER;
}

/* What stands behind a backslash; false: nothing that is known. */
static bool read_escape(struct lexer *l, char *c)
{
	static const char from[] = "\"\\nrt0", to[] = "\"\\\n\r\t";
	const char *found = *l->at ? strchr(from, *l->at) : NULL;
	int high, low;

	if (found != NULL) {
		*c = to[found - from];
		l->at++;
		return true;
	}
	if (*l->at != 'x' || (high = hex_value(l->at[1])) < 0 || (low = hex_value(l->at[2])) < 0)
		return false;
	*c = (char)(high * 16 + low);
	l->at += 3;
	return true;
}

static enum token read_text(struct lexer *l)
{
	for (l->at++; *l->at != '"';) {
		char c = *l->at;

		if (c == '\0')
			return wrong(l, "the text has no end: \" is missing");
		l->at++;
		if (c == '\\' && !read_escape(l, &c))
			return wrong(l, "unknown escape: \\\" \\\\ \\n \\r \\t \\0 and \\x41 are known");
		if (!add(l, c))
			return wrong(l, "the text is too long");
	}
	l->at++;
	return TOKEN_TEXT;
}

static const struct {
	char text[3];
	enum token token;
} signs[] = {
	{"==", TOKEN_EQ}, {"!=", TOKEN_NE}, {"^=", TOKEN_PREFIX}, {"<=", TOKEN_LE}, {">=", TOKEN_GE}, {"..", TOKEN_RANGE},
	{"~", TOKEN_GLOB}, {"<", TOKEN_LT}, {">", TOKEN_GT}, {"(", TOKEN_OPEN}, {")", TOKEN_CLOSE}, {",", TOKEN_COMMA},
	{"[", TOKEN_SLICE}, {"]", TOKEN_SLICE_END}, {":", TOKEN_COLON}, {"&", TOKEN_MASK}, {"+", TOKEN_PLUS}, {"-", TOKEN_MINUS},
};

static enum token read_sign(struct lexer *l)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t n = strlen(signs[i].text);

		if (strncmp(l->at, signs[i].text, n) == 0) {
			l->at += n;
			return signs[i].token;
		}
	}
	return wrong(l, *l->at == '=' ? "= means nothing: equal is ==" : *l->at == '\'' ? "text stands in double quotes" :
	    *l->at == '|' ? "or is written `or`" : *l->at == '!' ? "not is written `not`" : "a character that means nothing here");
}

static enum token read_token(struct lexer *l)
{
	if (*l->at == '\0')
		return TOKEN_END;
	if (is_letter(*l->at))
		return read_word(l);
	if (is_digit(*l->at))
		return read_number(l);
	if (*l->at == '"')
		return read_text(l);
	return read_sign(l);
}

static void clear(struct lexer *l)
{
	l->wrong = NULL;
	l->number = 0;
	l->wide = l->hex = l->odd = false;
	l->n = 0;
	l->bytes[0] = '\0';
}

enum token lexer_next(struct lexer *l)
{
	l->at += strspn(l->at, " \t\r\n");
	l->start = l->at;
	clear(l);
	return l->token = read_token(l);
}

void lexer_begin(struct lexer *l, const char *text)
{
	*l = (struct lexer){.text = text, .at = text};
	lexer_next(l);
}

void lexer_reread_address(struct lexer *l)
{
	size_t n = strcspn(l->start, " \t\r\n,)");

	clear(l);
	l->at = l->start + n;
	l->token = TOKEN_WORD;
	for (size_t i = 0; i < n; i++)
		if (!add(l, l->start[i])) {
			l->token = wrong(l, "the address is too long");
			return;
		}
}
