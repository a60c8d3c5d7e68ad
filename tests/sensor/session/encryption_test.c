/* encryption_test.c -- the verdict on a call's encryption comes with its alert: from before the call was known, from another path, from
 * behind a relay; bounded. */
#include "../../test.h"

#include "../../../sensor/config/config.h"
#include "../../../sensor/crypto/profile.h"
#include "../../../sensor/session/correlator.h"

#include <stdio.h>

struct told {
	unsigned n;
	struct event_alert alert;	/* the last one */
};

static struct crypto_profile *profile;
static struct counts counts;
static struct facts facts;
static struct correlator *c;
static struct told told;
static uint64_t now_ns, packet;

static bool sink(void *ctx, const struct event *e)
{
	(void)ctx;
	if (e->type != EVENT_ALERT)
		return true;
	told.n++;
	told.alert = e->alert;
	return true;
}

static void begin_with(uint32_t legs)
{
	struct mistakes m = {.to = stderr};
	struct settings s;

	settings_defaults(&s);
	settings_decide(&s, false, false);
	s.session.legs = legs;
	told.n = 0;
	now_ns = 1767323045000000000;
	packet = 0;
	c = correlator_new(&s, NULL, &counts, sink, NULL);
	if (profile == NULL)
		profile = crypto_profile_load("config/crypto/nzism3.9.yaml", &m);
	correlator_use_profile(c, profile);
}

static int setup(void **state)
{
	(void)state;
	begin_with(1024);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	correlator_free(c);
	return 0;
}

/* A flow by the port of its far end. */
static void message(uint16_t port, bool from_local, bool nested)
{
	facts_reset(&facts);
	now_ns += 10000000;
	facts.header = (struct message){.ts_ns = now_ns, .packet = ++packet, .flow_id = port, .flow_start_ns = now_ns, .ip_proto = 17,
	    .local = {addr_v4(0x0a000001), 5000}, .remote = {addr_v4(0xcb007105), port}, .from_local = from_local, .local_first = true,
	    .nested = nested, .two_way = true};
	facts.peer = (struct endpoint){addr_v4(0xc6336401), 7000};
	facts_begin(&facts);
}

static void give(void)
{
	correlator_facts(c, &facts);
}

static void checks(uint16_t port)
{
	static const struct {
		bool out;
		unsigned fact;
	} steps[] = {{true, FACT_ICE_CHECK}, {false, FACT_ICE_ANSWER}, {false, FACT_ICE_CHECK}, {true, FACT_ICE_ANSWER}};

	for (unsigned i = 0; i < 4; i++) {
		message(port, steps[i].out, false);
		fact_flag(&facts, steps[i].fact);
		if (steps[i].fact == FACT_ICE_CHECK)
			fact_text(&facts, FACT_ICE_USERNAME, steps[i].out ? "far:near" : "near:far");
		else
			fact_flag(&facts, FACT_TX_MATCHED);
		give();
	}
}

static void data(uint16_t port)
{
	message(port, true, false);
	fact_uint(&facts, FACT_DATA_OUT_PACKETS, 50);
	fact_uint(&facts, FACT_DATA_IN_PACKETS, 50);
	give();
}

static void handshake(uint16_t port, uint16_t suite, bool nested, const char *protocol)
{
	message(port, false, nested);
	fact_text(&facts, FACT_CRYPTO_PROTOCOL, protocol);
	fact_uint(&facts, FACT_CRYPTO_VERSION, 0xfefd);
	fact_uint(&facts, FACT_CRYPTO_SUITE, suite);
	fact_uint(&facts, FACT_CRYPTO_GROUP, 24);
	fact_uint(&facts, FACT_CRYPTO_SIGNATURE, 0x0503);
	fact_text(&facts, FACT_CRYPTO_CERT, "leaf EC-P-384 ECDSA-SHA384");
	give();
}

static const struct event_crypto *verdict(enum kind kind)
{
	correlator_finish(c);
	assert_int_equal(told.n, 1);
	assert_int_equal(told.alert.kind, kind);
	return &told.alert.crypto;
}

static void with_the_alert(void **state)
{
	(void)state;
	checks(6000);
	handshake(6000, 0xc02c, false, "DTLS");
	data(6000);
	assert_int_equal(verdict(KIND_HOLE_PUNCH)->result, CRYPTO_PASS);
	assert_string_equal(told.alert.crypto.profile, "nzism3.9");
	assert_string_equal(told.alert.crypto.protocol, "DTLS 1.2");
}

/* The handshake may come before anything says that the flow matters. */
static void from_before(void **state)
{
	(void)state;
	handshake(6000, 0xc02b, false, "DTLS");
	checks(6000);
	data(6000);
	assert_int_equal(verdict(KIND_HOLE_PUNCH)->result, CRYPTO_FAIL);
}

/* It began on another path than the media took in the end. */
static void from_another_path(void **state)
{
	(void)state;
	checks(6000);
	handshake(6000, 0xc02c, false, "DTLS");
	checks(6001);
	data(6001);
	assert_int_equal(verdict(KIND_HOLE_PUNCH)->result, CRYPTO_PASS);
	assert_int_equal(told.alert.peer.port, 6001);
}

/* But what a TLS connection of the session shows says nothing about its media. */
static void not_from_tls(void **state)
{
	(void)state;
	checks(6000);
	handshake(6001, 0xc02c, false, "TLS");
	checks(6001);
	handshake(6001, 0xc02c, false, "TLS");
	data(6000);
	assert_int_equal(verdict(KIND_HOLE_PUNCH)->result, CRYPTO_UNKNOWN);
	assert_string_equal(told.alert.crypto.reasons[0], "key-exchange-not-visible");
}

static void keys_out_of_sight(void **state)
{
	(void)state;
	checks(6000);
	data(6000);
	message(6000, true, false);
	fact_text(&facts, FACT_MEDIA_PROTECTION, "srtp");
	give();
	assert_int_equal(verdict(KIND_HOLE_PUNCH)->result, CRYPTO_UNKNOWN);
	assert_string_equal(told.alert.crypto.protocol, "SRTP");
}

/* Nothing but checks: there is nothing to be encrypted yet. */
static void nothing_yet(void **state)
{
	(void)state;
	checks(6000);
	assert_int_equal(verdict(KIND_HOLE_PUNCH)->result, CRYPTO_NONE);
}

static void behind_a_relay(void **state)
{
	struct endpoint given = {addr_v4(0xcb007105), 50000};

	(void)state;
	message(3478, true, false);
	fact_flag(&facts, FACT_TURN_REQUEST);
	give();
	message(3478, false, false);
	fact_endpoint(&facts, FACT_TURN_ALLOCATED, &given);
	fact_flag(&facts, FACT_TX_MATCHED);
	give();
	handshake(3478, 0xc02c, true, "DTLS");
	assert_int_equal(verdict(KIND_TURN_RELAY)->result, CRYPTO_PASS);
}

/* A flood of TLS connections pushes out none of a call's. */
static void flood(void **state)
{
	(void)state;
	correlator_free(c);
	begin_with(128);
	checks(6000);
	handshake(6000, 0xc02c, false, "DTLS");
	for (uint16_t port = 10000; port < 12000; port++)
		handshake(port, 0xc02b, false, "TLS");
	data(6000);
	assert_int_equal(verdict(KIND_HOLE_PUNCH)->result, CRYPTO_PASS);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(with_the_alert), T(from_before), T(from_another_path), T(not_from_tls), T(keys_out_of_sight), T(nothing_yet),
		T(behind_a_relay), T(flood),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	crypto_profile_free(profile);
	return failed;
}
