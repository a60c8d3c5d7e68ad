/* rtp_wire.c -- see rtp_wire.h. */
#include "rtp_wire.h"

enum {
	VERSION_AND_PADDING = 0xe0, VERSION_2 = 0x80,
	EXTENSION = 0x10, CSRC_COUNT = 0x0f, MARKER = 0x80,
	CONFLICT_FIRST = 64, CONFLICT_LAST = 95,	/* with the marker these are RTCP's types (RFC 5761, 4) */
	EXTENSION_WORDS = 64,
};

/* RFC 3551, 6, and RFC 5761, 4: what has been given to somebody, or is free to be agreed upon. */
static bool plausible(uint8_t payload_type)
{
	if (payload_type == 1 || payload_type == 2 || payload_type == 19)
		return false;		/* reserved */
	return payload_type < CONFLICT_FIRST || payload_type > CONFLICT_LAST;
}

bool rtp_begins(const struct cursor *c)
{
	uint8_t b = cur_peek_u8(c, 0);

	return (b & VERSION_AND_PADDING) == VERSION_2 && (b & CSRC_COUNT) <= RTP_CSRC_MAX && c->left > RTP_HEADER &&
	    plausible(cur_peek_u8(c, 1) & 0x7f);
}

bool rtcp_begins(const struct cursor *c)
{
	uint8_t type = cur_peek_u8(c, 1);

	return (cur_peek_u8(c, 0) & VERSION_AND_PADDING) == VERSION_2 && type >= RTCP_SR && type <= RTCP_LAST &&
	    c->left >= RTCP_HEADER && 4 * ((size_t)cur_peek_u16(c, 2) + 1) <= c->left;
}

bool rtp_parse(struct rtp_header *h, struct cursor c)
{
	uint8_t flags, type;

	memset(h, 0, sizeof *h);
	if (!rtp_begins(&c))
		return false;
	flags = cur_u8(&c);
	type = cur_u8(&c);
	h->marker = (type & MARKER) != 0;
	h->payload_type = type & 0x7f;
	h->sequence = cur_u16(&c);
	h->timestamp = cur_u32(&c);
	h->ssrc = cur_u32(&c);
	cur_skip(&c, 4 * (size_t)(flags & CSRC_COUNT));
	if ((flags & EXTENSION) != 0) {
		uint16_t words;

		h->has_extension = true;
		h->extension = cur_u16(&c);
		words = cur_u16(&c);
		if (words > EXTENSION_WORDS)
			return false;
		cur_skip(&c, 4 * (size_t)words);
	}
	h->payload = c;
	return !c.bad;
}

/* Are these packets, one behind the other, to the end (RFC 3550, 6.1)? An encrypted datagram has an index and a tag behind, and
 * lengths that mean nothing. */
static bool is_compound(struct cursor c)
{
	while (c.left > 0) {
		uint8_t flags = cur_u8(&c), type = cur_u8(&c);
		uint16_t words = cur_u16(&c);

		cur_skip(&c, 4 * (size_t)words);
		if (c.bad || (flags & 0xc0) != VERSION_2 || type < RTCP_SR || type > RTCP_LAST)
			return false;
	}
	return true;
}

bool rtcp_parse(struct rtcp_header *h, struct cursor c)
{
	memset(h, 0, sizeof *h);
	if (!rtcp_begins(&c))
		return false;
	h->whole = is_compound(c);
	h->type = cur_peek_u8(&c, 1);
	h->ssrc = cur_peek_u32(&c, 4);
	return true;
}

bool rtp_is_static_voice(uint8_t t)
{
	return t == 0 || (t >= 3 && t <= 18 && t != 10 && t != 11 && t != 14);
}

bool rtp_is_static_video(uint8_t t)
{
	return t == 25 || t == 26 || t == 28 || (t >= 31 && t <= 34);
}
