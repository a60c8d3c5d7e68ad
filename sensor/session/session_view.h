/* session_view.h -- a session as correlator_on_session_end() shows it: all that was kept, for reading only, during the
 * call. Built only when somebody asks. */
#ifndef PW_SESSION_VIEW_H
#define PW_SESSION_VIEW_H

#include "../event/event.h"
#include "../signature/signature.h"

enum { VIEW_TEXT = 120, VIEW_LEGS = 64, VIEW_SIGNATURES = 24, VIEW_SIGNS = 400 };

/* One line: a fact as it was seen first between these two ends, or what it proved. */
struct view_line {
	uint64_t ts_ns, packet;
	struct endpoint local, remote;
	bool from_local, nested;
	bool detail;			/* how the message looks rather than what it says */
	bool proves;			/* it is what a fact proved, not the fact */
	uint8_t weight;			/* that the verdict counts for it */
	uint32_t times;			/* seen so often */
	char text[VIEW_TEXT];		/* in the language of signatures */
};

struct view_leg {
	struct endpoint local, remote;
	uint8_t ip_proto;
	const char *role;		/* "server", "relay", "peer", ...: static text */
	uint32_t checks_out, checks_in, answers_out, answers_in;
	uint64_t data_out, data_in;	/* packets */
};

/* A line of a signature, as it was written. */
struct view_sign {
	const char *when;
	uint8_t weight;
	uint64_t packet;		/* that showed it first; 0: it did not hold */
	const char *value;		/* of the fact; "" if it did not hold, or it has none */
};

/* A signature of which some line held. */
struct view_signature {
	const struct signature *signature;
	unsigned sum;			/* of the weights of what held */
	bool strangers;			/* only the far end's words: it counts for nothing */
	const struct view_sign *lines;
	unsigned n_lines;
};

struct session_view {
	const struct event *verdict;	/* EVENT_SESSION: kind NONE if it claims nothing */
	uint64_t told_in;		/* id of the session whose alert speaks for this one too; 0: its own, if any */
	const struct view_line *lines;
	unsigned n_lines;
	uint64_t lines_lost;		/* left out: there were too many */
	const struct view_signature *signatures;
	unsigned n_signatures;
	const struct view_leg *legs;
	unsigned n_legs;
	uint32_t legs_total;
};

#endif
