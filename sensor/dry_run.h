/* dry_run.h -- `punchwatch check --dry-run`: what would the policy have changed in these captures? */
#ifndef PW_DRY_RUN_H
#define PW_DRY_RUN_H

#include "options.h"

/* Reads options->files with options->policy, and prints for each rule what it would have changed, and which alerts remain. Returns
 * the program's exit code. */
int dry_run(const struct options *);

#endif
