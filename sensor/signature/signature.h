/* signature.h -- what facts mean: which application speaks, and which kind of alert that is worth.
 *
 * Signatures are written by analysts (signatures/, YAML), read and compiled once, and never changed afterwards: any
 * number of threads may read one set. A line is an expression over the facts of one message; it is looked at only when
 * one of its facts appears. Weights are added by session, each line once, by whoever asks (session/finding.c).
 *
 * What a session keeps is (sid, line, weight), never a pointer into a set.
 */
#ifndef PW_SIGNATURE_H
#define PW_SIGNATURE_H

#include "../config/mistake.h"
#include "../event/event.h"
#include "../facts/facts.h"

struct signatures;		/* a compiled set; opaque */

enum {
	SIGNATURES_MAX = 16384,
	SIGNATURE_LINES = 64,		/* of one signature */
	SIGNATURE_MATCHES = 32,		/* of one message that are of any use */
};

/* What kind of name it is. A more exact one wins over a wider one, whatever their weights. */
enum name_level {
	NAME_APPLICATION,
	NAME_OPERATOR,			/* who runs the servers: Meta, Google */
	NAME_STACK,			/* the library: libwebrtc */
};

/* What a line says about the far end of the path that showed it. */
enum far_end {
	FAR_UNSAID,
	FAR_SERVER,
	FAR_RELAY,
	FAR_PEER,			/* an end like ours: with packets both ways the path is direct */
};

/* Along what the lines of a signature are added, besides the session. */
enum join {
	JOIN_SESSION,			/* the session alone: local socket, and pair of ufrags */
	JOIN_HOST,			/* everything with this signature of one inside host is one session */
};

struct signature {
	uint32_t sid;			/* 9100100 and above; sites: from 9190000 */
	const char *app;		/* "WhatsApp"; NULL: it names nothing */
	const char *title;		/* one line for people */
	enum kind kind;			/* the alert that it makes; KIND_VOIP_APP unless the file says another */
	uint8_t alert;			/* sum of weights from which it is one; 0: it only names */
	uint8_t name;			/* sum of weights from which the application is named */
	uint8_t level;			/* enum name_level */
	uint8_t join;			/* enum join */
	uint8_t severity;		/* of the alert; 0: the kind's */
	bool inside;			/* holds between two inside hosts, too (local peer discovery) */
	bool experimental;		/* rests on papers only: severity 3, and the alert says so */
	uint16_t n_lines;
};

/* A line that holds for a message. */
struct match {
	uint16_t signature;		/* signatures_at() */
	uint8_t line;			/* from 0 */
	uint8_t weight;
	uint8_t far_end;		/* enum far_end */
	uint16_t fact;			/* the fact that the line is about: its value is shown as evidence */
};

/* All *.yaml of these folders, each in the order of its names. All facts must have been registered (vocabulary.h). NULL: there
 * were mistakes, and each was said at its line. Free with signatures_free(). */
struct signatures *signatures_load(const char *const folders[], unsigned n, struct mistakes *);
/* The same from text, which messages call `name`. */
struct signatures *signatures_parse(const char *name, const char *text, size_t len_bytes, struct mistakes *);
void signatures_free(struct signatures *);

/* What was understood, as a file that loads again as the same set. */
void signatures_print(const struct signatures *, FILE *to);
/* Only those whose sid, application or file's name fits the glob. Returns how many. */
unsigned signatures_print_some(const struct signatures *, const char *glob, FILE *to);
unsigned signatures_lines(const struct signatures *);	/* of all of them */

/* Every line that holds for this message, in order of signature and line; at most `room`. `set` may be NULL: none. */
unsigned signatures_match(const struct signatures *set, const struct message *, struct match to[], unsigned room);

unsigned signatures_n(const struct signatures *);
const struct signature *signatures_at(const struct signatures *, unsigned signature);	/* below signatures_n() */
const struct signature *signatures_find(const struct signatures *, uint32_t sid);	/* NULL: there is none */
/* A line as it was written, e.g. `dialect == "zoom"`, and its weight; "" if there is none. */
const char *signatures_line(const struct signatures *, uint32_t sid, unsigned line, uint8_t *weight);

#endif
