/* stream.c -- see stream.h. All arithmetic on sequence numbers is modulo 2^32 (RFC 9293, 3.4). */
#include "stream.h"

#include "../base/log.h"
#include "pool.h"

#include <stdlib.h>

enum {
	PIECES = 16,
	FAR = 1 << 20,		/* a SYN or RST further away than this belongs to another connection */
};

/* What is held for one direction: bytes[0] has sequence number `base`. In order: front to next; early: the pieces. */
struct window {
	uint32_t newer, older;		/* all windows on loan, by age */
	uint32_t stream;		/* whose it is */
	uint8_t way;
	uint8_t n;
	uint32_t base;
	struct piece {
		uint32_t from, to;	/* sorted, apart from one another, all after `next` */
	} piece[PIECES];
	uint8_t bytes[];
};

struct streams {
	struct pool streams, windows;
	uint32_t oldest, newest;
	uint32_t room;			/* bytes of a window */
	struct counts *counts;
};

static int32_t after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

struct streams *streams_new(const struct flow_settings *s, struct counts *counts)
{
	struct streams *ss = calloc(1, sizeof *ss);
	size_t item = sizeof(struct window) + s->stream_bytes;
	uint64_t n = s->stream_pool_bytes / item;

	if (ss == NULL)
		log_no_memory("TCP streams");
	ss->room = s->stream_bytes;
	ss->counts = counts;
	pool_init(&ss->streams, sizeof(struct stream), s->flows);
	pool_init(&ss->windows, item, n < UINT32_MAX ? (uint32_t)n : UINT32_MAX - 1);
	return ss;
}

void streams_free(struct streams *ss)
{
	if (ss == NULL)
		return;
	pool_clear(&ss->streams);
	pool_clear(&ss->windows);
	free(ss);
}

struct stream *stream_at(const struct streams *ss, uint32_t number)
{
	return pool_at(&ss->streams, number);
}

static struct window *window_at(const struct streams *ss, uint32_t number)
{
	return pool_at(&ss->windows, number);
}

/* --- windows --- */

static void window_return(struct streams *ss, struct stream_way *w)
{
	struct window *win = window_at(ss, w->window);

	if (win->newer != 0)
		window_at(ss, win->newer)->older = win->older;
	else
		ss->newest = win->older;
	if (win->older != 0)
		window_at(ss, win->older)->newer = win->newer;
	else
		ss->oldest = win->newer;
	pool_put(&ss->windows, w->window);
	w->window = 0;
}

/* Forget everything that is held: it goes to somebody else, or the flow is over. */
static void window_drop(struct streams *ss, struct stream_way *w)
{
	if (w->window == 0)
		return;
	if (w->front != w->next)
		w->gap = true;
	w->front = w->shown = w->next;
	window_return(ss, w);
}

/* The way's window, lent if it has none: from the one who has had his longest, if all are out. NULL: there are none. */
static struct window *window_of(struct streams *ss, uint32_t number, unsigned way)
{
	struct stream_way *w = &stream_at(ss, number)->way[way];
	struct window *win;

	if (w->window != 0)
		return window_at(ss, w->window);
	w->window = pool_get(&ss->windows);
	if (w->window == 0) {
		count(ss->counts, COUNT_STREAM_NO_ROOM);
		if (ss->oldest == 0)
			return NULL;
		win = window_at(ss, ss->oldest);
		window_drop(ss, &stream_at(ss, win->stream)->way[win->way]);
		w->window = pool_get(&ss->windows);
	}
	win = window_at(ss, w->window);
	win->newer = 0;
	win->older = ss->newest;
	win->stream = number;
	win->way = (uint8_t)way;
	win->n = 0;
	win->base = w->front;
	if (ss->newest != 0)
		window_at(ss, ss->newest)->newer = w->window;
	else
		ss->oldest = w->window;
	ss->newest = w->window;
	return win;
}

/* Can the window hold bytes up to `to`? Consumed ones make way if they must. */
static bool window_reaches(const struct streams *ss, const struct stream_way *w, struct window *win, uint32_t to)
{
	uint32_t end, consumed = w->front - win->base;

	if (to - win->base <= ss->room)
		return true;
	if (to - w->front > ss->room)
		return false;
	end = win->n > 0 ? win->piece[win->n - 1].to : w->next;
	if (end - win->base > consumed && end - win->base <= ss->room)
		memmove(win->bytes, win->bytes + consumed, end - win->base - consumed);
	win->base = w->front;
	return true;
}

static void window_put(struct window *win, uint32_t seq, struct cursor *c, uint32_t n)
{
	cur_copy(c, win->bytes + (seq - win->base), n);
}

static void piece_remove(struct window *win, unsigned i, unsigned n)
{
	memmove(&win->piece[i], &win->piece[i + n], (win->n - i - n) * sizeof win->piece[0]);
	win->n = (uint8_t)(win->n - n);
}

/* Keep bytes that came early, as far as they are not there yet. False: no room. */
static bool window_keep(const struct streams *ss, const struct stream_way *w, struct window *win, uint32_t seq,
    struct cursor c)
{
	uint32_t to = seq + (uint32_t)c.left, at = seq;
	unsigned first, i;

	if (!window_reaches(ss, w, win, to))
		return false;
	for (first = 0; first < win->n && after(win->piece[first].to, seq) < 0; first++)
		;
	if (win->n == PIECES && (first == win->n || after(win->piece[first].from, to) > 0))
		return false;
	for (i = first; i < win->n && after(win->piece[i].from, to) <= 0; i++) {
		struct piece *p = &win->piece[i];

		if (after(p->from, at) > 0)
			window_put(win, at, &c, p->from - at);
		if (after(p->to, at) > 0) {
			uint32_t known = after(p->from, at) > 0 ? p->to - p->from : p->to - at;

			cur_skip(&c, known < c.left ? known : c.left);
			at = p->to;
		}
	}
	if (after(to, at) > 0)
		window_put(win, at, &c, to - at);
	/* Pieces first to i touch the new one: they become one. */
	if (i > first) {
		if (after(win->piece[first].from, seq) < 0)
			seq = win->piece[first].from;
		if (after(win->piece[i - 1].to, to) > 0)
			to = win->piece[i - 1].to;
		piece_remove(win, first + 1, i - first - 1);
	} else {
		memmove(&win->piece[first + 1], &win->piece[first], (win->n - first) * sizeof win->piece[0]);
		win->n++;
	}
	win->piece[first] = (struct piece){seq, to};
	return true;
}

/* --- order --- */

static const struct piece *early(const struct streams *ss, const struct stream_way *w)
{
	const struct window *win = w->window != 0 ? window_at(ss, w->window) : NULL;

	return win != NULL && win->n > 0 ? &win->piece[0] : NULL;
}

/* What was early is in order now, if the hole before it is closed. */
static void join(struct streams *ss, struct stream_way *w)
{
	const struct piece *p = early(ss, w);

	if (p != NULL && p->from == w->next) {
		w->next = p->to;
		piece_remove(window_at(ss, w->window), 0, 1);
	}
}

static void skip_to(struct streams *ss, struct stream_way *w, uint32_t seq)
{
	count(ss->counts, COUNT_STREAM_GAP);
	w->gap = true;
	w->front = w->next = w->shown = seq;
	join(ss, w);
	if (w->window != 0 && w->front == w->next && early(ss, w) == NULL)
		window_return(ss, w);
}

static void sync_at(struct stream_way *w, uint32_t seq)
{
	w->front = w->next = w->shown = seq;
	w->synced = true;
}

static void note_flags(struct streams *ss, struct stream *s, unsigned way, const struct packet *p, struct segment *seg)
{
	struct stream_way *w = &s->way[way], *other = &s->way[!way];

	if ((p->tcp_flags & TCP_SYN) != 0) {
		seg->seq++;
		if (w->synced && labs((long)after(seg->seq, w->next)) > FAR) {
			window_drop(ss, w);	/* the port is used again, and we missed the end */
			w->gap = true;
			w->has_fin = w->has_acked = false;
			sync_at(w, seg->seq);
		}
		if (!w->synced)
			sync_at(w, seg->seq);
		if ((p->tcp_flags & TCP_ACK) != 0 && !other->synced)
			sync_at(other, p->tcp_ack);
	}
	if (!w->synced && (seg->len > 0 || (p->tcp_flags & (TCP_FIN | TCP_RST)) != 0)) {
		sync_at(w, seg->seq);
		w->gap = true;		/* picked up in the middle */
	}
	if ((p->tcp_flags & TCP_ACK) != 0 && (!other->has_acked || after(p->tcp_ack, other->acked) > 0)) {
		other->acked = p->tcp_ack;
		other->has_acked = true;
	}
	if ((p->tcp_flags & TCP_FIN) != 0 && !w->has_fin) {
		w->fin = seg->seq + seg->len;
		w->has_fin = true;
	}
	if ((p->tcp_flags & TCP_RST) != 0 && labs((long)after(seg->seq, w->next)) <= FAR)
		w->reset = other->reset = true;
}

void stream_segment(struct streams *ss, uint32_t number, unsigned way, const struct packet *p, struct segment *seg)
{
	*seg = (struct segment){.seq = p->tcp_seq, .len = p->payload_len, .bytes = p->payload};
	note_flags(ss, stream_at(ss, number), way, p, seg);
}

static void seg_skip(struct segment *seg, uint32_t n)
{
	seg->seq += n;
	seg->len -= n;
	cur_skip(&seg->bytes, n < seg->bytes.left ? n : seg->bytes.left);
}

/* The segment begins where the order ends. True: *st is its next part, where it lies. */
static bool in_order(struct streams *ss, struct stream_way *w, struct segment *seg, struct stretch *st)
{
	const struct piece *p = early(ss, w);
	uint32_t n = seg->len;

	if (p != NULL && p->from - w->next < n)
		n = p->from - w->next;
	if (seg->bytes.left == 0) {		/* the capture has no more of it */
		seg_skip(seg, n);
		skip_to(ss, w, seg->seq);
		return false;
	}
	if (n > seg->bytes.left)
		n = (uint32_t)seg->bytes.left;
	if (w->front != w->next) {
		struct window *win = window_at(ss, w->window);

		if (!window_reaches(ss, w, win, w->next + n)) {
			/* It is full and its readers wait for more than it holds: what they have is lost to them. */
			skip_to(ss, w, w->next);
			return false;
		}
		window_put(win, w->next, &seg->bytes, n);
		seg->seq += n;
		seg->len -= n;
		w->next += n;
		join(ss, w);
		return false;
	}
	st->direct = true;
	st->bytes = cur_take(&seg->bytes, n);
	seg->seq += n;
	seg->len -= n;
	w->next += n;
	w->shown = w->next;
	return true;
}

/* One step towards order. True: *st has bytes. */
static bool step(struct streams *ss, uint32_t number, unsigned way, struct segment *seg, struct stretch *st)
{
	struct stream_way *w = &stream_at(ss, number)->way[way];
	const struct piece *p = early(ss, w);
	struct window *win;
	uint32_t hole_end;
	int32_t ahead = after(seg->seq, w->next);

	if (seg->len > 0 && ahead < 0) {	/* (partly) seen before */
		uint32_t behind = w->next - seg->seq;

		seg_skip(seg, behind < seg->len ? behind : seg->len);
		return false;
	}
	if (seg->len > 0 && ahead == 0)
		return in_order(ss, w, seg, st);
	hole_end = p != NULL && (seg->len == 0 || after(seg->seq, p->from) > 0) ? p->from : seg->seq;
	if (w->has_acked && after(w->acked, hole_end) >= 0) {
		skip_to(ss, w, hole_end);
		return false;
	}
	win = seg->bytes.left > 0 ? window_of(ss, number, way) : NULL;
	if (win != NULL && !window_keep(ss, w, win, seg->seq, seg->bytes))
		skip_to(ss, w, hole_end);
	else
		seg->len = 0;		/* kept, or there is nothing to keep or nowhere */
	return false;
}

bool stream_next(struct streams *ss, uint32_t number, unsigned way, struct segment *seg, struct stretch *st)
{
	struct stream_way *w = &stream_at(ss, number)->way[way];
	const struct piece *p;
	bool over;

	*st = (struct stretch){.bytes = cur_of("", 0)};
	if (!w->synced || w->ended)
		return false;
	while (w->shown == w->next) {
		p = early(ss, w);
		if (seg->len == 0 && (p == NULL || !w->has_acked || after(w->acked, p->from) < 0))
			break;
		if (step(ss, number, way, seg, st))
			break;
	}
	over = (w->has_fin && after(w->next, w->fin) >= 0) || (w->reset && seg->len == 0 && st->bytes.left == 0);
	if (!st->direct) {
		if (w->shown == w->next && !over)
			return false;
		if (w->window != 0)
			st->bytes = cur_of(window_at(ss, w->window)->bytes +
			    (w->front - window_at(ss, w->window)->base), w->next - w->front);
		w->shown = w->next;
	}
	st->gap = w->gap;
	st->ended = over;
	w->gap = false;
	w->ended = over;
	return true;
}

void stream_consumed(struct streams *ss, uint32_t number, unsigned way, const struct stretch *st, size_t n)
{
	struct stream_way *w = &stream_at(ss, number)->way[way];
	struct cursor rest = st->bytes;
	struct window *win;

	cur_skip(&rest, n);
	w->front += (uint32_t)n;
	if (st->direct && rest.left > 0 && !w->ended) {
		win = window_of(ss, number, way);
		if (win != NULL && window_reaches(ss, w, win, w->next)) {
			window_put(win, w->front, &rest, (uint32_t)rest.left);
		} else {
			w->front = w->next;
			w->gap = true;
		}
	}
	if (w->ended)
		w->front = w->next;
	if (st->direct)
		join(ss, w);
	if (w->window != 0 && w->front == w->next && early(ss, w) == NULL)
		window_return(ss, w);
}

void stream_skip(struct streams *ss, uint32_t number, unsigned way, size_t n)
{
	struct stream_way *w = &stream_at(ss, number)->way[way];

	w->front = n < w->next - w->front ? w->front + (uint32_t)n : w->next;
	w->shown = w->front;
	if (w->window != 0 && w->front == w->next && early(ss, w) == NULL)
		window_return(ss, w);
}

uint32_t stream_open(struct streams *ss)
{
	uint32_t number = pool_get(&ss->streams);

	*stream_at(ss, number) = (struct stream){0};
	return number;
}

void stream_start(struct streams *ss, uint32_t number, unsigned way, uint32_t seq)
{
	sync_at(&stream_at(ss, number)->way[way], seq);
}

void stream_close(struct streams *ss, uint32_t number)
{
	struct stream *s = stream_at(ss, number);

	window_drop(ss, &s->way[0]);
	window_drop(ss, &s->way[1]);
	pool_put(&ss->streams, number);
}
