/* profile.c -- see profile.h. */
#include "profile.h"

#include "../base/log.h"
#include "../config/schema.h"
#include "names.h"

#include <stdlib.h>
#include <string.h>

#define F(field) FIELD(struct crypto_profile, field)
#define COUNT(field) .count_offset = offsetof(struct crypto_profile, field)

enum { CID_MOST = 99999, BITS_MOST = 16384 };

/* A rule's four rows, each key under its aspect's. */
#define R(id, key, what) \
	{key ".pass", SCHEMA_TEXTS, F(rule[RULE_##id].pass), .item_size = RULE_WORD, COUNT(rule[RULE_##id].n_pass), .fallback = "", \
	    .about = (what)}, \
	{key ".best", SCHEMA_TEXTS, F(rule[RULE_##id].best), .item_size = RULE_WORD, COUNT(rule[RULE_##id].n_best), .fallback = "", \
	    .about = "what is more than accepted; the rest is noted"}, \
	{key ".least", SCHEMA_UINT, F(rule[RULE_##id].least), .least = 0, .most = BITS_MOST, .fallback = "0", .about = "bits"}, \
	{key ".cid", SCHEMA_UINTS, F(rule[RULE_##id].cid), .item_size = sizeof(uint32_t), COUNT(rule[RULE_##id].n_cid), .most = CID_MOST, \
	    .fallback = "", .about = "controls that are broken by what does not pass"},

static const struct schema_row rows[] = {
	{"name", SCHEMA_TEXT, F(name), .fallback = NULL, .about = "as events call it"},
	{"about", SCHEMA_TEXT, F(about), .fallback = "", .about = "one line"},
	CRYPTO_RULES(R)
};

#undef R

static const struct schema schema = {rows, sizeof rows / sizeof *rows};

/* A word that nothing is ever called lets nothing pass: it is misspelt. */
static bool is_word(unsigned rule, const char *word)
{
	static const char *const protocols[] = {"TLS", "DTLS", "DTLS-SRTP", "SDES", "ZRTP", NULL};
	static const char *const keys[] = {"RSA", "DSA", "EC", "Ed25519", "Ed448", NULL};
	static const char *const none[] = {NULL};
	const char *const *list = rule == RULE_PROTOCOL ? protocols : rule == RULE_CERT_KEY ? keys : none;

	switch (rule) {
	case RULE_CIPHER:
	case RULE_SRTP_CIPHER:
		return names_cipher(word);
	case RULE_GROUP:
	case RULE_CERT_CURVE:
		return names_group(word);
	case RULE_VERSION:
		return names_version(word);
	case RULE_EXCHANGE:
		for (unsigned i = EXCHANGE_ECDHE; i < EXCHANGE_13; i++)
			if (strcmp(exchange_text((enum exchange)i), word) == 0)
				return true;
		return false;
	case RULE_HASH:
	case RULE_SRTP_HASH:
	case RULE_CERT_HASH:
		for (unsigned i = CERT_MD5; i <= CERT_SHA512; i++)
			if (strcmp(cert_hash_name(i), word) == 0)
				return true;
		return false;
	default:
		while (*list != NULL && strcmp(*list, word) != 0)
			list++;
		return *list != NULL;
	}
}

/* Rows of a rule stand together: pass, best, least, cid. */
enum { ROWS_BEFORE = 2, ROWS_OF_RULE = 4 };

static void check_words(const struct crypto_profile *p, struct binding *b)
{
	for (unsigned i = 0; i < RULES_N; i++) {
		const struct crypto_rule *r = &p->rule[i];
		unsigned row = ROWS_BEFORE + i * ROWS_OF_RULE;

		for (unsigned k = 0; k < r->n_pass + r->n_best; k++) {
			const char *word = k < r->n_pass ? r->pass[k] : r->best[k - r->n_pass];
			unsigned at = k < r->n_pass ? row : row + 1;

			if (!is_word(i, word))
				mistake(b->mistakes, document_name(b->document), b->lines[at], rows[at].key, "%s is nothing that could be seen there", word);
		}
	}
}

static struct crypto_profile *bind(struct document *d, struct mistakes *mistakes)
{
	struct crypto_profile *p = calloc(1, sizeof *p);
	unsigned lines[sizeof rows / sizeof *rows] = {0};
	struct binding b = {.schema = &schema, .to = p, .document = d, .lines = lines, .mistakes = mistakes};
	unsigned before = mistakes->n;

	if (p == NULL)
		log_no_memory("the encryption profile");
	schema_defaults(&schema, p);
	if (d != NULL && schema_bind(&b, document_root(d))) {
		if (p->name[0] == '\0')
			mistake(mistakes, document_name(d), 0, "name", "must be given");
		check_words(p, &b);
	}
	document_free(d);
	if (d != NULL && mistakes->n == before)
		return p;
	free(p);
	return NULL;
}

struct crypto_profile *crypto_profile_load(const char *path, struct mistakes *mistakes)
{
	return bind(document_read(path, mistakes), mistakes);
}

struct crypto_profile *crypto_profile_parse(const char *name, const char *text, size_t len_bytes, struct mistakes *mistakes)
{
	return bind(document_parse(name, text, len_bytes, mistakes), mistakes);
}

void crypto_profile_free(struct crypto_profile *p)
{
	free(p);
}
