/* control.c -- see control.h. */
#include "control.h"

#include <strings.h>

#define K(kind) (1u << KIND_##kind)
#define C(class) (1u << CLASS_##class)

enum {
	HIGH = C(CONFIDENTIAL) | C(SECRET) | C(TOP_SECRET),
	MIDDLE = C(SENSITIVE) | C(RESTRICTED),
	LOW = C(UNCLASSIFIED) | C(IN_CONFIDENCE),
	ALL = LOW | MIDDLE | HIGH,

	PEER_TO_PEER = K(HOLE_PUNCH_ATTEMPT) | K(HOLE_PUNCH) | K(TURN_RELAY) | K(VOIP_APP) | K(SKYPE) | K(NAT_TRAVERSAL) |
	    K(P2P_FILESHARING) | K(P2P_MEDIA) | K(RELAY_TUNNEL),
	/* Something goes out and comes in: an attempt, and a question for an address, carry nothing. */
	CARRIES = (PEER_TO_PEER & ~K(HOLE_PUNCH_ATTEMPT)) | K(CONFERENCE) | K(VOIP_SERVER),
	CALLS = K(HOLE_PUNCH) | K(TURN_RELAY) | K(CONFERENCE) | K(VOIP_APP) | K(SKYPE) | K(P2P_MEDIA) | K(VOIP_SERVER),
};

const struct control nzism_controls[] = {
	{1555, SHOULD_NOT, ALL, PEER_TO_PEER, "", "personnel use peer-to-peer applications over the Internet (9.3.9.C.01)", 0},
	{1558, SHOULD_NOT, ALL, K(P2P_FILESHARING), "", "personnel receive files by peer-to-peer, IM or IRC (9.3.10.C.01)", 0},
	{2089, MUST, HIGH, CARRIES, "", "information leaves through high assurance cryptographic equipment only (17.1.55.C.01)", 0},
	{2090, MUST, MIDDLE, CARRIES, "", "what crosses the Internet is encrypted by approved algorithm and protocol (17.1.55.C.02)", 0},
	{2092, SHOULD, LOW, CARRIES, "", "what crosses the Internet is encrypted by approved algorithm and protocol (17.1.55.C.04)", 0},
	{3728, SHOULD, ALL, CALLS, "", "signalling and data of telephony and conferences are encrypted (18.3.9.C.01)", 0},
	{3770, SHOULD_NOT, HIGH, CALLS, "", "softphones or webcams are used (18.3.16.C.03)", 0},
	{4012, MUST, ALL, K(NAT_TRAVERSAL), "Teredo", "IPv6 tunnels are blocked at the border (18.5.10.C.01)", 0},
};
const unsigned n_nzism_controls = sizeof nzism_controls / sizeof *nzism_controls;

bool control_applies(const struct control *c, enum classification class, enum kind kind, const char *app)
{
	return (c->classes >> class & 1) != 0 && (c->kinds >> kind & 1) != 0 && (c->app[0] == '\0' || strcasecmp(c->app, app) == 0);
}

uint8_t classification_severity(enum classification class, enum kind kind, uint8_t severity)
{
	bool carries = (CARRIES >> kind & 1) != 0 || kind == KIND_HOLE_PUNCH_ATTEMPT;

	return (HIGH >> class & 1) != 0 && carries && severity > 1 ? severity - 1 : severity;
}
