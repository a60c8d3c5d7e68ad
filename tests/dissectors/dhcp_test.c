/* dhcp_test.c -- what hosts and servers say, and who else might. */
#include "shown.h"
#include "dhcp_make.h"

extern const struct dissector dhcp_dissector;

static const uint8_t request[] = {53, 1, 3, 12, 4, 'p', 'c', '-', '7'}, ack[] = {53, 1, 5}, offer[] = {53, 1, 2};

static enum verdict show(struct shown *s, uint8_t op, uint32_t client, uint32_t given, const uint8_t *options, size_t n)
{
	uint8_t b[600];

	return shown_datagram(s, b, dhcp_make(b, op, client, given, options, n), true);
}

static void test_said(void **state)
{
	struct shown *s = shown_new(&dhcp_dissector);

	(void)state;
	s->packet.src.port = 68;
	s->packet.dst.port = 67;
	assert_int_equal(show(s, 1, 0, 0, request, sizeof request), V_YES);
	assert_string_equal(s->text, "naming host.mac == 0x02005e100001 inside.name == \"pc-7\"");
	assert_int_equal(show(s, 1, 0x0a000005, 0, request, sizeof request), V_YES);	/* a renewal */
	assert_string_equal(s->text, "naming host.mac == 0x02005e100001 inside.name == \"pc-7\" inside.address == 10.0.0.5:0");
	assert_int_equal(show(s, 2, 0, 0x0a000005, ack, sizeof ack), V_NO);		/* no server speaks from there */
	s->packet.src.port = 67;
	s->packet.dst.port = 68;
	assert_int_equal(show(s, 2, 0, 0x0a000005, ack, sizeof ack), V_YES);
	assert_string_equal(s->text, "naming host.mac == 0x02005e100001 inside.address == 10.0.0.5:0 inside.given");
	assert_int_equal(show(s, 2, 0, 0x0a000005, offer, sizeof offer), V_YES);	/* not taken yet */
	assert_string_equal(s->text, "");
}

static void test_elsewhere(void **state)
{
	struct shown *s = shown_new(&dhcp_dissector);

	(void)state;
	s->packet.src.port = 1068;
	s->packet.dst.port = 67;
	assert_int_equal(show(s, 1, 0, 0, request, sizeof request), V_NO);
	s->packet.src.port = 67;		/* a relay agent passes it on */
	assert_int_equal(show(s, 1, 0, 0, request, sizeof request), V_YES);
	s->nested = true;
	assert_int_equal(show(s, 1, 0, 0, request, sizeof request), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_said), cmocka_unit_test(test_elsewhere)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
