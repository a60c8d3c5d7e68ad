/* explain_test.c -- a session as text: the verdict, the paths, what was seen in order, and the sum. */
#include "../test.h"

#include "../../sensor/crypto/profile.h"
#include "../../sensor/explain.h"
#include "../../sensor/session/correlator.h"
#include "../../sensor/signature/signature.h"

#include <stdio.h>

static struct facts facts;
static char *text;
static size_t text_len;
static FILE *out;
static unsigned sessions;
static bool details;

static bool sink(void *ctx, const struct event *e)
{
	(void)ctx;
	(void)e;
	return true;
}

static void ended(void *ctx, const struct session_view *s)
{
	(void)ctx;
	sessions++;
	explain_session(out, s, details);
}

static void begin(uint64_t at_ms, uint64_t packet, bool from_local, const char *remote)
{
	struct message m = {
		.ts_ns = 1767323045000000000ULL + at_ms * 1000000, .packet = packet, .flow_id = 7, .local = {addr_v4(0x0a000001), 5000},
		.ip_proto = 17, .side = SIDE_BORDER, .from_local = from_local, .local_first = true,
	};

	assert_true(addr_parse(remote, &m.remote.addr));
	m.remote.port = 6000;
	facts_reset(&facts);
	facts.header = m;
	facts_begin(&facts);
}

static struct crypto_profile *profile;
static struct signatures *signatures;

static struct correlator *correlator(void)
{
	static struct counts counts;
	struct settings set = {.session = {.sockets = 16, .legs = 16, .sessions = 8, .relays = 4, .settle_ms = 5000, .update_s = 600,
	    .idle_s = 120, .join_s = 120, .informational = true, .severity = 3}};
	struct correlator *c = correlator_new(&set, signatures, &counts, sink, NULL);

	assert_non_null(c);
	out = open_memstream(&text, &text_len);
	assert_non_null(out);
	sessions = 0;
	correlator_on_session_end(c, ended, NULL);
	correlator_use_profile(c, profile);
	return c;
}

static void done(struct correlator *c)
{
	correlator_finish(c);
	correlator_free(c);
	fclose(out);
}

static void has(const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("not there: %s\n%s", part, text);
}

static void call(void)
{
	struct correlator *c = correlator();

	for (unsigned i = 0; i < 3; i++) {
		begin(i * 500, 10 + i, true, "203.0.113.77");
		fact_flag(&facts, FACT_ICE_CHECK);
		fact_text(&facts, FACT_ICE_USERNAME, "rem:loc");
		fact_uint(&facts, FACT_STUN_FINGERPRINT, 1);
		correlator_facts(c, &facts);
	}
	begin(1600, 20, false, "203.0.113.77");
	fact_flag(&facts, FACT_ICE_ANSWER);
	fact_flag(&facts, FACT_TX_MATCHED);
	correlator_facts(c, &facts);
	begin(1700, 21, false, "203.0.113.77");
	fact_flag(&facts, FACT_ICE_CHECK);
	correlator_facts(c, &facts);
	begin(1701, 22, true, "203.0.113.77");
	fact_flag(&facts, FACT_ICE_ANSWER);
	fact_flag(&facts, FACT_TX_MATCHED);
	correlator_facts(c, &facts);
	done(c);
}

/* How messages looked is for who asks for it. */
static void with_details(void **state)
{
	(void)state;
	details = true;
	call();
	details = false;
	has("ice.answer\n");
	has("tx.matched\n");
	free(text);
}

/* What its encryption is worth stands in the head, with what could be better. */
static void with_encryption(void **state)
{
	static const char rules[] = "name: mine\ncipher: {pass: [AES-256]}\nversion: {pass: [DTLS 1.2], best: [DTLS 1.3]}\n";
	struct mistakes m = {.to = stderr};
	struct correlator *c;

	(void)state;
	profile = crypto_profile_parse("x", rules, strlen(rules), &m);
	c = correlator();
	begin(0, 1, true, "203.0.113.77");
	fact_flag(&facts, FACT_ICE_CHECK);
	correlator_facts(c, &facts);
	begin(1, 2, false, "203.0.113.77");
	fact_text(&facts, FACT_CRYPTO_PROTOCOL, "DTLS");
	fact_uint(&facts, FACT_CRYPTO_VERSION, 0xfefd);
	fact_uint(&facts, FACT_CRYPTO_SUITE, 0xc02b);
	fact_uint(&facts, FACT_CRYPTO_GROUP, 29);
	correlator_facts(c, &facts);
	done(c);
	has("  encryption: DTLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, X25519; mine: fail (AES-128)\n");
	has("    DTLS 1.2 is accepted, but is not the best\n");
	crypto_profile_free(profile);
	profile = NULL;
	free(text);
}

static void a_call(void **state)
{
	(void)state;
	call();
	assert_null(strstr(text, "tx.matched"));
	assert_int_equal(sessions, 1);
	has("hole-punch, path direct, score 60, severity 1\n");
	has("10.0.0.1:5000 has a direct path to 203.0.113.77:6000");
	has("UDP  10.0.0.1:5000 - 203.0.113.77:6000  peer  checks 3/1, answers 1/1, data 0/0\n");
	has("03:04:05.000000        10  10.0.0.1:5000 -> 203.0.113.77:6000\n");
	has("ice.check   (3 times)\n");
	has("ice.username == \"rem:loc\"   (3 times)\n");
	has("=> ice.check.sent == 203.0.113.77:6000   +15\n");
	has("=> ice.check.received == 203.0.113.77:6000   +10\n");
	has("+20  ice.check.answered == 203.0.113.77:6000   (packet 20)\n");
	has("=60  hole-punch\n");
	/* The check that came in stands where it came in, though it counted only once it was answered. */
	assert_true(strstr(text, "ice.check.received ==") < strstr(text, "ice.answer.sent =="));
	free(text);
}

static void a_session_that_claims_nothing(void **state)
{
	struct correlator *c = correlator();

	(void)state;
	begin(0, 1, true, "203.0.113.5");
	fact_flag(&facts, FACT_TURN_TRAFFIC);
	correlator_facts(c, &facts);
	begin(10, 2, true, "203.0.113.6");
	fact_flag(&facts, FACT_STUN_QUERY);
	correlator_facts(c, &facts);
	done(c);
	assert_int_equal(sessions, 1);
	has("stun-discovery");
	has("turn.traffic");
	free(text);
}

/* However much a session is told, its timeline is bounded, and says so. */
static void a_long_session(void **state)
{
	struct correlator *c = correlator();
	char name[32];

	(void)state;
	for (unsigned i = 0; i < 5000; i++) {
		begin(i, 1 + i, true, "203.0.113.77");
		fact_flag(&facts, FACT_ICE_CHECK);
		snprintf(name, sizeof name, "r%u:l", i);
		fact_text(&facts, FACT_ICE_USERNAME, name);
		correlator_facts(c, &facts);
	}
	done(c);
	has("more facts were not kept\n");
	has("checks 5000/0");
	has("hole-punch-attempt");
	free(text);
}

/* How near it came, and by which lines: the rest stand there, too. */
static void an_unfinished_signature(void **state)
{
	static const char rules[] = "- {sid: 9190001, app: Mine, title: My protocol, alert: 80, name: 50, evidence: [{weight: 60, when: 'dialect == \"mine\" and outgoing'}, "
	    "{weight: 40, when: 'stun.realm ^= \"My\"'}]}\n";
	struct mistakes m = {.to = stderr};
	struct correlator *c;

	(void)state;
	signatures = signatures_parse("x", rules, strlen(rules), &m);
	assert_non_null(signatures);
	c = correlator();
	begin(0, 1, true, "203.0.113.77");
	fact_text(&facts, FACT_DIALECT, "mine");
	correlator_facts(c, &facts);
	done(c);
	has("nothing to report");
	has("  signatures of which a line held\n    60 of 80  voip-app: sid 9190001, My protocol\n"
	    "              Mine is named from 50\n"
	    "          +60  dialect == \"mine\" and outgoing   (mine, packet 1)\n"
	    "      not +40  stun.realm ^= \"My\"\n");
	signatures_free(signatures);
	signatures = NULL;
	free(text);
}

static void on_message(void *ctx, const struct message *m)
{
	explain_message(ctx, m);
}

static void messages_alone(void **state)
{
	struct correlator *c = correlator();

	(void)state;
	correlator_on_message(c, on_message, out);
	begin(0, 10, true, "203.0.113.77");
	fact_flag(&facts, FACT_FLOW_NEW);
	facts_begin(&facts);
	fact_bytes(&facts, FACT_PAYLOAD, cur_of("\1\2\3", 3));
	fact_uint(&facts, FACT_PAYLOAD_LEN, 3);
	facts_begin(&facts);
	fact_uint(&facts, FACT_DATA_OUT_PACKETS, 1);
	correlator_facts(c, &facts);
	done(c);
	assert_non_null(strstr(text, "        10  UDP 10.0.0.1:5000 -> 203.0.113.77:6000\n"
	    "                           payload == 0x010203\n                           payload.len == 3\n"));
	assert_null(strstr(text, "flow.new"));
	assert_null(strstr(text, "data."));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call), cmocka_unit_test(with_encryption),
		cmocka_unit_test(with_details),
		cmocka_unit_test(a_session_that_claims_nothing), cmocka_unit_test(an_unfinished_signature),
		cmocka_unit_test(a_long_session),
		cmocka_unit_test(messages_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
