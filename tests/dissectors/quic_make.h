/* quic_make.h -- a QUIC client's first packets, made as a client makes them: ClientHello, CRYPTO frames, protection. */
#ifndef PW_QUIC_MAKE_H
#define PW_QUIC_MAKE_H

#include "../../dissectors/quic_crypt.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
	uint8_t b[8192];
	size_t n;
};

static inline void put(struct bytes *o, const void *bytes, size_t n)
{
	if (o->n + n > sizeof o->b)
		abort();
	memcpy(o->b + o->n, bytes, n);
	o->n += n;
}

static inline void put_n(struct bytes *o, uint64_t v, unsigned bytes)
{
	while (bytes-- > 0)
		put(o, &(uint8_t){(uint8_t)(v >> 8 * bytes)}, 1);
}

static inline void put_fill(struct bytes *o, uint8_t b, size_t n)
{
	while (n-- > 0)
		put(o, &b, 1);
}

/* Room for a length of so many bytes; put_length() fills it in. */
static inline size_t put_room(struct bytes *o, unsigned bytes)
{
	put_n(o, 0, bytes);
	return o->n;
}

static inline void put_length(struct bytes *o, size_t from, unsigned bytes)
{
	size_t n = o->n - from;

	for (unsigned i = 0; i < bytes; i++)
		o->b[from - 1 - i] = (uint8_t)(n >> 8 * i);
}

/* A ClientHello with a name ("" for none), one protocol, and so much of something else before and after. */
static inline struct bytes hello_of(const char *name, const char *alpn, size_t before, size_t after)
{
	struct bytes o = {.n = 0};
	size_t all, extensions, e, list, item;

	put_n(&o, 1, 1);
	all = put_room(&o, 3);
	put_n(&o, 0x0303, 2);
	put_fill(&o, 0x5a, 32);
	put_n(&o, 0, 1);
	put_n(&o, 2, 2);
	put_n(&o, 0x1301, 2);
	put_n(&o, 0x0100, 2);
	extensions = put_room(&o, 2);
	put_n(&o, 51, 2);
	put_n(&o, before, 2);
	put_fill(&o, 0xb0, before);
	if (name[0] != '\0') {
		put_n(&o, 0, 2);
		e = put_room(&o, 2);
		list = put_room(&o, 2);
		put_n(&o, 0, 1);
		put_n(&o, strlen(name), 2);
		put(&o, name, strlen(name));
		put_length(&o, list, 2);
		put_length(&o, e, 2);
	}
	put_n(&o, 16, 2);
	e = put_room(&o, 2);
	list = put_room(&o, 2);
	item = put_room(&o, 1);
	put(&o, alpn, strlen(alpn));
	put_length(&o, item, 1);
	put_length(&o, list, 2);
	put_length(&o, e, 2);
	put_n(&o, 41, 2);
	put_n(&o, after, 2);
	put_fill(&o, 0xaf, after);
	put_length(&o, extensions, 2);
	put_length(&o, all, 3);
	return o;
}

static inline void put_crypto(struct bytes *frames, const struct bytes *hello, size_t from, size_t n)
{
	put_n(frames, 6, 1);
	put_n(frames, 0x4000 | from, 2);
	put_n(frames, 0x4000 | n, 2);
	put(frames, hello->b + from, n);
}

/* Encrypt and hide: an Initial of the client whose keys follow from `key_id`, addressed to `dcid`. */
static inline void put_initial(struct bytes *datagram, uint32_t version, const char *key_id, const char *dcid, uint32_t number,
    const struct bytes *frames)
{
	const struct quic_version *v = quic_version(version);
	uint8_t nonce[12], mask[16], body[8192];
	struct quic_keys k;
	size_t at = datagram->n, number_at;
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n, more;

	quic_client_keys(&k, v, cur_of(key_id, strlen(key_id)));
	put_n(datagram, 0xc0u | (unsigned)v->initial << 4 | 3, 1);
	put_n(datagram, version, 4);
	put_n(datagram, strlen(dcid), 1);
	put(datagram, dcid, strlen(dcid));
	put_n(datagram, 3, 1);
	put(datagram, "scd", 3);
	put_n(datagram, 0, 1);			/* no token */
	put_n(datagram, 0x4000 | (4 + frames->n + 16), 2);
	number_at = datagram->n;
	put_n(datagram, number, 4);
	memcpy(nonce, k.iv, 12);
	for (unsigned i = 0; i < 4; i++)
		nonce[11 - i] ^= (uint8_t)(number >> 8 * i);
	EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, k.key, nonce);
	EVP_EncryptUpdate(ctx, NULL, &n, datagram->b + at, (int)(datagram->n - at));
	EVP_EncryptUpdate(ctx, body, &n, frames->b, (int)frames->n);
	EVP_EncryptFinal_ex(ctx, body + n, &more);
	EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, body + n);
	put(datagram, body, (size_t)n + 16);
	EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, k.mask, NULL);
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	EVP_EncryptUpdate(ctx, mask, &n, datagram->b + number_at + 4, 16);
	datagram->b[at] ^= mask[0] & 0x0f;
	for (unsigned i = 0; i < 4; i++)
		datagram->b[number_at + i] ^= mask[1 + i];
	EVP_CIPHER_CTX_free(ctx);
}

/* A datagram with one Initial, padded inside it. */
static inline struct bytes initial_of(uint32_t version, const char *id, uint32_t number, struct bytes frames)
{
	struct bytes o = {.n = 0};

	if (frames.n < 1180)
		put_fill(&frames, 0, 1180 - frames.n);
	put_initial(&o, version, id, id, number, &frames);
	return o;
}

#endif
