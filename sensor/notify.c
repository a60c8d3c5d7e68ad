/* notify.c -- see notify.h. The protocol is stable and is four lines of text, so no library is needed for it. */
#include "notify.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { WORD_MAX = 512, ALIVE_LEAST_MS = 10 };

static struct {
	bool open;		/* somebody listens */
	int fd;
	uint32_t alive_ms;
} notify;

/* WATCHDOG_USEC, if it is meant for this process. */
static uint32_t alive_ms(void)
{
	const char *pid = getenv("WATCHDOG_PID"), *usec = getenv("WATCHDOG_USEC");
	unsigned long long us, ms;
	char *end;

	if (usec == NULL || (pid != NULL && strtoul(pid, NULL, 10) != (unsigned long)getpid()))
		return 0;
	errno = 0;
	us = strtoull(usec, &end, 10);
	if (errno != 0 || end == usec || *end != '\0' || us == 0)
		return 0;
	ms = us / 2 / 1000;
	return ms < ALIVE_LEAST_MS ? ALIVE_LEAST_MS : ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

static int connect_to(const char *name)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = strlen(name);
	int fd, r;

	if ((name[0] != '/' && name[0] != '@') || n < 2)
		return -EINVAL;		/* vsock and the like: not on this machine */
	if (n >= sizeof to.sun_path)
		return -ENAMETOOLONG;
	memcpy(to.sun_path, name, n);
	if (name[0] == '@')		/* the abstract namespace: it has no end but its length */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

int notify_open(void)
{
	const char *name = getenv("NOTIFY_SOCKET");
	int fd = 0;

	notify_close();
	if (name != NULL) {
		fd = connect_to(name);
		notify.open = fd >= 0;
		notify.fd = fd;
		notify.alive_ms = notify.open ? alive_ms() : 0;
	}
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return fd < 0 ? fd : 0;
}

void notify_close(void)
{
	if (notify.open)
		close(notify.fd);
	notify.open = false;
	notify.alive_ms = 0;
}

/* Nobody waits for the answer, and whoever does not listen has lost it. */
static void tell(const char *word)
{
	if (notify.open)
		send(notify.fd, word, strlen(word), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void tell_status(const char *word, const char *status)
{
	char text[WORD_MAX];

	if (!notify.open)
		return;
	/* A line break would begin another word. */
	snprintf(text, sizeof text, "%s%s%.*s", word, status != NULL ? "STATUS=" : "",
	    status != NULL ? (int)strcspn(status, "\n") : 0, status != NULL ? status : "");
	tell(text);
}

void notify_ready(const char *status)
{
	tell_status("READY=1\n", status);
}

void notify_status(const char *status)
{
	tell_status("", status);
}

void notify_reloading(void)
{
	struct timespec now;
	char text[WORD_MAX];

	/* The time tells this reload's end from an earlier one's. */
	clock_gettime(CLOCK_MONOTONIC, &now);
	snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%lld\n", (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	tell(text);
}

void notify_stopping(void)
{
	tell("STOPPING=1\n");
}

uint32_t notify_alive_ms(void)
{
	return notify.alive_ms;
}

void notify_alive(void)
{
	tell("WATCHDOG=1\n");
}
