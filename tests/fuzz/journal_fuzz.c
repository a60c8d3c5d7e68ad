/* journal_fuzz.c -- what a crash, or somebody else, may leave of a journal: any bytes as its last segment and as a sink's position. It
 * opens, says what is torn, and what is put afterwards arrives: once, in order, whole.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../sensor/base/log.h"
#include "../../sensor/output/feed.h"
#include "../../sensor/output/segment.h"

enum { OURS = 5 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct feed *feed;
static unsigned ours, offered;

static void *open_sink(const struct sink_env *env)
{
	feed = env->feed;
	return &ours;
}

static void nothing(void *ctx)
{
	(void)ctx;
}

static bool put(void *ctx, const struct record *r)
{
	char own[32];

	(void)ctx;
	offered++;
	if (memchr(r->json, '\0', r->len) != NULL || memchr(r->json, '\n', r->len) != NULL || r->number == 0)
		abort();
	if (r->len == (size_t)snprintf(own, sizeof own, "our line %u", ours) && memcmp(r->json, own, r->len) == 0)
		ours++;
	return true;
}

static void flush(void *ctx)
{
	(void)ctx;
	feed_done(feed, offered);
	offered = 0;
}

static const struct sink_ops ops = {.open = open_sink, .start = nothing, .put = put, .flush = flush, .close = nothing};

static void fill(const char *path, const void *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	close(fd);
}

/* In one piece or in many: the same. */
static void scan(const uint8_t *bytes, size_t n, size_t piece)
{
	struct segment_scan a = {0}, b = {0};

	segment_scan(&a, (const char *)bytes, n);
	for (size_t i = 0; i < n; i += piece)
		segment_scan(&b, (const char *)bytes + i, n - i < piece ? n - i : piece);
	if (a.whole != b.whole || a.records != b.records || a.whole > n || (a.whole > 0 && bytes[a.whole - 1] != '\n'))
		abort();
}

static void run(const char *base)
{
	const struct journal_settings limits = {.durable = true, .segment_bytes = 1 << 20, .keep_bytes = 1 << 30, .segment_s = 1000, .keep_s = 1000000000};
	const struct sink_settings wants = {.name = "test", .severity = 3};
	const struct sink_env env = {0};
	struct journal *j = journal_open(base, &limits);
	struct feed *f = feed_new("test", &wants, &ops);
	char line[32];

	if (j == NULL || f == NULL || !feed_open(f, &env))
		abort();
	ours = offered = 0;
	feed_start(f, j);
	for (unsigned i = 0; i < OURS; i++)
		journal_put(j, line, (size_t)snprintf(line, sizeof line, "our line %u\n", i));
	if (!journal_commit(j))
		abort();
	for (unsigned i = 0; i < 3; i++)
		feed_pump(f);
	if (ours != OURS || feed_waiting(f) != 0)
		abort();
	feed_free(f);
	journal_close(j, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char folder[64], base[80], path[128];
	char slot[POSITION_SLOT] = {0}, again[POSITION_SLOT];
	size_t split = n > 1 ? bytes[0] : 0;
	struct position p = {0};
	uint64_t number;
	char command[160];

	log_level_set(LOG_ERROR);
	if (n < 2)
		return 0;
	scan(bytes, n, 1 + split % 7);
	if (folder[0] == '\0')
		snprintf(folder, sizeof folder, "%s/punchwatch-fuzz-%d", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
	mkdir(folder, 0700);
	snprintf(base, sizeof base, "%s/eve.json", folder);
	/* The first `split` bytes over a right position, the rest as the segment. */
	split = split * 4 < n - 1 ? split * 4 : n - 1;
	position_print(&(struct position){.at = {1764102791123, bytes[0] % 4, bytes[1] % 64}, .waiting = 3}, 7, slot);
	if (bytes[0] % 2 == 0)
		memcpy(slot, bytes + 1, split < sizeof slot ? split : sizeof slot);
	if (position_parse(slot, &p, &number)) {
		position_print(&p, number, again);
		if (memcmp(slot, again, sizeof slot) != 0)
			abort();
	}
	if (p.at.segment < UINT64_MAX / 2) {
		snprintf(path, sizeof path, "%s.test.position", base);
		fill(path, slot, sizeof slot);
	}
	fill(segment_path(base, 1764102791123, path, sizeof path), bytes + 1 + split, n - 1 - split);
	run(base);
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}
