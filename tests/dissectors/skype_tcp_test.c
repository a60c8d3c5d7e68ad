/* skype_tcp_test.c -- how connections begin, in one piece and in many; logging in; what is none of ours. */
#include "skype_make.h"

static struct made waiting[2];		/* by from_local: what was not consumed */

static int begin(void **state)
{
	memset(waiting, 0, sizeof waiting);
	return setup(state);
}

static enum verdict stretch(const void *bytes, size_t n, bool from_local)
{
	struct made *w = &waiting[from_local];
	size_t left;

	memcpy(w->b + w->n, bytes, n);
	w->n += n;
	show(w, from_local, true, false, &left);
	assert_true(left <= w->n);
	memmove(w->b, w->b + w->n - left, left);
	w->n = left;
	return verdict;
}

static enum verdict message(struct made m, bool from_local)
{
	return stretch(m.b, m.n, from_local);
}

static enum verdict hex(const char *text, bool from_local)
{
	struct made m = {.n = 0};

	put_hex(&m, text);
	return message(m, from_local);
}

static void fake_tls(void **state)
{
	struct made m;

	(void)state;
	assert_int_equal(message(hello(7), OUT), V_YES);
	assert_string_equal(said(), "skype.opening=tls-hello skype.ring=16 flow.app_proto=skype");
	m = stream(0x0f, 90, 30);
	assert_int_equal(message(m, OUT), V_YES);
	assert_string_equal(said(), "skype.opening=stream skype.ring=8");
	assert_int_equal(hex(TLS_ANSWER, IN), V_YES);
	assert_string_equal(said(), "skype.opening=tls-answer");
}

static void answer_alone(void **state)
{
	(void)state;
	assert_int_equal(hex(TLS_HELLO "1f170ca62f0078fc46552eb18339f1ea", OUT), V_MORE);
	assert_string_equal(said(), "");
	assert_int_equal(hex(TLS_ANSWER, IN), V_YES);
	assert_string_equal(said(), "skype.opening=tls-answer flow.app_proto=skype");
}

static void exchanged(void **state)
{
	struct made m = exchange(11, 20);

	(void)state;
	assert_int_equal(message(m, OUT), V_YES);
	assert_string_equal(said(), "skype.opening=exchange skype.ring=20 flow.app_proto=skype");
	assert_int_equal(message(exchange(200, 7), IN), V_YES);
	assert_string_equal(said(), "skype.opening=exchange skype.ring=7");
	/* Only the first message of a side is one. */
	assert_int_equal(message(exchange(99, 30), IN), V_YES);
	assert_string_equal(said(), "");
}

/* Eight more bytes behind the slice, as servers on port 12350 have them. */
static void exchanged_with_more(void **state)
{
	struct made m = exchange(11, 20);

	(void)state;
	put_noise(&m, 8);
	assert_int_equal(message(m, IN), V_YES);
	assert_true(says("skype.ring=20"));
}

static void too_short(void **state)
{
	(void)state;
	assert_int_equal(message(exchange(11, 0), OUT), V_MORE);
	assert_string_equal(said(), "skype.opening=exchange");
	assert_int_equal(message(exchange(11, 4), IN), V_MORE);
	assert_string_equal(said(), "skype.opening=exchange skype.ring=4");
	assert_int_equal(message(exchange(11, 4), IN), V_NO);
}

static void second_message(void **state)
{
	struct made m = {.n = 0}, all = stream(0x0f, 5, 20);

	(void)state;
	put_noise(&m, 30);
	assert_int_equal(message(all, OUT), V_YES);
	assert_string_equal(said(), "skype.opening=stream skype.ring=8 flow.app_proto=skype");
	/* "Vanilla": fourteen bytes first, the rest with the next message. */
	begin(NULL);
	assert_int_equal(stretch(all.b, 14, OUT), V_MORE);
	assert_string_equal(said(), "");
	assert_int_equal(stretch(all.b + 14, all.n - 14, OUT), V_YES);
	assert_true(says("skype.opening=stream"));
}

static void login_pair(void **state)
{
	(void)state;
	assert_int_equal(hex("1603010000", OUT), V_MORE);
	assert_string_equal(said(), "skype.opening=login-hello");
	assert_int_equal(hex("1703010000", IN), V_YES);
	assert_string_equal(said(), "skype.opening=login-pair flow.app_proto=skype");
	assert_int_equal(hex("1603010000", OUT), V_YES);
	assert_string_equal(said(), "");
	assert_int_equal(hex(LOGIN, OUT), V_YES);
	assert_string_equal(said(), "skype.opening=login skype.login");
	assert_int_equal(hex("1703010010aabb", IN), V_YES);
	assert_string_equal(said(), "skype.logged_in");
	assert_int_equal(hex("1703010010aabb", IN), V_YES);
	assert_string_equal(said(), "");
}

/* The answer to nothing, and both from one end: no pair. */
static void no_pair(void **state)
{
	(void)state;
	assert_int_equal(hex("1703010000", IN), V_MORE);
	assert_string_equal(said(), "");
	begin(NULL);
	hex("1603010000", OUT);
	assert_int_equal(hex("1703010000", OUT), V_MORE);
	assert_string_equal(said(), "");
}

/* Where login servers are blocked, a supernode carries it. */
static void login_inside(void **state)
{
	struct made m = stream(0x0f, 5, 20), login = {.n = 0};

	(void)state;
	message(m, OUT);
	put_noise(&login, 10);
	put_hex(&login, "42cdefe740d72f1dcb");
	put_noise(&login, 200);
	assert_int_equal(message(login, OUT), V_YES);
	assert_true(says("skype.login"));
	message(exchange(0, 0), IN);
	assert_true(says("skype.logged_in"));
}

static void login_old(void **state)
{
	(void)state;
	assert_int_equal(hex(LOGIN_OLD, OUT), V_YES);
	assert_string_equal(said(), "skype.opening=login-old skype.login flow.app_proto=skype");
}

/* Byte by byte it is the same. */
static void in_pieces(void **state)
{
	static const char *const whole[] = {TLS_ANSWER, LOGIN_OLD, LOGIN};
	struct made m = hello(3);

	(void)state;
	for (size_t i = 0; i < m.n; i++)
		assert_int_equal(stretch(m.b + i, 1, OUT), i + 1 < m.n ? V_MORE : V_YES);
	for (size_t w = 0; w < sizeof whole / sizeof *whole; w++) {
		bool told = false;

		begin(NULL);
		m.n = 0;
		put_hex(&m, whole[w]);
		for (size_t i = 0; i < m.n; i++) {
			stretch(m.b + i, 1, OUT);
			told |= says("flow.app_proto=skype");
		}
		assert_true(told);
	}
}

static void in_the_middle(void **state)
{
	struct made m = exchange(5, 7);

	(void)state;
	assert_int_equal(show(&m, OUT, true, true, NULL), V_MORE);
	assert_string_equal(said(), "");
	begin(NULL);
	m = exchange(5, 8);
	assert_int_equal(show(&m, OUT, true, true, NULL), V_YES);
}

/* Today's TLS, at once; what is neither, once both have spoken, or one for long. */
static void others(void **state)
{
	struct made m = {.n = 0};
	unsigned n = 0;

	(void)state;
	put_hex(&m, "1603010200010001fc0303");
	put_noise(&m, 500);
	assert_int_equal(message(m, OUT), V_NO);
	begin(NULL);
	assert_int_equal(hex("5353482d322e302d4f70656e5353480d0a", OUT), V_MORE);
	assert_int_equal(hex("5353482d322e302d4f70656e5353480d0a", IN), V_NO);
	begin(NULL);
	while (hex("0011223344", OUT) == V_MORE)
		assert_true(++n < 10);
	assert_int_equal(waiting[OUT].n, 0);
}

static void port80(void **state)
{
	struct made m = {.n = 0};

	(void)state;
	put_noise(&m, 14);
	for (size_t i = 0; i < 10; i++)
		m.b[m.n++] = m.b[4 + i] ^ (uint8_t)(i * 3 % 16);
	assert_int_equal(message(m, OUT), V_MORE);
	assert_string_equal(said(), "skype.opening=port80");
}

static void web(void **state)
{
	const char head[] = "GET /ui/0/7.7.0.335/en/getlatestversion?ver=7.7.0.335&uhash=1 HTTP/1.1\r\nHost: ui.skype.com\r\n"
	    "User-Agent: Skype 7.7\r\n\r\n";

	(void)state;
	for (size_t i = 0; i + 1 < sizeof head; i++)
		assert_int_equal(stretch(&head[i], 1, OUT), V_MORE);
	assert_string_equal(said(), "skype.agent=Skype 7.7 skype.version=7.7.0.335");
}

static void listener(void **state)
{
	const char request[] = "GET / HTTP/1.0\r\n\r\n", answer[] = "HTTP/1.0 404 Not Found\r\n\r\n";

	(void)state;
	assert_int_equal(stretch(request, sizeof request - 1, IN), V_MORE);
	assert_string_equal(said(), "");
	assert_int_equal(stretch(answer, sizeof answer - 1, OUT), V_MORE);
	assert_string_equal(said(), "skype.listener");
}

/* Two hundred thousand random connections, a message each way. */
static void random_streams(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		memset(memory, 0, sizeof memory);
		for (unsigned way = 0; way < 2; way++) {
			struct made m = {.n = 0};
			struct packet p = {.ip_proto = IPPROTO_TCP, .src = ends[way], .dst = ends[!way], .ts_ns = 1, .number = 1};
			struct input in;

			put_noise(&m, 1 + noise() % 200);
			p.payload = cur_of(m.b, m.n);
			in = (struct input){.packet = &p, .from_local = way, .bytes = p.payload, .stream = true};
			facts_reset(&facts);
			facts.header = (struct message){.packet = 1};
			if (skype_dissector.dissect(&in, memory, &facts) == V_NO)
				break;
			assert_false(says("flow.app_proto"));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(fake_tls, begin), cmocka_unit_test_setup(answer_alone, begin),
		cmocka_unit_test_setup(exchanged, begin), cmocka_unit_test_setup(exchanged_with_more, begin),
		cmocka_unit_test_setup(too_short, begin), cmocka_unit_test_setup(second_message, begin),
		cmocka_unit_test_setup(login_pair, begin), cmocka_unit_test_setup(no_pair, begin),
		cmocka_unit_test_setup(login_inside, begin), cmocka_unit_test_setup(login_old, begin),
		cmocka_unit_test_setup(in_pieces, begin), cmocka_unit_test_setup(in_the_middle, begin),
		cmocka_unit_test_setup(others, begin), cmocka_unit_test_setup(port80, begin), cmocka_unit_test_setup(web, begin),
		cmocka_unit_test_setup(listener, begin), cmocka_unit_test_setup(random_streams, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
