/* tls_hello_test.c -- what hellos offer and choose; every truncation, every flipped byte. */
#include "../../dissectors/tls_hello.h"
#include "tls_make.h"

static struct made made;

static int setup(void **state)
{
	(void)state;
	made.n = 0;
	return 0;
}

static struct cursor bytes(void)
{
	return cur_of(made.b, made.n);
}

static bool text_is(struct cursor c, const char *want)
{
	return c.left == strlen(want) && cur_starts(&c, want, strlen(want));
}

static const struct offer browser = {.version = TLS_1_2, .host = "www.example.org", .alpn = "h2", .suites = {0x1301, 0xc02b},
    .groups = {0x11ec, 29, 23}, .versions = {0x0a0a, 0x0304, 0x0303}, .padding = 16};
static const struct offer call = {.version = DTLS_1_2, .datagram = true, .suites = {0xc02b, 0xc02f}, .groups = {29, 23},
    .srtp = {7, 8, 1}, .cookie = "cookie"};

static void client(void **state)
{
	struct tls_client_hello h;

	(void)state;
	put_client_hello(&made, &browser);
	assert_true(tls_client_hello(&h, bytes(), false));
	assert_int_equal(h.version, TLS_1_3);
	assert_true(text_is(h.host, "www.example.org"));
	assert_int_equal(h.suites.left, 4);
	assert_int_equal(cur_peek_u16(&h.suites, 2), 0xc02b);
	assert_int_equal(h.groups.left, 6);
	assert_int_equal(cur_peek_u16(&h.groups, 0), 0x11ec);
	assert_int_equal(h.srtp.left, 0);
	assert_false(h.psk);
}

static void client_of_dtls(void **state)
{
	struct tls_client_hello h;

	(void)state;
	put_client_hello(&made, &call);
	assert_true(tls_client_hello(&h, bytes(), true));
	assert_int_equal(h.version, DTLS_1_2);
	assert_true(text_is(h.cookie, "cookie"));
	assert_int_equal(h.srtp.left, 6);
	assert_int_equal(cur_peek_u16(&h.srtp, 0), 7);
	assert_int_equal(h.host.left, 0);
	assert_false(tls_client_hello(&h, bytes(), false));	/* it is no TLS */
}

static void versions(void **state)
{
	struct tls_client_hello h;
	struct offer o = call;

	(void)state;
	o.versions[0] = DTLS_1_2;
	o.versions[1] = DTLS_1_3;
	put_client_hello(&made, &o);
	assert_true(tls_client_hello(&h, bytes(), true));
	assert_int_equal(h.version, DTLS_1_3);
	made.n = 0;
	o.versions[0] = 0x5a5a;		/* nothing but GREASE: the old field counts */
	o.versions[1] = 0;
	put_client_hello(&made, &o);
	assert_true(tls_client_hello(&h, bytes(), true));
	assert_int_equal(h.version, DTLS_1_2);
	assert_true(tls_version_known(0x0300, false) && tls_version_known(0x0304, false));
	assert_false(tls_version_known(0x0305, false) || tls_version_known(0x02ff, false) || tls_version_known(0xfefd, false));
	assert_true(tls_version_known(0x0100, true) && tls_version_known(0xfeff, true));
	assert_false(tls_version_known(0xfefe, true) || tls_version_known(0x0303, true));
	assert_true(tls_is_13(DTLS_1_3) && tls_is_13(TLS_1_3) && !tls_is_13(TLS_1_2) && !tls_is_13(DTLS_1_2));
}

/* RFC 5246 lets a hello end before its extensions. */
static void without_extensions(void **state)
{
	static const uint8_t head[] = {3, 1};
	struct tls_client_hello h;
	struct tls_server_hello s;

	(void)state;
	put(&made, head, 2);
	put_same(&made, 1, 32);
	put_n(&made, 0, 1);
	put_n(&made, 2, 2);
	put_n(&made, 0x0035, 2);
	put_n(&made, 0x0100, 2);
	assert_true(tls_client_hello(&h, bytes(), false));
	assert_int_equal(h.version, TLS_1_0);
	made.n = 0;
	put_server_hello(&made, &(struct choice){.version = TLS_1_0, .suite = 0x0035});
	assert_int_equal(made.n, 38);
	assert_true(tls_server_hello(&s, bytes(), false));
	assert_int_equal(s.suite, 0x0035);
	assert_int_equal(s.version, TLS_1_0);
}

static void server(void **state)
{
	struct tls_server_hello h;

	(void)state;
	put_server_hello(&made, &(struct choice){.version = TLS_1_2, .chosen_version = TLS_1_3, .suite = 0x1302, .group = 24, .psk = true});
	assert_true(tls_server_hello(&h, bytes(), false));
	assert_int_equal(h.version, TLS_1_3);
	assert_int_equal(h.suite, 0x1302);
	assert_int_equal(h.group, 24);
	assert_true(h.psk && !h.retry);
	made.n = 0;
	put_server_hello(&made, &(struct choice){.version = DTLS_1_2, .suite = 0xc02b, .srtp = 8});
	assert_true(tls_server_hello(&h, bytes(), true));
	assert_int_equal(h.srtp, 8);
	made.n = 0;
	put_server_hello(&made, &(struct choice){.version = TLS_1_2, .chosen_version = TLS_1_3, .suite = 0x1301, .group = 23, .retry = true});
	assert_true(tls_server_hello(&h, bytes(), false));
	assert_true(h.retry);
	assert_int_equal(h.group, 23);
}

static void alpn(void **state)
{
	struct cursor list = cur_of("\2h2\10http/1.1\5ab", 15), name;

	(void)state;
	assert_true(tls_alpn_next(&list, &name) && text_is(name, "h2"));
	assert_true(tls_alpn_next(&list, &name) && text_is(name, "http/1.1"));
	assert_false(tls_alpn_next(&list, &name));
	assert_false(tls_alpn_next(&list, &name));
}

/* A hello is one whole, or none: no beginning of it passes, and no read goes past the end. */
static void cut_short(void **state)
{
	struct tls_client_hello h;
	struct tls_server_hello s;

	(void)state;
	put_client_hello(&made, &browser);
	for (size_t n = 0; n < made.n; n++) {
		uint8_t *edge = edge_copy(made.b, n);

		/* Where extensions would begin it may end (RFC 5246); one byte more, and it may not. */
		assert_int_equal(tls_client_hello(&h, cur_of(edge, n), false), n == 2 + 32 + 1 + 2 + 4 + 2);
		edge_free(edge, n);
	}
	made.n = 0;
	put_server_hello(&made, &(struct choice){.version = TLS_1_2, .chosen_version = TLS_1_3, .suite = 0x1302, .group = 24});
	for (size_t n = 0; n < made.n; n++) {
		uint8_t *edge = edge_copy(made.b, n);

		assert_int_equal(tls_server_hello(&s, cur_of(edge, n), false), n == 38);
		edge_free(edge, n);
	}
}

static void flipped(void **state)
{
	struct tls_client_hello h;
	struct tls_server_hello s;
	const struct offer *offers[] = {&browser, &call};

	(void)state;
	for (unsigned k = 0; k < 2; k++) {
		made.n = 0;
		put_client_hello(&made, offers[k]);
		for (size_t i = 0; i < made.n * 8; i++) {
			uint8_t *edge = edge_copy(made.b, made.n);

			edge[i / 8] ^= (uint8_t)(1 << i % 8);
			if (tls_client_hello(&h, cur_of(edge, made.n), offers[k]->datagram))
				assert_true(h.suites.left + h.groups.left + h.srtp.left + h.host.left + h.alpn.left < made.n);
			tls_server_hello(&s, cur_of(edge, made.n), offers[k]->datagram);
			edge_free(edge, made.n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(client, setup), cmocka_unit_test_setup(client_of_dtls, setup), cmocka_unit_test_setup(versions, setup),
		cmocka_unit_test_setup(without_extensions, setup), cmocka_unit_test_setup(server, setup), cmocka_unit_test_setup(alpn, setup),
		cmocka_unit_test_setup(cut_short, setup), cmocka_unit_test_setup(flipped, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
