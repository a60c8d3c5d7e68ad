/* segment.h -- the files that a journal consists of: BASE.NUMBER, lines of JSON, one a record.
 *
 * A number is the time when the segment was opened, in milliseconds, and above that of every earlier one: so the numbers of
 * a journal that was lost are not used again.
 */
#ifndef PW_SEGMENT_H
#define PW_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct segment {
	uint64_t number, bytes;
	int64_t changed_s;		/* last written to, wall clock */
};

/* BASE.NUMBER; returns `to`. */
const char *segment_path(const char *base, uint64_t number, char *to, size_t room);

/* The oldest `room` segments, by number; their count in *n. 0 or -errno. */
int segment_list(const char *base, struct segment *to, unsigned room, unsigned *n);

/* How far bytes are whole records. Begin with zeros and give it all, piece by piece. */
struct segment_scan {
	uint64_t bytes, whole, records;	/* given; up to the end of the last whole record; how many these are */
	bool damaged;			/* a NUL byte came: nothing counts from the record on that it is in */
};

void segment_scan(struct segment_scan *, const char *bytes, size_t n);
/* The same for a file, up to `most` bytes. 0 or -errno. */
int segment_scan_file(const char *path, uint64_t most, struct segment_scan *);

/* After a crash: what is behind the last whole record goes into BASE.NUMBER.torn, and the segment ends before it. *torn: so many
 * bytes. 0 or -errno: nothing was changed. */
int segment_mend(const char *base, struct segment *, uint64_t *torn);

#endif
