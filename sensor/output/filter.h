/* filter.h -- which events a sink is to have, told by the line in the journal. */
#ifndef PW_FILTER_H
#define PW_FILTER_H

#include "../config/settings.h"

bool filter_takes(const struct sink_settings *, const char *line, size_t len);

#endif
