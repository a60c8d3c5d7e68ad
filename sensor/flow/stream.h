/* stream.h -- TCP put in order, once, below all dissectors.
 *
 * One struct stream a flow, only while somebody wants it. Segments that come in order, with nothing held back, are
 * handed on where they lie. What comes early, and what nobody has consumed yet, is kept in a window lent from a bounded
 * pool. Of bytes that come twice the first copy counts. A hole is skipped once the other end has acknowledged bytes
 * beyond it (so it is our loss, not theirs) or the window has no more room; the next stretch then says `gap`.
 *
 *	stream_segment(ss, s, way, packet, &seg);
 *	while (stream_next(ss, s, way, &seg, &st))
 *		stream_consumed(ss, s, way, &st, n);	each stretch, before the next
 *
 * and once more with an empty segment for the other way, whose holes the acknowledgement may have closed.
 */
#ifndef PW_STREAM_H
#define PW_STREAM_H

#include "../base/count.h"
#include "../base/packet.h"
#include "../config/settings.h"

struct stream_way {
	uint32_t front;		/* first byte that is not consumed (all numbers: TCP sequence numbers) */
	uint32_t next;		/* first byte that is not in order yet */
	uint32_t shown;		/* first byte that was never shown; front <= shown <= next */
	uint32_t acked;		/* what the other end has acknowledged */
	uint32_t fin;		/* where it ends */
	uint32_t window;	/* 0: nothing is held */
	bool synced, has_acked, has_fin, reset;
	bool gap;		/* bytes before `front` were lost and nobody was told yet */
	bool ended;		/* somebody was told that it is over */
};

struct stream {
	struct stream_way way[2];
	uint32_t waiting_packets[2];	/* segments that are data unless a dissector claims the stream */
	uint32_t waiting_bytes[2];
};

/* What is left of the segment in hand. */
struct segment {
	uint32_t seq, len;	/* on the wire */
	struct cursor bytes;	/* what was captured of it: a prefix */
};

struct stretch {
	struct cursor bytes;	/* in order: from `front` on */
	bool gap, ended;	/* as in struct input */
	bool direct;		/* they lie in the packet */
};

struct streams;

struct streams *streams_new(const struct flow_settings *, struct counts *);
void streams_free(struct streams *);

uint32_t stream_open(struct streams *);		/* a number, zeroed; there is room for one a flow */
/* Way's first byte will be `seq`: its SYN was seen. Otherwise it is picked up in the middle, which counts as a gap. */
void stream_start(struct streams *, uint32_t number, unsigned way, uint32_t seq);
void stream_close(struct streams *, uint32_t number);
struct stream *stream_at(const struct streams *, uint32_t number);

/* Take note of a packet that end `way` sent; *seg is what is new for stream_next(). */
void stream_segment(struct streams *, uint32_t number, unsigned way, const struct packet *, struct segment *seg);
/* The next stretch that holds something new: bytes, the end. False: nothing (more), the segment is used up. */
bool stream_next(struct streams *, uint32_t number, unsigned way, struct segment *seg, struct stretch *);
/* n bytes that were shown will not be wanted; what is behind them is shown once more. */
void stream_skip(struct streams *, uint32_t number, unsigned way, size_t n);
/* Of the stretch, n bytes will not be wanted again; the rest is kept. */
void stream_consumed(struct streams *, uint32_t number, unsigned way, const struct stretch *, size_t n);

#endif
