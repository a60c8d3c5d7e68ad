/* names.h -- the numbers in handshakes: what they are called, and what they are made of. IANA's registries: TLS cipher suites,
 * supported groups, signature schemes, DTLS-SRTP protection profiles; RFC 4568 (SDES) and 6189 (ZRTP) for suites with names.
 *
 * One table each. What is not in them has no algorithm that anybody approves.
 */
#ifndef PW_CRYPTO_NAMES_H
#define PW_CRYPTO_NAMES_H

#include "../facts/cert.h"

enum { NAME_TEXT = 64 };

/* How keys are agreed upon. */
enum exchange {
	EXCHANGE_UNKNOWN,
	EXCHANGE_ECDHE,
	EXCHANGE_DHE,
	EXCHANGE_RSA,			/* sent under the certificate's key: who gets that one day reads it all */
	EXCHANGE_FIXED,			/* Diffie-Hellman with the certificate's key */
	EXCHANGE_PSK,			/* a key agreed upon elsewhere, also together with one of the others */
	EXCHANGE_ANONYMOUS,
	EXCHANGE_SRP,
	EXCHANGE_13,			/* TLS 1.3: by the group */
};

/* A cipher or a suite, taken apart. Texts are constants; "" if there is none. */
struct suite {
	const char *cipher;		/* "AES-256", "ChaCha20", "NULL" */
	uint16_t bits;			/* of its key */
	uint8_t hash;			/* enum cert_hash: of MAC and key derivation; CERT_HASH_OTHER: none of its own */
	uint8_t exchange;		/* enum exchange */
	bool certified, is_signed;	/* a certificate is sent; the key exchange is signed */
};

/* By number; false: not known. The text is its name, or its number. */
bool suite_of(struct suite *, uint16_t number);
const char *suite_text(uint16_t number, char to[static NAME_TEXT]);
/* SDES, by its name; ZRTP, "AES3-S384-EC38". `group` is ZRTP's, as a number of IANA's; 0: none. */
bool suite_of_sdes(struct suite *, const char *name);
bool suite_of_zrtp(struct suite *, const char *name, uint16_t *group, uint16_t *dh_bits);

/* SRTP profiles of DTLS-SRTP. */
bool srtp_of(struct suite *, uint16_t number);
const char *srtp_text(uint16_t number, char to[static NAME_TEXT]);

enum group_kind { GROUP_UNKNOWN, GROUP_CURVE, GROUP_FINITE, GROUP_POST_QUANTUM };

/* Its kind; *bits: of a finite field's prime. */
enum group_kind group_of(uint16_t number, uint16_t *bits);
const char *group_text(uint16_t number, char to[static NAME_TEXT]);

/* What signed: *hash, enum cert_hash; CERT_HASH_OTHER: it has one of its own, or is not known. */
const char *signature_text(uint16_t scheme, char to[static NAME_TEXT]);
bool signature_of(uint16_t scheme, uint8_t *hash, uint8_t *key);

/* "TLS 1.2", "DTLS 1.0"; "" if it is none. */
const char *version_text(uint16_t version);

/* Is it a word that these tables use? For who writes rules. */
bool names_cipher(const char *word);
bool names_group(const char *word);
bool names_version(const char *word);

/* "ECDHE", "RSA", "anonymous"; "" if it is not known. */
const char *exchange_text(enum exchange);

/* A number that stands for nothing, so that others learn to ignore what they do not know (RFC 8701), or that only signals. */
bool is_no_suite(uint16_t number);
bool is_no_group(uint16_t number);

#endif
