/* tls_cert.c -- see tls_cert.h.
 *
 * libcrypto reads the DER, by templates of our own: its X509 decodes every name and extension, and sets the key up for use,
 * which costs thirty times as much, once for every TLS 1.2 handshake on the link.
 */
#include "tls_cert.h"

#include <openssl/asn1t.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

/* --- templates. RFC 5280, 4.1; names, times and extensions are not looked into --- */

struct pw_key {
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *bits;
};

struct pw_body {
	ASN1_INTEGER *version, *serial;
	X509_ALGOR *signature;
	ASN1_STRING *issuer, *validity, *subject;
	struct pw_key *key;
	ASN1_BIT_STRING *issuer_id, *subject_id;
	ASN1_STRING *extensions;
};

struct pw_cert {
	struct pw_body *body;
	X509_ALGOR *algorithm;
	ASN1_BIT_STRING *signature;
};

struct pw_rsa {
	ASN1_INTEGER *n, *e;
};

typedef struct pw_key PW_KEY;		/* the macros ask for one word */
typedef struct pw_body PW_BODY;
typedef struct pw_cert PW_CERT;
typedef struct pw_rsa PW_RSA;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
ASN1_SEQUENCE(PW_KEY) = {
	ASN1_SIMPLE(PW_KEY, algorithm, X509_ALGOR),
	ASN1_SIMPLE(PW_KEY, bits, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(PW_KEY)

ASN1_SEQUENCE(PW_BODY) = {
	ASN1_EXP_OPT(PW_BODY, version, ASN1_INTEGER, 0),
	ASN1_SIMPLE(PW_BODY, serial, ASN1_INTEGER),
	ASN1_SIMPLE(PW_BODY, signature, X509_ALGOR),
	ASN1_SIMPLE(PW_BODY, issuer, ASN1_SEQUENCE),
	ASN1_SIMPLE(PW_BODY, validity, ASN1_SEQUENCE),
	ASN1_SIMPLE(PW_BODY, subject, ASN1_SEQUENCE),
	ASN1_SIMPLE(PW_BODY, key, PW_KEY),
	ASN1_IMP_OPT(PW_BODY, issuer_id, ASN1_BIT_STRING, 1),
	ASN1_IMP_OPT(PW_BODY, subject_id, ASN1_BIT_STRING, 2),
	ASN1_EXP_OPT(PW_BODY, extensions, ASN1_SEQUENCE, 3),
} static_ASN1_SEQUENCE_END(PW_BODY)

ASN1_SEQUENCE(PW_CERT) = {
	ASN1_SIMPLE(PW_CERT, body, PW_BODY),
	ASN1_SIMPLE(PW_CERT, algorithm, X509_ALGOR),
	ASN1_SIMPLE(PW_CERT, signature, ASN1_BIT_STRING),
} static_ASN1_SEQUENCE_END(PW_CERT)

ASN1_SEQUENCE(PW_RSA) = {
	ASN1_SIMPLE(PW_RSA, n, ASN1_INTEGER),
	ASN1_SIMPLE(PW_RSA, e, ASN1_INTEGER),
} static_ASN1_SEQUENCE_END(PW_RSA)
#pragma GCC diagnostic pop

static void *decode(const struct cursor *der, const ASN1_ITEM *item)
{
	const unsigned char *at = der->at;

	return ASN1_item_d2i(NULL, &at, (long)der->left, item);
}

/* --- what the object identifiers mean --- */

static const struct {
	int nid;
	uint8_t hash;
} hashes[] = {{NID_md5, CERT_MD5}, {NID_md5_sha1, CERT_SHA1}, {NID_sha1, CERT_SHA1}, {NID_sha224, CERT_SHA224}, {NID_sha256, CERT_SHA256},
    {NID_sha384, CERT_SHA384}, {NID_sha512, CERT_SHA512}};

static const struct {
	int nid;
	uint16_t number, bits;
} curves[] = {{NID_X9_62_prime256v1, 23, 256}, {NID_secp384r1, 24, 384}, {NID_secp521r1, 25, 521}, {NID_secp224r1, 21, 224},
    {NID_X9_62_prime192v1, 19, 192}, {NID_secp256k1, 22, 256}, {NID_brainpoolP256r1, 26, 256},
    {NID_brainpoolP384r1, 27, 384}, {NID_brainpoolP512r1, 28, 512}};

static uint8_t hash_of(int nid)
{
	for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
		if (hashes[i].nid == nid)
			return hashes[i].hash;
	return CERT_HASH_OTHER;
}

/* RFC 4055, 3.1: RSASSA-PSS names its hash in the parameters; SHA-1 if it does not. */
static uint8_t pss_hash(const X509_ALGOR *a)
{
	uint8_t hash = CERT_HASH_OTHER;
	RSA_PSS_PARAMS *pss;
	int kind;
	const void *value;

	X509_ALGOR_get0(NULL, &kind, &value, a);
	if (kind != V_ASN1_SEQUENCE)
		return CERT_SHA1;
	pss = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), a->parameter);
	if (pss == NULL)
		return CERT_HASH_OTHER;
	hash = pss->hashAlgorithm == NULL ? CERT_SHA1 : hash_of(OBJ_obj2nid(pss->hashAlgorithm->algorithm));
	RSA_PSS_PARAMS_free(pss);
	return hash;
}

static void read_signature(struct cert *c, const X509_ALGOR *a)
{
	int nid = OBJ_obj2nid(a->algorithm), md = NID_undef, by = NID_undef;

	if (nid == NID_rsassaPss) {
		c->signature = CERT_SIG_PSS;
		c->hash = pss_hash(a);
		return;
	}
	if (nid == NID_ED25519 || nid == NID_ED448) {
		c->signature = CERT_SIG_EDDSA;
		return;
	}
	if (!OBJ_find_sigid_algs(nid, &md, &by))
		return;
	c->hash = hash_of(md);
	c->signature = by == NID_rsaEncryption ? CERT_SIG_RSA : by == NID_X9_62_id_ecPublicKey ? CERT_SIG_ECDSA :
	    by == NID_dsa ? CERT_SIG_DSA : CERT_SIG_OTHER;
}

static uint16_t bits_of(const ASN1_INTEGER *n)
{
	const unsigned char *b = ASN1_STRING_get0_data(n);
	int length = ASN1_STRING_length(n);
	unsigned top = 0;

	if (length <= 0 || length > 4096)
		return 0;
	while (top < 8 && b[0] >> top != 0)
		top++;
	return (uint16_t)((length - 1) * 8 + (int)top);
}

static void read_rsa(struct cert *c, const ASN1_BIT_STRING *bits)
{
	struct cursor der = cur_of(ASN1_STRING_get0_data(bits), (size_t)ASN1_STRING_length(bits));
	struct pw_rsa *rsa = decode(&der, ASN1_ITEM_rptr(PW_RSA));

	if (rsa == NULL)
		return;
	c->bits = bits_of(rsa->n);
	ASN1_item_free((ASN1_VALUE *)rsa, ASN1_ITEM_rptr(PW_RSA));
}

static void read_ec(struct cert *c, const X509_ALGOR *a)
{
	const void *value;
	int kind, nid;

	X509_ALGOR_get0(NULL, &kind, &value, a);
	nid = kind == V_ASN1_OBJECT ? OBJ_obj2nid(value) : NID_undef;
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
		if (curves[i].nid == nid) {
			c->curve = curves[i].number;
			c->bits = curves[i].bits;
		}
}

static void read_key(struct cert *c, const struct pw_key *key)
{
	switch (OBJ_obj2nid(key->algorithm->algorithm)) {
	case NID_rsaEncryption:
	case NID_rsassaPss:
		c->key = CERT_RSA;
		read_rsa(c, key->bits);
		break;
	case NID_X9_62_id_ecPublicKey:
		c->key = CERT_EC;
		read_ec(c, key->algorithm);
		break;
	case NID_dsa:
		c->key = CERT_DSA;
		break;
	case NID_ED25519:
		c->key = CERT_ED25519;
		c->bits = 256;
		break;
	case NID_ED448:
		c->key = CERT_ED448;
		c->bits = 456;
		break;
	default:
		break;
	}
}

/* Names are equal if their bytes are: who signs himself writes his name the same way twice. */
static bool same(const ASN1_STRING *a, const ASN1_STRING *b)
{
	return ASN1_STRING_length(a) == ASN1_STRING_length(b) &&
	    memcmp(ASN1_STRING_get0_data(a), ASN1_STRING_get0_data(b), (size_t)ASN1_STRING_length(a)) == 0;
}

bool tls_cert(struct cert *c, struct cursor der, bool leaf)
{
	struct pw_cert *x;

	memset(c, 0, sizeof *c);
	if (der.left == 0 || der.left > TLS_CERT_MAX)
		return false;
	x = decode(&der, ASN1_ITEM_rptr(PW_CERT));
	if (x == NULL)
		return false;
	c->role = leaf ? CERT_LEAF : same(x->body->issuer, x->body->subject) ? CERT_ROOT : CERT_INTERMEDIATE;
	read_signature(c, x->algorithm);
	read_key(c, x->body->key);
	ASN1_item_free((ASN1_VALUE *)x, ASN1_ITEM_rptr(PW_CERT));
	return true;
}

static size_t u24(struct cursor *c)
{
	size_t high = cur_u8(c);

	return high << 16 | cur_u16(c);
}

unsigned tls_cert_chain(struct cert to[static TLS_CERTS], struct cursor body, bool *cut)
{
	struct cursor list = cur_take(&body, u24(&body));
	unsigned n = 0;

	*cut = body.bad || body.left > 0;
	while (list.left > 0 && n < TLS_CERTS) {
		struct cursor der = cur_take(&list, u24(&list));

		if (list.bad || !tls_cert(&to[n], der, n == 0)) {
			*cut = true;
			break;
		}
		n++;
	}
	*cut |= list.left > 0;
	return n;
}
