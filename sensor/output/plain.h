/* plain.h -- events as lines into one plain file, a pipe or standard output: what `read --eve` writes.
 *
 * Lines are collected; a write that fails (no space) is tried again until it works, and said once; a line is never left half
 * written, unless the other end of a pipe has gone. A file has one writer: a second one is refused.
 */
#ifndef PW_PLAIN_H
#define PW_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plain;

/* Open for appending; "-" is standard output. NULL: said on stderr. */
struct plain *plain_open(const char *path);
/* What could not be written is cut off at the last whole line. */
void plain_close(struct plain *);

const char *plain_name(const struct plain *);

/* false: writes fail, and what waits for them is as much as may be. A broken pipe always has room. */
bool plain_has_room(const struct plain *);
/* One line, its newline included, at most EVE_LINE_MAX; there is room. Put into a broken pipe it is lost, counted. */
void plain_put(struct plain *, const char *line, size_t len);
size_t plain_waiting_bytes(const struct plain *);
/* Write what is there. false: something waits, try again later. */
bool plain_commit(struct plain *);

struct plain_view {
	uint64_t put, written, lost, retries;	/* lost: gone for good (broken pipe) */
	bool failing;
};

struct plain_view plain_look(const struct plain *);

#endif
