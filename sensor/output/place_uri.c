/* place_uri.c -- see place_uri.h. */
#include "place_uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static const struct {
	const char *text;
	struct place_uri is;
} schemes[] = {
	{"unix://", {.is_unix = true}},
	{"unix+dgram://", {.is_unix = true, .is_datagram = true}},
	{"syslog://", {.is_syslog = true, .is_datagram = true, .port = 514}},
	{"syslog+tcp://", {.is_syslog = true, .port = 601}},
};

static const struct {
	const char *name;
	uint8_t number;
} facilities[] = {
	{"user", 1}, {"daemon", 3}, {"auth", 4}, {"local0", 16}, {"local1", 17}, {"local2", 18}, {"local3", 19}, {"local4", 20},
	{"local5", 21}, {"local6", 22}, {"local7", 23},
};

static bool wrong(char *error, size_t room, const char *what)
{
	snprintf(error, room, "%s", what);
	return false;
}

static bool parse_option(const char *option, struct place_uri *u, char *error, size_t room)
{
	if (strncmp(option, "facility=", 9) == 0) {
		for (size_t i = 0; i < sizeof facilities / sizeof *facilities; i++)
			if (strcmp(option + 9, facilities[i].name) == 0) {
				u->facility = facilities[i].number;
				return true;
			}
		return wrong(error, room, "facility is none of user, daemon, auth, local0 to local7");
	}
	if (strcmp(option, "framing=octets") != 0 && strcmp(option, "framing=lf") != 0)
		return wrong(error, room, "an option after the ? is neither facility=NAME nor framing=octets or framing=lf");
	u->lines = strcmp(option, "framing=lf") == 0;
	return true;
}

static bool parse_port(const char *text, struct place_uri *u, char *error, size_t room)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || v == 0 || v > 65535)
		return wrong(error, room, "the port is not a number from 1 to 65535");
	u->port = (uint16_t)v;
	return true;
}

/* host, host:port, [v6], [v6]:port */
static bool parse_host(char *text, struct place_uri *u, char *error, size_t room)
{
	char *end = text[0] == '[' ? strchr(text, ']') : strchr(text, ':'), *port = NULL;

	if (text[0] == '[' && end == NULL)
		return wrong(error, room, "the host starts with [ and has no ]");
	if (text[0] == '[') {
		*end++ = '\0';
		text++;
		if (*end != '\0' && *end != ':')
			return wrong(error, room, "the host has something after the ]");
	} else if (end != NULL && strchr(end + 1, ':') != NULL) {
		return wrong(error, room, "the host is an IPv6 address: put it in [ ]");
	}
	if (end != NULL && *end == ':') {
		*end = '\0';
		port = end + 1;
	}
	snprintf(u->host, sizeof u->host, "%s", text);
	if (u->host[0] == '\0')
		return wrong(error, room, "the host is missing");
	return port == NULL || parse_port(port, u, error, room);
}

bool place_uri_parse(const char *text, struct place_uri *u, char *error, size_t room)
{
	char rest[512], *options;
	size_t i = 0;

	while (i < sizeof schemes / sizeof *schemes && strncmp(text, schemes[i].text, strlen(schemes[i].text)) != 0)
		i++;
	if (i == sizeof schemes / sizeof *schemes)
		return wrong(error, room, "the address starts with none of unix://, unix+dgram://, syslog://, syslog+tcp://");
	*u = schemes[i].is;
	u->facility = 21;
	text += strlen(schemes[i].text);
	if (strlen(text) >= sizeof u->host)
		return wrong(error, room, "the address is too long");
	snprintf(rest, sizeof rest, "%s", text);
	options = strchr(rest, '?');
	if (options != NULL)
		*options++ = '\0';
	if (options != NULL && !u->is_syslog)
		return wrong(error, room, "a Unix socket has no options");
	for (char *save = NULL, *o = options != NULL ? strtok_r(options, "&", &save) : NULL; o != NULL; o = strtok_r(NULL, "&", &save))
		if (!parse_option(o, u, error, room))
			return false;
	if (!u->is_unix)
		return parse_host(rest, u, error, room);
	if (rest[0] != '/' || strlen(rest) >= sizeof ((struct sockaddr_un *)0)->sun_path)
		return wrong(error, room, "the socket's path does not start with /, or is too long");
	snprintf(u->host, sizeof u->host, "%s", rest);
	return true;
}
