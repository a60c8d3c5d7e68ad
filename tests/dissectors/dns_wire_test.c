/* dns_wire_test.c -- answers: as they should be, cut, broken, without end. */
#include "../test.h"
#include "dns_make.h"

#include "../../dissectors/dns_wire.h"

static bool read_hex(const char *hex, struct dns_answer *a)
{
	uint8_t b[2048], *edge;
	size_t n = unhex(hex, b, sizeof b);
	bool ok;

	edge = edge_copy(b, n);
	ok = dns_read(cur_of(edge, n), a);
	edge_free(edge, n);
	return ok;
}

static void test_read(void **state)
{
	struct dns_answer a;
	char text[ADDR_TEXT];

	(void)state;
	assert_true(read_hex(DNS_ANSWER, &a));
	assert_int_equal(a.name.left, 16);
	assert_int_equal(a.n, 2);
	assert_string_equal(addr_text(&a.address[0], text), "203.0.113.5");
	assert_string_equal(addr_text(&a.address[1], text), "2001:db8::5");
	assert_int_equal(a.ttl_s, 200);
}

static void test_none(void **state)
{
	struct dns_answer a;

	(void)state;
	assert_false(read_hex("", &a));
	assert_false(read_hex("1234 0100 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 00000001 0004 cb007105", &a));	/* a query */
	assert_false(read_hex("1234 8183 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 00000001 0004 cb007105", &a));	/* NXDOMAIN */
	assert_false(read_hex("1234 8180 0002 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 00000001 0004 cb007105", &a));
	assert_false(read_hex("1234 8180 0001 0000 0000 0000 0161 00 0001 0001", &a));
	assert_false(read_hex("1234 8180 0001 0001 0000 0000 00 0001 0001 00 0001 0001 00000001 0004 cb007105", &a));	/* the root */
	assert_false(read_hex("1234 8180 0001 0001 0000 0000 c00c 0001 0001 c00c 0001 0001 00000001 0004 cb007105", &a));	/* points at itself */
	assert_false(read_hex("1234 8180 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0003 00000001 0004 cb007105", &a));	/* of Chaos */
	assert_false(read_hex("1234 8180 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 00000001 0005 cb00710500", &a));
	assert_true(read_hex("1234 8180 0001 0001 0000 0000 0161 00 0001 0001 0178c00c 0001 0001 00000001 0004 cb007105", &a));
}

/* Many: the first eight. */
static void test_many(void **state)
{
	char hex[8192] = "1234 8180 0001 0030 0000 0000 0161 00 0001 0001 ";
	struct dns_answer a;

	(void)state;
	for (unsigned i = 0; i < 48; i++)
		strcat(hex, "c00c 0001 0001 00000001 0004 cb007105 ");
	assert_true(read_hex(hex, &a));
	assert_int_equal(a.n, DNS_ADDRESSES);
}

/* Names are cut at no byte and no length into something else. */
static void test_edges(void **state)
{
	uint8_t b[512];
	size_t n = unhex(DNS_ANSWER, b, sizeof b);
	char longest[1024] = "1234 8180 0001 0001 0000 0000 ";
	struct dns_answer a;

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *edge = edge_copy(b, cut);

		if (dns_read(cur_of(edge, cut), &a))
			assert_int_equal(a.name.left, 16);
		edge_free(edge, cut);
	}
	for (size_t i = 0; i < n * 8; i++) {
		uint8_t *edge;

		b[i / 8] ^= (uint8_t)(1u << i % 8);
		edge = edge_copy(b, n);
		dns_read(cur_of(edge, n), &a);
		edge_free(edge, n);
		b[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (unsigned i = 0; i < 127; i++)
		strcat(longest, "0161");
	strcat(longest, "00 0001 0001 c00c 0001 0001 00000001 0004 cb007105");
	assert_true(read_hex(longest, &a));
	assert_int_equal(a.name.left, 254);
	strcpy(longest, "1234 8180 0001 0001 0000 0000 ");
	for (unsigned i = 0; i < 128; i++)
		strcat(longest, "0161");
	strcat(longest, "00 0001 0001 c00c 0001 0001 00000001 0004 cb007105");
	assert_false(read_hex(longest, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read), cmocka_unit_test(test_none), cmocka_unit_test(test_many), cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
