/* cert.h -- what matters of one certificate, and how a fact says it: FACT_CRYPTO_CERT, as text that is read back.
 *
 *   "leaf RSA-2048 RSA-SHA256", "intermediate EC-P-384 ECDSA-SHA384", "root RSA-4096 RSA-SHA1"
 *
 * Its place in the chain, its key, and what signed it.
 */
#ifndef PW_CERT_H
#define PW_CERT_H

#include "../base/cursor.h"

enum cert_role { CERT_LEAF, CERT_INTERMEDIATE, CERT_ROOT };	/* root: signed by itself, and no leaf */
enum cert_key { CERT_KEY_OTHER, CERT_RSA, CERT_DSA, CERT_EC, CERT_ED25519, CERT_ED448 };
enum cert_signature { CERT_SIG_OTHER, CERT_SIG_RSA, CERT_SIG_PSS, CERT_SIG_DSA, CERT_SIG_ECDSA, CERT_SIG_EDDSA };
/* In order of strength; EdDSA has a hash of its own. */
enum cert_hash { CERT_HASH_OTHER, CERT_MD5, CERT_SHA1, CERT_SHA224, CERT_SHA256, CERT_SHA384, CERT_SHA512 };

enum { CERT_TEXT = 64 };

struct cert {
	uint8_t role, key, signature, hash;	/* the enums above */
	uint16_t bits;				/* of the key; 0: not known */
	uint16_t curve;				/* IANA's number of the group: 23 is P-256; 0: none, or another one */
};

/* Returns its buffer. */
const char *cert_print(const struct cert *, char to[static CERT_TEXT]);
bool cert_parse(struct cert *, struct cursor text);
const char *cert_hash_name(unsigned hash);	/* "SHA-256"; "" if it has none */
const char *cert_key_name(unsigned key);	/* "RSA" */

#endif
