/* journal.c -- see journal.h.
 *
 * A batch is written behind the last whole record and synced; if either fails, the segment is cut back to where it was, and
 * the batch stays in the buffer. So a segment ends in half a record only if we, or the machine, died.
 */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../base/log.h"
#include "../event/eve.h"
#include "segment.h"

enum {
	BUFFER_BYTES = 2 << 20,
	SEGMENTS_MAX = 4096,
	TEMPORARY_SEGMENT = 8 << 20,
	TEMPORARY_KEEP = 4,		/* delivered segments that stay: Redis may come back without what it had */
	PATH = SETTING_PATH + 32,
};

#define ORIGIN (1ull << 40)	/* the number of the first record that this run writes; older ones are below */

struct held {
	struct segment s;
	uint64_t before, records;	/* the number of its first record; how many there are */
	bool counted;			/* these two are known. Then they are of all that come after it */
};

/* What went wrong: each is said once, until it works again. */
enum trouble { TROUBLE_OPEN = 1, TROUBLE_WRITE = 2, TROUBLE_LINK = 4 };

struct journal {
	char base[SETTING_PATH], folder[SETTING_PATH];	/* folder: of a temporary one; "" otherwise */
	struct journal_settings set;
	bool temporary;
	int lock;
	int fd;				/* of the newest segment; -1: the next record opens one */
	int64_t opened_s;
	uint64_t above;			/* the next number is above this */
	unsigned said;
	size_t used;			/* what waits: in the buffer, from its start */
	uint64_t lines;
	pthread_mutex_t mutex;		/* for what follows; only the writing thread changes the list */
	struct journal_view view;
	struct held list[SEGMENTS_MAX];
	unsigned n;
	char buffer[BUFFER_BYTES];
};

static int64_t now_s(void)
{
	return time(NULL);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void say(struct journal *j, enum trouble what, const char *doing, int error)
{
	if ((j->said & what) == 0)
		log_error("journal %s: %s: %s; trying again until it works", j->base, doing, strerror(error));
	j->said |= what;
}

static void works(struct journal *j)
{
	if (j->said & (TROUBLE_OPEN | TROUBLE_WRITE))
		log_info("journal %s: written again", j->base);
	j->said &= ~(unsigned)(TROUBLE_OPEN | TROUBLE_WRITE);
}

static void lock(struct journal *j)
{
	pthread_mutex_lock(&j->mutex);
}

static void unlock(struct journal *j)
{
	pthread_mutex_unlock(&j->mutex);
}

/* --- the list; locked --- */

static void forget(struct journal *j, unsigned i)
{
	j->view.bytes -= j->list[i].s.bytes;
	memmove(j->list + i, j->list + i + 1, (--j->n - i) * sizeof j->list[0]);
	j->view.segments = j->n;
}

static void drop_oldest(struct journal *j)
{
	char path[PATH];

	if (unlink(segment_path(j->base, j->list[0].s.number, path, sizeof path)) != 0 && errno != ENOENT)
		log_warn("journal %s: cannot remove: %s", path, strerror(errno));
	j->view.dropped += j->list[0].records;
	forget(j, 0);
}

static void drop_old(struct journal *j)
{
	if (j->temporary)
		return;
	while (j->n > 1 && (j->view.bytes > j->set.keep_bytes || j->n == SEGMENTS_MAX ||
	    now_s() - j->list[0].s.changed_s > (int64_t)j->set.keep_s))
		drop_oldest(j);
}

/* Count the records of segment i and of all after it. */
static void count_from(struct journal *j, unsigned i)
{
	for (unsigned k = j->n; k-- > i;) {
		struct held *h = &j->list[k];
		struct segment_scan scan = {0};
		char path[PATH];

		if (h->counted)
			continue;
		if (segment_scan_file(segment_path(j->base, h->s.number, path, sizeof path), h->s.bytes, &scan) == 0)
			h->records = scan.records;
		h->before = (k + 1 < j->n ? j->list[k + 1].before : ORIGIN) - h->records;
		h->counted = true;
	}
}

static unsigned index_of(const struct journal *j, uint64_t number)	/* the first that is not below; n: none */
{
	unsigned low = 0, high = j->n;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (j->list[middle].s.number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t end_ordinal(const struct journal *j)
{
	const struct held *last = j->n > 0 ? &j->list[j->n - 1] : NULL;

	return last == NULL || !last->counted ? ORIGIN : last->before + last->records;
}

/* --- segments --- */

static int sync_folder(const struct journal *j)
{
	char folder[SETTING_PATH];
	char *slash;
	int fd, rc;

	snprintf(folder, sizeof folder, "%s", j->base);
	slash = strrchr(folder, '/');
	if (slash != NULL)
		slash[slash == folder] = '\0';
	fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = fsync(fd) == 0 ? 0 : -errno;
	close(fd);
	return rc;
}

/* A file of another's making has the journal's own name: it keeps its content under another. */
static void make_way(struct journal *j)
{
	char old[PATH];
	struct stat st, own;

	if (lstat(j->base, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	for (unsigned i = j->n; i-- > 0;) {	/* not a temporary journal: only this thread changes the list */
		char path[PATH];

		if (stat(segment_path(j->base, j->list[i].s.number, path, sizeof path), &own) == 0 && own.st_ino == st.st_ino &&
		    own.st_dev == st.st_dev)
			return;
	}
	if (st.st_size == 0)
		return;
	snprintf(old, sizeof old, "%s.old-%" PRIu64, j->base, now_ms());
	if (link(j->base, old) == 0)
		log_info("journal %s: there was a file of this name, which is %s from now on", j->base, old);
}

/* The newest segment also has the journal's name, for those who follow that. */
static void take_name(struct journal *j, const char *path)
{
	char other[PATH];

	make_way(j);
	snprintf(other, sizeof other, "%s.new", j->base);
	unlink(other);
	if ((link(path, other) != 0 && symlink(strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path, other) != 0) ||
	    rename(other, j->base) != 0)
		say(j, TROUBLE_LINK, "cannot be called so", errno);
	else
		j->said &= ~(unsigned)TROUBLE_LINK;
}

/* 0 or -errno, and then the old one is still in use, if there was one. */
static int open_segment(struct journal *j)
{
	struct held h = {.s.number = now_ms(), .s.changed_s = now_s(), .counted = true};
	char path[PATH];
	int fd;

	if (h.s.number <= j->above)
		h.s.number = j->above + 1;
	fd = open(segment_path(j->base, h.s.number, path, sizeof path), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0)
		return -errno;
	if (!j->temporary && sync_folder(j) != 0) {
		int error = -errno;

		close(fd);
		unlink(path);
		return error != 0 ? error : -EIO;
	}
	if (j->fd >= 0)
		close(j->fd);
	j->fd = fd;
	j->above = h.s.number;
	j->opened_s = h.s.changed_s;
	lock(j);
	if (j->n == SEGMENTS_MAX)
		drop_oldest(j);
	count_from(j, j->n > 0 ? j->n - 1 : 0);
	h.before = end_ordinal(j);
	j->list[j->n++] = h;
	j->view.segments = j->n;
	drop_old(j);
	unlock(j);
	if (!j->temporary)
		take_name(j, path);
	return 0;
}

static struct segment newest(struct journal *j)
{
	struct segment s;

	lock(j);
	s = j->list[j->n - 1].s;
	unlock(j);
	return s;
}

/* Somebody else removed the newest segment or cut it short: what was in it is gone, and readers learn it from the list. */
static void check_newest(struct journal *j)
{
	struct segment_scan scan;
	struct segment s;
	char path[PATH];
	struct stat st;

	if (j->fd < 0)
		return;
	s = newest(j);
	if (fstat(j->fd, &st) == 0 && st.st_nlink > 0 && (uint64_t)st.st_size >= s.bytes)
		return;
	log_error("journal %s: somebody else removed or cut %s: what was not delivered of it is lost", j->base,
	    segment_path(j->base, s.number, path, sizeof path));
	close(j->fd);
	j->fd = -1;
	lock(j);
	if (st.st_nlink == 0 || segment_scan_file(path, (uint64_t)st.st_size, &scan) != 0) {
		scan = (struct segment_scan){0};
		unlink(path);
	}
	j->view.bytes -= s.bytes - scan.whole;
	j->list[j->n - 1].s.bytes = scan.whole;	/* .records stay: so readers see how many are missing */
	unlock(j);
}

/* --- writing --- */

static int write_batch(struct journal *j, uint64_t at)
{
	for (size_t done = 0; done < j->used;) {
		ssize_t n = pwrite(j->fd, j->buffer + done, j->used - done, (off_t)(at + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ENOSPC;
		done += (size_t)n;
	}
	return 0;
}

static bool failed(struct journal *j, enum trouble what, const char *doing, int error)
{
	say(j, what, doing, -error);
	lock(j);
	j->view.retries++;
	j->view.failing = true;
	unlock(j);
	return false;
}

bool journal_commit(struct journal *j)
{
	uint64_t at;
	int error;

	if (j->used == 0)
		return true;
	check_newest(j);
	error = j->fd < 0 ? open_segment(j) : 0;
	if (error != 0)
		return failed(j, TROUBLE_OPEN, "a new segment cannot be made", error);
	at = newest(j).bytes;
	error = write_batch(j, at);
	if (error == 0 && !j->temporary && fdatasync(j->fd) != 0) {
		error = -errno;
		close(j->fd);		/* what the kernel could not write it may never try again: elsewhere, then */
		j->fd = -1;
	}
	if (error != 0) {
		char path[PATH];

		if (truncate(segment_path(j->base, newest(j).number, path, sizeof path), (off_t)at) != 0 && j->fd >= 0) {
			close(j->fd);
			j->fd = -1;
		}
		return failed(j, TROUBLE_WRITE, "cannot be written", error);
	}
	lock(j);
	j->list[j->n - 1].s.bytes += j->used;
	j->list[j->n - 1].s.changed_s = now_s();
	j->list[j->n - 1].records += j->lines;
	j->view.bytes += j->used;
	j->view.journaled += j->lines;
	j->view.failing = false;
	unlock(j);
	j->used = 0;
	j->lines = 0;
	works(j);
	if (newest(j).bytes >= j->set.segment_bytes)
		journal_rotate(j);
	return true;
}

bool journal_has_room(const struct journal *j)
{
	return sizeof j->buffer - j->used >= EVE_LINE_MAX;
}

void journal_put(struct journal *j, const char *line, size_t len)
{
	memcpy(j->buffer + j->used, line, len);
	j->used += len;
	j->lines++;
	lock(j);
	j->view.put++;
	unlock(j);
}

size_t journal_waiting_bytes(const struct journal *j)
{
	return j->used;
}

void journal_rotate(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}

void journal_tick(struct journal *j)
{
	if (j->fd >= 0 && now_s() - j->opened_s >= (int64_t)j->set.segment_s)
		journal_rotate(j);
	lock(j);
	drop_old(j);
	unlock(j);
}

/* --- any thread --- */

void journal_look(struct journal *j, struct journal_view *view)
{
	lock(j);
	*view = j->view;
	unlock(j);
}

bool journal_find(struct journal *j, uint64_t number, struct journal_segment *found)
{
	unsigned i;
	bool there;

	lock(j);
	i = index_of(j, number);
	there = i < j->n;
	if (there)
		*found = (struct journal_segment){j->list[i].s.number, j->list[i].s.bytes, j->list[i].records};
	unlock(j);
	return there;
}

struct place journal_end(struct journal *j)
{
	struct place end = {0};

	lock(j);
	if (j->n > 0) {
		count_from(j, j->n - 1);
		end = (struct place){j->list[j->n - 1].s.number, j->list[j->n - 1].records, j->list[j->n - 1].s.bytes};
	}
	unlock(j);
	return end;
}

uint64_t journal_ordinal(struct journal *j, struct place place)
{
	uint64_t v;
	unsigned i;

	lock(j);
	i = index_of(j, place.segment);
	if (i < j->n)
		count_from(j, i);
	if (i == j->n)
		v = end_ordinal(j);
	else
		v = j->list[i].before + (j->list[i].s.number == place.segment ? place.record : 0);
	unlock(j);
	return v;
}

void journal_go_above(struct journal *j, uint64_t number)
{
	if (number > j->above)
		j->above = number;
}

void journal_delivered(struct journal *j, uint64_t number)
{
	lock(j);
	while (j->temporary && j->n > TEMPORARY_KEEP && j->list[TEMPORARY_KEEP].s.number <= number)
		drop_oldest(j);
	unlock(j);
}

/* --- opening and closing --- */

static int take_lock(struct journal *j)
{
	char path[PATH];

	snprintf(path, sizeof path, "%s.lock", j->base);
	j->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (j->lock < 0)
		return -errno;
	return flock(j->lock, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno;
}

static int load(struct journal *j)
{
	static struct segment found[SEGMENTS_MAX];
	uint64_t torn = 0;
	unsigned n;
	int rc = segment_list(j->base, found, SEGMENTS_MAX, &n);

	if (rc != 0)
		return rc;
	for (unsigned i = 0; i < n; i++) {
		j->list[i] = (struct held){.s = found[i]};
		j->view.bytes += found[i].bytes;
	}
	j->view.segments = j->n = n;
	if (n == 0)
		return 0;
	j->above = found[n - 1].number;
	j->view.bytes -= found[n - 1].bytes;
	rc = segment_mend(j->base, &j->list[n - 1].s, &torn);
	j->view.bytes += j->list[n - 1].s.bytes;
	if (rc != 0)
		log_warn("journal %s: the end of its last segment: %s", j->base, strerror(-rc));
	if (torn > 0)
		log_warn("journal %s: its last segment ended in a torn record, %" PRIu64 " bytes, which are set aside in %s.%" PRIu64 ".torn",
		    j->base, torn, j->base, j->above);
	count_from(j, n - 1);
	drop_old(j);
	return 0;
}

static bool make_temporary(struct journal *j)
{
	const char *under = getenv("TMPDIR");

	snprintf(j->folder, sizeof j->folder - 16, "%s/punchwatch-XXXXXX", under != NULL && under[0] == '/' ? under : "/tmp");
	if (mkdtemp(j->folder) == NULL) {
		log_error("journal: a folder like %s: %s", j->folder, strerror(errno));
		j->folder[0] = '\0';
		return false;
	}
	snprintf(j->base, sizeof j->base, "%.*s/eve.json", (int)sizeof j->base - 10, j->folder);
	return true;
}

static void say_not_opened(const struct journal *j, int error)
{
	const char *owner = j->set.owner[0] != '\0' ? j->set.owner : "the user that runs this";

	if (error == -EWOULDBLOCK)
		log_error("journal %s: another process writes to it", j->base);
	else if (error == -EACCES || error == -EROFS)
		log_error("journal %s: %s; its folder has to be writable for %s (chown it to %s, name another folder, or another --user)", j->base,
		    strerror(-error), owner, owner);
	else
		log_error("journal %s: %s", j->base, strerror(-error));
}

struct journal *journal_open(const char *base, const struct journal_settings *settings)
{
	struct journal *j = calloc(1, sizeof *j);
	int rc;

	if (j == NULL)
		return NULL;
	j->lock = j->fd = -1;
	j->set = *settings;
	j->temporary = base == NULL;
	pthread_mutex_init(&j->mutex, NULL);
	if (j->temporary && j->set.segment_bytes > TEMPORARY_SEGMENT)
		j->set.segment_bytes = TEMPORARY_SEGMENT;
	if (base == NULL && !make_temporary(j)) {
		journal_close(j, false);
		return NULL;
	}
	if (base != NULL)
		snprintf(j->base, sizeof j->base, "%s", base);
	rc = take_lock(j);
	if (rc == 0)
		rc = load(j);
	if (rc != 0) {
		say_not_opened(j, rc);
		journal_close(j, false);
		return NULL;
	}
	return j;
}

void journal_close(struct journal *j, bool keep)
{
	char path[PATH];

	if (j == NULL)
		return;
	journal_rotate(j);
	if (j->folder[0] != '\0') {
		while (!keep && j->n > 0)
			drop_oldest(j);
		snprintf(path, sizeof path, "%s.lock", j->base);
		unlink(path);
		if (!keep)
			rmdir(j->folder);
	}
	if (j->lock >= 0)
		close(j->lock);
	pthread_mutex_destroy(&j->mutex);
	free(j);
}

const char *journal_name(const struct journal *j)
{
	return j->base;
}

bool journal_is_temporary(const struct journal *j)
{
	return j->temporary;
}
