/* renewal.h -- SIGHUP and `punchwatch reload`: a new edition is read, published, and said how it went. Main thread. */
#ifndef PW_RENEWAL_H
#define PW_RENEWAL_H

#include "control/sample.h"
#include "edition.h"
#include "engine.h"

struct renewal {
	const struct engine_run *run;
	struct editions *editions;	/* NULL: offline */
	struct sample_reload state;
};

/* The first edition: what the run began with. */
void renewal_begin(struct renewal *, const struct engine_run *, struct judge *first);
void renewal_end(struct renewal *);

/* What was said goes to the log and to whoever asked (may be NULL). 0: done; 2: there were mistakes, and nothing has changed. */
int renewal_run(struct renewal *, FILE *to);
/* Now and then: free what nobody uses any more. */
void renewal_sweep(struct renewal *);

#endif
