/* layer.h -- inside the decoder: how one frame travels through its files.
 *
 *   link.c -> ip.c -> transport.c -> tunnel.c -> link.c or ip.c again
 *                 -> frag.c -> transport.c
 *
 * Each function opens one header at l->c, leaves l->c at what is inside, hands on to the next, and returns the frame's
 * fate: the row of count.h that decode_frame() counts, once. So a frame has exactly one fate: it was used (DECODED), it
 * was ICMP, it is a fragment that waits (FRAG_HELD), or it was dropped under the name of a row. What a header tells
 * about the packet goes straight into l->p.
 *
 * The functions work on a local cursor and put it back: it stays in registers, and that is half of the speed.
 */
#ifndef PW_LAYER_H
#define PW_LAYER_H

#include "decode.h"

enum {
	HEADERS_MAX = 32,	/* link, IP and extension headers in one frame: bounds recursion and loops */
};

enum linktype {
	LINK_NULL = 0, LINK_ETHERNET = 1, LINK_PPP = 9,
	LINK_RAW_DLT = 12, LINK_RAW_OPENBSD = 14,	/* DLT_RAW of most systems and of OpenBSD, found in old files */
	LINK_PPP_SERIAL = 50, LINK_PPP_ETHER = 51, LINK_RAW = 101, LINK_C_HDLC = 104, LINK_LOOP = 108,
	LINK_SLL = 113, LINK_IPV4 = 228, LINK_IPV6 = 229, LINK_SLL2 = 276,
};

enum ethertype {
	ETHER_802_3_MAX = 0x05dc,	/* up to here it is a length */
	ETHER_IPV4 = 0x0800, ETHER_ARP = 0x0806, ETHER_BRIDGED = 0x6558, ETHER_VLAN = 0x8100, ETHER_IPV6 = 0x86dd,
	ETHER_PPP = 0x880b, ETHER_MPLS = 0x8847, ETHER_MPLS_UPSTREAM = 0x8848, ETHER_PPPOE = 0x8864,
	ETHER_PROVIDER = 0x88a8, ETHER_BACKBONE = 0x88e7, ETHER_FABRIC_PATH = 0x8903, ETHER_VN_TAG = 0x8926,
	ETHER_NSH = 0x894f, ETHER_QINQ_1 = 0x9100, ETHER_QINQ_2 = 0x9200, ETHER_QINQ_3 = 0x9300,
};

struct layers {
	struct decoder *decoder;
	const struct frame *frame;
	struct packet *p;	/* being filled */
	struct cursor c;	/* what is not opened yet: the part that was captured, */
	size_t missing;		/* and how much longer it was on the wire */
	unsigned finished;	/* packets that are complete */
	unsigned headers;	/* opened so far */
	bool in_ip;		/* an IP header was opened: the packet has addresses */
	bool wrapped;		/* in a tunnel, other than the SPAN's own */
	bool reassembled;	/* what is being opened was put together from fragments */
	uint64_t ip_id;		/* of the last IP header: identification, flags and fragment offset */
};

/* A header states how much it encloses. What is beyond is padding; what is not here was cut off by the capture. */
static inline void layer_bound(struct layers *l, struct cursor *c, size_t stated)
{
	if (stated <= c->left) {
		*c = cur_take(c, stated);
		l->missing = 0;
	} else {
		l->missing = stated - c->left;
	}
}

static inline bool layer_enter(struct layers *l)
{
	return ++l->headers <= HEADERS_MAX;
}

/* decode.c: start on a packet, with what every one of the frame's packets has in common. */
void packet_begin(struct packet *, const struct frame *);

/* link.c */
enum count link_decode(struct layers *, uint16_t link_type);
enum count ether_decode(struct layers *);
enum count ethertype_decode(struct layers *, uint16_t type);
enum count mpls_decode(struct layers *);
bool ethertype_is_vlan(uint16_t type);

/* ip.c */
enum count ip_decode(struct layers *);		/* 4 or 6, as the first nibble says */
enum count ipv4_decode(struct layers *);
enum count ipv6_decode(struct layers *);
enum count ipv6_next_decode(struct layers *, uint8_t next);	/* extension headers, then the transport */

/* transport.c: at what follows the IP header; src, dst and ip of the packet are set. */
enum count transport_decode(struct layers *, uint8_t ip_proto);

/* icmp.c */
enum count icmp_decode(struct layers *, uint8_t ip_proto);

/* tunnel.c */
bool tunnel_enter(struct layers *);		/* false: too deep */
bool ether_plausible(const struct cursor *, size_t missing);	/* could this be a frame that carries IP or ARP? */
enum count gre_decode(struct layers *);
enum count etherip_decode(struct layers *);
/* At the payload of a datagram to a port of tunnels: false if it is an ordinary datagram. */
bool udp_tunnel_decode(struct layers *, enum count *fate);
/* At the payload of a datagram that is complete. If it is Teredo (RFC 4380), decode what is in it as well. */
void teredo_decode(struct layers *);
/* Is it? Then *payload begins with the packet inside. The first byte alone rules out most. */
bool teredo_inner(struct cursor *payload, size_t missing);

static inline bool teredo_first(const struct cursor *payload)
{
	uint8_t first = cur_peek_u8(payload, 0);

	return first == 0 || first >> 4 == 6;	/* one of its headers, or IPv6 */
}

/* A UDP port that tunnels are sent to. */
static inline bool tunnel_port(uint16_t port)
{
	switch (port) {
	case 2152:	/* GTP-U */
	case 4789:	/* VXLAN */
	case 4790:	/* VXLAN-GPE */
	case 6081:	/* GENEVE */
	case 8472:	/* VXLAN, as Linux had it first */
		return true;
	default:
		return false;
	}
}

/* frag.c */
struct frags;

struct fragment {
	uint32_t id;
	uint16_t offset;		/* bytes */
	bool more;			/* not the last */
	uint8_t ip_proto;		/* what the whole packet carries; IPv6: true in the first fragment only */
	bool v6;
};

struct frags *frags_new(const struct decode_settings *, struct counts *);
void frags_free(struct frags *);
void frags_count(struct frags *, struct counts *);	/* counts there from now on */
/* At a fragment's data, p->ip at its IP header. If this makes the packet whole, decodes that. */
enum count frag_decode(struct layers *, const struct fragment *);

/* dup.c */
struct dups;

struct dups *dups_new(uint32_t window_ms);
void dups_free(struct dups *);
/* One of several workers: so late it is by the frames of all. */
void dups_clock(struct dups *, const struct team_clock *);
/* Behind a transport header: was this packet here within the window? Remembers it if not. `header` is what tells packets
 * apart in that header. */
bool dups_seen(struct dups *, const struct layers *, uint8_t ip_proto, const uint64_t header[static 2]);

struct decoder {
	struct decode_settings settings;
	struct counts *counts;
	struct dups *dups;		/* NULL: nothing is dropped as a duplicate */
	struct frags *frags;
	bool lent;			/* the packet in hand was put together from fragments */
	const struct packet *last;	/* of the frame in hand, as far as it came; NULL: it had no IP header */
};

static inline bool layer_duplicate(const struct layers *l, uint8_t ip_proto, uint64_t header_1, uint64_t header_2)
{
	return l->decoder->dups != NULL && dups_seen(l->decoder->dups, l, ip_proto, (uint64_t[2]){header_1, header_2});
}

#endif
