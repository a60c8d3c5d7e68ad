/* frag.c -- packets put together from fragments (RFC 791 3.2, RFC 8200 4.5).
 *
 * A fragment's data is copied into pieces of one size from a pool made at start, in order of offset, without overlaps. A
 * fragment that repeats what is there adds nothing. One that contradicts it is an attack on somebody's reassembly (ours
 * or the receiver's, which do not agree on who wins): the packet is given up, and what still comes of it is dropped, as
 * hosts do since RFC 5722. When the last byte is there, header and data are copied into one buffer.
 *
 * Bounded: so many unfinished packets, so many pieces, so many pieces a packet (that bounds the walk, too). Full means
 * that the packet begun first goes. All order is age, by packet time, so the hash key does not show in the output.
 */
#include "layer.h"
#include "../base/hash.h"

#include <netinet/in.h>
#include <stdlib.h>

enum {
	PIECE = 1480,		/* what an Ethernet frame has room for behind an IPv4 header */
	PIECES_MAX = 128,	/* a packet: 64 KiB from a path of 576 bytes */
	HEADER_MAX = 60,
	PACKET_MAX = 65535,
	NONE = -1,
};

struct piece {
	int32_t next;		/* of the same packet, by offset; or free */
	uint16_t offset, len;
	uint8_t bytes[PIECE];
};

struct frag_key {
	struct addr src, dst;
	uint32_t id;
	uint8_t v6, ip_proto;	/* IPv6: 0, only the first fragment tells */
	uint8_t zero[2];	/* the key is hashed and compared as bytes */
};

struct partial {
	struct frag_key key;
	uint64_t begun_ns;
	int32_t chain;			/* next in its bucket, or free */
	int32_t older, younger;
	int32_t pieces;
	uint32_t n_pieces;
	uint32_t have, reach;		/* bytes that are there; where the last of them ends */
	uint32_t end;			/* of the packet; 0: the last fragment is not there */
	uint32_t wire_len;		/* of its frames so far */
	bool given_up;
	uint8_t ip_proto;
	uint8_t header_len;		/* 0: the first fragment is not there */
	uint8_t header[HEADER_MAX];
};

struct frags {
	struct counts *counts;
	struct hash_key hash_key;
	uint64_t timeout_ns;
	uint32_t n_partials, n_pieces, buckets;		/* buckets: a power of two */
	uint32_t used_partials, used_pieces;		/* so many have ever been taken: the rest is memory not touched yet */
	int32_t free_partial, free_piece;		/* given back */
	int32_t oldest, youngest;
	int32_t *bucket;
	struct partial *partial;
	struct piece *piece;
	uint8_t whole[DECODE_MAX][HEADER_MAX + PACKET_MAX];	/* by how many packets the frame has given before */
};

struct frags *frags_new(const struct decode_settings *settings, struct counts *counts)
{
	struct frags *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->counts = counts;
	hash_key_draw(&s->hash_key);
	s->timeout_ns = (uint64_t)settings->fragment_timeout_s * 1000000000;
	s->n_partials = settings->fragments > 0 ? settings->fragments : 1;
	s->n_pieces = 2 * s->n_partials + PIECES_MAX;	/* one of the longest packets can always be held */
	for (s->buckets = 16; s->buckets < s->n_partials; s->buckets *= 2)
		;
	s->bucket = malloc(s->buckets * sizeof *s->bucket);
	s->partial = malloc(s->n_partials * sizeof *s->partial);
	s->piece = malloc(s->n_pieces * sizeof *s->piece);
	if (s->bucket == NULL || s->partial == NULL || s->piece == NULL) {
		frags_free(s);
		return NULL;
	}
	for (uint32_t i = 0; i < s->buckets; i++)
		s->bucket[i] = NONE;
	s->free_partial = s->free_piece = s->oldest = s->youngest = NONE;
	return s;
}

void frags_count(struct frags *s, struct counts *counts)
{
	s->counts = counts;
}

void frags_free(struct frags *s)
{
	if (s == NULL)
		return;
	free(s->bucket);
	free(s->partial);
	free(s->piece);
	free(s);
}

static int32_t *bucket_of(struct frags *s, const struct frag_key *key)
{
	return &s->bucket[hash_keyed(&s->hash_key, key, sizeof *key) & (s->buckets - 1)];
}

static void pieces_release(struct frags *s, struct partial *u)
{
	while (u->pieces != NONE) {
		int32_t i = u->pieces;

		u->pieces = s->piece[i].next;
		s->piece[i].next = s->free_piece;
		s->free_piece = i;
	}
	u->n_pieces = 0;
}

static void partial_release(struct frags *s, struct partial *u)
{
	int32_t i = (int32_t)(u - s->partial), *link = bucket_of(s, &u->key);

	while (*link != i)
		link = &s->partial[*link].chain;
	*link = u->chain;
	if (u->older != NONE)
		s->partial[u->older].younger = u->younger;
	else
		s->oldest = u->younger;
	if (u->younger != NONE)
		s->partial[u->younger].older = u->older;
	else
		s->youngest = u->older;
	pieces_release(s, u);
	u->chain = s->free_partial;
	s->free_partial = i;
}

/* Nothing more is expected of it, but that its other fragments come and have to be known. */
static enum count partial_give_up(struct frags *s, struct partial *u, enum count why)
{
	u->given_up = true;
	pieces_release(s, u);
	return why;
}

/* The oldest goes, whatever is left of it; what was given up has been counted. */
static void oldest_release(struct frags *s, enum count why)
{
	struct partial *u = &s->partial[s->oldest];

	if (!u->given_up)
		count(s->counts, why);
	partial_release(s, u);
}

/* Begun longer ago than the timeout. A clock that was set back expires nothing. */
static void expire(struct frags *s, uint64_t now_ns)
{
	while (s->oldest != NONE) {
		uint64_t begun_ns = s->partial[s->oldest].begun_ns;

		if (now_ns < begun_ns || now_ns - begun_ns <= s->timeout_ns)
			break;
		oldest_release(s, COUNT_FRAG_TIMEOUT);
	}
}

static struct partial *partial_find(struct frags *s, const struct frag_key *key)
{
	for (int32_t i = *bucket_of(s, key); i != NONE; i = s->partial[i].chain)
		if (memcmp(&s->partial[i].key, key, sizeof *key) == 0)
			return &s->partial[i];
	return NULL;
}

static struct partial *partial_begin(struct frags *s, const struct frag_key *key, uint64_t now_ns)
{
	int32_t i, *bucket = bucket_of(s, key);
	struct partial *u;

	if (s->free_partial == NONE && s->used_partials == s->n_partials)
		oldest_release(s, COUNT_FRAG_EVICTED);
	if (s->free_partial != NONE) {
		i = s->free_partial;
		s->free_partial = s->partial[i].chain;
	} else {
		i = (int32_t)s->used_partials++;
	}
	u = &s->partial[i];
	*u = (struct partial){.key = *key, .begun_ns = now_ns, .chain = *bucket, .older = s->youngest, .younger = NONE,
		.pieces = NONE};
	*bucket = i;
	if (s->youngest != NONE)
		s->partial[s->youngest].younger = i;
	else
		s->oldest = i;
	s->youngest = i;
	return u;
}

/* A free piece, if need be from others: from the oldest that is not `keep`. */
static int32_t piece_take(struct frags *s, const struct partial *keep)
{
	int32_t i;

	if (s->free_piece == NONE && s->used_pieces < s->n_pieces)
		return (int32_t)s->used_pieces++;
	while (s->free_piece == NONE) {
		struct partial *u = &s->partial[s->oldest];

		if (u == keep)	/* then it is not alone: a packet alone cannot empty the pool */
			u = &s->partial[u->younger];
		if (!u->given_up)
			count(s->counts, COUNT_FRAG_EVICTED);
		partial_release(s, u);
	}
	i = s->free_piece;
	s->free_piece = s->piece[i].next;
	return i;
}

/* Put bytes, which nothing there covers, at *link. Gives the link after them; NULL: too many pieces. */
static int32_t *pieces_insert(struct frags *s, struct partial *u, int32_t *link, uint32_t offset, struct cursor c)
{
	while (c.left > 0) {
		size_t len = c.left < PIECE ? c.left : PIECE;
		struct piece *piece;
		int32_t i;

		if (u->n_pieces == PIECES_MAX)
			return NULL;
		i = piece_take(s, u);
		piece = &s->piece[i];
		piece->offset = (uint16_t)offset;
		piece->len = (uint16_t)len;
		cur_copy(&c, piece->bytes, len);
		piece->next = *link;
		*link = i;
		link = &piece->next;
		u->n_pieces++;
		u->have += (uint32_t)len;
		offset += (uint32_t)len;
	}
	return link;
}

/* Add what is new of a fragment's data; what is not must be the same. COUNT_FRAG_HELD if all is well. */
static enum count pieces_add(struct frags *s, struct partial *u, uint32_t offset, struct cursor c)
{
	int32_t *link = &u->pieces;

	while (*link != NONE && c.left > 0) {
		struct piece *piece = &s->piece[*link];
		uint32_t start = piece->offset, end = start + piece->len;

		if (offset < start) {
			size_t gap = c.left < start - offset ? c.left : start - offset;

			link = pieces_insert(s, u, link, offset, cur_take(&c, gap));
			if (link == NULL)
				return COUNT_FRAG_BAD;
			offset += (uint32_t)gap;
			continue;
		}
		if (offset < end) {
			size_t both = c.left < end - offset ? c.left : end - offset;
			struct cursor old = cur_of(piece->bytes + (offset - start), both), new = cur_take(&c, both);

			if (!cur_equal(&old, &new))
				return COUNT_FRAG_OVERLAP;
			offset += (uint32_t)both;
		}
		link = &piece->next;
	}
	return pieces_insert(s, u, link, offset, c) != NULL ? COUNT_FRAG_HELD : COUNT_FRAG_BAD;
}

/* Keep the IP header for the whole packet; of IPv6 without extension headers, they have been read. */
static void header_keep(struct partial *u, const struct layers *l, const struct fragment *f)
{
	struct cursor ip = l->p->ip;

	u->ip_proto = f->ip_proto;
	u->header_len = f->v6 ? 40 : (uint8_t)((cur_peek_u8(&ip, 0) & 0x0f) * 4);
	cur_copy(&ip, u->header, u->header_len);
}

/* Go on as if the packet had come in one. Its header is one of a packet that was never fragmented. */
static enum count whole_decode(struct frags *s, struct partial *u, struct layers *l)
{
	uint8_t *to = s->whole[l->finished], *at = to + u->header_len;
	uint16_t length = (uint16_t)(u->key.v6 ? u->end : u->header_len + u->end);
	bool v6 = u->key.v6;
	uint8_t ip_proto = u->ip_proto;

	memcpy(to, u->header, u->header_len);
	if (v6) {
		to[4] = (uint8_t)(length >> 8);
		to[5] = (uint8_t)length;
		to[6] = ip_proto;
	} else {
		to[2] = (uint8_t)(length >> 8);
		to[3] = (uint8_t)length;
		to[6] = to[7] = 0;
	}
	for (int32_t i = u->pieces; i != NONE; i = s->piece[i].next) {
		memcpy(at, s->piece[i].bytes, s->piece[i].len);
		at += s->piece[i].len;
	}
	l->c = cur_of(to + u->header_len, u->end);
	l->missing = 0;
	l->reassembled = l->decoder->lent = true;
	l->p->ip = cur_of(to, u->header_len + u->end);
	l->p->wire_len = u->wire_len;
	partial_release(s, u);
	count(s->counts, COUNT_FRAG_WHOLE);
	return v6 ? ipv6_next_decode(l, ip_proto) : transport_decode(l, ip_proto);
}

/* Offsets that no sender makes: nothing in it, not a multiple of 8 in the middle, beyond the longest packet. */
static bool impossible(const struct layers *l, const struct fragment *f)
{
	size_t header = f->v6 ? 0 : (size_t)(cur_peek_u8(&l->p->ip, 0) & 0x0f) * 4;

	return l->c.left == 0 || (f->more && l->c.left % 8 != 0) || header + f->offset + l->c.left > PACKET_MAX;
}

/* The capture cut it, so the packet will never be whole. The first fragment of a datagram still has its ports, its length
 * and its beginning. */
static enum count cut_decode(struct layers *l, const struct fragment *f)
{
	if (f->offset != 0 || f->ip_proto != IPPROTO_UDP || l->c.left > PACKET_MAX)
		return COUNT_FRAG_CUT;
	l->missing = PACKET_MAX - l->c.left;	/* UDP's own length bounds it */
	return transport_decode(l, IPPROTO_UDP);
}

enum count frag_decode(struct layers *l, const struct fragment *f)
{
	struct frags *s = l->decoder->frags;
	struct frag_key key = {.src = l->p->src.addr, .dst = l->p->dst.addr, .id = f->id, .v6 = f->v6,
		.ip_proto = f->v6 ? 0 : f->ip_proto};
	uint32_t end = f->offset + (uint32_t)l->c.left;
	struct partial *u;
	enum count fate;

	count(s->counts, COUNT_FRAG_SEEN);
	if (l->reassembled)
		return COUNT_FRAG_BAD;
	if (l->missing > 0)
		return cut_decode(l, f);
	if (impossible(l, f))
		return COUNT_FRAG_BAD;
	if (layer_duplicate(l, f->ip_proto, 0, 0))
		return COUNT_DECODE_DUPLICATE;
	expire(s, l->frame->ts_ns);
	u = partial_find(s, &key);
	if (u == NULL)
		u = partial_begin(s, &key, l->frame->ts_ns);
	else if (u->given_up)
		return COUNT_FRAG_OVERLAP;
	u->wire_len += l->frame->length;
	/* Where the packet ends, all have to agree on. */
	if (end > u->reach)
		u->reach = end;
	if (!f->more && u->end == 0)
		u->end = end;
	if (u->end != 0 && (u->reach > u->end || (!f->more && end != u->end)))
		return partial_give_up(s, u, COUNT_FRAG_BAD);
	if (f->offset == 0 && u->header_len == 0)
		header_keep(u, l, f);
	fate = pieces_add(s, u, f->offset, l->c);
	if (fate != COUNT_FRAG_HELD)
		return partial_give_up(s, u, fate);
	if (u->end == 0 || u->have != u->end)
		return COUNT_FRAG_HELD;
	return whole_decode(s, u, l);
}
