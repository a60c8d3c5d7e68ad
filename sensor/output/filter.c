/* filter.c -- see filter.h. The lines are our own (eve.c); in texts quotes are escaped, so a key with its quotes is a key. */
#include "filter.h"

#include <string.h>

#include "../event/event.h"

static const char *const types[] = {"alert", "flow", "stats", "anomaly", "stun", "p2p_session"};	/* the order of sink_types */

/* What is behind the first `key` at or after `at`; NULL: there is none. */
static const char *behind(const char *at, const char *end, const char *key)
{
	size_t n = strlen(key);
	const char *p = at != NULL ? memmem(at, (size_t)(end - at), key, n) : NULL;

	return p != NULL ? p + n : NULL;
}

static uint64_t number_at(const char *p, const char *end)
{
	uint64_t v = 0;

	for (; p != NULL && p < end && *p >= '0' && *p <= '9' && v < UINT32_MAX; p++)
		v = v * 10 + (uint64_t)(*p - '0');
	return v;
}

static unsigned type_bit(const char *type, const char *end)
{
	for (unsigned i = 0; type != NULL && i < sizeof types / sizeof *types; i++) {
		size_t n = strlen(types[i]);

		if ((size_t)(end - type) > n && memcmp(type, types[i], n) == 0 && type[n] == '"')
			return 1u << i;
	}
	return 0;
}

bool filter_takes(const struct sink_settings *s, const char *line, size_t len)
{
	const char *end = line + len, *alert;
	unsigned type;
	uint64_t sid;

	if (s->types == 0 && s->kinds == 0 && (s->severity == 0 || s->severity >= 3))
		return true;
	type = type_bit(behind(line, end, "\"event_type\":\""), end);
	if (s->types != 0 && (s->types & type) == 0)
		return false;
	if (type != 1)
		return true;
	alert = behind(line, end, "\"alert\":{");
	if (s->severity != 0 && number_at(behind(alert, end, "\"severity\":"), end) > s->severity)
		return false;
	sid = number_at(behind(alert, end, "\"signature_id\":"), end);
	if (s->kinds == 0)
		return true;
	for (unsigned i = 1; i < KIND_N; i++)
		if (kinds[i].sid == sid)
			return (s->kinds & 1u << i) != 0;
	return false;
}
