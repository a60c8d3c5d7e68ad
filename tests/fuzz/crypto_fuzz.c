/* crypto_fuzz.c -- facts about encryption, collected and judged: whatever they say, the verdict is one, and its texts end.
 *
 * Input: facts, one behind the other: 1 byte which one, 1 byte how long, the bytes. A byte of 255 begins the next message.
 */
#include <stdlib.h>

#include "../../sensor/crypto/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { KINDS = FACT_CRYPTO_OFFER_SRTP - FACT_CRYPTO_PROTOCOL + 1, NEXT = 255 };

static const char rules[] =
	"name: fuzz\nprotocol: {pass: [TLS, DTLS], cid: [1]}\nversion: {pass: [TLS 1.2, DTLS 1.2], best: [DTLS 1.2], cid: [2]}\n"
	"key_exchange: {pass: [ECDHE], cid: [3]}\ngroup: {pass: [P-384], cid: [4]}\ndh: {least: 3072, cid: [5]}\ncipher: {pass: [AES-256], cid: [6]}\n"
	"hash: {pass: [SHA-384], cid: [7]}\nsrtp: {cipher: {pass: [AES-256], cid: [8]}, hash: {pass: [SHA-384], cid: [9]}}\n"
	"certificate: {key: {pass: [EC], cid: [10]}, rsa: {least: 2048, cid: [11]}, curve: {pass: [P-384], cid: [12]}, hash: {pass: [SHA-384], cid: [13]}}\n"
	"clear: {cid: [14]}\noffer: {cid: [15]}\n";

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void judge(const struct crypto_profile *p, const struct crypto_seen *s, bool media)
{
	struct event_crypto e;
	char line[CRYPTO_LINE];

	crypto_judge(p, s, media, &e);
	must(e.result <= CRYPTO_UNKNOWN && e.n_certs <= CRYPTO_CERTS && e.n_reasons <= CRYPTO_REASONS && e.n_notes <= CRYPTO_NOTES &&
	    e.n_cids <= CRYPTO_CIDS);
	for (unsigned i = 0; i < e.n_reasons; i++)
		must(memchr(e.reasons[i], '\0', CRYPTO_REASON) != NULL);
	must((e.result == CRYPTO_PASS) <= (e.n_reasons == 0 && e.visible == VISIBLE_FULL));
	must((e.result == CRYPTO_FAIL || e.result == CRYPTO_UNKNOWN) <= (e.n_reasons > 0));
	must(strlen(crypto_line(&e, line)) < CRYPTO_LINE);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct crypto_profile *profile;
	static struct facts facts;
	struct crypto_seen seen = {0};
	struct cursor c = cur_of(bytes, n);
	const struct message *m;
	size_t at = 0;

	if (profile == NULL) {
		struct mistakes mistakes = {.to = stderr};

		profile = crypto_profile_parse("fuzz", rules, sizeof rules - 1, &mistakes);
		must(profile != NULL);
	}
	facts_reset(&facts);
	facts_begin(&facts);
	while (c.left > 0) {
		uint8_t what = cur_u8(&c);
		struct cursor value;
		unsigned fact;

		if (what == NEXT) {
			facts.header.ip_proto ^= 17;
			facts_begin(&facts);
			continue;
		}
		value = cur_take(&c, cur_u8(&c) % 64);
		fact = what % (KINDS + 1) < KINDS ? FACT_CRYPTO_PROTOCOL + what % (KINDS + 1) : FACT_MEDIA_PROTECTION;
		if (fact_def(fact)->type == FACT_UINT)
			fact_uint(&facts, fact, cur_peek_u16(&value, 0));
		else if (fact_def(fact)->type == FACT_FLAG)
			fact_flag(&facts, fact);
		else
			fact_bytes(&facts, fact, value);
	}
	while (facts_next(&facts, &at, &m)) {
		crypto_seen_note(&seen, m);
		judge(profile, &seen, false);
	}
	judge(profile, &seen, true);
	return 0;
}
