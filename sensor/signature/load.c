/* load.c -- signatures from files: every mistake at its line, then a set that never changes. See signature.h. */
#include "compile.h"
#include "entry.h"
#include "print.h"
#include "set.h"

#include "../base/log.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	PATH_TEXT = 1024,
	ALERT_BITS = 56,		/* that one line about a payload must fix, if it makes an alert alone */
	NAME_BITS = 32,			/* if it names an application alone */
};

struct loading {
	struct signatures *set;
	struct mistakes *mistakes;
	const struct document *document;
	struct entry defaults;
	struct entry entry;		/* in hand */
};

static const char *keep(struct signatures *set, char *text)
{
	struct strings *s = &set->strings;

	if (text == NULL)
		log_no_memory("signatures");
	s->items = room_for(s->items, s->n, 1, &s->room, sizeof *s->items);
	return s->items[s->n++] = text;
}

static void say(struct loading *l, unsigned node, const char *key, const char *what)
{
	mistake(l->mistakes, document_name(l->document), node_line(l->document, node), key, "%s", what);
}

/* --- a line --- */

static void add_line(struct loading *l, unsigned node, unsigned number)
{
	struct signatures *set = l->set;
	struct signature *s = &set->items[set->n - 1];
	struct entry_line e;
	char path[48], why[COMPILE_WHY];
	struct binding b = {.schema = &entry_line_schema, .to = &e, .document = l->document, .path = path, .mistakes = l->mistakes};
	unsigned bits = UINT16_MAX;
	const char *wrong;
	bool payload;
	uint32_t expr;

	snprintf(path, sizeof path, "evidence[%u].", number);
	memset(&e, 0, sizeof e);
	schema_defaults(&entry_line_schema, &e);
	if (!schema_bind(&b, node) && *e.when == '\0')
		return;
	wrong = compile(&set->program, e.when, &expr, why);
	if (wrong == NULL)
		wrong = index_add(set->index, &set->program, expr, set->n_lines, &payload);
	if (wrong == NULL && payload)
		wrong = payload_index_add(set->payloads, &set->program, expr, set->n_lines, s->inside, &bits);
	if (wrong != NULL) {
		snprintf(path, sizeof path, "evidence[%u].when", number);
		say(l, node, path, wrong);
		return;
	}
	set->lines = room_for(set->lines, set->n_lines, 1, &set->room_lines, sizeof *set->lines);
	set->lines[set->n_lines++] = (struct line){
		.expr = expr, .signature = (uint16_t)(set->n - 1), .number = (uint8_t)s->n_lines++, .weight = e.weight,
		.far_end = e.far_end, .bits = (uint16_t)bits, .when = keep(set, strdup(e.when)),
	};
}

/* `when` as it was understood, in the quotes that YAML leaves alone. */
static void print_line(const struct signatures *set, const struct line *l, FILE *to)
{
	static const char *const far_ends[] = {NULL, "server", "relay", "peer"};
	char *when = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&when, &n);

	if (f == NULL)
		log_no_memory("signatures");
	expr_print(&set->program, l->expr, f);
	fclose(f);
	fputs("    - {when: '", to);
	for (const char *at = when; *at; at++) {
		if (*at == '\'')
			fputc('\'', to);
		fputc(*at, to);
	}
	fprintf(to, "', weight: %u", l->weight);
	if (l->far_end != FAR_UNSAID)
		fprintf(to, ", far: %s", far_ends[l->far_end]);
	fputs("}\n", to);
	free(when);
}

/* --- an entry --- */

static bool is_date(const char *t)
{
	static const char form[] = "dddd-dd-dd";

	if (strlen(t) != sizeof form - 1)
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == 'd' ? t[i] < '0' || t[i] > '9' : t[i] != form[i])
			return false;
	return true;
}

/* Bytes that are as they are by chance must not make an alert, nor a name. */
static void check_bits(struct loading *l, const struct entry *e)
{
	const struct signatures *set = l->set;
	char what[160], key[48];

	for (uint32_t i = set->first_line[set->n - 1]; i < set->n_lines; i++) {
		const struct line *one = &set->lines[i];
		bool alerts = e->alert > 0 && one->weight >= e->alert, names = *e->app != '\0' && one->weight >= e->name;

		if (alerts && one->bits < ALERT_BITS)
			snprintf(what, sizeof what, "alone it alerts, but it fixes %u bits of the payload only: %u are wanted, or a "
			    "second line", one->bits, (unsigned)ALERT_BITS);
		else if (names && one->bits < NAME_BITS)
			snprintf(what, sizeof what, "alone it names %s, but it fixes %u bits of the payload only: %u are wanted, or a "
			    "second line", e->app, one->bits, (unsigned)NAME_BITS);
		else
			continue;
		snprintf(key, sizeof key, "evidence[%u].when", one->number);
		say(l, node_item(l->document, e->evidence, one->number), key, what);
	}
}

/* What the keys say together. */
static void check_entry(struct loading *l, unsigned node, const struct entry *e, unsigned sum)
{
	char what[160];

	if (e->alert > 0 && sum < e->alert) {
		snprintf(what, sizeof what, "the weights add up to %u: it never alerts", sum);
		say(l, node, "alert", what);
	}
	if (e->app[0] != '\0' && sum < e->name) {
		snprintf(what, sizeof what, "the weights add up to %u, and %u are wanted: it never names %s", sum, e->name, e->app);
		say(l, node, "name", what);
	}
	if (e->app[0] == '\0' && e->alert == 0)
		say(l, node, "app", "is missing, and so is `alert`: it does nothing");
	if (*e->title == '\0')
		say(l, node, "title", "is empty");
	if (*e->date != '\0' && !is_date(e->date))
		say(l, node, "date", "is not like 2026-11-30");
	check_bits(l, e);
	for (unsigned i = 0; i < e->n_seen; i++)
		if (strchr(e->seen[i], '/') != NULL)
			say(l, node, "seen", "is a path: a name in pcaps/ is wanted");
}

static void take_signature(struct signatures *set, const struct entry *e, const struct loading *l, unsigned node)
{
	set->items = room_for(set->items, set->n, 1, &set->room_items, sizeof *set->items);
	set->origins = room_for(set->origins, set->n, 1, &set->room_origins, sizeof *set->origins);
	set->first_line = room_for(set->first_line, set->n, 1, &set->room_first, sizeof *set->first_line);
	set->items[set->n] = (struct signature){
		.sid = e->sid, .app = *e->app ? keep(set, strdup(e->app)) : NULL, .title = keep(set, strdup(e->title)),
		.kind = entry_kind(e), .alert = e->alert, .name = e->name, .level = e->level, .join = e->join,
		.severity = e->severity, .experimental = e->experimental, .inside = e->inside,
	};
	set->origins[set->n] = (struct origin){"", node_line(l->document, node), ""};
	set->first_line[set->n] = set->n_lines;
	set->n++;
}

static void add_lines(struct loading *l, unsigned node, const struct entry *e)
{
	const struct document *d = l->document;
	struct signatures *set = l->set;
	unsigned n = e->evidence ? node_length(d, e->evidence) : 0, sum = 0, before = l->mistakes->n;
	char *text = NULL;
	size_t len;
	FILE *print = open_memstream(&text, &len);

	if (print == NULL)
		log_no_memory("signatures");
	if (n > SIGNATURE_LINES)
		say(l, e->evidence, "evidence", "too many lines in one entry");
	for (unsigned i = 0; i < n && i < SIGNATURE_LINES; i++)
		add_line(l, node_item(d, e->evidence, i), i);
	entry_print(e, &l->defaults, print);
	fputs("  evidence:\n", print);
	for (uint32_t i = set->first_line[set->n - 1]; i < set->n_lines; i++) {
		sum += set->lines[i].weight;
		print_line(set, &set->lines[i], print);
	}
	fclose(print);
	set->origins[set->n - 1].text = keep(set, text);
	if (l->mistakes->n == before)
		check_entry(l, node, e, sum);
}

static void add_entry(struct loading *l, unsigned node, const char *file)
{
	struct entry *e = &l->entry;
	struct binding b = {.schema = &entry_schema, .to = e, .document = l->document, .path = "", .mistakes = l->mistakes};
	bool ok;

	*e = l->defaults;
	ok = schema_bind(&b, node);
	if (l->set->n == SIGNATURES_MAX) {
		say(l, node, NULL, "there are too many signatures");
		return;
	}
	if (!ok && e->evidence == 0)
		return;
	take_signature(l->set, e, l, node);
	l->set->origins[l->set->n - 1].file = file;
	add_lines(l, node, e);
}

/* --- files --- */

static void add_document(struct loading *l, struct document *d, const char *file)
{
	unsigned root = d != NULL ? document_root(d) : 0;

	l->document = d;
	if (root != 0 && node_kind(d, root) != NODE_LIST)
		say(l, root, NULL, "must be a list of signatures, each beginning with `- `");
	else
		for (unsigned i = 0; root != 0 && i < node_length(d, root) && l->mistakes->n <= MISTAKES_MAX; i++)
			add_entry(l, node_item(d, root, i), file);
	document_free(d);
}

static int is_yaml(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);	/* not as the locale has it */
}

static void add_folder(struct loading *l, const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_yaml, by_name);

	if (n < 0) {
		mistake(l->mistakes, folder, 0, NULL, "cannot be read: %s", strerror(errno));
		return;
	}
	for (int i = 0; i < n; i++) {
		char path[PATH_TEXT];
		const char *file;

		snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
		file = keep(l->set, strdup(path));
		add_document(l, document_read(file, l->mistakes), file);
		free(names[i]);
	}
	free(names);
}

/* --- the set --- */

static const struct signatures *sorting;	/* qsort() hands on nothing; one thread loads */

static int by_sid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b, s = sorting->items[x].sid, t = sorting->items[y].sid;

	if (s != t)
		return s < t ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void sort_sids(struct loading *l)
{
	struct signatures *set = l->set;

	set->by_sid = calloc(set->n + 1, sizeof *set->by_sid);
	if (set->by_sid == NULL)
		log_no_memory("signatures");
	for (uint32_t i = 0; i < set->n; i++)
		set->by_sid[i] = i;
	sorting = set;
	qsort(set->by_sid, set->n, sizeof *set->by_sid, by_sid);
	for (uint32_t i = 1; i < set->n; i++) {
		const struct origin *here = &set->origins[set->by_sid[i]], *before = &set->origins[set->by_sid[i - 1]];
		uint32_t sid = set->items[set->by_sid[i]].sid;

		if (sid != 0 && sid == set->items[set->by_sid[i - 1]].sid)
			mistake(l->mistakes, here->file, here->line, "sid", "%u is taken, by %s:%u", sid, before->file, before->line);
	}
}

static struct loading *begin(struct mistakes *mistakes)
{
	struct loading *l = calloc(1, sizeof *l);

	if (l == NULL || (l->set = calloc(1, sizeof *l->set)) == NULL)
		log_no_memory("signatures");
	l->mistakes = mistakes;
	l->set->index = index_new();
	l->set->payloads = payload_index_new();
	schema_defaults(&entry_schema, &l->defaults);
	return l;
}

static struct signatures *finish(struct loading *l, unsigned mistakes_before)
{
	struct signatures *set = l->set;

	sort_sids(l);
	index_finish(set->index);
	payload_index_finish(set->payloads);
	if (l->mistakes->n != mistakes_before) {
		signatures_free(set);
		set = NULL;
	}
	free(l);
	return set;
}

struct signatures *signatures_load(const char *const folders[], unsigned n, struct mistakes *mistakes)
{
	unsigned before = mistakes->n;
	struct loading *l = begin(mistakes);

	for (unsigned i = 0; i < n; i++)
		add_folder(l, folders[i]);
	return finish(l, before);
}

struct signatures *signatures_parse(const char *name, const char *text, size_t len_bytes, struct mistakes *mistakes)
{
	unsigned before = mistakes->n;
	struct loading *l = begin(mistakes);

	name = keep(l->set, strdup(name));
	add_document(l, document_parse(name, text, len_bytes, mistakes), name);
	return finish(l, before);
}
