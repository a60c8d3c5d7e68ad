/* media.c -- see media.h.
 *
 * Headers (RTP, UDPTL) say what a stream is. Where there are none that can be read (Telegram, Zoom and others have their own)
 * sizes and rates hint at it: voice is small packets at a steady rate both ways; pictures are large ones both ways; a file goes one way
 * in packets as large as they may be, and comes back as little more than acknowledgements.
 */
#include "media.h"

static const uint64_t MS = 1000000;

enum {
	ENOUGH = 20,			/* packets in all, before anything is told from their shape */
	LEAST_MS = 500,
	VOICE_LEAST = 15, VOICE_MOST = 400, VOICE_RATE = 8, VOICE_RATE_MOST = 120,	/* bytes; packets a second */
	VIDEO_LEAST = 400, VIDEO_RATE = 15,
	FILE_LEAST = 900, FILE_BACK = 150, FILE_BYTES = 100000,
};

static uint64_t data_of(const struct leg *l, enum way way)
{
	return l->talk[way].data_packets + l->talk[way].wrapped_packets;
}

static bool is_text(struct cursor c, const char *want)
{
	return c.left == strlen(want) && cur_starts(&c, want, c.left);
}

static void note_class(struct leg *l, const struct message *m)
{
	struct fact f;

	if (message_find(m, FACT_MEDIA_CLASS, &f))
		l->media.classes |= is_text(f.bytes, "voice") ? MEDIA_VOICE : is_text(f.bytes, "video") ? MEDIA_VIDEO :
		    is_text(f.bytes, "fax") ? MEDIA_FAX : 0;
	if (message_find(m, FACT_MEDIA_PROTECTION, &f)) {
		l->media.encrypted |= is_text(f.bytes, "srtp");
		l->media.in_clear |= is_text(f.bytes, "none");
	}
}

/* When the data began. Where there is no signalling on the flow they are all there is, perhaps for long before it was spoken of. */
static uint64_t started(const struct leg *l, const struct reading *r, uint64_t ts_ns)
{
	return l->talk[IN].messages + l->talk[OUT].messages == 0 && r->m->flow_start_ns != 0 ? r->m->flow_start_ns : ts_ns;
}

void media_note(struct leg *l, const struct reading *r, uint64_t before)
{
	uint64_t ts_ns = r->flow_last_ns != 0 ? r->flow_last_ns : r->m->ts_ns;

	if (data_of(l, IN) + data_of(l, OUT) > before) {
		if (l->media.first_ts_ns == 0)
			l->media.first_ts_ns = started(l, r, ts_ns);
		l->media.last_ts_ns = ts_ns;
	}
	if (says(r, FACT_MEDIA))
		note_class(l, r->m);
}

uint64_t media_packets(const struct leg *l)
{
	return data_of(l, IN) + data_of(l, OUT);
}

static uint64_t mean(uint64_t bytes, uint64_t packets)
{
	return packets > 0 ? bytes / packets : 0;
}

static bool is_steady(uint64_t packets, uint64_t ms, unsigned least, unsigned most)
{
	return packets * 1000 >= least * ms && packets * 1000 <= most * ms;
}

static bool is_small(uint64_t size)
{
	return size >= VOICE_LEAST && size <= VOICE_MOST;
}

uint8_t media_shape(const struct event_media *m)
{
	uint64_t ms = m->duration_ns / MS;
	uint64_t size_out = mean(m->bytes_out, m->packets_out), size_in = mean(m->bytes_in, m->packets_in);
	bool out = m->bytes_out >= m->bytes_in;
	uint64_t large = out ? size_out : size_in, back = out ? size_in : size_out;
	uint64_t bytes = out ? m->bytes_out : m->bytes_in, packets = out ? m->packets_out : m->packets_in;

	if (m->packets_out + m->packets_in < ENOUGH || ms < LEAST_MS)
		return 0;
	if (large >= FILE_LEAST && bytes >= FILE_BYTES && back <= FILE_BACK)
		return MEDIA_FILE;
	if (large >= VIDEO_LEAST && back >= VIDEO_LEAST && is_steady(packets, ms, VIDEO_RATE, UINT16_MAX))
		return MEDIA_VIDEO;
	if (is_small(size_out) && is_small(size_in) && is_steady(m->packets_out, ms, VOICE_RATE, VOICE_RATE_MOST) &&
	    is_steady(m->packets_in, ms, VOICE_RATE, VOICE_RATE_MOST))
		return MEDIA_VOICE;
	return MEDIA_DATA;
}

void media_fill(struct event_media *m, const struct leg *l)
{
	bool wrapped = l->talk[IN].wrapped_packets + l->talk[OUT].wrapped_packets > 0;

	*m = (struct event_media){.classes = l->media.classes, .encrypted = l->media.encrypted, .in_clear = l->media.in_clear,
	    .packets_out = wrapped ? l->talk[OUT].wrapped_packets : l->talk[OUT].data_packets,
	    .packets_in = wrapped ? l->talk[IN].wrapped_packets : l->talk[IN].data_packets,
	    .bytes_out = wrapped ? l->talk[OUT].wrapped_bytes : l->talk[OUT].data_bytes,
	    .bytes_in = wrapped ? l->talk[IN].wrapped_bytes : l->talk[IN].data_bytes,
	    .duration_ns = l->media.last_ts_ns - l->media.first_ts_ns};
	if (m->packets_out + m->packets_in == 0) {
		*m = (struct event_media){0};
	} else if (m->classes == 0) {
		m->classes = media_shape(m);
		m->by_shape = m->classes != 0;
	}
}
