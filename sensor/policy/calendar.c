/* calendar.c -- see calendar.h. */
#include "calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum { DAY_S = 86400, LAST_DAY = 47482 };	/* 2100-01-01 */

/* --- dates --- */

/* Days since 1970-01-01 of a day of the Gregorian calendar: years begin in March, so that the odd day comes last. */
static int32_t day_of(int32_t y, int32_t m, int32_t d)
{
	int32_t era, of_era, of_year;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	of_era = y - era * 400;
	of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool number(const char **at, unsigned digits, int32_t *value)
{
	for (*value = 0; digits > 0; digits--, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*value = *value * 10 + (**at - '0');
	}
	return true;
}

static bool sign(const char **at, char wanted)
{
	return *(*at)++ == wanted;
}

bool date_parse(const char *text, int32_t *day)
{
	char again[CALENDAR_DATE];
	int32_t y, m, d;
	const char *at = text;

	if (!number(&at, 4, &y) || !sign(&at, '-') || !number(&at, 2, &m) || !sign(&at, '-') || !number(&at, 2, &d) || *at != '\0')
		return false;
	if (y < 1970 || y > 2099 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	*day = day_of(y, m, d);
	return strcmp(date_text(*day, again), text) == 0;	/* there is no 30th of February */
}

const char *date_text(int32_t day, char to[static CALENDAR_DATE])
{
	time_t t = (time_t)day * DAY_S;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || strftime(to, CALENDAR_DATE, "%Y-%m-%d", &tm) == 0)
		to[0] = '\0';
	return to;
}

/* --- hours --- */

static bool clock_parse(const char **at, uint16_t *minute)
{
	int32_t h, m;

	if (!number(at, 2, &h) || !sign(at, ':') || !number(at, 2, &m) || m > 59 || h * 60 + m > DAY_MINUTES)
		return false;
	*minute = (uint16_t)(h * 60 + m);
	return true;
}

bool hours_parse(const char *text, struct hours *h)
{
	const char *at = text;

	return clock_parse(&at, &h->from) && sign(&at, '-') && clock_parse(&at, &h->to) && *at == '\0' && h->from != h->to &&
	    h->from < DAY_MINUTES && h->to > 0;
}

static bool on_day(uint32_t days, unsigned weekday)
{
	return days == 0 || (days >> weekday & 1) != 0;
}

bool hours_hold(const struct hours *hours, unsigned n, uint32_t days, const struct local_time *t)
{
	bool today = on_day(days, t->weekday), yesterday = on_day(days, (t->weekday + 6u) % 7);

	for (unsigned i = 0; i < n; i++) {
		const struct hours *h = &hours[i];

		if (h->from < h->to && today && t->minute >= h->from && t->minute < h->to)
			return true;
		if (h->from > h->to && ((today && t->minute >= h->from) || (yesterday && t->minute < h->to)))
			return true;
	}
	return n == 0 && today;
}

/* --- places --- */

static int32_t offset_at(const struct calendar *c, int64_t time_s)
{
	unsigned low = 0, high = c->n;

	while (high - low > 1) {		/* the last that began */
		unsigned middle = (low + high) / 2;

		if (c->shifts[middle].from_s <= time_s)
			low = middle;
		else
			high = middle;
	}
	return c->n > 0 ? c->shifts[low].offset_s : 0;
}

struct local_time calendar_at(const struct calendar *c, int64_t time_s)
{
	int64_t there = time_s + offset_at(c, time_s), day = there / DAY_S;
	int32_t rest = (int32_t)(there % DAY_S);

	if (rest < 0) {
		rest += DAY_S;
		day--;
	}
	return (struct local_time){.day = (int32_t)day, .weekday = (uint8_t)(((day % 7) + 7 + 3) % 7), .minute = (uint16_t)(rest / 60)};
}

int64_t calendar_day_begins(const struct calendar *c, int32_t day)
{
	int64_t there = (int64_t)day * DAY_S, time_s = there - offset_at(c, there);

	return there - offset_at(c, time_s);
}

static bool fixed_parse(const char *text, int32_t *offset_s)
{
	const char *at = text + 1;
	int32_t h, m;

	if ((*text != '+' && *text != '-') || !number(&at, 2, &h) || !sign(&at, ':') || !number(&at, 2, &m) || *at != '\0' || h > 14 ||
	    m > 59)
		return false;
	*offset_s = (*text == '-' ? -1 : 1) * (h * 3600 + m * 60);
	return true;
}

/* Names are parts of a path: nothing in them may lead out of the folder. */
static bool is_there(const char *place)
{
	char path[128], magic[4] = "";
	bool ok = false;
	FILE *f;

	if (*place == '/' || strstr(place, "..") != NULL || (size_t)snprintf(path, sizeof path, ZONE_FOLDER "%s", place) >= sizeof path)
		return false;
	f = fopen(path, "re");
	if (f != NULL) {
		ok = fread(magic, 1, sizeof magic, f) == sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
		fclose(f);
	}
	return ok;
}

static int32_t asked(int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm;

	return localtime_r(&t, &tm) != NULL ? (int32_t)tm.tm_gmtoff : 0;
}

/* The C library knows the zone; asked for every day, and between two days that differ, for the second. */
static void note_shifts(struct calendar *c)
{
	int32_t last = asked(0);

	c->n = 1;
	c->shifts[0] = (struct shift){INT64_MIN / 2, last};
	for (int64_t day = 1; day <= LAST_DAY; day++) {
		int64_t low = (day - 1) * DAY_S, high = day * DAY_S;
		int32_t now = asked(high);

		if (now == last || c->n == CALENDAR_SHIFTS)
			continue;
		while (high - low > 1) {
			int64_t middle = (low + high) / 2;

			if (asked(middle) == last)
				low = middle;
			else
				high = middle;
		}
		c->shifts[c->n++] = (struct shift){high, now};
		last = now;
	}
}

const char *calendar_load(struct calendar *c, const char *place, char why[static CALENDAR_WHY])
{
	const char *set = getenv("TZ");
	char *before = set != NULL ? strdup(set) : NULL;
	char zone[128];
	int32_t offset_s = 0;

	memset(c, 0, sizeof *c);
	if (strcmp(place, "UTC") == 0 || fixed_parse(place, &offset_s)) {
		c->n = 1;
		c->shifts[0] = (struct shift){INT64_MIN / 2, offset_s};
		free(before);
		return NULL;
	}
	if (!is_there(place)) {
		snprintf(why, CALENDAR_WHY, "'%.60s' is not in " ZONE_FOLDER ": write it like Pacific/Auckland (package tzdata), UTC or +12:00",
		    place);
		free(before);
		return why;
	}
	snprintf(zone, sizeof zone, ":%s", place);
	setenv("TZ", zone, 1);
	tzset();
	note_shifts(c);
	if (before != NULL)
		setenv("TZ", before, 1);
	else
		unsetenv("TZ");
	tzset();
	free(before);
	return NULL;
}
