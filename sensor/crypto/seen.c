/* seen.c -- see seen.h. */
#include "seen.h"

#include "names.h"

enum { UDP = 17 };

static bool text_is(struct cursor c, const char *text)
{
	return c.left == strlen(text) && cur_starts(&c, text, c.left);
}

static enum crypto_protocol protocol_of(struct cursor c)
{
	static const char *const names[] = {
		[CRYPTO_TLS] = "TLS", [CRYPTO_DTLS] = "DTLS", [CRYPTO_SDES] = "SDES", [CRYPTO_ZRTP] = "ZRTP", [CRYPTO_RTP] = "RTP",
		[CRYPTO_SRTP] = "SRTP",
	};

	for (unsigned i = CRYPTO_TLS; i < CRYPTO_OTHER; i++)
		if (text_is(c, names[i]))
			return (enum crypto_protocol)i;
	return CRYPTO_OTHER;
}

static void keep_name(struct crypto_seen *s, struct cursor c)
{
	size_t n = c.left < sizeof s->name - 1 ? c.left : sizeof s->name - 1;

	memset(s->name, 0, sizeof s->name);
	cur_copy(&c, s->name, n);
}

/* What only looks at the bytes of media does not take back what a handshake has shown. */
static bool is_weaker(enum crypto_protocol is, enum crypto_protocol known)
{
	return (is == CRYPTO_RTP || is == CRYPTO_SRTP) && known != CRYPTO_NOTHING && known != CRYPTO_RTP && known != CRYPTO_SRTP;
}

/* Something is chosen anew: what was chosen before counts no more. */
static void choose(struct crypto_seen *s, enum crypto_protocol protocol, struct cursor text)
{
	/* ZRTP: one message chooses, and others come before and after it. */
	if (s->choice && s->protocol == protocol && protocol == CRYPTO_ZRTP)
		return;
	s->protocol = (uint8_t)protocol;
	s->choice = true;
	s->resumed = s->key_in_clear = false;
	s->version = s->suite = s->group = s->dh_bits = s->srtp = s->signature = 0;
	s->name[0] = '\0';
	s->server = s->client = (struct crypto_certs){0};
	if (protocol == CRYPTO_OTHER)
		keep_name(s, text);
}

static uint8_t keep_numbers(uint16_t to[], unsigned most, struct cursor list, bool (*is_none)(uint16_t))
{
	unsigned n = 0;

	while (list.left > 0 && n < most) {
		uint16_t v = cur_u16(&list);

		if (!list.bad && (is_none == NULL || !is_none(v)))
			to[n++] = v;
	}
	return (uint8_t)n;
}

static void offer(struct crypto_seen *s)
{
	/* A second offer begins another handshake, unless nothing came of the first. */
	if (s->choice && (s->protocol == CRYPTO_TLS || s->protocol == CRYPTO_DTLS)) {
		struct crypto_seen before = *s;

		*s = (struct crypto_seen){.media_clear = before.media_clear, .media_srtp = before.media_srtp};
	}
	s->offer = true;
}

static void keep_cert(struct crypto_certs *c, struct cursor text)
{
	if (c->n == SEEN_CERTS || !cert_parse(&c->cert[c->n], text))
		c->cut = true;
	else
		c->n++;
}

static void note_uint(struct crypto_seen *s, unsigned fact, uint16_t v)
{
	switch (fact) {
	case FACT_CRYPTO_VERSION: s->version = v; break;
	case FACT_CRYPTO_SUITE: s->suite = v; break;
	case FACT_CRYPTO_GROUP: s->group = v; break;
	case FACT_CRYPTO_DH_BITS: s->dh_bits = v; break;
	case FACT_CRYPTO_SRTP: s->srtp = v; break;
	case FACT_CRYPTO_SIGNATURE: s->signature = v; break;
	default: break;
	}
}

static void note_bytes(struct crypto_seen *s, unsigned fact, struct cursor c, struct crypto_certs *certs)
{
	switch (fact) {
	case FACT_CRYPTO_SUITE_NAME: keep_name(s, c); break;
	case FACT_CRYPTO_CERT: keep_cert(certs, c); break;
	case FACT_CRYPTO_OFFER_SUITES: s->n_suites = keep_numbers(s->suites, SEEN_SUITES, c, is_no_suite); break;
	case FACT_CRYPTO_OFFER_GROUPS: s->n_groups = keep_numbers(s->groups, SEEN_GROUPS, c, is_no_group); break;
	case FACT_CRYPTO_OFFER_SRTP: s->n_srtp = keep_numbers(s->profiles, SEEN_SRTP, c, NULL); break;
	case FACT_MEDIA_PROTECTION:
		s->media_clear |= text_is(c, "none");
		s->media_srtp |= text_is(c, "srtp");
		break;
	default: break;
	}
}

/* Who says it, says what begins it first: the offer's flag, the choice's protocol. */
void crypto_seen_note(struct crypto_seen *s, const struct message *m)
{
	struct crypto_certs *certs = NULL;	/* whose: with a choice the server's, else the client's */
	enum crypto_protocol protocol;
	struct fact f;
	size_t at = 0;

	s->datagrams = m->ip_proto == UDP;
	while (message_next(m, &at, &f)) {
		if (f.id == FACT_CRYPTO_OFFER) {
			offer(s);
		} else if (f.id == FACT_CRYPTO_PROTOCOL) {
			protocol = protocol_of(f.bytes);
			if (is_weaker(protocol, (enum crypto_protocol)s->protocol))
				return;
			choose(s, protocol, f.bytes);
			certs = &s->server;
		} else if ((f.id == FACT_CRYPTO_CERT || f.id == FACT_CRYPTO_CERT_CUT) && certs == NULL) {
			certs = &s->client;
			*certs = (struct crypto_certs){0};
		}
		if (f.type == FACT_UINT)
			note_uint(s, f.id, (uint16_t)f.uint);
		else if (f.type == FACT_BYTES)
			note_bytes(s, f.id, f.bytes, certs);
		else if (f.id == FACT_CRYPTO_CERT_CUT)
			certs->cut = true;
		else if (f.id == FACT_CRYPTO_RESUMED)
			s->resumed = true;
		else if (f.id == FACT_CRYPTO_KEY_IN_CLEAR)
			s->key_in_clear = true;
	}
}
