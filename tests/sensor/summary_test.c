/* summary_test.c -- the table: what it says, how wide it is, that it is the same twice and bounded. */
#include "../test.h"

#include <stdio.h>

#include "../../sensor/summary.h"
#include "event/sample.h"

static char text[65536];

static void print(const struct summary *s, const struct counts *c)
{
	FILE *f = fmemopen(text, sizeof text, "w");

	assert_non_null(f);
	summary_print(s, f, c, SAMPLE_NS - 252000000000ULL, SAMPLE_NS);
	fclose(f);
}

static void want(const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("no \"%s\" in:\n%s", what, text);
}

static void want_not(const char *what)
{
	if (strstr(text, what) != NULL)
		fail_msg("\"%s\" in:\n%s", what, text);
}

/* In characters, not bytes. */
static size_t widest(void)
{
	size_t most = 0, n = 0;

	for (const char *p = text; *p != '\0'; p++) {
		n = *p == '\n' ? 0 : n + ((*p & 0xc0) != 0x80);
		most = n > most ? n : most;
	}
	return most;
}

static void nothing(void **state)
{
	struct summary *s = summary_new();
	struct counts c = {0};

	(void)state;
	c.n[COUNT_PACKETS] = 1234567;
	c.n[COUNT_BYTES] = 89000000;
	c.n[COUNT_FLOWS] = 42;
	print(s, &c);
	want("1,234,567 packets, 89.0 MB, in 42 flows\n");
	want("2026-01-02 02:59:53 to 2026-01-02 03:04:05 UTC, 4 min 12 s of traffic\n");
	want("Nothing found");
	want_not("guessed");
	want_not("Not used");
	c.n[COUNT_DECODE_NOT_IP] = 7;
	c.n[COUNT_FLOW_GUESSED] = 12;
	want_not("both ends are inside");
	c.n[COUNT_FLOW_INSIDE] = 3;
	c.n[COUNT_FLOWS] = 1;
	print(s, &c);
	want("in 1 flow\n");
	want("3 of the flows: both ends are inside, so they are not looked at, but for what concerns\n");
	want("12 of the flows: neither end is in the private space, so inside was guessed");
	want("decode.not_ip");
	want_not("decode.truncated");
	memset(&c, 0, sizeof c);
	print(s, &c);
	want("0 packets");
	want_not("guessed");
	summary_free(s);
}

static void everything(void **state)
{
	struct summary *s = summary_new();
	static char again[sizeof text];
	static struct event e;
	struct counts c = {0};

	(void)state;
	c.n[COUNT_PACKETS] = 1;
	for (unsigned i = 0; i < COUNT_N; i++)
		c.n[i] = 123456789012ULL;
	for (unsigned k = 1; k < KIND_N; k++) {
		sample_alert(&e, (enum kind)k);
		if (k <= 2)
			sample_crypto(&e.alert);
		if (k == 2)
			e.alert.crypto.n_reasons = 1;
		summary_event(s, &e);
	}
	sample_alert(&e, KIND_HOLE_PUNCH);
	e.alert.update = true;
	summary_event(s, &e);
	e.alert.update = false;
	e.alert.local = sample_at("2001:db8:1111:2222:3333:4444:5555:6666", 1);
	memset(e.alert.app, 0xff, sizeof e.alert.app - 1);
	memcpy(e.alert.app, "\xc3\xa9\x1b[2J", 6);
	summary_event(s, &e);
	sample_alert(&e, KIND_HOLE_PUNCH);
	e.alert.local = sample_at("10.1.0.11", 1);
	strcpy(e.alert.host_name, "pc-1");
	strcpy(e.alert.peer_org, "An Organisation With A Long Name That Goes On And On\x1b[2J");
	summary_event(s, &e);
	sample_flow(&e);
	summary_event(s, &e);
	print(s, &c);
	want("  hole-punch                 3  1         P2P hole punched: direct path to an outside peer\n");
	want("  conference                 1  3         ");
	want("  10.1.0.10                      13  1        ");
	want("  10.1.0.11 (pc-1)                1  1        ");
	want("  203.0.113.77 (An Organisation With A Long Name That Go");
	want("  2001:db8:1111:2222:3333:4444:5555:6666\n");
	want("WhatsApp");
	want("\nEncryption, by nzism3.9      alerts\n  fail                            2\n    AES-128                       2\n    X25519                        1\n");
	want_not("\x1b");
	if (widest() > 100)
		fail_msg("%zu wide:\n%s", widest(), text);
	memcpy(again, text, sizeof text);
	print(s, &c);
	*strstr(again, "looked at") = *strstr(text, "looked at") = '\0';	/* the only line with our own clock in it */
	assert_string_equal(again, text);
	summary_free(s);
}

/* More hosts than there is room for: counted together, the table goes on working. */
static void too_many_hosts(void **state)
{
	struct summary *s = summary_new();
	static struct event e;
	struct counts c = {0};
	unsigned shown = 0, more = 0;
	unsigned long others = 0;
	const char *p;

	(void)state;
	c.n[COUNT_PACKETS] = 1;
	sample_alert(&e, KIND_HOLE_PUNCH);
	e.alert.has_peer = false;
	e.alert.n_peers = 0;
	for (uint32_t i = 0; i < 10000; i++) {
		e.alert.local.addr = addr_v4(0x0a000000 + i);
		summary_event(s, &e);
	}
	print(s, &c);
	p = strstr(text, "Inside hosts");
	while ((p = strstr(p, "\n  10.")) != NULL)
		p++, shown++;
	assert_int_equal(shown, 10);
	assert_int_equal(sscanf(strstr(text, "  and "), "  and %u more\n  and %lu alerts of others", &more, &others), 2);
	assert_int_equal(shown + more + others, 10000);
	summary_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing), cmocka_unit_test(everything), cmocka_unit_test(too_many_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
