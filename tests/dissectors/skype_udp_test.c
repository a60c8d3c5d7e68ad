/* skype_udp_test.c -- what one flow of datagrams shows: requests, retransmissions, refusals, media. */
#include "skype_make.h"

enum { INSIDE = 0x0a000005, PEER = 0xcb007105, NAT = 0xc6336401 };

static void first_request(void **state)
{
	struct made m = request(0x9b90, 0x11223344, 26);

	(void)state;
	assert_int_equal(datagram(m, OUT), V_MORE);
	assert_true(says("skype.request"));
	assert_true(says("skype.id=39824"));
	assert_true(says("skype.len=26"));
	assert_false(says("flow.app_proto"));
	assert_int_equal(datagram(request(0x9b92, 1, 26), OUT), V_MORE);
	assert_string_equal(said(), "");			/* once each way is enough */
	assert_int_equal(datagram(request(0x1000, 2, 18), IN), V_MORE);
	assert_true(says("skype.back=18"));
	assert_true(says("skype.id=4096"));
	assert_int_equal(datagram(request(0x9b94, 3, 18), OUT), V_MORE);
	assert_string_equal(said(), "");
}

/* Long ones go to no stranger. */
static void long_request(void **state)
{
	(void)state;
	assert_int_equal(datagram(request(0x9b90, 1, 65), OUT), V_MORE);
	assert_string_equal(said(), "");
}

static void not_for_it(void **state)
{
	struct made m = {.n = 0};

	(void)state;
	put_hex(&m, "302602010004067075626c6963a019020405060708020100020100300b300906052b060102010500");
	assert_int_equal(datagram(m, OUT), V_NO);
	ends[IN].addr = addr_v4(0xe00000fb);
	assert_int_equal(datagram(request(1, 2, 18), OUT), V_NO);
	assert_true(addr_parse("2001:db8::1", &ends[IN].addr));
	assert_int_equal(datagram(request(1, 2, 18), OUT), V_NO);
}

static void repeated(void **state)
{
	struct made a, b;

	(void)state;
	datagram(request(0x1697, 0x792e012b, 31), OUT);
	assert_int_equal(datagram(request(0x1697, 0x792e012b, 31), OUT), V_YES);
	assert_string_equal(said(), "skype.repeated flow.app_proto=skype");
	setup(NULL);
	datagram(request(0x1697, 0x792e012b, 31), OUT);
	assert_int_equal(datagram(request(0x1697, 0x792e012c, 31), OUT), V_MORE);	/* another checksum */
	assert_int_equal(datagram(request(0x1697, 0x792e012c, 30), OUT), V_MORE);	/* another length */
	assert_int_equal(datagram(request(0x1697, 0x792e012c, 30), IN), V_MORE);	/* not the same end */
	setup(NULL);
	a = request(0x1697, 0x792e012b, 31);
	b = a;
	datagram(a, OUT);
	assert_int_equal(datagram(a, OUT), V_MORE);		/* a copy */
	b.b[3]++;
	b.b[4]++;
	b.b[5]++;
	assert_int_equal(datagram(b, OUT), V_MORE);		/* what follows is the same still */
}

static void refused(void **state)
{
	(void)state;
	datagram(request(0x7f4e, 0xfc95755e, 18), OUT);
	assert_int_equal(datagram(nak(0x7f4e, 0x77, NAT, 0x83b08656), IN), V_YES);
	assert_string_equal(said(), "skype.nak=0 skype.public=198.51.100.1:0 flow.app_proto=skype");
	assert_int_equal(datagram(nak(0x7f4e, 0x77, NAT, 0x83b08656), IN), V_YES);
	assert_string_equal(said(), "");
	/* The wrong nonce, id, checksum, length, end: nothing. */
	datagram(resend(0x7f4e, 0x83b08657, PEER, 0xfc95755e, 18), OUT);
	assert_string_equal(said(), "");
	datagram(resend(0x7f4f, 0x83b08656, PEER, 0xfc95755e, 18), OUT);
	assert_string_equal(said(), "");
	datagram(resend(0x7f4e, 0x83b08656, PEER, 0xfc95755f, 18), OUT);
	assert_string_equal(said(), "");
	datagram(resend(0x7f4e, 0x83b08656, PEER, 0xfc95755e, 19), OUT);
	assert_string_equal(said(), "");
	datagram(resend(0x7f4e, 0x83b08656, PEER, 0xfc95755e, 18), IN);
	assert_string_equal(said(), "");
	assert_int_equal(datagram(resend(0x7f4e, 0x83b08656, PEER, 0xfc95755e, 18), OUT), V_YES);
	assert_string_equal(said(), "skype.resend");
}

static void refused_by_us(void **state)
{
	(void)state;
	datagram(request(0x0102, 5, 40), IN);
	assert_int_equal(datagram(nak(0x0102, 0x05, PEER, 7), OUT), V_YES);
	assert_true(says("skype.nak=1"));			/* the address that it goes to */
	assert_true(says("skype.public=203.0.113.5:0"));
	assert_int_equal(datagram(resend(0x0102, 7, NAT, 5, 40), IN), V_YES);
	assert_true(says("skype.resend"));
}

static void no_refusal(void **state)
{
	(void)state;
	datagram(request(0x7f4e, 1, 18), OUT);
	assert_int_equal(datagram(nak(0x7f4f, 0x77, NAT, 1), IN), V_MORE);	/* another id */
	assert_int_equal(datagram(nak(0x7f4e, 0x77, NAT, 1), OUT), V_MORE);	/* from the asker */
	assert_int_equal(datagram(nak(0x7f4e, 0x77, 0xe0000001, 1), IN), V_MORE);
	assert_int_equal(datagram(nak(0x7f4e, 0x77, 0xc0a80001, 1), IN), V_MORE);	/* a private address that is not ours */
	assert_int_equal(datagram(nak(0x7f4e, 0xf7, NAT, 1), IN), V_MORE);
	assert_int_equal(datagram(nak(0x7f4e, 0x07, INSIDE, 1), IN), V_YES);	/* no NAT between us */
}

static void fragment(void **state)
{
	struct made m = {.n = 0};

	(void)state;
	datagram(request(0x5678, 1, 18), OUT);
	put_hex(&m, "12344f56780102aabbccdd11223344ffff");
	assert_int_equal(datagram(m, IN), V_MORE);
	assert_string_equal(said(), "skype.fragment");
	assert_int_equal(datagram(m, IN), V_MORE);
	assert_string_equal(said(), "");
}

/* How media of so many bytes each way are called, and after how many packets. */
static unsigned media_called(const char *want, size_t out, size_t in)
{
	setup(NULL);
	datagram(request(0x7000, 1, 18), OUT);
	for (unsigned i = 1; i < 400; i++) {
		bool way = out > 0 && (in == 0 || i % 2 == 0);

		assert_int_equal(datagram(media(0x1111 * i & 0xffff, way ? out : in), way), V_MORE);
		if (says("skype.media=")) {
			assert_true(says(want));
			return i;
		}
	}
	return 0;
}

static void media_is_told(void **state)
{
	(void)state;
	assert_int_equal(media_called("skype.media=call", 67, 67), 95);
	assert_int_equal(media_called("skype.media=call", 80, 120), 95);
	assert_int_equal(media_called("skype.media=file-out", 1200, 20), 95);
	assert_int_equal(media_called("skype.media=file-in", 20, 1200), 95);
	assert_int_equal(media_called("skype.media=relayed-out", 67, 0), 95);
	assert_int_equal(media_called("skype.media=relayed-in", 0, 67), 95);
}

/* It is called something else once twice as much looks otherwise. */
static void media_changes(void **state)
{
	unsigned said_n = 0;

	(void)state;
	datagram(media(1, 67), OUT);
	for (unsigned i = 2; i < 2000; i++) {
		datagram(media(i * 77 & 0xffff, i < 100 ? 67 : 1200), i < 100 ? i % 2 == 0 : OUT);
		said_n += says("skype.media=");
		if (i == 95)
			assert_true(says("skype.media=call"));
	}
	assert_int_equal(said_n, 2);
}

/* RTP whose sequence number is at 0x0d00; a constant in the third byte: no random bits. */
static void no_media(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		struct made m = {.n = 0};

		put(&m, 0x8000, 2);
		put(&m, 0x0d00 + i, 2);
		put_noise(&m, 160);
		datagram(m, OUT);
		assert_false(says("skype"));
	}
	setup(NULL);
	for (unsigned i = 0; i < 256; i++) {
		struct made m = media(0x1234, 80);	/* an id that never moves */

		datagram(m, OUT);
		assert_false(says("skype"));
	}
}

/* Random datagrams on a flow that began well: it is given up. */
static void lost(void **state)
{
	unsigned n = 0;

	(void)state;
	datagram(request(0x7000, 1, 18), OUT);
	for (; n < 100 && verdict != V_NO; n++) {
		struct made m = {.n = 0};

		put_noise(&m, 100);
		datagram(m, n % 2);
	}
	assert_true(n <= 24);
}

static void signalling(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 10; i++)
		datagram(request(0x7000 + 2 * i, i, 18), OUT);
	assert_string_equal(said(), "skype.signalling=10");
}

/* A million random flows of six datagrams: nothing is proved. */
static void random_flows(void **state)
{
	unsigned candidates = 0;

	(void)state;
	for (unsigned i = 0; i < 300000; i++) {
		bool asked = false;

		memset(memory, 0, sizeof memory);
		for (unsigned k = 0; k < 6; k++) {
			struct made m = {.n = 0};
			struct cursor c;

			put_noise(&m, 11 + noise() % 60);
			c = cur_of(m.b, m.n);
			if (!asked && !skype_dissector.first(&c))
				continue;
			asked = true;
			{
				struct packet p = {.ip_proto = IPPROTO_UDP, .src = ends[k & 1], .dst = ends[!(k & 1)], .payload = c,
				    .payload_len = (uint32_t)m.n, .ts_ns = 1, .number = 1};
				struct input in = {.packet = &p, .from_local = k & 1, .bytes = c};

				facts_reset(&facts);
				facts.header = (struct message){.packet = 1};
				assert_true(skype_dissector.dissect(&in, memory, &facts) != V_YES);
				candidates += facts.used > 0;
			}
		}
	}
	assert_true(candidates < 20000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(first_request, setup), cmocka_unit_test_setup(long_request, setup),
		cmocka_unit_test_setup(not_for_it, setup), cmocka_unit_test_setup(repeated, setup),
		cmocka_unit_test_setup(refused, setup), cmocka_unit_test_setup(refused_by_us, setup),
		cmocka_unit_test_setup(no_refusal, setup), cmocka_unit_test_setup(fragment, setup),
		cmocka_unit_test_setup(media_is_told, setup), cmocka_unit_test_setup(media_changes, setup),
		cmocka_unit_test_setup(no_media, setup), cmocka_unit_test_setup(lost, setup),
		cmocka_unit_test_setup(signalling, setup), cmocka_unit_test_setup(random_flows, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
