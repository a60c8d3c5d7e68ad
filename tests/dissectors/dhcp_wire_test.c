/* dhcp_wire_test.c -- messages with names in all their forms, cut and broken. */
#include "../test.h"
#include "dhcp_make.h"

#include "../../dissectors/dhcp_wire.h"

static bool read_options(const char *hex, struct dhcp_message *m)
{
	uint8_t options[300], b[600], *edge;
	size_t n = dhcp_make(b, 1, 0x0a000005, 0x0a000006, options, unhex(hex, options, sizeof options));
	bool ok;

	edge = edge_copy(b, n);
	ok = dhcp_read(cur_of(edge, n), m);
	edge_free(edge, n);
	return ok;
}

static void assert_name(const char *hex, const char *name)
{
	struct dhcp_message m;

	assert_true(read_options(hex, &m));
	assert_int_equal(m.name_bytes, strlen(name));
	assert_memory_equal(m.name, name, m.name_bytes);
}

static void test_read(void **state)
{
	struct dhcp_message m;
	char text[ADDR_TEXT];

	(void)state;
	assert_true(read_options("35 01 03", &m));
	assert_false(m.reply);
	assert_int_equal(m.type, DHCP_REQUEST);
	assert_string_equal(addr_text(&m.client, text), "10.0.0.5");
	assert_string_equal(addr_text(&m.given, text), "10.0.0.6");
	assert_int_equal(m.mac[2], 0x5e);
	assert_int_equal(m.mac[5], 1);
	assert_int_equal(m.name_bytes, 0);
	assert_false(read_options("0c 02 7063", &m));	/* BOOTP: no type */
}

static void test_names(void **state)
{
	(void)state;
	assert_name("35 01 03 00 00 0c 04 70632d37", "pc-7");
	assert_name("35 01 03 0c 05 70632d3700", "pc-7");		/* with the zero that some send */
	assert_name("35 01 03 0c 07 70 20 0a 22 63 5c 37", "pc7");
	assert_name("35 01 03 51 07 000000 70632d37", "pc-7");		/* text */
	assert_name("35 01 03 51 0d 040000 0470632d37 036c616e 00", "pc-7.lan");
	assert_name("35 01 03 51 08 040000 0470632d37", "pc-7");	/* no domain */
	assert_name("35 01 03 51 08 040000 0470632d37 0c 03 616263", "pc-7");	/* the whole name counts */
	assert_name("35 01 03 0c 03 616263 51 08 040000 0470632d37", "pc-7");
	assert_name("35 01 03 0c 03 616263 51 03 040000", "abc");
	assert_name("35 01 03 51 01 04 0c 03 616263", "abc");
	assert_name("35 01 03 51 05 040000 ff61", "");
}

static void test_edges(void **state)
{
	uint8_t options[64], b[600];
	size_t n = dhcp_make(b, 2, 0, 0x0a000006, options, unhex("35 01 05 0c 03 616263 51 08 040000 0470632d37", options, sizeof options));
	struct dhcp_message m;

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *edge = edge_copy(b, cut);

		assert_true(dhcp_read(cur_of(edge, cut), &m) == (cut >= 243));
		edge_free(edge, cut);
	}
	for (size_t i = 0; i < n * 8; i++) {
		uint8_t *edge;

		b[i / 8] ^= (uint8_t)(1u << i % 8);
		edge = edge_copy(b, n);
		dhcp_read(cur_of(edge, n), &m);
		edge_free(edge, n);
		b[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	memset(options, 1, sizeof options);		/* options without end */
	memset(b + 240, 0, 360);
	assert_false(dhcp_read(cur_of(b, 600), &m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read), cmocka_unit_test(test_names), cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
