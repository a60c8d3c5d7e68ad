/* signature_match_fuzz.c -- an expression up to a zero byte, then bytes that make a message of facts: evaluation reads nothing that is not there, and a
 * line that holds is found, whatever it was filed under.
 */
#include "../../sensor/signature/compile.h"
#include "../../sensor/signature/evaluate.h"
#include "../../sensor/signature/signature.h"
#include "../../sensor/vocabulary.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static struct facts facts;

static void say(unsigned id, struct cursor *in)
{
	struct endpoint e = {.port = cur_peek_u16(in, 1)};

	switch (fact_def(id)->type) {
	case FACT_FLAG:
		fact_flag(&facts, id);
		break;
	case FACT_UINT:
		fact_uint(&facts, id, (cur_u8(in) & 1) != 0 ? cur_u8(in) : cur_u64(in));
		break;
	case FACT_ENDPOINT:
		e.addr = addr_v4(cur_u32(in));
		fact_endpoint(&facts, id, &e);
		break;
	case FACT_BYTES:
		fact_bytes(&facts, id, cur_take(in, cur_u8(in) % 80));
		break;
	}
}

/* A message as the worker and the dissectors make them: a payload stands alone. */
static const struct message *message_of(struct cursor in)
{
	static const unsigned some[] = {
		FACT_HOST, FACT_DIALECT, FACT_SOFTWARE, FACT_REALM, FACT_STUN_ERROR, FACT_STUN_QUERY, FACT_TURN_PEER, FACT_STUN_MAPPED,
		FACT_TX_RTT_US, FACT_TURN_LIFETIME,
	};
	uint8_t how = cur_u8(&in);
	const struct message *m = NULL;
	size_t at = 0, n;

	facts_reset(&facts);
	facts.header = (struct message){
		.ip_proto = (how & 1) != 0 ? IPPROTO_UDP : IPPROTO_TCP, .from_local = (how & 2) != 0, .two_way = (how & 4) != 0,
		.local = {.port = cur_u16(&in)}, .remote = {.port = cur_u16(&in)},
	};
	facts_begin(&facts);
	if ((how & 8) != 0) {
		n = in.left;
		fact_bytes(&facts, FACT_PAYLOAD, cur_take(&in, n < PAYLOAD_BYTES ? n : PAYLOAD_BYTES));
		if ((how & 1) != 0)
			fact_uint(&facts, FACT_PAYLOAD_LEN, n);
	} else {
		while (in.left > 0)
			say(some[cur_u8(&in) % (sizeof some / sizeof *some)], &in);
	}
	facts_next(&facts, &at, &m);
	return m;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static bool registered;
	const uint8_t *zero = memchr(bytes, 0, n);
	struct program program = {0};
	struct mistakes mistakes = {0};
	struct match match[SIGNATURE_MATCHES];
	struct signatures *set = NULL;
	const struct message *m;
	char when[1024], text[2400], why[COMPILE_WHY];
	uint32_t expr;
	size_t used = 0;

	if (!registered)
		vocabulary_register();
	registered = true;
	if (zero == NULL || zero - bytes >= (ptrdiff_t)sizeof when)
		return 0;
	memcpy(when, bytes, (size_t)(zero - bytes) + 1);
	if (compile(&program, when, &expr, why) == NULL) {
		used += (size_t)snprintf(text, sizeof text, "- {sid: 9190000, app: A, title: t, evidence: [{weight: 30, when: stun.answer}, "
		    "{weight: 30, when: '");
		for (const char *c = when; *c; c++)
			used += (size_t)snprintf(text + used, sizeof text - used, *c == '\'' ? "''" : "%c", *c);
		used += (size_t)snprintf(text + used, sizeof text - used, "'}]}");
		set = signatures_parse("fuzz", text, used, &mistakes);
		m = message_of(cur_of(zero + 1, n - (size_t)(zero - bytes) - 1));
		if (evaluate(&program, expr, m) && set != NULL && signatures_match(set, m, match, SIGNATURE_MATCHES) != 1)
			abort();
		if (set != NULL && signatures_match(set, m, match, SIGNATURE_MATCHES) == 1 && !evaluate(&program, expr, m))
			abort();
	}
	program_free(&program);
	signatures_free(set);
	return 0;
}
