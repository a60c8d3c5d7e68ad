/* entry.c -- see entry.h. To add a key: a field in entry.h and a row here. */
#include "entry.h"

#include "../config/value.h"

#include <string.h>

static const char *const kind_names[] = {
	"voip-app", "skype", "nat-traversal", "p2p-filesharing", "p2p-media", "voip-server", "relay-tunnel", NULL
};
static const enum kind kind_of[] = {
	KIND_VOIP_APP, KIND_SKYPE, KIND_NAT_TRAVERSAL, KIND_P2P_FILESHARING, KIND_P2P_MEDIA, KIND_VOIP_SERVER, KIND_RELAY_TUNNEL,
};
static const char *const levels[] = {"application", "operator", "stack", NULL};		/* enum name_level */
static const char *const joins[] = {"session", "host", NULL};				/* enum join */
static const char *const far_ends[] = {"unsaid", "server", "relay", "peer", NULL};	/* enum far_end */

#define F(field) FIELD(struct entry, field)
#define LIST(field) F(field), .item_size = sizeof ((struct entry *)0)->field[0], .count_offset = offsetof(struct entry, n_##field)

/* Its lines are read when all else is known. */
static bool take_evidence(struct binding *b, unsigned node, void *to)
{
	const struct document *d = b->document;
	bool list = node_kind(d, node) == NODE_LIST && node_length(d, node) > 0;

	if (list)
		*(unsigned *)to = node;
	else
		mistake(b->mistakes, document_name(d), node_line(d, node), "evidence", "must be a list of {when: ..., weight: ...}");
	return list;
}

static const struct schema_row rows[] = {
	{"sid", SCHEMA_UINT, F(sid), .least = 9100100, .most = 99999999,
	    .about = "its number, never used again for anything else; your own from 9190000"},
	{"app", SCHEMA_TEXT, F(app), .fallback = "", .about = "the application that it names; none: it names nothing"},
	{"title", SCHEMA_TEXT, F(title), .about = "one line for people"},
	{"kind", SCHEMA_WORD, F(kind), .words = kind_names, .fallback = "voip-app", .about = "the alert that it makes"},
	{"alert", SCHEMA_UINT, F(alert), .most = 100, .fallback = "0", .about = "sum of weights from which it alerts; 0: never alone"},
	{"name", SCHEMA_UINT, F(name), .least = 1, .most = 100, .fallback = "50", .about = "sum of weights from which `app` is named"},
	{"level", SCHEMA_WORD, F(level), .words = levels, .fallback = "application", .about = "what kind of name `app` is"},
	{"join", SCHEMA_WORD, F(join), .words = joins, .fallback = "session",
	    .about = "host: all that one inside host does with it is one session"},
	{"severity", SCHEMA_UINT, F(severity), .most = 3, .fallback = "0", .about = "of the alert; 0: as the kind's"},
	{"experimental", SCHEMA_BOOL, F(experimental), .fallback = "false", .about = "rests on papers only: severity 3"},
	{"inside", SCHEMA_BOOL, F(inside), .fallback = "false",
	    .about = "holds between two inside hosts, too: it concerns the border all the same (local peer discovery)"},
	{"confidence", SCHEMA_TEXT, F(confidence), .fallback = "", .about = "how sure this is, and why"},
	{"about", SCHEMA_TEXT, F(about), .fallback = "", .about = "what else one should know"},
	{"references", SCHEMA_TEXTS, LIST(references), .fallback = "", .about = "where it is described"},
	{"tags", SCHEMA_TEXTS, LIST(tags), .fallback = "", .about = "as Sigma has them: attack.t1095"},
	{"date", SCHEMA_TEXT, F(date), .fallback = "", .about = "when it was last found right: 2026-11-30"},
	{"author", SCHEMA_TEXT, F(author), .fallback = "", .about = "who wrote it"},
	{"seen", SCHEMA_TEXTS, LIST(seen), .fallback = "", .about = "captures in pcaps/ that show it: tests replay them"},
	{"evidence", SCHEMA_OWN, F(evidence), .bind = take_evidence, .about = "lines of {when: EXPRESSION, weight: N, far: END}"},
};

const struct schema entry_schema = {rows, sizeof rows / sizeof *rows};

static const struct schema_row line_rows[] = {
	{"when", SCHEMA_TEXT, FIELD(struct entry_line, when), .about = "expression over the facts of one message"},
	{"weight", SCHEMA_UINT, FIELD(struct entry_line, weight), .least = 1, .most = 100, .about = "what it counts, once a session"},
	{"far", SCHEMA_WORD, FIELD(struct entry_line, far_end), .words = far_ends, .fallback = "unsaid",
	    .about = "what it says about the far end: server, relay, or peer (an end like ours)"},
};

const struct schema entry_line_schema = {line_rows, sizeof line_rows / sizeof *line_rows};

enum kind entry_kind(const struct entry *e)
{
	return kind_of[e->kind];
}

void entry_print(const struct entry *e, const struct entry *defaults, FILE *to)
{
	const char *before = "- ";

	for (unsigned i = 0; i < entry_schema.n; i++) {
		const struct schema_row *row = &rows[i];
		const uint8_t *own = (const uint8_t *)e + row->offset, *usual = (const uint8_t *)defaults + row->offset;

		if (row->kind == SCHEMA_OWN || memcmp(own, usual, row->size) == 0)
			continue;
		fprintf(to, "%s%s: ", before, row->key);
		value_print(row, e, to);
		fputc('\n', to);
		before = "  ";
	}
}
