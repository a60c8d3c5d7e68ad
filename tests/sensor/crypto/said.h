/* said.h -- for tests of what is collected and judged: messages as a dissector says them, and the two profiles. */
#ifndef PW_CRYPTO_SAID_H
#define PW_CRYPTO_SAID_H

#include "../../test.h"

#include "../../../sensor/crypto/judge.h"

#include <stdio.h>

static struct facts said_facts;
static struct crypto_seen seen;

/* The message under construction goes to `seen`. */
static inline void begin(bool udp)
{
	facts_reset(&said_facts);
	said_facts.header = (struct message){.ip_proto = udp ? 17 : 6};
	facts_begin(&said_facts);
}

static inline void note(void)
{
	const struct message *m;
	size_t at = 0;

	assert_true(facts_next(&said_facts, &at, &m));
	crypto_seen_note(&seen, m);
}

static inline void offers(bool udp, const char *suites, size_t n_suites)
{
	begin(udp);
	fact_flag(&said_facts, FACT_CRYPTO_OFFER);
	fact_bytes(&said_facts, FACT_CRYPTO_OFFER_SUITES, cur_of(suites, n_suites));
	fact_bytes(&said_facts, FACT_CRYPTO_OFFER_GROUPS, cur_of("\0\x1d\0\x18", 4));
	note();
}

struct chosen {
	uint16_t version, suite, group, srtp, signature, dh_bits;
	const char *certs[4];
	bool resumed, cut;
};

static inline void chooses(const char *protocol, const struct chosen *c)
{
	const struct {
		unsigned fact;
		uint16_t v;
	} numbers[] = {{FACT_CRYPTO_VERSION, c->version}, {FACT_CRYPTO_SUITE, c->suite}, {FACT_CRYPTO_GROUP, c->group},
	    {FACT_CRYPTO_SRTP, c->srtp}, {FACT_CRYPTO_SIGNATURE, c->signature}, {FACT_CRYPTO_DH_BITS, c->dh_bits}};

	begin(strcmp(protocol, "TLS") != 0);
	fact_text(&said_facts, FACT_CRYPTO_PROTOCOL, protocol);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i].v != 0)
			fact_uint(&said_facts, numbers[i].fact, numbers[i].v);
	for (unsigned i = 0; i < 4 && c->certs[i] != NULL; i++)
		fact_text(&said_facts, FACT_CRYPTO_CERT, c->certs[i]);
	if (c->resumed)
		fact_flag(&said_facts, FACT_CRYPTO_RESUMED);
	if (c->cut)
		fact_flag(&said_facts, FACT_CRYPTO_CERT_CUT);
	note();
}

static inline void says_suite(const char *protocol, const char *suite, bool in_clear)
{
	begin(true);
	fact_text(&said_facts, FACT_CRYPTO_PROTOCOL, protocol);
	if (suite != NULL)
		fact_text(&said_facts, FACT_CRYPTO_SUITE_NAME, suite);
	if (in_clear)
		fact_flag(&said_facts, FACT_CRYPTO_KEY_IN_CLEAR);
	note();
}

static inline void says_media(const char *protection)
{
	begin(true);
	fact_text(&said_facts, FACT_MEDIA_PROTECTION, protection);
	note();
}

static inline struct crypto_profile *profile(const char *name)
{
	struct mistakes m = {.to = stderr};
	char path[64];
	struct crypto_profile *p;

	snprintf(path, sizeof path, "config/crypto/%s.yaml", name);
	p = crypto_profile_load(path, &m);
	assert_non_null(p);
	return p;
}

#endif
