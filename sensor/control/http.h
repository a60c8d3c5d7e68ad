/* http.h -- /metrics, /healthz and /readyz, for machines. Loopback or a unix socket only; main thread. */
#ifndef PW_HTTP_H
#define PW_HTTP_H

#include "health.h"

struct event_base;
struct http;

/* `address` as address.h has it. The health is borrowed, and read as it is when somebody asks. NULL: said. */
struct http *http_new(const char *address, struct event_base *, const struct health *);
void http_free(struct http *);

#endif
