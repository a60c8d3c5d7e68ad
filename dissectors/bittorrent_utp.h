/* bittorrent_utp.h -- uTP, BitTorrent's transport over UDP (BEP 29): its header, and the proof that a flow speaks it.
 *
 * The header has no magic number: one datagram proves nothing. A flow is uTP when a connection's opening is answered as only
 * uTP answers (identifier and sequence number), or when both ends go on with one connection as only uTP does: identifiers that
 * differ by one, acknowledgements of what the other end has sent, and clocks that count microseconds.
 */
#ifndef PW_BITTORRENT_UTP_H
#define PW_BITTORRENT_UTP_H

#include "../sensor/base/cursor.h"

enum utp_type { UTP_DATA, UTP_FIN, UTP_STATE, UTP_RESET, UTP_SYN };

/* Borrows the datagram. */
struct utp_header {
	uint8_t type;
	uint16_t connection, sequence, acknowledged;
	uint32_t sent_us;		/* the sender's clock */
	struct cursor payload;
};

/* Can this datagram be one? */
bool utp_begins(const struct cursor *);
bool utp_parse(struct utp_header *, struct cursor datagram);

/* What is remembered of one end. Zeroed: nothing. */
struct utp_end {
	uint64_t first_ns, last_ns;	/* when its first and last packet of this connection came */
	uint32_t first_us, last_us;	/* its clock at these times */
	uint16_t connection, first_sequence, last_sequence, acknowledged;
	uint8_t packets;		/* of this connection, up to 255; 0: none */
	bool syn, acknowledges;
};

struct utp_flow {
	struct utp_end end[2];		/* by from_local */
	bool proven;
};

/* The next packet of a flow. True if it is what proves the flow. */
bool utp_proves(struct utp_flow *, const struct utp_header *, bool from_local, uint64_t ts_ns);

#endif
