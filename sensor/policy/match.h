/* match.h -- is this alert what a rule speaks of? */
#ifndef PW_MATCH_H
#define PW_MATCH_H

#include "policy.h"

/* What is the same for all rules. */
struct asked {
	const struct policy *policy;
	const struct event *event;		/* an alert */
	int network;				/* number of the inside host's network, or -1 */
	struct local_time when;
	int64_t when_s;
};

struct asked match_begin(const struct policy *, const struct event *);

/* All that the rule names fits. Whether it has expired is not asked here. */
bool match_rule(const struct asked *, const struct rule *);
/* It has not expired, at packet time. */
bool match_holds(const struct asked *, const struct rule *);

/* The smallest network that has this address, or -1. */
int match_network(const struct policy *, const struct addr *);

/* The far end that an alert is counted by: its relay, else its peer, else where its flow goes. */
const struct addr *match_far_end(const struct event *);

/* Does the text fit a pattern with * and ?, in any case? */
bool match_glob(const char *pattern, const char *text);

#endif
