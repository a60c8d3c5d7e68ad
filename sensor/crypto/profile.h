/* profile.h -- what a profile lets pass: one rule an aspect, from a file (config/crypto/), read once, never changed.
 *
 *	cipher:
 *	  pass: [AES-256]
 *	  cid: [2090]
 *
 * `pass` names what is accepted (the words of names.h; none: everything is), `best` what is more than accepted (the rest is
 * noted), `least` is a number of bits, `cid` are the controls that are broken by what does not pass.
 */
#ifndef PW_CRYPTO_PROFILE_H
#define PW_CRYPTO_PROFILE_H

#include "../config/mistake.h"

#include <stdbool.h>
#include <stdint.h>

enum { PROFILE_NAME = 24, PROFILE_ABOUT = 160, RULE_WORDS = 16, RULE_WORD = 24, RULE_CIDS = 4 };

struct crypto_rule {
	char pass[RULE_WORDS][RULE_WORD], best[RULE_WORDS][RULE_WORD];
	unsigned n_pass, n_best;
	uint32_t least;
	uint32_t cid[RULE_CIDS];
	unsigned n_cid;
};

/* Aspects. The words are the keys of the file. */
#define CRYPTO_RULES(R) \
	R(PROTOCOL, "protocol", "what protects the flow: TLS, DTLS, DTLS-SRTP, SDES, ZRTP") \
	R(VERSION, "version", "its version: TLS 1.2, DTLS 1.2") \
	R(EXCHANGE, "key_exchange", "how keys are agreed upon: ECDHE, DHE, RSA, fixed DH, PSK, anonymous, SRP") \
	R(GROUP, "group", "the group of ECDHE and DHE: P-384, X25519, ffdhe3072") \
	R(DH, "dh", "least bits of a finite field's prime") \
	R(RSA_EXCHANGE, "rsa_key_exchange", "least bits of the RSA key under which keys are sent") \
	R(CIPHER, "cipher", "AES-256, ChaCha20") \
	R(HASH, "hash", "of the suite's MAC and key derivation, and of the signature on the key exchange: SHA-384") \
	R(SRTP_CIPHER, "srtp.cipher", "the same for media") \
	R(SRTP_HASH, "srtp.hash", "the same for media") \
	R(CERT_KEY, "certificate.key", "RSA, EC, Ed25519, DSA") \
	R(CERT_RSA, "certificate.rsa", "least bits of an RSA key") \
	R(CERT_CURVE, "certificate.curve", "of an EC key: P-384") \
	R(CERT_HASH, "certificate.hash", "of what signed a leaf or an intermediate: SHA-256") \
	R(CLEAR, "clear", "media, or their key, in clear: only its controls count") \
	R(OFFER, "offer", "what is offered and would not pass: only its controls count")

enum crypto_rule_id {
#define R(id, key, about) RULE_##id,
	CRYPTO_RULES(R)
#undef R
	RULES_N
};

struct crypto_profile {
	char name[PROFILE_NAME], about[PROFILE_ABOUT];
	struct crypto_rule rule[RULES_N];
};

/* NULL: mistakes were said. Free with crypto_profile_free(). */
struct crypto_profile *crypto_profile_load(const char *path, struct mistakes *);
struct crypto_profile *crypto_profile_parse(const char *name, const char *text, size_t len_bytes, struct mistakes *);
void crypto_profile_free(struct crypto_profile *);

#endif
