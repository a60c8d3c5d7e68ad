/* request.h -- what is asked on the control socket: one word and a newline. */
#ifndef PW_REQUEST_H
#define PW_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum request {
	REQUEST_MORE,		/* not whole yet */
	REQUEST_BAD,
	REQUEST_STATUS,		/* for people */
	REQUEST_METRICS,	/* as Prometheus reads them */
	REQUEST_RELOAD,
};

enum { REQUEST_BYTES = 32 };	/* of one, at most */

/* `ended`: nothing follows. Anything beyond the newline makes it bad. */
enum request request_parse(const char *bytes, size_t n, bool ended);

#endif
