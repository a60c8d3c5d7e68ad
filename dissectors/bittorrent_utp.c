/* bittorrent_utp.c -- see bittorrent_utp.h. */
#include "bittorrent_utp.h"

enum {
	HEADER = 20,
	VERSION = 1,
	EXTENSION_MOST = 3,		/* selective acknowledgement, extension bits, close reason */
	EXTENSIONS = 4,
	ENOUGH = 2,			/* packets of each end, where the opening was not seen */
	WINDOW = 2048,			/* packets on the way, at most */
	CLOCK_US = 30000,		/* how far a clock and the capture's may drift apart, besides */
	CLOCK_PART = 4,			/* a quarter of the time between */
	BOTH_US = 2000,			/* time that must have passed to judge a clock */
};

bool utp_begins(const struct cursor *c)
{
	uint8_t first = cur_peek_u8(c, 0);

	/* A success answer of STUN looks alike, but for its cookie. */
	if (cur_peek_u32(c, 4) == 0x2112a442)
		return false;
	return c->left >= HEADER && (first & 0x0f) == VERSION && first >> 4 <= UTP_SYN && cur_peek_u8(c, 1) <= EXTENSION_MOST;
}

static bool skip_extensions(struct cursor *c, uint8_t next)
{
	for (unsigned n = 0; next != 0; n++) {
		if (next > EXTENSION_MOST || n == EXTENSIONS)
			return false;
		next = cur_u8(c);
		cur_skip(c, cur_u8(c));
		if (c->bad)
			return false;
	}
	return true;
}

bool utp_parse(struct utp_header *h, struct cursor c)
{
	uint8_t extension;
	uint32_t delay_us;

	if (!utp_begins(&c))
		return false;
	h->type = cur_u8(&c) >> 4;
	extension = cur_u8(&c);
	h->connection = cur_u16(&c);
	h->sent_us = cur_u32(&c);
	delay_us = cur_u32(&c);
	cur_skip(&c, 4);			/* window */
	h->sequence = cur_u16(&c);
	h->acknowledged = cur_u16(&c);
	if (!skip_extensions(&c, extension) || h->sent_us == 0)
		return false;
	h->payload = c;
	switch (h->type) {
	case UTP_DATA: return c.left > 0;
	case UTP_SYN: return c.left == 0 && delay_us == 0;
	default: return c.left == 0;
	}
}

static void remember(struct utp_end *e, const struct utp_header *h, uint64_t ts_ns)
{
	if (e->packets > 0 && (h->type == UTP_SYN) == e->syn && h->connection == e->connection) {
		e->packets += e->packets < UINT8_MAX;
	} else {
		*e = (struct utp_end){.first_ns = ts_ns, .first_us = h->sent_us, .connection = h->connection,
		    .first_sequence = h->sequence, .packets = 1, .syn = h->type == UTP_SYN};
	}
	e->last_ns = ts_ns;
	e->last_us = h->sent_us;
	e->last_sequence = h->sequence;
	e->acknowledged = h->acknowledged;
	e->acknowledges = h->type != UTP_SYN;
}

/* Is a at most WINDOW packets behind b? */
static bool shortly_before(uint16_t a, uint16_t b)
{
	return (uint16_t)(b - a) < WINDOW;
}

/* An opening whose answer came. */
static bool answers(const struct utp_end *syn, const struct utp_header *h)
{
	return syn->packets > 0 && syn->syn && (h->type == UTP_STATE || h->type == UTP_DATA) && h->connection == syn->connection &&
	    h->acknowledged == syn->first_sequence && h->sent_us != syn->first_us;
}

/* Its clock counts microseconds, as the capture's does. */
static bool counts_time(const struct utp_end *e)
{
	uint64_t passed_us = (e->last_ns - e->first_ns) / 1000;
	uint32_t clock_us = e->last_us - e->first_us;
	uint64_t most = CLOCK_US + passed_us / CLOCK_PART, off = clock_us > passed_us ? clock_us - passed_us : passed_us - clock_us;

	return e->last_ns > e->first_ns && passed_us >= BOTH_US && clock_us > 0 && off <= most;
}

static bool goes_on(const struct utp_end *a, const struct utp_end *b)
{
	return a->packets >= ENOUGH && b->packets >= ENOUGH && !a->syn && !b->syn &&
	    (a->connection + 1 == b->connection || b->connection + 1 == a->connection) &&
	    shortly_before(a->acknowledged, b->last_sequence) && shortly_before(b->acknowledged, a->last_sequence) &&
	    counts_time(a) && counts_time(b);
}

bool utp_proves(struct utp_flow *f, const struct utp_header *h, bool from_local, uint64_t ts_ns)
{
	struct utp_end *here = &f->end[from_local], *there = &f->end[!from_local];

	if (f->proven)
		return false;
	if (h->type == UTP_RESET)
		return false;
	f->proven = answers(there, h);
	remember(here, h, ts_ns);
	f->proven = f->proven || goes_on(here, there);
	return f->proven;
}
