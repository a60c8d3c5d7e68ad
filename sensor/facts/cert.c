/* cert.c -- see cert.h. */
#include "cert.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const roles[] = {"leaf", "intermediate", "root"};
static const char *const keys[] = {"other", "RSA", "DSA", "EC", "Ed25519", "Ed448"};
static const char *const signatures[] = {"other", "RSA", "PSS", "DSA", "ECDSA", "EdDSA"};
static const char *const hashes[] = {"other", "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};

static const struct {
	const char *name;
	uint16_t number, bits;
} curves[] = {{"P-256", 23, 256}, {"P-384", 24, 384}, {"P-521", 25, 521}, {"P-224", 21, 224}, {"P-192", 19, 192},
    {"secp256k1", 22, 256}, {"brainpoolP256r1", 26, 256}, {"brainpoolP384r1", 27, 384}, {"brainpoolP512r1", 28, 512}};

enum { N_CURVES = sizeof curves / sizeof *curves };

#define NAME(table, i) ((i) < sizeof(table) / sizeof *(table) ? (table)[i] : (table)[0])

static const char *key_text(const struct cert *c, char to[static CERT_TEXT])
{
	for (unsigned i = 0; c->key == CERT_EC && i < N_CURVES; i++)
		if (curves[i].number == c->curve) {
			snprintf(to, CERT_TEXT, "EC-%s", curves[i].name);
			return to;
		}
	if (c->bits != 0 && c->key != CERT_ED25519 && c->key != CERT_ED448)
		snprintf(to, CERT_TEXT, "%s-%u", NAME(keys, c->key), c->bits);
	else
		snprintf(to, CERT_TEXT, "%s", NAME(keys, c->key));
	return to;
}

const char *cert_print(const struct cert *c, char to[static CERT_TEXT])
{
	char key[CERT_TEXT];

	snprintf(to, CERT_TEXT, "%s %.24s %s%s%s", NAME(roles, c->role), key_text(c, key), NAME(signatures, c->signature),
	    c->hash != CERT_HASH_OTHER ? "-" : "", c->hash != CERT_HASH_OTHER ? NAME(hashes, c->hash) : "");
	return to;
}

static int word_of(const char *word, size_t n, const char *const *table, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (strlen(table[i]) == n && memcmp(table[i], word, n) == 0)
			return (int)i;
	return -1;
}

#define WORD_OF(word, n, table) word_of(word, n, table, sizeof(table) / sizeof *(table))

static bool parse_key(struct cert *c, const char *text)
{
	size_t n = strcspn(text, "-");
	int key = WORD_OF(text, n, keys);

	if (key < 0)
		return false;
	c->key = (uint8_t)key;
	c->bits = key == CERT_ED25519 ? 256 : key == CERT_ED448 ? 456 : 0;
	if (text[n] == '\0')
		return true;
	text += n + 1;
	for (unsigned i = 0; i < N_CURVES; i++)
		if (strcmp(curves[i].name, text) == 0) {
			c->curve = curves[i].number;
			c->bits = curves[i].bits;
			return true;
		}
	c->bits = (uint16_t)strtoul(text, NULL, 10);
	return c->bits > 0;
}

bool cert_parse(struct cert *c, struct cursor text)
{
	char all[CERT_TEXT] = "", role[16], key[32], signed_by[32];
	int r, s, h;
	size_t n;

	if (text.left >= sizeof all)
		return false;
	memset(c, 0, sizeof *c);
	cur_copy(&text, all, text.left);
	if (sscanf(all, "%15s %31s %31s", role, key, signed_by) != 3 || !parse_key(c, key))
		return false;
	n = strcspn(signed_by, "-");
	r = WORD_OF(role, strlen(role), roles);
	s = WORD_OF(signed_by, n, signatures);
	h = signed_by[n] == '-' ? WORD_OF(signed_by + n + 1, strlen(signed_by + n + 1), hashes) : CERT_HASH_OTHER;
	if (r < 0 || s < 0 || h < 0)
		return false;
	c->role = (uint8_t)r;
	c->signature = (uint8_t)s;
	c->hash = (uint8_t)h;
	return true;
}

const char *cert_hash_name(unsigned hash)
{
	static const char *const names[] = {"", "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"};

	return NAME(names, hash);
}

const char *cert_key_name(unsigned key)
{
	return NAME(keys, key);
}
