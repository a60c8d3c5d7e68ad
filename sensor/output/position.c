/* position.c -- see position.h. */
#include "position.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../base/hash.h"

static const char head[] = "punchwatch position 1";

enum { NUMBERS = 9 };

void position_print(const struct position *p, uint64_t number, char to[static POSITION_SLOT])
{
	char text[POSITION_SLOT];
	int n = snprintf(text, sizeof text, "%s\nnumber %" PRIu64 "\nsegment %" PRIu64 "\nrecord %" PRIu64 "\noffset %" PRIu64
	    "\nlast %" PRIu64 " %" PRIu64 "\nunderway %" PRIu64 "\nwaiting %" PRIu64 "\nfrom %" PRIu64 "\n", head, number, p->at.segment, p->at.record,
	    p->at.offset, p->last_segment, p->last_record, p->underway, p->waiting, p->from_segment);

	n += snprintf(text + n, sizeof text - (size_t)n, "sum %016" PRIx64 "\n", hash_fixed(HASH_START, text, (size_t)n));
	memset(to, ' ', POSITION_SLOT);
	memcpy(to, text, (size_t)n);
	to[POSITION_SLOT - 1] = '\n';
}

/* " 123" -> 123, as it is printed: so there is one way to write a slot. */
static const char *take(const char *p, uint64_t *v)
{
	*v = 0;
	if (*p++ != ' ' || *p < '0' || *p > '9')
		return "";
	for (; *p >= '0' && *p <= '9'; p++) {
		if (*v > (UINT64_MAX - 9) / 10)
			return "";
		*v = *v * 10 + (uint64_t)(*p - '0');
	}
	return p;
}

bool position_parse(const char from[static POSITION_SLOT], struct position *p, uint64_t *number)
{
	static const char *const words[] = {"number", "segment", "record", "offset", "last", NULL, "underway", "waiting", "from"};
	char text[POSITION_SLOT + 1], again[POSITION_SLOT];
	const char *at = text;
	uint64_t v[NUMBERS];

	memcpy(text, from, POSITION_SLOT);
	text[POSITION_SLOT] = '\0';
	if (strncmp(at, head, sizeof head - 1) != 0)
		return false;
	at += sizeof head - 1;
	for (unsigned i = 0; i < NUMBERS; i++) {
		size_t n = words[i] != NULL ? strlen(words[i]) : 0;

		if (n > 0 && (*at++ != '\n' || strncmp(at, words[i], n) != 0))
			return false;
		at = take(at + n, &v[i]);
		if (*at == '\0')
			return false;
	}
	*number = v[0];
	*p = (struct position){{v[1], v[2], v[3]}, v[4], v[5], v[6], v[7], v[8]};
	position_print(p, *number, again);
	return memcmp(again, from, POSITION_SLOT) == 0;
}

int position_open(struct position_file *f, const char *path, struct position *p, bool *found)
{
	char slots[POSITION_FILE];
	struct position candidate;
	uint64_t number;

	*found = false;
	*f = (struct position_file){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640)};
	if (f->fd < 0)
		return -errno;
	memset(slots, ' ', sizeof slots);
	if (pread(f->fd, slots, sizeof slots, 0) < 0)
		slots[0] = '\0';
	for (unsigned i = 0; i < 2; i++)
		if (position_parse(slots + i * POSITION_SLOT, &candidate, &number) && (!*found || number > f->number)) {
			*p = candidate;
			f->number = number;
			*found = true;
		}
	if (!*found) {		/* its room, now */
		memset(slots, ' ', sizeof slots);
		errno = ENOSPC;
		if (pwrite(f->fd, slots, sizeof slots, 0) != (ssize_t)sizeof slots) {
			int error = -errno;

			position_close(f);
			return error;
		}
	}
	return 0;
}

int position_write(struct position_file *f, const struct position *p)
{
	char slot[POSITION_SLOT];

	if (f->fd < 0)
		return -EBADF;
	position_print(p, f->number + 1, slot);
	errno = ENOSPC;
	if (pwrite(f->fd, slot, sizeof slot, (off_t)((f->number + 1) % 2 * POSITION_SLOT)) != (ssize_t)sizeof slot)
		return -errno;
	f->number++;
	return 0;
}

int position_sync(struct position_file *f)
{
	return f->fd < 0 ? -EBADF : fdatasync(f->fd) == 0 ? 0 : -errno;
}

void position_close(struct position_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}
