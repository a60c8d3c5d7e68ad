/* syslog_line.c -- see syslog_line.h. The lines are our own (eve.c). */
#include "syslog_line.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The text behind a key, up to the closing quote, of which at most `most` bytes. */
static size_t text_of(const struct record *r, const char *key, size_t most, const char **at)
{
	const char *p = memmem(r->json, r->len, key, strlen(key)), *end;

	if (p == NULL)
		return 0;
	p += strlen(key);
	end = memchr(p, '"', r->len - (size_t)(p - r->json));
	*at = p;
	return end != NULL && (size_t)(end - p) <= most ? (size_t)(end - p) : 0;
}

static unsigned severity(const struct record *r)
{
	static const char key[] = "\"severity\":";
	const char *alert = memmem(r->json, r->len, "\"alert\":{", 9), *p = NULL;

	if (alert != NULL)
		p = memmem(alert, r->len - (size_t)(alert - r->json), key, sizeof key - 1);
	if (p == NULL || p + sizeof key - 1 >= r->json + r->len)
		return 6;
	p += sizeof key - 1;
	return *p >= '1' && *p <= '3' ? 2u + (unsigned)(*p - '0') : 6;
}

/* RFC 5424, 6: names are printable and have no spaces; what is not known is "-". */
static void name(const char *at, size_t n, char *to, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < n && used + 1 < room; i++)
		if (at[i] > ' ' && at[i] < 127)
			to[used++] = at[i];
	if (used == 0)
		to[used++] = '-';
	to[used] = '\0';
}

size_t syslog_head(const struct record *r, uint8_t facility, const char *sensor, char to[static SYSLOG_HEAD])
{
	const char *at = "", *type_at = "";
	size_t n = text_of(r, "\"timestamp\":\"", 31, &at), n_type = text_of(r, "\"event_type\":\"", 32, &type_at);
	char time[48], host[96], type[40];
	int len;

	/* 2026-01-02T03:04:05.678901+0000 -> ...Z: always UTC. */
	snprintf(time, sizeof time, "%.*s%s", n > 5 ? (int)n - 5 : 1, n > 5 ? at : "-", n > 5 ? "Z" : "");
	name(sensor, strlen(sensor), host, sizeof host);
	name(type_at, n_type, type, sizeof type);
	len = snprintf(to, SYSLOG_HEAD, "<%u>1 %s %s punchwatch %ld %s - ", facility * 8u + severity(r), time, host, (long)getpid(), type);
	return len > 0 && len < SYSLOG_HEAD ? (size_t)len : 0;
}
