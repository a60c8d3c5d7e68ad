/* made.h -- messages made by hand, sets made from text, and which lines hold. */
#ifndef PW_TEST_SIGNATURE_MADE_H
#define PW_TEST_SIGNATURE_MADE_H

#include "../../test.h"

#include "../../../sensor/signature/signature.h"
#include "../../../sensor/vocabulary.h"

#include <netinet/in.h>
#include <stdio.h>

/* A batch with one message that is open: an answer from a remote end of UDP. */
static inline struct facts *message_new(void)
{
	struct facts *f = calloc(1, sizeof *f);

	facts_reset(f);
	f->header = (struct message){.ts_ns = 7, .packet = 3, .flow_id = 11, .ip_proto = IPPROTO_UDP, .side = SIDE_BORDER, .two_way = true};
	f->header.local.port = 50000;
	f->header.remote.port = 3478;
	addr_parse("10.0.0.1", &f->header.local.addr);
	addr_parse("203.0.113.1", &f->header.remote.addr);
	facts_begin(f);
	return f;
}

static inline const struct message *message_of(const struct facts *f)
{
	const struct message *m = NULL;
	size_t at = 0;

	assert_true(facts_next(f, &at, &m));
	return m;
}

static inline void say_endpoint(struct facts *f, unsigned fact, const char *addr, uint16_t port)
{
	struct endpoint e = {.port = port};

	assert_true(addr_parse(addr, &e.addr));
	fact_endpoint(f, fact, &e);
}

/* A set of one signature for each expression, and a line that never holds. NULL-terminated list. */
static inline char *entries(const char *const when[])
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	for (unsigned i = 0; when[i] != NULL; i++) {
		fprintf(f, "- {sid: %u, app: A%u, title: t, evidence: [{weight: 30, when: '", 9190000 + i, i);
		for (const char *c = when[i]; *c; c++)
			fprintf(f, *c == '\'' ? "''" : "%c", *c);
		fprintf(f, "'}, {weight: 30, when: 'detail.method == \"none\"'}]}\n");
	}
	fclose(f);
	return text;
}

static inline struct signatures *set_of(const char *const when[])
{
	struct mistakes mistakes = {.to = stderr};
	struct signatures *set;
	char *text;

	vocabulary_register();
	text = entries(when);
	set = signatures_parse("test", text, strlen(text), &mistakes);
	free(text);
	assert_non_null(set);
	return set;
}

/* What is said about a text of signatures: all mistakes, a line each. */
static inline char *mistakes_of(const char *text)
{
	char *said = NULL;
	size_t n;
	struct mistakes mistakes = {.to = open_memstream(&said, &n)};
	struct signatures *set;

	vocabulary_register();
	set = signatures_parse("test", text, strlen(text), &mistakes);
	fclose(mistakes.to);
	if ((set != NULL) != (mistakes.n == 0))
		fail_msg("%u mistakes, but %s: %s", mistakes.n, set != NULL ? "a set" : "no set", said);
	signatures_free(set);
	return said;
}

/* Does the expression hold? Also when it was printed and read again. */
static inline bool holds(const char *when, const struct facts *f)
{
	struct signatures *set = set_of((const char *const[]){when, NULL}), *again;
	struct mistakes mistakes = {.to = stderr};
	struct match match[SIGNATURE_MATCHES];
	unsigned n = signatures_match(set, message_of(f), match, SIGNATURE_MATCHES);
	char *text = NULL, *text_again = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	signatures_print(set, to);
	fclose(to);
	again = signatures_parse("printed", text, len, &mistakes);
	assert_non_null(again);
	to = open_memstream(&text_again, &len);
	signatures_print(again, to);
	fclose(to);
	assert_string_equal(text, text_again);
	assert_int_equal(signatures_match(again, message_of(f), match, SIGNATURE_MATCHES), n);
	free(text);
	free(text_again);
	signatures_free(set);
	signatures_free(again);
	assert_in_range(n, 0, 1);
	return n == 1;
}

#endif
