/* derive_media_test.c -- where media of calls go: end hosts, servers, and what cannot be told. */
#include "../../../sensor/session/derive_media.h"
#include "../../test.h"

#include <netinet/in.h>
#include <stdio.h>

enum { FAR = FACT_OWN, BY, SIGNALLING, AGENT, AGREED };
enum { PHONE = 0x0a0a000b, OTHER_PHONE = 0x0a0a000c, PROXY = 0xcb00710b, FRIEND = 0xc6336482, NEAR_PROXY = 0xcb007163 };

static void *deriver;
static struct facts in, out;
static uint64_t now_ns, packet;

static int setup(void **state)
{
	static const struct hash_key key = {{1, 2, 3}};

	(void)state;
	deriver = media_deriver.create(&key);
	assert_non_null(deriver);
	now_ns = 1000000000000;
	packet = 0;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	media_deriver.destroy(deriver);
	return 0;
}

/* --- what is said to it --- */

static void begin(uint32_t local, uint16_t port, uint32_t remote, uint16_t remote_port, bool from_local, enum side side)
{
	facts_reset(&in);
	in.header = (struct message){.ts_ns = now_ns, .packet = ++packet, .flow_id = (uint64_t)remote * 65536 + remote_port + port,
	    .local = {addr_v4(local), port}, .remote = {addr_v4(remote), remote_port}, .ip_proto = IPPROTO_UDP,
	    .from_local = from_local, .two_way = true, .side = side};
	facts_begin(&in);
}

static void end(void)
{
	const struct message *m;
	struct reading r;
	size_t at = 0;

	assert_true(facts_next(&in, &at, &m));
	reading_of(&r, m);
	facts_reset(&out);
	out.header = *m;
	out.base = FACT_OWN;
	media_deriver.derive(deriver, &r, now_ns, &out);
	now_ns += 20000000;
}

/* A description, in a flow of the telephone to the proxy, or between others. */
struct place {
	uint32_t at;
	uint16_t port;
	uint32_t contact;		/* 0: none */
	const char *agent, *suite, *medium;
};

static void announce_on(uint32_t local, uint32_t remote, bool from_local, enum side side, struct place p)
{
	struct endpoint at = {addr_v4(p.at), p.port}, contact = {addr_v4(p.contact), 5060};

	begin(local, 5060, remote, 5060, from_local, side);
	fact_text(&in, FACT_TELEPHONY, "sip");
	fact_uint(&in, FACT_CALL, 7);
	fact_endpoint(&in, FACT_SDP_AT, &at);
	fact_text(&in, FACT_SDP_MEDIUM, p.medium != NULL ? p.medium : "audio");
	if (p.contact != 0)
		fact_endpoint(&in, FACT_SDP_SENDER, &contact);
	if (p.agent != NULL)
		fact_text(&in, FACT_SDP_AGENT, p.agent);
	if (p.suite != NULL)
		fact_text(&in, FACT_SDP_CRYPTO, p.suite);
	end();
}

static void announce(bool from_local, struct place p)
{
	announce_on(PHONE, PROXY, from_local, SIDE_BORDER, p);
}

static void media(uint32_t local, uint32_t remote, uint16_t port, bool from_local, const char *what)
{
	begin(local, 4000, remote, port, from_local, SIDE_BORDER);
	fact_text(&in, FACT_MEDIA, what);
	end();
}

static void both_ways(uint32_t remote, uint16_t port)
{
	media(PHONE, remote, port, true, "rtp");
	media(PHONE, remote, port, false, "rtp");
}

/* --- what it says --- */

static bool said(unsigned id, const char *want)
{
	const struct message *m;
	struct fact f;
	size_t at = 0;

	while (facts_next(&out, &at, &m))
		if (message_find(m, id, &f) && (want == NULL || (f.bytes.left == strlen(want) && cur_starts(&f.bytes, want, f.bytes.left))))
			return true;
	return false;
}

static bool silent(void)
{
	return out.used == 0;
}

/* --- calls --- */

static void through_a_proxy(void **state)
{
	(void)state;
	announce(true, (struct place){PHONE, 4000, PHONE, NULL, NULL, NULL});
	announce(false, (struct place){FRIEND, 6000, FRIEND, "Telephone 1.0", NULL, NULL});
	media(PHONE, FRIEND, 6000, true, "rtp");
	assert_true(silent());		/* one way only, so far */
	media(PHONE, FRIEND, 6000, false, "rtp");
	assert_true(said(FAR, "end") && said(SIGNALLING, "sip") && said(AGENT, "Telephone 1.0") && said(BY, NULL));
	media(PHONE, FRIEND, 6000, false, "rtp");
	assert_true(silent());		/* once */
	assert_true(silent());
	/* Reports go to the next port: they are no call of their own. */
	both_ways(FRIEND, 6001);
	assert_true(silent());
	/* A telephone that is in the proxy's network. */
	announce(false, (struct place){NEAR_PROXY, 6000, NEAR_PROXY, "Linphone/3.12", NULL, NULL});
	both_ways(NEAR_PROXY, 6000);
	assert_true(said(FAR, "end") && said(FACT_FLOW_APP, "rtp"));
}

static void with_a_server(void **state)
{
	static const struct place servers[] = {
		{PROXY, 6000, PROXY, NULL, NULL, NULL},			/* who signals */
		{NEAR_PROXY, 6000, NEAR_PROXY, NULL, NULL, NULL},	/* beside it */
		{FRIEND, 6000, PROXY, NULL, NULL, NULL},		/* the exchange speaks for it */
		{FRIEND, 6000, FRIEND, "Asterisk PBX 18", NULL, NULL},
		{FRIEND, 6000, FRIEND, "Cisco-SIPGateway/IOS-15", NULL, NULL},
		{FRIEND, 6000, FRIEND, "FreeSWITCH-mod_sofia", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
		teardown(NULL);
		setup(NULL);
		announce(true, (struct place){PHONE, 4000, PHONE, NULL, NULL, NULL});
		announce(false, servers[i]);
		media(PHONE, servers[i].at, 6000, true, "rtp");
		assert_true(said(FAR, "server"));
	}
}

static void it_cannot_be_told(void **state)
{
	static const struct place places[] = {
		{FRIEND, 6000, 0, NULL, NULL, NULL},			/* nobody says who it is */
		{FRIEND, 6000, 0xc0a80105, NULL, NULL, NULL},		/* a telephone somewhere behind it */
		{FRIEND, 6000, 0xc6336401, "Telephone", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		teardown(NULL);
		setup(NULL);
		announce(false, places[i]);
		media(PHONE, FRIEND, 6000, true, "rtp");
		assert_true(said(FAR, "unknown"));
	}
}

/* An address that serves somebody else is no end host. */
static void a_known_server(void **state)
{
	struct endpoint given = {addr_v4(FRIEND), 50000};

	(void)state;
	for (unsigned what = 0; what < 5; what++) {
		teardown(NULL);
		setup(NULL);
		begin(OTHER_PHONE, 1000, what < 4 ? (uint32_t)FRIEND : (uint32_t)PROXY, 3478, what == 0, SIDE_BORDER);
		if (what == 0)
			fact_text(&in, FACT_TELEPHONY, "sip");
		else if (what == 1)
			fact_flag(&in, FACT_STUN_ANSWER);
		else if (what == 2)
			fact_text(&in, FACT_HOST, "media.example");
		else
			fact_endpoint(&in, FACT_TURN_ALLOCATED, &given);
		end();
		announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, NULL});
		both_ways(FRIEND, 6000);
		assert_false(said(FAR, "end"));
	}
	/* But whoever only sends us a packet makes nobody a server. */
	teardown(NULL);
	setup(NULL);
	begin(OTHER_PHONE, 1000, FRIEND, 5060, false, SIDE_BORDER);
	in.header.two_way = false;
	facts_reset(&in);
	facts_begin(&in);
	fact_text(&in, FACT_TELEPHONY, "sip");
	end();
	announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, NULL});
	both_ways(FRIEND, 6000);
	assert_true(said(FAR, "end"));
}

static void many_call_there(void **state)
{
	(void)state;
	announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, NULL});
	media(OTHER_PHONE, FRIEND, 7000, true, "rtp");
	assert_true(silent());
	media(PHONE, FRIEND, 6000, true, "rtp");
	assert_true(said(FAR, "server"));
}

/* Where checks are exchanged these tell what the far end is. */
static void found_by_checks(void **state)
{
	(void)state;
	announce(false, (struct place){FRIEND, 6000, 0, NULL, NULL, NULL});
	begin(PHONE, 4000, FRIEND, 6000, true, SIDE_BORDER);
	fact_flag(&in, FACT_ICE_CHECK);
	end();
	both_ways(FRIEND, 6000);
	assert_true(silent());
}

static void nobody_announced_it(void **state)
{
	(void)state;
	both_ways(FRIEND, 6000);
	assert_true(silent());
	/* To another host. */
	announce_on(OTHER_PHONE, PROXY, false, SIDE_BORDER, (struct place){FRIEND, 7000, FRIEND, NULL, NULL, NULL});
	both_ways(FRIEND, 7000);
	assert_true(silent());
	/* Too long ago. */
	announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, NULL});
	now_ns += 7200000000000;
	both_ways(FRIEND, 6000);
	assert_true(silent());
}

/* Signalling between others says where the media of an inside host go. */
static void overheard(void **state)
{
	(void)state;
	announce_on(PROXY, FRIEND, false, SIDE_TRANSIT, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, NULL});
	announce_on(PROXY, FRIEND, true, SIDE_TRANSIT, (struct place){PHONE, 4000, PROXY, NULL, NULL, NULL});
	media(PHONE, FRIEND, 6000, true, "rtp");
	assert_true(said(FAR, "server"));
	/* An exchange inside, that hands the call on and leaves the media to the telephones. */
	teardown(NULL);
	setup(NULL);
	announce_on(PHONE, 0x0a0a0001, false, SIDE_INSIDE, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, NULL});
	assert_true(silent());
	both_ways(FRIEND, 6000);
	assert_true(said(FAR, "end"));
}

static void keys_in_signalling(void **state)
{
	(void)state;
	announce(true, (struct place){PHONE, 4000, PHONE, NULL, "AES_CM_128_HMAC_SHA1_80", NULL});
	announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, "AES_256_CM_HMAC_SHA1_80", NULL});
	both_ways(FRIEND, 6000);
	assert_true(said(FACT_CRYPTO_PROTOCOL, "SDES") && said(FACT_CRYPTO_SUITE_NAME, "AES_256_CM_HMAC_SHA1_80"));
	assert_true(said(FACT_CRYPTO_KEY_IN_CLEAR, NULL));
	/* Offered, not chosen. */
	teardown(NULL);
	setup(NULL);
	announce(true, (struct place){PHONE, 4000, PHONE, NULL, "AES_CM_128_HMAC_SHA1_80", NULL});
	announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, NULL});
	both_ways(FRIEND, 6000);
	assert_true(said(FAR, "end") && !said(FACT_CRYPTO_PROTOCOL, NULL));
}

static void keys_in_the_media(void **state)
{
	(void)state;
	media(PHONE, FRIEND, 6000, true, "zrtp");
	media(PHONE, FRIEND, 6000, false, "zrtp");
	media(PHONE, FRIEND, 6000, true, "rtp");
	assert_true(silent());
	media(PHONE, FRIEND, 6000, false, "rtp");
	assert_true(said(AGREED, NULL));
	/* With a server: nothing. */
	teardown(NULL);
	setup(NULL);
	announce(true, (struct place){PHONE, 4000, PHONE, NULL, NULL, NULL});
	media(PHONE, PROXY, 6000, true, "zrtp");
	media(PHONE, PROXY, 6000, false, "zrtp");
	both_ways(PROXY, 6000);
	assert_true(silent());
}

static void totals(uint32_t remote, uint16_t port, uint64_t o, uint64_t i)
{
	begin(PHONE, 4000, remote, port, true, SIDE_BORDER);
	fact_uint(&in, FACT_DATA_OUT_PACKETS, o);
	fact_uint(&in, FACT_DATA_IN_PACKETS, i);
	end();
}

static void a_fax(void **state)
{
	(void)state;
	announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, "audio"});
	totals(FRIEND, 6000, 50, 50);
	assert_true(silent());
	announce(false, (struct place){FRIEND, 6000, FRIEND, NULL, NULL, "image"});
	totals(FRIEND, 6000, 50, 0);
	assert_true(silent());
	totals(FRIEND, 6000, 50, 50);
	assert_true(said(FACT_MEDIA, "t38") && said(FACT_MEDIA_CLASS, "fax") && said(FAR, "end"));
	totals(FRIEND, 6000, 60, 60);
	assert_true(silent());
}

/* More places, ends and streams than there is room for. */
static void crowded(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		announce(false, (struct place){FRIEND + i, 6000, FRIEND + i, NULL, NULL, NULL});
		media(PHONE, 0x01000000 + i, 6000, true, "rtp");
	}
	both_ways(FRIEND + 9999, 6000);
	assert_true(said(FAR, "end"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(through_a_proxy, setup, teardown),
		cmocka_unit_test_setup_teardown(with_a_server, setup, teardown),
		cmocka_unit_test_setup_teardown(it_cannot_be_told, setup, teardown),
		cmocka_unit_test_setup_teardown(a_known_server, setup, teardown),
		cmocka_unit_test_setup_teardown(many_call_there, setup, teardown),
		cmocka_unit_test_setup_teardown(found_by_checks, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_announced_it, setup, teardown),
		cmocka_unit_test_setup_teardown(overheard, setup, teardown),
		cmocka_unit_test_setup_teardown(keys_in_signalling, setup, teardown),
		cmocka_unit_test_setup_teardown(keys_in_the_media, setup, teardown),
		cmocka_unit_test_setup_teardown(a_fax, setup, teardown),
		cmocka_unit_test_setup_teardown(crowded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
