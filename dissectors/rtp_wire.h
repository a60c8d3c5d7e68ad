/* rtp_wire.h -- the headers of RTP (RFC 3550) and RTCP, as bytes. SRTP and SRTCP (RFC 3711) leave them in the clear.
 *
 * A header by itself proves nothing: two bits of a version and a payload type fit one random datagram in sixty. What makes
 * a stream is in rtp_stream.h.
 */
#ifndef PW_RTP_WIRE_H
#define PW_RTP_WIRE_H

#include "../sensor/base/cursor.h"

enum {
	RTP_HEADER = 12, RTCP_HEADER = 8,
	RTP_CSRC_MAX = 2,		/* contributing sources that we take: a mixer names who speaks */
	RTCP_SR = 200, RTCP_RR = 201, RTCP_SDES = 202, RTCP_LAST = 207,
};

struct rtp_header {
	bool marker, has_extension;
	uint8_t payload_type;
	uint16_t sequence;
	uint32_t timestamp, ssrc;
	uint16_t extension;		/* profile of the header extension: 0xBEDE (RFC 8285), 0xDEBE (WhatsApp), ... */
	struct cursor payload;
};

struct rtcp_header {
	uint8_t type;			/* of the first packet in the datagram */
	uint32_t ssrc;			/* of its sender */
	bool whole;			/* the packets fill the datagram to its end and are readable: it is not encrypted */
};

/* A test of the first bytes: may it be either? */
bool rtp_begins(const struct cursor *datagram);
bool rtcp_begins(const struct cursor *datagram);

/* False: it is none. Padded packets are left out; they only fill gaps. */
bool rtp_parse(struct rtp_header *, struct cursor datagram);
bool rtcp_parse(struct rtcp_header *, struct cursor datagram);

/* Static assignments of RFC 3551; the others are agreed upon in signalling. */
bool rtp_is_static_voice(uint8_t payload_type);
bool rtp_is_static_video(uint8_t payload_type);

#endif
