/* redis_uri.c -- see redis_uri.h. */
#include "redis_uri.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "../event/text.h"

enum { PORT = 6379, DB_MAX = 1 << 20 };

/* A stretch of the text. */
struct part {
	const char *at;
	size_t n;
};

/* The names of parts in messages are ours; the parts themselves are not shown: one may be a password. */
struct error {
	char *to;
	size_t room;
};

static bool wrong(const struct error *e, const char *what, const char *why)
{
	snprintf(e->to, e->room, "%s %s", what, why);
	return false;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decode (RFC 3986, 2.1). No part may hold a NUL. */
static bool decode(struct part p, char *to, size_t room, const char *what, const struct error *e)
{
	size_t n = 0;

	for (size_t i = 0; i < p.n; i++) {
		char c = p.at[i];

		if (c == '%') {
			int high = i + 2 < p.n ? hex_digit(p.at[i + 1]) : -1;
			int low = i + 2 < p.n ? hex_digit(p.at[i + 2]) : -1;

			if (high < 0 || low < 0)
				return wrong(e, what, "has a % without two hexadecimal digits after it");
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (c == '\0')
			return wrong(e, what, "has a NUL byte in it");
		if (n + 1 >= room)
			return wrong(e, what, "is too long");
		to[n++] = c;
	}
	to[n] = '\0';
	return true;
}

static bool number(struct part p, uint32_t most, uint32_t *v)
{
	*v = 0;
	for (size_t i = 0; i < p.n; i++) {
		if (p.at[i] < '0' || p.at[i] > '9')
			return false;
		*v = *v * 10 + (uint32_t)(p.at[i] - '0');
		if (*v > most)
			return false;
	}
	return p.n > 0;
}

/* What is before the separator; `p` goes on after it. Without one: everything, and nothing is left. */
static struct part before(struct part *p, char separator)
{
	const char *at = p->n > 0 ? memchr(p->at, separator, p->n) : NULL;
	struct part head = {p->at, at != NULL ? (size_t)(at - p->at) : p->n};
	size_t used = head.n + (at != NULL);

	p->at += used;
	p->n -= used;
	return head;
}

static bool is(struct part p, const char *text)
{
	return p.n == strlen(text) && memcmp(p.at, text, p.n) == 0;
}

static bool parse_db(struct part p, struct redis_uri *u, const struct error *e)
{
	return number(p, DB_MAX, &u->db) || wrong(e, "the database", "is not a number");
}

/* The options that are texts, and where they go. */
static const struct {
	const char *name;
	size_t offset, room;
} texts[] = {
#define TEXT(field) {#field, offsetof(struct redis_uri, field), sizeof ((struct redis_uri *)0)->field}
	TEXT(key), TEXT(password_file), TEXT(ca), TEXT(cert), TEXT(cert_key), TEXT(cert_name),
};

/* One of these words: 0, 1, ...; -1 none. */
static int one_of(struct part p, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (is(p, words[i]))
			return i;
	return -1;
}

static bool parse_option(struct part name, struct part value, struct redis_uri *u, const struct error *e)
{
	static const char *const modes[] = {"list", "channel", "stream", NULL}, *const pushes[] = {"right", "left", NULL};
	int word;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (is(name, texts[i].name)) {
			char *to = (char *)u + texts[i].offset;

			return decode(value, to, texts[i].room, texts[i].name, e) && (to[0] != '\0' || wrong(e, texts[i].name, "is empty"));
		}
	if (is(name, "db"))
		return parse_db(value, u, e);
	if (is(name, "maxlen"))
		return (number(value, UINT32_MAX / 16, &u->maxlen) && u->maxlen > 0) || wrong(e, "maxlen", "is not a number from 1 to 268435455");
	if (is(name, "batch"))
		return (number(value, REDIS_BATCH_MOST, &u->batch) && u->batch > 0) || wrong(e, "batch", "is not a number from 1 to 4096");
	if (is(name, "push")) {
		word = one_of(value, pushes);
		u->left = word == 1;
		return word >= 0 || wrong(e, "push", "is neither right nor left");
	}
	if (!is(name, "mode"))
		return wrong(e, "an option after the ?", "is none of key, mode, push, maxlen, batch, db, password_file, ca, cert, cert_key, cert_name");
	word = one_of(value, modes);
	u->mode = word > 0 ? (enum redis_mode)word : REDIS_LIST;
	return word >= 0 || wrong(e, "mode", "is none of list, channel, stream");
}

static bool parse_options(struct part query, struct redis_uri *u, const struct error *e)
{
	while (query.n > 0) {
		struct part value = before(&query, '&');
		struct part name = before(&value, '=');

		if (name.n > 0 && !parse_option(name, value, u, e))
			return false;
	}
	return true;
}

/* "user:password" or "user"; ":password" is the default user's. */
static bool parse_login(struct part login, struct redis_uri *u, const struct error *e)
{
	struct part user = before(&login, ':');

	return decode(user, u->user, sizeof u->user, "the user name", e) &&
	    decode(login, u->password, sizeof u->password, "the password", e);
}

/* host, host:port, [v6], [v6]:port */
static bool parse_host(struct part p, struct redis_uri *u, const struct error *e)
{
	struct part host, port;
	uint32_t v = PORT;

	if (p.n > 0 && p.at[0] == '[') {
		p.at++;
		p.n--;
		if (memchr(p.at, ']', p.n) == NULL)
			return wrong(e, "the host", "starts with [ and has no ]");
		host = before(&p, ']');
		if (p.n > 0 && p.at[0] != ':')
			return wrong(e, "the host", "has something after the ]");
		port = p;
		before(&port, ':');
		p.n = p.n > 0;		/* is there a colon? */
	} else {
		port = p;
		host = before(&port, ':');
		p.n = p.n > host.n;
		if (port.n > 0 && memchr(port.at, ':', port.n) != NULL)
			return wrong(e, "the host", "is an IPv6 address: put it in [ ]");
	}
	if (!decode(host, u->host, sizeof u->host, "the host", e))
		return false;
	if (u->host[0] == '\0')
		return wrong(e, "the host", "is missing");
	if (p.n > 0 && (!number(port, 65535, &v) || v == 0))
		return wrong(e, "the port", "is not a number from 1 to 65535");
	u->port = (uint16_t)v;
	return true;
}

static bool parse_socket(struct part path, struct redis_uri *u, const struct error *e)
{
	struct sockaddr_un a;

	if (!decode(path, u->host, sizeof u->host, "the socket's path", e))
		return false;
	if (u->host[0] != '/')
		return wrong(e, "the socket's path", "does not start with /");
	return strlen(u->host) < sizeof a.sun_path || wrong(e, "the socket's path", "is too long");
}

/* host[:port][/db] */
static bool parse_place(struct part place, struct redis_uri *u, const struct error *e)
{
	struct part host = before(&place, '/');

	if (!parse_host(host, u, e))
		return false;
	return place.n == 0 || parse_db(place, u, e);
}

/* What does not go together. */
static bool check(const struct redis_uri *u, const struct error *e)
{
	bool tls = u->ca[0] != '\0' || u->cert[0] != '\0' || u->cert_key[0] != '\0' || u->cert_name[0] != '\0';

	if (tls && !u->is_tls)
		return wrong(e, "ca, cert, cert_key and cert_name", "are for rediss:// (TLS)");
	if ((u->cert[0] != '\0') != (u->cert_key[0] != '\0'))
		return wrong(e, "cert and cert_key", "go together");
	if (u->password[0] != '\0' && u->password_file[0] != '\0')
		return wrong(e, "a password and a password_file", "are one too many");
	if (u->left && u->mode != REDIS_LIST)
		return wrong(e, "push", "is for mode=list");
	return u->maxlen == 0 || u->mode == REDIS_STREAM || wrong(e, "maxlen", "is for mode=stream");
}

/* The environment's, if there is no other. */
static bool take_environment(struct redis_uri *u, const struct error *e)
{
	const char *environment = getenv("PUNCHWATCH_REDIS_PASSWORD");

	if (u->password[0] == '\0' && u->password_file[0] == '\0' && environment != NULL) {
		if (strlen(environment) >= sizeof u->password)
			return wrong(e, "PUNCHWATCH_REDIS_PASSWORD", "is too long");
		snprintf(u->password, sizeof u->password, "%s", environment);
	}
	return u->user[0] == '\0' || u->password[0] != '\0' || u->password_file[0] != '\0' || wrong(e, "a user name", "needs a password");
}

bool redis_uri_parse(const char *text, struct redis_uri *u, char *error, size_t room)
{
	static const char *const schemes[] = {"redis://", "rediss://", "redis+unix://", NULL};
	const struct error e = {error, room};
	struct part rest, place;
	const char *at;
	int scheme = 0;

	*u = (struct redis_uri){.key = "punchwatch", .batch = REDIS_BATCH};
	while (schemes[scheme] != NULL && strncmp(text, schemes[scheme], strlen(schemes[scheme])) != 0)
		scheme++;
	if (schemes[scheme] == NULL)
		return wrong(&e, "the address", "starts with none of redis://, rediss://, redis+unix://");
	u->is_tls = scheme == 1;
	u->is_unix = scheme == 2;
	rest = (struct part){text + strlen(schemes[scheme]), strlen(text) - strlen(schemes[scheme])};
	if (memchr(rest.at, '#', rest.n) != NULL)
		return wrong(&e, "the address", "has a #: write it as %23");
	place = before(&rest, '?');
	at = memchr(place.at, '@', place.n);
	/* A password's own / or ? must be encoded, so an @ after one is part of a path. */
	if (at != NULL && memchr(place.at, '/', (size_t)(at - place.at)) == NULL && !parse_login(before(&place, '@'), u, &e))
		return false;
	if (memchr(place.at, '@', place.n) != NULL && !u->is_unix)
		return wrong(&e, "the address", "has an @ too many: in a password write it as %40, / as %2F, ? as %3F");
	if (!(u->is_unix ? parse_socket(place, u, &e) : parse_place(place, u, &e)) || !parse_options(rest, u, &e))
		return false;
	return check(u, &e) && take_environment(u, &e);
}

bool redis_uri_read_password(struct redis_uri *u, char *error, size_t room)
{
	FILE *f;
	bool ok;

	if (u->password_file[0] == '\0')
		return true;
	f = fopen(u->password_file, "re");
	if (f == NULL) {
		snprintf(error, room, "password_file %s: %s", u->password_file, strerror(errno));
		return false;
	}
	setvbuf(f, NULL, _IONBF, 0);	/* no copy stays in a buffer */
	ok = fgets(u->password, sizeof u->password, f) != NULL;
	fclose(f);
	u->password[strcspn(u->password, "\r\n")] = '\0';
	ok = ok && u->password[0] != '\0' && strlen(u->password) < sizeof u->password - 1;
	if (!ok)
		snprintf(error, room, "password_file %s: its first line is empty or too long", u->password_file);
	return ok;
}

bool redis_uri_set_sensor(struct redis_uri *u, const char *sensor)
{
	static const char word[] = "{host}";
	char key[sizeof u->key];
	char *at;

	while ((at = strstr(u->key, word)) != NULL) {
		int n = snprintf(key, sizeof key, "%.*s%s%s", (int)(at - u->key), u->key, sensor, at + sizeof word - 1);

		if (n < 0 || (size_t)n >= sizeof key || strstr(sensor, word) != NULL)
			return false;
		memcpy(u->key, key, sizeof key);
	}
	return true;
}

const char *redis_uri_print(const struct redis_uri *u, char *to, size_t room)
{
	static const char *const modes[] = {[REDIS_LIST] = "list", [REDIS_CHANNEL] = "channel", [REDIS_STREAM] = "stream"};
	bool bracket = !u->is_unix && strchr(u->host, ':') != NULL;
	char host[sizeof u->host + 32], key[sizeof u->key + 32];

	text_clean(u->host, strlen(u->host), host, sizeof host);
	text_clean(u->key, strlen(u->key), key, sizeof key);
	if (u->is_unix)
		snprintf(to, room, "redis+unix://%s?db=%u, %s %s", host, u->db, modes[u->mode], key);
	else
		snprintf(to, room, "%s://%s%s%s:%u/%u, %s %s", u->is_tls ? "rediss" : "redis", bracket ? "[" : "", host, bracket ? "]" : "",
		    u->port, u->db, modes[u->mode], key);
	return to;
}
