/* judge.c -- see judge.h. */
#include "judge.h"

#include "names.h"

#include <stdarg.h>
#include <stdio.h>

enum { UNSEEN = 8 };

struct judging {
	const struct crypto_profile *p;
	const struct crypto_seen *s;
	struct event_crypto *e;
	bool failed, missing;
	const char *unseen[UNSEEN];	/* what a pass would take; texts are constants */
	unsigned n_unseen;
};

/* --- what comes of it --- */

static void add_cids(struct event_crypto *e, const struct crypto_rule *r)
{
	for (unsigned i = 0; i < r->n_cid; i++) {
		unsigned k = 0;

		while (k < e->n_cids && e->cids[k] != r->cid[i])
			k++;
		if (k == e->n_cids && k < CRYPTO_CIDS)
			e->cids[e->n_cids++] = r->cid[i];
	}
}

static void add_reason(struct event_crypto *e, enum crypto_class class, const char *part, const char *what)
{
	char text[CRYPTO_REASON];

	snprintf(text, sizeof text, "%s%s%s", part, part[0] != '\0' ? " " : "", what);
	e->classes |= (uint8_t)class;
	for (unsigned i = 0; i < e->n_reasons; i++)
		if (strcmp(e->reasons[i], text) == 0)
			return;
	if (e->n_reasons < CRYPTO_REASONS)
		memcpy(e->reasons[e->n_reasons++], text, sizeof text);
}

static void fails(struct judging *j, enum crypto_rule_id id, enum crypto_class class, const char *part, const char *what)
{
	j->failed = true;
	add_reason(j->e, class, part, what);
	add_cids(j->e, &j->p->rule[id]);
}

/* Something that would have to be seen for a pass was not. */
static void misses(struct judging *j, const char *what)
{
	j->missing = true;
	for (unsigned i = 0; i < j->n_unseen; i++)
		if (strcmp(j->unseen[i], what) == 0)
			return;
	if (j->n_unseen < UNSEEN)
		j->unseen[j->n_unseen++] = what;
}

__attribute__((format(printf, 2, 3))) static void note(struct judging *j, const char *format, ...)
{
	struct event_crypto *e = j->e;
	char text[CRYPTO_NOTE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	for (unsigned i = 0; i < e->n_notes; i++)
		if (strcmp(e->notes[i], text) == 0)
			return;
	if (e->n_notes < CRYPTO_NOTES)
		memcpy(e->notes[e->n_notes++], text, sizeof text);
}

/* --- one rule --- */

static bool has_word(char list[][RULE_WORD], unsigned n, const char *word)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

static bool passes(const struct judging *j, enum crypto_rule_id id, const char *word)
{
	const struct crypto_rule *r = &j->p->rule[id];

	return r->n_pass == 0 || has_word((char (*)[RULE_WORD])r->pass, r->n_pass, word);
}

static void check(struct judging *j, enum crypto_rule_id id, const char *part, const char *word)
{
	const struct crypto_rule *r = &j->p->rule[id];

	if (!passes(j, id, word))
		fails(j, id, CLASS_WEAK, part, word);
	else if (r->n_best > 0 && !has_word((char (*)[RULE_WORD])r->best, r->n_best, word))
		note(j, "%s%s%s is accepted, but is not the best", part, part[0] != '\0' ? " " : "", word);
}

static void check_bits(struct judging *j, enum crypto_rule_id id, const char *what, unsigned bits)
{
	char word[CRYPTO_REASON];

	if (bits == 0 || bits >= j->p->rule[id].least)
		return;
	snprintf(word, sizeof word, "%s-%u", what, bits);
	fails(j, id, CLASS_WEAK, "", word);
}

static void check_hash(struct judging *j, enum crypto_rule_id id, const char *part, uint8_t hash)
{
	if (hash != CERT_HASH_OTHER)
		check(j, id, part, cert_hash_name(hash));
}

/* --- certificates: a root signs itself, so that what signed it proves nothing and is not judged --- */

static void check_cert(struct judging *j, const struct cert *c)
{
	char curve[NAME_TEXT];

	if (c->role == CERT_ROOT)
		return;
	check(j, RULE_CERT_KEY, "certificate", cert_key_name(c->key));
	if (c->key == CERT_RSA)
		check_bits(j, RULE_CERT_RSA, "certificate RSA", c->bits);
	if (c->key == CERT_EC)
		check(j, RULE_CERT_CURVE, "certificate", c->curve != 0 ? group_text(c->curve, curve) : "curve");
	check_hash(j, RULE_CERT_HASH, "certificate", c->hash);
}

static void show_cert(struct event_crypto *e, const struct cert *c, bool of_client)
{
	static const char *const roles[] = {"leaf", "intermediate", "root"};
	struct event_cert *to = &e->certs[e->n_certs];
	char curve[NAME_TEXT];

	if (e->n_certs == CRYPTO_CERTS)
		return;
	e->n_certs++;
	*to = (struct event_cert){.of_client = of_client, .bits = c->bits};
	snprintf(to->role, sizeof to->role, "%s", roles[c->role <= CERT_ROOT ? c->role : CERT_LEAF]);
	snprintf(to->alg, sizeof to->alg, "%s", cert_key_name(c->key));
	snprintf(to->sha, sizeof to->sha, "%s", cert_hash_name(c->hash));
	if (c->curve != 0)
		snprintf(to->curve, sizeof to->curve, "%.19s", group_text(c->curve, curve));
}

static void judge_certs(struct judging *j, const struct crypto_certs *c, bool of_client)
{
	for (unsigned i = 0; i < c->n; i++) {
		check_cert(j, &c->cert[i]);
		show_cert(j->e, &c->cert[i], of_client);
	}
	if (c->cut)
		misses(j, "certificates-not-all-seen");
}

/* --- TLS and DTLS --- */

static void judge_group(struct judging *j)
{
	const struct crypto_seen *s = j->s;
	char name[NAME_TEXT];
	uint16_t bits;

	if (s->group == 0)
		return;
	group_text(s->group, j->e->group);
	switch (group_of(s->group, &bits)) {
	case GROUP_POST_QUANTUM:
		misses(j, "unlisted-pq");
		note(j, "%s: no list has post-quantum groups yet", group_text(s->group, name));
		break;
	case GROUP_FINITE:
		check_bits(j, RULE_DH, "DH", bits);
		break;
	default:
		check(j, RULE_GROUP, "", j->e->group);
	}
}

/* Keys, where they are agreed upon in clear: up to 1.2. */
static void judge_exchange(struct judging *j, const struct suite *suite)
{
	const struct crypto_seen *s = j->s;

	if (suite->exchange == EXCHANGE_13 || suite->exchange == EXCHANGE_UNKNOWN)
		return;
	if (!passes(j, RULE_EXCHANGE, exchange_text((enum exchange)suite->exchange))) {
		char what[CRYPTO_REASON];

		snprintf(what, sizeof what, "%s key exchange", exchange_text((enum exchange)suite->exchange));
		fails(j, RULE_EXCHANGE, CLASS_WEAK, "", what);
	}
	if (s->resumed)
		return;
	if (suite->exchange == EXCHANGE_RSA && s->server.n > 0)
		check_bits(j, RULE_RSA_EXCHANGE, "RSA", s->server.cert[0].bits);
	if (suite->exchange == EXCHANGE_DHE)
		check_bits(j, RULE_DH, "DH", s->dh_bits);
	if ((suite->exchange == EXCHANGE_ECDHE && s->group == 0) || (suite->exchange == EXCHANGE_DHE && s->dh_bits == 0 && s->group == 0))
		misses(j, "key-exchange-not-seen");
}

/* Before TLS 1.2 the key exchange was signed over MD5 and SHA-1, or SHA-1 (RFC 4346, 7.4.3; 8422, 5.4). */
static bool signs_with_sha1(uint16_t version)
{
	return version < 0x0303 || version == 0xfeff;
}

static void judge_signature(struct judging *j, const struct suite *suite)
{
	const struct crypto_seen *s = j->s;
	uint8_t hash, key;

	if (!suite->is_signed || suite->exchange == EXCHANGE_13 || s->resumed)
		return;
	if (signs_with_sha1(s->version)) {
		check_hash(j, RULE_HASH, "", CERT_SHA1);
	} else if (s->signature == 0) {
		misses(j, "signature-not-seen");
	} else {
		signature_text(s->signature, j->e->signature);
		if (signature_of(s->signature, &hash, &key))
			check_hash(j, RULE_HASH, "signature", hash);
		else
			fails(j, RULE_HASH, CLASS_WEAK, "signature", j->e->signature);
	}
}

static void judge_suite(struct judging *j)
{
	const struct crypto_seen *s = j->s;
	struct suite suite;

	suite_text(s->suite, j->e->cipher);
	if (!suite_of(&suite, s->suite)) {
		fails(j, RULE_CIPHER, CLASS_WEAK, "unlisted suite", j->e->cipher);
		return;
	}
	j->e->bits = suite.bits;
	snprintf(j->e->hash, sizeof j->e->hash, "%s", cert_hash_name(suite.hash));
	check(j, RULE_CIPHER, "", suite.cipher);
	check_hash(j, RULE_HASH, "", suite.hash);
	judge_exchange(j, &suite);
	judge_group(j);
	judge_signature(j, &suite);
	if (suite.certified && suite.exchange != EXCHANGE_13 && !s->resumed) {
		judge_certs(j, &s->server, false);
		if (s->server.n == 0)
			misses(j, "certificate-not-seen");
		judge_certs(j, &s->client, true);
	}
}

static void judge_srtp(struct judging *j)
{
	const struct crypto_seen *s = j->s;
	struct suite suite;

	if (s->srtp == 0)
		return;
	srtp_text(s->srtp, j->e->srtp);
	if (!srtp_of(&suite, s->srtp)) {
		fails(j, RULE_SRTP_CIPHER, CLASS_WEAK, "unlisted SRTP profile", j->e->srtp);
		return;
	}
	check(j, RULE_SRTP_CIPHER, "SRTP", suite.cipher);
	check_hash(j, RULE_SRTP_HASH, "SRTP", suite.hash);
}

/* How many of the first ones offered would not pass. */
static void note_offers(struct judging *j)
{
	const struct crypto_seen *s = j->s;
	const struct crypto_rule *r = &j->p->rule[RULE_OFFER];
	unsigned weak = 0, groups = 0, srtp = 0;
	char control[24] = "", name[NAME_TEXT];
	struct suite suite;
	uint16_t bits;

	if (r->n_cid > 0)
		snprintf(control, sizeof control, " (CID %u)", r->cid[0]);
	for (unsigned i = 0; i < s->n_suites; i++)
		weak += !suite_of(&suite, s->suites[i]) || !passes(j, RULE_CIPHER, suite.cipher) || !passes(j, RULE_HASH, cert_hash_name(suite.hash)) ||
		    (suite.exchange != EXCHANGE_13 && !passes(j, RULE_EXCHANGE, exchange_text((enum exchange)suite.exchange)));
	for (unsigned i = 0; i < s->n_groups; i++) {
		enum group_kind kind = group_of(s->groups[i], &bits);

		groups += kind == GROUP_FINITE ? bits < j->p->rule[RULE_DH].least :
		    kind != GROUP_POST_QUANTUM && !passes(j, RULE_GROUP, group_text(s->groups[i], name));
	}
	for (unsigned i = 0; i < s->n_srtp; i++)
		srtp += !srtp_of(&suite, s->profiles[i]) || !passes(j, RULE_SRTP_CIPHER, suite.cipher) ||
		    (suite.hash != CERT_HASH_OTHER && !passes(j, RULE_SRTP_HASH, cert_hash_name(suite.hash)));
	if (weak > 0)
		note(j, "offered: %u of %u suites would not pass%s", weak, s->n_suites, control);
	if (groups > 0)
		note(j, "offered: %u of %u groups would not pass%s", groups, s->n_groups, control);
	if (srtp > 0)
		note(j, "offered: %u of %u SRTP profiles would not pass%s", srtp, s->n_srtp, control);
}

static bool is_13(uint16_t version)
{
	return version == 0x0304 || version == 0xfefc;
}

static void judge_handshake(struct judging *j)
{
	const struct crypto_seen *s = j->s;
	struct event_crypto *e = j->e;
	bool srtp = s->srtp != 0 || (is_13(s->version) && s->protocol == CRYPTO_DTLS && s->media_srtp);
	const char *protocol = s->protocol == CRYPTO_TLS ? "TLS" : srtp ? "DTLS-SRTP" : "DTLS";

	snprintf(e->protocol, sizeof e->protocol, "%s", version_text(s->version));
	if (!passes(j, RULE_PROTOCOL, protocol))
		fails(j, RULE_PROTOCOL, CLASS_NOT_APPROVED, protocol, "not approved");
	check(j, RULE_VERSION, "", e->protocol);
	judge_suite(j);
	judge_srtp(j);
	if (is_13(s->version))
		misses(j, "hidden-in-1.3");
	if (s->resumed)
		misses(j, "resumed");
	e->visible = j->missing ? VISIBLE_PARTIAL : VISIBLE_FULL;
	note_offers(j);
}

/* --- the others --- */

static void judge_named(struct judging *j, const char *protocol)
{
	const struct crypto_seen *s = j->s;
	struct event_crypto *e = j->e;
	uint16_t group = 0, dh_bits = 0;
	struct suite suite;
	bool known;

	snprintf(e->protocol, sizeof e->protocol, "%.15s", protocol);
	snprintf(e->srtp, sizeof e->srtp, "%s", s->name);
	e->visible = s->name[0] != '\0' ? VISIBLE_FULL : VISIBLE_NONE;
	if (!passes(j, RULE_PROTOCOL, protocol))
		fails(j, RULE_PROTOCOL, CLASS_NOT_APPROVED, protocol, "not approved");
	if (s->key_in_clear)
		fails(j, RULE_CLEAR, CLASS_IN_CLEAR, "", "key in clear");
	if (s->name[0] == '\0') {
		misses(j, "key-exchange-not-visible");
		return;
	}
	known = s->protocol == CRYPTO_SDES ? suite_of_sdes(&suite, s->name) : suite_of_zrtp(&suite, s->name, &group, &dh_bits);
	if (!known) {
		fails(j, RULE_SRTP_CIPHER, CLASS_WEAK, "unlisted suite", s->name);
		return;
	}
	e->bits = suite.bits;
	check(j, RULE_SRTP_CIPHER, "SRTP", suite.cipher);
	check_hash(j, RULE_SRTP_HASH, "SRTP", suite.hash);
	if (s->protocol != CRYPTO_ZRTP)
		return;
	if (!passes(j, RULE_EXCHANGE, exchange_text((enum exchange)suite.exchange)))
		fails(j, RULE_EXCHANGE, CLASS_WEAK, exchange_text((enum exchange)suite.exchange), "key exchange");
	check_bits(j, RULE_DH, "DH", dh_bits);
	if (suite.exchange == EXCHANGE_ECDHE)
		check(j, RULE_GROUP, "", group != 0 ? group_text(group, e->group) : "unlisted group");
}

static void judge_clear(struct judging *j)
{
	snprintf(j->e->protocol, sizeof j->e->protocol, "RTP");
	j->e->visible = VISIBLE_FULL;
	fails(j, RULE_CLEAR, CLASS_IN_CLEAR, "", "not encrypted");
}

static void judge_unseen(struct judging *j, const char *protocol)
{
	const struct crypto_seen *s = j->s;

	snprintf(j->e->protocol, sizeof j->e->protocol, "%.15s", s == NULL || !s->offer ? protocol : s->datagrams ? "DTLS" : "TLS");
	j->e->visible = s != NULL && s->offer ? VISIBLE_OFFERED : VISIBLE_NONE;
	misses(j, s != NULL && s->offer ? "offered-only" : "key-exchange-not-visible");
	if (s != NULL)
		note_offers(j);
}

/* Why it is not known. Where it fails anyway, how much was seen is said by `visible`. */
static void say_unseen(struct judging *j)
{
	for (unsigned i = 0; i < j->n_unseen; i++)
		if (!j->failed)
			add_reason(j->e, CLASS_UNSEEN, "", j->unseen[i]);
}

void crypto_judge(const struct crypto_profile *p, const struct crypto_seen *s, bool media, struct event_crypto *e)
{
	struct judging j = {.p = p, .s = s, .e = e};

	memset(e, 0, sizeof *e);
	if (p == NULL)
		return;
	if (s == NULL || (s->protocol == CRYPTO_NOTHING && !s->offer && !s->media_srtp && !s->media_clear)) {
		if (!media)
			return;
		judge_unseen(&j, "");
	} else if (s->protocol == CRYPTO_TLS || s->protocol == CRYPTO_DTLS) {
		judge_handshake(&j);
	} else if (s->protocol == CRYPTO_SDES || s->protocol == CRYPTO_ZRTP) {
		judge_named(&j, s->protocol == CRYPTO_SDES ? "SDES" : "ZRTP");
	} else if (s->protocol == CRYPTO_RTP || (s->protocol == CRYPTO_NOTHING && s->media_clear && !s->media_srtp)) {
		judge_clear(&j);
	} else if (s->protocol == CRYPTO_OTHER) {
		judge_unseen(&j, s->name);
		if (!passes(&j, RULE_PROTOCOL, s->name))
			fails(&j, RULE_PROTOCOL, CLASS_NOT_APPROVED, s->name, "not approved");
	} else {
		judge_unseen(&j, s->media_srtp || s->protocol == CRYPTO_SRTP ? "SRTP" : "");
	}
	say_unseen(&j);
	snprintf(e->profile, sizeof e->profile, "%s", p->name);
	e->result = j.failed ? CRYPTO_FAIL : j.missing ? CRYPTO_UNKNOWN : CRYPTO_PASS;
}

const char *crypto_line(const struct event_crypto *e, char to[static CRYPTO_LINE])
{
	const char *const parts[] = {e->protocol, e->cipher, e->group, e->srtp};
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i][0] != '\0')
			n += (size_t)snprintf(to + n, CRYPTO_LINE - n, "%s%s", n > 0 ? ", " : "", parts[i]);
	n += (size_t)snprintf(to + n, CRYPTO_LINE - n, "%s%s: %s", n > 0 ? "; " : "", e->profile, crypto_result_name((enum crypto_result)e->result));
	for (unsigned i = 0; i < e->n_reasons && n + CRYPTO_REASON + 4 < CRYPTO_LINE; i++)
		n += (size_t)snprintf(to + n, CRYPTO_LINE - n, "%s%s%s", i == 0 ? " (" : ", ", e->reasons[i], i + 1u == e->n_reasons ? ")" : "");
	return to;
}
