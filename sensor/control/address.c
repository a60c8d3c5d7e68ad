/* address.c -- see address.h. */
#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 32 };

union place {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

const char *address_path(const char *text)
{
	return strncmp(text, "unix:", 5) == 0 ? text + 5 : NULL;
}

/* Digits alone, 1 to 65535; 0: it is none. */
static uint16_t port_of(const char *text)
{
	size_t n = strlen(text);
	unsigned long port = n > 0 && n <= 5 && strspn(text, "0123456789") == n ? strtoul(text, NULL, 10) : 0;

	return port <= UINT16_MAX ? (uint16_t)port : 0;
}

static bool parse(const char *text, union place *to, socklen_t *len, char why[static ADDRESS_WHY])
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : 0;
	char host[64];
	uint16_t port = colon ? port_of(colon + 1) : 0;

	memset(to, 0, sizeof *to);
	snprintf(why, ADDRESS_WHY, "is no ADDRESS:PORT, [ADDRESS]:PORT or unix:PATH");
	if (port == 0 || n == 0 || n >= sizeof host)
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	if (host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		to->v6.sin6_family = AF_INET6;
		to->v6.sin6_port = htons(port);
		*len = sizeof to->v6;
		if (inet_pton(AF_INET6, host + 1, &to->v6.sin6_addr) != 1)
			return false;
		snprintf(why, ADDRESS_WHY, "is no loopback address: others could ask, too. [::1]:%u is one", port);
		return IN6_IS_ADDR_LOOPBACK(&to->v6.sin6_addr);
	}
	to->v4.sin_family = AF_INET;
	to->v4.sin_port = htons(port);
	*len = sizeof to->v4;
	if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host, &to->v4.sin_addr) != 1)
		return false;
	snprintf(why, ADDRESS_WHY, "is no loopback address: others could ask, too. 127.0.0.1:%u is one", port);
	return ntohl(to->v4.sin_addr.s_addr) >> 24 == 127;
}

static bool path_right(const char *path, char why[static ADDRESS_WHY])
{
	snprintf(why, ADDRESS_WHY, "a socket's path must begin with / and be at most %zu bytes long", sizeof ((struct sockaddr_un *)0)->sun_path - 1);
	return path[0] == '/' && strlen(path) < sizeof ((struct sockaddr_un *)0)->sun_path;
}

bool address_right(const char *text, char why[static ADDRESS_WHY])
{
	union place place;
	socklen_t len;

	return address_path(text) ? path_right(address_path(text), why) : parse(text, &place, &len, why);
}

static int give_up(int fd)
{
	int e = errno;

	close(fd);
	return -e;
}

/* What is left of one who did not end cleanly does not answer, and is a socket. */
static bool is_left_over(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;
	bool dead;

	if (fd < 0)
		return false;
	dead = connect(fd, (const struct sockaddr *)at, sizeof *at) < 0 && errno == ECONNREFUSED;
	close(fd);
	return dead && lstat(at->sun_path, &st) == 0 && S_ISSOCK(st.st_mode);
}

int address_listen_unix(const char *path, mode_t mode)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	mode_t mask;
	int fd, r;

	if (strlen(path) >= sizeof at.sun_path)
		return -ENAMETOOLONG;
	memcpy(at.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	mask = umask(0777 & ~mode);
	r = bind(fd, (struct sockaddr *)&at, sizeof at);
	if (r < 0 && errno == EADDRINUSE) {
		if (is_left_over(&at) && unlink(path) == 0)
			r = bind(fd, (struct sockaddr *)&at, sizeof at);
		else
			errno = EADDRINUSE;
	}
	umask(mask);
	return r < 0 || listen(fd, BACKLOG) < 0 ? give_up(fd) : fd;
}

int address_listen(const char *text)
{
	char why[ADDRESS_WHY];
	union place place;
	socklen_t len;
	int fd, yes = 1;

	if (address_path(text))
		return address_listen_unix(address_path(text), 0600);
	if (!parse(text, &place, &len, why))
		return -EINVAL;
	fd = socket(place.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	return bind(fd, &place.any, len) < 0 || listen(fd, BACKLOG) < 0 ? give_up(fd) : fd;
}
