/* derive_media.c -- where the media of calls go, by what signalling said of them, and what the far end is.
 *
 * Signalling (SIP, MGCP, Megaco, SCCP) announces places: "send me voice there". When media run between an inside socket and such
 * a place, the call's signalling says who is there. What is an end host, like ours, and what is a server?
 *
 * An end host: the one that announced the place is not who carried the announcement to us, says that it can be called at that same
 * address (Contact), and does not name itself a server, gateway or exchange; the address has carried no signalling, answered
 * no question for an address or a relay, gave no name as a server does, is not in the network (/24, /48) of who carried the
 * announcement unless it names itself a telephone, and only one inside host has had media with it. Media must run both ways. So a call through a proxy that leaves the
 * media to the telephones is found; one through an exchange, a session border controller or a gateway is telephony through a
 * server, and so is what cannot be told. Where signalling cannot be read, media prove a call but not what the far end is, and nothing
 * is said, unless the two ends agree upon keys between themselves (ZRTP): then both are ends of the call.
 */
#include "derive_media.h"

#include "store.h"

#include <stdlib.h>

static const uint64_t FRESH_NS = 3600 * 1000000000ULL;	/* an announcement that is older is no longer believed */

enum {
	PLACES = 1 << 12, ENDS = 1 << 12, STREAMS = 1 << 12,
	SUITE = 40, AGENT = 48,
};

enum media_fact {
	MEDIA_FAR = FACT_OWN,
	MEDIA_BY,
	MEDIA_SIGNALLING,
	MEDIA_AGENT,
	MEDIA_AGREED,
	MEDIA_END
};

static const struct fact_def media_facts[MEDIA_END - FACT_OWN] = {
	{"media.far", FACT_BYTES, "media of a call that was signalled: with an end host (end), a server (server), or it cannot be told (unknown)"},
	{"media.announced_by", FACT_ENDPOINT, "who told the inside end to send its media there"},
	{"media.signalling", FACT_BYTES, "the protocol in which it was said: sip, mgcp, megaco, sccp"},
	{"media.agent", FACT_BYTES, "the program at the far end, as signalling says"},
	{"media.agreed", FACT_FLAG, "both ends agree upon keys in the path of their media (ZRTP), and no server is known there"},
};

/* A place to receive media at, as its owner announced it last. */
struct place {
	struct link link;
	struct endpoint at;			/* the store's key */
	uint8_t zero[6];
	uint64_t ns;
	struct endpoint by, to;			/* who carried the announcement, and to whom */
	struct addr contact;			/* where its owner can be called; unspecified: not said */
	bool server, telephone;			/* its owner names itself one */
	bool fax;
	uint8_t n_suites;
	char signalling[8];
	char suite[SUITE];			/* SDES: the first one */
	char agent[AGENT];
};

/* An outside address: what it has been seen to do. */
struct far_end {
	struct link link;
	struct addr addr;			/* the store's key */
	bool serves;				/* signalling, STUN, TURN, a server's name */
	bool ice;				/* checks are exchanged with it: what it is, is told by these */
	bool several;				/* media with more than one inside host */
	bool has_host;
	struct addr host;			/* the one inside host that had */
};

/* A flow that carries media. */
struct stream {
	struct link link;
	uint64_t flow_id;			/* the store's key */
	bool media[2], zrtp[2];			/* by from_local */
	bool fax, said;				/* said: what the far end is */
	char app[8];				/* rtp, rtcp, t38, zrtp: what was seen first */
};

_Static_assert(sizeof(struct endpoint) == 18, "a key has no padding");

struct state {
	struct store places, ends, streams;
	struct hash_key key;
	bool any_fax;
};

static void media_destroy(void *state)
{
	struct state *s = state;

	if (s == NULL)
		return;
	store_clear(&s->places);
	store_clear(&s->ends);
	store_clear(&s->streams);
	free(s);
}

static void *media_create(const struct hash_key *key)
{
	struct state *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->key = *key;
	if (!store_init(&s->places, PLACES, sizeof(struct place), sizeof(struct endpoint), &s->key) ||
	    !store_init(&s->ends, ENDS, sizeof(struct far_end), sizeof(struct addr), &s->key) ||
	    !store_init(&s->streams, STREAMS, sizeof(struct stream), sizeof(uint64_t), &s->key)) {
		media_destroy(s);
		return NULL;
	}
	return s;
}

/* The item under this key, made if it is not there; the oldest goes. */
static void *item_for(struct store *t, const void *key)
{
	void *item = store_find(t, key);

	if (item != NULL) {
		store_touch_late(t, item);
		return item;
	}
	if (store_full(t))
		store_drop(t, store_weakest(t));
	return store_add(t, key);
}

/* --- text --- */

static bool holds_word(struct cursor text, const char *word)
{
	size_t n = strlen(word);

	for (; text.left >= n; cur_skip(&text, 1)) {
		size_t i = 0;

		while (i < n && (cur_peek_u8(&text, i) | 0x20) == (uint8_t)word[i])
			i++;
		if (i == n)
			return true;
	}
	return false;
}

static bool holds_any(struct cursor text, const char *const words[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (holds_word(text, words[i]))
			return true;
	return false;
}

/* Programs that are no telephone, or say so. */
static bool is_servers(struct cursor agent)
{
	static const char *const names[] = {
		"server", "gateway", "proxy", "pbx", "sbc", "asterisk", "freeswitch", "kamailio", "opensips", "openser", "sonus", "ribbon",
		"broadworks", "broadsoft", "metaswitch", "genband", "audiocodes", "mediant", "acme packet", "oracle", "net-net",
		"callmanager", "cucm", "cube", "3cxphonesystem", "yate", "patton", "twilio", "plivo", "vonage", "nexmo", "telnyx", "janus",
		"jigasi", "rtpengine", "softswitch", "switch", "huawei", "zte", "italtel", "ericsson", "nokia", "voice portal",
	};

	return holds_any(agent, names, sizeof names / sizeof names[0]);
}

/* Programs and devices that people speak into. */
static bool is_telephones(struct cursor agent)
{
	static const char *const names[] = {
		"phone", "baresip", "zoiper", "x-lite", "eyebeam", "bria", "microsip", "jitsi", "pjsua", "twinkle", "ekiga", "blink", "sipdroid",
		"csipsimple", "acrobits", "groundwire", "yealink", "grandstream", "polycom", "snom", "cisco-cp", "aastra", "mitel", "gigaset",
		"fritz", "android", "mobile",
	};

	return holds_any(agent, names, sizeof names / sizeof names[0]);
}

static void copy_text(char *to, size_t room, struct cursor text)
{
	size_t n = text.left < room - 1 ? text.left : room - 1;

	memset(to, 0, room);
	cur_copy(&text, to, n);
}

/* --- what is learnt --- */

static void learn_server(struct state *s, const struct addr *a)
{
	struct far_end *f = item_for(&s->ends, a);

	f->serves = true;
}

/* Who carries signalling, answers for addresses and relays, has a server's name. One packet from outside proves nothing. */
static void learn_ends(struct state *s, const struct reading *r)
{
	const struct message *m = r->m;
	bool signalling = says(r, FACT_TELEPHONY) || says(r, FACT_SDP_AT);

	if (!m->from_local && !m->two_way && m->side != SIDE_TRANSIT)
		return;
	/* Of the checks the flow's first will do. */
	if ((says(r, FACT_ICE_CHECK) && says(r, FACT_FLOW_APP)) || (says(r, FACT_ICE_ANSWER) && !says(r, FACT_TX_REPEATED)))
		((struct far_end *)item_for(&s->ends, &m->remote.addr))->ice = true;
	if (signalling || (says(r, FACT_STUN_ANSWER) && !m->from_local) || says(r, FACT_TURN_ALLOCATED) ||
	    (says(r, FACT_HOST) && m->side == SIDE_BORDER))
		learn_server(s, &m->remote.addr);
	if (signalling && m->side == SIDE_TRANSIT)
		learn_server(s, &m->local.addr);
	if (says(r, FACT_TURN_ALLOCATED) && !addr_is_unspecified(&r->allocated.addr))
		learn_server(s, &r->allocated.addr);
}

static void learn_place(struct state *s, const struct reading *r, uint64_t now_ns)
{
	const struct message *m = r->m;
	struct endpoint at = {.port = 0};
	struct fact f;
	struct place *p;

	if (!message_find(m, FACT_SDP_AT, &f))
		return;
	memcpy(&at, &f.endpoint, sizeof at);
	p = item_for(&s->places, &at);
	p->ns = now_ns;
	p->by = m->from_local ? m->local : m->remote;
	p->to = m->from_local ? m->remote : m->local;
	memset(&p->contact, 0, sizeof p->contact);
	if (message_find(m, FACT_SDP_SENDER, &f))
		p->contact = f.endpoint.addr;
	p->server = p->telephone = false;
	p->agent[0] = '\0';
	if (message_find(m, FACT_SDP_AGENT, &f)) {
		p->server = is_servers(f.bytes);
		p->telephone = is_telephones(f.bytes);
		copy_text(p->agent, sizeof p->agent, f.bytes);
	}
	p->fax = message_find(m, FACT_SDP_MEDIUM, &f) && cur_starts(&f.bytes, "image", 5);
	s->any_fax |= p->fax;
	memset(p->signalling, 0, sizeof p->signalling);
	if (message_find(m, FACT_TELEPHONY, &f))
		copy_text(p->signalling, sizeof p->signalling, f.bytes);
	p->n_suites = 0;
	for (size_t i = 0; message_next(m, &i, &f);)
		if (f.id == FACT_SDP_CRYPTO && p->n_suites++ == 0)
			copy_text(p->suite, sizeof p->suite, f.bytes);
}

/* --- media --- */

static bool is_text(struct cursor c, const char *want)
{
	return c.left == strlen(want) && cur_starts(&c, want, c.left);
}

static bool learn_media(struct stream *st, const struct message *m)
{
	struct fact f;

	if (!message_find(m, FACT_MEDIA, &f))
		return false;
	if (st->app[0] == '\0')
		copy_text(st->app, sizeof st->app, f.bytes);
	if (is_text(f.bytes, "zrtp"))
		st->zrtp[m->from_local] = true;
	else
		st->media[m->from_local] = true;
	return true;
}

/* Another inside host than before? Then it is a place that many call at. */
static void learn_crowd(struct far_end *f, const struct addr *host)
{
	if (!f->has_host) {
		f->has_host = true;
		f->host = *host;
	} else if (!addr_equal(&f->host, host)) {
		f->several = true;
	}
}

static bool is_near(const struct addr *a, const struct addr *b)
{
	size_t n = addr_is_v4(a) ? 15 : 6;

	return addr_is_v4(a) == addr_is_v4(b) && memcmp(a->b, b->b, n) == 0;
}

enum what { UNKNOWN, SERVER, END };

/* An exchange speaks for itself: its Contact is its own. Where it is neither the place nor who told us of it, somebody may be
 * between: a proxy that relays the media, or a telephone that does not know its own address. */
static enum what what_is(const struct state *s, const struct place *p)
{
	const struct far_end *f = store_find(&s->ends, &p->at.addr);

	if ((f != NULL && (f->serves || f->several)) || p->server || addr_equal(&p->by.addr, &p->at.addr) ||
	    addr_equal(&p->contact, &p->by.addr) || (!p->telephone && is_near(&p->by.addr, &p->at.addr)))
		return SERVER;
	return addr_equal(&p->contact, &p->at.addr) ? END : UNKNOWN;
}

/* The place where media of this flow go to, if it was announced to who sends them there; reports go to the next port. */
static const struct place *place_of(const struct state *s, const struct message *m, uint64_t now_ns)
{
	struct endpoint at = {.port = 0};
	const struct place *p;

	if (s->places.n == 0)
		return NULL;
	memcpy(&at, &m->remote, sizeof at);
	p = store_find(&s->places, &at);
	if (p == NULL && at.port > 0) {
		at.port--;
		p = store_find(&s->places, &at);
	}
	if (p == NULL || now_ns - p->ns > FRESH_NS)
		return NULL;
	memcpy(&at, &m->local, sizeof at);
	return addr_equal(&p->to.addr, &m->local.addr) || store_find(&s->places, &at) != NULL ? p : NULL;
}

/* SDES (RFC 4568): the later announcement is the answer, and what it names is chosen. */
static void say_suite(const struct state *s, const struct message *m, const struct place *p, struct facts *f)
{
	const struct place *own = store_find(&s->places, &m->local), *answer;

	if (own == NULL || own->n_suites == 0 || p->n_suites == 0)
		return;
	answer = own->ns > p->ns || (own->ns == p->ns && own->n_suites < p->n_suites) ? own : p;
	fact_text(f, FACT_CRYPTO_PROTOCOL, "SDES");
	fact_text(f, FACT_CRYPTO_SUITE_NAME, answer->suite);
	fact_flag(f, FACT_CRYPTO_KEY_IN_CLEAR);
}

/* The flow may be spoken of for the first time: what it is was said before. */
static void begin(const struct stream *st, struct facts *f)
{
	facts_begin(f);
	fact_text(f, FACT_FLOW_APP, st->app);
	fact_text(f, FACT_MEDIA, st->app);
}

static void say_far(const struct state *s, const struct stream *st, const struct message *m, const struct place *p,
    enum what what, struct facts *f)
{
	static const char *const words[] = {[UNKNOWN] = "unknown", [SERVER] = "server", [END] = "end"};

	begin(st, f);
	fact_text(f, MEDIA_FAR, words[what]);
	fact_text(f, MEDIA_SIGNALLING, p->signalling);
	fact_endpoint(f, MEDIA_BY, &p->by);
	if (p->agent[0] != '\0')
		fact_text(f, MEDIA_AGENT, p->agent);
	say_suite(s, m, p, f);
}

static void say_fax(struct facts *f)
{
	facts_begin(f);
	fact_text(f, FACT_FLOW_APP, "t38");
	fact_text(f, FACT_MEDIA, "t38");
	fact_text(f, FACT_MEDIA_CLASS, "fax");
}

/* What can be said of a flow of media now? */
static void judge(struct state *s, struct stream *st, const struct message *m, uint64_t now_ns, struct facts *f)
{
	struct far_end *far = item_for(&s->ends, &m->remote.addr);
	const struct place *p = place_of(s, m, now_ns);
	bool both = st->media[0] && st->media[1];
	enum what what;

	if (st->media[0] || st->media[1])
		learn_crowd(far, &m->local.addr);
	if (far->ice)
		return;
	what = p != NULL ? what_is(s, p) : UNKNOWN;
	if (p != NULL && what != END) {
		say_far(s, st, m, p, what, f);
		st->said = true;
	} else if (p != NULL && both && p->at.port == m->remote.port) {	/* reports (RTCP) are no call of their own */
		say_far(s, st, m, p, END, f);
		st->said = true;
	} else if (p == NULL && both && st->zrtp[0] && st->zrtp[1] && !far->serves && !far->several) {
		begin(st, f);
		fact_flag(f, MEDIA_AGREED);
		st->said = true;
	}
}

/* Fax that its own bytes do not show: data both ways with a place that was announced for it. */
static bool is_fax(const struct state *s, const struct reading *r, uint64_t now_ns)
{
	const struct place *p;

	if (!s->any_fax || r->data_packets[IN] == 0 || r->data_packets[OUT] == 0)
		return false;
	p = place_of(s, r->m, now_ns);
	return p != NULL && p->fax;
}

static void media_derive(void *state, const struct reading *r, uint64_t now_ns, struct facts *f)
{
	const struct message *m = r->m;
	struct state *s = state;
	struct stream *st;

	learn_ends(s, r);
	if (says(r, FACT_SDP_AT))
		learn_place(s, r, now_ns);
	if (m->side != SIDE_BORDER || m->nested)
		return;
	st = store_find(&s->streams, &m->flow_id);
	if (st == NULL && (says(r, FACT_MEDIA) || is_fax(s, r, now_ns)))
		st = item_for(&s->streams, &m->flow_id);
	if (st == NULL || st->said)
		return;
	store_touch_late(&s->streams, st);
	learn_media(st, m);
	if (!st->fax && !st->media[0] && !st->media[1] && is_fax(s, r, now_ns)) {
		st->fax = st->media[0] = st->media[1] = true;
		copy_text(st->app, sizeof st->app, cur_of("t38", 3));
		say_fax(f);
	}
	judge(s, st, m, now_ns, f);
}

const struct deriver media_deriver = {
	.name = "media",
	.facts = media_facts,
	.n_facts = sizeof media_facts / sizeof media_facts[0],
	.overhears = true,
	.create = media_create,
	.destroy = media_destroy,
	.derive = media_derive,
};
