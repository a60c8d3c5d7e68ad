/* dns_wire.c -- see dns_wire.h. */
#include "dns_wire.h"

enum {
	HEADER = 12,
	LABEL_MOST = 63,
	POINTER = 0xc0,
	RECORDS_MOST = 48,		/* looked at; eight addresses are enough */
	CLASS_IN = 1,
	TYPE_A = 1, TYPE_AAAA = 28,
};

/* A response to a standard query without an error, one question, some answers: all that is wanted, and random bytes are
 * not like it. */
bool dns_begins(const struct cursor *c)
{
	uint16_t flags = cur_peek_u16(c, 2), answers = cur_peek_u16(c, 6);

	return (flags & 0xf80f) == 0x8000 && cur_peek_u16(c, 4) == 1 && answers >= 1 && answers <= 255;
}

/* The question's name: no name stands before it, so no label may point anywhere. */
static bool read_name(struct cursor *c, struct dns_answer *a)
{
	struct cursor rest = *c;
	uint8_t len;

	while ((len = cur_u8(&rest)) != 0) {
		if (len > LABEL_MOST)
			return false;
		cur_skip(&rest, len);
	}
	if (rest.bad || c->left - rest.left <= 1 || c->left - rest.left > DNS_NAME)
		return false;
	a->name = cur_take(c, c->left - rest.left - 1);
	cur_skip(c, 1);
	return true;
}

static void skip_name(struct cursor *c)
{
	for (;;) {
		uint8_t len = cur_u8(c);

		if ((len & POINTER) == POINTER)
			cur_skip(c, 1);
		if (len == 0 || len > LABEL_MOST)
			return;
		cur_skip(c, len);
	}
}

static void read_record(struct cursor *c, struct dns_answer *a)
{
	struct addr *to = &a->address[a->n];
	uint16_t type, class;
	struct cursor data;
	uint32_t ttl;

	skip_name(c);
	type = cur_u16(c);
	class = cur_u16(c);
	ttl = cur_u32(c);
	data = cur_take(c, cur_u16(c));
	if (data.bad || class != CLASS_IN)
		return;
	if (type == TYPE_A && data.left == 4)
		*to = addr_v4(cur_u32(&data));
	else if (type == TYPE_AAAA && data.left == 16)
		cur_copy(&data, to->b, 16);
	else
		return;
	if (a->n++ == 0 || ttl < a->ttl_s)
		a->ttl_s = ttl;
}

bool dns_read(struct cursor c, struct dns_answer *a)
{
	unsigned records;

	a->n = 0;
	a->ttl_s = 0;
	if (!dns_begins(&c))
		return false;
	records = cur_peek_u16(&c, 6);
	cur_skip(&c, HEADER);
	if (!read_name(&c, a))
		return false;
	cur_skip(&c, 4);
	for (unsigned i = 0; i < records && i < RECORDS_MOST && a->n < DNS_ADDRESSES && c.left > 0; i++)
		read_record(&c, a);
	return a->n > 0;
}
