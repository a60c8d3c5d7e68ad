/* sip_wire_test.c -- SIP messages: first lines, headers in both their forms, truncations, and what is none. */
#include "../../dissectors/sip_wire.h"
#include "../test.h"

static const char invite[] =
    "INVITE sip:bob@203.0.113.9;transport=udp SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK776\r\n"
    "From: \"A. <L.>\" <sip:alice@example.org;x=y>;tag=1\r\n"
    "To: <sip:bob@example.org>\r\n"
    "Call-ID: a84b4c76e66710@10.0.0.1\r\n"
    "CSeq: 314159 INVITE\r\n"
    "Contact: <sip:alice@10.0.0.1:5062>;expires=60\r\n"
    "Subject: one\r\n"
    " two: three\r\n"
    "User-Agent: Phone/1.0\r\n"
    "Content-Length: 4\r\n"
    "\r\n"
    "v=0\ntrailing";

static struct cursor of(const char *text)
{
	return cur_of(text, strlen(text));
}

static bool same(struct cursor c, const char *want)
{
	return c.left == strlen(want) && cur_starts(&c, want, c.left);
}

static void a_request(void **state)
{
	struct sip_message m;
	char e[ENDPOINT_TEXT];

	(void)state;
	assert_true(sip_parse(&m, of(invite)));
	assert_true(same(m.method, "INVITE"));
	assert_int_equal(m.status, 0);
	assert_true(same(m.call_id, "a84b4c76e66710@10.0.0.1"));
	assert_true(same(m.from, "sip:alice@example.org"));
	assert_true(same(m.to, "sip:bob@example.org"));
	assert_true(same(m.agent, "Phone/1.0"));
	assert_true(same(m.cseq_method, "INVITE"));
	assert_int_equal(m.cseq, 314159);
	assert_string_equal(endpoint_text(&m.contact, e), "10.0.0.1:5062");
	assert_true(m.has_length && same(m.body, "v=0\n"));
	assert_false(m.proxied);
}

static void an_answer_in_short_forms(void **state)
{
	struct sip_message m;

	(void)state;
	assert_true(sip_parse(&m, of("SIP/2.0 180 Ringing\nv: SIP/2.0/TCP a;branch=1\nv: SIP/2.0/TCP b\nf: sip:a@b;tag=3\n"
	    "t: sip:c@[2001:db8::1]:5060\ni: xyz\nCSeq: 7 INVITE\nm: <sip:c@host.example>\nl: 0\n\n")));
	assert_int_equal(m.status, 180);
	assert_true(m.proxied && m.has_length);
	assert_true(same(m.from, "sip:a@b"));
	assert_true(same(m.to, "sip:c@[2001:db8::1]:5060"));
	assert_true(addr_is_unspecified(&m.contact.addr));
	assert_int_equal(m.method.left, 0);
}

static void begins(void **state)
{
	static const struct { const char *text; enum sip_start want; } cases[] = {
		{"INVITE sip:a@b SIP/2.0\r\n", SIP_REQUEST}, {"REGISTER sips:a SIP/2.0\n", SIP_REQUEST},
		{"GET / HTTP/1.1\r\n", SIP_NO}, {"M-SEARCH * HTTP/1.1\r\n", SIP_NO}, {"OPTIONS * RTSP/1.0\r\n", SIP_NO},
		{"SIP/2.0 200 OK\r\n", SIP_ANSWER}, {"SIP/2.0 700 No\r\n", SIP_NO}, {"SIP/2.0 2x0 No\r\n", SIP_NO},
		{"SIP/2.0-200 OK\r\n", SIP_NO}, {"SIP/2.", SIP_PERHAPS}, {"SIP/2.0 20", SIP_PERHAPS}, {"SIP/1.0 200 OK\r\n", SIP_NO},
		{"INVI", SIP_PERHAPS}, {"INVITE sip:a@b SIP/2.0", SIP_PERHAPS}, {"invite sip:a@b SIP/2.0\r\n", SIP_NO},
		{"AB c SIP/2.0\r\n", SIP_NO}, {"ABCDEFGHIJKLMNOPQ c SIP/2.0\r\n", SIP_NO}, {"INVITE sip:\x01@b SIP/2.0\r\n", SIP_NO},
		{"INVITE SIP/2.0\r\n", SIP_NO}, {"INVITE\r\n", SIP_NO}, {"\r\n", SIP_NO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cursor c = of(cases[i].text);

		assert_int_equal(sip_begins(&c), cases[i].want);
	}
}

static void what_lacks_too_much(void **state)
{
	struct sip_message m;

	(void)state;
	assert_false(sip_parse(&m, of("OPTIONS sip:a SIP/2.0\r\n\r\n")));
	assert_false(sip_parse(&m, of("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nCall-ID: 1\r\n\r\n")));
	assert_true(sip_parse(&m, of("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n")));
	/* Lengths that are none. */
	assert_true(sip_parse(&m, of("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
	    "Content-Length: bad\r\n\r\n")));
	assert_false(m.has_length);
	assert_true(sip_parse(&m, of("OPTIONS sip:a SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
	    "Content-Length: 4000000000\r\n\r\n")));
	assert_false(m.has_length);
}

static void truncated_and_flipped(void **state)
{
	struct sip_message m;

	(void)state;
	for (size_t n = 0; n < sizeof invite; n++) {
		uint8_t *edge = edge_copy(invite, n);

		sip_parse(&m, cur_of(edge, n));
		edge_free(edge, n);
	}
	for (size_t at = 0; at < sizeof invite - 1; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			uint8_t *edge = edge_copy(invite, sizeof invite - 1);

			edge[at] ^= (uint8_t)(1u << bit);
			sip_parse(&m, cur_of(edge, sizeof invite - 1));
			edge_free(edge, sizeof invite - 1);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request),
		cmocka_unit_test(an_answer_in_short_forms),
		cmocka_unit_test(begins),
		cmocka_unit_test(what_lacks_too_much),
		cmocka_unit_test(truncated_and_flipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
