/* status.h -- a sample for people: what `punchwatch status` prints. */
#ifndef PW_STATUS_H
#define PW_STATUS_H

#include "health.h"

#include <stdio.h>

void status_print(FILE *, const struct health *, const char *host);

#endif
