/* value.c -- see value.h. */
#include "value.h"

#include "../base/addr.h"

#include <stdlib.h>
#include <string.h>

static void *field_of(const struct schema_row *row, void *to)
{
	return (uint8_t *)to + row->offset;
}

static const void *field_in(const struct schema_row *row, const void *from)
{
	return (const uint8_t *)from + row->offset;
}

static void put_uint(const struct schema_row *row, void *to, uint64_t value)
{
	uint32_t u32 = (uint32_t)value;
	uint16_t u16 = (uint16_t)value;
	uint8_t u8 = (uint8_t)value;

	memcpy(field_of(row, to), row->size == 8 ? (void *)&value : row->size == 4 ? (void *)&u32 :
	    row->size == 2 ? (void *)&u16 : (void *)&u8, row->size);
}

static uint64_t get_uint(const struct schema_row *row, const void *from)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	switch (row->size) {
	case 8:
		memcpy(&u64, field_in(row, from), sizeof u64);
		return u64;
	case 4:
		memcpy(&u32, field_in(row, from), sizeof u32);
		return u32;
	case 2:
		memcpy(&u16, field_in(row, from), sizeof u16);
		return u16;
	default:
		return *(const uint8_t *)field_in(row, from);
	}
}

static uint64_t most_of(const struct schema_row *row)
{
	return row->most ? row->most : row->size == 8 ? UINT64_MAX : (1ull << 8 * row->size) - 1;
}

/* --- from text --- */

/* Does the quantity fit the row? */
static const char *parse_uint(const struct schema_row *row, const char *text, uint64_t *value, uint64_t largest, char *why)
{
	char least[QUANTITY_TEXT], most[QUANTITY_TEXT];
	const char *wrong = quantity_parse(text, row->unit, value);

	if (wrong) {
		snprintf(why, SCHEMA_WHY, "'%.60s' %s", text, wrong);
		return why;
	}
	if (*value >= row->least && *value <= largest)
		return NULL;
	snprintf(why, SCHEMA_WHY, "'%.60s' is out of range: %s to %s", text, quantity_print(row->least, row->unit, least),
	    quantity_print(largest, row->unit, most));
	return why;
}

static const char *set_bool(const struct schema_row *row, const char *text, void *to, char *why)
{
	bool value;

	if (truth_parse(text, &value)) {
		put_uint(row, to, row->kind == SCHEMA_BOOL ? value : value ? CHOICE_YES : CHOICE_NO);
		return NULL;
	}
	if (row->kind == SCHEMA_CHOICE_BOOL && strcmp(text, "auto") == 0) {
		put_uint(row, to, CHOICE_AUTO);
		return NULL;
	}
	snprintf(why, SCHEMA_WHY, "'%.60s' is not %s", text, row->kind == SCHEMA_BOOL ? "true or false" : "true, false or auto");
	return why;
}

static const char *set_uint(const struct schema_row *row, const char *text, void *to, char *why)
{
	uint64_t value;
	const char *wrong = parse_uint(row, text, &value, most_of(row), why);

	if (!wrong)
		put_uint(row, to, value);
	return wrong;
}

/* NULL: it is the word of number *which. */
static const char *find_word(const struct schema_row *row, const char *text, unsigned *which, char *why)
{
	struct nearest near = nearest_begin(text);
	int n;

	for (unsigned i = 0; row->words[i]; i++) {
		*which = i;
		if (strcmp(row->words[i], text) == 0)
			return NULL;
		nearest_try(&near, row->words[i]);
	}
	n = snprintf(why, SCHEMA_WHY, "'%.60s' is not one of", text);
	for (unsigned i = 0; row->words[i] && n < SCHEMA_WHY; i++)
		n += snprintf(why + n, SCHEMA_WHY - (size_t)n, "%s %s", i ? "," : "", row->words[i]);
	/* A long list leaves no room: the nearest alone helps more. */
	if (near.found)
		n = n + 20 + (int)strlen(near.found) < SCHEMA_WHY ? n : snprintf(why, SCHEMA_WHY, "'%.60s' is not known", text);
	if (near.found)
		snprintf(why + n, SCHEMA_WHY - (size_t)n, "; did you mean %s?", near.found);
	return why;
}

static const char *set_word(const struct schema_row *row, const char *text, void *to, char *why)
{
	unsigned which = 0;
	const char *wrong = find_word(row, text, &which, why);

	if (!wrong)
		put_uint(row, to, which);
	return wrong;
}

static const char *add_word(const struct schema_row *row, const char *text, void *to, char *why)
{
	unsigned which = 0;
	const char *wrong = find_word(row, text, &which, why);

	if (!wrong)
		put_uint(row, to, get_uint(row, to) | 1u << which);
	return wrong;
}

static const char *copy_text(char *to, size_t room, const char *text, char *why)
{
	if (strlen(text) >= room) {
		snprintf(why, SCHEMA_WHY, "'%.20s...' is longer than %zu bytes", text, room - 1);
		return why;
	}
	memset(to, 0, room);
	memcpy(to, text, strlen(text) + 1);
	return NULL;
}

static const char *add_network(const struct schema_row *row, const char *text, void *to, char *why)
{
	struct prefixes *list = field_of(row, to), space = {0};

	if (strcmp(text, "private") == 0) {
		prefixes_default_home(&space);
	} else if (prefix_parse(text, &space.p[0])) {
		space.n = 1;
	} else {
		snprintf(why, SCHEMA_WHY, "'%.60s' is not a network: write it like 192.0.2.0/24, 2001:db8::/32 or private", text);
		return why;
	}
	if (list->n + space.n > PREFIXES_MAX) {
		snprintf(why, SCHEMA_WHY, "more than %u networks", (unsigned)PREFIXES_MAX);
		return why;
	}
	memcpy(&list->p[list->n], space.p, space.n * sizeof *space.p);
	list->n += space.n;
	return NULL;
}

static unsigned *count_of(const struct schema_row *row, void *to)
{
	return (unsigned *)(void *)((uint8_t *)to + row->count_offset);
}

static const char *add_text(const struct schema_row *row, const char *text, void *to, char *why)
{
	unsigned *n = count_of(row, to), most = (unsigned)(row->size / row->item_size);
	const char *wrong;

	if (*n >= most) {
		snprintf(why, SCHEMA_WHY, "more than %u of them", most);
		return why;
	}
	if (*text == '\0')
		return "an empty one";
	wrong = copy_text((char *)field_of(row, to) + (size_t)*n * row->item_size, row->item_size, text, why);
	if (!wrong)
		++*n;
	return wrong;
}

static const char *add_uint(const struct schema_row *row, const char *text, void *to, char *why)
{
	unsigned *n = count_of(row, to), most = (unsigned)(row->size / sizeof (uint32_t));
	const char *wrong;
	uint64_t value;

	if (*n >= most) {
		snprintf(why, SCHEMA_WHY, "more than %u of them", most);
		return why;
	}
	wrong = parse_uint(row, text, &value, row->most ? row->most : UINT32_MAX, why);
	if (!wrong)
		((uint32_t *)field_of(row, to))[(*n)++] = (uint32_t)value;
	return wrong;
}

bool value_is_list(const struct schema_row *row)
{
	return row->kind == SCHEMA_NETWORKS || row->kind == SCHEMA_TEXTS || row->kind == SCHEMA_UINTS || row->kind == SCHEMA_WORDS ||
	    row->kind == SCHEMA_LIST;
}

void value_clear(const struct schema_row *row, void *to)
{
	memset(field_of(row, to), 0, row->size);
	if (row->kind == SCHEMA_TEXTS || row->kind == SCHEMA_UINTS)
		*count_of(row, to) = 0;
}

size_t value_items(const struct schema_row *row, const void *from)
{
	unsigned n;

	if (row->kind == SCHEMA_NETWORKS)
		return ((const struct prefixes *)field_in(row, from))->n;
	if (row->kind == SCHEMA_WORDS)
		return (size_t)__builtin_popcountll(get_uint(row, from));
	if (row->kind == SCHEMA_LIST)
		return ((const struct schema_list *)field_in(row, from))->n;
	if (row->kind != SCHEMA_TEXTS && row->kind != SCHEMA_UINTS)
		return 1;
	memcpy(&n, (const uint8_t *)from + row->count_offset, sizeof n);
	return n;
}

const char *value_add(const struct schema_row *row, const char *text, void *to, char why[static SCHEMA_WHY])
{
	switch (row->kind) {
	case SCHEMA_NETWORKS:
		return add_network(row, text, to, why);
	case SCHEMA_UINTS:
		return add_uint(row, text, to, why);
	case SCHEMA_WORDS:
		return add_word(row, text, to, why);
	default:
		return add_text(row, text, to, why);
	}
}

/* Items with commas between them. */
static const char *set_list(const struct schema_row *row, const char *text, void *to, char *why)
{
	const char *wrong = NULL;
	char item[512];
	size_t n;

	value_clear(row, to);
	while (!wrong && *text) {
		text += strspn(text, " ");
		n = strcspn(text, ",");
		snprintf(item, sizeof item, "%.*s", (int)(n < sizeof item ? n : sizeof item - 1), text);
		text += n + (text[n] == ',');
		for (n = strlen(item); n > 0 && item[n - 1] == ' '; n--)
			item[n - 1] = '\0';
		wrong = value_add(row, item, to, why);
	}
	return wrong;
}

const char *value_set(const struct schema_row *row, const char *text, void *to, char why[static SCHEMA_WHY])
{
	switch (row->kind) {
	case SCHEMA_BOOL:
	case SCHEMA_CHOICE_BOOL:
		return set_bool(row, text, to, why);
	case SCHEMA_UINT:
		return set_uint(row, text, to, why);
	case SCHEMA_WORD:
		return set_word(row, text, to, why);
	case SCHEMA_TEXT:
		return copy_text(field_of(row, to), row->size, text, why);
	case SCHEMA_NETWORKS:
	case SCHEMA_TEXTS:
	case SCHEMA_UINTS:
	case SCHEMA_WORDS:
		return set_list(row, text, to, why);
	case SCHEMA_LIST:
	case SCHEMA_OWN:
		break;
	}
	return "cannot be written as one value";
}

/* --- to text --- */

static void print_list(const struct schema_row *row, const void *from, FILE *to)
{
	const struct prefixes *networks = field_in(row, from);
	const char *texts = field_in(row, from);
	char text[PREFIX_TEXT];

	fputc('[', to);
	for (size_t i = 0; i < value_items(row, from); i++) {
		fputs(i ? ", " : "", to);
		if (row->kind == SCHEMA_UINTS)
			fputs(quantity_print(((const uint32_t *)field_in(row, from))[i], row->unit, text), to);
		else
			quoted_print(to, row->kind == SCHEMA_NETWORKS ? prefix_text(&networks->p[i], text) : texts + i * row->item_size);
	}
	fputc(']', to);
}

static void print_words(const struct schema_row *row, const void *from, FILE *to)
{
	uint64_t set = get_uint(row, from);

	fputc('[', to);
	for (unsigned i = 0; row->words[i]; i++)
		if (set >> i & 1)
			fprintf(to, "%s%s", set & ((1ull << i) - 1) ? ", " : "", row->words[i]);
	fputc(']', to);
}

static void print_secret(const char *uri, FILE *to)
{
	char *copy = strdup(uri);

	if (copy) {
		bool hidden = uri_hide_password(copy);

		quoted_print(to, copy);
		fputs(hidden ? "  # the password is not shown" : "", to);
	}
	free(copy);
}

void value_print(const struct schema_row *row, const void *from, FILE *to)
{
	static const char *const choices[] = {"auto", "false", "true"};
	char quantity[QUANTITY_TEXT];

	switch (row->kind) {
	case SCHEMA_BOOL:
		fputs(choices[get_uint(row, from) ? CHOICE_YES : CHOICE_NO], to);
		break;
	case SCHEMA_CHOICE_BOOL:
		fputs(choices[get_uint(row, from)], to);
		break;
	case SCHEMA_UINT:
		fputs(quantity_print(get_uint(row, from), row->unit, quantity), to);
		break;
	case SCHEMA_WORD:
		fputs(row->words[get_uint(row, from)], to);
		break;
	case SCHEMA_TEXT:
		if (row->secret)
			print_secret(field_in(row, from), to);
		else
			quoted_print(to, field_in(row, from));
		break;
	case SCHEMA_NETWORKS:
	case SCHEMA_TEXTS:
	case SCHEMA_UINTS:
		print_list(row, from, to);
		break;
	case SCHEMA_WORDS:
		print_words(row, from, to);
		break;
	case SCHEMA_LIST:
	case SCHEMA_OWN:
		break;
	}
}

bool uri_hide_password(char *uri)
{
	char *start = strstr(uri, "://"), *at = NULL, *password, *end;
	size_t n;

	if (!start)
		return false;
	start += 3;
	for (end = start; *end && *end != '?' && *end != '#'; end++)
		if (*end == '@')
			at = end;	/* the last: a password may hold one, or a slash, though it should be escaped */
	password = at ? memchr(start, ':', (size_t)(at - start)) : NULL;
	if (!password || password + 1 == at)
		return false;
	password++;
	n = (size_t)(at - password) < 3 ? (size_t)(at - password) : 3;
	memset(password, '*', (size_t)(at - password));
	end = at + strlen(at);
	memmove(password + n, at, (size_t)(end - at));
	memset(password + n + (end - at), 0, (size_t)(at - password) - n);
	return true;
}
