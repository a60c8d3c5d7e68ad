/* tls_test.c -- the dissector on whole connections: every version, cut anywhere, lost, resumed, one-sided, and no TLS at all. */
#include "tls_flow.h"
#include "../../dissectors/tls_hello.h"
#include "../../dissectors/tls_record.h"

extern const struct dissector tls_dissector;

static struct made window[2];		/* what the dissector left of each direction */
static struct made bytes, message, body;

static int setup(void **state)
{
	(void)state;
	flow_begin();
	window[0].n = window[1].n = 0;
	return 0;
}

static enum verdict give(bool from, const void *more, size_t n, bool gap, bool ended)
{
	struct made *w = &window[from];
	struct input in = {.from_local = from, .stream = true, .gap = gap, .ended = ended};
	uint8_t *edge;
	size_t left, n_edge;

	if (gap)
		w->n = 0;
	put(w, more, n);
	n_edge = w->n;
	edge = edge_copy(w->b, n_edge);
	in.bytes = cur_of(edge, w->n);
	ask_one(&tls_dissector, &in);
	left = in.bytes.left;
	memmove(w->b, w->b + w->n - left, left);
	w->n = left;
	edge_free(edge, n_edge);
	return verdict;
}

static enum verdict send_all(bool from)
{
	enum verdict v = give(from, bytes.b, bytes.n, false, false);

	bytes.n = 0;
	return v;
}

static void add_message(unsigned type)
{
	put_message(&message, type, &body);
	body.n = 0;
}

static void add_record(unsigned version)
{
	put_record(&bytes, TLS_HANDSHAKE, version, message.b, message.n);
	message.n = 0;
}

static void add_hello(void)
{
	put_client_hello(&body, &(struct offer){.version = TLS_1_2, .host = "www.example.org", .alpn = "h2", .suites = {0x1302, 0xc030},
	    .groups = {29, 24}});
	add_message(TLS_CLIENT_HELLO);
	add_record(0x0301);
}

static const char offer[] = "> flow.app_proto == \"tls\", host == \"www.example.org\", host.from == \"tls\", alpn == \"h2\", crypto.offer, "
    "crypto.offer.suites == 0x1302c030, crypto.offer.groups == 0x001d0018";

static void tls_13(void **state)
{
	(void)state;
	add_hello();
	assert_int_equal(send_all(CLIENT), V_YES);
	assert_string_equal(said(), offer);
	put_server_hello(&body, &(struct choice){.version = TLS_1_2, .chosen_version = TLS_1_3, .suite = 0x1302, .group = 24});
	add_message(TLS_SERVER_HELLO);
	add_record(0x0303);
	put_record(&bytes, TLS_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
	assert_int_equal(send_all(SERVER), V_DONE);
	assert_string_equal(said(), "< crypto.protocol == \"TLS\", crypto.version == 772, crypto.suite == 4866, crypto.group == 24");
}

/* RFC 8446, 4.1.4: another ClientHello is wanted; then comes the real choice. */
static void tls_13_retried(void **state)
{
	(void)state;
	add_hello();
	send_all(CLIENT);
	said();
	put_server_hello(&body, &(struct choice){.version = TLS_1_2, .chosen_version = TLS_1_3, .suite = 0x1302, .group = 24, .retry = true});
	add_message(TLS_SERVER_HELLO);
	add_record(0x0303);
	put_record(&bytes, TLS_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
	assert_int_equal(send_all(SERVER), V_YES);
	assert_string_equal(said(), "");
	put_record(&bytes, TLS_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
	add_hello();
	assert_int_equal(send_all(CLIENT), V_YES);
	assert_string_equal(said(), "");
	put_server_hello(&body, &(struct choice){.version = TLS_1_2, .chosen_version = TLS_1_3, .suite = 0x1302, .group = 24, .psk = true});
	add_message(TLS_SERVER_HELLO);
	add_record(0x0303);
	assert_int_equal(send_all(SERVER), V_DONE);
	assert_string_equal(said(), "< crypto.protocol == \"TLS\", crypto.version == 772, crypto.suite == 4866, crypto.group == 24, "
	    "crypto.resumed");
}

static void add_server_flight(unsigned suite, const char *key, const EVP_MD *hash)
{
	put_server_hello(&body, &(struct choice){.version = TLS_1_2, .suite = (uint16_t)suite});
	add_message(TLS_SERVER_HELLO);
	put_chain_of_one(&body, key, hash);
	add_message(TLS_CERTIFICATE);
	put_curve(&body, 23, 0x0403);
	add_message(TLS_SERVER_KEY_EXCHANGE);
	add_message(TLS_SERVER_HELLO_DONE);
}

static const char choice_12[] = "< crypto.protocol == \"TLS\", crypto.version == 771, crypto.suite == 49196, crypto.group == 23, "
    "crypto.signature == 1027, crypto.cert == \"leaf EC-P-384 ECDSA-SHA384\"";

static void tls_12(void **state)
{
	(void)state;
	add_hello();
	send_all(CLIENT);
	said();
	add_server_flight(0xc02c, "P-384", EVP_sha384());
	add_record(0x0303);
	assert_int_equal(send_all(SERVER), V_DONE);
	assert_string_equal(said(), choice_12);
}

static void diffie_hellman(void **state)
{
	(void)state;
	add_hello();
	send_all(CLIENT);
	said();
	put_server_hello(&body, &(struct choice){.version = TLS_1_1, .suite = 0x0039});
	add_message(TLS_SERVER_HELLO);
	put_prime(&body, 128, 0);
	add_message(TLS_SERVER_KEY_EXCHANGE);
	add_message(TLS_SERVER_HELLO_DONE);
	add_record(0x0302);
	assert_int_equal(send_all(SERVER), V_DONE);
	assert_string_equal(said(), "< crypto.protocol == \"TLS\", crypto.version == 770, crypto.suite == 57, crypto.dh_bits == 1024");
}

/* In pieces of every size, records too: the same is said. */
static void in_pieces(void **state)
{
	static struct made client, server;
	static const size_t pieces[] = {1, 2, 3, 7, 40, 100, 536, 1448};

	(void)state;
	add_server_flight(0xc02c, "P-384", EVP_sha384());
	for (unsigned way = 0; way < 2; way++)		/* one record, or many */
		for (unsigned p = 0; p < sizeof pieces / sizeof *pieces; p++) {
			static struct made flight;

			flight = message;
			setup(state);
			message.n = 0;
			add_hello();
			client = bytes;
			bytes.n = 0;
			for (size_t at = 0; at < flight.n; at += way == 0 ? flight.n : 150)
				put_record(&bytes, TLS_HANDSHAKE, 0x0303, flight.b + at, way == 0 ? flight.n : flight.n - at < 150 ? flight.n - at : 150);
			server = bytes;
			bytes.n = 0;
			for (size_t at = 0; at < client.n; at += pieces[p]) {
				size_t n = client.n - at < pieces[p] ? client.n - at : pieces[p];

				assert_int_equal(give(CLIENT, client.b + at, n, false, false), at + n < 11 ? V_MORE : V_YES);
			}
			assert_string_equal(said(), offer);
			for (size_t at = 0; at < server.n; at += pieces[p])
				assert_int_equal(give(SERVER, server.b + at, server.n - at < pieces[p] ? server.n - at : pieces[p], false, false),
				    at + pieces[p] < server.n ? V_YES : V_DONE);
			assert_string_equal(said(), choice_12);
			message = flight;
		}
	message.n = 0;
}

/* A ClientHello in several records: what programs do that hide names. */
static void hello_in_records(void **state)
{
	(void)state;
	put_client_hello(&body, &(struct offer){.version = TLS_1_2, .host = "www.example.org", .alpn = "h2", .suites = {0x1302, 0xc030},
	    .groups = {29, 24}});
	add_message(TLS_CLIENT_HELLO);
	for (size_t at = 0; at < message.n; at += 5)
		put_record(&bytes, TLS_HANDSHAKE, 0x0301, message.b + at, message.n - at < 5 ? message.n - at : 5);
	message.n = 0;
	assert_int_equal(send_all(CLIENT), V_YES);
	assert_string_equal(said(), offer);
}

/* RFC 5246, 7.3: an old session's keys. */
static void resumed(void **state)
{
	(void)state;
	add_hello();
	send_all(CLIENT);
	said();
	put_server_hello(&body, &(struct choice){.version = TLS_1_2, .suite = 0xc030});
	add_message(TLS_SERVER_HELLO);
	put_same(&body, 9, 180);
	add_message(TLS_NEW_SESSION_TICKET);
	add_record(0x0303);
	put_record(&bytes, TLS_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
	put_record(&bytes, TLS_HANDSHAKE, 0x0303, "encrypted, whatever it is", 25);
	assert_int_equal(send_all(SERVER), V_DONE);
	assert_string_equal(said(), "< crypto.protocol == \"TLS\", crypto.version == 771, crypto.suite == 49200, crypto.resumed");
}

static void one_side_only(void **state)
{
	(void)state;
	add_server_flight(0xc02c, "P-384", EVP_sha384());
	add_record(0x0303);
	assert_int_equal(send_all(SERVER), V_DONE);
	assert_int_equal(strncmp(said(), "< flow.app_proto == \"tls\"\n< crypto.protocol", 42), 0);
	/* The client, late: its side brings nothing new. */
	setup(state);
	add_server_flight(0xc02c, "P-384", EVP_sha384());
	message.n -= 4;			/* not done yet */
	add_record(0x0303);
	assert_int_equal(send_all(SERVER), V_YES);
	put_record(&bytes, TLS_HANDSHAKE, 0x0303, "\x10\0\0\2\0\0", 6);
	assert_int_equal(send_all(CLIENT), V_YES);
	assert_string_equal(said(), "< flow.app_proto == \"tls\"");
}

/* What was seen is said where the rest is lost, or never comes. */
static void lost(void **state)
{
	static struct made flight;
	size_t n;

	(void)state;
	for (unsigned way = 0; way < 3; way++) {
		setup(state);
		add_hello();
		send_all(CLIENT);
		said();
		put_server_hello(&body, &(struct choice){.version = TLS_1_2, .suite = 0xc02c});
		add_message(TLS_SERVER_HELLO);
		add_record(0x0303);
		send_all(SERVER);
		add_server_flight(0xc02c, "P-384", EVP_sha384());
		flight = message;
		message.n = 0;
		n = 500;
		if (way == 0)
			assert_int_equal(give(SERVER, flight.b, n, true, false), V_DONE);
		else if (way == 1)
			assert_int_equal(give(SERVER, "", 0, false, true), V_DONE);
		else
			assert_int_equal(give(SERVER, "\x15\3\3\0\2\2\x28", 7, false, false), V_DONE);
		assert_string_equal(said(), "< crypto.protocol == \"TLS\", crypto.version == 771, crypto.suite == 49196");
	}
}

static enum verdict opens(const char *hex)
{
	static uint8_t b[2048];
	size_t n = unhex(hex, b, sizeof b);

	setup(NULL);
	return give(CLIENT, b, n, false, false);
}

static void look_alikes(void **state)
{
	(void)state;
	assert_int_equal(opens("474554202f20485454502f312e310d0a"), V_NO);
	/* SSLv2's form, and programs that only look so. */
	assert_int_equal(opens("80460103010 02d00000010010080030080070 0c006004002008004 00800000040000 05000064"), V_NO);
	/* A record and a message, and then nothing that a hello has. */
	assert_int_equal(opens("160301000a 01000006 0303 01020304"), V_NO);
	/* Something else than a hello. */
	assert_int_equal(opens("1603010004 0e000000"), V_NO);
	assert_int_equal(opens("1703030005 0102030405"), V_NO);
	assert_int_equal(opens("1603010004 0b000000"), V_NO);
	/* A ServerHello answers something else: not claimed. */
	setup(state);
	put_server_hello(&body, &(struct choice){.version = TLS_1_0, .suite = 4});
	add_message(TLS_SERVER_HELLO);
	add_record(0x0301);
	assert_int_equal(give(CLIENT, "\x16\3\1", 3, false, false), V_MORE);	/* it may still become a hello, but is none yet */
	assert_int_equal(send_all(SERVER), V_NO);
	/* The middle of something. */
	setup(state);
	add_hello();
	assert_int_equal(give(CLIENT, bytes.b, bytes.n, true, false), V_NO);
	bytes.n = 0;
}

static void flipped(void **state)
{
	static struct made client, server;

	(void)state;
	add_hello();
	client = bytes;
	bytes.n = 0;
	add_server_flight(0xc02c, "P-256", EVP_sha256());
	add_record(0x0303);
	server = bytes;
	bytes.n = 0;
	for (size_t i = 0; i < (client.n + server.n) * 8; i++) {
		struct made c = client, s = server;

		setup(state);
		*(i / 8 < c.n ? &c.b[i / 8] : &s.b[i / 8 - c.n]) ^= (uint8_t)(1 << i % 8);
		give(CLIENT, c.b, c.n, false, false);
		give(SERVER, s.b, s.n, false, false);
		said();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(tls_13, setup), cmocka_unit_test_setup(tls_13_retried, setup), cmocka_unit_test_setup(tls_12, setup),
		cmocka_unit_test_setup(diffie_hellman, setup), cmocka_unit_test_setup(in_pieces, setup), cmocka_unit_test_setup(hello_in_records, setup),
		cmocka_unit_test_setup(resumed, setup), cmocka_unit_test_setup(one_side_only, setup), cmocka_unit_test_setup(lost, setup),
		cmocka_unit_test_setup(look_alikes, setup), cmocka_unit_test_setup(flipped, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
