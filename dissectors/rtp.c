/* rtp.c -- RTP and RTCP, and SRTP and SRTCP, which look the same: the dissector.
 *
 * Media are no signalling: a datagram of a stream stays data of its flow (a glance), and little is said about it: once when a
 * direction's stream is proved (rtp_stream.h), and again when more is known of it.
 */
#include "dissector.h"
#include "rtp_stream.h"

#include <netinet/in.h>

enum {
	STREAMS = 4,			/* of one direction: voice, video, its repairs, and one to look at */
	RTCP_PROOF = 3, RTCP_PROOF_WHOLE = 2,
	SAYINGS = 3,			/* of one stream: */
	SAY_AGAIN = 64,			/* when proved, and at RTP_JUDGED packets and at these if it looks different by then */
	SAYINGS_FLOW = 64,
	ENOUGH = 2048,			/* packets of a flow: what is not known by then is not learnt */
	GIVE_UP = 64,
};

enum rtp_fact {
	RTP_FACT_STREAM = FACT_OWN,
	RTP_FACT_PAYLOAD_TYPE,
	RTP_FACT_EXTENSION,
	RTP_FACT_PACKETS,
	RTP_FACT_BYTES,
	RTP_FACT_SHARE,
	RTCP_FACT_SENDER,
	RTCP_FACT_TYPE,
	RTP_FACT_END
};

static const struct fact_def fact_defs[RTP_FACT_END - FACT_OWN] = {
	{"rtp.stream", FACT_UINT, "a stream of media, by its source identifier (SSRC)"},
	{"rtp.payload_type", FACT_UINT, "payload type: 0 and 8 are G.711, 18 G.729, from 96 on they are agreed upon"},
	{"rtp.extension", FACT_UINT, "profile of its header extension: 0xbede (RFC 8285), 0xdebe (WhatsApp)"},
	{"rtp.packets", FACT_UINT, "packets of the stream so far"},
	{"rtp.bytes", FACT_UINT, "bytes of their payload"},
	{"rtp.share_time", FACT_UINT, "packets with the time stamp of the one before: parts of one picture"},
	{"rtcp.sender", FACT_UINT, "who reports about streams, by its source identifier"},
	{"rtcp.type", FACT_UINT, "200 sender report, 201 receiver report, 202 description"},
};

struct rtcp_sender {
	uint32_t ssrc;
	uint8_t packets, whole;
	bool proven;
};

struct rtp_state {
	struct rtp_stream stream[2][STREAMS];	/* by from_local */
	struct rtcp_sender rtcp[2];
	uint16_t looked;
	uint8_t sayings;
	bool said_app;
	bool media;			/* something is proved, of either end */
};

_Static_assert(sizeof(struct rtp_state) <= 1024, "the state of a flow has outgrown its budget");

/* --- telling --- */

static void say_app(struct rtp_state *st, const struct input *in, struct facts *f, const char *name)
{
	if (!st->said_app && !in->nested)
		fact_text(f, FACT_FLOW_APP, name);
	st->said_app = true;
}

static void say_class(struct facts *f, enum rtp_class class)
{
	if (class != RTP_CLASS_UNKNOWN)
		fact_text(f, FACT_MEDIA_CLASS, class == RTP_VOICE ? "voice" : "video");
}

static void say_protection(struct facts *f, enum rtp_protection p)
{
	if (p != RTP_PROTECTION_UNKNOWN)
		fact_text(f, FACT_MEDIA_PROTECTION, p == RTP_PLAIN ? "none" : "srtp");
}

/* Is it time to say what it looks like? */
static bool is_to_say(const struct rtp_state *st, const struct rtp_stream *s)
{
	static const uint32_t at[SAYINGS] = {RTP_PROOF, RTP_JUDGED, SAY_AGAIN};

	return s->proven && s->said < SAYINGS && s->packets >= at[s->said] && st->sayings < SAYINGS_FLOW;
}

static void say_stream(struct rtp_state *st, const struct input *in, struct rtp_stream *s, struct facts *f)
{
	enum rtp_class class = rtp_stream_class(s);
	enum rtp_protection protection = rtp_stream_protection(s);

	s->said++;
	if (s->said > 1 && class == s->said_class && protection == s->said_protection)
		return;		/* nothing new */
	s->said_class = (uint8_t)class;
	s->said_protection = (uint8_t)protection;
	st->sayings++;
	facts_begin(f);
	say_app(st, in, f, "rtp");
	fact_text(f, FACT_MEDIA, "rtp");
	fact_uint(f, RTP_FACT_STREAM, s->ssrc);
	fact_uint(f, RTP_FACT_PAYLOAD_TYPE, s->payload_type);
	if (s->has_extension)
		fact_uint(f, RTP_FACT_EXTENSION, s->extension);
	fact_uint(f, RTP_FACT_PACKETS, s->packets);
	fact_uint(f, RTP_FACT_BYTES, s->bytes);
	fact_uint(f, RTP_FACT_SHARE, s->same_time);
	say_class(f, class);
	say_protection(f, protection);
}

static void say_rtcp(struct rtp_state *st, const struct input *in, const struct rtcp_sender *r, const struct rtcp_header *h,
    struct facts *f)
{
	if (st->sayings == SAYINGS_FLOW)
		return;
	st->sayings++;
	facts_begin(f);
	say_app(st, in, f, "rtcp");
	fact_text(f, FACT_MEDIA, "rtcp");
	fact_uint(f, RTCP_FACT_SENDER, r->ssrc);
	fact_uint(f, RTCP_FACT_TYPE, h->type);
	say_protection(f, r->whole == r->packets ? RTP_PLAIN : r->whole == 0 ? RTP_SECURE : RTP_PROTECTION_UNKNOWN);
}

/* --- the two protocols --- */

static enum verdict rtcp(struct rtp_state *st, const struct input *in, struct facts *f)
{
	struct rtcp_sender *r = &st->rtcp[in->from_local];
	struct rtcp_header h;

	if (!rtcp_parse(&h, in->bytes))
		return V_NO;
	if (r->packets == 0 || r->ssrc != h.ssrc) {
		if (r->proven)
			return V_YES;	/* one report a stream: whose was said */
		*r = (struct rtcp_sender){.ssrc = h.ssrc};
	}
	if (r->packets < UINT8_MAX) {
		r->packets++;
		r->whole += h.whole;
	}
	if (r->proven)
		return V_YES;
	if (r->packets < RTCP_PROOF && r->whole < RTCP_PROOF_WHOLE && !(st->media && h.whole))
		return V_MORE;
	r->proven = st->media = true;
	say_rtcp(st, in, r, &h, f);
	return V_YES;
}

static bool is_told(const struct rtp_stream *s)
{
	return s->said == SAYINGS || (s->said > 1 && s->said_class != RTP_CLASS_UNKNOWN && s->said_protection != RTP_PROTECTION_UNKNOWN);
}

/* All that is going on in this direction, and something is. */
static bool all_told(const struct rtp_stream list[STREAMS])
{
	bool any = false;

	for (unsigned i = 0; i < STREAMS; i++) {
		if (list[i].proven && !is_told(&list[i]))
			return false;
		any = any || list[i].proven;
	}
	return any;
}

static enum verdict rtp(struct rtp_state *st, const struct input *in, struct facts *f)
{
	struct rtp_stream *s;
	struct rtp_header h;

	if (!rtp_parse(&h, in->bytes))
		return V_NO;
	s = rtp_stream_for(st->stream[in->from_local], STREAMS, &h);
	rtp_stream_add(s, &h, in->packet->ts_ns);
	if (!s->proven)
		return V_MORE;
	st->media = true;
	st->looked++;
	if (is_to_say(st, s)) {
		say_stream(st, in, s, f);
		/* Media may go on for hours, and look the same all the time. */
		if (all_told(st->stream[0]) && all_told(st->stream[1]))
			return V_DONE;
	}
	return st->looked >= ENOUGH ? V_DONE : V_YES;
}

static bool first(const struct cursor *c)
{
	return rtp_begins(c) || rtcp_begins(c);
}

static enum verdict dissect(struct input *in, void *state, struct facts *f)
{
	struct rtp_state *st = state;

	return rtcp_begins(&in->bytes) ? rtcp(st, in, f) : rtp(st, in, f);
}

const struct dissector rtp_dissector = {
	.name = "rtp",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.ip_proto = IPPROTO_UDP,
	.give_up = GIVE_UP,
	.glance = true,
	.state_size = sizeof(struct rtp_state),
	.first = first,
	.udp = {{0x80, 0xbf}},
	.opening = OPENING_ALL,
	.dissect = dissect,
};
