/* dup.c -- packets that a SPAN port delivers twice.
 *
 * A switch that mirrors two ports, or a VLAN both ways, sends each packet that crosses both twice: the same packet, but
 * for what a router in between rewrites: TTL, MAC addresses, VLAN tags, DSCP and checksums. So it is the same packet if
 * addresses, protocol, IP identification, lengths, the transport header without its checksum and the first and last
 * bytes after it are the same, within a short time.
 *
 * Why a part of the payload will do: sequence numbers, transaction ids and the media's counters are at its front,
 * integrity codes at its end. Two datagrams of one flow that differ only in the middle, in the same 100 ms, from a
 * sender that gives no identification, are taken for one (not so STUN, of which all is compared). And a program that really sends the same bytes twice in that
 * time loses the second: it said nothing new, and no verdict rests on how often it was said.
 *
 * What is remembered is a keyed 64-bit hash, so nobody can make two packets that look the same to us. The last RING
 * packets are kept in order of arrival, chained by bucket: which one is forgotten depends on age alone, so the same
 * input gives the same output whatever the key. A bucket knows a byte of the hashes of its last six packets and when the
 * one before these came, so that the ring, which does not fit the nearest cache, is read for one new packet in forty.
 */
#include "layer.h"
#include "../base/hash.h"

#include <stdlib.h>

enum {
	RING = 1 << 14,		/* packets remembered: 100 ms of 160,000 packets/s, 16 ms of a million */
	BUCKETS = RING / 2,
	AGE_SHIFT = 9,		/* a bucket's seven last packets seldom span 2^(8 + 9) */
	HEAD = 64, TAIL = 16,	/* bytes behind the transport header that are compared */
	STUN_COOKIE = 0x2112a442,
	HEAD_CUT = 16,		/* where the capture cut them: the copy may have been cut elsewhere */
	TICK_SHIFT = 10,	/* 1.024 us */
	WINDOW_MAX_MS = 600000,
};

#define TICKS ((UINT64_C(1) << 48) - 1)

struct seen {
	uint64_t hash;
	uint64_t tick : 48;	/* of 1.024 us: wraps after nine years, so that no packet looks new again */
	uint64_t older : 16;	/* number of the packet before it in the bucket */
};

/* Numbers wrap at 65536. An old one that looks new again leads to a packet of another bucket, whose hash is not the one
 * looked for: then the ring is asked in vain. */
struct bucket {
	uint64_t tags;		/* 16 bits: number of its last packet; 6 x 8: of the hashes of its last six, the last one lowest */
	uint64_t came;		/* 8 x 8: when its last eight came, as number >> AGE_SHIFT, the last one lowest */
};

struct dups {
	struct hash_key key;
	uint64_t window_ns;
	uint64_t now_ns;		/* never goes back, but for a clock that is set back */
	uint32_t next;			/* number of the next packet */
	uint16_t kept;			/* packets in the ring, since the clock was set back */
	uint32_t epoch;			/* of the team's clock */
	struct bucket bucket[BUCKETS];
	struct seen ring[RING];		/* by number, modulo RING */
};

struct dups *dups_new(uint32_t window_ms)
{
	struct dups *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	hash_key_draw(&s->key);
	s->window_ns = (uint64_t)(window_ms < WINDOW_MAX_MS ? window_ms : WINDOW_MAX_MS) * 1000000;
	return s;
}

void dups_free(struct dups *s)
{
	free(s);
}

/* Two words a multiplication, in two lanes that do not wait for each other. All of up to HEAD + TAIL bytes is hashed. */
static inline uint64_t body_hash(const struct hash_key *key, uint64_t a, uint64_t b, struct cursor c, bool cut)
{
	size_t head = cut ? HEAD_CUT : HEAD;
	struct cursor end = c;
	uint64_t w[4];

	/* STUN is compared as a whole: a decoy that goes before it must not stand in for it. */
	if (!cut && cur_peek_u32(&c, 4) == STUN_COOKIE)
		head = c.left;
	while (c.left >= 32 && head >= 32) {
		cur_copy(&c, w, 32);
		a = hash_fold(a ^ w[0], key->k[1] ^ w[1]);
		b = hash_fold(b ^ w[2], key->k[1] ^ w[3]);
		head -= 32;
	}
	if (c.left >= 16 && head >= 16) {
		cur_copy(&c, w, 16);
		a = hash_fold(a ^ w[0], key->k[1] ^ w[1]);
	}
	if (!cut && end.left >= TAIL) {
		cur_skip(&end, end.left - TAIL);
		cur_copy(&end, w, TAIL);
		b = hash_fold(b ^ w[0], key->k[1] ^ w[1]);
	} else if (!cut) {
		while (end.left >= 8)
			b = hash_fold(b ^ cur_u64(&end), key->k[1]);
		while (end.left > 0)
			b = hash_fold(b ^ cur_u8(&end), key->k[1]);
	}
	return hash_fold(a ^ key->k[2], b ^ key->k[0]);
}

static inline uint64_t packet_hash(const struct hash_key *key, const struct layers *l, uint8_t ip_proto,
    const uint64_t header[static 2])
{
	uint64_t a = key->k[0] ^ ip_proto, b = key->k[2] ^ (l->c.left + l->missing), w[4];

	memcpy(w, l->p->src.addr.b, 16);
	memcpy(w + 2, l->p->dst.addr.b, 16);
	a = hash_fold(a ^ w[0], key->k[1] ^ w[1]);
	b = hash_fold(b ^ w[2], key->k[1] ^ w[3]);
	a = hash_fold(a ^ header[0], key->k[1] ^ header[1]);
	b = hash_fold(b ^ l->ip_id, key->k[1]);
	return body_hash(key, a, b, l->c, l->missing > 0);
}

/* Time stamps that swap places within the window are nothing. A clock that was set back makes all that is remembered worthless:
 * it would have to be told apart from what is new by luck. */
static inline void clock_set(struct dups *s, uint64_t now_ns)
{
	if (now_ns < s->now_ns && s->now_ns - now_ns <= s->window_ns)
		return;
	if (now_ns < s->now_ns)
		s->kept = 0;
	s->now_ns = now_ns;
}

void dups_clock(struct dups *s, const struct team_clock *clock)
{
	if (clock->epoch != s->epoch)
		s->kept = 0;
	s->epoch = clock->epoch;
	s->now_ns = clock->now_ns;
}

static bool ring_holds(const struct dups *s, uint16_t number, uint64_t hash, uint64_t tick)
{
	uint16_t age = 0;

	/* Each is older than the one before it; the first that is not has been overwritten. */
	while ((uint16_t)(s->next - number) > age && (uint16_t)(s->next - number) <= s->kept) {
		const struct seen *seen = &s->ring[number % RING];

		if (tick - seen->tick > s->window_ns >> TICK_SHIFT)
			return false;
		if (seen->hash == hash)
			return true;
		age = (uint16_t)(s->next - number);
		number = seen->older;
	}
	return false;
}

/* Could one of the bucket's packets that are still in the ring have this tag? */
static inline bool bucket_may_hold(const struct bucket *b, uint8_t tag, uint32_t next)
{
	const uint64_t each = 0x0101010101010101, six = 0x0000ffffffffffff;
	uint64_t differ = (b->tags ^ each * tag) | ~six;
	uint8_t seventh = (uint8_t)(b->came >> 48);

	return ((differ - each) & ~differ & each << 7) != 0 ||	/* a byte is 0 */
	    (uint8_t)((next >> AGE_SHIFT) - seventh) <= RING >> AGE_SHIFT;
}

bool dups_seen(struct dups *s, const struct layers *l, uint8_t ip_proto, const uint64_t header[static 2])
{
	uint64_t hash = packet_hash(&s->key, l, ip_proto, header);
	struct bucket *b = &s->bucket[hash % BUCKETS];
	uint8_t tag = (uint8_t)(hash >> 56);
	uint16_t newest = (uint16_t)(b->tags >> 48);
	uint64_t tick;

	clock_set(s, l->frame->ts_ns);
	tick = s->now_ns >> TICK_SHIFT & TICKS;
	if (bucket_may_hold(b, tag, s->next) && ring_holds(s, newest, hash, tick))
		return true;
	s->ring[s->next % RING] = (struct seen){.hash = hash, .tick = tick, .older = newest};
	b->tags = (uint64_t)(uint16_t)s->next << 48 | b->tags << 24 >> 16 | tag;
	b->came = b->came << 8 | (uint8_t)(s->next >> AGE_SHIFT);
	s->next++;
	if (s->kept < RING)
		s->kept++;
	return false;
}
