/* dhcp_wire.c -- see dhcp_wire.h. */
#include "dhcp_wire.h"

enum {
	REQUEST = 1, REPLY = 2,
	ETHERNET = 1, ETHERNET_BYTES = 6,
	COOKIE_AT = 236,
	NAME_AT = 44, NAMES = 64 + 128,	/* server's name, file */
	OPTIONS_MOST = 96,
	OPTION_PAD = 0, OPTION_NAME = 12, OPTION_TYPE = 53, OPTION_FQDN = 81, OPTION_END = 255,
	FQDN_HEADER = 3, FQDN_WIRE = 4,	/* its flag: the name is as in DNS messages */
};

static const uint32_t COOKIE = 0x63825363;

bool dhcp_begins(const struct cursor *c)
{
	uint8_t op = cur_peek_u8(c, 0);

	return (op == REQUEST || op == REPLY) && cur_peek_u8(c, 1) == ETHERNET && cur_peek_u8(c, 2) == ETHERNET_BYTES &&
	    cur_peek_u32(c, COOKIE_AT) == COOKIE;
}

/* One more character of the name; what is no name's is left out. */
static void add(struct dhcp_message *m, uint8_t b)
{
	if (b > ' ' && b < 0x7f && b != '"' && b != '\\' && m->name_bytes < DHCP_NAME)
		m->name[m->name_bytes++] = (char)b;
}

static void read_text(struct cursor c, struct dhcp_message *m)
{
	m->name_bytes = 0;
	while (c.left > 0)
		add(m, cur_u8(&c));
}

/* Labels, each behind its length; the last one may be cut off: a client that knows no domain. */
static void read_labels(struct cursor c, struct dhcp_message *m)
{
	m->name_bytes = 0;
	while (c.left > 0) {
		struct cursor label = cur_take(&c, cur_u8(&c));

		if (label.bad || label.left == 0)
			break;
		if (m->name_bytes > 0)
			add(m, '.');
		while (label.left > 0)
			add(m, cur_u8(&label));
	}
}

static void read_fqdn(struct cursor c, struct dhcp_message *m)
{
	uint8_t flags = cur_peek_u8(&c, 0);

	cur_skip(&c, FQDN_HEADER);
	if (c.left == 0)
		return;
	if ((flags & FQDN_WIRE) != 0)
		read_labels(c, m);
	else
		read_text(c, m);
}

static void read_options(struct cursor c, struct dhcp_message *m)
{
	bool whole_name = false;

	for (unsigned i = 0; i < OPTIONS_MOST && c.left > 0; i++) {
		uint8_t code = cur_u8(&c);
		struct cursor value;

		if (code == OPTION_END)
			return;
		if (code == OPTION_PAD)
			continue;
		value = cur_take(&c, cur_u8(&c));
		if (value.bad)
			return;
		if (code == OPTION_TYPE)
			m->type = cur_peek_u8(&value, 0);
		else if (code == OPTION_NAME && !whole_name)
			read_text(value, m);
		else if (code == OPTION_FQDN) {
			read_fqdn(value, m);
			whole_name = m->name_bytes > 0;
		}
	}
}

bool dhcp_read(struct cursor c, struct dhcp_message *m)
{
	*m = (struct dhcp_message){0};
	if (!dhcp_begins(&c))
		return false;
	m->reply = cur_u8(&c) == REPLY;
	cur_skip(&c, 11);			/* kind of card, hops, transaction, seconds, flags */
	m->client = addr_v4(cur_u32(&c));
	m->given = addr_v4(cur_u32(&c));
	cur_skip(&c, 8);			/* server, relay */
	cur_copy(&c, m->mac, sizeof m->mac);
	cur_skip(&c, NAME_AT - 28 - 6 + NAMES + 4);
	read_options(c, m);
	return m->type != 0;
}
