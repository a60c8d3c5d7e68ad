/* skype.c -- the legacy Skype protocol: the dissector. Clients spoke it until 2017; old ones still try.
 *
 * skype_wire knows the bytes, skype_udp what a flow of datagrams shows, skype_tcp how connections begin, skype_http the
 * little that goes over HTTP. What only several flows show together is derived later (sensor/session/derive_skype.c).
 */
#include "skype_say.h"

enum {
	GIVE_UP = 255,
	OPENING = 4,
	DNS_PORT = 53,
};

static const struct fact_def defs[SKYPE_FACT_END - FACT_OWN] = {
	{"skype.request", FACT_FLAG, "a datagram that has the form of a request: proves nothing by itself"},
	{"skype.id", FACT_UINT, "its message id; counts up by two from request to request of one endpoint"},
	{"skype.iv", FACT_UINT, "its IV"},
	{"skype.len", FACT_UINT, "its length"},
	{"skype.back", FACT_UINT, "length of a request that went against one before: 18 accepts, 26, 51 and 53 refuse"},
	{"skype.repeated", FACT_FLAG, "a request again: same id and checksum, another IV, all other bytes new"},
	{"skype.nak", FACT_UINT, "a request was refused by its id: 1 with the address that the answer went to, 0 with another public one"},
	{"skype.public", FACT_ENDPOINT, "the public address that a refusal told the asker"},
	{"skype.resend", FACT_FLAG, "the refused request again: id, checksum and the refusal's nonce"},
	{"skype.fragment", FACT_FLAG, "a fragment that answers a request by its id"},
	{"skype.signalling", FACT_UINT, "so many datagrams of the flow, more than 90 % of it, have a function that Skype has"},
	{"skype.media", FACT_BYTES, "media, end to end: call, file-out, file-in, relayed-out, relayed-in (one way only)"},
	{"skype.media_packets", FACT_UINT, "packets of media when that was said"},
	{"skype.opening", FACT_BYTES, "how a TCP message begins: tls-hello, tls-answer, exchange, stream, port80, login-hello, login-pair, login, "
	    "login-old"},
	{"skype.ring", FACT_UINT, "bytes of its padding that follow one another in Skype's ring: 8 bits each but for the first"},
	{"skype.login", FACT_FLAG, "the client logs in"},
	{"skype.logged_in", FACT_FLAG, "the login was answered"},
	{"skype.version", FACT_BYTES, "version in a check for a newer one (HTTP); empty if it is not in it"},
	{"skype.agent", FACT_BYTES, "User-Agent that names Skype"},
	{"skype.listener", FACT_FLAG, "answers HTTP with a bare 404 or 501, as Skype's own listener does"},
	{"skype.named", FACT_BYTES, "version of a client, from a name that it asks for: 335.0.7.7.3.rst6.r.skype.net is 7.7.0.335"},
};

union state {
	struct skype_udp udp;
	struct skype_tcp tcp;
};

static bool first(const struct cursor *c)
{
	uint8_t function = cur_peek_u8(c, 2);

	if ((function & 0xfe) == 0)
		return skype_is_name(c);
	return function == 0x02 ? c->left >= SKYPE_REQUEST_LEAST : (function & 0x8f) == 0x0d;
}

/* Whom it asks, and whether it is answered, does not matter. */
static enum verdict named(struct input *in, struct facts *facts)
{
	char version[SKYPE_VERSION];

	if (!skype_name(in->bytes, version))
		return V_NO;
	facts_begin(facts);
	fact_flag(facts, FACT_BORDER);
	fact_text(facts, SKYPE_FACT_NAMED, version);
	return V_MORE;
}

static enum verdict dissect(struct input *in, void *state, struct facts *facts)
{
	union state *st = state;

	if (in->stream)
		return skype_stretch(in, &st->tcp, facts);
	return in->packet->dst.port == DNS_PORT && !in->nested ? named(in, facts) : skype_datagram(in, &st->udp, facts);
}

const struct dissector skype_dissector = {
	.name = "skype",
	.facts = defs,
	.n_facts = sizeof defs / sizeof defs[0],
	.give_up = GIVE_UP,
	.opening = OPENING,
	.follows = FOLLOWS_ALL,
	.state_size = sizeof(union state),
	.first = first,
	.begins = skype_begins,
	.udp_third = {{0x00, 0x02}, {0x0d, 0x0d}, {0x1d, 0x1d}, {0x2d, 0x2d}, {0x3d, 0x3d}, {0x4d, 0x4d}, {0x5d, 0x5d}, {0x6d, 0x6d}, {0x7d, 0x7d}},
	.dissect = dissect,
};
