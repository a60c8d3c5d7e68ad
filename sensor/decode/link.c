/* link.c -- what is around IP on a wire: Ethernet and its tags, MPLS, PPP and PPPoE, and the headers that capture
 * programs put in place of a link layer (https://www.tcpdump.org/linktypes.html). */
#include "layer.h"

enum ppp_protocol {
	PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057, PPP_MPLS = 0x0281, PPP_MPLS_UPSTREAM = 0x0283,
};

/* RFC 3032: a stack of labels. What follows the last is not said: IP shows its version; a pseudowire's frame may have a
 * control word before it, whose first nibble is 0 (RFC 4385 3), but so have many MAC addresses. */
enum count mpls_decode(struct layers *l)
{
	struct cursor c = l->c, behind;
	uint32_t label;

	do {
		if (!layer_enter(l))
			return COUNT_DECODE_TUNNEL_DEPTH;
		label = cur_u32(&c);
	} while (!c.bad && (label & 0x100) == 0);
	if (c.left == 0)
		return COUNT_DECODE_SHORT;
	switch (cur_peek_u8(&c, 0) >> 4) {
	case 4:
	case 6:
		l->c = c;
		return ip_decode(l);
	case 0:
		behind = c;
		cur_skip(&behind, 4);
		if (ether_plausible(&behind, l->missing))
			c = behind;
		break;
	}
	l->c = c;
	return tunnel_enter(l) ? ether_decode(l) : COUNT_DECODE_TUNNEL_DEPTH;
}

/* RFC 1661 2 and RFC 1662 3.1: address and control may be left out, and the protocol's first byte if it is zero. */
static enum count ppp_decode(struct layers *l)
{
	struct cursor c = l->c;
	uint16_t protocol;

	if (!layer_enter(l))
		return COUNT_DECODE_TUNNEL_DEPTH;
	if (cur_peek_u16(&c, 0) == 0xff03)
		cur_skip(&c, 2);
	protocol = cur_u8(&c);
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cur_u8(&c));
	if (c.bad)
		return COUNT_DECODE_SHORT;
	l->c = c;
	switch (protocol) {
	case PPP_IPV4:
		return ipv4_decode(l);
	case PPP_IPV6:
		return ipv6_decode(l);
	case PPP_MPLS:
	case PPP_MPLS_UPSTREAM:
		return mpls_decode(l);
	default:
		return COUNT_DECODE_NOT_IP;
	}
}

/* RFC 2516 4: version 1, type 1; code 0 is session data. */
static enum count pppoe_decode(struct layers *l)
{
	struct cursor c = l->c;
	uint8_t version = cur_u8(&c), code = cur_u8(&c);
	uint16_t length;

	cur_skip(&c, 2);	/* session id */
	length = cur_u16(&c);
	if (c.bad)
		return COUNT_DECODE_SHORT;
	if (version != 0x11 || code != 0)
		return COUNT_DECODE_NOT_IP;
	layer_bound(l, &c, length);
	l->c = c;
	return ppp_decode(l);
}

/* RFC 8300 2.2: version and flags, length of the header in words, what is inside. */
static enum count nsh_decode(struct layers *l)
{
	struct cursor c = l->c;
	uint16_t flags = cur_u16(&c);
	uint8_t next;

	cur_skip(&c, 1);	/* type of the metadata */
	next = cur_u8(&c);
	if (c.bad)
		return COUNT_DECODE_SHORT;
	if (flags >> 14 != 0 || (flags & 0x3f) < 2)
		return COUNT_DECODE_NOT_IP;
	cur_skip(&c, (size_t)(flags & 0x3f) * 4 - 4);
	if (c.bad)
		return COUNT_DECODE_SHORT;
	l->c = c;
	switch (next) {
	case 1:
		return ipv4_decode(l);
	case 2:
		return ipv6_decode(l);
	case 3:
		return tunnel_enter(l) ? ether_decode(l) : COUNT_DECODE_TUNNEL_DEPTH;
	case 5:
		return mpls_decode(l);
	default:
		return COUNT_DECODE_NOT_IP;
	}
}

/* A switch's own frame around the host's, a few bytes between them: provider backbone (IEEE 802.1ah), Cisco FabricPath.
 * Addresses and tags are those of the host's. */
static enum count switched_decode(struct layers *l, size_t between)
{
	l->p->n_vlans = 0;
	l->p->vlan[0] = l->p->vlan[1] = 0;
	cur_skip(&l->c, between);
	return ether_decode(l);
}

/* Cisco VN-Tag: which virtual port it came from. Another tag, or the type, follows. */
static enum count vn_tag_decode(struct layers *l)
{
	uint16_t type;

	cur_skip(&l->c, 4);
	type = cur_u16(&l->c);
	return l->c.bad ? COUNT_DECODE_SHORT : ethertype_decode(l, type);
}

bool ethertype_is_vlan(uint16_t type)
{
	switch (type) {
	case ETHER_VLAN:
	case ETHER_PROVIDER:
	case ETHER_QINQ_1:
	case ETHER_QINQ_2:
	case ETHER_QINQ_3:
		return true;
	default:
		return false;
	}
}

/* Take the tags off; the outer two are kept. Gives the type behind them. */
static uint16_t vlan_tags(struct layers *l, uint16_t type)
{
	struct packet *p = l->p;
	struct cursor c = l->c;

	while (ethertype_is_vlan(type) && layer_enter(l)) {
		uint16_t tag = cur_u16(&c);

		if (p->n_vlans < 2)
			p->vlan[p->n_vlans++] = tag & 0x0fff;
		type = cur_u16(&c);
	}
	l->c = c;
	return type;
}

enum count ethertype_decode(struct layers *l, uint16_t type)
{
	if (ethertype_is_vlan(type)) {
		type = vlan_tags(l, type);
		if (l->c.bad)
			return COUNT_DECODE_SHORT;
	}
	if (!layer_enter(l))
		return COUNT_DECODE_TUNNEL_DEPTH;
	switch (type) {
	case ETHER_IPV4:
		return ipv4_decode(l);
	case ETHER_IPV6:
		return ipv6_decode(l);
	case ETHER_MPLS:
	case ETHER_MPLS_UPSTREAM:
		return mpls_decode(l);
	case ETHER_PPPOE:
		return pppoe_decode(l);
	case ETHER_PPP:
		return ppp_decode(l);
	case ETHER_BACKBONE:
		return switched_decode(l, 4);
	case ETHER_FABRIC_PATH:
		return switched_decode(l, 2);
	case ETHER_VN_TAG:
		return vn_tag_decode(l);
	case ETHER_NSH:
		return nsh_decode(l);
	case ETHER_BRIDGED:
		return tunnel_enter(l) ? ether_decode(l) : COUNT_DECODE_TUNNEL_DEPTH;
	default:
		return COUNT_DECODE_NOT_IP;
	}
}

/* IEEE 802.2 with SNAP (RFC 1042): the only form that carries IP behind a length. */
static enum count llc_decode(struct layers *l)
{
	static const uint8_t snap[] = {0xaa, 0xaa, 0x03, 0, 0, 0};
	uint16_t type;

	if (!cur_starts(&l->c, snap, sizeof snap))
		return COUNT_DECODE_NOT_IP;
	cur_skip(&l->c, sizeof snap);
	type = cur_u16(&l->c);
	return l->c.bad ? COUNT_DECODE_SHORT : ethertype_decode(l, type);
}

enum count ether_decode(struct layers *l)
{
	struct packet *p = l->p;
	struct cursor c = l->c;
	uint16_t type;

	cur_copy(&c, p->dst_mac, 6);
	cur_copy(&c, p->src_mac, 6);
	type = cur_u16(&c);
	if (c.bad)
		return COUNT_DECODE_SHORT;
	p->has_mac = !l->wrapped;
	if (type <= ETHER_802_3_MAX) {
		layer_bound(l, &c, type);
		l->c = c;
		return llc_decode(l);
	}
	l->c = c;
	return ethertype_decode(l, type);
}

/* The address family, in the byte order of the machine that captured (LOOP: network order); for IPv6 each system has
 * its own number. Which version it is, the IP header tells for sure. */
static enum count null_decode(struct layers *l)
{
	uint32_t family = cur_u32(&l->c);

	if (l->c.bad)
		return COUNT_DECODE_SHORT;
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	switch (family) {
	case 2:
	case 10:
	case 23:
	case 24:
	case 28:
	case 30:
		return ip_decode(l);
	default:
		return COUNT_DECODE_NOT_IP;
	}
}

/* The header's last field is an EtherType, or a number below 1536 for what has none. */
static enum count cooked_decode(struct layers *l, uint16_t type)
{
	if (l->c.bad)
		return COUNT_DECODE_SHORT;
	return type == 4 ? llc_decode(l) : ethertype_decode(l, type);
}

static enum count sll_decode(struct layers *l)
{
	cur_skip(&l->c, 14);	/* packet type, device type, address length, address */
	return cooked_decode(l, cur_u16(&l->c));
}

static enum count sll2_decode(struct layers *l)
{
	uint16_t type = cur_u16(&l->c);

	cur_skip(&l->c, 18);	/* reserved, interface, device type, packet type, address length, address */
	return cooked_decode(l, type);
}

/* Cisco HDLC: address 0x0f or 0x8f, control 0, EtherType. */
static enum count chdlc_decode(struct layers *l)
{
	uint16_t type;

	cur_skip(&l->c, 2);
	type = cur_u16(&l->c);
	return l->c.bad ? COUNT_DECODE_SHORT : ethertype_decode(l, type);
}

enum count link_decode(struct layers *l, uint16_t link_type)
{
	switch (link_type) {
	case LINK_ETHERNET:
		return ether_decode(l);
	case LINK_SLL:
		return sll_decode(l);
	case LINK_SLL2:
		return sll2_decode(l);
	case LINK_RAW:
	case LINK_RAW_DLT:
	case LINK_RAW_OPENBSD:
		return ip_decode(l);
	case LINK_IPV4:
		return ipv4_decode(l);
	case LINK_IPV6:
		return ipv6_decode(l);
	case LINK_NULL:
	case LINK_LOOP:
		return null_decode(l);
	case LINK_PPP:
		return ppp_decode(l);
	case LINK_PPP_SERIAL:
		return (cur_peek_u8(&l->c, 0) & 0x7f) == 0x0f ? chdlc_decode(l) : ppp_decode(l);
	case LINK_PPP_ETHER:
		return pppoe_decode(l);
	case LINK_C_HDLC:
		return chdlc_decode(l);
	default:
		return COUNT_DECODE_LINKTYPE;
	}
}
