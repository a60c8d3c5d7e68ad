/* signature_test.c -- a set as the correlator uses it: matches in order, found by fact and value, whatever the number of signatures. */
#include "made.h"

#include "../../../sensor/signature/set.h"

static const char TWO[] =
    "- {sid: 9190002, app: B, title: second, kind: nat-traversal, alert: 60, join: host, level: operator, severity: 2, evidence: [\n"
    "    {when: 'dialect == \"b\"', weight: 60, far: peer}, {when: 'stun.query', weight: 10}, {when: 'stun.error == 5', weight: 7}]}\n"
    "- {sid: 9190001, title: first, alert: 30, inside: true, experimental: true, evidence: [\n"
    "    {when: 'stun.query or dialect == \"b\" or stun.answer', weight: 30, far: relay}]}\n";

static struct signatures *two(void)
{
	struct mistakes mistakes = {.to = stderr};
	struct signatures *set;

	vocabulary_register();
	set = signatures_parse("two", TWO, sizeof TWO - 1, &mistakes);
	assert_non_null(set);
	return set;
}

static void what_a_set_says_of_itself(void **state)
{
	struct signatures *set = two();
	const struct signature *s = signatures_find(set, 9190001);
	uint8_t weight;

	(void)state;
	assert_int_equal(signatures_n(set), 2);
	assert_int_equal(signatures_lines(set), 4);
	assert_ptr_equal(signatures_at(set, 1), s);
	assert_null(signatures_at(set, 2));
	assert_null(signatures_find(set, 9190003));
	assert_null(signatures_find(set, 0));
	assert_true(s->app == NULL && s->kind == KIND_VOIP_APP && s->alert == 30 && s->name == 50 && s->inside && s->experimental);
	assert_true(s->join == JOIN_SESSION && s->level == NAME_APPLICATION && s->severity == 0 && s->n_lines == 1);
	s = signatures_at(set, 0);
	assert_string_equal(s->app, "B");
	assert_true(s->kind == KIND_NAT_TRAVERSAL && s->join == JOIN_HOST && s->level == NAME_OPERATOR && s->severity == 2);
	assert_string_equal(signatures_line(set, signatures_at(set, 0)->sid, 0, &weight), "dialect == \"b\"");
	assert_true(weight > 0);
	assert_string_equal(signatures_line(set, signatures_at(set, 0)->sid, 3, &weight), "");
	assert_string_equal(signatures_line(set, 1, 0, &weight), "");
	signatures_free(set);
	assert_int_equal(signatures_n(NULL), 0);
	assert_null(signatures_find(NULL, 1));
	signatures_free(NULL);
}

static void matches_come_in_order_each_line_once(void **state)
{
	struct signatures *set = two();
	struct match match[SIGNATURE_MATCHES];
	struct facts *f = message_new();

	(void)state;
	fact_flag(f, FACT_STUN_ANSWER);
	fact_text(f, FACT_DIALECT, "b");
	fact_flag(f, FACT_STUN_QUERY);
	assert_int_equal(signatures_match(set, message_of(f), match, SIGNATURE_MATCHES), 3);
	assert_true(match[0].signature == 0 && match[0].line == 0 && match[0].weight == 60 && match[0].far_end == FAR_PEER &&
	    match[0].fact == FACT_DIALECT);
	assert_true(match[1].signature == 0 && match[1].line == 1 && match[1].fact == FACT_STUN_QUERY);
	assert_true(match[2].signature == 1 && match[2].line == 0 && match[2].far_end == FAR_RELAY && match[2].fact == FACT_STUN_ANSWER);
	assert_int_equal(signatures_match(set, message_of(f), match, 2), 2);		/* the first ones */
	assert_true(match[0].line == 0 && match[1].line == 1);
	assert_int_equal(signatures_match(set, message_of(f), match, 0), 0);
	assert_int_equal(signatures_match(NULL, message_of(f), match, 2), 0);
	free(f);
	signatures_free(set);
}

static void between_inside_hosts_only_what_says_so(void **state)
{
	static const char text[] =
	    "- {sid: 9190002, title: t, alert: 60, evidence: [{when: 'payload == \"abcdefgh\"', weight: 60}]}\n"
	    "- {sid: 9190001, title: t, alert: 60, inside: true, evidence: [{when: 'payload ^= \"abcdefgh\"', weight: 60}]}\n";
	struct mistakes mistakes = {.to = stderr};
	struct signatures *set = signatures_parse("inside", text, sizeof text - 1, &mistakes);
	struct match match[SIGNATURE_MATCHES];
	struct facts *f = message_new();

	(void)state;
	assert_non_null(set);
	f->header.side = SIDE_INSIDE;
	facts_reset(f);
	facts_begin(f);
	fact_text(f, FACT_PAYLOAD, "abcdefgh");
	fact_uint(f, FACT_PAYLOAD_LEN, 8);
	fact_flag(f, FACT_BORDER);
	assert_int_equal(signatures_match(set, message_of(f), match, SIGNATURE_MATCHES), 1);
	assert_int_equal(match[0].signature, 1);
	free(f);
	signatures_free(set);
}

/* --- many --- */

enum { MANY = 10000 };

static struct signatures *many(char folder[static 64])
{
	struct mistakes mistakes = {.to = stderr};
	const char *folders[] = {folder};
	struct signatures *set;
	char command[128];

	strcpy(folder, "/tmp/punchwatch-signatures-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof command, "sh tests/tools/signatures.sh %d %s", MANY, folder);
	assert_int_equal(system(command), 0);
	vocabulary_register();
	set = signatures_load(folders, 1, &mistakes);
	assert_non_null(set);
	snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
	return set;
}

static void look(void *ctx, uint32_t line, const struct fact *fact)
{
	(void)line;
	(void)fact;
	++*(unsigned *)ctx;
}

static void look_payload(void *ctx, uint32_t line)
{
	(void)line;
	++*(unsigned *)ctx;
}

/* Lines that were looked at for this message. */
static unsigned looks(const struct signatures *set, const struct message *m)
{
	unsigned n = 0;
	struct fact f;
	size_t at = 0;

	while (message_next(m, &at, &f)) {
		index_look(set->index, &f, look, &n);
		if (f.id == FACT_PAYLOAD)
			payload_index_look(set->payloads, PATTERN_UDP, f.bytes, 40, look_payload, &n);
	}
	return n;
}

static void ten_thousand_are_as_one(void **state)
{
	char folder[64], name[64];
	struct signatures *set = many(folder);
	struct match match[SIGNATURE_MATCHES];
	struct facts *f = message_new();
	uint64_t random = 1;
	unsigned fitting = 0;

	(void)state;
	assert_int_equal(signatures_n(set), MANY);
	assert_int_equal(signatures_lines(set), 5 * MANY);
	fact_uint(f, FACT_FLOW_PACKETS_OUT, 7);		/* none of their facts */
	fact_flag(f, FACT_STUN_QUERY);
	assert_false(message_meets(message_of(f), index_facts(set->index)));
	assert_int_equal(looks(set, message_of(f)), 0);
	for (unsigned i = 0; i < MANY; i += 97) {
		facts_reset(f);
		facts_begin(f);
		snprintf(name, sizeof name, "a.b.made-up-%u.EXAMPLE", i);
		fact_text(f, FACT_HOST, name);
		snprintf(name, sizeof name, "made-up-%u", i);
		fact_text(f, FACT_DIALECT, name);
		fact_uint(f, FACT_STUN_ERROR, 100000 + i);
		assert_in_range(looks(set, message_of(f)), 3, 4);
		assert_int_equal(signatures_match(set, message_of(f), match, SIGNATURE_MATCHES), 2);
		assert_true(match[0].signature == i && match[0].line == 0 && match[1].signature == i && match[1].line == 1);
	}
	for (unsigned i = 0; i < 100000; i++) {		/* of random datagrams hardly one is given a second look */
		uint8_t bytes[40];

		for (unsigned k = 0; k < sizeof bytes; k++) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			bytes[k] = (uint8_t)(random >> 56);
		}
		fitting += payload_fits_datagram(set, cur_of(bytes, sizeof bytes), sizeof bytes, false) == FIT_YES;
	}
	assert_in_range(fitting, 0, 3);
	free(f);
	signatures_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_set_says_of_itself),
		cmocka_unit_test(matches_come_in_order_each_line_once),
		cmocka_unit_test(between_inside_hosts_only_what_says_so),
		cmocka_unit_test(ten_thousand_are_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
