/* quic_crypt.c -- see quic_crypt.h. libcrypto allocates for itself; this happens once or twice a flow. */
#include "quic_crypt.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

enum {
	HASH = 32,			/* SHA-256 */
	TAG = 16,
	SAMPLE_AT = 4,			/* behind the packet number's first byte */
	HEADER_MOST = 1500,
};

struct labels {
	const char *key, *iv, *mask;
};

static const struct labels labels[] = {
	[QUIC_LABELS_1] = {"tls13 quic key", "tls13 quic iv", "tls13 quic hp"},
	[QUIC_LABELS_2] = {"tls13 quicv2 key", "tls13 quicv2 iv", "tls13 quicv2 hp"},
};

static bool hmac(const uint8_t *key, size_t key_bytes, const uint8_t *data, size_t n, uint8_t to[static HASH])
{
	unsigned len = HASH;

	return HMAC(EVP_sha256(), key, (int)key_bytes, data, n, to, &len) != NULL;
}

/* HKDF-Expand-Label with no context (RFC 8446, 7.1); at most one round's worth. */
static bool expand(const uint8_t secret[static HASH], const char *label, uint8_t *to, size_t n)
{
	size_t len = strlen(label);
	uint8_t info[40], out[HASH];

	info[0] = 0;
	info[1] = (uint8_t)n;
	info[2] = (uint8_t)len;
	memcpy(info + 3, label, len);
	info[3 + len] = 0;
	info[4 + len] = 1;		/* HKDF-Expand's round */
	if (!hmac(secret, HASH, info, 5 + len, out))
		return false;
	memcpy(to, out, n);
	return true;
}

bool quic_client_keys(struct quic_keys *k, const struct quic_version *v, struct cursor dcid)
{
	const struct labels *l = &labels[v->labels];
	uint8_t id[QUIC_ID], initial[HASH], client[HASH];
	size_t n = dcid.left;

	if (n > sizeof id)
		return false;
	cur_copy(&dcid, id, n);
	return hmac(v->salt, sizeof v->salt, id, n, initial) && expand(initial, "tls13 client in", client, HASH) &&
	    expand(client, l->key, k->key, sizeof k->key) && expand(client, l->iv, k->iv, sizeof k->iv) &&
	    expand(client, l->mask, k->mask, sizeof k->mask);
}

/* Five bytes that hide the packet number and the first byte's low bits. */
static bool header_mask(EVP_CIPHER_CTX *ctx, const struct quic_keys *k, const uint8_t sample[static 16], uint8_t to[static 16])
{
	int n;

	return EVP_EncryptInit_ex(ctx, EVP_aes_128_ecb(), NULL, k->mask, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 && EVP_EncryptUpdate(ctx, to, &n, sample, 16) == 1;
}

/* Takes the protection off a copy of the header; *header_n becomes its length with the packet number. */
static bool open_header(EVP_CIPHER_CTX *ctx, const struct quic_keys *k, const struct quic_packet *p, uint8_t *header,
    size_t *header_n, uint64_t *number)
{
	struct cursor c = p->whole, sample = p->whole;
	uint8_t at[16], mask[16];
	unsigned len;

	cur_skip(&sample, p->number_at + SAMPLE_AT);
	cur_copy(&sample, at, sizeof at);
	if (sample.bad || !header_mask(ctx, k, at, mask))
		return false;
	cur_copy(&c, header, p->number_at + SAMPLE_AT);
	header[0] ^= mask[0] & 0x0f;
	len = (header[0] & 3u) + 1;
	*number = 0;
	for (unsigned i = 0; i < len; i++) {
		header[p->number_at + i] ^= mask[1 + i];
		*number = *number << 8 | header[p->number_at + i];
	}
	*header_n = p->number_at + len;
	return true;
}

static bool open_body(EVP_CIPHER_CTX *ctx, const struct quic_keys *k, const uint8_t *header, size_t header_n, uint64_t number,
    const uint8_t *body, size_t body_n, uint8_t *plain, uint8_t *tag)
{
	uint8_t nonce[12];
	int n;

	memcpy(nonce, k->iv, sizeof nonce);
	for (unsigned i = 0; i < 8; i++)
		nonce[11 - i] ^= (uint8_t)(number >> 8 * i);
	return EVP_DecryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, k->key, nonce) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n, header, (int)header_n) == 1 &&
	    EVP_DecryptUpdate(ctx, plain, &n, body, (int)body_n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1 && EVP_DecryptFinal_ex(ctx, plain + n, &n) == 1;
}

bool quic_open(const struct quic_keys *k, const struct quic_packet *p, uint8_t plain[static QUIC_PLAIN_MOST], size_t *n)
{
	uint8_t header[HEADER_MOST + 8], body[QUIC_PLAIN_MOST], tag[TAG];
	struct cursor c = p->whole;
	size_t header_n;
	uint64_t number;
	EVP_CIPHER_CTX *ctx;
	bool ok = false;

	if (p->number_at > HEADER_MOST)
		return false;
	ctx = EVP_CIPHER_CTX_new();
	if (ctx == NULL)
		return false;
	if (!open_header(ctx, k, p, header, &header_n, &number))
		goto out;
	cur_skip(&c, header_n);
	if (c.left < TAG || c.left - TAG > sizeof body)
		goto out;
	*n = c.left - TAG;
	cur_copy(&c, body, *n);
	cur_copy(&c, tag, sizeof tag);
	ok = !c.bad && open_body(ctx, k, header, header_n, number, body, *n, plain, tag);
out:
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}
