/* transport.c -- UDP and TCP, and the way on for what IP carries besides. */
#include "layer.h"

#include <netinet/in.h>

/* One packet is complete. */
static inline void packet_finish(struct layers *l, uint8_t ip_proto, struct cursor payload)
{
	struct packet *p = l->p;

	p->ip_proto = ip_proto;
	p->payload = payload;
	p->payload_len = (uint32_t)(payload.left + l->missing);
	p->cut = l->missing > 0;
	if (p->tunnels > 0)
		count(l->decoder->counts, COUNT_DECODE_TUNNELLED);
	l->finished++;
}

static enum count udp_decode(struct layers *l)
{
	struct packet *p = l->p;
	struct cursor c = l->c;
	size_t wire = c.left + l->missing, length;

	if (c.left < 8)
		return COUNT_DECODE_SHORT;
	p->src.port = cur_u16(&c);
	p->dst.port = cur_u16(&c);
	length = cur_u16(&c);
	cur_skip(&c, 2);	/* checksum */
	if (length == 0 && wire > UINT16_MAX)
		length = wire;	/* RFC 2675 4: a jumbogram */
	if (length < 8 || length > wire)
		return COUNT_DECODE_BAD_L4;
	layer_bound(l, &c, length - 8);
	l->c = c;
	if (tunnel_port(p->dst.port)) {
		enum count fate;

		if (udp_tunnel_decode(l, &fate))
			return fate;
	}
	if (layer_duplicate(l, IPPROTO_UDP, (uint64_t)p->src.port << 16 | p->dst.port, length))
		return COUNT_DECODE_DUPLICATE;
	packet_finish(l, IPPROTO_UDP, c);
	if (teredo_first(&c))
		teredo_decode(l);
	return COUNT_DECODED;
}

static enum count tcp_decode(struct layers *l)
{
	struct packet *p = l->p;
	struct cursor c = l->c;
	size_t wire = c.left + l->missing, header, options;
	uint16_t window;

	if (c.left < 20)
		return COUNT_DECODE_SHORT;
	p->src.port = cur_u16(&c);
	p->dst.port = cur_u16(&c);
	p->tcp_seq = cur_u32(&c);
	p->tcp_ack = cur_u32(&c);
	header = (size_t)(cur_u8(&c) >> 4) * 4;
	p->tcp_flags = cur_u8(&c);
	window = cur_u16(&c);
	cur_skip(&c, 4);	/* checksum, urgent pointer */
	if (header < 20 || header > wire)
		return COUNT_DECODE_BAD_L4;
	l->c = c;
	if (layer_duplicate(l, IPPROTO_TCP,
	    (uint64_t)p->src.port << 48 | (uint64_t)p->dst.port << 32 | (uint64_t)window << 8 | p->tcp_flags,
	    (uint64_t)p->tcp_seq << 32 | p->tcp_ack))
		return COUNT_DECODE_DUPLICATE;
	options = header - 20;
	if (options > c.left) {		/* the capture ends within the options: no payload is here */
		l->missing -= options - c.left;
		options = c.left;
	}
	cur_skip(&c, options);
	packet_finish(l, IPPROTO_TCP, c);
	return COUNT_DECODED;
}

/* RFC 4302 2: an authentication header leaves what follows in the clear. */
static enum count ah_decode(struct layers *l)
{
	uint8_t next = cur_u8(&l->c), size = cur_u8(&l->c);

	cur_skip(&l->c, ((size_t)size + 2) * 4 - 2);
	if (l->c.bad)
		return COUNT_DECODE_SHORT;
	return layer_enter(l) ? transport_decode(l, next) : COUNT_DECODE_BAD_IP;
}

enum count transport_decode(struct layers *l, uint8_t ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_UDP:
		return udp_decode(l);
	case IPPROTO_TCP:
		return tcp_decode(l);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return icmp_decode(l, ip_proto);
	case IPPROTO_IPIP:
		return tunnel_enter(l) ? ipv4_decode(l) : COUNT_DECODE_TUNNEL_DEPTH;
	case IPPROTO_IPV6:
		return tunnel_enter(l) ? ipv6_decode(l) : COUNT_DECODE_TUNNEL_DEPTH;
	case IPPROTO_MPLS:	/* RFC 4023 */
		return tunnel_enter(l) ? mpls_decode(l) : COUNT_DECODE_TUNNEL_DEPTH;
	case IPPROTO_GRE:
		return gre_decode(l);
	case 97:
		return etherip_decode(l);
	case IPPROTO_AH:
		return ah_decode(l);
	default:
		return COUNT_DECODE_OTHER_L4;
	}
}
