/* fact_core.h -- the vocabulary that the correlator understands.
 *
 * Whoever sees one of these says it with the same number, whatever the protocol: a STUN check, a vendor's own hello that
 * does the same job, a flow's totals. from_local in the message says which way it travelled.
 *
 *   F(identifier, "name", TYPE, "what it means")
 */
#ifndef PW_FACT_CORE_H
#define PW_FACT_CORE_H

#define CORE_FACTS(F) \
	/* said by the flow stage */ \
	F(FLOW_NEW, "flow.new", FLAG, "the flow is first spoken of; its first packet may be earlier (flow_start_ns)") \
	F(FLOW_END, "flow.end", BYTES, "the flow is over: timeout, closed, evicted, shutdown; with its totals") \
	F(FLOW_PACKETS_OUT, "flow.packets_out", UINT, "packets from local so far") \
	F(FLOW_PACKETS_IN, "flow.packets_in", UINT, "packets to local so far") \
	F(FLOW_BYTES_OUT, "flow.bytes_out", UINT, "bytes on the wire from local so far") \
	F(FLOW_BYTES_IN, "flow.bytes_in", UINT, "bytes on the wire to local so far") \
	F(FLOW_LAST_NS, "flow.last_ns", UINT, "time of the flow's last packet") \
	F(FLOW_INTERFACE, "flow.interface", UINT, "capture interface of the first packet") \
	F(FLOW_UNREACHABLE, "flow.unreachable", UINT, "an ICMP error said that local's packet did not arrive; its code") \
	F(FLOW_CROSSED, "flow.crossed", FLAG, "TCP: both ends sent a SYN before either answered, and are connected: a simultaneous open") \
	F(FLOW_APP, "flow.app_proto", BYTES, "the protocol that the flow speaks, as app_proto in events: stun, turn, dtls, ...") \
	F(HOST_MAC, "host.mac", BYTES, "Ethernet address of the inside host, unless it is a router's") \
	F(HOST_VLAN, "host.vlan", UINT, "VLAN of the inside host") \
	F(DATA_OUT_PACKETS, "data.out_packets", UINT, "packets of application data from local so far: not signalling, not empty") \
	F(DATA_OUT_BYTES, "data.out_bytes", UINT, "payload bytes of these") \
	F(DATA_IN_PACKETS, "data.in_packets", UINT, "packets of application data to local so far") \
	F(DATA_IN_BYTES, "data.in_bytes", UINT, "payload bytes of these") \
	F(NDPI_PROTO, "ndpi.proto", BYTES, "nDPI's label for the flow, in its spelling") \
	F(NDPI_CONFIDENCE, "ndpi.confidence", BYTES, "how nDPI came to it: DPI, port, address") \
	F(NDPI_VERSION, "ndpi.version", BYTES, "the version of nDPI that said so") \
	F(BORDER, "flow.border", FLAG, "both ends are inside, but it concerns the border: port mapping, local peer discovery") \
	/* what signatures read in the flow itself; the worker says it where some signature's bytes fit */ \
	F(PAYLOAD, "payload", BYTES, "the first bytes of a datagram, or of one direction of a stream") \
	F(PAYLOAD_LEN, "payload.len", UINT, "how long the datagram is") \
	/* names of the far end, from whatever dissector sees one */ \
	F(HOST, "host", BYTES, "name of the far end: from TLS, QUIC, HTTP, or a DNS answer that this host was given") \
	F(HOST_FROM, "host.from", BYTES, "what named it: tls, quic, http, dns") \
	F(ALPN, "alpn", BYTES, "a protocol that the client offers to speak inside TLS, DTLS or QUIC: h2, stun.turn, webrtc") \
	/* how the flow is encrypted, whoever sees it: a handshake (tls, dtls), an agreement in signalling (SDES), a media protocol
	 * (ZRTP, plain RTP). What is offered and what is chosen come in messages of their own, as they are seen; the numbers are
	 * IANA's. A key itself is never said. Judged by sensor/crypto/. */ \
	F(CRYPTO_PROTOCOL, "crypto.protocol", BYTES, "what protects it: TLS, DTLS, SDES, ZRTP; RTP: nothing does; SRTP: keys agreed upon out of sight") \
	F(CRYPTO_VERSION, "crypto.version", UINT, "the version chosen, as on the wire: 0x0303 is TLS 1.2, 0xfefd DTLS 1.2") \
	F(CRYPTO_SUITE, "crypto.suite", UINT, "the cipher suite chosen: 0xc02f") \
	F(CRYPTO_SUITE_NAME, "crypto.suite.name", BYTES, "the same where it is a name: SDES AES_CM_128_HMAC_SHA1_80, ZRTP AES3-S384-EC38-HS80") \
	F(CRYPTO_GROUP, "crypto.group", UINT, "the group of the key exchange: 23 is P-256, 29 X25519") \
	F(CRYPTO_DH_BITS, "crypto.dh_bits", UINT, "Diffie-Hellman without a named group: bits of its prime") \
	F(CRYPTO_SRTP, "crypto.srtp", UINT, "the SRTP profile chosen: 7 is AEAD_AES_128_GCM") \
	F(CRYPTO_SIGNATURE, "crypto.signature", UINT, "what signed the key exchange: 0x0804 is rsa_pss_rsae_sha256") \
	F(CRYPTO_CERT, "crypto.cert", BYTES, "a certificate of the sender's chain: leaf RSA-2048 RSA-SHA256") \
	F(CRYPTO_CERT_CUT, "crypto.cert.cut", FLAG, "the chain has more certificates than these") \
	F(CRYPTO_RESUMED, "crypto.resumed", FLAG, "goes on with keys from before: neither certificate nor all of the key exchange is seen") \
	F(CRYPTO_KEY_IN_CLEAR, "crypto.key_in_clear", FLAG, "whoever sees the signalling has the key (SDES in plain SIP)") \
	F(CRYPTO_OFFER, "crypto.offer", FLAG, "a ClientHello, or another offer, was seen") \
	F(CRYPTO_OFFER_SUITES, "crypto.offer.suites", BYTES, "suites offered, two bytes each") \
	F(CRYPTO_OFFER_GROUPS, "crypto.offer.groups", BYTES, "groups offered, two bytes each") \
	F(CRYPTO_OFFER_SRTP, "crypto.offer.srtp", BYTES, "SRTP profiles offered, two bytes each") \
	/* names in passing: such messages begin with NAMING or DNS_ANSWER, and are not about the flow that carried them */ \
	F(NAMING, "naming", FLAG, "tells names of others than the flow's far end") \
	F(DNS_ANSWER, "dns.answer", BYTES, "the same: what the local end was answered; seconds (4 bytes), addresses (1: how many; 16 each), labels") \
	F(CARD, "card", BYTES, "the same: an Ethernet address, seen for the first time next to:") \
	F(CARD_AT, "card.at", ENDPOINT, "this address") \
	F(CARD_OUTSIDE, "card.outside", FLAG, "which is not an inside one: so the card is a router's") \
	F(INSIDE_NAME, "inside.name", BYTES, "name of an inside host (DHCP)") \
	F(INSIDE_ADDRESS, "inside.address", ENDPOINT, "the address that an inside host was given") \
	F(INSIDE_GIVEN, "inside.given", FLAG, "the DHCP server says so: it gave the address, or agreed to it") \
	/* in the header of every message: to be read in signatures, never said, and no reason to look at a line */ \
	F(PROTO, "proto", BYTES, "transport: udp, tcp") \
	F(REMOTE, "remote", ENDPOINT, "the outside end: remote in (192.0.2.0/24, 2001:db8::/32)") \
	F(LOCAL_PORT, "local.port", UINT, "port of the inside end") \
	F(REMOTE_PORT, "remote.port", UINT, "port of the outside end") \
	F(OUTGOING, "outgoing", FLAG, "the inside end sent it") \
	F(OPENED, "opened", FLAG, "the inside end sent the flow's first packet") \
	F(TWO_WAY, "two-way", FLAG, "both ends have sent packets on this flow") \
	F(NESTED, "nested", FLAG, "it travelled inside a relay's message") \
	/* said by dissectors: a message's place in its exchange */ \
	F(TX_MATCHED, "tx.matched", FLAG, "an answer to a request that was seen on this flow") \
	F(TX_ORPHAN, "tx.orphan", FLAG, "an answer to a request that was not seen") \
	F(TX_REPEATED, "tx.repeated", FLAG, "a request or answer seen before: a retransmission") \
	F(TX_RTT_US, "tx.rtt_us", UINT, "microseconds from the (last) request to its answer") \
	/* discovery: a socket asks a server for its own address */ \
	F(STUN_QUERY, "stun.query", FLAG, "a request that asks for the own address and nothing else") \
	F(STUN_ANSWER, "stun.answer", FLAG, "the answer of a server to such a request") \
	F(STUN_BEHAVIOUR, "stun.behaviour", FLAG, "the query or answer probes how the NAT behaves (RFC 3489 CHANGE-REQUEST, RFC 5780)") \
	F(STUN_MAPPED, "stun.mapped", ENDPOINT, "the address that the other end sees (in an answer)") \
	F(STUN_OTHER, "stun.other", ENDPOINT, "the server's other address (OTHER-ADDRESS, CHANGED-ADDRESS)") \
	F(STUN_ERROR, "stun.error", UINT, "error code of an error answer, 300 to 699") \
	F(STUN_INDICATION, "stun.indication", FLAG, "a Binding indication: keeps the NAT's mapping open") \
	F(STUN_FINGERPRINT, "stun.fingerprint", UINT, "FINGERPRINT is there: 1 right, 0 wrong") \
	F(STUN_COOKIELESS, "stun.cookieless", FLAG, "no magic cookie: RFC 3489 or a vendor's own form") \
	F(STUN_MALFORMED, "stun.malformed", FLAG, "the header is STUN, the attributes are not readable to the end") \
	/* connectivity checks between two ends (ICE, and vendors' checks that do the same) */ \
	F(ICE_CHECK, "ice.check", FLAG, "a check: asks the other end whether packets arrive") \
	F(ICE_ANSWER, "ice.answer", FLAG, "a success answer to a check") \
	F(ICE_PLAIN, "ice.plain", FLAG, "a check or answer without USERNAME, only MESSAGE-INTEGRITY (WhatsApp)") \
	F(ICE_USERNAME, "ice.username", BYTES, "USERNAME of a check: receiver's fragment, colon, sender's fragment") \
	F(ICE_NOMINATED, "ice.nominated", FLAG, "the check nominates the pair (USE-CANDIDATE, or libwebrtc's NOMINATION)") \
	F(ICE_PRIORITY, "ice.priority", UINT, "PRIORITY of a check") \
	F(ICE_CONTROLLING, "ice.controlling", UINT, "sender controls: its tie-breaker") \
	F(ICE_CONTROLLED, "ice.controlled", UINT, "sender is controlled: its tie-breaker") \
	F(ICE_ROLE_CONFLICT, "ice.role_conflict", FLAG, "error 487: both ends wanted the same role") \
	/* relays */ \
	F(TURN_REQUEST, "turn.request", FLAG, "asks for an allocation on a relay") \
	F(TURN_ALLOCATED, "turn.allocated", ENDPOINT, "the relay gave this address (0.0.0.0:0 if it does not say)") \
	F(TURN_LIFETIME, "turn.lifetime", UINT, "seconds that the allocation, permission or channel lives") \
	F(TURN_REFUSED, "turn.refused", UINT, "the relay refused: its error code (401 is the normal start)") \
	F(TURN_PEER, "turn.peer", ENDPOINT, "a peer behind the relay: permission, channel, indication") \
	F(TURN_CHANNEL, "turn.channel", UINT, "channel number") \
	F(TURN_CLOSED, "turn.closed", FLAG, "the allocation was given back (LIFETIME 0)") \
	F(TURN_TRAFFIC, "turn.traffic", FLAG, "other traffic that only a relay and its client exchange (Refresh, vendors' pings)") \
	F(TURN_SHARED, "turn.shared", FLAG, "the relay address is shared by many; the peer may be behind another relay (MS-TURN)") \
	F(PROXY, "proxy", BYTES, "the far end was asked to go between: connect (HTTP), socks4, socks5; what follows is with somebody else") \
	F(PROXY_TARGET, "proxy.target", ENDPOINT, "to whom it leads; 0.0.0.0 if it was named, or in each datagram anew: on all messages of such a flow") \
	F(PEER, "peer", ENDPOINT, "nested messages and relayed data: the end behind the relay") \
	/* media: what is said of voice and pictures, whoever carries them */ \
	F(MEDIA, "media", BYTES, "media travel here, proved by several packets or by signalling: rtp, rtcp, t38, zrtp") \
	F(MEDIA_CLASS, "media.class", BYTES, "what they look like: voice, video, fax, data, file") \
	F(MEDIA_PROTECTION, "media.protection", BYTES, "how they are protected, by the bytes alone: none, srtp") \
	/* signalling that says where media will go (SDP); one message for each medium */ \
	F(CALL, "call", UINT, "the call that signalling belongs to: a hash of its identifier") \
	F(SDP_SENDER, "sdp.sender", ENDPOINT, "where the description's sender says it can be called itself (port 0: not said)") \
	F(SDP_AGENT, "sdp.agent", BYTES, "the program that it says it is") \
	F(SDP_AT, "sdp.at", ENDPOINT, "where its sender wants to receive the media") \
	F(SDP_MEDIUM, "sdp.medium", BYTES, "audio, video, image, application") \
	F(SDP_PROFILE, "sdp.profile", BYTES, "transport: RTP/AVP, RTP/SAVP, UDP/TLS/RTP/SAVPF, udptl") \
	F(SDP_CANDIDATE, "sdp.candidate", ENDPOINT, "an ICE candidate: a further place to receive at") \
	F(SDP_CRYPTO, "sdp.crypto", BYTES, "a cipher suite that is offered or chosen with its key in the signalling (SDES); never the key") \
	F(SDP_FINGERPRINT, "sdp.fingerprint", BYTES, "hash function of the certificate's fingerprint (DTLS-SRTP)") \
	F(SDP_ZRTP, "sdp.zrtp", FLAG, "a hash of a ZRTP Hello: keys will be agreed upon in the media") \
	F(TELEPHONY, "telephony", BYTES, "signalling of telephone calls: sip, h323, sccp, mgcp, iax2, megaco") \
	/* who is speaking */ \
	F(DIALECT, "dialect", BYTES, "the vendor's dialect that the bytes themselves show: ms-turn, meta-relay, zoom, ...") \
	F(SOFTWARE, "stun.software", BYTES, "SOFTWARE of either end") \
	F(REALM, "stun.realm", BYTES, "REALM: names the operator of the relay") \
	/* detail mode only: one message as text */ \
	F(DETAIL, "detail", BYTES, "one attribute as NAME=value; only when asked for") \
	F(DETAIL_METHOD, "detail.method", BYTES, "method by name, e.g. BINDING") \
	F(DETAIL_CLASS, "detail.class", BYTES, "REQUEST, INDICATION, RESPONSE_SUCCESS, RESPONSE_ERROR") \
	F(DETAIL_TRANSACTION, "detail.transaction", BYTES, "transaction id, in hexadecimal")

enum fact_core {
#define F(id, name, type, about) FACT_##id,
	CORE_FACTS(F)
#undef F
	FACT_CORE_N
};

#endif
