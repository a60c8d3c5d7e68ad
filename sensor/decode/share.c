/* share.c -- see share.h. Whatever is not plain here is for all: to be wrong about that costs time, never a packet. */
#include "share.h"

#include "layer.h"

#include <netinet/in.h>

enum { PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057, TAGS_MAX = 8 };

/* What is left of the frame: the part that was captured, and how much longer it was on the wire. */
struct rest {
	struct cursor c;
	size_t missing;
};

static void bound(struct rest *r, size_t stated)
{
	if (stated <= r->c.left) {
		r->c = cur_take(&r->c, stated);
		r->missing = 0;
	} else {
		r->missing = stated - r->c.left;
	}
}

/* At what follows the IP header. */
static int of_transport(const struct team *t, struct rest *r, uint8_t ip_proto, const struct addr *src, const struct addr *dst)
{
	size_t length;
	uint16_t port;

	switch (ip_proto) {
	case IPPROTO_UDP:
		port = cur_peek_u16(&r->c, 2);
		length = cur_peek_u16(&r->c, 4);
		if (r->c.left < 8 || length < 8 || length > r->c.left + r->missing || tunnel_port(port))
			return SHARE_ALL;
		cur_skip(&r->c, 8);
		bound(r, length - 8);
		if (teredo_first(&r->c) && teredo_inner(&r->c, r->missing))
			return SHARE_ALL;
		return (int)team_owner(t, src, dst);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
	case IPPROTO_IPIP:
	case IPPROTO_IPV6:
	case IPPROTO_MPLS:
	case IPPROTO_GRE:
	case 97:	/* EtherIP */
	case IPPROTO_AH:
		return SHARE_ALL;
	default:
		return (int)team_owner(t, src, dst);
	}
}

static int of_ipv4(const struct team *t, struct rest *r)
{
	size_t header = (size_t)(cur_peek_u8(&r->c, 0) & 0x0f) * 4, total = cur_peek_u16(&r->c, 2);
	uint16_t fragment = cur_peek_u16(&r->c, 6);
	uint8_t ip_proto = cur_peek_u8(&r->c, 9);
	struct addr src, dst;

	if (r->c.left < header || header < 20 || (total != 0 && total < header) || (fragment & 0x3fff) != 0)
		return SHARE_ALL;
	if (total != 0)
		bound(r, total);
	src = addr_v4(cur_peek_u32(&r->c, 12));
	dst = addr_v4(cur_peek_u32(&r->c, 16));
	cur_skip(&r->c, header);
	return of_transport(t, r, ip_proto, &src, &dst);
}

static int of_ipv6(const struct team *t, struct rest *r)
{
	size_t length = cur_peek_u16(&r->c, 4);
	uint8_t next = cur_peek_u8(&r->c, 6);
	struct addr src, dst;

	/* Extension headers may hide anything; of IPv6 only these two are plain. */
	if (r->c.left < 40 || (next != IPPROTO_UDP && next != IPPROTO_TCP))
		return SHARE_ALL;
	if (length != 0)
		bound(r, 40 + length);
	cur_skip(&r->c, 8);
	cur_copy(&r->c, src.b, sizeof src.b);
	cur_copy(&r->c, dst.b, sizeof dst.b);
	return of_transport(t, r, next, &src, &dst);
}

static int of_ip(const struct team *t, struct rest *r)
{
	switch (cur_peek_u8(&r->c, 0) >> 4) {
	case 4:
		return of_ipv4(t, r);
	case 6:
		return of_ipv6(t, r);
	default:
		return SHARE_ALL;
	}
}

static int of_ethertype(const struct team *t, struct rest *r, uint16_t type)
{
	struct cursor *c = &r->c;
	uint16_t ppp;

	for (unsigned tags = 0; ethertype_is_vlan(type) && tags < TAGS_MAX; tags++) {
		cur_skip(c, 2);
		type = cur_u16(c);
	}
	switch (type) {
	case ETHER_IPV4:
		return cur_peek_u8(c, 0) >> 4 == 4 ? of_ipv4(t, r) : SHARE_ALL;
	case ETHER_IPV6:
		return cur_peek_u8(c, 0) >> 4 == 6 ? of_ipv6(t, r) : SHARE_ALL;
	case ETHER_MPLS:
		for (unsigned tags = 0; tags < TAGS_MAX && !c->bad; tags++)
			if ((cur_u32(c) & 0x100) != 0)
				return of_ip(t, r);
		return SHARE_ALL;
	case ETHER_PPPOE:
		if (cur_peek_u16(c, 0) != 0x1100)
			return SHARE_ALL;
		cur_skip(c, 4);
		bound(r, cur_u16(c));
		ppp = cur_u16(c);
		return ppp == PPP_IPV4 || ppp == PPP_IPV6 ? of_ip(t, r) : SHARE_ALL;
	default:
		return SHARE_ALL;
	}
}

int share_frame(const struct team *t, const struct frame *f)
{
	struct rest r = {.c = cur_of(f->bytes, f->captured), .missing = f->length > f->captured ? f->length - f->captured : 0};
	uint16_t type;

	switch (f->link_type) {
	case LINK_ETHERNET:
		cur_skip(&r.c, 12);
		type = cur_u16(&r.c);
		return of_ethertype(t, &r, type);
	case LINK_SLL:
		cur_skip(&r.c, 14);
		type = cur_u16(&r.c);
		return of_ethertype(t, &r, type);
	case LINK_SLL2:
		type = cur_u16(&r.c);
		cur_skip(&r.c, 18);
		return of_ethertype(t, &r, type);
	case LINK_RAW:
	case LINK_IPV4:
	case LINK_IPV6:
		return of_ip(t, &r);
	default:
		return SHARE_ALL;
	}
}
