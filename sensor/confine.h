/* confine.h -- a thread that looks at a stranger's bytes can do little else: no file, no connection, no program, no other process.
 *
 * Whatever it needs was opened before. Should a parser ever be taken over, it can read memory, count, and write where it always writes;
 * to open anything is refused, and to connect, to run, to trace or to send kills the program at once, which the service manager and the
 * log see. By seccomp, for the calling thread alone and for good.
 */
#ifndef PW_CONFINE_H
#define PW_CONFINE_H

#include <stdbool.h>

enum { CONFINE_FDS = 48 };

struct confinement {
	bool files;			/* capture files: more of them are opened, for reading */
	unsigned n_fds;			/* it writes there, besides stderr: what wakes other threads */
	int fds[CONFINE_FDS];
};

/* Call it first in the thread. 0, or -errno: this machine cannot do it. */
int confine_thread(const struct confinement *);

#endif
