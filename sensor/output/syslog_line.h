/* syslog_line.h -- an event's line as a message of RFC 5424. */
#ifndef PW_SYSLOG_LINE_H
#define PW_SYSLOG_LINE_H

#include "sink.h"

enum { SYSLOG_HEAD = 256 };

/* What stands before the JSON: priority, time, names. Returns its length. Its severity is that of the alert: 1 error, 2 warning, 3 notice;
 * other events are information. */
size_t syslog_head(const struct record *, uint8_t facility, const char *sensor, char to[static SYSLOG_HEAD]);

#endif
