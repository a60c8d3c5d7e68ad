/* writer.c -- see writer.h. */
#include "writer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "../base/meter.h"
#include "../event/eve.h"
#include "../ring.h"

enum {
	RING_BYTES = 16 << 20,
	BATCH_BYTES = 512 * 1024,	/* written as soon as so much is there */
	RETRY_MS = 500,			/* after a write that failed */
	TICK_MS = 1000,
	GATHER_MS = 5,			/* events come in crowds: not woken by each */
};

struct writer {
	struct eve *eve;
	struct journal *journal;
	struct plain *plain;
	uint32_t flush_ms;
	struct ring *ring;
	struct meter *meter;
	int fd;				/* tells the reader */
	pthread_t thread;
	bool started;
	atomic_bool stop, flush, rotate;
	uint64_t given;			/* the giving thread's */
	pthread_mutex_t mutex;		/* for `view` */
	struct writer_view view;
	/* the thread's own */
	uint64_t taken;
	bool came;			/* since it last slept */
	uint64_t since_ms, ticked_ms, failed_ms;	/* the oldest line that waits; 0: never, or none */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct writer *writer_new(struct eve *eve, struct journal *journal, struct plain *plain, uint32_t flush_ms)
{
	struct writer *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->eve = eve;
	w->journal = journal;
	w->plain = plain;
	w->flush_ms = flush_ms;
	pthread_mutex_init(&w->mutex, NULL);
	w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	w->ring = ring_new(RING_BYTES);
	w->meter = meter_new("journal");
	if (w->fd < 0 || w->ring == NULL || w->meter == NULL) {
		writer_free(w);
		return NULL;
	}
	return w;
}

static size_t waiting_bytes(const struct writer *w)
{
	return (w->journal != NULL ? journal_waiting_bytes(w->journal) : 0) + (w->plain != NULL ? plain_waiting_bytes(w->plain) : 0);
}

static bool has_room(const struct writer *w)
{
	return (w->journal == NULL || journal_has_room(w->journal)) && (w->plain == NULL || plain_has_room(w->plain));
}

/* How far we are, for the others to see. */
static void look_around(struct writer *w)
{
	struct journal_view journal = {0};
	struct plain_view plain = {0};
	uint64_t waiting, more;

	if (w->journal != NULL)
		journal_look(w->journal, &journal);
	if (w->plain != NULL)
		plain = plain_look(w->plain);
	waiting = journal.put - journal.journaled;
	more = plain.put - plain.written - plain.lost;
	pthread_mutex_lock(&w->mutex);
	w->view.made = w->taken - (more > waiting ? more : waiting);
	w->view.plain = plain;
	pthread_mutex_unlock(&w->mutex);
}

static void commit(struct writer *w)
{
	bool journal = w->journal == NULL || journal_commit(w->journal), plain = w->plain == NULL || plain_commit(w->plain);
	uint64_t one = 1;

	w->failed_ms = journal && plain ? 0 : now_ms();
	if (w->failed_ms == 0)
		w->since_ms = 0;
	look_around(w);
	if (write(w->fd, &one, sizeof one) < 0)
		return;		/* told already */
}

/* false: nothing more is there, or there is no room for it. */
static bool take_one(struct writer *w)
{
	const struct event *event;
	const char *line;
	size_t n, len;

	if (!has_room(w) || (event = ring_front(w->ring, &n)) == NULL)
		return false;
	line = eve_line(w->eve, event, &len);
	ring_pop(w->ring);
	w->taken++;
	w->came = true;
	if (line == NULL)
		return true;
	if (w->since_ms == 0)
		w->since_ms = now_ms();
	if (w->journal != NULL)
		journal_put(w->journal, line, len);
	if (w->plain != NULL)
		plain_put(w->plain, line, len);
	return true;
}

static bool due(struct writer *w, uint64_t now)
{
	if (w->failed_ms != 0 && now - w->failed_ms < RETRY_MS)
		return false;
	return waiting_bytes(w) >= BATCH_BYTES || (w->since_ms != 0 && now - w->since_ms >= w->flush_ms);
}

static void tick(struct writer *w, uint64_t now)
{
	if (w->journal == NULL)
		return;
	if (atomic_exchange(&w->rotate, false)) {
		journal_commit(w->journal);
		journal_rotate(w->journal);
	}
	if (now - w->ticked_ms >= TICK_MS) {
		journal_tick(w->journal);
		w->ticked_ms = now;
	}
}

static void wait_for_more(struct writer *w, uint64_t now)
{
	uint64_t ms = TICK_MS;

	if (w->came) {
		w->came = false;
		poll(NULL, 0, GATHER_MS);
		return;
	}
	if (w->failed_ms != 0)
		ms = RETRY_MS;
	else if (w->since_ms != 0)
		ms = now - w->since_ms < w->flush_ms ? w->flush_ms - (now - w->since_ms) : 0;
	poll(&(struct pollfd){.fd = ring_fd(w->ring), .events = POLLIN}, 1, (int)ms);
	ring_awake(w->ring);
}

static void *run(void *ctx)
{
	struct writer *w = ctx;

	while (!atomic_load(&w->stop)) {
		bool flush = atomic_exchange(&w->flush, false);
		uint64_t now;

		meter_beat(w->meter);
		while (waiting_bytes(w) < BATCH_BYTES && take_one(w))
			;
		now = now_ms();
		tick(w, now);
		if (due(w, now) || flush)
			commit(w);
		else
			wait_for_more(w, now);
	}
	return NULL;
}

int writer_start(struct writer *w)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all);	/* signals are the main thread's */
	pthread_sigmask(SIG_BLOCK, &all, &old);
	rc = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	w->started = rc == 0;
	return -rc;
}

void writer_free(struct writer *w)
{
	if (w == NULL)
		return;
	if (w->started) {
		atomic_store(&w->stop, true);
		ring_wake(w->ring);
		pthread_join(w->thread, NULL);
	}
	if (w->fd >= 0)
		close(w->fd);
	ring_free(w->ring);
	meter_free(w->meter);
	pthread_mutex_destroy(&w->mutex);
	free(w);
}

bool writer_event(struct writer *w, const struct event *event)
{
	if (!ring_push(w->ring, event, event_size(event)))
		return false;
	w->given++;
	return true;
}

void writer_flush(struct writer *w)
{
	atomic_store(&w->flush, true);
	ring_wake(w->ring);
}

void writer_rotate(struct writer *w)
{
	atomic_store(&w->rotate, true);
	ring_wake(w->ring);
}

int writer_fd(const struct writer *w)
{
	return w->fd;
}

const struct meter *writer_meter(const struct writer *w)
{
	return w->meter;
}

void writer_heard(struct writer *w)
{
	uint64_t n;

	if (read(w->fd, &n, sizeof n) < 0)
		return;		/* a false alarm */
}

void writer_look(struct writer *w, struct writer_view *view)
{
	pthread_mutex_lock(&w->mutex);
	*view = w->view;
	pthread_mutex_unlock(&w->mutex);
	view->given = w->given;
}
