/* skype_udp.c -- see skype_say.h: what one UDP flow shows.
 *
 * A single request proves nothing: one byte of it is known. Said of it is what the endpoint's other flows are compared
 * with (its id counts up by two whoever is asked). Proof within the flow is what is repeated: a request that comes again
 * under another IV with the same checksum of its plain text, a refusal (NAK) of this id with an address in it, and the
 * request again with the refusal's nonce. Media have three random bits in the function and an id that moves.
 */
#include "skype_say.h"

enum {
	MEDIA_LEAST = 95,		/* Adami et al.: after so many packets it is known what they are */
	SIGNALLING_LEAST = 10,		/* Tstat */
	IV_DIFFERS = 3,			/* bytes, at least */
	PATIENCE = 8, PATIENCE_MORE = 16,
};
static const uint64_t MEDIA_PAUSE_NS = 3 * 1000000000ULL;

/* What media were called; in the order of enum skype_media. */
static const char *const media_names[] = {"", "call", "file-out", "file-in", "relayed-out", "relayed-in"};

struct look {
	struct input *in;
	struct skype_udp *st;
	struct facts *facts;
	struct skype_datagram d;
	bool begun;		/* a message of facts */
};

static void begin(struct look *k)
{
	if (!k->begun)
		facts_begin(k->facts);
	k->begun = true;
}

/* The flow is Skype's, by itself. */
static void name(struct look *k)
{
	if (k->st->said_app)
		return;
	k->st->said_app = true;
	begin(k);
	fact_text(k->facts, FACT_FLOW_APP, "skype");
}

static unsigned bytes_that_differ(uint32_t a, uint32_t b)
{
	unsigned n = 0;

	for (uint32_t x = a ^ b; x != 0; x >>= 8)
		n += (x & 0xff) != 0;
	return n;
}

static struct skype_ask *ask_find(struct skype_udp *st, bool from_local, uint16_t id)
{
	for (unsigned i = 0; i < SKYPE_ASKS; i++)
		if (st->ask[from_local][i].len != 0 && st->ask[from_local][i].id == id)
			return &st->ask[from_local][i];
	return NULL;
}

static void ask_keep(struct look *k)
{
	bool way = k->in->from_local;
	struct skype_ask *a = ask_find(k->st, way, k->d.id);
	struct cursor body = k->d.body;

	if (a == NULL) {
		a = &k->st->ask[way][k->st->next[way]];
		k->st->next[way] = (uint8_t)((k->st->next[way] + 1) % SKYPE_ASKS);
	}
	*a = (struct skype_ask){.iv = k->d.iv, .crc = k->d.crc, .id = k->d.id, .len = k->d.len};
	cur_copy(&body, a->body, body.left < SKYPE_BODY ? body.left : SKYPE_BODY);
}

/* The same plain text under another key: id, length and checksum stay, everything else is new. */
static bool is_repeated(const struct skype_ask *a, const struct skype_datagram *d)
{
	size_t n = d->body.left < SKYPE_BODY ? d->body.left : SKYPE_BODY, differ = 0;

	if (a->len != d->len || a->crc != d->crc || a->crc == 0 || bytes_that_differ(a->iv, d->iv) < IV_DIFFERS)
		return false;
	for (size_t i = 0; i < n; i++)
		differ += a->body[i] != cur_peek_u8(&d->body, i);
	return n > 0 && differ * 4 >= n * 3;
}

/* The first one each way; behind a proxy, one flow has them all. */
static void say_request(struct look *k)
{
	struct skype_udp *st = k->st;
	bool way = k->in->from_local;

	if (k->d.len > SKYPE_PROBE_MOST || (st->said[way] && (!k->in->nested || st->nested_said >= SKYPE_NESTED_MOST)))
		return;
	st->said[way] = true;
	st->nested_said += k->in->nested;
	begin(k);
	fact_flag(k->facts, SKYPE_FACT_REQUEST);
	fact_uint(k->facts, SKYPE_FACT_ID, k->d.id);
	fact_uint(k->facts, SKYPE_FACT_IV, k->d.iv);
	fact_uint(k->facts, SKYPE_FACT_LEN, k->d.len);
}

static void on_request(struct look *k)
{
	struct skype_udp *st = k->st;
	bool way = k->in->from_local;
	const struct skype_ask *known = ask_find(st, way, k->d.id);

	if (known != NULL && is_repeated(known, &k->d)) {
		begin(k);
		fact_flag(k->facts, SKYPE_FACT_REPEATED);
		name(k);
	}
	say_request(k);
	if (!st->said_back && st->ask[!way][0].len != 0) {
		st->said_back = true;
		begin(k);
		fact_uint(k->facts, SKYPE_FACT_BACK, k->d.len);
	}
	ask_keep(k);
}

static void on_nak(struct look *k)
{
	struct skype_udp *st = k->st;
	bool way = k->in->from_local;
	const struct endpoint *to = &k->in->packet->dst;
	const struct skype_ask *a = ask_find(st, !way, k->d.id);
	struct endpoint told = {k->d.told, 0};
	bool its_own = !k->in->nested && addr_equal(&to->addr, &k->d.told);

	/* A NAT between us and the asker: then it is not the address that we see. */
	if (a == NULL || (!its_own && (addr_is_private(&k->d.told) || addr_is_multicast(&k->d.told))))
		return;
	if (st->nak && st->nak_id == k->d.id && st->nonce == k->d.nonce)
		return;
	st->nak = true;
	st->nak_from_local = way;
	st->nak_id = a->id;
	st->nak_len = a->len;
	st->nak_crc = a->crc;
	st->nonce = k->d.nonce;
	begin(k);
	fact_uint(k->facts, SKYPE_FACT_NAK, its_own);
	fact_endpoint(k->facts, SKYPE_FACT_PUBLIC, &told);
	name(k);
}

static void on_resend(struct look *k)
{
	const struct skype_udp *st = k->st;
	const struct skype_datagram *d = &k->d;

	if (!st->nak || st->nak_from_local == k->in->from_local || d->id != st->nak_id || d->nonce != st->nonce ||
	    d->crc != st->nak_crc || d->len != st->nak_len + SKYPE_RESEND_MORE)
		return;
	begin(k);
	fact_flag(k->facts, SKYPE_FACT_RESEND);
	name(k);
}

static void on_fragment(struct look *k)
{
	if (k->st->said_fragment || ask_find(k->st, !k->in->from_local, k->d.reply_to) == NULL)
		return;
	k->st->said_fragment = true;
	begin(k);
	fact_flag(k->facts, SKYPE_FACT_FRAGMENT);
}

/* --- media --- */

/* Adami et al.: by the bytes of the weaker direction for each of the stronger one. */
static enum skype_media media_class(const struct skype_udp *st)
{
	bool out = st->media_bytes[true] >= st->media_bytes[false];
	uint64_t most = st->media_bytes[out], least = st->media_bytes[!out];

	if (least == 0)
		return out ? SKYPE_RELAYED_OUT : SKYPE_RELAYED_IN;
	if (least * 2 > most)
		return SKYPE_CALL;
	return out ? SKYPE_FILE_OUT : SKYPE_FILE_IN;
}

static bool is_media(const struct skype_udp *st)
{
	uint32_t n = st->media_packets[0] + st->media_packets[1];

	return n >= MEDIA_LEAST && __builtin_popcount(st->variants) >= 5 && (uint32_t)st->moved * 2 >= MEDIA_LEAST &&
	    n * 10ULL >= ((uint64_t)st->fitting + st->others) * 9;
}

static void media_count(struct look *k)
{
	struct skype_udp *st = k->st;
	uint64_t ts_ns = k->in->packet->ts_ns;

	if (ts_ns > st->media_last_ns + MEDIA_PAUSE_NS && st->media == SKYPE_NO_MEDIA) {
		memset(st->media_packets, 0, sizeof st->media_packets);
		memset(st->media_bytes, 0, sizeof st->media_bytes);
		st->variants = 0;
		st->moved = 0;
		st->fitting = 1;
		st->others = 0;
	}
	st->media_last_ns = ts_ns;
	st->variants |= (uint8_t)(1u << (k->d.function >> 4));
	st->moved = (uint16_t)(st->moved + (k->d.id != st->media_id && st->moved < UINT16_MAX));
	st->media_id = k->d.id;
	st->media_packets[k->in->from_local] += st->media_packets[k->in->from_local] < UINT32_MAX / 2;
	st->media_bytes[k->in->from_local] += k->d.len;
}

/* At the first 95 packets, and again whenever they have doubled and look otherwise. */
static void on_media(struct look *k)
{
	struct skype_udp *st = k->st;
	enum skype_media is;

	media_count(k);
	if (st->media_packets[0] + st->media_packets[1] < (uint64_t)MEDIA_LEAST << st->doublings || !is_media(st))
		return;
	st->doublings += st->doublings < 24;
	is = media_class(st);
	if (is == st->media)
		return;
	st->media = (uint8_t)is;
	begin(k);
	fact_text(k->facts, SKYPE_FACT_MEDIA, media_names[is]);
	fact_uint(k->facts, SKYPE_FACT_MEDIA_PACKETS, st->media_packets[0] + st->media_packets[1]);
	name(k);
}

/* --- the flow --- */

/* Too much of it is something else. */
static bool is_lost(const struct skype_udp *st)
{
	uint64_t all = (uint64_t)st->fitting + st->others;

	if (st->said_app)
		return false;
	return (all >= PATIENCE && st->fitting * 2ULL < all) || (all >= PATIENCE_MORE && st->fitting * 5ULL < all * 4);
}

static void on_signalling(struct look *k)
{
	struct skype_udp *st = k->st;

	if (st->said_signalling || st->fitting < SIGNALLING_LEAST || st->others * 9ULL > st->fitting ||
	    (!st->said[0] && !st->said[1]))
		return;
	st->said_signalling = true;
	begin(k);
	fact_uint(k->facts, SKYPE_FACT_SIGNALLING, st->fitting);
}

static enum verdict answer(const struct look *k)
{
	if (is_lost(k->st))
		return V_NO;
	/* Media are data, not signalling. */
	return k->st->said_app && k->d.type != SKYPE_MEDIA ? V_YES : V_MORE;
}

enum verdict skype_datagram(struct input *in, struct skype_udp *st, struct facts *facts)
{
	struct look k = {.in = in, .st = st, .facts = facts};
	const struct packet *p = in->packet;
	size_t len = !in->nested && p->cut ? p->payload_len : in->bytes.left;

	/* Its peers never spoke IPv6, nor to many at once. */
	if (!addr_is_v4(&p->src.addr) || !addr_is_v4(&p->dst.addr) || addr_is_multicast(&p->dst.addr))
		return V_NO;
	if (!skype_parse(&k.d, in->bytes, len)) {
		st->others += st->others < UINT32_MAX;
		return answer(&k);
	}
	if (!st->said_app && k.d.type == SKYPE_REQUEST && skype_is_ber(in->bytes))
		return V_NO;
	st->fitting += st->fitting < UINT32_MAX;
	switch (k.d.type) {
	case SKYPE_REQUEST:
		on_request(&k);
		break;
	case SKYPE_NAK:
		on_nak(&k);
		break;
	case SKYPE_RESEND:
		on_resend(&k);
		break;
	case SKYPE_FRAGMENT:
		on_fragment(&k);
		break;
	case SKYPE_MEDIA:
		on_media(&k);
		break;
	default:
		break;
	}
	on_signalling(&k);
	return answer(&k);
}
