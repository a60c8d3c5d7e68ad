/* share_test.c -- a frame goes to the worker whose packets come out of it, whatever is in it; what is plain goes to one alone. */
#include "frames.h"

#include "../../../sensor/decode/share.h"

#include <stdlib.h>

static const struct decode_settings settings = {.fragments = 64, .fragment_timeout_s = 30, .tunnel_depth = 4};
static const struct team team = {.me = 0, .n = 7, .key = {{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb}}};

static int share(unsigned link_type, const uint8_t *bytes, size_t captured, size_t length)
{
	uint8_t *edge = edge_copy(bytes, captured);
	struct frame f = {.bytes = edge, .captured = (uint32_t)captured, .length = (uint32_t)length, .link_type = (uint16_t)link_type};
	int whose = share_frame(&team, &f);

	edge_free(edge, captured);
	assert_true(whose >= SHARE_ALL && whose < (int)team.n);
	return whose;
}

/* What comes out belongs to who was given it. */
static void agrees(unsigned link_type, const uint8_t *bytes, size_t captured, size_t length)
{
	struct counts counts = {{0}};
	struct decoder *d = decoder_new(&settings, &counts);
	struct frame f = {.number = 1, .bytes = bytes, .captured = (uint32_t)captured, .length = (uint32_t)length,
	    .link_type = (uint16_t)link_type};
	struct packet out[DECODE_MAX];
	int whose = share(link_type, bytes, captured, length);
	unsigned n = decode_frame(d, &f, out);

	for (unsigned i = 0; i < n && whose != SHARE_ALL; i++)
		assert_int_equal(team_owner(&team, &out[i].src.addr, &out[i].dst.addr), whose);
	/* A fragment has to meet the others, wherever they went. */
	assert_true(whose == SHARE_ALL || counts.n[COUNT_FRAG_SEEN] == 0);
	decoder_free(d);
}

enum { UDP4, UDP6, TCP4, TEREDO, IN_GRE, IN_VXLAN, ICMP, KINDS };

static void make(struct bytes *f, unsigned kind, bool back)
{
	const char *a = back ? inside_b : inside_a, *b = back ? inside_a : inside_b;

	payload(f, 40);
	switch (kind) {
	case UDP6:
		udp(f, 5000, 6000);
		ip6(f, IPPROTO_UDP, back ? inside_6b : inside_6a, back ? inside_6a : inside_6b);
		return;
	case TCP4:
		tcp(f, 5000, 80, 1, 2, TCP_ACK);
		ip4(f, IPPROTO_TCP, a, b);
		return;
	case TEREDO:
		sample_udp6(f);
		udp(f, 40000, 3544);
		ip4(f, IPPROTO_UDP, a, b);
		return;
	case IN_GRE:
		sample_udp4(f);
		front_hex(f, "0000 0800");
		ip4(f, IPPROTO_GRE, tunnel_a, tunnel_b);
		return;
	case IN_VXLAN:
		sample_udp4(f);
		ether(f, 0x0800);
		front_hex(f, "08000000 00002a00");
		udp(f, 40000, 4789);
		ip4(f, IPPROTO_UDP, tunnel_a, tunnel_b);
		return;
	case ICMP:
		sample_udp4(f);
		front_hex(f, "0303 0000 00000000");
		ip4(f, IPPROTO_ICMP, tunnel_a, a);
		return;
	default:
		udp(f, 5000, 6000);
		ip4(f, IPPROTO_UDP, a, b);
	}
}

/* Both ways to the same, in any link layer that says what it carries. */
static void test_plain(void **state)
{
	struct bytes f, g;

	(void)state;
	for (unsigned kind = UDP4; kind <= TCP4; kind++) {
		int whose;

		make(&f, kind, false);
		whose = share(101, f.b, f.n, f.n);
		assert_true(whose != SHARE_ALL);
		make(&g, kind, true);
		assert_int_equal(share(101, g.b, g.n, g.n), whose);
		vlan(&f, 7, kind == UDP6 ? 0x86dd : 0x0800);
		vlan(&f, 8, 0x8100);
		ether(&f, 0x88a8);
		assert_int_equal(share(1, f.b, f.n, f.n), whose);
		if (kind != UDP6) {
			make(&f, kind, false);
			front_hex(&f, "1100 0001 0000 0021");
			set_u16(&f, 4, (unsigned)f.n - 6);
			ether(&f, 0x8864);
			assert_int_equal(share(1, f.b, f.n, f.n), whose);
			make(&f, kind, false);
			front_hex(&f, "00064040 00064140");
			ether(&f, 0x8847);
			assert_int_equal(share(1, f.b, f.n, f.n), whose);
		}
		front_hex(&g, kind == UDP6 ? "86dd 0000 00000001 0001 00 06 020000000001 0000" : "0800 0000 00000001 0001 00 06 020000000001 0000");
		assert_int_equal(share(276, g.b, g.n, g.n), whose);
	}
}

static void test_for_all(void **state)
{
	struct bytes f;

	(void)state;
	for (unsigned kind = TEREDO; kind < KINDS; kind++) {
		make(&f, kind, false);
		assert_int_equal(share(101, f.b, f.n, f.n), SHARE_ALL);
	}
	make(&f, UDP4, false);
	set_u16(&f, 6, 0x2000);		/* more fragments */
	assert_int_equal(share(101, f.b, f.n, f.n), SHARE_ALL);
	set_u16(&f, 6, 0x0010);		/* a later one */
	assert_int_equal(share(101, f.b, f.n, f.n), SHARE_ALL);
	f.n = 0;
	ether(&f, 0x0806);
	assert_int_equal(share(1, f.b, f.n, f.n), SHARE_ALL);
	assert_int_equal(share(9999, f.b, f.n, f.n), SHARE_ALL);
	assert_int_equal(share(1, f.b, 0, 0), SHARE_ALL);
}

/* Every cut, and bytes that are not what they should be. */
static void test_agrees(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct bytes f;

		make(&f, kind, false);
		ether(&f, kind == UDP6 ? 0x86dd : 0x0800);
		for (size_t n = 0; n <= f.n; n++) {
			agrees(1, f.b, n, f.n);
			agrees(1, f.b, n, n);
		}
		for (unsigned i = 0; i < 20000; i++) {
			uint8_t bytes[256];

			memcpy(bytes, f.b, f.n);
			for (unsigned k = 0; k < 1 + i % 3; k++) {
				random = random * 1664525 + 1013904223;
				bytes[12 + (random >> 8) % (f.n - 12)] = (uint8_t)(random >> 24);
			}
			agrees(1, bytes, f.n, f.n);
		}
	}
}

/* Of what all were given each keeps its own, and one counts. */
static void test_common(void **state)
{
	(void)state;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		struct counts alone = {{0}}, sum = {{0}};
		struct packet out[DECODE_MAX];
		unsigned want, got = 0;
		struct bytes f;
		struct frame frame;
		struct decoder *d = decoder_new(&settings, &alone);

		make(&f, kind, false);
		frame = (struct frame){.number = 1, .bytes = f.b, .captured = (uint32_t)f.n, .length = (uint32_t)f.n, .link_type = 101};
		want = decode_frame(d, &frame, out);
		decoder_free(d);
		for (unsigned i = 0; i < team.n; i++) {
			struct team member = team;
			unsigned n;

			member.me = i;
			d = decoder_new(&settings, &sum);
			n = decode_common(d, &member, &frame, out);
			for (unsigned k = 0; k < n; k++)
				assert_int_equal(team_owner(&member, &out[k].src.addr, &out[k].dst.addr), i);
			got += n;
			decoder_free(d);
		}
		assert_int_equal(got, want);
		assert_memory_equal(&sum, &alone, sizeof sum);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain), cmocka_unit_test(test_for_all), cmocka_unit_test(test_agrees), cmocka_unit_test(test_common),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
