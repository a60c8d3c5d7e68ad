/* dns_test.c -- who is told what, over UDP and TCP. */
#include "shown.h"
#include "dns_make.h"

extern const struct dissector dns_dissector;

enum { OUT = true, IN = false };

/* Two hundred seconds, two addresses, the name's labels. */
#define SAID "dns.answer == 0x000000c80200000000000000000000ffffcb007105" "20010db8000000000000000000000005" "03777777074578616d706c65036f7267"

static struct shown *start(void)
{
	struct shown *s = shown_new(&dns_dissector);

	s->packet.src.port = 53;
	s->packet.dst.port = 4321;
	s->two_way = s->local_first = true;
	return s;
}

static void test_datagram(void **state)
{
	uint8_t b[512];
	size_t n = unhex(DNS_ANSWER, b, sizeof b);
	struct shown *s = start();

	(void)state;
	assert_int_equal(shown_datagram(s, b, n, IN), V_YES);
	assert_string_equal(s->text, SAID);
	s->two_way = false;			/* nobody asked */
	assert_int_equal(shown_datagram(s, b, n, IN), V_NO);
	s->two_way = true;
	s->local_first = false;			/* it was not we who began: a server of ours answered a stranger something */
	assert_int_equal(shown_datagram(s, b, n, IN), V_NO);
	s->local_first = true;
	assert_int_equal(shown_datagram(s, b, n, OUT), V_NO);	/* a server of ours tells others */
	s->packet.src.port = 54;
	assert_int_equal(shown_datagram(s, b, n, IN), V_NO);
	s->packet.src.port = 53;
	s->nested = true;
	assert_int_equal(shown_datagram(s, b, n, IN), V_NO);
}

static void test_private(void **state)
{
	uint8_t b[512];
	size_t n = unhex("1234 8180 0001 0001 0000 0000 0161 00 0001 0001 c00c 0001 0001 00000001 0004 0a000005", b, sizeof b);
	struct shown *s = start();

	(void)state;
	assert_int_equal(shown_datagram(s, b, n, IN), V_YES);
	assert_string_equal(s->text, "");
}

static void test_stream(void **state)
{
	uint8_t b[512] = {0}, two[1024];
	size_t n = 2 + unhex(DNS_ANSWER, b + 2, sizeof b - 2);
	struct shown *s = start();

	(void)state;
	b[1] = (uint8_t)(n - 2);
	memcpy(two, b, n);
	memcpy(two + n, b, n);
	s->packet.src.port = 4321;
	s->packet.dst.port = 53;
	assert_int_equal(shown_stretch(s, "x", 1, OUT), V_MORE);
	s->packet.src.port = 53;
	s->packet.dst.port = 4321;
	assert_int_equal(shown_stretch(s, two, n + 1, IN), V_YES);
	assert_string_equal(s->text, SAID);
	assert_int_equal(s->input.bytes.left, 1);
	assert_int_equal(shown_stretch(s, two, 2 * n, IN), V_YES);
	assert_string_equal(s->text, SAID " | " SAID);
	assert_int_equal(s->input.bytes.left, 0);
	s = start();
	s->local_first = false;			/* who comes to us from that port */
	assert_int_equal(shown_stretch(s, two, 2 * n, IN), V_NO);
	s = start();
	s->packet.src.port = s->packet.dst.port = 80;
	assert_int_equal(shown_stretch(s, two, 2 * n, IN), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_datagram), cmocka_unit_test(test_private), cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
