/* stun_test.c -- the dissector on flows of datagrams: forms without a cookie, relays, what is wrapped. */
#include "stun_flow.h"

/* --- without a cookie --- */

static void empty_classic_query(void **state)
{
	struct made query = made_hex("0001000060d72164f1ed1cd20c8cf846b3f270f8");
	struct made answer = made_hex("0101000c60d72164f1ed1cd20c8cf846b3f270f8" "000100080001bcd7c633640a");
	struct made other = answer;

	(void)state;
	facts.detail = true;
	assert_int_equal(datagram(&query, OUT), V_MORE);
	assert_int_equal(messages(), 0);
	assert_int_equal(datagram(&query, OUT), V_MORE);
	/* Now the answer proves it: the query is told first, with its own time and packet. */
	assert_int_equal(datagram(&answer, IN), V_YES);
	assert_int_equal(messages(), 2);
	assert_true(said(FACT_STUN_QUERY) && said(FACT_STUN_COOKIELESS));
	assert_int_equal(message_at(0)->packet, 1);
	assert_true(message_has(message_at(0), FACT_DETAIL_METHOD) && message_has(message_at(0), FACT_DETAIL_TRANSACTION));
	assert_true(message_at(0)->from_local);
	assert_int_equal(message_at(0)->ts_ns, now_ns - 2000000);
	assert_true(message_has(message_at(1), FACT_STUN_ANSWER) && message_has(message_at(1), FACT_TX_MATCHED));
	assert_int_equal(message_uint(message_at(1), FACT_TX_RTT_US), 1000);
	assert_int_equal(message_at(1)->packet, 3);
	assert_string_equal(endpoint_of(message_at(1), FACT_STUN_MAPPED), "198.51.100.10:48343");
	/* From then on queries speak for themselves. */
	query.b[19]++;
	assert_int_equal(datagram(&query, OUT), V_YES);
	assert_true(said(FACT_STUN_QUERY));
	/* An answer with another id proves nothing about the query. */
	setup(NULL);
	assert_int_equal(datagram(&query, OUT), V_MORE);
	other.b[19] ^= 0x40;
	assert_int_equal(datagram(&other, IN), V_YES);
	assert_int_equal(messages(), 1);
	assert_true(said(FACT_STUN_ANSWER) && said(FACT_TX_ORPHAN));
}

static void classic_query_with_attributes(void **state)
{
	struct made m = made_hex("0001000860d72164f1ed1cd20c8cf846b3f270f8" "0003000400000000");

	(void)state;
	assert_int_equal(datagram(&m, OUT), V_YES);
	assert_true(said(FACT_STUN_QUERY) && said(FACT_STUN_COOKIELESS) && said(FACT_STUN_BEHAVIOUR));
}

static void zoom(void **state)
{
	struct made m = made_hex("00010018fca5c232b3da5b2065219f418e9b3e1a" "010100143132333435363738393031323334353637383900");

	(void)state;
	assert_int_equal(datagram(&m, OUT), V_YES);
	assert_true(said(FACT_STUN_QUERY) && said(FACT_STUN_COOKIELESS) && text_is(FACT_DIALECT, "zoom"));
	m = made_hex("0002000cfca5c232b3da5b2065219f418e9b3e1a" "010300080001bcd7c633640a");
	assert_int_equal(datagram(&m, IN), V_YES);
	assert_true(said(FACT_STUN_ANSWER) && said(FACT_TX_MATCHED));
	assert_string_equal(endpoint_of(message_at(0), FACT_STUN_MAPPED), "198.51.100.10:48343");
}

/* --- relays --- */

static void stun_becomes_turn(void **state)
{
	struct made m = made_message(0x0001, 1);

	(void)state;
	datagram(&m, OUT);
	assert_true(text_is(FACT_FLOW_APP, "stun"));
	m = made_message(0x0003, 2);
	datagram(&m, OUT);
	assert_true(text_is(FACT_FLOW_APP, "turn"));
	m = made_message(0x0001, 3);
	datagram(&m, OUT);
	assert_false(said(FACT_FLOW_APP));
}

static void channel_data_needs_turn(void **state)
{
	struct made data = channel_data(0x4001, "\x80payload", 8), m;

	(void)state;
	assert_int_equal(datagram(&data, OUT), V_NO);
	m = made_message(0x0001, 1);
	datagram(&m, OUT);
	assert_int_equal(datagram(&data, OUT), V_NO);
	m = channel_bind(2, 0x4001);
	datagram(&m, OUT);
	assert_string_equal(endpoint_of(message_at(0), FACT_TURN_PEER), "203.0.113.7:7000");
	assert_int_equal(number(FACT_TURN_CHANNEL), 0x4001);
	assert_int_equal(datagram(&data, OUT), V_YES);
	assert_int_equal(messages(), 1);
	assert_string_equal(endpoint_of(message_at(0), FACT_PEER), "203.0.113.7:7000");
	assert_int_equal(number(FACT_DATA_OUT_PACKETS), 1);
	assert_int_equal(number(FACT_DATA_OUT_BYTES), 8);
	assert_int_equal(number(FACT_DATA_IN_PACKETS), 0);
	assert_false(said(FACT_TURN_PEER));
	/* Padding may follow, but no more than that. */
	made_put(&data, "\0\0\0", 3);
	assert_int_equal(datagram(&data, IN), V_YES);
	assert_int_equal(number(FACT_DATA_IN_BYTES), 8);
	made_put(&data, "\0", 1);
	assert_int_equal(datagram(&data, IN), V_NO);
	/* A channel whose binding was not seen: somebody behind the relay. */
	data = channel_data(0x4002, "x", 1);
	assert_int_equal(datagram(&data, IN), V_YES);
	assert_string_equal(endpoint_of(message_at(0), FACT_PEER), "0.0.0.0:0");
}

static void totals_are_said_seldom(void **state)
{
	struct made m = channel_bind(1, 0x4001), data = channel_data(0x4001, "\x80" "0123456789", 11);
	unsigned said_times = 0, total = 3000;

	(void)state;
	datagram(&m, OUT);
	for (unsigned i = 0; i < total; i++) {		/* one a millisecond */
		assert_int_equal(datagram(&data, OUT), V_YES);
		if (messages() > 0) {
			said_times++;
			assert_int_equal(number(FACT_DATA_OUT_PACKETS), i + 1);
			assert_int_equal(number(FACT_DATA_OUT_BYTES), 11 * (i + 1));
		}
	}
	assert_int_equal(said_times, 4);		/* the first, the second, then once a second */
	datagram(&data, IN);
	assert_int_equal(messages(), 1);
}

static void nested_checks(void **state)
{
	struct made inner = check(9, "a:b"), m = indication(0x0016, 1, inner.b, inner.n);
	const struct message *n;

	(void)state;
	datagram(&m, OUT);
	assert_int_equal(messages(), 2);
	assert_string_equal(endpoint_of(message_at(0), FACT_TURN_PEER), "203.0.113.7:7000");
	n = message_at(1);
	assert_true(n->nested && message_has(n, FACT_ICE_CHECK) && !message_has(n, FACT_FLOW_APP));
	assert_string_equal(endpoint_of(n, FACT_PEER), "203.0.113.7:7000");
	/* The answer comes by a channel. */
	m = channel_bind(2, 0x4001);
	datagram(&m, OUT);
	inner = success(9);
	made_integrity(&inner);
	m = channel_data(0x4001, inner.b, inner.n);
	assert_int_equal(datagram(&m, IN), V_YES);
	assert_int_equal(messages(), 1);
	n = message_at(0);
	assert_true(n->nested && message_has(n, FACT_ICE_ANSWER) && message_has(n, FACT_TX_MATCHED));
	assert_false(message_has(n, FACT_DATA_IN_PACKETS));
	/* One level only: what is wrapped in what is wrapped stays there. */
	inner = indication(0x0017, 3, m.b, m.n);
	m = indication(0x0017, 4, inner.b, inner.n);
	datagram(&m, IN);
	assert_int_equal(messages(), 2);
	assert_int_equal(facts.n_inner, 0);
}

/* META-DTLS-IN-STUN: a datagram of the flow's own, beside what the message says. */
static void dtls_travels_beside(void **state)
{
	struct made m = made_message(0x0001, 1);

	(void)state;
	made_text(&m, 0x0006, "a:b");
	made_attr(&m, 0xc070, "\x16\xfe\xfd handshake", 13);
	made_integrity(&m);
	made_fingerprint(&m);
	ask(cur_of(m.b, m.n), OUT, 0, false, false, &(struct packet){.payload_len = (uint32_t)m.n});
	assert_int_equal(verdict, V_YES);
	assert_int_equal(facts.n_inner, 1);
	assert_true(facts.inner[0].beside);
	assert_int_equal(facts.inner[0].datagram.left, 13);
	assert_true(cur_starts(&facts.inner[0].datagram, "\x16\xfe\xfd", 3));
	facts.n_inner = 0;
	m = made_message(0x0001, 2);
	made_text(&m, 0x0006, "a:b");
	made_attr(&m, 0xc070, "", 0);			/* it only says that it could */
	datagram(&m, OUT);
	assert_int_equal(facts.n_inner, 0);
}

static void indications_carry_data(void **state)
{
	struct made m = indication(0x0016, 1, "\x80rtp", 4);

	(void)state;
	datagram(&m, OUT);
	assert_int_equal(messages(), 2);
	assert_true(said(FACT_TURN_PEER));
	assert_int_equal(message_uint(message_at(1), FACT_DATA_OUT_BYTES), 4);
	m = indication(0x0016, 2, "\x80rtp", 4);
	datagram(&m, OUT);
	assert_int_equal(messages(), 1);
	assert_true(said(FACT_DATA_OUT_PACKETS) && !said(FACT_TURN_PEER));
	m = indication(0x0016, 3, "\x80rtp", 4);
	assert_int_equal(datagram(&m, OUT), V_YES);
	assert_int_equal(messages(), 0);
	/* Somebody wants to see every message. */
	facts.detail = true;
	m = indication(0x0016, 4, "\x80rtp", 4);
	datagram(&m, OUT);
	assert_int_equal(messages(), 1);
	assert_true(text_is(FACT_DETAIL_METHOD, "SEND") && text_is(FACT_DETAIL_CLASS, "INDICATION"));
	assert_true(text_is(FACT_DETAIL_TRANSACTION, "8485868788898a8b8c8d8e8f"));
	assert_true(text_is(FACT_DETAIL, "XOR-PEER-ADDRESS=203.0.113.7:7000"));
}

static void microsoft_relay(void **state)
{
	struct made m = made_message(0x0003, 1), inner = check(7, "a:b");

	(void)state;
	made_number(&m, 0x000f, 0x72c64bc6);
	datagram(&m, OUT);
	assert_true(said(FACT_TURN_REQUEST) && said(FACT_TURN_SHARED) && text_is(FACT_DIALECT, "ms-turn"));
	m = made_message(0x0103, 1);
	made_number(&m, 0x000f, 0x72c64bc6);
	made_number(&m, 0x000d, 60);
	made_address(&m, 0x0001, 0x3472fa8d, 3480, false);
	made_attr(&m, 0x8020, "\0\1\xc1\xd5\x71\xa7\x6a\x0a", 8);
	datagram(&m, IN);
	assert_string_equal(endpoint_of(message_at(0), FACT_TURN_ALLOCATED), "52.114.250.141:3480");
	assert_string_equal(endpoint_of(message_at(0), FACT_STUN_MAPPED), "80.181.206.72:57543");
	/* Send: the destination stands in 0x0011, not XORed. */
	m = made_message(0x0004, 2);
	made_number(&m, 0x000f, 0x72c64bc6);
	made_address(&m, 0x0011, 0x5d476ecd, 16332, false);
	made_attr_unpadded(&m, 0x0013, inner.b, inner.n);
	datagram(&m, OUT);
	assert_int_equal(messages(), 2);
	assert_string_equal(endpoint_of(message_at(0), FACT_TURN_PEER), "93.71.110.205:16332");
	assert_true(message_at(1)->nested && message_has(message_at(1), FACT_ICE_CHECK));
	assert_string_equal(endpoint_of(message_at(1), FACT_PEER), "93.71.110.205:16332");
	/* Data: a random id instead of the cookie, the source in 0x0012, not XORed. */
	inner = success(7);
	made_integrity(&inner);
	m = made_hex("01150000" "c2d6764f53f1d813305855947dbe126b" "000f000472c64bc6" "001200080001" "3fcc5d476ecd");
	made_attr_unpadded(&m, 0x0013, inner.b, inner.n);
	datagram(&m, IN);
	assert_int_equal(messages(), 2);
	assert_string_equal(endpoint_of(message_at(0), FACT_TURN_PEER), "93.71.110.205:16332");
	assert_true(said(FACT_TURN_SHARED) && !said(FACT_STUN_COOKIELESS));
	assert_true(message_has(message_at(1), FACT_ICE_ANSWER) && message_has(message_at(1), FACT_TX_MATCHED));
	/* An Allocate of lifetime 0 gives it back. */
	m = made_message(0x0003, 3);
	made_number(&m, 0x000f, 0x72c64bc6);
	made_number(&m, 0x000d, 0);
	datagram(&m, OUT);
	assert_true(said(FACT_TURN_CLOSED) && !said(FACT_TURN_REQUEST));
}

static void microsoft_multiplexed(void **state)
{
	struct made inner = check(7, "a:b"), m = made_hex("ff100000" "deaa296708f708fc");

	(void)state;
	datagram(&inner, IN);
	inner = success(7);
	made_integrity(&inner);
	made_put(&m, inner.b, inner.n);
	m.b[2] = (uint8_t)((m.n - 4) >> 8);
	m.b[3] = (uint8_t)(m.n - 4);
	assert_int_equal(datagram(&m, OUT), V_YES);
	assert_int_equal(messages(), 1);
	assert_true(said(FACT_ICE_ANSWER) && said(FACT_TX_MATCHED) && said(FACT_TURN_SHARED));
	assert_true(text_is(STUN_FACT_FRAMING, "ms-mux"));
	m.b[3]++;
	assert_int_equal(datagram(&m, OUT), V_NO);
	m = made_hex("ff100010" "deaa296708f708fc" "8000000000000000");
	assert_int_equal(datagram(&m, OUT), V_NO);
}

static void meta_relay(void **state)
{
	uint8_t token[102] = {0};
	struct made m = made_message(0x0003, 1);

	(void)state;
	made_address(&m, 0x0016, 0x1f0d5630, 3478, true);
	made_attr_unpadded(&m, 0x4000, token, sizeof token);
	assert_int_equal(datagram(&m, OUT), V_YES);
	assert_true(said(FACT_TURN_REQUEST) && text_is(FACT_DIALECT, "meta-relay") && text_is(FACT_FLOW_APP, "turn"));
	assert_int_equal(number(STUN_FACT_UNPADDED), 1);
	assert_int_equal(number(STUN_FACT_META_TOKEN_BYTES), 102);
	m = made_message(0x0103, 1);
	made_address(&m, 0x0020, 0xc6336401, 40000, true);
	made_attr(&m, 0x4002, "\0\0\1\x86\x60\xb8\xc8\x27", 8);
	datagram(&m, IN);
	assert_string_equal(endpoint_of(message_at(0), FACT_TURN_ALLOCATED), "31.13.86.48:3478");
	assert_true(said(FACT_STUN_MAPPED) && said(FACT_TX_MATCHED));
	m = made_message(0x0801, 2);
	made_put(&m, "past the end", 12);
	assert_int_equal(datagram(&m, OUT), V_YES);
	assert_true(said(FACT_TURN_TRAFFIC) && text_is(FACT_DIALECT, "meta-relay"));
	assert_int_equal(number(STUN_FACT_TRAILING), 12);
	/* The 106 bytes of older clients name no relay. */
	setup(NULL);
	m = made_message(0x0003, 1);
	made_attr_unpadded(&m, 0x4000, token, sizeof token);
	assert_int_equal(m.b[3], 106);
	assert_int_equal(datagram(&m, OUT), V_YES);
	m = made_message(0x0103, 1);
	made_attr(&m, 0x4002, "\0\0\1\x86\x60\xb8\xc8\x27", 8);
	datagram(&m, IN);
	assert_string_equal(endpoint_of(message_at(0), FACT_TURN_ALLOCATED), "0.0.0.0:0");
}

static void more_peers_than_room(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 50; i++) {
			struct made m = made_message(0x0016, (uint8_t)i);

			made_address(&m, 0x0012, 0x0a000000 + i, 7000, true);
			made_text(&m, 0x0013, "data");
			assert_int_equal(datagram(&m, OUT), V_YES);
			assert_true(said(FACT_TURN_PEER));
			m = channel_bind((uint8_t)i, 0x4000 + i);
			assert_int_equal(datagram(&m, OUT), V_YES);
		}
	}
}

static void captured_short(void **state)
{
	struct made m = check(1, "a:b");
	struct packet p = {.ip_proto = IPPROTO_UDP, .payload = cur_of(m.b, 40), .payload_len = (uint32_t)m.n, .cut = true};

	(void)state;
	p.ts_ns = now_ns;
	assert_true(stun_dissector.first(&p.payload));
	assert_int_equal(ask(p.payload, OUT, 0, false, false, &p), V_YES);
	assert_true(said(FACT_ICE_CHECK) && text_is(FACT_ICE_USERNAME, "a:b") && !said(FACT_STUN_MALFORMED));
	assert_false(said(FACT_STUN_FINGERPRINT) || said(FACT_ICE_CONTROLLING));
}

/* --- the first bytes --- */

static void first_bytes(void **state)
{
	static const struct { const char *hex; bool first; } cases[] = {
		{RFC5769_REQUEST, true},
		{"000100002112a442534f70436969354a6663317a", true},
		{"0001000060d72164f1ed1cd20c8cf846b3f270f8", true},
		{"01150008c2d6764f53f1d813305855947dbe126b000f000472c64bc6", true},
		{"40010002aaaa", true}, {"40010002aaaa0000", true}, {"40010001aa000000", true}, {"40010002aa", false},
		{"40010002aaaa00000000", false}, {"7fff0000", true}, {"ff100010deaa296708f708fc8000000000000000", true},
		{"ff100011deaa296708f708fc8000000000000000", false}, {"", false}, {"00", false}, {"4001", false}, {"80", false},
		{"160301004a0200004603014285452a", false}, {"0001000160d72164f1ed1cd20c8cf846b3f270f8", false},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct made m = made_hex(cases[i].hex);
		uint8_t *edge = edge_copy(m.b, m.n);
		struct cursor c = cur_of(edge, m.n);

		assert_int_equal(stun_dissector.first(&c), cases[i].first);
		edge_free(edge, m.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, setup)
		T(empty_classic_query), T(classic_query_with_attributes), T(zoom), T(stun_becomes_turn),
		T(channel_data_needs_turn), T(totals_are_said_seldom), T(nested_checks), T(dtls_travels_beside),
		T(indications_carry_data),
		T(microsoft_relay), T(microsoft_multiplexed), T(meta_relay), T(more_peers_than_room), T(captured_short),
		T(first_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
