/* tls_make.h -- handshake messages, records and certificates for the tests of TLS and DTLS. */
#ifndef PW_TLS_MAKE_H
#define PW_TLS_MAKE_H

#include "../test.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

/* Bytes under construction. */
struct made {
	uint8_t b[20000];
	size_t n;
};

static inline void put(struct made *m, const void *bytes, size_t n)
{
	assert_true(m->n + n <= sizeof m->b);
	memcpy(m->b + m->n, bytes, n);
	m->n += n;
}

/* A number of so many bytes. */
static inline void put_n(struct made *m, uint64_t v, unsigned bytes)
{
	while (bytes-- > 0)
		put(m, &(uint8_t){(uint8_t)(v >> 8 * bytes)}, 1);
}

static inline void put_text(struct made *m, const char *text)
{
	put(m, text, strlen(text));
}

static inline void put_same(struct made *m, uint8_t b, size_t n)
{
	while (n-- > 0)
		put(m, &b, 1);
}

/* A length that is filled in once what it counts is there. */
static inline size_t begin(struct made *m, unsigned bytes)
{
	put_n(m, 0, bytes);
	return m->n;
}

static inline void end(struct made *m, size_t at, unsigned bytes)
{
	size_t n = m->n - at;

	for (unsigned i = 0; i < bytes; i++)
		m->b[at - 1 - i] = (uint8_t)(n >> 8 * i);
}

static inline void put_list(struct made *m, const uint16_t *numbers, unsigned length_bytes)
{
	size_t at = begin(m, length_bytes);

	for (; *numbers != 0; numbers++)
		put_n(m, *numbers, 2);
	end(m, at, length_bytes);
}

/* --- hellos --- */

struct offer {
	uint16_t version;
	bool datagram;
	const char *host, *alpn;
	uint16_t suites[16], groups[8], versions[8], srtp[8];
	const char *cookie;
	unsigned padding;		/* bytes of an extension that fills it up */
};

static inline void put_client_hello(struct made *m, const struct offer *o)
{
	size_t all, x, y;

	put_n(m, o->version, 2);
	put_same(m, 0xab, 32);
	put_n(m, 0, 1);
	if (o->datagram) {
		put_n(m, o->cookie != NULL ? strlen(o->cookie) : 0, 1);
		put_text(m, o->cookie != NULL ? o->cookie : "");
	}
	put_list(m, o->suites, 2);
	put_n(m, 0x0100, 2);
	all = begin(m, 2);
	if (o->host != NULL) {
		put_n(m, 0, 2);
		x = begin(m, 2);
		y = begin(m, 2);
		put_n(m, 0, 1);
		put_n(m, strlen(o->host), 2);
		put_text(m, o->host);
		end(m, y, 2);
		end(m, x, 2);
	}
	if (o->groups[0] != 0) {
		put_n(m, 10, 2);
		x = begin(m, 2);
		put_list(m, o->groups, 2);
		end(m, x, 2);
	}
	if (o->srtp[0] != 0) {
		put_n(m, 14, 2);
		x = begin(m, 2);
		put_list(m, o->srtp, 2);
		put_n(m, 0, 1);
		end(m, x, 2);
	}
	if (o->alpn != NULL) {
		put_n(m, 16, 2);
		x = begin(m, 2);
		y = begin(m, 2);
		put_n(m, strlen(o->alpn), 1);
		put_text(m, o->alpn);
		end(m, y, 2);
		end(m, x, 2);
	}
	if (o->versions[0] != 0) {
		put_n(m, 43, 2);
		x = begin(m, 2);
		put_list(m, o->versions, 1);
		end(m, x, 2);
	}
	if (o->padding > 0) {
		put_n(m, 21, 2);
		put_n(m, o->padding, 2);
		put_same(m, 0, o->padding);
	}
	end(m, all, 2);
}

struct choice {
	uint16_t version, suite, chosen_version, group, srtp;
	bool retry, psk;
};

static inline void put_server_hello(struct made *m, const struct choice *c)
{
	uint8_t retry[32];
	size_t all, x;

	unhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c", retry, sizeof retry);
	put_n(m, c->version, 2);
	if (c->retry)
		put(m, retry, sizeof retry);
	else
		put_same(m, 0xcd, 32);
	put_n(m, 0, 1);
	put_n(m, c->suite, 2);
	put_n(m, 0, 1);
	all = begin(m, 2);
	if (c->chosen_version != 0) {
		put_n(m, 43, 2);
		put_n(m, 2, 2);
		put_n(m, c->chosen_version, 2);
	}
	if (c->group != 0) {
		put_n(m, 51, 2);
		x = begin(m, 2);
		put_n(m, c->group, 2);
		if (!c->retry) {
			put_n(m, 32, 2);
			put_same(m, 0x11, 32);
		}
		end(m, x, 2);
	}
	if (c->srtp != 0) {
		put_n(m, 14, 2);
		put_n(m, 5, 2);
		put_n(m, 2, 2);
		put_n(m, c->srtp, 2);
		put_n(m, 0, 1);
	}
	if (c->psk) {
		put_n(m, 41, 2);
		put_n(m, 2, 2);
		put_n(m, 0, 2);
	}
	if (m->n > all)
		end(m, all, 2);
	else
		m->n -= 2;
}

/* ServerKeyExchange, signed: of a curve, or with a prime of so many bytes. */
static inline void put_curve(struct made *m, unsigned group, unsigned scheme)
{
	put_n(m, 3, 1);
	put_n(m, group, 2);
	put_n(m, 65, 1);
	put_same(m, 4, 65);
	if (scheme != 0)
		put_n(m, scheme, 2);
	put_n(m, 70, 2);
	put_same(m, 5, 70);
}

static inline void put_prime(struct made *m, unsigned bytes, unsigned scheme)
{
	put_n(m, bytes, 2);
	put_same(m, 0xff, bytes);
	put_n(m, 1, 2);
	put_n(m, 2, 1);
	put_n(m, bytes, 2);
	put_same(m, 7, bytes);
	if (scheme != 0)
		put_n(m, scheme, 2);
	put_n(m, 256, 2);
	put_same(m, 8, 256);
}

/* --- certificates --- */

static inline EVP_PKEY *key_of(const char *what)
{
	if (strcmp(what, "RSA") == 0)
		return EVP_RSA_gen(2048);
	if (strcmp(what, "ED25519") == 0)
		return EVP_PKEY_Q_keygen(NULL, NULL, what);
	return EVP_EC_gen(what);
}

/* One in DER: for `subject`, signed by `signer` (which is `issuer`) with this hash. */
static inline void put_der(struct made *m, EVP_PKEY *key, const char *subject, EVP_PKEY *signer, const char *issuer, const EVP_MD *hash)
{
	X509 *x = X509_new();
	uint8_t *der = NULL;
	int n;

	assert_non_null(x);
	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const uint8_t *)subject, -1, -1, 0);
	X509_NAME_add_entry_by_txt(X509_get_issuer_name(x), "CN", MBSTRING_ASC, (const uint8_t *)issuer, -1, -1, 0);
	assert_true(X509_sign(x, signer, hash) > 0);
	n = i2d_X509(x, &der);
	assert_true(n > 0);
	put(m, der, (size_t)n);
	OPENSSL_free(der);
	X509_free(x);
}

/* A Certificate message's body with one of its own making. */
static inline void put_chain_of_one(struct made *m, const char *key_kind, const EVP_MD *hash)
{
	EVP_PKEY *key = key_of(key_kind);
	size_t all = begin(m, 3), one = begin(m, 3);

	assert_non_null(key);
	put_der(m, key, "leaf", key, "leaf", hash);
	end(m, one, 3);
	end(m, all, 3);
	EVP_PKEY_free(key);
}

/* --- around them --- */

/* A handshake message as TLS has it: type, length, body. */
static inline void put_message(struct made *m, unsigned type, const struct made *body)
{
	put_n(m, type, 1);
	put_n(m, body->n, 3);
	put(m, body->b, body->n);
}

static inline void put_record(struct made *m, unsigned type, unsigned version, const void *bytes, size_t n)
{
	put_n(m, type, 1);
	put_n(m, version, 2);
	put_n(m, n, 2);
	put(m, bytes, n);
}

#endif
