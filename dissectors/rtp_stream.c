/* rtp_stream.c -- see rtp_stream.h. */
#include "rtp_stream.h"

enum {
	STEP_MOST = 64,			/* sequence numbers that one step may go on by: loss */
	OLD_MOST = 256,			/* and how far behind a late packet may be */
	JUMP = 900000,			/* time stamp: ten seconds of the fastest usual clock, whatever our own clock says */
	BACK = 180000,			/* frames that are shown earlier than they are sent */
	CLOCK = 192000,			/* ticks a second, the fastest there is */
	ADVANCES = 2, BURST = 8,	/* time stamps that must have gone on; one, where a picture took so many packets */
	DISTINCT_PLAIN = 6, DISTINCT_SECURE = 24,	/* of RTP_JUDGED first bytes; random ones are 30, rarely below 27 */
	VIDEO_BYTES = 500,
};

struct rtp_stream *rtp_stream_for(struct rtp_stream *list, unsigned n, const struct rtp_header *h)
{
	struct rtp_stream *oldest = &list[0];

	for (unsigned i = 0; i < n; i++) {
		if (list[i].packets > 0 && list[i].ssrc == h->ssrc)
			return &list[i];
		/* What is proven stays before what is not. */
		if (list[i].proven != oldest->proven ? !list[i].proven : list[i].last_ns < oldest->last_ns)
			oldest = &list[i];
	}
	memset(oldest, 0, sizeof *oldest);
	return oldest;
}

static void count_up(uint16_t *n)
{
	if (*n < UINT16_MAX)
		++*n;
}

/* Payload bytes that so many ticks of a codec with frames of fixed size take; 0: not known. RFC 3551, 4.5. */
static uint32_t codec_bytes(uint8_t payload_type, uint32_t ticks)
{
	switch (payload_type) {
	case 0: case 8: case 9:		/* G.711, and G.722 whose clock is half of what it should be */
		return ticks;
	case 3:				/* GSM: 33 bytes for 20 ms */
		return ticks % 160 == 0 ? ticks / 160 * 33 : 0;
	case 18:			/* G.729: 10 bytes for 10 ms */
		return ticks % 80 == 0 ? ticks / 80 * 10 : 0;
	default:
		return 0;
	}
}

/* Tags of RFC 3711 (10, 4 bytes) and RFC 7714 (16). */
static void compare_size(struct rtp_stream *s, uint32_t ticks, size_t payload)
{
	uint32_t n = codec_bytes(s->payload_type, ticks);

	if (n == 0 || n > 2000)
		return;
	if (payload == n && s->plain_sizes < UINT8_MAX)
		s->plain_sizes++;
	else if ((payload == n + 10 || payload == n + 4 || payload == n + 16) && s->tag_sizes < UINT8_MAX)
		s->tag_sizes++;
}

static void note_first_byte(struct rtp_stream *s, const struct cursor *payload)
{
	uint8_t b = cur_peek_u8(payload, 0);

	if (payload->left == 0 || s->looked == RTP_JUDGED)
		return;
	s->looked++;
	if ((s->seen_byte[b / 32] >> b % 32 & 1) == 0) {
		s->seen_byte[b / 32] |= 1U << b % 32;
		s->distinct++;
	}
}

static void measure(struct rtp_stream *s, const struct rtp_header *h)
{
	uint16_t n = h->payload.left < UINT16_MAX ? (uint16_t)h->payload.left : UINT16_MAX;

	if (s->packets == 0 || n < s->least)
		s->least = n;
	if (n > s->most)
		s->most = n;
	if (s->bytes <= UINT32_MAX - n)
		s->bytes += n;
	if (s->packets < UINT32_MAX)
		s->packets++;
	if (h->has_extension) {
		s->has_extension = true;
		s->extension = h->extension;
	}
	note_first_byte(s, &h->payload);
}

static void begin(struct rtp_stream *s, const struct rtp_header *h, uint64_t ts_ns)
{
	*s = (struct rtp_stream){.ssrc = h->ssrc, .payload_type = h->payload_type, .sequence = h->sequence,
	    .timestamp = h->timestamp, .last_ns = ts_ns};
	measure(s, h);
}

/* Does the time stamp go on as a clock does? Silence is left out, so what our own clock says may be added. */
static bool goes_on(const struct rtp_stream *s, int32_t ticks, uint64_t ts_ns)
{
	uint64_t elapsed_s = ts_ns > s->last_ns ? (ts_ns - s->last_ns) / 1000000000 : 0;

	if (ticks < 0)
		return -(int64_t)ticks <= BACK;
	return (uint64_t)ticks <= JUMP + (elapsed_s < 10000 ? elapsed_s : 10000) * CLOCK;
}

enum rtp_step rtp_stream_add(struct rtp_stream *s, const struct rtp_header *h, uint64_t ts_ns)
{
	uint16_t step = (uint16_t)(h->sequence - s->sequence);
	int32_t ticks = (int32_t)(h->timestamp - s->timestamp);

	if (s->packets == 0) {
		begin(s, h, ts_ns);
		return RTP_STEP_NEW;
	}
	if (step == 0 || step > UINT16_MAX - OLD_MOST)
		return RTP_STEP_NONE;
	/* Tones and comfort noise come in between (RFC 4733, 3389); a payload type may also be changed for good. */
	if (h->payload_type != s->payload_type && !s->proven)
		return RTP_STEP_NONE;
	if (step > STEP_MOST || !goes_on(s, ticks, ts_ns)) {
		if (s->proven) {	/* a pause, or a new start: it stays what it was */
			s->sequence = h->sequence;
			s->timestamp = h->timestamp;
			s->last_ns = ts_ns;
			return RTP_STEP_NONE;
		}
		begin(s, h, ts_ns);
		return RTP_STEP_NEW;
	}
	if (ticks == 0)
		count_up(&s->same_time);
	else
		count_up(&s->advances);
	if (step == 1 && ticks > 0 && h->payload_type == s->payload_type)
		compare_size(s, (uint32_t)ticks, h->payload.left);
	s->sequence = h->sequence;
	s->timestamp = h->timestamp;
	s->last_ns = ts_ns;
	if (h->payload_type == s->payload_type)
		measure(s, h);
	s->proven |= s->packets >= RTP_PROOF && (s->advances >= ADVANCES || (s->advances > 0 && s->packets >= BURST));
	return RTP_STEP_ON;
}

enum rtp_class rtp_stream_class(const struct rtp_stream *s)
{
	uint32_t mean = s->packets > 0 ? s->bytes / s->packets : 0;

	if (rtp_is_static_voice(s->payload_type))
		return RTP_VOICE;
	if (rtp_is_static_video(s->payload_type))
		return RTP_VIDEO;
	/* A picture takes many packets, and they have one time stamp; a packet of voice has its own. */
	if (mean >= VIDEO_BYTES || (s->same_time * 4U > s->packets && s->most > VIDEO_BYTES))
		return RTP_VIDEO;
	if (s->most <= VIDEO_BYTES && s->same_time * 4U <= s->packets)
		return RTP_VOICE;
	return RTP_CLASS_UNKNOWN;
}

enum rtp_protection rtp_stream_protection(const struct rtp_stream *s)
{
	if (s->plain_sizes + s->tag_sizes >= RTP_PROOF - 2)
		return s->plain_sizes > 4 * s->tag_sizes ? RTP_PLAIN :
		    s->tag_sizes > 4 * s->plain_sizes ? RTP_SECURE : RTP_PROTECTION_UNKNOWN;
	if (s->looked < RTP_JUDGED)
		return RTP_PROTECTION_UNKNOWN;
	if (s->distinct <= DISTINCT_PLAIN)
		return RTP_PLAIN;
	/* Codecs with frames of one size may have no header at all: then the first byte says nothing. */
	if (s->distinct >= DISTINCT_SECURE && s->least < s->most)
		return RTP_SECURE;
	return RTP_PROTECTION_UNKNOWN;
}
