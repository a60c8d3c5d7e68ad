/* signature_test.c -- a set as the correlator uses it: matches in order, found by fact and value, whatever the number of signatures. */
#include "made.h"

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
	assert_string_equal(signatures_line(set, 0, 0), "dialect == \"b\"");
	assert_string_equal(signatures_line(set, 0, 3), "");
	assert_string_equal(signatures_line(set, 2, 0), "");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_set_says_of_itself),
		cmocka_unit_test(matches_come_in_order_each_line_once),
		cmocka_unit_test(between_inside_hosts_only_what_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
