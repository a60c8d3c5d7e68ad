/* tunnel.c -- IP in something in IP. What travels between two tunnel ends is not of interest, what they carry is.
 *
 * Anybody can send UDP to a tunnel's port, so a datagram is taken for a tunnel only if what is inside proves to be a frame
 * or an IP packet of the right length; otherwise it is an ordinary datagram. Teredo runs between end hosts on any port, is
 * itself worth reporting, and gives both its datagram and the packet inside.
 */
#include "layer.h"

#include <netinet/in.h>

bool tunnel_enter(struct layers *l)
{
	struct packet *p = l->p;

	if (p->tunnels >= l->decoder->settings.tunnel_depth || !layer_enter(l))
		return false;
	p->tunnels++;
	if (l->in_ip && !p->tunnel_ends) {
		p->tunnel_ends = true;
		p->tunnel_src = p->src.addr;
		p->tunnel_dst = p->dst.addr;
	}
	l->wrapped = true;
	p->has_mac = false;	/* those were the tunnel's */
	p->n_vlans = 0;
	p->vlan[0] = p->vlan[1] = 0;
	return true;
}

/* Is this an IP packet that fits the window? */
static bool ip_plausible(const struct cursor *c, size_t missing)
{
	size_t wire = c->left + missing, header, length;

	switch (cur_peek_u8(c, 0) >> 4) {
	case 4:
		header = (size_t)(cur_peek_u8(c, 0) & 0x0f) * 4;
		length = cur_peek_u16(c, 2);
		return c->left >= 20 && header >= 20 && length >= header && length <= wire;
	case 6:
		return c->left >= 40 && 40 + (size_t)cur_peek_u16(c, 4) <= wire;
	default:
		return false;
	}
}

bool ether_plausible(const struct cursor *frame, size_t missing)
{
	struct cursor c = *frame;
	uint16_t type;

	cur_skip(&c, 12);
	type = cur_u16(&c);
	for (unsigned tags = 0; tags < 4 && ethertype_is_vlan(type); tags++) {
		cur_skip(&c, 2);
		type = cur_u16(&c);
	}
	switch (type) {
	case ETHER_IPV4:
	case ETHER_IPV6:
		return (cur_peek_u8(&c, 0) >> 4 == 4) == (type == ETHER_IPV4) && ip_plausible(&c, missing);
	case ETHER_ARP:
		return c.left + missing >= 28;
	default:
		return false;
	}
}

/* ERSPAN II and III (draft-foschiano-erspan): the SPAN port's own cable. The frame in it is the frame that was on the
 * wire, so its addresses and tags count as if it had been captured there. */
static enum count erspan_decode(struct layers *l, bool sequenced)
{
	struct packet *p = l->p;
	struct cursor c = l->c;
	uint8_t version = cur_peek_u8(&c, 0) >> 4;
	uint16_t vlan = cur_peek_u16(&c, 0) & 0x0fff;

	if (!tunnel_enter(l))
		return COUNT_DECODE_TUNNEL_DEPTH;
	l->wrapped = false;
	if (!sequenced) {	/* type I: no header of its own */
		vlan = 0;
	} else if (version == 1) {
		cur_skip(&c, 8);
	} else if (version == 2) {
		cur_skip(&c, (cur_peek_u8(&c, 11) & 1) != 0 ? 20 : 12);	/* with or without a subheader */
	} else {
		return COUNT_DECODE_NOT_IP;
	}
	if (c.bad)
		return COUNT_DECODE_SHORT;
	if (vlan != 0 && !ethertype_is_vlan(cur_peek_u16(&c, 12)))
		p->vlan[p->n_vlans++] = vlan;
	l->c = c;
	return ether_decode(l);
}

/* RFC 2784, RFC 2890 (key, sequence number), RFC 2637 (version 1: PPP, with an acknowledgement). Source routing, which RFC
 * 2784 took away, is not opened. */
enum count gre_decode(struct layers *l)
{
	struct cursor c = l->c;
	uint16_t flags = cur_u16(&c), protocol = cur_u16(&c);
	unsigned version = flags & 7;

	if ((flags & 0x4000) != 0 || version > 1)
		return COUNT_DECODE_NOT_IP;
	cur_skip(&c, (flags & 0x8000) != 0 ? 4 : 0);	/* checksum */
	cur_skip(&c, (flags & 0x2000) != 0 ? 4 : 0);	/* key */
	cur_skip(&c, (flags & 0x1000) != 0 ? 4 : 0);	/* sequence number */
	cur_skip(&c, version == 1 && (flags & 0x0080) != 0 ? 4 : 0);
	if (c.bad)
		return COUNT_DECODE_SHORT;
	l->c = c;
	switch (protocol) {
	case ETHER_BRIDGED:
		return ethertype_decode(l, protocol);
	case 0x88be:
		return erspan_decode(l, (flags & 0x1000) != 0);
	case 0x22eb:
		return erspan_decode(l, true);
	default:
		if (c.left + l->missing == 0)
			return COUNT_DECODE_NOT_IP;	/* a keep-alive, or an acknowledgement alone */
		return tunnel_enter(l) ? ethertype_decode(l, protocol) : COUNT_DECODE_TUNNEL_DEPTH;
	}
}

/* RFC 3378: version 3, and a frame. */
enum count etherip_decode(struct layers *l)
{
	uint16_t version = cur_u16(&l->c);

	if (l->c.bad)
		return COUNT_DECODE_SHORT;
	if (version != 0x3000)
		return COUNT_DECODE_OTHER_L4;
	return tunnel_enter(l) ? ether_decode(l) : COUNT_DECODE_TUNNEL_DEPTH;
}

/* What a UDP tunnel's header leads to, once it is believed. Each of these reads a header and says what follows, or 0. */

/* RFC 7348 5: flag I, a network number, an Ethernet frame. The generic protocol extension (flag P) says what follows. */
static uint16_t vxlan_header(struct cursor *c, bool generic)
{
	static const uint16_t next_protocol[] = {0, ETHER_IPV4, ETHER_IPV6, ETHER_BRIDGED, ETHER_NSH};
	uint8_t flags = cur_u8(c), next;

	cur_skip(c, 2);
	next = cur_u8(c);
	cur_skip(c, 4);		/* network number, reserved */
	if ((flags & 0x08) == 0)
		return 0;
	if (!generic || (flags & 0x04) == 0)
		return ETHER_BRIDGED;
	return next < sizeof next_protocol / sizeof *next_protocol ? next_protocol[next] : 0;
}

/* RFC 8926 3.4 */
static uint16_t geneve_header(struct cursor *c)
{
	uint8_t version = cur_u8(c), flags = cur_u8(c);
	uint16_t protocol = cur_u16(c);

	cur_skip(c, 4);		/* network number, reserved */
	cur_skip(c, (size_t)(version & 0x3f) * 4);
	return version >> 6 == 0 && (flags & 0x3f) == 0 ? protocol : 0;
}

/* 3GPP TS 29.281 5: version 1, a T-PDU; sequence number, N-PDU number and extension headers if one of them is there. The
 * packet inside is of the type that the session has: IP nearly always. */
static uint16_t gtp_header(struct layers *l, struct cursor *c)
{
	uint8_t flags = cur_u8(c), type = cur_u8(c), next = 0, words;
	uint16_t length = cur_u16(c);

	cur_skip(c, 4);		/* tunnel endpoint id */
	if (c->bad || (flags & 0xf0) != 0x30 || type != 255 || length != c->left + l->missing)
		return 0;
	if ((flags & 0x07) != 0) {
		cur_skip(c, 3);
		next = cur_u8(c);
	}
	if ((flags & 0x04) == 0)
		next = 0;
	while (next != 0 && c->left > 0) {
		words = cur_u8(c);
		if (words == 0)
			return 0;
		cur_skip(c, (size_t)words * 4 - 2);
		next = cur_u8(c);
	}
	switch (cur_peek_u8(c, 0) >> 4) {
	case 4:
		return ETHER_IPV4;
	case 6:
		return ETHER_IPV6;
	default:
		return ETHER_BRIDGED;
	}
}

bool udp_tunnel_decode(struct layers *l, enum count *fate)
{
	struct cursor c = l->c;
	uint16_t protocol;

	switch (l->p->dst.port) {
	case 2152:
		protocol = gtp_header(l, &c);
		break;
	case 6081:
		protocol = geneve_header(&c);
		break;
	default:
		protocol = vxlan_header(&c, l->p->dst.port == 4790);
		break;
	}
	if (c.bad)
		return false;
	switch (protocol) {
	case ETHER_IPV4:
	case ETHER_IPV6:
		if (!ip_plausible(&c, l->missing))
			return false;
		break;
	case ETHER_BRIDGED:
		if (!ether_plausible(&c, l->missing))
			return false;
		break;
	case ETHER_NSH:
		break;
	default:
		return false;
	}
	if (!tunnel_enter(l))
		return false;
	l->c = c;
	*fate = protocol == ETHER_BRIDGED ? ether_decode(l) : ethertype_decode(l, protocol);
	return true;
}

/* Could a host have this address? Of random bytes one in seven passes. */
static bool is_unicast_v6(const struct cursor *address)
{
	uint16_t first = cur_peek_u16(address, 0);

	return first >> 13 == 1 || (first & 0xffc0) == 0xfe80 || (first & 0xfe00) == 0xfc00;
}

/* RFC 4380 5.1.1: an authentication header (00 01), an origin (00 00), both optional, then an IPv6 packet that fills the
 * datagram. In a bubble that is a header alone, and the datagram is all there is. */
bool teredo_inner(struct cursor *payload, size_t missing)
{
	struct cursor c = *payload, address;
	uint8_t id, auth;

	if (c.left < 48)
		return false;
	if (cur_peek_u16(&c, 0) == 0x0001) {
		cur_skip(&c, 2);
		id = cur_u8(&c);
		auth = cur_u8(&c);
		cur_skip(&c, (size_t)id + auth + 9);	/* both, nonce, confirmation */
	}
	if (cur_peek_u16(&c, 0) == 0x0000)
		cur_skip(&c, 8);
	if (c.left < 40 || cur_peek_u8(&c, 0) >> 4 != 6 || 40 + (size_t)cur_peek_u16(&c, 4) != c.left + missing)
		return false;
	address = c;
	cur_skip(&address, 8);
	if (!is_unicast_v6(&address))
		return false;
	cur_skip(&address, 16);
	if (!is_unicast_v6(&address) && cur_peek_u8(&address, 0) != 0xff)
		return false;
	*payload = c;
	return true;
}

void teredo_decode(struct layers *l)
{
	struct packet *outer = l->p;
	struct cursor c = l->c;

	if (l->finished >= DECODE_MAX || outer->tunnels >= l->decoder->settings.tunnel_depth || !teredo_inner(&c, l->missing))
		return;
	l->p++;
	packet_begin(l->p, l->frame);
	l->p->nth = 1;
	l->p->src = outer->src;
	l->p->dst = outer->dst;
	l->p->wire_len = outer->wire_len;
	l->p->tunnels = outer->tunnels;
	l->p->tunnel_ends = true;
	l->p->tunnel_src = outer->tunnel_ends ? outer->tunnel_src : outer->src.addr;
	l->p->tunnel_dst = outer->tunnel_ends ? outer->tunnel_dst : outer->dst.addr;
	l->c = c;
	if (tunnel_enter(l))
		ipv6_decode(l);		/* the frame's fate is the datagram's: it was used */
}
