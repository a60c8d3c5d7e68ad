/* metrics.h -- a sample as Prometheus reads it: text format 0.0.4. */
#ifndef PW_METRICS_H
#define PW_METRICS_H

#include "health.h"

#include <stdio.h>

void metrics_print(FILE *, const struct health *);

#endif
