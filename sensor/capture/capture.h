/* capture.h -- where frames come from. One table of operations a source: a new source is a new file and a row.
 *
 * Files: classic pcap through libpcap; pcapng through our own reader (pcapng.c), because libpcap stops at a second
 * link type, snap length or section; both also through gzip and zstd, and from stdin. Live: libpcap with TPACKET_V3.
 */
#ifndef PW_CAPTURE_H
#define PW_CAPTURE_H

#include "../base/count.h"
#include "../base/packet.h"
#include "../config/settings.h"

struct capture;

/* Several at once, in order: whoever looks each of them up somewhere can have the memory fetched meanwhile. All are valid until
 * it returns. */
typedef void (*frames_handler)(void *ctx, const struct frame *, unsigned n);

enum capture_state {
	CAPTURE_MORE,		/* there may be more: read again (files), or wait on capture_fd() (live) */
	CAPTURE_DONE,		/* the end was reached, all of it read */
	CAPTURE_CUT,		/* the input ends in the middle: what was there has been read; capture_error() says where */
	CAPTURE_FAILED,		/* reading failed; capture_error() says why */
};

/* Open a list of files as one capture, in order ("-" is stdin). `filter` is a BPF expression or "". The files are opened
 * one after the other while reading, so that frame numbers and flows go on; a frame that the filter leaves out has a number, too.
 * A file that cannot be read, or not to its end, does not stop the others: it is said at once (log_error) and capture_read() ends
 * in CAPTURE_CUT, capture_error() being the first of these texts. Returns NULL and logs the reason if none can be read or the
 * filter does not compile. The list must live as long as the capture. */
struct capture *capture_open_files(const char *const *files, unsigned n_files, const char *filter, struct counts *);

/* Open one interface. Needs privileges; drops none. NULL: said on stderr, with what to do. */
struct capture *capture_open_live(const struct capture_settings *, const char *interface, struct counts *);

/* Hand on up to `budget` frames. *n says how many; with CAPTURE_MORE it may be 0 (the filter, a next file). */
enum capture_state capture_read(struct capture *, unsigned budget, frames_handler, void *ctx, unsigned *n);

/* Live, at the end: hand on what has arrived up to now and nothing later. It takes a few retire times. Files: does nothing. */
enum capture_state capture_finish(struct capture *, frames_handler, void *ctx);
/* Live: let nothing in any more. What has come can be read for a few retire times. */
void capture_shut(struct capture *);
/* Live, now and then, by a thread that may make any system call, while another one reads: an interface that was replaced by another of
 * its name is watched again. Needs no privilege. */
void capture_mend(struct capture *);
/* Reading a pipe that stays silent ends, as at its end but in CAPTURE_CUT. Safe in a signal handler. */
void capture_stop(void);

int capture_fd(const struct capture *);			/* for poll; -1 for files, and while the interface is away */
const char *capture_error(const struct capture *);	/* with file and position; "" if none */
const char *capture_interface(const struct capture *, unsigned index);	/* name, or "" (files without one) */
/* Files: bytes read of bytes in all, for a progress line; total 0 if not known (stdin). */
void capture_progress(const struct capture *, uint64_t *read_bytes, uint64_t *total_bytes);
/* Live: bring the drop counters up to date (they are 32 bits in the kernel: call at least once a minute), and say if the
 * interface went down or up. */
void capture_count_drops(struct capture *);
uint32_t capture_ring_bytes(const struct capture *);	/* live: what the kernel really gave */
void capture_free(struct capture *);

/* Become `user` (and its group, no supplementary groups, no capabilities, no_new_privs) for good. "": stay root. If we are not
 * root, capabilities that came with the program file go. 0 or -errno, logged. Call once every capture is open, before the first frame and
 * before threads start: capabilities are a thread's. */
int privilege_drop(const char *user);

#endif
