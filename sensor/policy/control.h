/* control.h -- the NZISM's controls that traffic across a border can touch: which, where, and by which kinds of alert.
 *
 * From release 3.9 (April 2025). What each asks for, and what of it can be seen, is in docs/guidance.md. A site's policy adds
 * its own, or rows for another release (policy.h).
 */
#ifndef PW_CONTROL_H
#define PW_CONTROL_H

#include "../event/event.h"

struct control {
	uint32_t cid;
	uint8_t compliance;		/* enum compliance */
	uint32_t classes;		/* bits of enum classification: where it applies */
	uint32_t kinds;			/* bits of enum kind: what touches it */
	char app[EVENT_APP];		/* and only this application; "": any */
	char title[EVENT_TITLE];	/* in short */
	unsigned line;			/* of the site's file */
};

extern const struct control nzism_controls[];
extern const unsigned n_nzism_controls;

/* Does it say something about this alert in a network of this classification? */
bool control_applies(const struct control *, enum classification, enum kind, const char *app);

/* What a network's classification makes of a severity: from CONFIDENTIAL up nothing but high assurance cryptographic equipment
 * may carry information outside (CID 2089), so what carries any is one step more urgent. Below, the table stands. */
uint8_t classification_severity(enum classification, enum kind, uint8_t severity);

#endif
