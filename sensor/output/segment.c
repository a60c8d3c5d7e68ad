/* segment.c -- see segment.h. */
#include "segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../config/settings.h"

enum { DIGITS = 13, CHUNK = 64 * 1024 };

const char *segment_path(const char *base, uint64_t number, char *to, size_t room)
{
	snprintf(to, room, "%s.%0*" PRIu64, base, DIGITS, number);
	return to;
}

/* "eve.json.1764102791123" is number 1764102791123 of "eve.json". */
static bool take_number(const char *name, const char *base, uint64_t *number)
{
	size_t n = strlen(base);

	if (strncmp(name, base, n) != 0 || name[n] != '.' || strspn(name + n + 1, "0123456789") != DIGITS || name[n + 1 + DIGITS] != '\0')
		return false;
	*number = strtoull(name + n + 1, NULL, 10);
	return *number > 0;
}

/* Keep the list sorted, and the oldest if there are too many. */
static void insert(struct segment *list, unsigned room, unsigned *n, const struct segment *s)
{
	unsigned i = *n;

	while (i > 0 && list[i - 1].number > s->number)
		i--;
	if (i == room)
		return;
	if (*n < room)
		(*n)++;
	memmove(list + i + 1, list + i, (*n - 1 - i) * sizeof *list);
	list[i] = *s;
}

int segment_list(const char *base, struct segment *to, unsigned room, unsigned *n)
{
	const char *slash = strrchr(base, '/'), *name = slash != NULL ? slash + 1 : base;
	char folder[SETTING_PATH];
	struct dirent *entry;
	DIR *d;

	*n = 0;
	snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : slash == base ? 1 : (int)(slash - base), slash == NULL ? "." : base);
	d = opendir(folder);
	if (d == NULL)
		return -errno;
	while ((entry = readdir(d)) != NULL) {
		struct segment s = {0};
		struct stat st;

		if (!take_number(entry->d_name, name, &s.number) || fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		s.bytes = (uint64_t)st.st_size;
		s.changed_s = st.st_mtime;
		insert(to, room, n, &s);
	}
	closedir(d);
	return 0;
}

void segment_scan(struct segment_scan *scan, const char *bytes, size_t n)
{
	const char *bad = memchr(bytes, '\0', n), *p = bytes, *line;
	size_t good = bad != NULL ? (size_t)(bad - bytes) : n;

	if (!scan->damaged)
		while ((line = memchr(p, '\n', good - (size_t)(p - bytes))) != NULL) {
			p = line + 1;
			scan->records++;
			scan->whole = scan->bytes + (uint64_t)(p - bytes);
		}
	scan->damaged = scan->damaged || bad != NULL;
	scan->bytes += n;
}

static int scan_open_file(int fd, uint64_t most, struct segment_scan *scan)
{
	char chunk[CHUNK];

	*scan = (struct segment_scan){0};
	while (scan->bytes < most) {
		size_t want = most - scan->bytes < sizeof chunk ? (size_t)(most - scan->bytes) : sizeof chunk;
		ssize_t n = pread(fd, chunk, want, (off_t)scan->bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		segment_scan(scan, chunk, (size_t)n);
	}
	return 0;
}

int segment_scan_file(const char *path, uint64_t most, struct segment_scan *scan)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), rc;

	if (fd < 0)
		return -errno;
	rc = scan_open_file(fd, most, scan);
	close(fd);
	return rc;
}

/* Append what is from `at` on to the file beside it. */
static int set_aside(int fd, uint64_t at, const char *path)
{
	char torn[SETTING_PATH + 32], chunk[CHUNK];
	int to, rc = 0;
	ssize_t n;

	snprintf(torn, sizeof torn, "%s.torn", path);
	to = open(torn, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (to < 0)
		return -errno;
	while (rc == 0 && (n = pread(fd, chunk, sizeof chunk, (off_t)at)) > 0) {
		if (write(to, chunk, (size_t)n) != n)
			rc = errno != 0 ? -errno : -ENOSPC;
		at += (uint64_t)n;
	}
	if (rc == 0 && fsync(to) != 0)
		rc = -errno;
	if (close(to) != 0 && rc == 0)
		rc = -errno;
	if (rc != 0)
		unlink(torn);
	return rc;
}

int segment_mend(const char *base, struct segment *s, uint64_t *torn)
{
	char path[SETTING_PATH + 32];
	struct segment_scan scan;
	int fd = open(segment_path(base, s->number, path, sizeof path), O_RDWR | O_CLOEXEC | O_NOFOLLOW), rc;

	*torn = 0;
	if (fd < 0)
		return -errno;
	errno = 0;
	rc = scan_open_file(fd, UINT64_MAX, &scan);
	if (rc == 0 && scan.bytes > scan.whole) {
		rc = set_aside(fd, scan.whole, path);
		if (rc == 0 && (ftruncate(fd, (off_t)scan.whole) != 0 || fsync(fd) != 0))
			rc = -errno;
		if (rc == 0)
			*torn = scan.bytes - scan.whole;
	}
	if (rc == 0)
		s->bytes = scan.whole;
	close(fd);
	return rc;
}
