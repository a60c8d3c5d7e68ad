/* event.c -- see event.h: the table of kinds, and the words that events use. */
#include "event.h"

#define PRIVACY "Potential Corporate Privacy Violation"
#define ADDRESS "Device Retrieving External IP Address Detected"
#define ODD "Detection of a non-standard protocol or event"
#define MISC "Misc activity"

/* NZISM 3.9: CID 1555 (9.3.9.C.01) peer-to-peer applications over the Internet; CID 1558 (9.3.10.C.01) files received
 * by peer-to-peer, IM or IRC. What a kind does not break it does not name. ATT&CK ids stand for the behaviour seen, not
 * for a judgement of intent; hole punching by a client is not T1599.001, which is tampering with the NAT itself. */
const struct kind_def kinds[KIND_N] = {
	[KIND_NONE] = {"none", 9100000, 3, true, 0, "PUNCHWATCH", MISC, "", ""},
	[KIND_STUN_DISCOVERY] = {"stun-discovery", 9100001, 3, true, 1,
		"PUNCHWATCH STUN discovery: inside host asked its public address", ADDRESS, "", "T1016"},
	[KIND_HOLE_PUNCH_ATTEMPT] = {"hole-punch-attempt", 9100002, 3, false, 4,
		"PUNCHWATCH P2P hole punch tried: checks to an outside peer, no path", PRIVACY, "1555", "T1095"},
	[KIND_HOLE_PUNCH] = {"hole-punch", 9100003, 1, false, 12,
		"PUNCHWATCH P2P hole punched: direct path to an outside peer", PRIVACY, "1555", "T1095"},
	[KIND_TURN_RELAY] = {"turn-relay", 9100004, 2, false, 9,
		"PUNCHWATCH P2P relayed: TURN relay to an outside peer", PRIVACY, "1555", "T1090.002"},
	[KIND_CONFERENCE] = {"conference", 9100005, 3, true, 5,
		"PUNCHWATCH VoIP conference: media with a service, not peer-to-peer", MISC, "", ""},
	[KIND_VOIP_APP] = {"voip-app", 9100006, 2, false, 3,
		"PUNCHWATCH VoIP application that can call peer-to-peer", PRIVACY, "1555", ""},
	[KIND_SKYPE] = {"skype", 9100007, 1, false, 10,
		"PUNCHWATCH Skype: legacy peer-to-peer protocol", PRIVACY, "1555", "T1095"},
	[KIND_NAT_TRAVERSAL] = {"nat-traversal", 9100008, 2, false, 8,
		"PUNCHWATCH NAT traversal without STUN", ODD, "1555", "T1095"},
	[KIND_P2P_FILESHARING] = {"p2p-filesharing", 9100009, 2, false, 7,
		"PUNCHWATCH P2P file sharing", PRIVACY, "1555,1558", ""},
	[KIND_P2P_MEDIA] = {"p2p-media", 9100010, 2, false, 6,
		"PUNCHWATCH P2P media: direct with an outside host, no STUN", PRIVACY, "1555", ""},
	[KIND_VOIP_SERVER] = {"voip-server", 9100011, 3, true, 2,
		"PUNCHWATCH VoIP telephony through a server", MISC, "", ""},
	[KIND_RELAY_TUNNEL] = {"relay-tunnel", 9100012, 1, false, 11,
		"PUNCHWATCH tunnel inside a media relay: it carries no media", PRIVACY, "1555", "T1572"},
};

const char *const classification_names[CLASS_N + 1] = {
	[CLASS_NONE] = "none", [CLASS_UNCLASSIFIED] = "UNCLASSIFIED", [CLASS_IN_CONFIDENCE] = "IN-CONFIDENCE",
	[CLASS_SENSITIVE] = "SENSITIVE", [CLASS_RESTRICTED] = "RESTRICTED", [CLASS_CONFIDENTIAL] = "CONFIDENTIAL",
	[CLASS_SECRET] = "SECRET", [CLASS_TOP_SECRET] = "TOP SECRET",
};

const char *const compliance_names[COMPLIANCE_N + 1] = {
	[COMPLIANCE_NONE] = "none", [SHOULD] = "SHOULD", [SHOULD_NOT] = "SHOULD NOT", [MUST] = "MUST", [MUST_NOT] = "MUST NOT",
};

const char *path_name(enum path p)
{
	static const char *const names[] = {
		[PATH_UNKNOWN] = "unknown", [PATH_DIRECT] = "direct", [PATH_RELAY] = "relay",
		[PATH_CONFERENCE] = "conference", [PATH_SERVER] = "server",
	};

	return p <= PATH_SERVER ? names[p] : "unknown";
}

const char *nat_name(enum nat n)
{
	static const char *const names[] = {
		[NAT_UNKNOWN] = "unknown", [NAT_NONE] = "none", [NAT_INDEPENDENT] = "endpoint-independent",
		[NAT_DEPENDENT] = "address-dependent",
	};

	return n <= NAT_DEPENDENT ? names[n] : "unknown";
}

const char *scope_name(enum scope s)
{
	static const char *const names[] = {
		[SCOPE_PUBLIC] = "public", [SCOPE_HOSTING] = "hosting", [SCOPE_SERVICE] = "service",
		[SCOPE_RELAY] = "relay", [SCOPE_UNROUTABLE] = "unroutable", [SCOPE_INSIDE] = "inside",
	};

	return s <= SCOPE_INSIDE ? names[s] : "public";
}

const char *crypto_result_name(enum crypto_result r)
{
	static const char *const names[] = {[CRYPTO_NONE] = "", [CRYPTO_PASS] = "pass", [CRYPTO_FAIL] = "fail", [CRYPTO_UNKNOWN] = "unknown"};

	return r <= CRYPTO_UNKNOWN ? names[r] : "";
}

const char *crypto_visible_name(enum crypto_visible v)
{
	static const char *const names[] = {
		[VISIBLE_NONE] = "none", [VISIBLE_OFFERED] = "offered-only", [VISIBLE_PARTIAL] = "partial", [VISIBLE_FULL] = "full",
	};

	return v <= VISIBLE_FULL ? names[v] : "none";
}

const char *const crypto_class_names[4] = {"algorithm-weak", "protocol-not-approved", "in-clear", "not-visible"};

size_t event_size(const struct event *e)
{
	switch (e->type) {
	case EVENT_ALERT:
	case EVENT_SESSION:
		return offsetof(struct event, alert.evidence) + e->alert.n_evidence * sizeof e->alert.evidence[0];
	case EVENT_STUN:
		return offsetof(struct event, stun.details) + e->stun.details_len;
	case EVENT_STATS:
		return offsetof(struct event, stats) + sizeof e->stats;
	case EVENT_FLOW:
		break;
	}
	return offsetof(struct event, alert);
}
