/* stun_bulk.c -- see stun_bulk.h. */
#include "stun_bulk.h"

enum {
	FULL_WITHIN = 16,		/* bytes: padding, and numbers that grow */
	FULL_LEAST = 900,
	FIRST_STEP = 4 << 20,		/* bytes; then sixteen times as many, and again */
	STEP_SHIFT = 4, STEPS = 4,
	PACKETS_LEAST = 512,
	FRAME_LEAST = 12, FRAME_MOST = 1500,
	DTLS_FIRST = 20, DTLS_LAST = 25, UNIFIED = 0x20, UNIFIED_MASK = 0xe0,	/* RFC 9147, 4 */
};

static bool is_rtp(uint8_t first)
{
	return (first & 0xc0) == 0x80;
}

/* Where RTP has its source, and where RTCP has its sender's. */
static uint32_t source_of(const struct cursor *c)
{
	uint8_t type = cur_peek_u8(c, 1);

	return cur_peek_u32(c, type >= 192 && type <= 223 ? 4 : 8);
}

static bool is_known_source(struct stun_shape *s, uint32_t source)
{
	for (unsigned i = 0; i < STUN_BULK_SOURCES; i++)
		if (s->source[i] == source)
			return true;
	s->source[s->next_source] = source;
	s->next_source = (uint8_t)((s->next_source + 1) % STUN_BULK_SOURCES);
	return false;
}

static bool is_dtls(const struct cursor *c)
{
	uint8_t first = cur_peek_u8(c, 0);

	return (first >= DTLS_FIRST && first <= DTLS_LAST && cur_peek_u8(c, 1) == 0xfe) || (first & UNIFIED_MASK) == UNIFIED;
}

void stun_shape_add(struct stun_shape *s, const struct cursor *c, size_t len)
{
	if (len > s->most + (size_t)FULL_WITHIN) {
		s->packets = s->full = s->media = s->dtls = 0;
		s->most = (uint16_t)(len < UINT16_MAX ? len : UINT16_MAX);
	}
	s->bytes += len;
	s->packets++;
	s->full += len + FULL_WITHIN >= s->most;
	if (is_rtp(cur_peek_u8(c, 0)))
		s->media += is_known_source(s, source_of(c));
	else
		s->dtls += is_dtls(c);
}

/* Seven of ten packets are full. */
static bool is_full(const struct stun_shape *s)
{
	return s->most >= FULL_LEAST && (uint64_t)s->full * 10 >= (uint64_t)s->packets * 7;
}

bool stun_shape_is_bulk(struct stun_shape *s, const struct stun_shape *back)
{
	if (s->step >= STEPS || s->bytes < (uint64_t)FIRST_STEP << STEP_SHIFT * s->step || s->packets < PACKETS_LEAST)
		return false;
	if ((uint64_t)s->media * 10 >= s->packets || (uint64_t)s->dtls * 2 >= s->packets || !is_full(s))
		return false;
	if (back->bytes * 4 > s->bytes && !is_full(back))
		return false;
	s->step++;
	return true;
}

/* Two bytes of length, then STUN, DTLS or RTP: RFC 4571 on RFC 6062. */
static bool is_framed(const struct cursor *c)
{
	uint16_t len = cur_peek_u16(c, 0);
	struct cursor inner = *c;

	cur_skip(&inner, 2);
	return len >= FRAME_LEAST && len <= FRAME_MOST && (cur_peek_u32(&inner, 4) == 0x2112a442 || is_rtp(cur_peek_u8(&inner, 0)) || is_dtls(&inner));
}

/* A handshake record, of a version that there is, with a ClientHello or ServerHello in it. */
static bool is_tls(const struct cursor *c)
{
	uint8_t what = cur_peek_u8(c, 5);

	return cur_peek_u16(c, 0) == 0x1603 && cur_peek_u8(c, 2) <= 4 && (what == 1 || what == 2);
}

static const char *begins(const struct cursor *c)
{
	if (is_tls(c))
		return "tls";
	if (cur_starts(c, "SSH-2.0-", 8) || cur_starts(c, "SSH-1.", 6))
		return "ssh";
	if (cur_starts(c, "GET /", 5) || cur_starts(c, "POST /", 6) || cur_starts(c, "CONNECT ", 8) || cur_starts(c, "HTTP/1.", 7))
		return "http";
	return is_framed(c) ? "rfc4571" : NULL;
}

const char *stun_peer_stream_add(struct stun_peer_stream *p, const struct cursor *bytes)
{
	struct cursor c = *bytes;
	const char *what;

	p->bytes += c.left;
	if (p->n == STUN_PEER_HEAD)
		return NULL;
	while (c.left > 0 && p->n < STUN_PEER_HEAD)
		p->head[p->n++] = cur_u8(&c);
	if (p->n < STUN_PEER_HEAD)
		return NULL;
	c = cur_of(p->head, p->n);
	what = begins(&c);
	p->framed = what != NULL && strcmp(what, "rfc4571") == 0;
	return what;
}

bool stun_peer_stream_is_bulk(struct stun_peer_stream *p)
{
	if (p->step >= STEPS || p->bytes < (uint64_t)FIRST_STEP << STEP_SHIFT * p->step)
		return false;
	p->step++;
	return true;
}
