/* bittorrent_dht_test.c -- KRPC: the examples of BEP 5, what clients make of them, and what only looks like it. */
#include "../../dissectors/bittorrent_dht.h"
#include "../test.h"

#define ID "abcdefghij0123456789"

static struct krpc k;

static enum krpc_kind parse(const char *s, size_t n, bool cut)
{
	uint8_t *edge = edge_copy(s, n);
	enum krpc_kind kind = krpc_parse(&k, cur_of(edge, n), cut);

	edge_free(edge, n);
	return kind;
}

static enum krpc_kind text(const char *s)
{
	return krpc_parse(&k, cur_of(s, strlen(s)), false);
}

static bool is(const struct cursor *c, const char *s)
{
	return c->left == strlen(s) && cur_starts(c, s, strlen(s));
}

static void queries(void **state)
{
	(void)state;
	assert_int_equal(text("d1:ad2:id20:" ID "e1:q4:ping1:t2:aa1:y1:qe"), KRPC_QUERY);
	assert_true(is(&k.method, "ping"));
	assert_true(is(&k.transaction, "aa"));
	assert_true(is(&k.id, ID));
	assert_int_equal(text("d1:ad2:id20:" ID "9:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:v4:LT011:y1:qe"),
	    KRPC_QUERY);
	assert_true(is(&k.info_hash, "mnopqrstuvwxyz123456"));
	assert_true(is(&k.client, "LT01"));
	assert_int_equal(text("d1:ad2:id20:" ID "6:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe"), KRPC_QUERY);
}

static void answers(void **state)
{
	struct cursor list, one;
	struct endpoint peer;
	char to[ENDPOINT_TEXT];

	(void)state;
	assert_int_equal(text("d1:rd2:id20:" ID "5:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re"), KRPC_ANSWER);
	list = k.values;
	assert_true(krpc_value(&list, &one));
	assert_true(bt_compact(one, &peer));
	assert_string_equal(endpoint_text(&peer, to), "97.120.106.101:11893");
	assert_true(krpc_value(&list, &one));
	assert_false(krpc_value(&list, &one));
	assert_int_equal(text("d2:ip6:abcdef1:rd2:id20:" ID "e1:t2:aa1:v2:UT1:y1:re"), KRPC_ANSWER);
	assert_int_equal(text("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee"), KRPC_ERROR);
}

static void what_is_none(void **state)
{
	(void)state;
	assert_int_equal(text("d1:ad2:id20:" ID "e1:q4:ping1:t2:aa1:y1:qeX"), KRPC_NONE);
	assert_int_equal(text("d1:ad2:id19:abcdefghij012345678e1:q4:ping1:t2:aa1:y1:qe"), KRPC_NONE);
	assert_int_equal(text("d1:ad2:id20:" ID "e1:q4:ping1:y1:qe"), KRPC_NONE);		/* no transaction */
	assert_int_equal(text("d1:ad2:id20:" ID "e1:t2:aa1:y1:qe"), KRPC_NONE);			/* no method */
	assert_int_equal(text("d1:q4:ping1:t2:aa1:y1:qe"), KRPC_NONE);				/* no arguments */
	assert_int_equal(text("d1:t2:aa1:y1:xe"), KRPC_NONE);
	assert_int_equal(text("d8:completei1e10:incompletei2ee"), KRPC_NONE);
	assert_int_equal(text(""), KRPC_NONE);
}

static void captured_short(void **state)
{
	static const char query[] = "d1:ad2:id20:" ID "6:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe";
	size_t n = sizeof query - 1;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(parse(query, i, false), KRPC_NONE);
		assert_int_equal(parse(query, i, true), i >= 12 ? KRPC_QUERY : KRPC_NONE);
		if (i >= 12)
			assert_true(k.cut);
	}
	assert_int_equal(parse("d1:rd2:id20:abc", 15, true), KRPC_ANSWER);
}

static void flipped_bytes(void **state)
{
	static const char query[] = "d1:ad2:id20:" ID "6:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe";
	char copy[sizeof query];

	(void)state;
	for (size_t i = 0; i < sizeof query - 1; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			memcpy(copy, query, sizeof query);
			copy[i] = (char)(copy[i] ^ 1 << bit);
			parse(copy, sizeof query - 1, bit & 1);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries), cmocka_unit_test(answers), cmocka_unit_test(what_is_none), cmocka_unit_test(captured_short),
		cmocka_unit_test(flipped_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
