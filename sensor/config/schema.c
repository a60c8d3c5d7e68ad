/* schema.c -- see schema.h: the binder. What one field accepts is in value.c. */
#include "schema.h"

#include "../base/addr.h"

#include "value.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA_ROWS_MAX = 128, KEY_MAX = 128 };

/* --- finding keys --- */

const struct schema_row *schema_find(const struct schema *s, const char *key)
{
	for (unsigned i = 0; i < s->n; i++)
		if (strcmp(s->rows[i].key, key) == 0)
			return &s->rows[i];
	return NULL;
}

/* Is "capture." the beginning of a key? */
static bool is_section(const struct schema *s, const char *prefix)
{
	size_t n = strlen(prefix);

	for (unsigned i = 0; i < s->n; i++)
		if (strncmp(s->rows[i].key, prefix, n) == 0)
			return true;
	return false;
}

const char *schema_nearest(const struct schema *s, const char *key)
{
	struct nearest whole = nearest_begin(key);

	for (unsigned i = 0; i < s->n; i++) {
		const char *dot = strrchr(s->rows[i].key, '.');

		if (dot && strcmp(dot + 1, key) == 0)
			return s->rows[i].key;
		nearest_try(&whole, s->rows[i].key);
	}
	return whole.found;
}

/* What may stand in this section and is near to `key`: the name alone, into `to`. */
static bool nearest_here(const struct schema *s, const char *prefix, const char *key, char to[static KEY_MAX])
{
	struct nearest near = nearest_begin(key);
	size_t n = strlen(prefix);
	char name[KEY_MAX];

	for (unsigned i = 0; i < s->n; i++) {
		const char *known = s->rows[i].key;
		unsigned before = near.distance;

		if (strncmp(known, prefix, n) != 0)
			continue;
		snprintf(name, sizeof name, "%.*s", (int)strcspn(known + n, "."), known + n);
		nearest_try(&near, name);
		if (near.distance < before)
			snprintf(to, KEY_MAX, "%s", name);
	}
	return near.found != NULL;
}

/* --- reading YAML --- */

static void say(struct binding *b, unsigned line, const char *key, const char *what)
{
	const char *path = b->path ? b->path : "";
	char full[KEY_MAX * 2];

	if (*key == '\0' && *path)	/* the map itself: without the dot */
		snprintf(full, sizeof full, "%.*s", (int)strlen(path) - 1, path);
	else
		snprintf(full, sizeof full, "%s%s", path, key);
	mistake(b->mistakes, document_name(b->document), line, *full ? full : NULL, "%s", what);
}

static void say_unknown(struct binding *b, unsigned line, const char *prefix, const char *key, const char *full)
{
	char here[KEY_MAX], what[SCHEMA_WHY];
	const char *elsewhere;

	if (nearest_here(b->schema, prefix, key, here))
		snprintf(what, sizeof what, "unknown key; did you mean %s%s?", prefix, here);
	else if ((elsewhere = schema_nearest(b->schema, key)) != NULL)
		snprintf(what, sizeof what, "unknown key; did you mean %s?", elsewhere);
	else
		snprintf(what, sizeof what, "unknown key");
	say(b, line, full, what);
}

static void bind_list(struct binding *b, const struct schema_row *row, unsigned list)
{
	const struct document *d = b->document;
	char why[SCHEMA_WHY];

	value_clear(row, b->to);
	for (unsigned i = 0; i < node_length(d, list) && b->mistakes->n <= MISTAKES_MAX; i++) {
		unsigned item = node_item(d, list, i);
		const char *wrong;

		if (node_kind(d, item) != NODE_SCALAR || node_is_null(d, item))
			wrong = "an item of this list is not a single value";
		else
			wrong = value_add(row, node_text(d, item), b->to, why);
		if (wrong)
			say(b, node_line(d, item), row->key, wrong);
	}
}

/* One more item, with its defaults. NULL: no memory. */
static void *list_grow(const struct schema_row *row, struct schema_list *list)
{
	uint8_t *items = list->items;

	if ((list->n & (list->n - 1)) == 0) {		/* none yet, or a power of two: full */
		items = realloc(items, (list->n > 0 ? 2 * (size_t)list->n : 1) * row->item_size);
		if (!items)
			return NULL;
		list->items = items;
	}
	items += (size_t)list->n * row->item_size;
	memset(items, 0, row->item_size);
	schema_defaults(row->item, items);
	list->n++;
	return items;
}

static void bind_items(struct binding *b, const struct schema_row *row, unsigned list)
{
	struct schema_list *to = (struct schema_list *)(void *)((uint8_t *)b->to + row->offset);
	const struct document *d = b->document;
	unsigned lines[SCHEMA_ROWS_MAX];
	char path[KEY_MAX * 2];

	value_clear(row, b->to);
	for (unsigned i = 0; i < node_length(d, list) && b->mistakes->n <= MISTAKES_MAX; i++) {
		unsigned node = node_item(d, list, i);
		struct binding item = {.schema = row->item, .document = d, .path = path, .lines = lines, .mistakes = b->mistakes};

		snprintf(path, sizeof path, "%s%s[%u].", b->path ? b->path : "", row->key, i);
		if (row->most > 0 && i >= row->most) {
			say(b, node_line(d, node), row->key, "has too many items");
			return;
		}
		item.to = list_grow(row, to);
		if (!item.to) {
			say(b, node_line(d, node), row->key, "out of memory");
			return;
		}
		if (schema_bind(&item, node) && row->bind)
			row->bind(&item, node, item.to);
	}
}

static void bind_row(struct binding *b, const struct schema_row *row, unsigned value)
{
	const struct document *d = b->document;
	enum node_kind kind = node_kind(d, value);
	char why[SCHEMA_WHY];
	const char *wrong = NULL;

	if (row->kind == SCHEMA_OWN) {
		row->bind(b, value, (uint8_t *)b->to + row->offset);
	} else if (node_is_null(d, value)) {
		wrong = value_is_list(row) ? "has no value: write [] for none, or leave the key out" :
		    row->kind == SCHEMA_TEXT ? "has no value: write \"\" for none, or leave the key out" :
		    "has no value: give one, or leave the key out";
	} else if (kind == NODE_LIST && row->kind == SCHEMA_LIST) {
		bind_items(b, row, value);
	} else if (kind == NODE_LIST && value_is_list(row)) {
		bind_list(b, row, value);
	} else if (kind != NODE_SCALAR || row->kind == SCHEMA_LIST) {
		snprintf(why, sizeof why, "is %s, but must be %s", node_kind_name(kind),
		    node_kind_name(value_is_list(row) ? NODE_LIST : NODE_SCALAR));
		wrong = why;
	} else {
		wrong = value_set(row, node_text(d, value), b->to, why);
	}
	if (!wrong && value_is_list(row) && value_items(row, b->to) < row->least)
		wrong = "has too few items";
	if (wrong)
		say(b, node_line(d, value), row->key, wrong);
}

/* Where the same key stood before in this map: its line, or 0. */
static unsigned line_before(const struct document *d, unsigned map, unsigned pair)
{
	const char *key = node_text(d, node_key(d, map, pair));

	for (unsigned i = 0; i < pair; i++)
		if (strcmp(node_text(d, node_key(d, map, i)), key) == 0)
			return node_line(d, node_key(d, map, i));
	return 0;
}

static void bind_map(struct binding *b, unsigned map, const char *prefix, unsigned *lines);

static void bind_section(struct binding *b, unsigned map, unsigned pair, const char *full, unsigned *lines)
{
	const struct document *d = b->document;
	unsigned value = node_value(d, map, pair), before = line_before(d, map, pair);
	char prefix[KEY_MAX + 2], what[SCHEMA_WHY];

	if (before) {
		snprintf(what, sizeof what, "given twice, first in line %u", before);
		say(b, node_line(d, node_key(d, map, pair)), full, what);
	}
	if (node_is_null(d, value))
		return;		/* all its keys are commented out */
	if (node_kind(d, value) != NODE_MAP) {
		snprintf(what, sizeof what, "is %s, but must be a map of keys", node_kind_name(node_kind(d, value)));
		say(b, node_line(d, value), full, what);
		return;
	}
	snprintf(prefix, sizeof prefix, "%s.", full);
	bind_map(b, value, prefix, lines);
}

/* The keys of one map; `prefix` ("capture.", or "") is what the keys of the rows have before them here. It is the beginning of
 * a row's key, so this goes no deeper than the rows do. */
static void bind_map(struct binding *b, unsigned map, const char *prefix, unsigned *lines)
{
	const struct document *d = b->document;

	for (unsigned i = 0; i < node_length(d, map) && b->mistakes->n <= MISTAKES_MAX; i++) {
		const char *key = node_text(d, node_key(d, map, i));
		unsigned line = node_line(d, node_key(d, map, i));
		char full[KEY_MAX], section[KEY_MAX + 2], what[SCHEMA_WHY];
		const struct schema_row *row;

		snprintf(full, sizeof full, "%s%s", prefix, key);
		snprintf(section, sizeof section, "%s.", full);
		row = schema_find(b->schema, full);
		if (!row && *key && is_section(b->schema, section)) {
			bind_section(b, map, i, full, lines);
		} else if (!row) {
			say_unknown(b, line, prefix, key, full);
		} else if (lines[row - b->schema->rows]) {
			snprintf(what, sizeof what, "given twice, first in line %u", lines[row - b->schema->rows]);
			say(b, line, full, what);
		} else {
			lines[row - b->schema->rows] = line;
			bind_row(b, row, node_value(d, map, i));
		}
	}
}

bool schema_bind(struct binding *b, unsigned node)
{
	unsigned lines[SCHEMA_ROWS_MAX] = {0}, before = b->mistakes->n;
	const struct document *d = b->document;
	const struct schema *s = b->schema;
	char what[SCHEMA_WHY];

	if (s->n > SCHEMA_ROWS_MAX)
		abort();	/* a mistake of ours */
	if (node && !node_is_null(d, node)) {
		if (node_kind(d, node) == NODE_MAP) {
			bind_map(b, node, "", lines);
		} else {
			snprintf(what, sizeof what, "is %s, but must be a map of keys", node_kind_name(node_kind(d, node)));
			say(b, node_line(d, node), "", what);
		}
	}
	for (unsigned i = 0; i < s->n; i++)
		if (!s->rows[i].fallback && !lines[i])
			say(b, node ? node_line(d, node) : 1, s->rows[i].key, "is missing");
	if (b->lines)
		memcpy(b->lines, lines, s->n * sizeof *lines);
	return b->mistakes->n == before;
}

void schema_mistake(const struct binding *b, unsigned node, const char *key, const char *format, ...)
{
	const struct schema_row *row = schema_find(b->schema, key);
	unsigned line = row && b->lines ? b->lines[row - b->schema->rows] : 0;
	char full[KEY_MAX * 2], what[SCHEMA_WHY];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	snprintf(full, sizeof full, "%s%s", b->path ? b->path : "", key);
	mistake(b->mistakes, document_name(b->document), line ? line : node_line(b->document, node), full, "%s", what);
}

void schema_free(const struct schema *s, void *to)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct schema_row *row = &s->rows[i];
		struct schema_list *list = (struct schema_list *)(void *)((uint8_t *)to + row->offset);

		if (row->kind != SCHEMA_LIST)
			continue;
		for (unsigned k = 0; k < list->n; k++)
			schema_free(row->item, (uint8_t *)list->items + (size_t)k * row->item_size);
		free(list->items);
		*list = (struct schema_list){0};
	}
}

/* --- from text, and back --- */

void schema_defaults(const struct schema *s, void *to)
{
	char why[SCHEMA_WHY];

	for (unsigned i = 0; i < s->n; i++) {
		const struct schema_row *row = &s->rows[i];
		const char *wrong;

		value_clear(row, to);
		if (row->kind == SCHEMA_OWN || row->kind == SCHEMA_LIST || !row->fallback)
			continue;
		wrong = value_set(row, row->fallback, to, why);
		if (wrong) {
			fprintf(stderr, "punchwatch: default of %s: %s\n", row->key, wrong);
			abort();	/* a mistake of ours */
		}
	}
}

const char *schema_set(const struct schema *s, const char *key, const char *text, void *to, char why[static SCHEMA_WHY])
{
	const struct schema_row *row = schema_find(s, key);
	const char *near;

	if (row)
		return value_set(row, text, to, why);
	near = schema_nearest(s, key);
	snprintf(why, SCHEMA_WHY, near ? "unknown key %.60s; did you mean %s?" : "unknown key %.60s", key, near);
	return why;
}

const char *schema_add(const struct schema *s, const char *key, const char *text, void *to, char why[static SCHEMA_WHY])
{
	const struct schema_row *row = schema_find(s, key);

	return row && value_is_list(row) ? value_add(row, text, to, why) : "is not a list";
}

/* Where printing is: how deep, and whether the next line is an item's first. */
struct printing {
	FILE *to;
	unsigned indent;
	bool item;
};

static void print_indent(struct printing *p, unsigned depth)
{
	fprintf(p->to, "%*s%s", (int)(p->indent + 2 * depth) - (p->item ? 2 : 0), "", p->item ? "- " : "");
	p->item = false;
}

/* Print "section:" lines until we are in the map that this key belongs to; returns how deep that is. */
static unsigned print_sections(const char *key, const char *previous, struct printing *p)
{
	unsigned depth = 0;
	bool same = true;

	for (const char *dot; (dot = strchr(key, '.')) != NULL; key = dot + 1, depth++) {
		size_t n = (size_t)(dot - key) + 1;

		same = same && strncmp(key, previous, n) == 0;
		if (same) {
			previous += n;
			continue;
		}
		print_indent(p, depth);
		fprintf(p->to, "%.*s:\n", (int)n - 1, key);
	}
	return depth;
}

static void print_map(const struct schema *s, const void *from, const void *defaults, struct printing *p);

static void print_items(const struct schema_row *row, const void *from, unsigned depth, struct printing *p)
{
	const struct schema_list *list = (const struct schema_list *)(const void *)((const uint8_t *)from + row->offset);
	void *defaults = calloc(1, row->item_size);
	struct printing inner = {.to = p->to, .indent = p->indent + 2 * depth + 4};

	if (defaults)
		schema_defaults(row->item, defaults);
	fputs(list->n == 0 || !defaults ? " []\n" : "\n", p->to);
	for (unsigned i = 0; defaults && i < list->n; i++) {
		inner.item = true;
		print_map(row->item, (const uint8_t *)list->items + (size_t)i * row->item_size, defaults, &inner);
	}
	free(defaults);
}

/* defaults: what need not be said is as there; NULL: everything is said. */
static void print_map(const struct schema *s, const void *from, const void *defaults, struct printing *p)
{
	const char *previous = "";

	for (unsigned i = 0; i < s->n; i++) {
		const struct schema_row *row = &s->rows[i];
		const char *name = strrchr(row->key, '.');
		unsigned depth;

		if (row->kind == SCHEMA_OWN)
			continue;
		if (defaults && row->fallback &&
		    memcmp((const uint8_t *)from + row->offset, (const uint8_t *)defaults + row->offset, row->size) == 0)
			continue;
		depth = print_sections(row->key, previous, p);
		print_indent(p, depth);
		fprintf(p->to, "%s:", name ? name + 1 : row->key);
		if (row->kind == SCHEMA_LIST) {
			print_items(row, from, depth, p);
		} else {
			fputc(' ', p->to);
			value_print(row, from, p->to);
			fputc('\n', p->to);
		}
		previous = row->key;
	}
	if (p->item) {		/* nothing of this item differs from its defaults */
		print_indent(p, 0);
		fputs("{}\n", p->to);
	}
}

void schema_print(const struct schema *s, const void *from, FILE *to)
{
	print_map(s, from, NULL, &(struct printing){.to = to});
}

/* --- two structs --- */

static unsigned count_of(const struct schema_row *row, const void *in)
{
	return *(const unsigned *)(const void *)((const char *)in + row->count_offset);
}

/* Lists' rows beyond their number may hold anything. */
static size_t used(const struct schema_row *row, const void *in)
{
	size_t item = row->kind == SCHEMA_TEXTS ? row->item_size : sizeof(uint32_t);

	return row->kind == SCHEMA_TEXTS || row->kind == SCHEMA_UINTS ? count_of(row, in) * item : row->size;
}

static bool same_prefixes(const struct prefixes *a, const struct prefixes *b)
{
	for (size_t i = 0; i < a->n && a->n == b->n; i++)
		if (!addr_equal(&a->p[i].addr, &b->p[i].addr) || a->p[i].bits != b->p[i].bits)
			return false;
	return a->n == b->n;
}

static bool same_list(const struct schema_row *row, const struct schema_list *a, const struct schema_list *b)
{
	for (unsigned i = 0; a->n == b->n && i < a->n; i++)
		for (unsigned k = 0; k < row->item->n; k++)
			if (!schema_same(&row->item->rows[k], (const char *)a->items + (size_t)i * row->item_size,
			    (const char *)b->items + (size_t)i * row->item_size))
				return false;
	return a->n == b->n;
}

bool schema_same(const struct schema_row *row, const void *a, const void *b)
{
	const char *x = (const char *)a + row->offset, *y = (const char *)b + row->offset;

	switch (row->kind) {
	case SCHEMA_TEXT:
		return strcmp(x, y) == 0;
	case SCHEMA_NETWORKS:
		return same_prefixes((const struct prefixes *)(const void *)x, (const struct prefixes *)(const void *)y);
	case SCHEMA_TEXTS:
		if (count_of(row, a) != count_of(row, b))
			return false;
		for (unsigned i = 0; i < count_of(row, a); i++)
			if (strcmp(x + i * row->item_size, y + i * row->item_size) != 0)
				return false;
		return true;
	case SCHEMA_LIST:
		return same_list(row, (const struct schema_list *)(const void *)x, (const struct schema_list *)(const void *)y);
	default:
		return used(row, a) == used(row, b) && memcmp(x, y, used(row, a)) == 0;
	}
}

/* A list's items are plain, none with lists of its own. */
static void copy_list(const struct schema_row *row, struct schema_list *to, const struct schema_list *from)
{
	free(to->items);
	*to = (struct schema_list){0};
	if (from->n == 0 || (to->items = malloc((size_t)from->n * row->item_size)) == NULL)
		return;
	memcpy(to->items, from->items, (size_t)from->n * row->item_size);
	to->n = from->n;
}

void schema_copy(const struct schema_row *row, void *to, const void *from)
{
	if (row->kind == SCHEMA_LIST) {
		copy_list(row, (struct schema_list *)(void *)((char *)to + row->offset),
		    (const struct schema_list *)(const void *)((const char *)from + row->offset));
		return;
	}
	memcpy((char *)to + row->offset, (const char *)from + row->offset, row->size);
	if (row->kind == SCHEMA_TEXTS || row->kind == SCHEMA_UINTS)
		*(unsigned *)(void *)((char *)to + row->count_offset) = count_of(row, from);
}
