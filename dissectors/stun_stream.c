/* stun_stream.c -- see stun_stream.h. */
#include "stun_stream.h"

enum {
	RAW_COOKIE_AT = 4, RFC4571_COOKIE_AT = 6, MS_COOKIE_AT = 8,
	DETECT_BYTES = 32,		/* enough to know a framing by */
	JUDGE_BYTES = 28,		/* enough of a unit to know that it is no message */
	PSEUDO_TLS_MAX = 96,		/* Microsoft's hellos have 45 and 78 bytes; real ones of today are longer */
	SSLTCP_BYTES = 72,
	WHOLE_PIECES = 64, WHOLE_MOST = 2048,
};

/* libwebrtc's "ssltcp" begins like this (an SSL 2 hello of 72 bytes), and so did Skype's: what follows decides. */
static const uint8_t ssltcp[] = {0x80, 0x46, 0x01, 0x03, 0x01, 0x00, 0x2d, 0x00, 0x00, 0x00, 0x10};

static bool message_byte(uint8_t b)
{
	return b <= 3 || b == 8;
}

static bool cookie_at(const struct cursor *c, size_t at)
{
	return message_byte(cur_peek_u8(c, at)) && cur_peek_u32(c, at + 4) == STUN_COOKIE;
}

static bool ms_header(const struct cursor *c)
{
	uint16_t kind = cur_peek_u16(c, 0);

	return kind == 0x0200 || kind == 0x0300;
}

/* --- how a direction begins --- */

/* The length of the hello that comes first, 0 if there is none; *more: it may be one, but is not all here. */
static size_t prelude(const struct cursor *c, enum stun_prelude *what, bool *more)
{
	size_t n;

	*what = STUN_NO_PRELUDE;
	*more = false;
	if (cur_peek_u8(c, 0) == ssltcp[0]) {
		if (!cur_starts(c, ssltcp, c->left < sizeof ssltcp ? c->left : sizeof ssltcp))
			return 0;
		*more = c->left < SSLTCP_BYTES;
		*what = STUN_SSLTCP;
		return SSLTCP_BYTES;
	}
	/* One record with a short ClientHello, or ServerHello and ServerHelloDone ([MS-TURN] 2.1.4). */
	if (cur_peek_u8(c, 0) != 0x16 || (c->left > 1 && cur_peek_u8(c, 1) != 3))
		return 0;
	n = cur_peek_u16(c, 3);
	if (c->left < 6) {
		*more = true;
		return 0;
	}
	if (n > PSEUDO_TLS_MAX || cur_peek_u8(c, 5) < 1 || cur_peek_u8(c, 5) > 2)
		return 0;
	*more = c->left < 5 + n;
	*what = STUN_PSEUDO_TLS;
	return 5 + n;
}

/* Which framing do these first bytes show? STUN_UNFRAMED_YET: none, or (*more) not yet. */
static enum stun_framing detect(const struct cursor *c, bool *more)
{
	*more = false;
	if (cookie_at(c, 0))
		return STUN_RAW;
	if (cookie_at(c, 2))
		return STUN_RFC4571;
	if (ms_header(c) && (cookie_at(c, 4) || (cur_peek_u32(c, 24) == 0x000f0004 && cur_peek_u32(c, 28) == 0x72c64bc6)))
		return STUN_MS_FRAMED;
	if (c->left < RAW_COOKIE_AT + 4)
		*more = cur_peek_u8(c, 0) <= 8;
	else if (c->left < RFC4571_COOKIE_AT + 4)
		*more = cur_peek_u8(c, 0) <= 8 && message_byte(cur_peek_u8(c, 2));
	else if (c->left < DETECT_BYTES)
		*more = ms_header(c) && message_byte(cur_peek_u8(c, 4));
	return STUN_UNFRAMED_YET;
}

/* Find the framing. True if it is known now; then what came before the first message is consumed. */
static bool begin(struct stun_stream *s, struct cursor *bytes, bool *more)
{
	enum stun_prelude what;
	size_t hello = prelude(bytes, &what, more);
	struct cursor c = *bytes;

	if (*more)
		return false;
	cur_skip(&c, hello);
	s->framing = (uint8_t)detect(&c, more);
	if (s->framing == STUN_UNFRAMED_YET)
		return false;
	s->prelude = (uint8_t)what;
	*bytes = c;
	return true;
}

bool stun_stream_begins(const struct cursor *bytes)
{
	struct stun_stream s = {0};
	struct cursor c = *bytes;
	bool more;

	return begin(&s, &c, &more) || more;
}

void stun_stream_gap(struct stun_stream *s)
{
	s->skip = 0;
	s->lost = s->framing != STUN_PEER_DATA;
}

void stun_stream_lose(struct stun_stream *s, struct cursor *bytes)
{
	s->lost = true;
	cur_skip(bytes, bytes->left);
}

/* --- units --- */

/* What is known of a unit's payload: is it a message? Wait? */
static enum stun_next judge(const struct cursor *payload, size_t len)
{
	if (len >= STUN_HEADER && payload->left >= 8 && cookie_at(payload, 0))
		return payload->left >= len ? STUN_NEXT_MESSAGE : STUN_NEXT_MORE;
	if (len >= STUN_HEADER && payload->left >= JUDGE_BYTES && cur_peek_u32(payload, 20) == 0x000f0004 &&
	    cur_peek_u32(payload, 24) == 0x72c64bc6)
		return payload->left >= len ? STUN_NEXT_MESSAGE : STUN_NEXT_MORE;
	return payload->left >= len || payload->left >= JUDGE_BYTES ? STUN_NEXT_DATA : STUN_NEXT_MORE;
}

/* A unit behind `header` bytes, with `pad` bytes after it. */
static enum stun_next unit(struct stun_stream *s, struct cursor *bytes, size_t header, size_t len, size_t pad,
    struct stun_unit *u)
{
	struct cursor c = *bytes;
	enum stun_next next;

	cur_skip(&c, header);
	next = judge(&c, len);
	if (next == STUN_NEXT_MORE && len > STUN_STREAM_MESSAGE_MAX)
		next = STUN_NEXT_DATA;
	/* What is wrapped says in its first datagrams what it is; later ones are only counted. */
	if (next == STUN_NEXT_DATA && s->framing != STUN_RFC4571 && c.left < len && len <= WHOLE_MOST && s->whole < WHOLE_PIECES)
		next = STUN_NEXT_MORE;
	if (next == STUN_NEXT_MORE)
		return next;
	if (next == STUN_NEXT_DATA && s->whole < WHOLE_PIECES)
		s->whole++;
	u->len_bytes = (uint32_t)len;
	u->bytes = cur_take(&c, len < c.left ? len : c.left);
	s->skip = (uint32_t)(len - u->bytes.left + pad);
	*bytes = c;
	return next;
}

static enum stun_next next_raw(struct stun_stream *s, struct cursor *bytes, bool relay, struct stun_unit *u)
{
	size_t len;
	enum stun_next next;

	if (bytes->left < 4)
		return STUN_NEXT_MORE;
	len = cur_peek_u16(bytes, 2);
	if ((cur_peek_u8(bytes, 0) & 0xc0) == 0x40) {
		if (!relay)
			return STUN_NEXT_NO;
		u->channel = cur_peek_u16(bytes, 0);
		next = unit(s, bytes, 4, len, -len & 3, u);
		return next == STUN_NEXT_MORE ? next : STUN_NEXT_CHANNEL;
	}
	if (bytes->left < RAW_COOKIE_AT + 4)
		return message_byte(cur_peek_u8(bytes, 0)) ? STUN_NEXT_MORE : STUN_NEXT_NO;
	return cookie_at(bytes, 0) ? unit(s, bytes, 0, STUN_HEADER + len, 0, u) : STUN_NEXT_NO;
}

static enum stun_next next_framed(struct stun_stream *s, struct cursor *bytes, struct stun_unit *u)
{
	bool ms = s->framing == STUN_MS_FRAMED, data;
	size_t header = ms ? 4 : 2;
	enum stun_next next;

	if (bytes->left < header)
		return STUN_NEXT_MORE;
	if (ms && !ms_header(bytes))
		return STUN_NEXT_NO;
	data = ms && cur_peek_u8(bytes, 0) == 3;
	next = unit(s, bytes, header, cur_peek_u16(bytes, header - 2), 0, u);
	/* Microsoft says which it is: what is a message inside its data unit is the peer's. */
	return data && next == STUN_NEXT_MESSAGE ? STUN_NEXT_DATA : next;
}

static void skip_rest(struct stun_stream *s, struct cursor *bytes)
{
	size_t n = s->skip < bytes->left ? s->skip : bytes->left;

	cur_skip(bytes, n);
	s->skip -= (uint32_t)n;
}

enum stun_next stun_stream_next(struct stun_stream *s, struct cursor *bytes, bool relay, struct stun_unit *u)
{
	enum stun_next next;
	bool more;

	*u = (struct stun_unit){0};
	if (s->framing == STUN_PEER_DATA) {
		if (bytes->left == 0)
			return STUN_NEXT_MORE;
		u->len_bytes = (uint32_t)bytes->left;
		u->bytes = cur_take(bytes, bytes->left);
		return STUN_NEXT_DATA;
	}
	skip_rest(s, bytes);
	if (bytes->left == 0)
		return STUN_NEXT_MORE;
	if (s->framing == STUN_UNFRAMED_YET && !begin(s, bytes, &more)) {
		if (more)
			return STUN_NEXT_MORE;
		return STUN_NEXT_NO;
	}
	if (s->lost && s->framing != (uint8_t)detect(bytes, &more)) {
		cur_skip(bytes, bytes->left);
		return STUN_NEXT_MORE;
	}
	s->lost = false;
	next = s->framing == STUN_RAW ? next_raw(s, bytes, relay, u) : next_framed(s, bytes, u);
	if (next == STUN_NEXT_NO) {
		stun_stream_lose(s, bytes);
		return STUN_NEXT_MORE;
	}
	return next;
}

const char *stun_stream_name(const struct stun_stream *s)
{
	static const char *const names[] = {"", "raw", "rfc4571", "ms", "peer-data"};

	if (s->prelude != STUN_NO_PRELUDE)
		return s->prelude == STUN_SSLTCP ? "ssltcp" : "pseudo-tls";
	return names[s->framing];
}
