/* tls_flight_test.c -- the server's messages one by one; ServerKeyExchange in all its forms; what is said of names. */
#include "tls_flow.h"
#include "../../dissectors/tls_flight.h"

static struct tls_flight flight;
static struct made body;

static int setup(void **state)
{
	(void)state;
	flow_begin();
	flight = (struct tls_flight){0};
	body.n = 0;
	return 0;
}

static enum tls_progress message(unsigned type, bool datagram)
{
	uint8_t *edge = edge_copy(body.b, body.n);
	enum tls_progress p = tls_flight_message(&flight, (uint8_t)type, cur_of(edge, body.n), datagram);

	edge_free(edge, body.n);
	body.n = 0;
	return p;
}

static void hello(uint16_t version, uint16_t suite, bool datagram)
{
	setup(NULL);
	put_server_hello(&body, &(struct choice){.version = version, .suite = suite});
	assert_int_equal(message(TLS_SERVER_HELLO, datagram), TLS_GOES_ON);
}

static void keys(uint16_t version, bool datagram, unsigned scheme)
{
	hello(version, 0xc02b, datagram);
	put_curve(&body, 24, scheme);
	assert_int_equal(message(TLS_SERVER_KEY_EXCHANGE, datagram), TLS_GOES_ON);
	assert_int_equal(flight.group, 24);
	assert_int_equal(flight.dh_bits, 0);
	assert_int_equal(flight.signature, scheme);
	hello(version, 0x009f, datagram);
	put_prime(&body, 384, scheme);
	message(TLS_SERVER_KEY_EXCHANGE, datagram);
	assert_int_equal(flight.group, 0);
	assert_int_equal(flight.dh_bits, 3072);
	assert_int_equal(flight.signature, scheme);
}

static void key_exchanges(void **state)
{
	(void)state;
	keys(TLS_1_2, false, 0x0503);
	keys(TLS_1_1, false, 0);
	keys(TLS_1_0, false, 0);
	keys(DTLS_1_2, true, 0x0804);
	keys(DTLS_1_0, true, 0);
	/* A prime of 6144 bits begins with the byte that says "named curve". */
	hello(TLS_1_2, 0x009f, false);
	put_prime(&body, 768, 0x0401);
	message(TLS_SERVER_KEY_EXCHANGE, false);
	assert_int_equal(flight.dh_bits, 6144);
	/* Anonymous: nobody signs. */
	hello(TLS_1_2, 0xc019, false);
	put_n(&body, 3, 1);
	put_n(&body, 23, 2);
	put_n(&body, 4, 1);
	put_n(&body, 0, 4);
	message(TLS_SERVER_KEY_EXCHANGE, false);
	assert_int_equal(flight.group, 23);
	assert_int_equal(flight.signature, 0);
	/* Neither. */
	hello(TLS_1_2, 0xc02b, false);
	put_text(&body, "\3\0\x17 and something else");
	message(TLS_SERVER_KEY_EXCHANGE, false);
	assert_true(flight.has_keys);
	assert_int_equal(flight.group + flight.dh_bits + flight.signature, 0);
}

static void cut_short(void **state)
{
	struct made whole;

	(void)state;
	put_curve(&body, 23, 0x0403);
	whole = body;
	for (size_t n = 0; n < whole.n; n++) {
		hello(TLS_1_2, 0xc02b, false);
		put(&body, whole.b, n);
		message(TLS_SERVER_KEY_EXCHANGE, false);
		/* Where the signature would begin it may end: then nobody signed. */
		assert_int_equal(flight.group, n == 1 + 2 + 1 + 65 ? 23 : 0);
		assert_int_equal(flight.signature, 0);
	}
}

static void order(void **state)
{
	(void)state;
	assert_int_equal(message(TLS_SERVER_HELLO, false), TLS_STRANGE);
	put_curve(&body, 23, 0x0403);		/* before the hello that says how to read it */
	assert_int_equal(message(TLS_SERVER_KEY_EXCHANGE, false), TLS_GOES_ON);
	assert_int_equal(flight.group, 23);
	assert_int_equal(flight.signature, 0x0403);
	setup(state);
	put_prime(&body, 256, 0);
	message(TLS_SERVER_KEY_EXCHANGE, false);
	assert_int_equal(flight.dh_bits, 2048);
	assert_int_equal(flight.signature, 0);
	assert_int_equal(message(TLS_SERVER_HELLO_DONE, false), TLS_COMPLETE);
	put_n(&body, 0, 1);
	assert_int_equal(message(TLS_SERVER_HELLO_DONE, false), TLS_STRANGE);
	assert_int_equal(message(TLS_FINISHED, false), TLS_STRANGE);
	assert_int_equal(message(TLS_CLIENT_KEY_EXCHANGE, false), TLS_STRANGE);
	assert_int_equal(message(200, false), TLS_STRANGE);
	put_server_hello(&body, &(struct choice){.version = DTLS_1_2, .chosen_version = DTLS_1_3, .suite = 0x1301, .group = 29});
	assert_int_equal(message(TLS_SERVER_HELLO, true), TLS_COMPLETE);
}

static const char *offer(const char *host, const char *alpn)
{
	struct tls_client_hello h;

	setup(NULL);
	put_client_hello(&body, &(struct offer){.version = TLS_1_2, .host = host, .alpn = alpn, .suites = {0x1301}});
	assert_true(tls_client_hello(&h, cur_of(body.b, body.n), false));
	facts_begin(&facts);
	tls_say_offer(&facts, &h, "tls");
	return said();
}

/* What is no name is not said as one. */
static void names(void **state)
{
	char long_name[300];

	(void)state;
	memset(long_name, 'a', sizeof long_name);
	long_name[sizeof long_name - 1] = '\0';
	assert_string_equal(offer("a.example", NULL), "< host == \"a.example\", host.from == \"tls\", crypto.offer, crypto.offer.suites == 0x1301");
	assert_string_equal(offer("a\nb", "stun.turn"), "< alpn == \"stun.turn\", crypto.offer, crypto.offer.suites == 0x1301");
	assert_string_equal(offer("", "\1"), "< crypto.offer, crypto.offer.suites == 0x1301");
	assert_string_equal(offer(long_name, NULL), "< crypto.offer, crypto.offer.suites == 0x1301");
}

static void certificates(void **state)
{
	(void)state;
	flight = (struct tls_flight){.has_hello = true, .version = DTLS_1_2, .suite = 0xc02c, .srtp = 8, .n_certs = 1, .certs_cut = true,
	    .certs = {{.key = CERT_RSA, .bits = 2048, .signature = CERT_SIG_RSA, .hash = CERT_SHA256}}};
	tls_say_choice(&facts, &flight, "DTLS");
	tls_say_certs(&facts, flight.certs, 1, false);
	assert_string_equal(said(), "< crypto.protocol == \"DTLS\", crypto.version == 65277, crypto.suite == 49196, crypto.srtp == 8, "
	    "crypto.cert == \"leaf RSA-2048 RSA-SHA256\", crypto.cert.cut\n< crypto.cert == \"leaf RSA-2048 RSA-SHA256\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(key_exchanges, setup), cmocka_unit_test_setup(cut_short, setup), cmocka_unit_test_setup(order, setup),
		cmocka_unit_test_setup(names, setup), cmocka_unit_test_setup(certificates, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
