/* stun_stream.h -- STUN on TCP: where one message, or one piece of data, ends and the next begins.
 *
 * Four framings are told apart by the first message of a direction: none (RFC 8489 6.2.2; ChannelData padded to four bytes,
 * RFC 8656 12.5), two bytes of length before everything (RFC 4571: ICE-TCP), Microsoft's four bytes ([MS-TURN] 2.1.1), and raw
 * data of a peer behind a ConnectionBind (RFC 6062). A hello that only looks like TLS may come first.
 */
#ifndef PW_STUN_STREAM_H
#define PW_STUN_STREAM_H

#include "stun_wire.h"

enum stun_framing {
	STUN_UNFRAMED_YET,		/* not known yet */
	STUN_RAW,
	STUN_RFC4571,
	STUN_MS_FRAMED,
	STUN_PEER_DATA,			/* no more messages: all that follows is the peer's data */
};

/* One direction. All zero: nothing seen. */
struct stun_stream {
	uint8_t framing;		/* enum stun_framing */
	uint8_t prelude;		/* a hello came first: enum stun_prelude */
	uint8_t whole;			/* pieces of data that were waited for until they were whole */
	bool lost;			/* bytes are missing: look for a message at the start of each stretch */
	uint32_t skip;			/* rest of a unit that was already told of */
};

enum stun_prelude { STUN_NO_PRELUDE, STUN_SSLTCP, STUN_PSEUDO_TLS };

enum stun_next {
	STUN_NEXT_MORE,			/* the rest waits for more bytes */
	STUN_NEXT_NO,			/* this stream is not STUN */
	STUN_NEXT_MESSAGE,
	STUN_NEXT_CHANNEL,		/* ChannelData */
	STUN_NEXT_DATA,			/* anything else between the messages */
};

struct stun_unit {
	struct cursor bytes;		/* the message; or the data: whole in the beginning, later as far as was needed to know that it is none */
	uint32_t len_bytes;		/* of the data */
	uint16_t channel;
};

enum { STUN_STREAM_MESSAGE_MAX = 1 << 14 };	/* longer messages are passed over */

/* The next unit of a stretch; consumes it. `relay`: this five-tuple is known to speak TURN, so ChannelData may come. */
enum stun_next stun_stream_next(struct stun_stream *, struct cursor *bytes, bool relay, struct stun_unit *);

/* Could a direction begin so, or (its beginning was missed) a message in it? */
bool stun_stream_begins(const struct cursor *bytes);

/* Bytes were lost before this stretch. */
void stun_stream_gap(struct stun_stream *);

/* Give up on the rest of this stretch, and look for a message at the start of the next. */
void stun_stream_lose(struct stun_stream *, struct cursor *bytes);

const char *stun_stream_name(const struct stun_stream *);	/* "raw", "rfc4571", ... */

#endif
