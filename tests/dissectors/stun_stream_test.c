/* stun_stream_test.c -- STUN on TCP: every framing, however it is cut into segments. */
#include "stun_flow.h"

enum { PIECES = 16, DIGEST = 1 << 16 };

/* A conversation: what each end wrote, in turn. */
struct talk {
	struct { bool from_local; struct made bytes; } piece[PIECES];
	unsigned n;
};

static struct made *write_by(struct talk *t, bool from_local)
{
	assert_true(t->n < PIECES);
	t->piece[t->n].from_local = from_local;
	t->piece[t->n].bytes.n = 0;
	return &t->piece[t->n++].bytes;
}

static void join(struct made *to, const struct made *more)
{
	made_put(to, more->b, more->n);
}

/* --- one TCP flow --- */

static struct made waiting[2];		/* shown, not consumed; by from_local */
/* Everything that was said, without times; what was wrapped apart, since it is told when the rest of its segment is. */
static uint8_t digest[2][DIGEST];
static size_t digest_n[2];
static unsigned times[FACT_OWN];	/* how often each fact of the core was said */

static void start(void)
{
	setup(NULL);
	waiting[0].n = waiting[1].n = digest_n[0] = digest_n[1] = 0;
	memset(times, 0, sizeof times);
}

static void note_facts(void)
{
	const struct message *m;
	size_t at = 0, in;
	struct fact f;

	while (facts_next(&facts, &at, &m)) {
		size_t *n = &digest_n[m->nested];

		assert_true(*n + m->len_bytes + 1 <= DIGEST);
		digest[m->nested][(*n)++] = m->from_local;
		memcpy(digest[m->nested] + *n, m + 1, m->len_bytes);
		*n += m->len_bytes;
		for (in = 0; message_next(m, &in, &f);)
			times[f.id < FACT_OWN ? f.id : 0]++;
	}
	facts_reset(&facts);
}

/* The next bytes of one direction arrive; gap: some before them are lost. */
static enum verdict arrive(const void *bytes, size_t n, bool from_local, bool gap)
{
	struct made *w = &waiting[from_local];
	struct packet p = {.ip_proto = IPPROTO_TCP, .ts_ns = now_ns, .number = ++packet_number};
	bool again;

	if (gap)
		w->n = 0;
	made_put(w, bytes, n);
	facts_reset(&facts);
	do {
		size_t shown = w->n;
		uint8_t *edge = edge_copy(w->b, shown);

		ask(cur_of(edge, shown), from_local, 0, true, gap, &p);
		assert_true(!input.bytes.bad && input.bytes.left <= shown);
		memmove(w->b, w->b + shown - input.bytes.left, input.bytes.left);
		w->n = input.bytes.left;
		again = facts.n_inner == INNER_MAX && w->n > 0 && w->n < shown;
		if (verdict != V_NO)
			ask_inner(&p, from_local);
		gap = false;
		edge_free(edge, shown);
	} while (again);
	note_facts();
	return verdict;
}

/* Show all of it; piece `cut` in two parts. */
static void play(const struct talk *t, unsigned cut, size_t at)
{
	start();
	for (unsigned i = 0; i < t->n; i++) {
		const struct made *b = &t->piece[i].bytes;
		size_t first = i == cut ? at : b->n;

		assert_int_not_equal(arrive(b->b, first, t->piece[i].from_local, false), V_NO);
		if (first < b->n)
			assert_int_not_equal(arrive(b->b + first, b->n - first, t->piece[i].from_local, false), V_NO);
	}
	assert_int_equal(verdict, V_YES);
	assert_int_equal(waiting[0].n + waiting[1].n, 0);
}

static uint8_t whole[2][DIGEST];
static size_t whole_n[2];

static void assert_same(void)
{
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(digest_n[i], whole_n[i]);
		assert_memory_equal(digest[i], whole[i], whole_n[i]);
	}
}

static void same_however_cut(const struct talk *t)
{
	play(t, PIECES, 0);
	memcpy(whole_n, digest_n, sizeof whole_n);
	memcpy(whole, digest, sizeof whole);
	assert_true(whole_n[0] > 0);
	for (unsigned i = 0; i < t->n; i++) {
		for (size_t at = 1; at < t->piece[i].bytes.n; at++) {
			play(t, i, at);
			assert_same();
		}
	}
	start();
	for (unsigned i = 0; i < t->n; i++)
		for (size_t at = 0; at < t->piece[i].bytes.n; at++)
			arrive(t->piece[i].bytes.b + at, 1, t->piece[i].from_local, false);
	assert_same();
	play(t, PIECES, 0);
}

/* --- framings --- */

/* A relay by the book: messages back to back, ChannelData padded to four bytes. */
static void raw(void **state)
{
	struct talk t = {.n = 0};
	struct made m, *w, inner = check(9, "a:b");

	(void)state;
	m = made_message(0x0003, 1);
	join(write_by(&t, OUT), &m);
	m = allocated(1);
	join(write_by(&t, IN), &m);
	w = write_by(&t, OUT);
	m = channel_bind(2, 0x4001);
	join(w, &m);
	m = channel_data(0x4001, inner.b, inner.n);
	join(w, &m);
	m = channel_data(0x4001, "\x80 media: 13", 11);
	made_put(&m, "\0", 1);
	join(w, &m);
	m = channel_data(0x4001, "\x80 it is longer than what is needed to know that this is no message", 67);
	made_put(&m, "\0", 1);
	join(w, &m);
	m = indication(0x0016, 3, "\x80more", 5);
	join(w, &m);
	w = write_by(&t, IN);
	m = made_message(0x0109, 2);
	join(w, &m);
	inner = success(9);
	made_integrity(&inner);
	m = channel_data(0x4001, inner.b, inner.n);
	join(w, &m);
	same_however_cut(&t);
	assert_int_equal(times[FACT_TURN_REQUEST], 1);
	assert_int_equal(times[FACT_TURN_ALLOCATED], 1);
	assert_int_equal(times[FACT_TURN_CHANNEL], 1);
	assert_int_equal(times[FACT_ICE_CHECK], 1);
	assert_int_equal(times[FACT_ICE_ANSWER], 1);
	assert_int_equal(times[FACT_TX_MATCHED], 3);
	assert_int_equal(times[FACT_DATA_OUT_PACKETS], 2);	/* two packets, then seldom */
}

/* ICE-TCP: two bytes of length before everything. */
static void rfc4571(void **state)
{
	struct talk t = {.n = 0};
	struct made m, *w;

	(void)state;
	w = write_by(&t, OUT);
	m = check(1, "a:b");
	made_u16(w, (unsigned)m.n);
	join(w, &m);
	w = write_by(&t, IN);
	m = success(1);
	made_u16(w, (unsigned)m.n);
	join(w, &m);
	made_u16(w, 5);
	made_put(w, "\x80rtp!", 5);
	made_u16(w, 0);
	m = check(2, "b:a");
	made_u16(w, (unsigned)m.n);
	join(w, &m);
	w = write_by(&t, OUT);
	made_u16(w, 300);
	for (unsigned i = 0; i < 30; i++)
		made_put(w, "\x80\x60media123", 10);
	made_u16(w, 5);
	made_put(w, "\x80rtp!", 5);
	m = success(2);
	made_u16(w, (unsigned)m.n);
	join(w, &m);
	same_however_cut(&t);
	assert_int_equal(times[FACT_ICE_CHECK], 2);
	assert_int_equal(times[FACT_ICE_ANSWER], 2);
	assert_int_equal(times[FACT_TX_MATCHED], 2);
	assert_int_equal(times[FACT_DATA_OUT_PACKETS], 3);
	assert_int_equal(times[FACT_PEER], 0);
}

/* Microsoft's: a hello that looks like TLS, then four bytes before everything. */
static void microsoft(void **state)
{
	struct talk t = {.n = 0};
	struct made m, *w;

	(void)state;
	w = write_by(&t, OUT);
	made_put(w, "\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x01", 11);
	for (unsigned i = 0; i < 39; i++)
		made_put(w, "\x5a", 1);
	w = write_by(&t, IN);
	made_put(w, "\x16\x03\x01\x00\x4e\x02\x00\x00\x46\x03\x01", 11);
	for (unsigned i = 0; i < 72; i++)
		made_put(w, "\x5a", 1);
	w = write_by(&t, OUT);
	m = made_message(0x0003, 1);
	made_number(&m, 0x000f, 0x72c64bc6);
	made_u16(w, 0x0200);
	made_u16(w, (unsigned)m.n);
	join(w, &m);
	w = write_by(&t, IN);
	/* A Data indication has no cookie but Microsoft's. */
	m = made_hex("01150000" "c2d6764f53f1d813305855947dbe126b" "000f000472c64bc6" "001200080001" "3fcc5d476ecd");
	made_attr_unpadded(&m, 0x0013, "hello", 5);
	made_u16(w, 0x0200);
	made_u16(w, (unsigned)m.n);
	join(w, &m);
	made_u16(w, 0x0300);
	made_u16(w, 5);
	made_put(w, "media", 5);
	w = write_by(&t, OUT);
	m = check(2, "a:b");
	made_u16(w, 0x0300);
	made_u16(w, (unsigned)m.n);
	join(w, &m);
	same_however_cut(&t);
	assert_int_equal(times[FACT_TURN_REQUEST], 1);
	assert_int_equal(times[FACT_TURN_PEER], 1);
	assert_int_equal(times[FACT_DATA_IN_PACKETS], 2);
	assert_int_equal(times[FACT_ICE_CHECK], 1);
}

/* libwebrtc's "ssltcp": an SSL 2 hello of 72 bytes, then STUN in clear. */
static void ssltcp(void **state)
{
	struct talk t = {.n = 0};
	struct made m, *w;

	(void)state;
	w = write_by(&t, OUT);
	made_put(w, "\x80\x46\x01\x03\x01\x00\x2d\x00\x00\x00\x10\x01\x00\x80\x03\x00\x80\x07\x00\xc0", 20);
	for (unsigned i = 0; i < 52; i++)
		made_put(w, "\x01", 1);
	m = made_message(0x0001, 1);
	join(w, &m);
	w = write_by(&t, IN);
	made_put(w, "\x16\x03\x01\x00\x4a\x02\x00\x00\x46\x03\x01", 11);
	for (unsigned i = 0; i < 68; i++)
		made_put(w, "\x42", 1);
	m = success(1);
	join(w, &m);
	same_however_cut(&t);
	assert_int_equal(times[FACT_STUN_QUERY], 1);
	assert_int_equal(times[FACT_STUN_ANSWER], 1);
}

/* RFC 6062: behind an answered ConnectionBind the connection belongs to the peer. */
static void connection_bind(void **state)
{
	struct made m = made_message(0x000b, 1);

	(void)state;
	start();
	made_number(&m, 0x002a, 77);
	assert_int_equal(arrive(m.b, m.n, OUT, false), V_YES);
	m = made_message(0x010b, 1);
	made_put(&m, "the peer's first words", 22);
	m.b[3] = 0;
	assert_int_equal(arrive(m.b, m.n, IN, false), V_YES);
	assert_int_equal(times[FACT_DATA_IN_PACKETS], 1);
	assert_int_equal(times[FACT_PEER], 1);
	/* Whatever it looks like. */
	m = made_message(0x0001, 2);
	assert_int_equal(arrive(m.b, m.n, OUT, false), V_YES);
	assert_int_equal(times[FACT_STUN_QUERY], 0);
	assert_int_equal(times[FACT_DATA_OUT_PACKETS], 2);
	assert_int_equal(times[FACT_DATA_IN_PACKETS], 2);
}

/* --- what is lost, and what is not STUN --- */

static bool may_begin(const void *bytes, size_t n)
{
	struct input in = {.bytes = cur_of(bytes, n), .stream = true, .gap = true};

	return stun_dissector.begins(&in);
}

static void gaps(void **state)
{
	struct made m = check(1, "a:b"), framed = {.n = 0};

	(void)state;
	/* Picked up in the middle of something: a stretch that begins with a message is waited for. */
	start();
	assert_false(may_begin("\x99the middle of a message", 24));
	assert_int_equal(arrive("\x99the middle of a message", 24, OUT, true), V_NO);
	made_u16(&framed, (unsigned)m.n);
	join(&framed, &m);
	start();
	assert_true(may_begin(framed.b, framed.n));
	assert_true(may_begin(framed.b, 3));
	assert_int_equal(arrive(framed.b, framed.n, OUT, true), V_YES);
	assert_int_equal(times[FACT_ICE_CHECK], 1);
	/* Lost in the middle: rubbish is passed over, and the next message found. */
	assert_int_equal(arrive(framed.b, 30, OUT, false), V_YES);
	assert_int_equal(arrive(framed.b + 50, framed.n - 50, OUT, true), V_YES);
	assert_int_equal(times[FACT_ICE_CHECK], 1);
	assert_int_equal(arrive(framed.b, framed.n, OUT, false), V_YES);
	assert_int_equal(times[FACT_ICE_CHECK], 2);
	/* A message whose framing is not the flow's comes from nowhere. */
	assert_int_equal(arrive(m.b, m.n, OUT, true), V_YES);
	assert_int_equal(times[FACT_ICE_CHECK], 2);
}

static void rubbish_after_messages(void **state)
{
	struct made m = made_message(0x0001, 1);

	(void)state;
	start();
	assert_int_equal(arrive(m.b, m.n, OUT, false), V_YES);
	assert_int_equal(arrive("rubbish", 7, OUT, false), V_YES);
	assert_int_equal(waiting[OUT].n, 0);
	assert_int_equal(arrive("\x40\x01\x00\x04xxxx", 8, OUT, false), V_YES);	/* ChannelData without a relay */
	assert_int_equal(times[FACT_DATA_OUT_PACKETS], 0);
	m = made_message(0x0001, 2);
	assert_int_equal(arrive(m.b, m.n, OUT, false), V_YES);
	assert_int_equal(times[FACT_STUN_QUERY], 2);
	/* The other end speaks something else: the flow is STUN all the same, and nothing is held back. */
	assert_int_equal(arrive("HTTP/1.1 400 Bad Request\r\n", 26, IN, false), V_YES);
	assert_int_equal(waiting[IN].n, 0);
}

static void malformed_in_a_stream(void **state)
{
	struct made m = success(1), next = made_message(0x0001, 2);

	(void)state;
	start();
	m.b[22] = m.b[23] = 0xff;
	join(&m, &next);
	assert_int_equal(arrive(m.b, m.n, IN, false), V_YES);
	assert_int_equal(times[FACT_STUN_MALFORMED], 1);
	assert_int_equal(times[FACT_STUN_QUERY], 1);
}

static void not_stun(void **state)
{
	static const struct { const char *bytes; size_t n; } others[] = {
#define BYTES(text) {text, sizeof text - 1}
		BYTES("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"), BYTES("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"),
		BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a ClientHello of today is longer than that"),
		BYTES("\x16\x03\x03\x00\x7a\x02 and so is a ServerHello"), BYTES("\x80\x46\x01\x03\x00 an older hello"),
		BYTES("\x13" "BitTorrent protocol"), BYTES("*1\r\n$4\r\nPING\r\n"), BYTES("\x05\x01\x00 some proxy"),
		BYTES("\x02\x00\x00\x10 four bytes like Microsoft's, and no cookie"),
		/* DNS has a length first, as RFC 4571 has; then no cookie. */
		BYTES("\0\x1d\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3org\0\0\1\0\1"),
		/* A hello like Microsoft's, and then TLS after all. */
		BYTES("\x16\x03\x01\x00\x06\x01xxxxx\x14\x03\x01\0\1\1"),
	};

	(void)state;
	for (unsigned i = 0; i < sizeof others / sizeof others[0]; i++) {
		start();
		assert_int_equal(arrive(others[i].bytes, others[i].n, OUT, false), V_NO);
		assert_int_equal(digest_n[0] + digest_n[1], 0);
	}
}

static void too_long_to_wait_for(void **state)
{
	struct made m = made_message(0x0001, 1), next = made_message(0x0001, 2);

	(void)state;
	start();
	assert_int_equal(arrive(m.b, m.n, OUT, false), V_YES);
	/* A message of 60,000 bytes is passed over, not waited for. */
	next.b[2] = 60000 >> 8;
	next.b[3] = 60000 & 0xff;
	assert_int_equal(arrive(next.b, next.n, OUT, false), V_YES);
	assert_int_equal(waiting[OUT].n, 0);
	memset(m.b, 'x', sizeof m.b);
	for (size_t left = 60000; left > 0;) {
		size_t n = left < 4000 ? left : 4000;

		arrive(m.b, n, OUT, false);
		assert_int_equal(waiting[OUT].n, 0);
		left -= n;
	}
	m = made_message(0x0001, 3);
	assert_int_equal(arrive(m.b, m.n, OUT, false), V_YES);
	assert_int_equal(times[FACT_STUN_QUERY], 2);
}

static void many_wrapped_at_once(void **state)
{
	struct made m = channel_bind(1, 0x4001), w = {.n = 0}, inner;

	(void)state;
	start();
	arrive(m.b, m.n, OUT, false);
	for (unsigned i = 0; i < 3 * INNER_MAX; i++) {
		inner = check((uint8_t)(i + 10), "a:b");
		m = channel_data(0x4001, inner.b, inner.n);
		join(&w, &m);
	}
	assert_int_equal(arrive(w.b, w.n, OUT, false), V_YES);
	assert_int_equal(times[FACT_ICE_CHECK], 3 * INNER_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw), cmocka_unit_test(rfc4571), cmocka_unit_test(microsoft), cmocka_unit_test(ssltcp),
		cmocka_unit_test(connection_bind), cmocka_unit_test(gaps), cmocka_unit_test(rubbish_after_messages),
		cmocka_unit_test(malformed_in_a_stream), cmocka_unit_test(not_stun), cmocka_unit_test(too_long_to_wait_for),
		cmocka_unit_test(many_wrapped_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
