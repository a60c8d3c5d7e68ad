/* schema_test.c -- rows against YAML: every mistake at its line, and what is printed loads again. A schema in the manner of
 * signatures shows that lists of maps, one in another, are bound by the same rows.
 */
#include "../../test.h"

#include "../../../sensor/base/addr.h"
#include "../../../sensor/config/schema.h"

struct sample {
	uint32_t ring_bytes, retire_ms;
	bool on;
	char host[16];
	struct prefixes home;
	char interface[2][16];
	unsigned n_interfaces;
	uint8_t deep;
};

static const struct schema_row rows[] = {
	{"home", SCHEMA_NETWORKS, FIELD(struct sample, home), .fallback = ""},
	{"capture.ring", SCHEMA_UINT, FIELD(struct sample, ring_bytes), .unit = UNIT_BYTES, .least = 1024, .fallback = "64MiB"},
	{"capture.retire", SCHEMA_UINT, FIELD(struct sample, retire_ms), .unit = UNIT_MS, .fallback = "100ms"},
	{"capture.interfaces", SCHEMA_TEXTS, FIELD(struct sample, interface), .item_size = 16,
	    .count_offset = offsetof(struct sample, n_interfaces), .fallback = ""},
	{"capture.very.deep", SCHEMA_UINT, FIELD(struct sample, deep), .fallback = "7"},
	{"eve.host", SCHEMA_TEXT, FIELD(struct sample, host), .fallback = "me"},
	{"eve.on", SCHEMA_BOOL, FIELD(struct sample, on), .fallback = "true"},
};
static const struct schema schema = {rows, sizeof rows / sizeof *rows};

static char said[16384];
static unsigned lines[sizeof rows / sizeof *rows];

/* Bind text over defaults; what was said is in `said`. */
static bool bind_with(const struct schema *with, const char *text, void *to, unsigned *at)
{
	struct mistakes m = {.to = fmemopen(said, sizeof said, "w")};
	struct document *d;
	struct binding b = {.schema = with, .to = to, .lines = at, .mistakes = &m};
	bool ok = false;

	memset(said, 0, sizeof said);
	schema_defaults(with, to);
	d = document_parse("t.yaml", text, strlen(text), &m);
	if (d) {
		b.document = d;
		ok = schema_bind(&b, document_root(d));
	}
	fclose(m.to);
	assert_int_equal(ok, m.n == 0);
	document_free(d);
	return ok;
}

static void says(const char *text, const char *wanted)
{
	struct sample s;

	bind_with(&schema, text, &s, NULL);
	if (strcmp(said, wanted) != 0)
		fail_msg("of:     %s\nwanted: %s\nsaid:   %s", text, wanted, said);
}

static void defaults_and_values(void **state)
{
	struct sample s;

	(void)state;
	memset(&s, 0xee, sizeof s);
	assert_true(bind_with(&schema, "", &s, lines));
	assert_int_equal(s.ring_bytes, 64 << 20);
	assert_int_equal(s.retire_ms, 100);
	assert_int_equal(s.home.n, 0);
	assert_int_equal(s.n_interfaces, 0);
	assert_string_equal(s.host, "me");
	assert_true(s.on);
	assert_int_equal(lines[1], 0);
	assert_true(bind_with(&schema, "capture:\n  ring: 1MiB\n  very: {deep: 9}\n  interfaces: [a, b]\nhome: 10.0.0.0/8, 192.0.2.0/24\n"
	    "eve:\n# all of it commented out\n", &s, lines));
	assert_int_equal(s.ring_bytes, 1 << 20);
	assert_int_equal(s.retire_ms, 100);
	assert_int_equal(s.deep, 9);
	assert_int_equal(s.n_interfaces, 2);
	assert_string_equal(s.interface[1], "b");
	assert_int_equal(s.home.n, 2);
	assert_int_equal(lines[0], 5);
	assert_int_equal(lines[1], 2);
	assert_int_equal(lines[4], 3);
	assert_int_equal(lines[5], 0);
	assert_true(bind_with(&schema, "capture.ring: 2MiB\n", &s, lines));	/* the whole name does as well */
	assert_int_equal(s.ring_bytes, 2 << 20);
}

static void unknown_keys(void **state)
{
	(void)state;
	says("hom: []\n", "t.yaml:1: hom: unknown key; did you mean home?\n");
	says("capture:\n  rnig: 1MiB\n", "t.yaml:2: capture.rnig: unknown key; did you mean capture.ring?\n");
	says("captur:\n  ring: 1MiB\n", "t.yaml:1: captur: unknown key; did you mean capture?\n");
	says("ring: 1MiB\n", "t.yaml:1: ring: unknown key; did you mean capture.ring?\n");
	says("eve:\n  ring: 1MiB\n", "t.yaml:2: eve.ring: unknown key; did you mean capture.ring?\n");
	says("bandwidth: 1\n", "t.yaml:1: bandwidth: unknown key\n");
	says("\"\": 1\n", "t.yaml:1: unknown key\n");
	says("capture:\n  \"\": 1\n", "t.yaml:2: capture.: unknown key\n");
	says("<<: 1\n", "t.yaml:1: <<: unknown key\n");
	says("capture:\n  very:\n    dep: 1\n", "t.yaml:3: capture.very.dep: unknown key; did you mean capture.very.deep?\n");
}

static void wrong_types(void **state)
{
	(void)state;
	says("- a\n- b\n", "t.yaml:1: is a list, but must be a map of keys\n");
	says("text\n", "t.yaml:1: is a single value, but must be a map of keys\n");
	says("capture: 5\n", "t.yaml:1: capture: is a single value, but must be a map of keys\n");
	says("capture:\n  - ring\n", "t.yaml:2: capture: is a list, but must be a map of keys\n");
	says("capture:\n  ring: [1MiB]\n", "t.yaml:2: capture.ring: is a list, but must be a single value\n");
	says("capture:\n  ring: {a: b}\n", "t.yaml:2: capture.ring: is a map, but must be a single value\n");
	says("home: {a: b}\n", "t.yaml:1: home: is a map, but must be a list\n");
	says("home: [10.0.0.0/8,\n  [a]]\n", "t.yaml:2: home: an item of this list is not a single value\n");
	says("home:\n  - 10.0.0.0/8\n  -\n", "t.yaml:3: home: an item of this list is not a single value\n");
	says("eve:\n  host:\n", "t.yaml:2: eve.host: has no value: write \"\" for none, or leave the key out\n");
	says("eve:\n  on: ~\n", "t.yaml:2: eve.on: has no value: give one, or leave the key out\n");
	says("home:\n", "t.yaml:1: home: has no value: write [] for none, or leave the key out\n");
	says("eve:\n  on: maybe\n", "t.yaml:2: eve.on: 'maybe' is not true or false\n");
	says("eve:\n  host: \"\\e[31m567890123456\"\n", "t.yaml:2: eve.host: '?[31m567890123456...' is longer than 15 bytes\n");
}

static void twice(void **state)
{
	(void)state;
	says("home: []\n\nhome: []\n", "t.yaml:3: home: given twice, first in line 1\n");
	says("capture:\n  ring: 1MiB\ncapture:\n  retire: 1s\n", "t.yaml:3: capture: given twice, first in line 1\n");
	says("capture:\n  ring: 1MiB\ncapture.ring: 2MiB\n", "t.yaml:3: capture.ring: given twice, first in line 2\n");
}

static void every_mistake_is_said(void **state)
{
	char *many = malloc(100000);
	size_t n = 0, said_lines = 0;

	(void)state;
	says("home: [10.0.0.0/99, x]\ncapture:\n  ring: 64MB\n  retire: 100\n  nope: 1\neve:\n  on: 2\n",
	    "t.yaml:1: home: '10.0.0.0/99' is not a network: write it like 192.0.2.0/24, 2001:db8::/32 or private\n"
	    "t.yaml:1: home: 'x' is not a network: write it like 192.0.2.0/24, 2001:db8::/32 or private\n"
	    "t.yaml:3: capture.ring: '64MB' has an unknown unit: B, KiB, MiB and GiB are known\n"
	    "t.yaml:4: capture.retire: '100' needs a unit: ms, s, min, h or d\n"
	    "t.yaml:5: capture.nope: unknown key\n"
	    "t.yaml:7: eve.on: '2' is not true or false\n");
	for (unsigned i = 0; i < 5000; i++)
		n += (size_t)sprintf(many + n, "capture:\n");
	says("", "");
	bind_with(&schema, many, &(struct sample){0}, NULL);
	for (const char *at = said; *at; at++)
		said_lines += *at == '\n';
	assert_int_equal(said_lines, MISTAKES_MAX + 1);
	free(many);
}

static void one_key_from_text(void **state)
{
	struct sample s;
	char why[SCHEMA_WHY];

	(void)state;
	schema_defaults(&schema, &s);
	assert_null(schema_set(&schema, "capture.ring", "2MiB", &s, why));
	assert_int_equal(s.ring_bytes, 2 << 20);
	assert_null(schema_set(&schema, "capture.interfaces", "a", &s, why));
	assert_null(schema_add(&schema, "capture.interfaces", "b", &s, why));
	assert_int_equal(s.n_interfaces, 2);
	assert_non_null(schema_add(&schema, "capture.interfaces", "c", &s, why));
	assert_string_equal(schema_add(&schema, "capture.ring", "1", &s, why), "is not a list");
	assert_string_equal(schema_set(&schema, "capture.rng", "1", &s, why), "unknown key capture.rng; did you mean capture.ring?");
	assert_string_equal(schema_set(&schema, "zzz", "1", &s, why), "unknown key zzz");
	assert_string_equal(schema_nearest(&schema, "host"), "eve.host");
	assert_null(schema_find(&schema, "capture"));
}

static char *print(const struct sample *s)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	schema_print(&schema, s, f);
	fclose(f);
	return text;
}

static void what_is_printed_loads_again(void **state)
{
	struct sample s, t;
	char *first, *second;

	(void)state;
	assert_true(bind_with(&schema, "home: [10.0.0.0/8, '::1', fe80::/10]\neve: {host: \"a\\\\\\\"\\x07 \\u2028#: \", on: no}\n"
	    "capture: {ring: 1537, retire: 1500ms, interfaces: [\"[x\", \"- y\"], very: {deep: 0}}\n", &s, NULL));
	first = print(&s);
	assert_string_equal(first,
	    "home: [\"10.0.0.0/8\", \"::1/128\", \"fe80::/10\"]\n"
	    "capture:\n"
	    "  ring: 1537\n"
	    "  retire: 1500ms\n"
	    "  interfaces: [\"[x\", \"- y\"]\n"
	    "  very:\n"
	    "    deep: 0\n"
	    "eve:\n"
	    "  host: \"a\\\\\\\"\\x07 \\u2028#: \"\n"
	    "  on: false\n");
	assert_true(bind_with(&schema, first, &t, NULL));
	assert_memory_equal(&s.home, &t.home, sizeof s.home);
	assert_string_equal(s.host, t.host);
	second = print(&t);
	assert_string_equal(first, second);
	free(first);
	free(second);
}

/* --- in the manner of signatures --- */

struct evidence_line {
	char when[64];
	uint8_t weight;
};
struct signature {
	char app[32];
	uint32_t sid;
	struct evidence_line evidence[4];
	unsigned n_evidence;
};

static const struct schema_row evidence_rows[] = {
	{"when", SCHEMA_TEXT, FIELD(struct evidence_line, when)},
	{"weight", SCHEMA_UINT, FIELD(struct evidence_line, weight), .least = 1, .most = 100},
};
static const struct schema evidence_schema = {evidence_rows, 2};

static bool bind_evidence(struct binding *b, unsigned list, void *to)
{
	struct signature *signature = (struct signature *)(void *)((char *)to - offsetof(struct signature, evidence));
	bool ok = true;

	for (unsigned i = 0; i < node_length(b->document, list) && i < 4; i++) {
		char path[64];
		struct binding inner = *b;

		snprintf(path, sizeof path, "%sevidence[%u].", b->path, i);
		inner.schema = &evidence_schema;
		inner.to = &signature->evidence[signature->n_evidence++];
		inner.path = path;
		inner.lines = NULL;
		ok = schema_bind(&inner, node_item(b->document, list, i)) && ok;
	}
	return ok;
}

static const struct schema_row signature_rows[] = {
	{"app", SCHEMA_TEXT, FIELD(struct signature, app)},
	{"sid", SCHEMA_UINT, FIELD(struct signature, sid), .least = 9100000, .most = 9199999},
	{"evidence", SCHEMA_OWN, FIELD(struct signature, evidence), .bind = bind_evidence},
};
static const struct schema signature_schema = {signature_rows, 3};

static unsigned bind_signatures(const char *text, struct signature *to, unsigned room)
{
	struct mistakes m = {.to = fmemopen(said, sizeof said, "w")};
	struct document *d;
	unsigned n = 0;

	memset(said, 0, sizeof said);
	d = document_parse("s.yaml", text, strlen(text), &m);
	assert_non_null(d);
	for (; n < node_length(d, document_root(d)) && n < room; n++) {
		char path[32];
		struct binding b = {.schema = &signature_schema, .to = &to[n], .document = d, .path = path, .mistakes = &m};

		snprintf(path, sizeof path, "[%u].", n);
		schema_defaults(&signature_schema, &to[n]);
		to[n].n_evidence = 0;
		schema_bind(&b, node_item(d, document_root(d), n));
	}
	fclose(m.to);
	document_free(d);
	return n;
}

static void lists_of_maps_in_lists_of_maps(void **state)
{
	struct signature s[3];

	(void)state;
	assert_int_equal(bind_signatures(
	    "- app: One\n  sid: 9100001\n  evidence:\n    - {when: 'stun.attr == 0x4000', weight: 90}\n    - {when: b, weight: 3}\n"
	    "- app: Two\n  sid: 9100002\n  evidence: []\n", s, 3), 2);
	assert_string_equal(said, "");
	assert_string_equal(s[0].app, "One");
	assert_int_equal(s[0].n_evidence, 2);
	assert_string_equal(s[0].evidence[0].when, "stun.attr == 0x4000");
	assert_int_equal(s[0].evidence[1].weight, 3);
	assert_int_equal(s[1].n_evidence, 0);
	bind_signatures("- app: One\n  evidence:\n    - {when: a, weight: 101}\n    - {wen: b, weight: 3}\n    - 7\n-\n", s, 3);
	assert_string_equal(said,
	    "s.yaml:3: [0].evidence[0].weight: '101' is out of range: 1 to 100\n"
	    "s.yaml:4: [0].evidence[1].wen: unknown key; did you mean when?\n"
	    "s.yaml:4: [0].evidence[1].when: is missing\n"
	    "s.yaml:5: [0].evidence[2]: is a single value, but must be a map of keys\n"
	    "s.yaml:5: [0].evidence[2].when: is missing\n"
	    "s.yaml:5: [0].evidence[2].weight: is missing\n"
	    "s.yaml:1: [0].sid: is missing\n"
	    "s.yaml:6: [1].app: is missing\n"
	    "s.yaml:6: [1].sid: is missing\n"
	    "s.yaml:6: [1].evidence: is missing\n");
}

/* The same by rows of kind SCHEMA_LIST, with what rows cannot say, and printed again. */
struct door {
	uint32_t number;
	uint32_t days;
	uint32_t codes[3];
	unsigned n_codes, line;
};

struct house {
	char name[16];
	struct schema_list doors;
};

static const char *const days[] = {"mon", "tue", "sun", NULL};

static const struct schema_row door_rows[] = {
	{"number", SCHEMA_UINT, FIELD(struct door, number), .least = 1, .most = 9},
	{"open.days", SCHEMA_WORDS, FIELD(struct door, days), .words = days, .fallback = ""},
	{"open.codes", SCHEMA_UINTS, FIELD(struct door, codes), .count_offset = offsetof(struct door, n_codes), .least = 0, .most = 999,
	    .fallback = ""},
};
static const struct schema door_schema = {door_rows, 3};

static bool bind_door(struct binding *b, unsigned node, void *to)
{
	struct door *d = to;

	d->line = node_line(b->document, node);
	if (d->number != 7)
		return true;
	schema_mistake(b, node, "number", "%u is the wall", d->number);
	schema_mistake(b, node, "open.days", "so it has none");
	return false;
}

static const struct schema_row house_rows[] = {
	{"name", SCHEMA_TEXT, FIELD(struct house, name), .fallback = "home"},
	{"street.doors", SCHEMA_LIST, FIELD(struct house, doors), .item = &door_schema, .item_size = sizeof (struct door), .most = 5,
	    .bind = bind_door, .fallback = ""},
};
static const struct schema house_schema = {house_rows, 2};

static void house_says(const char *text, const char *wanted)
{
	struct house h;

	bind_with(&house_schema, text, &h, NULL);
	if (strcmp(said, wanted) != 0)
		fail_msg("of:     %s\nwanted: %s\nsaid:   %s", text, wanted, said);
	schema_free(&house_schema, &h);
}

static void lists_by_rows(void **state)
{
	struct house h, again;
	const struct door *d;
	char *text = NULL;
	size_t n;
	FILE *f;

	(void)state;
	assert_true(bind_with(&house_schema, "street:\n  doors:\n  - {number: 1}\n  - number: 2\n    open:\n      days: [sun, mon]\n"
	    "      codes: [12, 7]\n  - {number: 3, open: {codes: 5}}\n", &h, NULL));
	assert_int_equal(h.doors.n, 3);
	d = h.doors.items;
	assert_int_equal(d[0].number, 1);
	assert_int_equal(d[0].days, 0);
	assert_int_equal(d[1].line, 4);
	assert_int_equal(d[1].days, 5);
	assert_int_equal(d[1].n_codes, 2);
	assert_int_equal(d[1].codes[1], 7);
	assert_int_equal(d[2].codes[0], 5);
	f = open_memstream(&text, &n);
	schema_print(&house_schema, &h, f);
	fclose(f);
	assert_string_equal(text, "name: \"home\"\nstreet:\n  doors:\n    - number: 1\n    - number: 2\n      open:\n        days: [mon, sun]\n"
	    "        codes: [12, 7]\n    - number: 3\n      open:\n        codes: [5]\n");
	assert_true(bind_with(&house_schema, text, &again, NULL));
	assert_int_equal(again.doors.n, 3);
	d = again.doors.items;
	assert_int_equal(d[1].codes[1], 7);
	free(text);
	schema_free(&house_schema, &h);
	schema_free(&house_schema, &again);
	assert_null(h.doors.items);
	assert_true(bind_with(&house_schema, "street: {doors: []}\n", &h, NULL));
	assert_int_equal(h.doors.n, 0);
	f = open_memstream(&text, &n);
	schema_print(&house_schema, &h, f);
	fclose(f);
	assert_string_equal(text, "name: \"home\"\nstreet:\n  doors: []\n");
	free(text);
}

static void mistakes_in_lists(void **state)
{
	(void)state;
	house_says("street:\n  doors:\n  - {number: 10}\n  -\n  - 5\n  - {number: 1, opne: 2}\n",
	    "t.yaml:3: street.doors[0].number: '10' is out of range: 1 to 9\n"
	    "t.yaml:4: street.doors[1].number: is missing\n"
	    "t.yaml:5: street.doors[2]: is a single value, but must be a map of keys\n"
	    "t.yaml:5: street.doors[2].number: is missing\n"
	    "t.yaml:6: street.doors[3].opne: unknown key; did you mean open?\n");
	house_says("street:\n  doors: 7\n", "t.yaml:2: street.doors: is a single value, but must be a list\n");
	house_says("street:\n  doors: {number: 1}\n", "t.yaml:2: street.doors: is a map, but must be a list\n");
	house_says("street:\n  doors:\n", "t.yaml:2: street.doors: has no value: write [] for none, or leave the key out\n");
	house_says("street:\n  doors:\n  - open: {}\n    number: 7\n",
	    "t.yaml:4: street.doors[0].number: 7 is the wall\n"
	    "t.yaml:3: street.doors[0].open.days: so it has none\n");
	house_says("street:\n  doors:\n  - number: 1\n    open:\n      days: [mon, tues, 4]\n      codes: [1, x, 3, 1000, 4, 5]\n",
	    "t.yaml:5: street.doors[0].open.days: 'tues' is not one of mon, tue, sun; did you mean tue?\n"
	    "t.yaml:5: street.doors[0].open.days: '4' is not one of mon, tue, sun\n"
	    "t.yaml:6: street.doors[0].open.codes: 'x' is not a number\n"
	    "t.yaml:6: street.doors[0].open.codes: '1000' is out of range: 0 to 999\n"
	    "t.yaml:6: street.doors[0].open.codes: more than 3 of them\n");
	house_says("street:\n  doors: [{number: 1}, {number: 1}, {number: 1}, {number: 1}, {number: 1},\n    {number: 1}, {number: 1}]\n",
	    "t.yaml:3: street.doors: has too many items\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_and_values),
		cmocka_unit_test(unknown_keys),
		cmocka_unit_test(wrong_types),
		cmocka_unit_test(twice),
		cmocka_unit_test(every_mistake_is_said),
		cmocka_unit_test(one_key_from_text),
		cmocka_unit_test(what_is_printed_loads_again),
		cmocka_unit_test(lists_of_maps_in_lists_of_maps),
		cmocka_unit_test(lists_by_rows),
		cmocka_unit_test(mistakes_in_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
