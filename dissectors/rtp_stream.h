/* rtp_stream.h -- when are RTP headers a stream, and what kind of media is it?
 *
 * Proof: RTP_PROOF packets of one sender with the same SSRC and payload type, sequence numbers that go on by small
 * steps, time stamps that go on and do not jump, and not always the same time stamp. Of random bytes none do
 * (the SSRC alone is 2^-32 a packet), and of protocols with counters only those that count in the same two places.
 *
 * What is measured along the way: voice or video, by payload type, sizes and how many packets share a time stamp; and whether the
 * payload is encrypted, by what no cipher leaves as it was: the size that a codec's frames must have, and a first byte of
 * payload that is the same header again and again.
 */
#ifndef PW_RTP_STREAM_H
#define PW_RTP_STREAM_H

#include "rtp_wire.h"

enum {
	RTP_PROOF = 5,
	RTP_JUDGED = 32,		/* packets from which class and protection are judged again */
};

enum rtp_class { RTP_CLASS_UNKNOWN, RTP_VOICE, RTP_VIDEO };
enum rtp_protection { RTP_PROTECTION_UNKNOWN, RTP_PLAIN, RTP_SECURE };

struct rtp_stream {
	uint64_t last_ns;
	uint32_t ssrc;
	uint32_t timestamp;
	uint32_t packets;		/* with a step that fits; 0: the place is free */
	uint32_t bytes;			/* of their payload; what does not fit is not added */
	uint16_t sequence;
	uint16_t least, most;		/* payload bytes */
	uint16_t same_time;		/* packets with the time stamp of the one before; stops counting at its end */
	uint16_t advances;		/* with a later one */
	uint16_t extension;
	uint8_t payload_type;
	bool has_extension, proven;
	uint8_t plain_sizes, tag_sizes;	/* a known codec's frames have this size; this size and a tag's */
	uint8_t looked, distinct;	/* payloads whose first byte was noted; different ones among them */
	uint8_t said;			/* how often it was to be spoken of, */
	uint8_t said_class, said_protection;	/* and what was said */
	uint32_t seen_byte[8];		/* a bit for each first byte seen */
};

enum rtp_step {
	RTP_STEP_NONE,			/* a copy, an old one, another payload type: nothing is learnt from it */
	RTP_STEP_ON,			/* it goes on */
	RTP_STEP_NEW,			/* not a continuation: the stream begins anew with this packet */
};

/* The place in `list` for this packet's SSRC; the one that was silent longest is given up where there is none. */
struct rtp_stream *rtp_stream_for(struct rtp_stream *list, unsigned n, const struct rtp_header *);
/* The stream has this packet, too. */
enum rtp_step rtp_stream_add(struct rtp_stream *, const struct rtp_header *, uint64_t ts_ns);

enum rtp_class rtp_stream_class(const struct rtp_stream *);
enum rtp_protection rtp_stream_protection(const struct rtp_stream *);

#endif
