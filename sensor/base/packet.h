/* packet.h -- a frame as captured, and a packet as decoded. Both borrow their bytes. */
#ifndef PW_PACKET_H
#define PW_PACKET_H

#include "addr.h"
#include "cursor.h"

/* What a capture source hands on. Valid until the handler returns. */
struct frame {
	uint64_t ts_ns;		/* since 1970, UTC */
	uint64_t number;	/* 1 for the first frame of the whole run: pcap_cnt in events */
	const uint8_t *bytes;
	uint32_t captured;	/* bytes that are here */
	uint32_t length;	/* bytes that were on the wire */
	uint16_t link_type;	/* LINKTYPE_ of the pcap and pcapng formats */
	uint16_t interface;	/* index for capture_interface() */
};

enum {
	TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10, TCP_URG = 0x20,
};

enum packet_what {
	PACKET_DATA,		/* UDP or TCP with a readable header: belongs to a flow */
	PACKET_UNREACHABLE,	/* ICMP(v6) error: src/dst/ip_proto are those of the packet it quotes, as that
				 * packet travelled; payload is empty. It tells that src's packet to dst failed */
};

/* One decoded packet, innermost addresses. */
struct packet {
	uint64_t ts_ns;
	uint64_t number;
	struct endpoint src, dst;
	enum packet_what what;
	uint8_t ip_proto;	/* IPPROTO_UDP or IPPROTO_TCP */
	uint8_t tcp_flags;
	uint8_t icmp_code;	/* PACKET_UNREACHABLE: the ICMP code, as it was */
	uint8_t tunnels;	/* how many tunnels it was taken out of */
	uint8_t nth;		/* of its frame: 0, or 1 for what is in a Teredo datagram */
	bool tunnel_ends;	/* one of them was an IP packet's; the outermost of these went */
	struct addr tunnel_src, tunnel_dst;
	uint8_t n_vlans;
	bool has_mac;		/* Ethernet addresses of the frame that the packet was in; not so in a tunnel, but for
				 * ERSPAN, which carries the mirrored frame itself */
	bool cut;		/* payload is shorter than it was on the wire */
	uint16_t vlan[2];	/* VLAN ids, outer first */
	uint16_t interface;
	uint32_t tcp_seq, tcp_ack;
	uint32_t wire_len;	/* length of the frame on the wire: what byte counters count */
	uint32_t payload_len;	/* transport payload on the wire; payload.left may be less (cut) */
	uint8_t src_mac[6], dst_mac[6];
	struct cursor payload;	/* transport payload */
	struct cursor ip;	/* the whole IP packet, header first (nDPI reads it); one put together from fragments looks as if
				 * it had never been cut. Empty in PACKET_UNREACHABLE */
};

#endif
