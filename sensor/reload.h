/* reload.h -- reads everything again that a running sensor can change: configuration, signatures, policy, profile, names.
 *
 * It is read aside and checked as at the start. With a mistake anywhere nothing changes.
 */
#ifndef PW_RELOAD_H
#define PW_RELOAD_H

#include "edition.h"

#include <stdio.h>

struct names;
struct reload;

/* The command line, before anybody has changed it: options win over the file then as now. NULL: no memory. */
struct reload *reload_new(int argc, char **argv);
void reload_free(struct reload *);

/* A new edition, without its judge, for a sensor that works by `now`; and other files of names for `names` (may be NULL). NULL: every
 * mistake was printed. What cannot change while it runs stays, and is named. Main thread. */
struct edition *reload_read(struct reload *, const struct settings *now, struct names *names, FILE *say);

#endif
