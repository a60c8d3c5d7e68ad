/* judge.h -- a policy at work: what becomes of each alert.
 *
 * First it is graded: the inside host's network gives it a zone, its classification and the controls that apply; an approved
 * service or an exception makes it informational; where there are approved services, an application that is none of them is at
 * least severity 2. Then the sensor's own filter (severity, informational) applies, then `suppress`, then the first `threshold`
 * that fits, or else the general limit. What is not reported is counted: by reason, by rule, and for the next alert of its like.
 *
 * Days, hours and expiry go by the alert's packet time, periods by the caller's clock, which never goes back.
 */
#ifndef PW_JUDGE_H
#define PW_JUDGE_H

#include "../base/count.h"
#include "../event/event.h"

#include <stdio.h>

struct policy;
struct judge;

enum judgement {
	JUDGE_REPORT,
	JUDGE_UNWANTED,			/* less urgent than asked for, or informational and that is not asked for */
	JUDGE_SUPPRESSED,
	JUDGE_LIMITED,
};

/* What became of an alert, and by which rules. */
struct ruling {
	enum judgement judgement;
	uint8_t severity_given, severity_before;	/* without policy; without approval and exceptions */
	bool informational_given;
	int covered_in, covered_by;	/* section (enum section) and number of the rule that covers it; -1: none */
	int expired_in, expired_by;	/* of the one that would, had it not expired */
	int held_in, held_by;		/* of the rule that held it back; held_by -1: the general limit */
};

/* The policy is borrowed. rows: hosts (or pairs) whose limits are remembered. NULL: no memory. */
struct judge *judge_new(const struct policy *, size_t rows, struct counts *);
void judge_free(struct judge *);

/* A new policy takes the place of an old one: limits go on for those whose rule both have (by its name, and its count and period), for the general
 * limit, and so do the sums of what was said. The old one is not changed and not used any more. */
void judge_inherit(struct judge *, const struct judge *old);

/* Fill in alert.policy, severity and informational. Nothing is counted. */
void judge_grade(const struct judge *, struct event *);

/* The same, and what becomes of it. severity, informational: what is asked for. After JUDGE_REPORT, judge_told() once it is on its
 * way; without that it counts as never asked. */
enum judgement judge_alert(struct judge *, struct event *, uint8_t severity, bool informational, uint64_t now_ns);
void judge_told(struct judge *);

/* Called with every alert that was judged (reported ones once they are told). */
void judge_on_ruling(struct judge *, void (*)(void *ctx, const struct event *, const struct ruling *), void *ctx);

/* Held back by limits, and not said in a later alert. */
uint64_t judge_untold(const struct judge *);

/* For the summary: the alerts of each network, what each rule did, and what limits held back that no later alert has said. Nothing if it did nothing. */
void judge_print(const struct judge *, FILE *);

#endif
