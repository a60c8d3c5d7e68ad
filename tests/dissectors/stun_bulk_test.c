/* stun_bulk_test.c -- bulk through a relay, and everything that is not: voice, video, screens, data channels, noise. */
#include "../test.h"

#include "../../dissectors/stun_bulk.h"

static uint32_t seed;

static uint32_t any(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)seed * below >> 32);
}

struct ways {
	struct stun_shape out, in;
};

/* A packet that begins with `first` and goes on as it likes; RTP has one of a few sources. */
static void add(struct stun_shape *s, uint8_t first, size_t len, uint32_t source)
{
	uint8_t b[64];
	struct cursor c = cur_of(b, sizeof b);

	for (size_t i = 0; i < sizeof b; i++)
		b[i] = (uint8_t)any(256);
	b[0] = first;
	if ((first & 0xc0) == 0x80) {
		b[1] = 111;
		memset(b + 8, (int)source, 4);
	}
	if (first >= 20 && first <= 25) {
		b[1] = 0xfe;
		b[2] = 0xfd;
	}
	stun_shape_add(s, &c, len);
}

/* So many packets out by this maker, and so much back. Is it ever bulk? */
static bool is_bulk(void (*make)(struct ways *), unsigned n)
{
	struct ways w = {.out = {0}};
	bool found = false;

	seed = 7;
	for (unsigned i = 0; i < n; i++) {
		make(&w);
		found = stun_shape_is_bulk(&w.out, &w.in) || found;
		found = stun_shape_is_bulk(&w.in, &w.out) || found;
	}
	return found;
}

/* QUIC's short headers: full packets, acknowledged now and then. */
static void quic(struct ways *w)
{
	add(&w->out, (uint8_t)(0x40 + any(64)), any(10) == 0 ? 200 + any(1000) : 1200, 0);
	if (any(4) == 0)
		add(&w->in, (uint8_t)(0x40 + any(64)), 40 + any(20), 0);
}

/* Encrypted to the last byte: every fourth packet looks like RTP, every eighth like DTLS. */
static void noise(struct ways *w)
{
	add(&w->out, (uint8_t)any(256), 1300, any(1 << 30));
	if (any(2) == 0)
		add(&w->in, (uint8_t)any(256), 64, any(1 << 30));
}

/* Both ways at once. */
static void vpn(struct ways *w)
{
	add(&w->out, 4, any(8) == 0 ? 96 : 1452, 0);
	add(&w->in, 4, any(8) == 0 ? 96 : 1452, 0);
}

static void voice(struct ways *w)
{
	add(&w->out, 0x80, 160, 1);
	add(&w->in, 0x90, 160, 2);
}

/* Video and voice together, full packets: its sources show it. */
static void video(struct ways *w)
{
	add(&w->out, 0x90, 1200, 3);
	if (any(20) == 0)
		add(&w->out, 0x80, 120, 1);
	if (any(10) == 0)
		add(&w->in, 0x81, 60, 4);
}

/* Pictures in parts of all sizes, under a cipher that leaves no header. */
static void screen(struct ways *w)
{
	size_t part = 500 + any(700);

	for (unsigned n = 1 + any(6); n > 0; n--)
		add(&w->out, (uint8_t)any(256), part, any(1 << 30));
	if (any(6) == 0)
		add(&w->in, (uint8_t)any(256), 64, any(1 << 30));
}

/* A file through a data channel: DTLS 1.2, and 1.3. */
static void channel12(struct ways *w)
{
	add(&w->out, 23, 1200, 0);
	add(&w->in, 23, 60, 0);
}

static void channel13(struct ways *w)
{
	add(&w->out, 0x2f, 1200, 0);
	add(&w->in, 0x2e, 60, 0);
}

static void small(struct ways *w)
{
	add(&w->out, 4, 600, 0);
}

static void test_bulk(void **state)
{
	(void)state;
	assert_true(is_bulk(quic, 6000));
	assert_true(is_bulk(noise, 6000));
	assert_true(is_bulk(vpn, 6000));
	assert_false(is_bulk(quic, 3000));		/* not yet */
}

static void test_media(void **state)
{
	(void)state;
	assert_false(is_bulk(voice, 100000));
	assert_false(is_bulk(video, 100000));
	assert_false(is_bulk(screen, 100000));
	assert_false(is_bulk(channel12, 100000));
	assert_false(is_bulk(channel13, 100000));
	assert_false(is_bulk(small, 100000));
}

/* Said at 4 MiB, 64 MiB, 1 GiB, 16 GiB. */
static void test_steps(void **state)
{
	struct ways w = {.out = {0}};
	unsigned said = 0;

	(void)state;
	for (unsigned i = 0; i < 60000; i++) {
		add(&w.out, 0x40, 1200, 0);
		said += stun_shape_is_bulk(&w.out, &w.in);
	}
	assert_int_equal(said, 2);
	w.out.bytes = 1ULL << 40;
	for (unsigned i = 0; i < 10; i++)
		said += stun_shape_is_bulk(&w.out, &w.in);
	assert_int_equal(said, 4);
}

static const char *begins(const void *bytes, size_t n, size_t piece)
{
	struct stun_peer_stream p = {.bytes = 0};
	const char *what = NULL;

	for (size_t at = 0; at < n; at += piece) {
		uint8_t *edge = edge_copy((const uint8_t *)bytes + at, at + piece < n ? piece : n - at);
		struct cursor c = cur_of(edge, at + piece < n ? piece : n - at);
		const char *said = stun_peer_stream_add(&p, &c);

		assert_true(what == NULL || said == NULL);	/* once */
		what = said != NULL ? said : what;
		edge_free(edge, at + piece < n ? piece : n - at);
	}
	assert_int_equal(p.bytes, n);
	assert_true(p.framed == (what != NULL && strcmp(what, "rfc4571") == 0));
	return what != NULL ? what : "";
}

static void test_streams(void **state)
{
	uint8_t tls[40] = {0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3}, stun[40] = {0, 36, 0, 1, 0, 16, 0x21, 0x12, 0xa4, 0x42},
	    rtp[40] = {0, 172, 0x80, 111}, dtls[40] = {0, 120, 22, 0xfe, 0xfd}, other[40] = {1, 2, 3};

	(void)state;
	for (size_t piece = 1; piece < 40; piece += 3) {
		assert_string_equal(begins(tls, sizeof tls, piece), "tls");
		assert_string_equal(begins("SSH-2.0-OpenSSH_9.2\r\n", 21, piece), "ssh");
		assert_string_equal(begins("GET /index.html HTTP/1.1\r\n", 26, piece), "http");
		assert_string_equal(begins(stun, sizeof stun, piece), "rfc4571");
		assert_string_equal(begins(rtp, sizeof rtp, piece), "rfc4571");
		assert_string_equal(begins(dtls, sizeof dtls, piece), "rfc4571");
		assert_string_equal(begins(other, sizeof other, piece), "");
	}
	assert_string_equal(begins("SSH-2.0-x", 9, 9), "");	/* too little to tell */
}

static void test_stream_bulk(void **state)
{
	struct stun_peer_stream p = {.bytes = 4 << 20};

	(void)state;
	assert_true(stun_peer_stream_is_bulk(&p));
	assert_false(stun_peer_stream_is_bulk(&p));
	p.bytes = 64 << 20;
	assert_true(stun_peer_stream_is_bulk(&p));
	assert_false(stun_peer_stream_is_bulk(&p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bulk), cmocka_unit_test(test_media), cmocka_unit_test(test_steps), cmocka_unit_test(test_streams),
		cmocka_unit_test(test_stream_bulk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
