/* entry.h -- one entry of a signature file, as it is written: its keys, and the keys of a line of evidence. */
#ifndef PW_ENTRY_H
#define PW_ENTRY_H

#include "../config/schema.h"
#include "signature.h"

enum { ENTRY_TEXT = 256, ENTRY_LIST = 16, ENTRY_SEEN = 8, ENTRY_ABOUT = 2048, ENTRY_WHEN = 1024 };

struct entry {
	uint32_t sid;
	char app[EVENT_APP];
	char title[160];
	uint8_t kind;			/* place in the list of kinds: entry_kind() */
	uint8_t alert, name, level, join, severity;
	bool experimental, inside;
	char references[ENTRY_LIST][ENTRY_TEXT];
	char tags[ENTRY_LIST][64];
	char date[16], author[64], confidence[ENTRY_TEXT], about[ENTRY_ABOUT];
	char seen[ENTRY_SEEN][128];
	unsigned n_references, n_tags, n_seen;
	unsigned evidence;		/* the list's node; 0: none */
};

struct entry_line {
	char when[ENTRY_WHEN];
	uint8_t weight;
	uint8_t far_end;		/* enum far_end */
};

extern const struct schema entry_schema, entry_line_schema;

enum kind entry_kind(const struct entry *);

/* The keys that are not as the defaults have them, as the first item of a list. */
void entry_print(const struct entry *, const struct entry *defaults, FILE *to);

#endif
