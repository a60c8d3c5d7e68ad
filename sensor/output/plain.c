/* plain.c -- see plain.h. */
#include "plain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/log.h"
#include "../config/settings.h"
#include "../event/eve.h"

enum { BUFFER_BYTES = 512 * 1024 };	/* most that waits while writes fail */

struct plain {
	char path[SETTING_PATH];
	int fd;
	bool regular;			/* a file: can be cut, and synced */
	bool broken;			/* the reader of the pipe has gone */
	struct plain_view view;
	uint64_t whole, end;		/* a file: after the last whole line; after the last byte that we wrote */
	size_t used;			/* bytes in the buffer; the first may be the rest of a line */
	char buffer[BUFFER_BYTES];
};

/* A crash or a full disk may have left half a line: ours must not be glued to it. */
static bool end_last_line(struct plain *p)
{
	char last;

	if (p->end == 0 || pread(p->fd, &last, 1, (off_t)(p->end - 1)) != 1 || last == '\n')
		return true;
	if (write(p->fd, "\n", 1) != 1)
		return false;
	p->end++;
	return true;
}

/* The descriptor is open: learn what it is. 0 or -errno. */
static int inspect(struct plain *p)
{
	struct stat st;

	if (fstat(p->fd, &st) != 0)
		return -errno;
	p->regular = S_ISREG(st.st_mode);
	if (!p->regular || p->fd == STDOUT_FILENO) {
		p->regular = false;	/* redirected standard output is not ours to lock or cut */
		return 0;
	}
	if (flock(p->fd, LOCK_EX | LOCK_NB) != 0)
		return -errno;
	p->end = (uint64_t)st.st_size;
	if (!end_last_line(p))
		return -errno;
	p->whole = p->end;
	return 0;
}

struct plain *plain_open(const char *path)
{
	struct plain *p = calloc(1, sizeof *p);
	struct stat st;
	int error, way = O_RDWR;

	if (p == NULL)
		return NULL;
	snprintf(p->path, sizeof p->path, "%s", strcmp(path, "-") == 0 ? "standard output" : path);
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		way = O_WRONLY;		/* a named pipe opened for both would never tell that its reader has gone */
	if (strcmp(path, "-") == 0)
		p->fd = STDOUT_FILENO;
	else
		p->fd = open(path, way | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
	error = p->fd < 0 ? -errno : inspect(p);
	if (error != 0) {
		log_error("%s: %s", p->path, error == -EWOULDBLOCK ? "another process writes to it" : strerror(-error));
		plain_close(p);
		return NULL;
	}
	return p;
}

void plain_close(struct plain *p)
{
	if (p == NULL)
		return;
	if (p->fd >= 0 && p->regular) {
		if (p->end > p->whole && ftruncate(p->fd, (off_t)p->whole) != 0)
			log_error("%s: ends in half a line: %s", p->path, strerror(errno));
		if (fdatasync(p->fd) != 0 && errno != EINVAL)
			log_error("%s: %s", p->path, strerror(errno));
	}
	if (p->fd >= 0 && p->fd != STDOUT_FILENO && close(p->fd) != 0)
		log_error("%s: %s", p->path, strerror(errno));
	free(p);
}

const char *plain_name(const struct plain *p)
{
	return p->path;
}

bool plain_has_room(const struct plain *p)
{
	return p->broken || sizeof p->buffer - p->used >= EVE_LINE_MAX;
}

void plain_put(struct plain *p, const char *line, size_t len)
{
	p->view.put++;
	if (p->broken) {
		p->view.lost++;
		return;
	}
	memcpy(p->buffer + p->used, line, len);
	p->used += len;
}

size_t plain_waiting_bytes(const struct plain *p)
{
	return p->used;
}

/* n bytes from the start of the buffer are in the file. */
static void wrote(struct plain *p, size_t n)
{
	const char *last = memrchr(p->buffer, '\n', n);
	uint64_t from = p->end;

	for (const char *at = p->buffer; last != NULL && at <= last; p->view.written++)
		at = (const char *)memchr(at, '\n', (size_t)(last - at) + 1) + 1;
	if (p->regular) {
		off_t at = lseek(p->fd, 0, SEEK_CUR);	/* after an appending write: the file's end; somebody else may have cut it */

		if (at >= (off_t)n)
			from = (uint64_t)at - n;
	}
	p->end = from + n;
	if (last != NULL)
		p->whole = from + (uint64_t)(last - p->buffer) + 1;
	memmove(p->buffer, p->buffer + n, p->used - n);
	p->used -= n;
}

static void write_failed(struct plain *p, int error)
{
	if (error == EPIPE) {
		log_error("%s: nobody reads it any more: events are lost", p->path);
		p->broken = true;
		p->view.lost = p->view.put - p->view.written;
		p->used = 0;
		return;
	}
	p->view.retries++;
	if (!p->view.failing)
		log_error("%s: %s; trying again until it works", p->path, strerror(error));
	p->view.failing = true;
}

bool plain_commit(struct plain *p)
{
	while (p->used > 0) {
		ssize_t n = write(p->fd, p->buffer, p->used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			/* Standard output that somebody else made non-blocking: wait as a blocking one would. */
			poll(&(struct pollfd){.fd = p->fd, .events = POLLOUT}, 1, -1);
			continue;
		}
		if (n < 0) {
			write_failed(p, errno);
			return p->used == 0;
		}
		if (p->view.failing)
			log_info("%s: written again", p->path);
		p->view.failing = false;
		wrote(p, (size_t)n);
	}
	return true;
}

struct plain_view plain_look(const struct plain *p)
{
	return p->view;
}
