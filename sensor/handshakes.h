/* handshakes.h -- `punchwatch explain --handshakes`: every handshake of a capture, and what the profile makes of it. */
#ifndef PW_HANDSHAKES_H
#define PW_HANDSHAKES_H

#include "options.h"

int handshakes_run(const struct options *);	/* the program's exit code */

#endif
