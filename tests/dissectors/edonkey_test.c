/* edonkey_test.c -- eDonkey and Kademlia: what is told, and what is too little to be told. */
#include "shown.h"

extern const struct dissector edonkey_dissector;

enum { OUT = true, IN = false };

static struct shown *s;

struct made {
	uint8_t b[512];
	size_t n;
};

static int setup(void **state)
{
	(void)state;
	s = shown_new(&edonkey_dissector);
	return 0;
}

static void put(struct made *m, const void *bytes, size_t n)
{
	memcpy(m->b + m->n, bytes, n);
	m->n += n;
}

static void number(struct made *m, uint32_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++, v >>= 8)
		m->b[m->n++] = (uint8_t)v;
}

static const uint8_t hash[16] = {1, 2, 3, 4, 5, 14, 7, 8, 9, 10, 11, 12, 13, 14, 111, 16};
static const uint8_t tag[] = {2, 1, 0, 1, 3, 0, 'e', 'M', 'l'};

/* u8 protocol, u32 length, u8 operation. */
static struct made message(uint8_t protocol, uint8_t operation, const struct made *body)
{
	struct made m = {.n = 0};

	number(&m, protocol, 1);
	number(&m, (uint32_t)body->n + 1, 4);
	number(&m, operation, 1);
	put(&m, body->b, body->n);
	return m;
}

static struct made introduction(bool length, unsigned after)
{
	struct made m = {.n = 0};

	if (length)
		number(&m, 16, 1);
	put(&m, hash, 16);
	number(&m, 0x0100007f, 4);
	number(&m, 4662, 2);
	number(&m, 1, 4);
	put(&m, tag, sizeof tag);
	number(&m, 0, after);
	return m;
}

static enum verdict stream(struct made m, bool from_local)
{
	return shown_stretch(s, m.b, m.n, from_local);
}

static void clients_that_greet(void **state)
{
	struct made hello = introduction(true, 6), answer = introduction(false, 6);

	(void)state;
	assert_int_equal(stream(message(0xe3, 1, &hello), OUT), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"edonkey\" edonkey.hello");
	assert_int_equal(stream(message(0xe3, 0x4c, &answer), IN), V_YES);
	assert_string_equal(s->text, "edonkey.hello_answer");
	assert_int_equal(stream(answer, OUT), V_DONE);
}

static void a_login(void **state)
{
	struct made login = introduction(false, 0), said = {.n = 0};

	(void)state;
	assert_int_equal(stream(message(0xe3, 1, &login), OUT), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"edonkey\" edonkey.login");
	number(&said, 5, 2);
	put(&said, "hello", 5);
	assert_int_equal(stream(message(0xe3, 0x38, &said), IN), V_YES);
	assert_string_equal(s->text, "edonkey.server");
}

static void a_server_alone_says_too_little(void **state)
{
	struct made status = {.n = 8};

	(void)state;
	assert_int_equal(stream(message(0xe3, 0x34, &status), IN), V_NO);
}

static void what_arrives_in_pieces(void **state)
{
	struct made hello = introduction(true, 6), m = message(0xe3, 1, &hello);

	(void)state;
	for (size_t i = 1; i < m.n; i++) {
		assert_int_equal(shown_stretch(s, m.b, i, OUT), V_MORE);
		assert_int_equal(s->input.bytes.left, i);
	}
	assert_int_equal(stream(m, OUT), V_YES);
}

static void other_streams(void **state)
{
	struct made hello = introduction(true, 6), m;

	(void)state;
	for (size_t i = 0; i < hello.n; i++) {
		m = hello;
		m.b[i] ^= 0xff;
		m = message(0xe3, 1, &m);
		stream(m, OUT);
		setup(state);
		m.n -= 1;
		assert_int_not_equal(stream(m, OUT), V_YES);
		setup(state);
	}
	assert_int_equal(shown_stretch(s, "\xe3 whatever it is", 16, OUT), V_NO);
	assert_int_equal(shown_stretch(s, "GET / HTTP/1.1", 14, OUT), V_NO);
	m = message(0xd4, 1, &hello);
	assert_int_equal(stream(m, OUT), V_NO);
}

/* --- Kademlia --- */

static enum verdict kad(uint8_t operation, const struct made *body, bool from_local)
{
	struct made m = {.b = {0xe4, operation}, .n = 2};

	put(&m, body->b, body->n);
	return shown_datagram(s, m.b, m.n, from_local);
}

static void a_lookup_and_its_answer(void **state)
{
	struct made ask = {.b = {2}, .n = 1}, answer = {.n = 0};

	(void)state;
	put(&ask, hash, 16);
	put(&ask, "0123456789abcdef", 16);
	put(&answer, hash, 16);
	number(&answer, 2, 1);
	answer.n += 50;
	assert_int_equal(kad(0x29, &answer, IN), V_MORE);	/* to nothing */
	assert_int_equal(kad(0x21, &ask, OUT), V_MORE);
	assert_int_equal(kad(0x29, &answer, OUT), V_MORE);	/* from who asked */
	answer.b[0] ^= 1;
	assert_int_equal(kad(0x29, &answer, IN), V_MORE);	/* of something else */
	assert_string_equal(s->text, "");
	answer.b[0] ^= 1;
	assert_int_equal(kad(0x29, &answer, IN), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"edonkey\" edonkey.kad == \"lookup\" tx.matched");
	kad(0x21, &ask, OUT);
	assert_int_equal(kad(0x29, &answer, IN), V_YES);
	assert_string_equal(s->text, "");
	answer.n--;
	assert_int_equal(kad(0x29, &answer, IN), V_NO);
}

static void greetings(void **state)
{
	struct made hello = {.n = 0}, plain = {.n = 0};

	(void)state;
	put(&hello, hash, 16);
	number(&hello, 4662, 2);
	number(&hello, 8, 1);
	plain = hello;
	number(&hello, 1, 1);
	put(&hello, tag, sizeof tag);
	number(&plain, 0, 1);
	assert_int_equal(kad(0x11, &plain, OUT), V_MORE);	/* without tags it may be anything */
	assert_int_equal(kad(0x19, &plain, IN), V_YES);		/* unless it is answered */
	setup(state);
	assert_int_equal(kad(0x11, &hello, OUT), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"edonkey\" edonkey.kad == \"hello\"");
	hello.b[hello.n - 1 - sizeof tag] = 2;
	assert_int_equal(kad(0x11, &hello, OUT), V_NO);
}

static void bootstrap_and_ping(void **state)
{
	struct made none = {.n = 0}, contacts = {.n = 0}, pong = {.n = 0};

	(void)state;
	s->packet.dst.port = 4672;
	put(&contacts, hash, 16);
	number(&contacts, 4662, 2);
	number(&contacts, 8, 1);
	number(&contacts, 3, 2);
	contacts.n += 75;
	assert_int_equal(kad(0x09, &contacts, IN), V_MORE);
	assert_int_equal(kad(0x01, &none, OUT), V_MORE);
	assert_int_equal(kad(0x09, &contacts, IN), V_YES);
	assert_true(strstr(s->text, "bootstrap") != NULL);
	number(&pong, 4673, 2);
	kad(0x60, &none, OUT);
	kad(0x61, &pong, IN);
	assert_string_equal(s->text, "");
	pong.b[0]--;
	assert_int_equal(kad(0x61, &pong, IN), V_YES);
	assert_true(strstr(s->text, "ping") != NULL);
}

static void a_server_over_udp(void **state)
{
	static const uint8_t ask[6] = {0xe3, 0x96, 1, 2, 3, 4}, answer[14] = {0xe3, 0x97, 1, 2, 3, 4, 5}, other[14] = {0xe3, 0x97, 1, 2, 3, 5};

	(void)state;
	assert_int_equal(shown_datagram(s, answer, sizeof answer, IN), V_NO);
	assert_int_equal(shown_datagram(s, ask, sizeof ask, OUT), V_MORE);
	assert_int_equal(shown_datagram(s, other, sizeof other, IN), V_NO);
	assert_int_equal(shown_datagram(s, answer, sizeof answer, IN), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"edonkey\" edonkey.status tx.matched");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(clients_that_greet, setup), cmocka_unit_test_setup(a_login, setup),
		cmocka_unit_test_setup(a_server_alone_says_too_little, setup), cmocka_unit_test_setup(what_arrives_in_pieces, setup),
		cmocka_unit_test_setup(other_streams, setup), cmocka_unit_test_setup(a_lookup_and_its_answer, setup),
		cmocka_unit_test_setup(greetings, setup), cmocka_unit_test_setup(bootstrap_and_ping, setup),
		cmocka_unit_test_setup(a_server_over_udp, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
