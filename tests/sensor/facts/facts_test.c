/* facts_test.c -- the one currency: what is written is read back, what does not fit is cut off and marked, and the
 * registry knows every fact by number and name. */
#include "../../test.h"

#include "../../../sensor/facts/facts.h"

enum { OWN_LENGTH = FACT_OWN, OWN_NAME, OWN_N = 2 };

static const struct fact_def own[OWN_N] = {
	{"test.length", FACT_UINT, "a dissector's own fact"}, {"test.name", FACT_BYTES, "another one"},
};

static struct facts *batch(void)
{
	struct facts *f = calloc(1, sizeof *f);

	f->header = (struct message){.ts_ns = 7, .packet = 3, .flow_id = 11, .side = SIDE_TRANSIT, .from_local = true};
	facts_reset(f);
	return f;
}

static const struct message *only(const struct facts *f)
{
	const struct message *m, *none;
	size_t at = 0;

	assert_true(facts_next(f, &at, &m));
	assert_false(facts_next(f, &at, &none));
	assert_int_equal(at, f->used);
	return m;
}

static void what_is_written_is_read(void **state)
{
	struct facts *f = batch();
	struct endpoint e = {.port = 3478}, *mapped = &e;
	const struct message *m;
	struct fact fact;
	size_t at = 0;

	(void)state;
	addr_parse("2001:db8::7", &e.addr);
	facts_begin(f);
	fact_flag(f, FACT_STUN_QUERY);
	fact_uint(f, FACT_STUN_ERROR, UINT64_MAX);
	fact_endpoint(f, FACT_STUN_MAPPED, mapped);
	fact_text(f, FACT_SOFTWARE, "seven b");
	fact_text(f, FACT_REALM, "");
	m = only(f);
	assert_true(m->ts_ns == 7 && m->packet == 3 && m->flow_id == 11 && m->side == SIDE_TRANSIT && m->from_local);
	assert_int_equal(m->n, 5);
	assert_true(message_next(m, &at, &fact));
	assert_true(fact.id == FACT_STUN_QUERY && fact.type == FACT_FLAG);
	assert_true(message_next(m, &at, &fact));
	assert_true(fact.id == FACT_STUN_ERROR && fact.type == FACT_UINT && fact.uint == UINT64_MAX);
	assert_true(message_next(m, &at, &fact));
	assert_true(fact.id == FACT_STUN_MAPPED && fact.type == FACT_ENDPOINT && endpoint_equal(&fact.endpoint, &e));
	assert_true(message_next(m, &at, &fact));
	assert_true(fact.id == FACT_SOFTWARE && fact.bytes.left == 7 && cur_starts(&fact.bytes, "seven b", 7));
	assert_true(message_next(m, &at, &fact));
	assert_true(fact.id == FACT_REALM && fact.type == FACT_BYTES && fact.bytes.left == 0);
	assert_false(message_next(m, &at, &fact));
	assert_true(message_has(m, FACT_REALM) && !message_has(m, FACT_ICE_CHECK));
	assert_true(message_uint(m, FACT_STUN_ERROR) == UINT64_MAX && message_uint(m, FACT_ICE_CHECK) == 0);
	free(f);
}

static void each_message_stands_alone(void **state)
{
	struct facts *f = batch();
	const struct message *m;
	size_t at = 0;

	(void)state;
	facts_begin_earlier(f, 5, 2, false);
	fact_flag(f, FACT_STUN_QUERY);
	facts_begin(f);
	fact_flag(f, FACT_STUN_ANSWER);
	assert_true(facts_next(f, &at, &m));
	assert_true(m->ts_ns == 5 && m->packet == 2 && !m->from_local);
	assert_true(message_has(m, FACT_STUN_QUERY) && !message_has(m, FACT_STUN_ANSWER));
	assert_true(facts_next(f, &at, &m));
	assert_true(m->ts_ns == 7 && m->packet == 3 && m->from_local);
	assert_true(message_has(m, FACT_STUN_ANSWER) && !message_has(m, FACT_STUN_QUERY));
	assert_false(facts_next(f, &at, &m));
	free(f);
}

static void nested_messages_say_who_is_behind(void **state)
{
	struct facts *f = batch();
	struct fact fact;

	(void)state;
	addr_parse("203.0.113.9", &f->peer.addr);
	f->peer.port = 9;
	f->header.nested = true;
	facts_begin(f);
	assert_true(message_find(only(f), FACT_PEER, &fact) && endpoint_equal(&fact.endpoint, &f->peer));
	free(f);
}

static void what_was_no_fact_is_taken_back(void **state)
{
	struct facts *f = batch();
	struct endpoint peer = {.port = 1};
	size_t mark;

	(void)state;
	facts_begin(f);
	fact_flag(f, FACT_ICE_CHECK);
	mark = facts_mark(f);
	facts_begin(f);
	fact_flag(f, FACT_ICE_ANSWER);
	fact_inner(f, cur_of("x", 1), &peer);
	facts_rewind(f, mark);
	assert_true(message_has(only(f), FACT_ICE_CHECK));
	assert_int_equal(f->n_inner, 0);
	assert_false(f->cut);
	fact_flag(f, FACT_ICE_ANSWER);		/* of no message */
	assert_true(f->cut);
	assert_int_equal(only(f)->n, 1);
	free(f);
}

static void too_much_is_cut_off_and_marked(void **state)
{
	static const uint8_t zeros[FACT_BYTES_MAX + 1];
	struct facts *f = batch();
	struct cursor bad = cur_of("abc", 3);
	const struct message *m;
	struct fact fact;
	unsigned n = 0;
	size_t at;

	(void)state;
	facts_begin(f);
	cur_fail(&bad);
	fact_bytes(f, FACT_DETAIL, bad);	/* what could not be read is no fact */
	assert_int_equal(only(f)->n, 0);
	fact_bytes(f, FACT_DETAIL, cur_of(zeros, sizeof zeros));
	assert_true(message_find(only(f), FACT_DETAIL, &fact));
	assert_int_equal(fact.bytes.left, FACT_BYTES_MAX);
	while (!f->cut && n++ < FACTS_BATCH_BYTES)
		fact_bytes(f, FACT_DETAIL, cur_of(zeros, FACT_BYTES_MAX - n % 7));
	assert_true(f->cut && f->used <= sizeof f->bytes);
	m = only(f);
	for (n = 0, at = 0; message_next(m, &at, &fact); n++)
		;
	assert_int_equal(n, m->n);
	facts_reset(f);
	while (!f->cut)
		facts_begin(f);
	assert_false(f->open);
	facts_reset(f);
	for (n = 0; n <= INNER_MAX; n++)
		fact_inner(f, bad, &(struct endpoint){.port = 1});
	assert_true(f->cut && f->n_inner == INNER_MAX);
	free(f);
}

static void the_registry_knows_all(void **state)
{
	uint16_t base = facts_base(own, OWN_N);
	struct facts *f = batch();
	struct fact fact;

	(void)state;
	assert_true(base >= FACT_OWN);
	assert_int_equal(facts_base(own, OWN_N), base);		/* who comes second */
	for (unsigned i = 0; i < FACT_CORE_N; i++)
		assert_int_equal(fact_find(fact_def(i)->name), i);	/* and so no name stands twice */
	for (unsigned i = FACT_CORE_N; i < FACT_OWN; i++)
		assert_null(fact_def(i));
	assert_int_equal(fact_find("test.length"), base);
	assert_int_equal(fact_find("test.name"), base + 1);
	assert_int_equal(fact_find("test.nothing"), -1);
	assert_null(fact_def(base + OWN_N));
	f->base = base;
	facts_begin(f);
	fact_uint(f, OWN_LENGTH, 5);		/* by its own number, stored by the registry's */
	assert_true(message_find(only(f), base, &fact) && fact.uint == 5);
	assert_ptr_equal(fact_def(fact.id), &own[0]);
	free(f);
}

static void as_text(void **state)
{
	/* Numbers in two bytes each, and what a terminal would obey, are no text. */
	static const char *const texts[] = {"plain", "M\u0101ori \u6f22 \U0001f4de", "\xc0\x2b\xc0\x2f", "\xc2\x9b" "31m", "a\x1b", "\xed", "\xff", "\xe2\x82"};
	static const struct {
		const char *bytes;
		size_t n;
		const char *text;
	} rows[] = {
		{"coturn", 6, "stun.software == \"coturn\""}, {"", 0, "stun.software == \"\""},
		{"a\"b\\", 4, "stun.software == \"a\\\"b\\\\\""}, {"a\0\xff", 3, "stun.software == 0x6100ff"},
	};
	struct fact fact = {.id = FACT_SOFTWARE, .type = FACT_BYTES};
	char text[256], longest[4096];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		fact.bytes = cur_of(rows[i].bytes, rows[i].n);
		assert_int_equal(fact_print(&fact, text, sizeof text), strlen(rows[i].text));
		assert_string_equal(text, rows[i].text);
	}
	fact = (struct fact){.id = FACT_TURN_REFUSED, .type = FACT_UINT, .uint = 401};
	fact_print(&fact, text, sizeof text);
	assert_string_equal(text, "turn.refused == 401");
	fact = (struct fact){.id = FACT_ICE_CHECK, .type = FACT_FLAG};
	fact_print(&fact, text, sizeof text);
	assert_string_equal(text, "ice.check");
	fact = (struct fact){.id = FACT_STUN_MAPPED, .type = FACT_ENDPOINT, .endpoint = {.port = 7}};
	addr_parse("2001:db8::7", &fact.endpoint.addr);
	fact_print(&fact, text, sizeof text);
	assert_string_equal(text, "stun.mapped == [2001:db8::7]:7");
	fact = (struct fact){.id = FACT_SOFTWARE, .type = FACT_BYTES};
	for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
		fact.bytes = cur_of(texts[i], strlen(texts[i]));
		fact_print(&fact, text, sizeof text);
		assert_int_equal(strncmp(text, "stun.software == 0x", 19) == 0, i >= 2);
	}
	memset(longest, '"', sizeof longest);
	fact = (struct fact){.id = FACT_SOFTWARE, .type = FACT_BYTES, .bytes = cur_of(longest, sizeof longest)};
	for (size_t room = 64; room < 200; room++) {
		char *edge = (char *)edge_copy(longest, room);

		assert_true(fact_print(&fact, edge, room) < room);
		assert_true(memchr(edge, '\0', room) != NULL);
		edge_free((uint8_t *)edge, room);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(each_message_stands_alone),
		cmocka_unit_test(nested_messages_say_who_is_behind),
		cmocka_unit_test(what_was_no_fact_is_taken_back),
		cmocka_unit_test(too_much_is_cut_off_and_marked),
		cmocka_unit_test(the_registry_knows_all),
		cmocka_unit_test(as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
