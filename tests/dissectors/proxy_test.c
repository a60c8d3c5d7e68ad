/* proxy_test.c -- what proxies are asked for, in every form; where it begins; what is refused, cut, none of it. */
#include "../test.h"

#include "../../dissectors/dissector.h"

#include <netinet/in.h>
#include <stdio.h>

extern const struct dissector proxy_dissector;

enum { OUT = true, IN = false };

static struct facts facts;
static _Alignas(8) uint8_t memory[1024];
static uint8_t waiting[2][8192];
static size_t waiting_n[2];
static enum verdict verdict;
static struct input in;
static char text[1024];

static int setup(void **state)
{
	(void)state;
	assert_true(proxy_dissector.state_size <= sizeof memory);
	memset(memory, 0, sizeof memory);
	waiting_n[0] = waiting_n[1] = 0;
	return 0;
}

static const char *said(void)
{
	const struct message *m;
	size_t at = 0, n = 0;

	text[0] = '\0';
	while (facts_next(&facts, &at, &m)) {
		struct fact f;
		size_t k = 0;

		while (message_next(m, &k, &f)) {
			char end[ENDPOINT_TEXT];
			const char *name = f.id < FACT_OWN ? fact_def(f.id)->name : proxy_dissector.facts[f.id - FACT_OWN].name;

			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n > 0 ? " " : "", name);
			if (f.type == FACT_BYTES)
				n += (size_t)snprintf(text + n, sizeof text - n, "=%.*s", (int)f.bytes.left, (const char *)f.bytes.at);
			else if (f.type == FACT_ENDPOINT)
				n += (size_t)snprintf(text + n, sizeof text - n, "=%s", endpoint_text(&f.endpoint, end));
		}
	}
	return text;
}

static enum verdict stretch(const void *bytes, size_t n, bool from_local)
{
	static const struct packet p = {.number = 1};
	uint8_t *w = waiting[from_local], *edge;
	size_t mark, shown, *have = &waiting_n[from_local];

	memcpy(w + *have, bytes, n);
	*have += n;
	shown = *have;
	edge = edge_copy(w, shown);
	facts_reset(&facts);
	facts.base = FACT_OWN;
	facts.header = (struct message){.from_local = from_local};
	mark = facts_mark(&facts);
	in = (struct input){.packet = &p, .from_local = from_local, .bytes = cur_of(edge, *have), .stream = true};
	verdict = proxy_dissector.dissect(&in, memory, &facts);
	assert_true(in.bytes.left <= *have);
	memmove(w, w + *have - in.bytes.left, in.bytes.left);
	*have = in.bytes.left;
	if (verdict == V_NO)
		facts_rewind(&facts, mark);
	edge_free(edge, shown);
	return verdict;
}

static enum verdict line(const char *what, bool from_local)
{
	return stretch(what, strlen(what), from_local);
}

static enum verdict hex(const char *what, bool from_local)
{
	uint8_t b[512];

	return stretch(b, unhex(what, b, sizeof b), from_local);
}

static void http(void **state)
{
	(void)state;
	assert_int_equal(line("CONNECT 203.0.113.5:443 HTTP/1.1\r\nHost: x\r\n\r\n", OUT), V_MORE);
	assert_int_equal(line("HTTP/1.1 200 OK\r\nVia: y\r\n\r\n\x16\x03", IN), V_YES);
	assert_string_equal(said(), "proxy=connect proxy.target=203.0.113.5:443");
	assert_true(in.tunnel);
	assert_int_equal(in.tunnel_to.port, 443);
	assert_int_equal(waiting_n[IN], 2);		/* what is inside is not its own */
}

static void http_names(void **state)
{
	(void)state;
	line("CONNECT www.example.org:8443 HTTP/1.0\r\n\r\n", OUT);
	assert_int_equal(line("HTTP/1.0 200 Connection established\r\n\r\n", IN), V_YES);
	assert_string_equal(said(), "proxy=connect proxy.target=0.0.0.0:8443 host=www.example.org host.from=proxy");
	setup(NULL);
	line("CONNECT [2001:db8::5]:443 HTTP/1.0\r\n\r\n", OUT);
	line("HTTP/1.0 200 OK\r\n\r\n", IN);
	assert_string_equal(said(), "proxy=connect proxy.target=[2001:db8::5]:443");
}

/* The client is sure of its case, and the proxy wants a password first. */
static void http_again(void **state)
{
	(void)state;
	line("CONNECT a.example:443 HTTP/1.1\r\n\r\n", OUT);
	assert_int_equal(line("HTTP/1.1 407 Who are you\r\nContent-Length: 3\r\n\r\nno", IN), V_MORE);
	assert_int_equal(line("!", IN), V_MORE);
	assert_int_equal(line("CONNECT a.example:443 HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\nearly", OUT), V_MORE);
	assert_int_equal(waiting_n[OUT], 5);
	assert_int_equal(line("HTTP/1.1 200 OK\r\n\r\n", IN), V_YES);
	assert_null(strstr(said(), "eDp5"));
	assert_int_equal(waiting_n[OUT], 5);
}

static void no_http(void **state)
{
	static const char *const no[] = {"COPY / HTTP/1.1\r\n\r\n", "CONNECT / HTTP/1.1\r\n\r\n", "CONNECT a.example HTTP/1.1\r\n\r\n",
	    "CONNECT a.example:0 HTTP/1.1\r\n\r\n", "CONNECT a.example:99999 HTTP/1.1\r\n\r\n", "CONNECT :443 HTTP/1.1\r\n\r\n",
	    "CONNECT a.example:x HTTP/1.1\r\n\r\n", "CONNECT a.example:443\r\n\r\n"};

	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		setup(state);
		assert_int_equal(line(no[i], OUT), V_NO);
	}
	setup(state);
	line("CONNECT a.example:443 HTTP/1.1\r\n\r\n", OUT);
	assert_int_equal(line("SSH-2.0", IN), V_NO);
}

static void socks4(void **state)
{
	(void)state;
	assert_int_equal(hex("0401 01bb cb007105 626f6200", OUT), V_MORE);
	assert_int_equal(hex("005a 0000 00000000 aa", IN), V_YES);
	assert_string_equal(said(), "proxy=socks4 proxy.target=203.0.113.5:443");
	assert_int_equal(waiting_n[IN], 1);
	setup(NULL);
	hex("0401 0050 00000001 00 612e6578616d706c6500", OUT);	/* 4a */
	assert_int_equal(hex("005a 0000 00000000", IN), V_YES);
	assert_string_equal(said(), "proxy=socks4 proxy.target=0.0.0.0:80 host=a.example host.from=proxy");
	setup(NULL);
	hex("0401 01bb cb007105 00", OUT);
	assert_int_equal(hex("005b 0000 00000000", IN), V_NO);	/* refused */
	setup(NULL);
	assert_int_equal(hex("0402 01bb cb007105 00", OUT), V_NO);	/* BIND */
	setup(NULL);
	assert_int_equal(hex("0401 0000 cb007105 00", OUT), V_NO);
}

static void socks5(void **state)
{
	(void)state;
	assert_int_equal(hex("050100", OUT), V_MORE);
	assert_int_equal(hex("0500", IN), V_MORE);
	assert_int_equal(hex("05010001 cb007105 01bb", OUT), V_MORE);
	assert_int_equal(hex("05000001 00000000 0000", IN), V_YES);
	assert_string_equal(said(), "proxy=socks5 proxy.target=203.0.113.5:443");
	setup(NULL);
	hex("05020002", OUT);
	hex("0502", IN);
	assert_int_equal(hex("0103 626f62 06 736563726574", OUT), V_MORE);
	hex("0100", IN);
	hex("05010003 09 612e6578616d706c65 0050", OUT);
	assert_int_equal(hex("05000004 20010db8000000000000000000000001 0050", IN), V_YES);
	assert_string_equal(said(), "proxy=socks5 proxy.target=0.0.0.0:80 host=a.example host.from=proxy");
}

static void socks5_datagrams(void **state)
{
	(void)state;
	hex("050100", OUT);
	hex("0500", IN);
	hex("05030001 00000000 0000", OUT);
	assert_int_equal(hex("05000001 c6336450 9c40", IN), V_DONE);
	assert_string_equal(said(), "proxy=socks5 proxy.datagrams=198.51.100.80:40000");
	assert_false(in.tunnel);
}

static void no_socks5(void **state)
{
	static const struct {
		const char *steps[5];		/* client, server, ... */
	} rows[] = {
		{{"0500"}}, {{"05ff"}}, {{"050100", "05ff"}}, {{"050100", "0501"}}, {{"050100", "0400"}},
		{{"050102", "0502", "0001610162"}}, {{"050102", "0502", "0101610162", "0101"}},
		{{"050100", "0500", "05020001cb00710501bb"}}, {{"050100", "0500", "05010005cb00710501bb"}},
		{{"050100", "0500", "05010001cb0071050000"}}, {{"050100", "0500", "0501000300 0050"}},
		{{"050100", "0500", "05010001cb00710501bb", "05050001000000000000"}},
		{{"050100", "0500", "05010001cb00710501bb", "04000001000000000000"}},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		setup(state);
		for (size_t k = 0; k < 5 && rows[i].steps[k] != NULL; k++)
			hex(rows[i].steps[k], k % 2 == 0);
		if (i != 1)
			assert_int_equal(verdict, V_NO);
	}
}

/* Byte by byte it is the same. */
static void in_pieces(void **state)
{
	static const char *const steps[] = {"05020002", "0502", "0103626f6206736563726574", "0100", "0501000309612e6578616d706c650050",
	    "05000001000000000000"};
	static const char request[] = "CONNECT 203.0.113.5:443 HTTP/1.1\r\n\r\n", answer[] = "HTTP/1.1 200 OK\r\n\r\n";

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		uint8_t b[64];
		size_t n = unhex(steps[i], b, sizeof b);

		for (size_t k = 0; k < n; k++)
			assert_int_equal(stretch(b + k, 1, i % 2 == 0), i == 5 && k + 1 == n ? V_YES : V_MORE);
	}
	setup(NULL);
	for (size_t k = 0; k + 1 < sizeof request; k++)
		assert_int_equal(stretch(request + k, 1, OUT), V_MORE);
	for (size_t k = 0; k + 1 < sizeof answer; k++)
		assert_int_equal(stretch(answer + k, 1, IN), k + 2 < sizeof answer ? V_MORE : V_YES);
}

static void lost_bytes(void **state)
{
	static const struct packet p = {.number = 1};
	struct input gap = {.packet = &p, .bytes = cur_of("CONNECT", 7), .stream = true, .gap = true};

	(void)state;
	assert_int_equal(proxy_dissector.dissect(&gap, memory, &facts), V_NO);
}

static enum verdict datagram(const char *what, bool nested)
{
	static const struct packet p = {.number = 1};
	uint8_t b[512], *edge;
	size_t n = unhex(what, b, sizeof b);
	struct cursor c;

	edge = edge_copy(b, n);
	c = cur_of(edge, n);
	facts_reset(&facts);
	facts.header = (struct message){.packet = 1};
	facts.n_inner = 0;
	in = (struct input){.packet = &p, .bytes = c, .nested = nested};
	verdict = proxy_dissector.first(&c) ? proxy_dissector.dissect(&in, memory, &facts) : V_NO;
	edge_free(edge, n);
	return verdict;
}

static void datagrams(void **state)
{
	char end[ENDPOINT_TEXT];

	(void)state;
	assert_int_equal(datagram("00000001 cb007105 9c41 616263", false), V_YES);
	assert_int_equal(facts.n_inner, 1);
	assert_int_equal(facts.inner[0].datagram.left, 3);
	assert_string_equal(endpoint_text(&facts.inner[0].peer, end), "203.0.113.5:40001");
	assert_true(in.tunnel);
	assert_int_equal(facts.used, 0);
	assert_int_equal(datagram("00000003 09 612e6578616d706c65 0050 61", false), V_YES);
	assert_string_equal(endpoint_text(&facts.inner[0].peer, end), "0.0.0.0:80");
	assert_int_equal(datagram("00000004 20010db8000000000000000000000001 0050 61", false), V_YES);
	assert_string_equal(endpoint_text(&facts.inner[0].peer, end), "[2001:db8::1]:80");
}

static void no_datagrams(void **state)
{
	static const char *const no[] = {"00000001cb0071059c41", "00000101cb0071059c4161", "00010001cb0071059c4161", "00000002cb0071059c4161",
	    "00000001cb007105000061", "00000001000000009c4161", "00000001e00000019c4161", "0000000300005061", "0000000309612e6578616d70",
	    "0000000420010db8000000000000000000000001", ""};

	(void)state;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		assert_int_equal(datagram(no[i], false), V_NO);
		assert_int_equal(facts.n_inner, 0);
	}
	assert_int_equal(datagram("00000001cb0071059c4161", true), V_NO);	/* in a relay's message */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(http, setup), cmocka_unit_test_setup(http_names, setup), cmocka_unit_test_setup(http_again, setup),
		cmocka_unit_test_setup(no_http, setup), cmocka_unit_test_setup(socks4, setup), cmocka_unit_test_setup(socks5, setup),
		cmocka_unit_test_setup(socks5_datagrams, setup), cmocka_unit_test_setup(no_socks5, setup),
		cmocka_unit_test_setup(in_pieces, setup), cmocka_unit_test_setup(lost_bytes, setup),
		cmocka_unit_test_setup(datagrams, setup), cmocka_unit_test_setup(no_datagrams, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
