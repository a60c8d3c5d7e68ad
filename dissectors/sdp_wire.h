/* sdp_wire.h -- a session description (RFC 8866), as SIP, MGCP and Megaco carry it: where media are to go, and how protected. */
#ifndef PW_SDP_WIRE_H
#define PW_SDP_WIRE_H

#include "line.h"

enum { SDP_MEDIA = 8, SDP_CANDIDATES = 8, SDP_SUITES = 4, SDP_LINES = 512 };

struct sdp_medium {
	struct cursor what, profile;		/* "audio", "RTP/AVP" */
	struct endpoint at;
	uint8_t n_candidates, n_suites;
	struct endpoint candidate[SDP_CANDIDATES];	/* ICE: with an address, UDP */
	struct cursor suite[SDP_SUITES];	/* SDES: names of cipher suites; the keys are never looked at */
	struct cursor fingerprint;		/* name of the hash function; empty: none */
	bool zrtp;				/* a hash of a ZRTP Hello */
};

struct sdp {
	unsigned n;
	struct sdp_medium medium[SDP_MEDIA];
};

/* The description in this body, which may have other parts before and behind it. False: there is none, or no medium that
 * anybody wants to receive anywhere. */
bool sdp_parse(struct sdp *, struct cursor body);

#endif
