/* rtp_make.h -- RTP and RTCP made by hand, for tests. */
#ifndef PW_RTP_MAKE_H
#define PW_RTP_MAKE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { RTP_MADE = 1500 };

struct rtp_made {
	uint8_t b[RTP_MADE];
	size_t n;
};

static inline void rtp_put16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static inline void rtp_put32(uint8_t *at, uint32_t v)
{
	rtp_put16(at, v >> 16);
	rtp_put16(at + 2, v & 0xffff);
}

static inline struct rtp_made rtp_make(unsigned type, unsigned sequence, uint32_t timestamp, uint32_t ssrc, size_t payload)
{
	struct rtp_made m = {.n = 12 + payload};

	m.b[0] = 0x80;
	m.b[1] = (uint8_t)type;
	rtp_put16(m.b + 2, sequence);
	rtp_put32(m.b + 4, timestamp);
	rtp_put32(m.b + 8, ssrc);
	memset(m.b + 12, 0xd5, payload);
	return m;
}

/* With a header extension of one word. */
static inline struct rtp_made rtp_make_extended(unsigned type, unsigned sequence, uint32_t timestamp, uint32_t ssrc,
    unsigned profile, size_t payload)
{
	struct rtp_made m = rtp_make(type, sequence, timestamp, ssrc, payload + 8);

	m.b[0] = 0x90;
	rtp_put16(m.b + 12, profile);
	rtp_put16(m.b + 14, 1);
	memset(m.b + 16, 0, 4);
	return m;
}

/* A sender report and a description. */
static inline struct rtp_made rtcp_make(uint32_t ssrc)
{
	struct rtp_made m = {.n = 28 + 20};

	m.b[0] = 0x80;
	m.b[1] = 200;
	rtp_put16(m.b + 2, 6);
	rtp_put32(m.b + 4, ssrc);
	m.b[28] = 0x81;
	m.b[29] = 202;
	rtp_put16(m.b + 30, 4);
	rtp_put32(m.b + 32, ssrc);
	memcpy(m.b + 36, "\1\10abcdefgh", 10);
	return m;
}

#endif
