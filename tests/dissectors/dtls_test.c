/* dtls_test.c -- the dissector on whole handshakes: 1.0 to 1.3, in fragments, out of order, lost, sent again, resumed, begun
 * anew, nested, and look-alikes. */
#include "tls_flow.h"
#include "../../dissectors/tls_hello.h"
#include "../../dissectors/tls_record.h"

extern const struct dissector dtls_dissector;

static struct made bytes, message, body;
static bool nested, kept;		/* kept: the dissector has a state of the flow, and is shown everything */

static int setup(void **state)
{
	(void)state;
	flow_begin();
	bytes.n = message.n = body.n = 0;
	nested = kept = false;
	return 0;
}

/* --- making --- */

static void put_dtls_record(struct made *m, unsigned type, unsigned version, unsigned epoch, const void *b, size_t n)
{
	put_n(m, type, 1);
	put_n(m, version, 2);
	put_n(m, epoch, 2);
	put_n(m, 9, 6);
	put_n(m, n, 2);
	put(m, b, n);
}

static void put_fragment(struct made *m, unsigned type, unsigned number, const struct made *whole, size_t from, size_t to)
{
	put_n(m, type, 1);
	put_n(m, whole->n, 3);
	put_n(m, number, 2);
	put_n(m, from, 3);
	put_n(m, to - from, 3);
	put(m, whole->b + from, to - from);
}

/* The body is a message of its own, in a record of its own. */
static void add(unsigned type, unsigned number, unsigned version)
{
	put_fragment(&message, type, number, &body, 0, body.n);
	put_dtls_record(&bytes, TLS_HANDSHAKE, version, 0, message.b, message.n);
	body.n = message.n = 0;
}

static enum verdict show(bool from)
{
	uint8_t *edge = edge_copy(bytes.b, bytes.n);
	struct input in = {.from_local = from, .bytes = cur_of(edge, bytes.n), .nested = nested};
	enum verdict v = V_NO;

	if (dtls_dissector.first(&in.bytes) || kept)
		v = ask_one(&dtls_dissector, &in);
	if (v == V_NO)
		memset(memory, 0, dtls_dissector.state_size);
	kept = v != V_NO;
	edge_free(edge, bytes.n);
	bytes.n = 0;
	return v;
}

static const struct offer call = {.version = DTLS_1_2, .datagram = true, .suites = {0xc02b, 0xc02f}, .groups = {29, 23}, .srtp = {7, 1}};

static void add_client_hello(const char *cookie, unsigned number)
{
	struct offer o = call;

	o.cookie = cookie;
	put_client_hello(&body, &o);
	add(TLS_CLIENT_HELLO, number, DTLS_1_0);
}

static void add_server_flight(uint16_t version, uint16_t suite, uint16_t srtp, unsigned scheme, unsigned number)
{
	put_server_hello(&body, &(struct choice){.version = version, .suite = suite, .srtp = srtp});
	add(TLS_SERVER_HELLO, number, version);
	put_chain_of_one(&body, "P-256", EVP_sha256());
	add(TLS_CERTIFICATE, number + 1, version);
	put_curve(&body, 23, scheme);
	add(TLS_SERVER_KEY_EXCHANGE, number + 2, version);
	put_text(&body, "whatever it asks for");
	add(TLS_CERTIFICATE_REQUEST, number + 3, version);
	add(TLS_SERVER_HELLO_DONE, number + 4, version);
}

static const char offer[] = "> flow.app_proto == \"dtls\", crypto.offer, crypto.offer.suites == 0xc02bc02f, crypto.offer.groups == 0x001d0017, "
    "crypto.offer.srtp == 0x00070001";
static const char choice_12[] = "< crypto.protocol == \"DTLS\", crypto.version == 65277, crypto.suite == 49195, crypto.group == 23, "
    "crypto.srtp == 7, crypto.signature == 1027, crypto.cert == \"leaf EC-P-256 ECDSA-SHA256\"";

/* --- handshakes --- */

static void dtls_12(void **state)
{
	(void)state;
	add_client_hello(NULL, 0);
	assert_int_equal(show(CLIENT), V_YES);
	assert_string_equal(said(), offer);
	add_server_flight(DTLS_1_2, 0xc02b, 7, 0x0403, 0);
	assert_int_equal(show(SERVER), V_YES);
	assert_string_equal(said(), choice_12);
	put_chain_of_one(&body, "RSA", EVP_sha256());
	add(TLS_CERTIFICATE, 1, DTLS_1_2);
	put_same(&body, 1, 66);
	add(TLS_CLIENT_KEY_EXCHANGE, 2, DTLS_1_2);
	put_dtls_record(&bytes, TLS_CHANGE_CIPHER_SPEC, DTLS_1_2, 0, "\1", 1);
	put_dtls_record(&bytes, TLS_HANDSHAKE, DTLS_1_2, 1, "encrypted", 9);
	assert_int_equal(show(CLIENT), V_YES);
	assert_string_equal(said(), "> crypto.cert == \"leaf RSA-2048 RSA-SHA256\"");
	put_dtls_record(&bytes, TLS_CHANGE_CIPHER_SPEC, DTLS_1_2, 0, "\1", 1);
	put_dtls_record(&bytes, TLS_HANDSHAKE, DTLS_1_2, 1, "encrypted", 9);
	assert_int_equal(show(SERVER), V_YES);
	assert_string_equal(said(), "");
}

static void dtls_10_with_cookie(void **state)
{
	(void)state;
	add_client_hello(NULL, 0);
	assert_int_equal(show(CLIENT), V_YES);
	assert_string_equal(said(), offer);
	put_n(&body, DTLS_1_0, 2);
	put_n(&body, 6, 1);
	put_text(&body, "cookie");
	add(TLS_HELLO_VERIFY_REQUEST, 0, DTLS_1_0);
	assert_int_equal(show(SERVER), V_YES);
	add_client_hello("cookie", 1);
	assert_int_equal(show(CLIENT), V_YES);
	assert_string_equal(said(), "");		/* it says the same again */
	add_server_flight(DTLS_1_0, 0xc00a, 1, 0, 1);
	assert_int_equal(show(SERVER), V_YES);
	assert_string_equal(said(), "< crypto.protocol == \"DTLS\", crypto.version == 65279, crypto.suite == 49162, crypto.group == 23, "
	    "crypto.srtp == 1, crypto.cert == \"leaf EC-P-256 ECDSA-SHA256\"");
}

/* Post-quantum keys: the ClientHello takes two datagrams, either of which may come first. */
static void dtls_13(void **state)
{
	static struct made hello;
	struct offer o = call;

	o.versions[0] = DTLS_1_3;
	o.versions[1] = DTLS_1_2;
	o.groups[0] = 0x11ec;
	o.padding = 1300;
	(void)state;
	for (unsigned first = 0; first < 2; first++) {
		setup(state);
		hello.n = 0;
		put_client_hello(&hello, &o);
		for (unsigned i = 0; i < 2; i++) {
			bool head = i == first;

			put_fragment(&message, TLS_CLIENT_HELLO, 0, &hello, head ? 0 : 1100, head ? 1100 : hello.n);
			put_dtls_record(&bytes, TLS_HANDSHAKE, DTLS_1_2, 0, message.b, message.n);
			message.n = 0;
			assert_int_equal(show(CLIENT), i == 0 ? V_MORE : V_YES);
			if (i == 0)
				assert_string_equal(said(), "");
		}
		assert_string_equal(said(), "> flow.app_proto == \"dtls\", crypto.offer, crypto.offer.suites == 0xc02bc02f, "
		    "crypto.offer.groups == 0x11ec0017, crypto.offer.srtp == 0x00070001");
		put_server_hello(&body, &(struct choice){.version = DTLS_1_2, .chosen_version = DTLS_1_3, .suite = 0x1302, .group = 0x11ec});
		add(TLS_SERVER_HELLO, 0, DTLS_1_2);
		put_text(&bytes, "\x2e\x01\x02\x03" "and what is encrypted");
		assert_int_equal(show(SERVER), V_YES);
		assert_string_equal(said(), "< crypto.protocol == \"DTLS\", crypto.version == 65276, crypto.suite == 4866, crypto.group == 4588");
	}
}

/* Everything in small fragments, in every order of datagrams: the same is said. */
static void in_fragments(void **state)
{
	static struct made whole[5], datagrams[64];
	static const uint8_t types[] = {TLS_SERVER_HELLO, TLS_CERTIFICATE, TLS_SERVER_KEY_EXCHANGE, TLS_CERTIFICATE_REQUEST, TLS_SERVER_HELLO_DONE};
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		whole[i].n = 0;
	put_server_hello(&whole[0], &(struct choice){.version = DTLS_1_2, .suite = 0xc02b, .srtp = 7});
	put_chain_of_one(&whole[1], "P-256", EVP_sha256());
	put_curve(&whole[2], 23, 0x0403);
	put_text(&whole[3], "whatever");
	for (unsigned i = 0; i < 5; i++)
		for (size_t at = 0; at == 0 || at < whole[i].n; at += 100) {
			size_t to = at + 100 < whole[i].n ? at + 100 : whole[i].n;

			datagrams[n].n = message.n = 0;
			put_fragment(&message, types[i], i, &whole[i], at, to);
			put_dtls_record(&datagrams[n++], TLS_HANDSHAKE, DTLS_1_2, 0, message.b, message.n);
		}
	message.n = 0;
	for (unsigned order = 0; order < 3; order++) {
		setup(state);
		add_client_hello(NULL, 0);
		show(CLIENT);
		said();
		for (unsigned i = 0; i < n; i++) {
			unsigned k = order == 0 ? i : order == 1 ? n - 1 - i : i < n - 1 && i % 2 == 0 && i + 1 < n ? i + 1 : i % 2 != 0 ? i - 1 : i;

			bytes = datagrams[k];
			show(SERVER);
		}
		assert_string_equal(said(), choice_12);
	}
}

/* The end of the server's flight is lost, but its client saw it and goes on: what was seen is said, and that it is not all. */
static void lost(void **state)
{
	static struct made chain;

	(void)state;
	add_client_hello(NULL, 0);
	show(CLIENT);
	said();
	put_server_hello(&body, &(struct choice){.version = DTLS_1_2, .suite = 0xc02b, .srtp = 7});
	add(TLS_SERVER_HELLO, 0, DTLS_1_2);
	chain.n = 0;
	put_chain_of_one(&chain, "P-256", EVP_sha256());
	put_fragment(&message, TLS_CERTIFICATE, 1, &chain, 0, 200);
	put_dtls_record(&bytes, TLS_HANDSHAKE, DTLS_1_2, 0, message.b, message.n);
	message.n = 0;
	show(SERVER);
	assert_string_equal(said(), "");
	put_same(&body, 1, 66);
	add(TLS_CLIENT_KEY_EXCHANGE, 1, DTLS_1_2);
	show(CLIENT);
	assert_string_equal(said(), "> crypto.protocol == \"DTLS\", crypto.version == 65277, crypto.suite == 49195, crypto.srtp == 7, crypto.cert.cut");
}

static void resumed(void **state)
{
	(void)state;
	add_client_hello(NULL, 0);
	show(CLIENT);
	said();
	put_server_hello(&body, &(struct choice){.version = DTLS_1_2, .suite = 0xc02c});
	add(TLS_SERVER_HELLO, 0, DTLS_1_2);
	put_dtls_record(&bytes, TLS_CHANGE_CIPHER_SPEC, DTLS_1_2, 0, "\1", 1);
	put_dtls_record(&bytes, TLS_HANDSHAKE, DTLS_1_2, 1, "encrypted", 9);
	assert_int_equal(show(SERVER), V_YES);
	assert_string_equal(said(), "< crypto.protocol == \"DTLS\", crypto.version == 65277, crypto.suite == 49196, crypto.resumed");
}

static void sent_again_and_anew(void **state)
{
	struct offer other = call;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		add_client_hello(NULL, 0);
		show(CLIENT);
		assert_string_equal(said(), i == 0 ? offer : "");
	}
	for (unsigned i = 0; i < 2; i++) {
		add_server_flight(DTLS_1_2, 0xc02b, 7, 0x0403, 0);
		show(SERVER);
		assert_string_equal(said(), i == 0 ? choice_12 : "");
	}
	/* The media end at another machine now: a new handshake on the same path. */
	other.suites[0] = 0xc02c;
	put_client_hello(&body, &other);
	memset(body.b + 2, 0x77, 32);
	add(TLS_CLIENT_HELLO, 0, DTLS_1_0);
	show(CLIENT);
	assert_non_null(strstr(said(), "crypto.offer.suites == 0xc02cc02f"));
	put_server_hello(&body, &(struct choice){.version = DTLS_1_2, .chosen_version = DTLS_1_3, .suite = 0x1302, .group = 24});
	add(TLS_SERVER_HELLO, 0, DTLS_1_2);
	show(SERVER);
	assert_string_equal(said(), "< crypto.protocol == \"DTLS\", crypto.version == 65276, crypto.suite == 4866, crypto.group == 24");
}

static void one_side_only(void **state)
{
	(void)state;
	add_server_flight(DTLS_1_2, 0xc02b, 7, 0x0403, 0);
	assert_int_equal(show(SERVER), V_YES);
	said();
	assert_int_equal(verdict, V_YES);
	/* The server's side first, the client's hello late. */
	setup(state);
	add_server_flight(DTLS_1_2, 0xc02b, 7, 0x0403, 0);
	show(SERVER);
	assert_int_equal(strncmp(said(), "< flow.app_proto == \"dtls\"\n< crypto.protocol", 44), 0);
}

/* In a relay's message it says nothing about the flow's own protocol. */
static void in_a_relay(void **state)
{
	(void)state;
	nested = true;
	add_client_hello(NULL, 0);
	assert_int_equal(show(CLIENT), V_YES);
	assert_int_equal(strncmp(said(), "> peer ==", 9), 0);
	assert_null(strstr(text, "flow.app_proto"));
	assert_non_null(strstr(text, "crypto.offer"));
}

static void data(void **state)
{
	char kilobyte[1024] = "x";

	(void)state;
	/* Before a handshake nothing is DTLS. */
	put_dtls_record(&bytes, TLS_APPLICATION_DATA, DTLS_1_2, 1, kilobyte, sizeof kilobyte);
	assert_int_equal(show(CLIENT), V_NO);
	put_text(&bytes, "\x2e whatever");
	assert_int_equal(show(CLIENT), V_NO);
	add_client_hello(NULL, 0);
	show(CLIENT);
	add_server_flight(DTLS_1_2, 0xc02b, 7, 0x0403, 0);
	show(SERVER);
	said();
	for (unsigned i = 0; i < 1024; i++) {
		put_dtls_record(&bytes, TLS_APPLICATION_DATA, DTLS_1_2, 1, kilobyte, sizeof kilobyte);
		assert_int_equal(show(SERVER), V_YES);
		if (i == 63)
			assert_string_equal(said(), "< dtls.data_out == 0, dtls.data_in == 65536");
		else if (i == 1023)
			assert_string_equal(said(), "< dtls.data_out == 0, dtls.data_in == 1048576");
		else
			assert_string_equal(said(), "");
	}
	put(&bytes, "\x2e\1\2\3", 4);
	put(&bytes, kilobyte, sizeof kilobyte);
	assert_int_equal(show(CLIENT), V_YES);		/* DTLS 1.3's header */
	assert_int_equal(show(SERVER), V_MORE);		/* nothing at all: what is known is kept */
}

static enum verdict opens(const char *hex)
{
	setup(NULL);
	bytes.n = unhex(hex, bytes.b, sizeof bytes.b);
	return show(CLIENT);
}

static void look_alikes(void **state)
{
	(void)state;
	assert_int_equal(opens("16fefd 0000 000000000000 000c 0e0000000000000000000000"), V_MORE);	/* a "done" of nothing: it proves nothing */
	assert_string_equal(said(), "");
	assert_int_equal(opens("16fefd 0000 000000000000 0010 01000004000000000000000401020304"), V_NO);	/* no hello */
	assert_int_equal(opens("16fefd 0001 000000000000 0010 01000004000000000000000401020304"), V_NO);	/* encrypted */
	assert_int_equal(opens("16fefd 0000 000000000000 0020 01000004000000000000000401020304"), V_NO);	/* cut */
	assert_int_equal(opens("160303 0000 000000000000 0010 01000004000000000000000401020304"), V_NO);
	assert_int_equal(opens("16fefd 0000 000000000000 0010 63000004000000000000000401020304"), V_MORE);	/* who speaks is not known */
	assert_int_equal(opens("17fefd 0001 000000000000 0004 01020304"), V_NO);
	assert_int_equal(opens("20212223"), V_NO);
	/* Fragments without an end: patience has one. */
	setup(state);
	for (unsigned i = 0; i < 64; i++) {
		struct made part = {.n = 4000};

		put_fragment(&message, TLS_CLIENT_HELLO, i % 32, &part, i * 7, i * 7 + 5);
		put_dtls_record(&bytes, TLS_HANDSHAKE, DTLS_1_2, 0, message.b, message.n);
		message.n = 0;
		assert_int_equal(show(i % 2), V_MORE);
	}
	assert_string_equal(said(), "");
}

static void cut_and_flipped(void **state)
{
	static struct made client, server;

	(void)state;
	add_client_hello(NULL, 0);
	client = bytes;
	bytes.n = 0;
	add_server_flight(DTLS_1_2, 0xc02b, 7, 0x0403, 0);
	server = bytes;
	for (size_t n = 0; n <= server.n; n++) {
		setup(state);
		bytes = client;
		show(CLIENT);
		bytes = server;
		bytes.n = n;
		show(SERVER);
		said();
	}
	for (size_t i = 0; i < (client.n + server.n) * 8; i++) {
		setup(state);
		for (unsigned k = 0; k < 2; k++) {
			bytes = k == 0 ? client : server;
			if (k == 0 && i / 8 < client.n)
				bytes.b[i / 8] ^= (uint8_t)(1 << i % 8);
			else if (k == 1 && i / 8 >= client.n)
				bytes.b[i / 8 - client.n] ^= (uint8_t)(1 << i % 8);
			show(k == 0 ? CLIENT : SERVER);
		}
		said();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(dtls_12, setup), cmocka_unit_test_setup(dtls_10_with_cookie, setup), cmocka_unit_test_setup(dtls_13, setup),
		cmocka_unit_test_setup(in_fragments, setup), cmocka_unit_test_setup(lost, setup), cmocka_unit_test_setup(resumed, setup),
		cmocka_unit_test_setup(sent_again_and_anew, setup), cmocka_unit_test_setup(one_side_only, setup),
		cmocka_unit_test_setup(in_a_relay, setup), cmocka_unit_test_setup(data, setup), cmocka_unit_test_setup(look_alikes, setup),
		cmocka_unit_test_setup(cut_and_flipped, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
