/* quic_test.c -- connections begun in every manner that clients have. */
#include "shown.h"
#include "quic_make.h"

extern const struct dissector quic_dissector;

enum { OUT = true, IN = false };

#define VERSION_1 "quic.version == 1"
#define NAMED " host == \"www.example.org\" host.from == \"quic\" alpn == \"h3\""

static struct bytes all_of(const struct bytes *hello)
{
	struct bytes frames = {.n = 0};

	put_crypto(&frames, hello, 0, hello->n);
	return frames;
}

static void test_one_datagram(void **state)
{
	struct shown *s = shown_new(&quic_dissector);
	struct bytes hello = hello_of("www.example.org", "h3", 100, 50), d = initial_of(1, "12345678", 0, all_of(&hello));

	(void)state;
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_DONE);
	assert_string_equal(s->text, "flow.app_proto == \"quic\" " VERSION_1 NAMED);
	s = shown_new(&quic_dissector);
	assert_int_equal(shown_datagram(s, d.b, d.n, IN), V_DONE);	/* a server of ours is called */
	s = shown_new(&quic_dissector);
	s->nested = true;						/* the flow is a relay's */
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_DONE);
	assert_string_equal(strstr(s->text, VERSION_1), VERSION_1 NAMED);
	assert_null(strstr(s->text, "flow.app_proto"));
}

static void test_versions(void **state)
{
	static const uint32_t versions[] = {1, 0x6b3343cf, 0xff00001d, 0xff00001b, 0xff000022, 0xfaceb002};
	struct bytes hello = hello_of("www.example.org", "h3", 100, 50);

	(void)state;
	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
		struct shown *s = shown_new(&quic_dissector);
		struct bytes d = initial_of(versions[i], "12345678", 0, all_of(&hello));

		assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_DONE);
		assert_non_null(strstr(s->text, NAMED));
	}
}

/* A hello that takes two datagrams: the name comes late, or the second one first. */
static void test_split(void **state)
{
	struct bytes hello = hello_of("www.example.org", "h3", 1300, 50), a = {.n = 0}, b = {.n = 0};
	struct shown *s = shown_new(&quic_dissector);
	struct bytes first, second;

	(void)state;
	put_crypto(&a, &hello, 0, 1100);
	put_crypto(&b, &hello, 1100, hello.n - 1100);
	first = initial_of(1, "12345678", 0, a);
	second = initial_of(1, "12345678", 1, b);
	assert_int_equal(shown_datagram(s, first.b, first.n, OUT), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"quic\" " VERSION_1);
	assert_int_equal(shown_datagram(s, first.b, first.n, OUT), V_YES);	/* sent again */
	assert_string_equal(s->text, "");
	assert_int_equal(shown_datagram(s, second.b, second.n, OUT), V_DONE);
	assert_string_equal(s->text, "flow.app_proto == \"quic\" " VERSION_1 NAMED);
	s = shown_new(&quic_dissector);
	assert_int_equal(shown_datagram(s, second.b, second.n, OUT), V_YES);
	assert_int_equal(shown_datagram(s, first.b, first.n, OUT), V_DONE);
	assert_non_null(strstr(s->text, NAMED));
}

/* Chromium's shuffle: many small pieces out of order, pings and padding between them, some twice and overlapping. */
static void test_shuffled(void **state)
{
	struct bytes hello = hello_of("www.example.org", "h3", 300, 100), frames = {.n = 0}, d;
	struct shown *s = shown_new(&quic_dissector);
	size_t pieces = (hello.n + 36) / 37;

	(void)state;
	for (size_t i = 0; i < pieces; i++) {
		size_t at = (i * 5 % pieces) * 37, n = at + 50 < hello.n ? 50 : hello.n - at;

		put_n(&frames, i % 2, 1);
		put_fill(&frames, 0, i % 5);
		put_crypto(&frames, &hello, at, n);
	}
	assert_true(pieces % 5 != 0);
	d = initial_of(1, "12345678", 0, frames);
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_DONE);
	assert_non_null(strstr(s->text, NAMED));
}

/* The server wants a token first: another id, other keys, and the hello from the start. */
static void test_retry(void **state)
{
	struct bytes hello = hello_of("www.example.org", "h3", 1300, 50), a = {.n = 0}, b = {.n = 0};
	struct shown *s = shown_new(&quic_dissector);
	struct bytes d;

	(void)state;
	put_crypto(&a, &hello, 0, 1100);
	put_crypto(&b, &hello, 1100, hello.n - 1100);
	d = initial_of(1, "12345678", 0, a);
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_YES);
	d = initial_of(1, "retried!", 2, b);
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_YES);
	assert_string_equal(s->text, "");
	d = initial_of(1, "retried!", 1, a);
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_DONE);
	assert_non_null(strstr(s->text, NAMED));
}

/* Two Initials in one datagram; the second is addressed to the server's own id, with the first one's keys. */
static void test_coalesced(void **state)
{
	struct bytes hello = hello_of("www.example.org", "h3", 900, 50), a = {.n = 0}, b = {.n = 0}, d = {.n = 0};
	struct shown *s = shown_new(&quic_dissector);

	(void)state;
	put_crypto(&b, &hello, 500, hello.n - 500);
	put_crypto(&a, &hello, 0, 500);
	put_initial(&d, 1, "12345678", "12345678", 0, &b);
	put_initial(&d, 1, "12345678", "srvr", 1, &a);
	put_fill(&d, 0, 300);
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_DONE);
	assert_non_null(strstr(s->text, NAMED));
}

static void test_not_ours(void **state)
{
	struct bytes hello = hello_of("www.example.org", "h3", 100, 50), d = initial_of(1, "12345678", 0, all_of(&hello));
	struct shown *s = shown_new(&quic_dissector);

	(void)state;
	assert_int_equal(shown_datagram(s, d.b, d.n - 100, OUT), V_NO);	/* cut */
	d.b[d.n - 1] ^= 1;
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_NO);	/* not authentic: a server's, or from the middle */
	assert_string_equal(s->text, "");
	d.b[d.n - 1] ^= 1;
	d.b[0] ^= 0x20;
	assert_int_equal(shown_datagram(s, d.b, d.n, OUT), V_NO);
	for (size_t n = 0; n < 200; n++)
		assert_int_equal(shown_datagram(s, d.b, n, OUT), V_NO);
}

/* Somebody sends a hello that never ends, or is longer than anybody's: there is an end to it. */
static void test_endless(void **state)
{
	struct shown *s = shown_new(&quic_dissector);
	struct bytes hello = {.b = {1, 0, 0xff, 0xff}, .n = 6000}, d;
	unsigned n = 0;

	(void)state;
	do {
		struct bytes frames = {.n = 0};

		put_crypto(&frames, &hello, 4, 10);
		d = initial_of(1, "12345678", n++, frames);
	} while (shown_datagram(s, d.b, d.n, OUT) == V_YES);
	assert_int_equal(n, 24);
	s = shown_new(&quic_dissector);
	for (n = 0; n < 6; n++) {
		struct bytes frames = {.n = 0};

		put_crypto(&frames, &hello, n * 1000, 1000);
		d = initial_of(1, "12345678", n, frames);
		if (shown_datagram(s, d.b, d.n, OUT) == V_DONE)
			break;
	}
	assert_int_equal(n, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_datagram), cmocka_unit_test(test_versions), cmocka_unit_test(test_split),
		cmocka_unit_test(test_shuffled), cmocka_unit_test(test_retry), cmocka_unit_test(test_coalesced),
		cmocka_unit_test(test_not_ours), cmocka_unit_test(test_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
