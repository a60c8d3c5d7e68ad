/* calendar.h -- days and hours as people mean them: on the clocks of one place, summer time included.
 *
 * A place is read once, at start, from the machine's time zone data, into a table: nothing is opened and nothing global is
 * touched afterwards, and any thread may ask. Times are packet time, in seconds since 1970, UTC.
 */
#ifndef PW_CALENDAR_H
#define PW_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum {
	CALENDAR_SHIFTS = 512,		/* from 1970 to 2100; a place has two a year, a few have four */
	CALENDAR_WHY = 160, CALENDAR_DATE = 11, DAY_MINUTES = 24 * 60,
};

struct calendar {
	unsigned n;
	struct shift {
		int64_t from_s;
		int32_t offset_s;	/* local time is UTC and this */
	} shifts[CALENDAR_SHIFTS];
};

/* A moment on the place's clocks. */
struct local_time {
	int32_t day;			/* since 1970-01-01 */
	uint8_t weekday;		/* 0: Monday */
	uint16_t minute;		/* of the day */
};

/* A part of the day. It may go past midnight: 22:00-06:00 has `from` behind `to`. */
struct hours {
	uint16_t from, to;		/* minutes; `to` is not in it */
};

/* "UTC", "+12:00", or a name of the time zone data: "Pacific/Auckland". NULL, or what is wrong with it, in `why`. Not while other
 * threads run. */
const char *calendar_load(struct calendar *, const char *place, char why[static CALENDAR_WHY]);

struct local_time calendar_at(const struct calendar *, int64_t time_s);
/* When this day begins there. */
int64_t calendar_day_begins(const struct calendar *, int32_t day);

/* "2027-06-30" -> days since 1970, and back. */
bool date_parse(const char *text, int32_t *day);
const char *date_text(int32_t day, char to[static CALENDAR_DATE]);

/* "08:00-18:00"; 24:00 is the day's end. */
bool hours_parse(const char *text, struct hours *);

/* Does the moment lie in one of these (none: always), on one of these days (bit 0: Monday; none: every day)? What goes past
 * midnight belongs to the day on which it began. */
bool hours_hold(const struct hours *, unsigned n, uint32_t days, const struct local_time *);

#endif
