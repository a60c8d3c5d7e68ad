/* position.h -- how far one sink has come in the journal, kept in a file so that a crash does not forget it.
 *
 * The file has two slots of text, written in turn, each with a number and a sum: one that was cut in the middle is not used,
 * the other is. It has its full size from the start, so a full disk does not keep it from being written.
 */
#ifndef PW_POSITION_H
#define PW_POSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A place in the journal: so many records of this segment are behind it; the next starts at this byte. */
struct place {
	uint64_t segment, record, offset;
};

struct position {
	struct place at;			/* everything before is acknowledged */
	uint64_t last_segment, last_record;	/* the last record that was delivered; 0, 0: none yet */
	uint64_t underway;			/* records after `at` that were sent and not acknowledged */
	uint64_t waiting;			/* records that were in the journal after it */
	uint64_t from_segment;			/* the oldest segment that this sink is to have */
};

enum { POSITION_SLOT = 512, POSITION_FILE = 2 * POSITION_SLOT };

/* Text of a slot; what cannot be right is refused. */
void position_print(const struct position *, uint64_t number, char to[static POSITION_SLOT]);
bool position_parse(const char from[static POSITION_SLOT], struct position *, uint64_t *number);

struct position_file {
	int fd;				/* -1: there is none */
	uint64_t number;		/* of the slot written last */
};

/* Open or make it. *found: it says something, which is in *position. 0 or -errno. */
int position_open(struct position_file *, const char *path, struct position *, bool *found);
/* Survives our own crash at once, and the machine's after position_sync(). 0 or -errno. */
int position_write(struct position_file *, const struct position *);
int position_sync(struct position_file *);
void position_close(struct position_file *);

#endif
