/* quic_hello.c -- see quic_hello.h. */
#include "quic_hello.h"

#include "quic_wire.h"

enum {
	CLIENT_HELLO = 1,
	EXT_SERVER_NAME = 0, EXT_ALPN = 16, EXT_TRANSPORT = 0x39, EXT_TRANSPORT_DRAFT = 0xffa5, EXT_ENCRYPTED_HELLO = 0xfe0d,
	NAME_HOST = 0,
	PARAMETER_USER_AGENT = 0x3129,
	NAME_MOST = 255,
};

size_t quic_hello_bytes(const uint8_t h[static QUIC_HELLO_HEADER])
{
	if (h[0] != CLIENT_HELLO)
		return 0;
	return QUIC_HELLO_HEADER + ((size_t)h[1] << 16 | (size_t)h[2] << 8 | h[3]);
}

static void server_name(struct cursor c, struct quic_hello *h)
{
	struct cursor list = cur_take(&c, cur_u16(&c));

	while (list.left > 0) {
		uint8_t type = cur_u8(&list);
		struct cursor name = cur_take(&list, cur_u16(&list));

		if (type == NAME_HOST && !name.bad && name.left <= NAME_MOST && h->server_name.left == 0)
			h->server_name = name;
	}
}

static void alpn(struct cursor c, struct quic_hello *h)
{
	struct cursor list = cur_take(&c, cur_u16(&c));

	while (list.left > 0 && h->n_alpn < QUIC_ALPNS) {
		struct cursor name = cur_take(&list, cur_u8(&list));

		if (!name.bad && name.left > 0)
			h->alpn[h->n_alpn++] = name;
	}
}

static void transport(struct cursor c, struct quic_hello *h)
{
	while (c.left > 0) {
		uint64_t id = quic_varint(&c);
		struct cursor value = cur_take(&c, (size_t)quic_varint(&c));

		if (id == PARAMETER_USER_AGENT && !value.bad)
			h->user_agent = value;
	}
}

static void extension(uint16_t type, struct cursor body, struct quic_hello *h)
{
	switch (type) {
	case EXT_SERVER_NAME:
		server_name(body, h);
		break;
	case EXT_ALPN:
		alpn(body, h);
		break;
	case EXT_TRANSPORT:
	case EXT_TRANSPORT_DRAFT:
		transport(body, h);
		break;
	case EXT_ENCRYPTED_HELLO:
		h->encrypted = true;
		break;
	default:
		break;
	}
}

bool quic_hello(struct cursor c, struct quic_hello *h)
{
	struct cursor extensions;
	size_t len;

	*h = (struct quic_hello){0};
	if (cur_u8(&c) != CLIENT_HELLO)
		return false;
	cur_skip(&c, 3 + 2 + 32);		/* length, version, random */
	cur_skip(&c, cur_u8(&c));		/* session id */
	cur_skip(&c, cur_u16(&c));		/* cipher suites */
	cur_skip(&c, cur_u8(&c));		/* compression */
	len = cur_u16(&c);
	if (c.bad)
		return false;
	extensions = cur_take(&c, len < c.left ? len : c.left);
	while (extensions.left > 0) {
		uint16_t type = cur_u16(&extensions);
		struct cursor body = cur_take(&extensions, cur_u16(&extensions));

		if (!body.bad)
			extension(type, body, h);
	}
	return true;
}
