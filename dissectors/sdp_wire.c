/* sdp_wire.c -- see sdp_wire.h. RFC 8866; ICE: RFC 8839; SDES: RFC 4568; fingerprints: RFC 8122; ZRTP: RFC 6189, 8. */
#include "sdp_wire.h"

/* What stands before the first medium holds for all that do not say it themselves. */
struct common {
	struct addr at;
	bool has_at;
	struct cursor fingerprint;
	bool zrtp;
};

/* "IN IP4 203.0.113.5/127" */
static bool connection(struct cursor v, struct addr *to)
{
	struct cursor net = line_word(&v, " "), kind = line_word(&v, " "), host = line_word(&v, " /");

	return line_is(&net, "IN") && (line_is(&kind, "IP4") || line_is(&kind, "IP6")) && line_addr(host, to);
}

/* "audio 49170/2 RTP/AVP 0 8" */
static bool medium(struct cursor v, struct sdp_medium *m)
{
	struct cursor port;
	uint32_t n;

	memset(m, 0, sizeof *m);
	m->what = line_word(&v, " ");
	port = line_word(&v, " ");
	m->profile = line_word(&v, " ");
	if (!line_number(&port, UINT16_MAX, &n) || n == 0 || m->what.left == 0 || m->profile.left == 0)
		return false;
	m->at.port = (uint16_t)n;
	return true;
}

/* "1 1 UDP 2130706431 10.0.1.1 8998 typ host ..." */
static void candidate(struct cursor v, struct sdp_medium *m)
{
	struct cursor transport, host, port;
	struct endpoint e;
	uint32_t n;

	line_word(&v, " ");
	line_word(&v, " ");
	transport = line_word(&v, " ");
	line_word(&v, " ");
	host = line_word(&v, " ");
	port = line_word(&v, " ");
	if (m->n_candidates == SDP_CANDIDATES || !line_is(&transport, "UDP") || !line_addr(host, &e.addr) ||
	    !line_number(&port, UINT16_MAX, &n) || n == 0)
		return;
	e.port = (uint16_t)n;
	for (unsigned i = 0; i < m->n_candidates; i++)
		if (endpoint_equal(&m->candidate[i], &e))
			return;
	m->candidate[m->n_candidates++] = e;
}

/* "1 AES_CM_128_HMAC_SHA1_80 inline:..." */
static void suite(struct cursor v, struct sdp_medium *m)
{
	struct cursor name;

	line_word(&v, " ");
	name = line_word(&v, " ");
	if (name.left > 0 && m->n_suites < SDP_SUITES)
		m->suite[m->n_suites++] = name;
}

static void attribute(struct cursor v, struct common *all, struct sdp_medium *m)
{
	struct cursor name = line_word(&v, ":");

	if (line_is(&name, "fingerprint"))
		*(m != NULL ? &m->fingerprint : &all->fingerprint) = line_word(&v, " ");
	else if (line_is(&name, "zrtp-hash"))
		*(m != NULL ? &m->zrtp : &all->zrtp) = true;
	else if (m != NULL && line_is(&name, "candidate"))
		candidate(v, m);
	else if (m != NULL && line_is(&name, "crypto"))
		suite(v, m);
}

/* A medium is there if its sender has an address to receive it at: not where it is refused, or held (RFC 3264, 8.4). */
static void settle(struct sdp *s, const struct common *all)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++) {
		struct sdp_medium *m = &s->medium[i];

		if (addr_is_unspecified(&m->at.addr) && all->has_at)
			m->at.addr = all->at;
		if (addr_is_unspecified(&m->at.addr) || m->at.port == 0)
			continue;
		if (m->fingerprint.left == 0)
			m->fingerprint = all->fingerprint;
		m->zrtp |= all->zrtp;
		if (n != i)
			s->medium[n] = *m;
		n++;
	}
	s->n = n;
}

bool sdp_parse(struct sdp *s, struct cursor body)
{
	struct common all = {0};
	struct sdp_medium *m = NULL;
	bool begun = false, refused = false;

	s->n = 0;
	for (unsigned lines = 0; body.left > 0 && lines < SDP_LINES; lines++) {
		struct cursor v = line_take(&body);
		uint8_t kind = cur_peek_u8(&v, 0);

		if (!begun) {
			begun = line_is(&v, "v=0");
			continue;
		}
		if (v.left < 2 || cur_peek_u8(&v, 1) != '=')
			break;		/* another part of the body */
		cur_skip(&v, 2);
		if (kind == 'm') {
			if (s->n == SDP_MEDIA)
				break;
			refused = !medium(v, &s->medium[s->n]);
			m = refused ? NULL : &s->medium[s->n++];
		} else if (refused) {
			continue;
		} else if (kind == 'c' && m != NULL) {
			if (connection(v, &m->at.addr) && addr_is_unspecified(&m->at.addr))
				m->at.port = 0;		/* held */
		} else if (kind == 'c') {
			all.has_at = connection(v, &all.at);
		} else if (kind == 'a') {
			attribute(v, &all, m);
		}
	}
	settle(s, &all);
	return s->n > 0;
}
