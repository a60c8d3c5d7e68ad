/* check.h -- `punchwatch check`: are configuration and signatures right, and what do they say? */
#ifndef PW_CHECK_H
#define PW_CHECK_H

#include "options.h"

/* Configuration and signatures have been read without a mistake (or the program has ended with EXIT_USAGE): print what was
 * understood, as a file that loads again: the configuration, or with --show signatures; or, with --facts, all facts that signatures can
 * name. Returns the exit code. */
int check_run(const struct options *);

#endif
