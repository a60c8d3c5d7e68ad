/* schema.h -- a struct as people write it: one row for each field, and a binder between the two.
 *
 * A row gives a key its field, its type, its range, its default and its meaning. From the same rows come: reading YAML, with
 * every mistake at its line; setting one key from text (defaults, command line); printing what was understood so that
 * it loads again; and help. The rows know nothing of what they configure: configuration and signatures each have theirs.
 *
 *   {"capture.ring", SCHEMA_UINT, FIELD(struct settings, capture.ring_bytes), .unit = UNIT_BYTES, .least = 1 << 20, ...}
 *
 * A list of maps is a row of kind SCHEMA_LIST: its items are bound one by one, each to a struct of its own by rows of its own.
 */
#ifndef PW_SCHEMA_H
#define PW_SCHEMA_H

#include "document.h"
#include "words.h"

#include <stdint.h>

enum schema_kind {
	SCHEMA_BOOL,		/* bool */
	SCHEMA_CHOICE_BOOL,	/* uint8_t, enum choice: auto, no, yes */
	SCHEMA_UINT,		/* uint8_t to uint64_t, with .unit, .least and .most */
	SCHEMA_WORD,		/* an enum, or a bool: its value is the place in .words */
	SCHEMA_TEXT,		/* char[], "" if empty */
	SCHEMA_NETWORKS,	/* struct prefixes; `private` stands for the default inside space */
	SCHEMA_TEXTS,		/* char[][.item_size], with their number in an unsigned at .count_offset */
	SCHEMA_UINTS,		/* uint32_t[], the same; each with .unit, and at most .most */
	SCHEMA_WORDS,		/* uint32_t: a bit for each of .words that is in the list */
	SCHEMA_LIST,		/* struct schema_list: maps, each bound by the rows of .item */
	SCHEMA_OWN,		/* anything: .bind does it */
};

/* Structs of .item_size bytes, one behind the other. Grown while it is read; schema_free() frees it. */
struct schema_list {
	void *items;
	unsigned n;
};

enum choice { CHOICE_AUTO, CHOICE_NO, CHOICE_YES };

struct binding;

struct schema_row {
	const char *key;		/* "capture.ring": dots are maps in maps. Rows of one map stand together */
	enum schema_kind kind;
	uint16_t offset, size;		/* of the field in the struct: FIELD() */
	enum unit unit;
	uint64_t least, most;		/* SCHEMA_UINT: both are allowed; most 0: whatever fits the field.
					 * Lists: .least items at least. SCHEMA_LIST: .most of them at most; 0: any number */
	const char *const *words;	/* SCHEMA_WORD, SCHEMA_WORDS: ends with NULL */
	uint16_t item_size, count_offset;	/* SCHEMA_TEXTS, SCHEMA_UINTS; SCHEMA_LIST: item_size alone */
	bool live;			/* may change while the sensor runs */
	bool secret;			/* a URI that may hold a password, which is never printed */
	const struct schema *item;	/* SCHEMA_LIST */
	/* SCHEMA_OWN: reads the field. SCHEMA_LIST: called with each item that was read without a mistake, and its own binding, for
	 * what rows cannot say; may be NULL. False: a mistake was said. */
	bool (*bind)(struct binding *, unsigned node, void *to);
	const char *fallback;		/* the default, as one would write it (lists: commas between); NULL: must be given */
	const char *about;		/* one line */
};

#define FIELD(type, field) .offset = offsetof(type, field), .size = sizeof ((type *)0)->field

struct schema {
	const struct schema_row *rows;
	unsigned n;
};

/* One reading of a map into a struct. */
struct binding {
	const struct schema *schema;
	void *to;			/* the struct */
	const struct document *document;
	const char *path;		/* "signatures[3]." before every key in messages, or "" */
	unsigned *lines;		/* if not NULL: schema->n line numbers, filled with where each key was given, or 0 */
	struct mistakes *mistakes;
};

/* Every field to its default; those without one are zeroed. */
void schema_defaults(const struct schema *, void *to);

/* Read a map (or nothing: node 0, or a null) into the struct. Keys that are not given keep what is there. Says every
 * mistake; false if there was one. */
bool schema_bind(struct binding *, unsigned node);

/* What is wrong with a key of this map though its text is right, at the line that gave it, else at the map's (.lines is needed). */
void schema_mistake(const struct binding *, unsigned node, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Free what lists have grown to, and leave them empty. */
void schema_free(const struct schema *, void *);

/* Set one key from text, as on a command line; a list's items have commas between them. NULL, or a text of what is wrong in `why`. */
enum { SCHEMA_WHY = 256 };
const char *schema_set(const struct schema *, const char *key, const char *text, void *to, char why[static SCHEMA_WHY]);
/* One more item to a list that is there. */
const char *schema_add(const struct schema *, const char *key, const char *text, void *to, char why[static SCHEMA_WHY]);

const struct schema_row *schema_find(const struct schema *, const char *key);
/* The nearest known key to one that is not known, or NULL. */
const char *schema_nearest(const struct schema *, const char *key);

/* Is what the row says the same in both? */
bool schema_same(const struct schema_row *, const void *a, const void *b);
void schema_copy(const struct schema_row *, void *to, const void *from);

/* The struct as YAML that schema_bind() reads back; passwords are replaced by "***". Rows of kind SCHEMA_OWN are left out, and in
 * the items of lists what is as the default has it. */
void schema_print(const struct schema *, const void *from, FILE *to);

/* Hide the password of a URI where it stands: redis://user:***@host/. false: there is none. Never makes it longer. */
bool uri_hide_password(char *uri);

#endif
