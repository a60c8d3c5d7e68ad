/* dpi_test.c -- nDPI's labels become facts, but those that rest on addresses, ports, caches and weak tests do not. */
#include "rig.h"

#include "../../../sensor/classify/dpi_lib.h"

#define IN "10.0.0.1"
#define OUT "203.0.113.9"

static const struct dissector *const none[] = {NULL};

static struct rig *started(uint32_t flows)
{
	struct rig *r = rig_new();

	r->settings.home.configured = true;	/* nothing is guessed */
	r->settings.ndpi.enabled = true;
	r->settings.ndpi.flows = flows;
	rig_start(r, none);
	return r;
}

/* A whole IPv4 packet around the payload. */
static void show_ip(struct rig *r, struct packet p)
{
	uint8_t ip[2000] = {0x45};
	struct cursor c = p.payload;
	size_t l4 = p.ip_proto == IPPROTO_UDP ? 8 : 20, len = 20 + l4 + c.left;
	const uint8_t header[] = {(uint8_t)(p.src.port >> 8), (uint8_t)p.src.port, (uint8_t)(p.dst.port >> 8),
	    (uint8_t)p.dst.port, (uint8_t)((l4 + c.left) >> 8), (uint8_t)(l4 + c.left)};

	ip[2] = (uint8_t)(len >> 8);
	ip[3] = (uint8_t)len;
	ip[8] = 64;
	ip[9] = p.ip_proto;
	memcpy(ip + 12, p.src.addr.b + 12, 4);
	memcpy(ip + 16, p.dst.addr.b + 12, 4);
	memcpy(ip + 20, header, p.ip_proto == IPPROTO_UDP ? 6 : 4);
	if (p.ip_proto == IPPROTO_TCP) {
		ip[32] = 0x50;
		ip[33] = p.tcp_flags;
	}
	cur_copy(&c, ip + 20 + l4, c.left);
	p.ip = cur_of(ip, len);
	show(r, p);
}

static const char sip[] =
    "INVITE sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/UDP pc.example.org;branch=z9hG4bK776asdhds\r\n"
    "Max-Forwards: 70\r\nTo: Bob <sip:bob@example.org>\r\nFrom: Alice <sip:alice@example.org>;tag=1928301774\r\n"
    "Call-ID: a84b4c76e66710@pc.example.org\r\nCSeq: 314159 INVITE\r\nContent-Length: 0\r\n\r\n";

static void test_label(void **state)
{
	struct rig *r = started(100);
	char want[200];

	(void)state;
	show_ip(r, udp(0, IN, 40000, OUT, 41000, sip));
	snprintf(want, sizeof want, "0.000 10.0.0.1:40000 > 203.0.113.9:41000: ndpi.proto == \"SIP\" ndpi.confidence == \"DPI\" "
	    "ndpi.version == \"%s\"\n", dpi_lib_version());
	assert_int_equal(said_count(&r->said, want), 1);
	assert_int_equal(said_count(&r->said, "flow.new"), 1);
	show_ip(r, udp(0, IN, 40000, OUT, 41000, sip));	/* once is enough */
	assert_int_equal(said_count(&r->said, "ndpi.proto"), 1);
	assert_int_equal(r->counts.n[COUNT_NDPI_PACKETS], 1);
	assert_int_equal(r->counts.n[COUNT_NDPI_FLOWS], 1);
	rig_free(r);
}

/* A TLS ClientHello (RFC 8446, 4.1.2) whose server_name is w.whatsapp.net. */
static const char hello[] =
    "16 0301 0054 01 000050 0303 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00"
    "0002 1301 0100"
    "0025"
    "0000 0014 0012 00 000f 672e77686174736170702e6e6574 00"
    "002b 0003 02 0304"
    "000a 0004 0002 001d 00";

static void test_tcp_label(void **state)
{
	struct rig *r = started(100);
	uint8_t bytes[200];
	size_t n = unhex(hello, bytes, sizeof bytes);

	(void)state;
	show_ip(r, tcp(0, IN, 40000, OUT, 8000, TCP_SYN, 1, 0, ""));
	assert_int_equal(r->counts.n[COUNT_NDPI_PACKETS], 0);
	show_ip(r, packet_of(IPPROTO_TCP, 0, IN, 40000, OUT, 8000, bytes, n));
	assert_int_equal(said_count(&r->said, "ndpi.proto == \"TLS.WhatsApp\""), 1);
	rig_free(r);
}

/* A DTLS 1.2 ClientHello (RFC 6347, 4.2): a name for the flow, but nothing to speak of by itself. */
static const char dtls[] =
    "16 fefd 0000 000000000000 0036 01 00002a 0000 000000 00002a fefd"
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 00 00 0002 c02b 01 00";

static void test_said_aside(void **state)
{
	struct rig *r = started(100);
	uint8_t bytes[200];
	size_t n = unhex(dtls, bytes, sizeof bytes);

	(void)state;
	show_ip(r, packet_of(IPPROTO_UDP, 0, IN, 40000, OUT, 41000, bytes, n));
	show_ip(r, udp(MS, IN, 40000, OUT, 41000, "data"));
	show_ip(r, udp(2 * MS, OUT, 41000, IN, 40000, "data"));
	assert_said(r, "");
	show_ip(r, udp(3 * MS, OUT, 41000, IN, 40000, "data"));
	assert_int_equal(said_count(&r->said, "ndpi.proto == \"DTLS\""), 1);
	show_ip(r, udp(2 * SECOND, OUT, 41000, IN, 40000, "data"));
	assert_int_equal(said_count(&r->said, "ndpi.proto"), 1);
	rig_free(r);
}

/* What costs much and tells nothing. */
static void test_not_shown(void **state)
{
	struct rig *r = started(100);

	(void)state;
	show_ip(r, tcp(0, IN, 40000, OUT, 80, TCP_ACK, 2, 1, "GET /index.html HTTP/1.1\r\nHost: www.example.org\r\n\r\n"));
	show_ip(r, tcp(0, OUT, 80, IN, 40001, TCP_ACK, 2, 1, "HTTP/1.1 200 OK\r\n\r\n"));
	show_ip(r, udp(0, IN, 40000, OUT, 53, sip));
	show_ip(r, udp(0, OUT, 53, IN, 40000, sip));
	assert_int_equal(r->counts.n[COUNT_NDPI_PACKETS], 0);
	assert_said(r, "");
	rig_free(r);
}

/* One datagram can look like anything: Viber by two bytes of it. A second one that looks the same makes it a fact. */
static void test_seen_twice(void **state)
{
	static const uint8_t viber[12] = {0x5a, 0xa5, 3, 0, 4, 5, 6, 7, 8, 9, 9, 9}, other[30] = {0x99, 7, 9};
	struct rig *r = started(100);

	(void)state;
	show_ip(r, packet_of(IPPROTO_UDP, 0, IN, 40000, OUT, 41000, viber, sizeof viber));
	show_ip(r, packet_of(IPPROTO_UDP, 0, IN, 40000, OUT, 41000, other, sizeof other));
	show_ip(r, packet_of(IPPROTO_UDP, 0, IN, 40001, OUT, 41000, viber, sizeof viber));
	assert_said(r, "");
	show_ip(r, packet_of(IPPROTO_UDP, 0, OUT, 41000, IN, 40001, viber, sizeof viber));
	assert_int_equal(said_count(&r->said, "10.0.0.1:40001 < 203.0.113.9:41000: ndpi.proto == \"Viber\""), 1);
	classify_finish(r->classify);
	assert_int_equal(said_count(&r->said, "ndpi.proto"), 1);
	rig_free(r);
}

static void test_only_border(void **state)
{
	struct rig *r = started(100);

	(void)state;
	show_ip(r, udp(0, IN, 40000, "10.0.0.2", 41000, sip));
	show_ip(r, udp(0, "198.51.100.1", 40000, OUT, 41000, sip));
	assert_int_equal(r->counts.n[COUNT_NDPI_PACKETS], 0);
	rig_free(r);
}

/* So many packets a flow, no more; and no label by port or address. */
static void test_gives_up(void **state)
{
	struct rig *r = started(100);

	(void)state;
	show_ip(r, tcp(0, IN, 40000, "8.8.8.8", 443, TCP_SYN, UINT32_MAX, 0, ""));
	for (unsigned i = 0; i < 20; i++) {
		show_ip(r, udp(i * MS, IN, 40000, "8.8.8.8", 5060, "\xee\x17zzz not a question at all, nor anything else \x01\x02"));
		show_ip(r, tcp(i * MS, IN, 40000, "8.8.8.8", 443, TCP_ACK, i * 50, 0, "\xee\x17zzz nothing that anybody would know"));
	}
	assert_int_equal(r->counts.n[COUNT_NDPI_PACKETS], 4 + 6);
	/* A stream whose beginning was missed is not for it. */
	show_ip(r, tcp(0, IN, 40001, "8.8.8.8", 443, TCP_ACK, 500, 0, "nothing that anybody would know"));
	assert_int_equal(r->counts.n[COUNT_NDPI_PACKETS], 4 + 6);
	assert_int_equal(said_count(&r->said, "ndpi.proto"), 0);
	classify_finish(r->classify);
	assert_int_equal(said_count(&r->said, "ndpi.proto"), 0);
	rig_free(r);
}

/* What 4.2 reports as DPI on one attribute, one byte, or a bit pattern. */
static void test_weak_tests(void **state)
{
	static const uint8_t stun[] = {
		0x00, 0x01, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		0xc0, 0x57, 0x00, 0x04, 0x00, 0x01, 0x00, 0x0a,
	};
	static uint8_t rtp[172] = {0x80, 0x00, 0x12, 0x34, 0, 0, 0, 160, 0xde, 0xad, 0xbe, 0xef};
	static uint8_t skype[40] = {0x12, 0x34, 0x02, 0x0d};
	struct rig *r = started(100);

	(void)state;
	for (uint8_t i = 0; i < 4; i++) {
		show_ip(r, packet_of(IPPROTO_UDP, i * MS, IN, 40000, OUT, 41000, stun, sizeof stun));
		rtp[3] = (uint8_t)(0x34 + i);
		rtp[7] = (uint8_t)(160 + i);
		show_ip(r, packet_of(IPPROTO_UDP, i * MS, IN, 40002, OUT, 41000, rtp, sizeof rtp));
		show_ip(r, packet_of(IPPROTO_UDP, i * MS, OUT, 41000, IN, 40002, rtp, sizeof rtp));
		show_ip(r, packet_of(IPPROTO_UDP, i * MS, IN, 40004, OUT, 41000, skype, sizeof skype));
	}
	classify_finish(r->classify);
	assert_int_equal(said_count(&r->said, "ndpi.proto"), said_count(&r->said, "ndpi.proto == \"STUN\""));
	assert_true(said_count(&r->said, "ndpi.proto == \"STUN\"") <= 1);
	rig_free(r);
}

static void test_pool(void **state)
{
	struct rig *r = started(3);

	(void)state;
	for (uint16_t i = 0; i < 10; i++)
		show_ip(r, udp(i * MS, IN, 40000 + i, OUT, 41000, "\xee\x17zzz nothing that anybody would know"));
	assert_int_equal(r->counts.n[COUNT_NDPI_FLOWS], 10);
	assert_int_equal(r->counts.n[COUNT_NDPI_NO_ROOM], 7);
	show_ip(r, udp(20 * MS, IN, 40000, OUT, 41000, sip));	/* given up: not shown again */
	assert_int_equal(said_count(&r->said, "SIP"), 0);
	show_ip(r, udp(20 * MS, IN, 40009, OUT, 41000, sip));
	assert_int_equal(said_count(&r->said, "SIP"), 1);
	rig_free(r);
}

static enum verdict mine(struct input *in, void *state, struct facts *facts)
{
	(void)in;
	(void)state;
	(void)facts;
	return V_YES;
}

/* What our own dissectors know is not nDPI's business. */
static void test_claimed(void **state)
{
	static const struct dissector mine_dissector = {.name = "mine", .ip_proto = IPPROTO_UDP, .dissect = mine};
	static const struct dissector *const list[] = {&mine_dissector, NULL};
	struct rig *r = rig_new();

	(void)state;
	r->settings.ndpi.enabled = true;
	rig_start(r, list);
	show_ip(r, udp(0, IN, 40000, OUT, 41000, sip));
	assert_int_equal(r->counts.n[COUNT_NDPI_PACKETS], 0);
	rig_free(r);
}

/* Packets that are no packets: nDPI gets nothing shorter than a header, and no more than was captured. */
static void test_odd_packets(void **state)
{
	struct rig *r = started(10);
	uint8_t *bytes = edge_copy("\x45\x00\xff\xff\x00\x00\x40\x00\x40\x11\x00\x00\x0a\x00\x00\x01\xcb\x00\x71\x09"
	    "\x9c\x40\xa0\x28\x00\x50\x00\x00zzzzzzzz", 36);

	(void)state;
	for (size_t n = 0; n <= 36; n++) {
		struct packet p = udp(n * MS, IN, (uint16_t)n, OUT, 41000, "zzzzzzzz");

		p.ip = cur_of(bytes + 36 - n, n);
		show(r, p);
		p = udp(n * MS, IN, (uint16_t)(100 + n), OUT, 41000, "zzzzzzzz");
		p.ip = cur_of(bytes, n);
		show(r, p);
	}
	edge_free(bytes, 36);
	rig_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_label),
		cmocka_unit_test(test_tcp_label),
		cmocka_unit_test(test_said_aside),
		cmocka_unit_test(test_not_shown),
		cmocka_unit_test(test_seen_twice),
		cmocka_unit_test(test_only_border),
		cmocka_unit_test(test_gives_up),
		cmocka_unit_test(test_weak_tests),
		cmocka_unit_test(test_pool),
		cmocka_unit_test(test_claimed),
		cmocka_unit_test(test_odd_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
