/* calendar_test.c -- dates, hours across midnight, and clocks that are put forward and back. */
#include "../../test.h"

#include "../../../sensor/policy/calendar.h"

#include <time.h>

static int64_t utc(const char *text)
{
	struct tm tm = {0};

	assert_non_null(strptime(text, "%Y-%m-%d %H:%M", &tm));
	return (int64_t)timegm(&tm);
}

static void dates(void **state)
{
	char text[CALENDAR_DATE];
	int32_t day;

	(void)state;
	assert_true(date_parse("1970-01-01", &day));
	assert_int_equal(day, 0);
	assert_true(date_parse("2028-02-29", &day));
	assert_string_equal(date_text(day, text), "2028-02-29");
	for (int32_t d = 0; d < 47000; d++) {	/* every day there is comes back */
		date_text(d, text);
		assert_true(date_parse(text, &day));
		assert_int_equal(day, d);
	}
	assert_false(date_parse("2027-02-29", &day));
	assert_false(date_parse("2027-13-01", &day));
	assert_false(date_parse("2027-00-10", &day));
	assert_false(date_parse("2027-1-1", &day));
	assert_false(date_parse("2027-01-01 ", &day));
	assert_false(date_parse("27-01-01", &day));
	assert_false(date_parse("1969-12-31", &day));
	assert_false(date_parse("2100-01-01", &day));
	assert_false(date_parse("", &day));
	assert_false(date_parse("never", &day));
}

static void hours_as_text(void **state)
{
	static const char *const wrong[] = {"", "8:00-18:00", "08:00", "08:00-", "08:00-18:00 ", "08:60-18:00", "24:00-06:00",
	    "08:00-08:00", "08:00-00:00", "08:00-24:01", "0800-1800", "99:99-99:99"};
	struct hours h;

	(void)state;
	assert_true(hours_parse("08:00-18:30", &h));
	assert_int_equal(h.from, 480);
	assert_int_equal(h.to, 1110);
	assert_true(hours_parse("22:00-06:00", &h));
	assert_true(hours_parse("00:00-24:00", &h));
	assert_int_equal(h.to, DAY_MINUTES);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (hours_parse(wrong[i], &h))
			fail_msg("'%s' was taken", wrong[i]);
}

static bool holds(const char *hours, uint32_t days, const char *when)
{
	static struct calendar c;
	char why[CALENDAR_WHY];
	struct local_time t;
	struct hours h;

	assert_null(calendar_load(&c, "UTC", why));
	t = calendar_at(&c, utc(when));
	return hours_hold(&h, *hours != '\0' && hours_parse(hours, &h), days, &t);
}

static void hours_of_days(void **state)
{
	enum { MONDAY = 1, FRIDAY = 1 << 4, WORK = 31 };

	(void)state;
	assert_true(holds("", 0, "2026-11-23 12:00"));		/* a Monday */
	assert_true(holds("", MONDAY, "2026-11-23 23:59"));
	assert_false(holds("", MONDAY, "2026-11-24 00:00"));
	assert_true(holds("08:00-18:00", WORK, "2026-11-27 08:00"));
	assert_true(holds("08:00-18:00", WORK, "2026-11-27 17:59"));
	assert_false(holds("08:00-18:00", WORK, "2026-11-27 18:00"));
	assert_false(holds("08:00-18:00", WORK, "2026-11-28 12:00"));
	assert_true(holds("08:00-18:00", 0, "2026-11-28 12:00"));
	assert_true(holds("22:00-06:00", FRIDAY, "2026-11-27 22:00"));
	assert_true(holds("22:00-06:00", FRIDAY, "2026-11-28 05:59"));	/* Friday's night */
	assert_false(holds("22:00-06:00", FRIDAY, "2026-11-28 06:00"));
	assert_false(holds("22:00-06:00", FRIDAY, "2026-11-27 05:00"));
	assert_false(holds("22:00-06:00", FRIDAY, "2026-11-28 23:00"));
	assert_true(holds("00:00-24:00", FRIDAY, "2026-11-27 23:59"));
	assert_true(holds("22:00-06:00", 1 << 6, "2026-11-30 03:00"));	/* Sunday's night is Monday's morning */
}

static void places(void **state)
{
	static struct calendar c;
	char why[CALENDAR_WHY], text[CALENDAR_DATE];
	struct local_time t;

	(void)state;
	assert_null(calendar_load(&c, "+12:45", why));
	t = calendar_at(&c, utc("2026-11-23 23:00"));
	assert_string_equal(date_text(t.day, text), "2026-11-24");
	assert_int_equal(t.weekday, 1);
	assert_int_equal(t.minute, 11 * 60 + 45);
	assert_null(calendar_load(&c, "-03:30", why));
	t = calendar_at(&c, utc("2026-11-23 02:00"));
	assert_int_equal(t.weekday, 6);
	assert_int_equal(t.minute, 22 * 60 + 30);
	assert_non_null(calendar_load(&c, "Atlantis/Capital", why));
	assert_non_null(strstr(why, "Atlantis/Capital"));
	assert_non_null(calendar_load(&c, "../../../etc/passwd", why));
	assert_non_null(calendar_load(&c, "/etc/localtime", why));
	assert_non_null(calendar_load(&c, "", why));
	assert_non_null(calendar_load(&c, "+1:00", why));
}

static void summer_time(void **state)
{
	static struct calendar c;
	char why[CALENDAR_WHY];
	int32_t day;

	(void)state;
	setenv("TZ", "America/New_York", 1);
	if (calendar_load(&c, "Pacific/Auckland", why) != NULL)
		skip();		/* no time zone data here */
	assert_string_equal(getenv("TZ"), "America/New_York");
	unsetenv("TZ");
	/* In the last Sunday of September 2026 (the 27th), 02:00 is 03:00. */
	assert_int_equal(calendar_at(&c, utc("2026-09-26 13:59")).minute, 119);
	assert_int_equal(calendar_at(&c, utc("2026-09-26 14:00")).minute, 180);
	/* On the first Sunday of April 2027 (the 4th), 03:00 is 02:00 again. */
	assert_int_equal(calendar_at(&c, utc("2027-04-03 13:59")).minute, 179);
	assert_int_equal(calendar_at(&c, utc("2027-04-03 14:00")).minute, 120);
	/* Beyond what is written down in the data as single changes, too. */
	assert_int_equal(calendar_at(&c, utc("2090-01-10 00:00")).minute, 13 * 60);
	assert_int_equal(calendar_at(&c, utc("2090-07-10 00:00")).minute, 12 * 60);
	assert_true(date_parse("2026-12-31", &day));
	assert_int_equal(calendar_day_begins(&c, day), utc("2026-12-30 11:00"));
	assert_true(date_parse("2026-09-27", &day));
	assert_int_equal(calendar_day_begins(&c, day), utc("2026-09-26 12:00"));
	assert_int_equal(calendar_day_begins(&c, day + 1), utc("2026-09-27 11:00"));
	/* It never fails to find its own days. */
	for (day = 18000; day < 30000; day++) {
		int64_t begin = calendar_day_begins(&c, day);

		assert_int_equal(calendar_at(&c, begin).day, day);
		assert_int_equal(calendar_at(&c, begin - 1).day, day - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(hours_as_text),
		cmocka_unit_test(hours_of_days),
		cmocka_unit_test(places),
		cmocka_unit_test(summer_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
