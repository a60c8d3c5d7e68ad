/* quic_wire.c -- see quic_wire.h. */
#include "quic_wire.h"

enum {
	LONG_HEADER = 0xc0,		/* with the fixed bit, which a client sets in its first packets (RFC 9287, 3) */
	TYPE_SHIFT = 4, TYPE_BITS = 3,
	VERSION_NEGOTIATION = 0,
	ACK_RANGES_MAX = 256,
	SAMPLE_END = 20,		/* header protection samples 16 bytes, 4 behind where the number starts */
};

enum frame {
	FRAME_PADDING, FRAME_PING, FRAME_ACK, FRAME_ACK_ECN, FRAME_CRYPTO = 6,
};

#define SALT_23 {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02}
#define SALT_29 {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99}
#define SALT_1 {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a}
#define SALT_2 {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9}

/* Drafts that are still met, and Meta's mvfst, which follows draft 27 under numbers of its own. */
static const struct quic_version versions[] = {
	{0x00000001, 0, QUIC_LABELS_1, SALT_1},
	{0x6b3343cf, 1, QUIC_LABELS_2, SALT_2},
	{0xff00001d, 0, QUIC_LABELS_1, SALT_29},
	{0xff00001e, 0, QUIC_LABELS_1, SALT_29},
	{0xff00001f, 0, QUIC_LABELS_1, SALT_29},
	{0xff000020, 0, QUIC_LABELS_1, SALT_29},
	{0xff000021, 0, QUIC_LABELS_1, SALT_1},
	{0xff000022, 0, QUIC_LABELS_1, SALT_1},
	{0xff000017, 0, QUIC_LABELS_1, SALT_23},
	{0xff000018, 0, QUIC_LABELS_1, SALT_23},
	{0xff000019, 0, QUIC_LABELS_1, SALT_23},
	{0xff00001a, 0, QUIC_LABELS_1, SALT_23},
	{0xff00001b, 0, QUIC_LABELS_1, SALT_23},
	{0xff00001c, 0, QUIC_LABELS_1, SALT_23},
	{0xfaceb002, 0, QUIC_LABELS_1, SALT_23},
	{0xfaceb00e, 0, QUIC_LABELS_1, SALT_23},
};

const struct quic_version *quic_version(uint32_t number)
{
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
		if (versions[i].number == number)
			return &versions[i];
	return NULL;
}

static bool is_initial(const struct quic_version *v, uint8_t first)
{
	return v->initial == (first >> TYPE_SHIFT & TYPE_BITS);
}

bool quic_begins(const struct cursor *c)
{
	uint8_t b = cur_peek_u8(c, 0);
	const struct quic_version *v;

	if ((b & LONG_HEADER) != LONG_HEADER || c->left < 7 || cur_peek_u8(c, 5) > QUIC_ID)
		return false;
	v = quic_version(cur_peek_u32(c, 1));
	return v != NULL && is_initial(v, b);
}

uint64_t quic_varint(struct cursor *c)
{
	uint8_t b = cur_peek_u8(c, 0);

	switch (b >> 6) {
	case 0:
		return cur_u8(c);
	case 1:
		return cur_u16(c) & 0x3fff;
	case 2:
		return cur_u32(c) & 0x3fffffff;
	default:
		return cur_u64(c) & 0x3fffffffffffffff;
	}
}

bool quic_next(struct cursor *datagram, struct quic_packet *p)
{
	struct cursor c = *datagram;
	uint8_t first = cur_u8(&c), n;
	uint64_t len;

	*p = (struct quic_packet){.whole = *datagram};
	if ((first & LONG_HEADER) != LONG_HEADER)
		return false;
	p->version = quic_version(cur_u32(&c));
	if (p->version == NULL)
		return false;
	n = cur_u8(&c);
	if (n > QUIC_ID)
		return false;
	p->dcid = cur_take(&c, n);
	n = cur_u8(&c);
	if (n > QUIC_ID)
		return false;
	p->scid = cur_take(&c, n);
	p->initial = is_initial(p->version, first);
	if (p->initial)
		p->token = cur_take(&c, (size_t)quic_varint(&c));
	else if ((first >> TYPE_SHIFT & TYPE_BITS) == ((p->version->initial + 3) & TYPE_BITS))
		return false;		/* Retry: no length */
	len = quic_varint(&c);
	p->number_at = datagram->left - c.left;
	if (c.bad || len < SAMPLE_END || len > c.left)
		return false;
	p->whole.left = p->number_at + (size_t)len;
	cur_skip(datagram, p->whole.left);
	return true;
}

static void skip_ack(struct cursor *c, bool ecn)
{
	uint64_t ranges;

	quic_varint(c);				/* largest */
	quic_varint(c);				/* delay */
	ranges = quic_varint(c);
	if (ranges > ACK_RANGES_MAX)
		cur_fail(c);
	for (uint64_t i = 0; i < 2 * ranges + 1 && !c->bad; i++)
		quic_varint(c);			/* first range, then gap and range */
	for (unsigned i = 0; ecn && i < 3; i++)
		quic_varint(c);
}

bool quic_next_crypto(struct cursor *c, uint64_t *offset, struct cursor *data)
{
	while (c->left > 0) {
		switch (cur_u8(c)) {
		case FRAME_PADDING:
		case FRAME_PING:
			break;
		case FRAME_ACK:
			skip_ack(c, false);
			break;
		case FRAME_ACK_ECN:
			skip_ack(c, true);
			break;
		case FRAME_CRYPTO:
			*offset = quic_varint(c);
			*data = cur_take(c, (size_t)quic_varint(c));
			return !data->bad;
		default:
			cur_fail(c);	/* CONNECTION_CLOSE, or what an Initial may not hold */
		}
	}
	return false;
}
