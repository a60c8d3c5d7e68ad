/* opening_test.c -- the first bytes of flows, as signatures want them: said where a line holds, and nowhere else. */
#include "rig.h"

#include "../../../sensor/signature/signature.h"

#define IN "10.0.0.1"
#define IN2 "10.0.0.2"
#define OUT "203.0.113.9"

static const char TEXT[] =
    "- {sid: 9190000, title: t, alert: 90, evidence: [{weight: 50, when: 'payload ^= \"HELLO\"'},\n"
    "    {weight: 50, when: 'payload[2:2] == \"XX\" and payload.len == 6 and not outgoing'},\n"
    "    {weight: 50, when: 'proto == \"tcp\" and payload[4:8] == \"12345678\"'},\n"
    "    {weight: 50, when: 'proto == \"udp\" and be16(payload, 2) == payload.len - 4 and payload ^= 0x1f'}]}\n"
    "- {sid: 9190001, title: t, alert: 90, inside: true, evidence: [{weight: 90, when: 'payload ^= \"LOCAL\\x00AREA\"'}]}\n";

static const struct dissector *const nobody[] = {NULL};
static struct signatures *set;

static struct rig *begin(const struct dissector *const *list)
{
	struct rig *r = rig_new();
	struct mistakes m = {.to = stderr};

	set = signatures_parse("set", TEXT, sizeof TEXT - 1, &m);
	assert_non_null(set);
	r->signatures = set;
	rig_start(r, list);
	return r;
}

static void end(struct rig *r)
{
	rig_free(r);
	signatures_free(set);
}

static void datagrams_that_fit_are_said(void **state)
{
	struct rig *r = begin(nobody);

	(void)state;
	show(r, udp(0, IN, 1, OUT, 2, "HELL"));
	show(r, udp(1 * MS, IN, 1, OUT, 2, "..XX.."));		/* outgoing */
	assert_said(r, "");
	show(r, udp(2 * MS, IN, 1, OUT, 2, "HELLO you"));
	assert_said(r, "0.002 10.0.0.1:1 > 203.0.113.9:2: flow.new flow.interface == 0\n"
	    "0.002 10.0.0.1:1 > 203.0.113.9:2: payload == \"HELLO you\" payload.len == 9\n"
	    "0.002 10.0.0.1:1 > 203.0.113.9:2: data.out_packets == 3 data.out_bytes == 19 data.in_packets == 0 data.in_bytes == 0 "
	    "flow.packets_out == 3 flow.packets_in == 0 flow.bytes_out == 145 flow.bytes_in == 0 flow.last_ns == 1700000000002000000\n");
	show(r, udp(3 * MS, OUT, 2, IN, 1, "..XX.."));
	assert_non_null(strstr(r->said.text, "0.003 10.0.0.1:1 < 203.0.113.9:2: payload == \"..XX..\" payload.len == 6\n"));
	said_clear(&r->said);
	show(r, udp(4 * MS, OUT, 2, IN, 1, "..XX..."));
	assert_null(strstr(r->said.text, "payload"));
	end(r);
}

/* A few of each direction; and only what nobody claimed. */
static void soon_it_is_too_late(void **state)
{
	struct rig *r = begin(nobody);

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		show(r, udp(i * MS, IN, 1, OUT, 2, "nothing"));
	show(r, udp(10 * MS, IN, 1, OUT, 2, "HELLO"));
	assert_said(r, "");
	show(r, udp(11 * MS, OUT, 2, IN, 1, "HELLO"));
	assert_int_equal(said_count(&r->said, "payload =="), 1);
	end(r);
}

static void only_64_bytes_but_the_whole_length(void **state)
{
	struct rig *r = begin(nobody);
	char text[201] = "HELLO";

	(void)state;
	memset(text + 5, '.', 195);
	show(r, udp(0, IN, 1, OUT, 2, text));
	text[64] = '\0';
	assert_non_null(strstr(r->said.text, text));
	text[64] = '.';
	text[65] = '\0';
	assert_null(strstr(r->said.text, text));
	assert_non_null(strstr(r->said.text, "payload.len == 200"));
	end(r);
}

static void a_length_field_is_compared(void **state)
{
	struct rig *r = begin(nobody);
	struct packet p = packet_of(IPPROTO_UDP, 0, IN, 1, OUT, 2, "\x1f..\4....", 8);

	(void)state;
	p.payload = cur_of("\x1f.\0\4....", 8);
	show(r, p);
	assert_int_equal(said_count(&r->said, "payload =="), 1);
	said_clear(&r->said);
	p.src.port = 3;
	p.payload = cur_of("\x1f.\0\5....", 8);
	show(r, p);
	assert_said(r, "");
	p.payload_len = 9;	/* cut in the capture: its length on the wire counts */
	show(r, p);
	assert_int_equal(said_count(&r->said, "payload =="), 1);
	end(r);
}

static void between_inside_hosts_if_it_is_asked_for(void **state)
{
	struct rig *r = begin(nobody);

	(void)state;
	show(r, udp(0, IN, 1, IN2, 2, "HELLO"));
	assert_said(r, "");
	show(r, packet_of(IPPROTO_UDP, MS, IN, 1, "239.192.152.143", 6771, "LOCAL\0AREA.", 11));
	assert_non_null(strstr(r->said.text, "0.001 10.0.0.1:1 > 239.192.152.143:6771 inside: payload == \"LOCAL\\x00AREA.\" "
	    "payload.len == 11 flow.border\n"));
	said_clear(&r->said);
	show(r, udp(2 * MS, "198.51.100.1", 1, "192.0.2.1", 2, "HELLO"));	/* guessed to be inside */
	assert_int_equal(said_count(&r->said, "payload =="), 1);
	end(r);
}

/* For whoever writes a signature: of every flow at the border, without one. */
static void all_openings_if_they_are_wanted(void **state)
{
	struct rig *r = rig_new();

	(void)state;
	r->settings.session.openings = true;
	rig_start(r, nobody);
	for (unsigned i = 0; i < 6; i++)
		show(r, udp(i * MS, IN, 1, OUT, 2, "anything"));
	show(r, udp(7 * MS, IN, 1, IN2, 2, "inside"));
	show(r, tcp(8 * MS, IN, 1, OUT, 2, TCP_SYN, 99, 0, ""));
	show(r, tcp(9 * MS, IN, 1, OUT, 2, TCP_ACK, 100, 500, "a stream"));
	assert_int_equal(said_count(&r->said, "payload == \"anything\" payload.len == 8"), 4);
	assert_int_equal(said_count(&r->said, "payload == \"a stream\"\n"), 1);
	assert_int_equal(said_count(&r->said, "payload =="), 5);
	rig_free(r);
}

/* --- streams --- */

static void handshake(struct rig *r)
{
	show(r, tcp(0, IN, 1, OUT, 2, TCP_SYN, 99, 0, ""));
	show(r, tcp(0, OUT, 2, IN, 1, TCP_SYN | TCP_ACK, 499, 100, ""));
	show(r, tcp(0, IN, 1, OUT, 2, TCP_ACK, 100, 500, ""));
}

static void each_direction_of_a_stream(void **state)
{
	struct rig *r = begin(nobody);

	(void)state;
	handshake(r);
	show(r, tcp(MS, IN, 1, OUT, 2, TCP_ACK, 100, 500, "HELLO server"));
	assert_non_null(strstr(r->said.text, "0.001 10.0.0.1:1 > 203.0.113.9:2: payload == \"HELLO server\"\n"));
	said_clear(&r->said);
	show(r, tcp(2 * MS, OUT, 2, IN, 1, TCP_ACK, 500, 112, "....12345678"));
	assert_non_null(strstr(r->said.text, "0.002 10.0.0.1:1 < 203.0.113.9:2: payload == \"....12345678\"\n"));
	said_clear(&r->said);
	show(r, tcp(3 * MS, IN, 1, OUT, 2, TCP_ACK, 112, 512, "HELLO again"));
	assert_null(strstr(r->said.text, "payload"));
	end(r);
}

static void a_stream_that_begins_with_little_waits(void **state)
{
	struct rig *r = begin(nobody);

	(void)state;
	handshake(r);
	show(r, tcp(MS, IN, 1, OUT, 2, TCP_ACK, 100, 500, "HE"));
	show(r, tcp(2 * MS, IN, 1, OUT, 2, TCP_ACK, 103, 500, "LO"));		/* early */
	assert_said(r, "");
	show(r, tcp(3 * MS, IN, 1, OUT, 2, TCP_ACK, 102, 500, "L"));
	assert_non_null(strstr(r->said.text, "payload == \"HELLO\"\n"));
	end(r);
}

static void what_cannot_fit_is_not_waited_for(void **state)
{
	struct rig *r = begin(nobody);

	(void)state;
	handshake(r);
	show(r, tcp(MS, IN, 1, OUT, 2, TCP_ACK, 100, 500, "HEL"));
	show(r, tcp(2 * MS, IN, 1, OUT, 2, TCP_ACK, 103, 500, "P all you can, my dear fellow, and more"));
	show(r, tcp(3 * MS, OUT, 2, IN, 1, TCP_ACK, 500, 142, "HELL"));
	show(r, tcp(4 * MS, OUT, 2, IN, 1, TCP_ACK | TCP_FIN, 504, 142, ""));
	assert_null(strstr(r->said.text, "payload"));
	end(r);
}

static void not_in_the_middle_of_a_stream(void **state)
{
	struct rig *r = begin(nobody);

	(void)state;
	show(r, tcp(MS, IN, 1, OUT, 2, TCP_ACK, 100, 500, "HELLO"));
	assert_said(r, "");
	end(r);
}

/* --- beside dissectors --- */

/* "C..." is claimed; "W..." wraps what follows; all else is not its own. */
static enum verdict claimer(struct input *in, void *state, struct facts *facts)
{
	struct endpoint peer = {ip_of("198.51.100.5"), 77};
	uint8_t what = cur_u8(&in->bytes);

	(void)state;
	if (in->nested || (what != 'C' && what != 'W'))
		return V_NO;
	if (what == 'W')
		fact_inner(facts, in->bytes, &peer);
	return V_YES;
}

static const struct dissector claimer_dissector = {.name = "claimer", .ip_proto = IPPROTO_UDP, .dissect = claimer};
static const struct dissector *const claimers[] = {&claimer_dissector, NULL};

static void what_is_claimed_does_not_count(void **state)
{
	struct rig *r = begin(claimers);

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		show(r, udp(i * MS, IN, 1, OUT, 2, "CXXX.."));
	assert_said(r, "");
	show(r, udp(10 * MS, IN, 1, OUT, 2, "HELLO"));
	assert_int_equal(said_count(&r->said, "payload =="), 1);
	end(r);
}

static void what_a_relay_wraps(void **state)
{
	struct rig *r = begin(claimers);

	(void)state;
	show(r, udp(0, IN, 1, OUT, 2, "WHELLO"));
	assert_said(r, "0.000 10.0.0.1:1 > 203.0.113.9:2 nested: peer == 198.51.100.5:77 flow.new flow.interface == 0\n"
	    "0.000 10.0.0.1:1 > 203.0.113.9:2 nested: peer == 198.51.100.5:77 payload == \"HELLO\" payload.len == 5\n");
	for (unsigned i = 1; i < 10; i++)
		show(r, udp(i * MS, IN, 1, OUT, 2, "WHELLO"));
	assert_int_equal(said_count(&r->said, "payload =="), 3);	/* four in all */
	end(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(datagrams_that_fit_are_said), cmocka_unit_test(soon_it_is_too_late),
		cmocka_unit_test(only_64_bytes_but_the_whole_length), cmocka_unit_test(a_length_field_is_compared), cmocka_unit_test(all_openings_if_they_are_wanted),
		cmocka_unit_test(between_inside_hosts_if_it_is_asked_for), cmocka_unit_test(each_direction_of_a_stream),
		cmocka_unit_test(a_stream_that_begins_with_little_waits), cmocka_unit_test(what_cannot_fit_is_not_waited_for),
		cmocka_unit_test(not_in_the_middle_of_a_stream), cmocka_unit_test(what_is_claimed_does_not_count),
		cmocka_unit_test(what_a_relay_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
