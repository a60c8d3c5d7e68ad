/* stun_relay.h -- what is known of the relay that a flow speaks to: its channels, and how much went to which peer.
 *
 * Relayed media come at fifty packets a second, so they are only counted; the totals are said as facts when a direction's first
 * and second packet is seen, and then once a second at most. Bounded: more peers than there is room for take the
 * place of the one that was silent longest, and their totals start anew.
 */
#ifndef PW_STUN_RELAY_H
#define PW_STUN_RELAY_H

#include "../sensor/facts/facts.h"
#include "stun_bulk.h"

enum { STUN_CHANNELS = 8, STUN_PEERS = 8 };

struct stun_relayed {
	struct endpoint peer;
	bool used;
	uint32_t packets[2];		/* by from_local */
	uint64_t bytes[2];
	uint64_t said_ns, last_ns;
	struct stun_shape shape[2];	/* by from_local */
};

struct stun_relay {
	bool turn;			/* this flow speaks TURN */
	bool shared;			/* ... through a relay whose address many share (MS-TURN) */
	bool has_active;
	struct endpoint active;		/* MS-TURN: where data without an address goes */
	uint8_t next_channel;
	struct { struct endpoint peer; uint16_t number; } channel[STUN_CHANNELS];
	struct stun_relayed peer[STUN_PEERS];
};

/* "Somebody behind the relay": 0.0.0.0:0. */
extern const struct endpoint stun_nobody;

void stun_relay_bind(struct stun_relay *, uint16_t channel, const struct endpoint *peer);
/* The peer of a channel; stun_nobody if its binding was not seen. */
const struct endpoint *stun_relay_channel(const struct stun_relay *, uint16_t channel);

/* Is this the first packet to or from this peer? */
bool stun_relay_is_new(const struct stun_relay *, bool from_local, const struct endpoint *peer);

/* Count a packet, and say the totals if it is time. Returns where it was counted; NULL: it was empty. */
struct stun_relayed *stun_relay_data(struct stun_relay *, struct facts *, bool from_local, const struct endpoint *peer, size_t bytes,
    uint64_t ts_ns);
/* The same for data that is not relayed, but stands between messages of a stream. */
void stun_direct_data(struct stun_relayed *, struct facts *, bool from_local, size_t bytes, uint64_t ts_ns);

#endif
