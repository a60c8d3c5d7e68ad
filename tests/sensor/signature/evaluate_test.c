/* evaluate_test.c -- what each expression holds for: by way of the index, and again after it was printed. */
#include "made.h"

#include "../../../sensor/signature/evaluate.h"

struct expected {
	const char *when;
	bool holds;
};

static void check(const struct expected *want, const struct facts *f)
{
	for (; want->when != NULL; want++)
		if (holds(want->when, f) != want->holds)
			fail_msg("%s: %s", want->when, want->holds ? "does not hold" : "holds");
}

static void numbers(void **state)
{
	struct facts *f = message_new();
	static const struct expected want[] = {
		{"stun.error", true}, {"stun.error == 401", true}, {"stun.error == 0x191", true}, {"stun.error == 400", false},
		{"stun.error != 401", false}, {"stun.error != 400", true}, {"stun.error in (400, 401)", true},
		{"stun.error in (1, 400..402)", true}, {"stun.error in (402..499)", false}, {"stun.error == 400..499", true},
		{"stun.error < 401", false}, {"stun.error <= 401", true}, {"stun.error > 400", true}, {"stun.error >= 402", false},
		{"not stun.error == 400 and stun.error", true}, {"stun.error + 1 == 402", true}, {"stun.error == local.port - 49599", true},
		{"tx.rtt_us == 18446744073709551615", true}, {"tx.rtt_us > stun.error", true}, {"tx.rtt_us + 1 > 5", true},
		{"turn.refused != 4", false}, {"turn.refused", false}, {"not turn.refused and stun.error", true},
		{"stun.error == turn.refused", false}, {"turn.lifetime == 2", true}, {"turn.lifetime == 1", true}, {"turn.lifetime == 3", false},
		{"local.port == 50000 and stun.error", true}, {"remote.port in (1..3477) and stun.error", false},
		{"remote in (203.0.113.0/24, 2001:db8::/32) and stun.error", true}, {"remote == 203.0.113.1:3478 and stun.error", true},
		{"remote == 203.0.113.1:3479 and stun.error", false}, {"remote != 203.0.113.0/24 and stun.error", false},
		{NULL, false}
	};

	(void)state;
	fact_uint(f, FACT_STUN_ERROR, 401);
	fact_uint(f, FACT_TX_RTT_US, UINT64_MAX);
	fact_uint(f, FACT_TURN_LIFETIME, 1);	/* twice: any may fit */
	fact_uint(f, FACT_TURN_LIFETIME, 2);
	check(want, f);
	free(f);
}

static void bytes(void **state)
{
	struct facts *f = message_new();
	static const struct expected want[] = {
		{"host", true}, {"host == \"Media.Example.org\"", true}, {"host == \"media.example.org\"", false},
		{"host ~ \"media.example.org\"", true}, {"host ~ \"*.example.org\"", true}, {"host ~ \"*.EXAMPLE.org\"", true},
		{"host ~ \".example.org\"", true}, {"host ~ \".media.example.org\"", true}, {"host ~ \"*.media.example.org\"", false},
		{"host ~ \".dia.example.org\"", false}, {"host ~ \"*.org\"", true}, {"host ~ \"me*.example.???\"", true},
		{"host ~ \"*example*\"", true}, {"host ~ \"*\"", true}, {"host ~ \"*.net\"", false}, {"host ~ (\"*.net\", \"*.org\")", true},
		{"host in (\"a\", \"Media.Example.org\")", true}, {"host != \"a\"", true}, {"host ^= \"Media\"", true},
		{"host ^= \"Media.Example.or\"", true}, {"host ^= \"media\"", false}, {"host ^= (\"x\", \"Me\")", true},
		{"host[0:5] == \"Media\"", true}, {"host[-3:3] == \"org\"", true}, {"host[-3:] == \"org\"", true}, {"host[-3:] != \"org\"", false},
		{"host[-40:] != \"org\"", false}, {"host[15:3] != \"org\"", false}, {"host[6:] ~ \"EXAMPLE.*\"", true}, {"len(host) == 17", true},
		{"host[6:] ^= \"Exam\"", true}, {"host[0:2] in (\"Me\", \"Yo\")", true},
		{"stun.software == 0x00ff22", true}, {"stun.software == \"\\x00\\xff\\x22\"", true}, {"stun.software ^= 0x00", true},
		{"stun.software[0:2] & 0x00f0 == 0x00f0", true}, {"stun.software[0:2] & 0x01f0 != 0x00f0", false},
		{"stun.software[1:1] & 0x0f in (0x01, 0x0f)", true}, {"be16(stun.software, 0) == 255", true}, {"le16(stun.software, 0) == 0xff00", true},
		{"be24(stun.software, 0) == 0xff22", true}, {"be32(stun.software, 0) >= 0", false}, {"be8(stun.software, -1) == 0x22", true},
		{"be16(stun.software, -4) == 0", false}, {"stun.realm == \"\"", true}, {"len(stun.realm) == 0", true},
		{"proto == \"udp\" and host", true}, {"proto == \"tcp\" and host", false}, {"proto and host", true},
		{NULL, false}
	};

	(void)state;
	fact_text(f, FACT_HOST, "Media.Example.org");
	fact_bytes(f, FACT_SOFTWARE, cur_of("\0\xff\"", 3));
	fact_text(f, FACT_REALM, "");
	check(want, f);
	free(f);
}

static void endpoints(void **state)
{
	struct facts *f = message_new();
	static const struct expected want[] = {
		{"turn.peer", true}, {"turn.peer == 198.51.100.7:5000", true}, {"turn.peer == 198.51.100.7", true},
		{"turn.peer == 198.51.100.7:5001", false}, {"turn.peer == 198.51.100.0/24", true}, {"turn.peer == 192.0.2.1:9", true},
		{"turn.peer in (10.0.0.0/8, 192.0.2.0/24)", true}, {"turn.peer == 10.0.0.0/8", false}, {"turn.peer != 198.51.100.7", true},
		{"turn.peer.port == 9", true}, {"turn.peer.port == 10", false}, {"turn.peer.port in (1..10)", true},
		{"stun.mapped == [2001:db8::7]:1", true}, {"stun.mapped == 2001:db8::/32", true}, {"stun.mapped == 2001:db8::7", true},
		{"stun.mapped == \"[2001:db8::7]:1\"", true}, {"stun.mapped == ::/0 and not stun.mapped == 0.0.0.0/0", true},
		{"turn.peer == 0.0.0.0/0", true}, {"stun.mapped.port < turn.peer.port", true},
		{NULL, false}
	};

	(void)state;
	say_endpoint(f, FACT_TURN_PEER, "198.51.100.7", 5000);
	say_endpoint(f, FACT_TURN_PEER, "192.0.2.1", 9);
	say_endpoint(f, FACT_STUN_MAPPED, "2001:db8::7", 1);
	check(want, f);
	free(f);
}

static void logic(void **state)
{
	struct facts *f = message_new();
	static const struct expected want[] = {
		{"stun.query", true}, {"stun.query and stun.answer", false}, {"stun.query or stun.answer", true},
		{"stun.query and not stun.answer", true}, {"stun.query and (stun.answer or stun.behaviour)", true},
		{"(stun.query or stun.answer) and stun.answer", false}, {"stun.query or stun.answer and stun.indication", true},
		{"not not stun.query and stun.query", true}, {"stun.query and not (stun.behaviour and two-way)", false},
		{"stun.query and outgoing", false}, {"stun.query and not opened", true}, {"stun.query and two-way", true},
		{"stun.query and nested", false}, {"stun.query and not (nested or opened)", true},
		{NULL, false}
	};

	(void)state;
	fact_flag(f, FACT_STUN_QUERY);
	fact_flag(f, FACT_STUN_BEHAVIOUR);
	check(want, f);
	free(f);
}

/* `payload` as the worker says it. */
static void payloads(void **state)
{
	struct facts *f = message_new();
	static const struct expected want[] = {
		{"payload ^= 0x0102", true}, {"payload ^= 0x01020c", false}, {"payload[2:2] == 0x0008", true}, {"payload[4:4] == \"abcd\"", true},
		{"be16(payload, 2) == payload.len - 4 and payload ^= 0x01", true}, {"be16(payload, 2) == payload.len and payload ^= 0x01", false},
		{"payload.len == 12", true}, {"payload.len == 13", false}, {"payload[0:1] & 0xf0 == 0x00 and payload.len == 12", true},
		{"payload[8:4] == 0x00000000", true}, {"payload[8:5] == 0x0000000000", false}, {"payload == 0x010200086162636400000000", true}, {"payload == 0x0102", false},
		{"payload == 0x010200086162636400000000 or payload.len == 12", true}, {"payload ~ \"*ABCD*\" and payload ^= 0x01", true},
		{NULL, false}
	};

	(void)state;
	fact_bytes(f, FACT_PAYLOAD, cur_of("\1\2\0\10abcd\0\0\0\0", 12));
	fact_uint(f, FACT_PAYLOAD_LEN, 12);
	check(want, f);
	free(f);
}

/* What explain prints can be written into a signature as it stands. */
static void a_fact_as_it_is_printed_holds(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
		{"", 0}, {"plain", 5}, {"a \"quoted\" \\ 'one'", 18}, {"\0\1\2", 3}, {"K\xc3\xb6nigsberg", 11}, {"\xff\xfe", 2}, {"\xc2\x85", 2}, {"\x7f", 1},
		{"GET / HTTP/1.1\r\n\t\0", 18}, {"r\\\"\rnn\ntt", 9}, {"abc\xff", 4},
	};
	char text[700], many[FACT_BYTES_MAX];
	struct facts *f = message_new();
	struct fact fact;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		fact_bytes(f, FACT_SOFTWARE, cur_of(rows[i].bytes, rows[i].n));
	memset(many, 'a', sizeof many);
	fact_bytes(f, FACT_REALM, cur_of(many, sizeof many));
	many[700] = '\1';
	fact_bytes(f, FACT_REALM, cur_of(many, sizeof many));
	for (unsigned i = 0; i + 1 < sizeof many; i += 2)
		memcpy(many + i, "\xc3\xb6", 2);
	fact_bytes(f, FACT_REALM, cur_of(many, sizeof many));
	fact_uint(f, FACT_TX_RTT_US, UINT64_MAX);
	say_endpoint(f, FACT_STUN_MAPPED, "2001:db8::7", 1);
	say_endpoint(f, FACT_TURN_PEER, "192.0.2.1", 65535);
	say_endpoint(f, FACT_TURN_ALLOCATED, "0.0.0.0", 0);
	fact_flag(f, FACT_STUN_QUERY);
	while (message_next(message_of(f), &at, &fact))
		for (size_t room = 64; room <= sizeof text; room += 53) {
			fact_print(&fact, text, room);
			if (!holds(text, f))
				fail_msg("%s: does not hold", text);
		}
	free(f);
}

static bool glob(const char *pattern, const char *text)
{
	uint8_t *p = edge_copy(pattern, strlen(pattern)), *t = edge_copy(text, strlen(text));
	bool fits = glob_fits(cur_of(p, strlen(pattern)), cur_of(t, strlen(text)));

	edge_free(p, strlen(pattern));
	edge_free(t, strlen(text));
	return fits;
}

static void globs(void **state)
{
	char many[FACT_BYTES_MAX + 1];

	(void)state;
	assert_true(glob("", "") && glob("*", "") && glob("***", "") && !glob("?", "") && !glob("", "a"));
	assert_true(glob("a*b*c", "aXbXbc") && !glob("a*b*c", "aXbXb") && glob("*a", "aaa") && glob("a?c", "abc") && !glob("a?c", "ac"));
	assert_true(glob(".a.b", "A.b") && glob(".a.b", "x.y.a.B") && !glob(".a.b", "xa.b") && !glob(".a.b", "b") && !glob(".a.b", ""));
	assert_true(glob("*.a.b", "x.a.b") && !glob("*.a.b", "a.b") && glob("*.a.b", ".a.b"));
	memset(many, 'a', sizeof many);
	many[sizeof many - 1] = '\0';
	assert_false(glob("*a*a*a*a*a*a*a*b", many));		/* and soon */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers), cmocka_unit_test(bytes), cmocka_unit_test(endpoints),
		cmocka_unit_test(logic), cmocka_unit_test(payloads), cmocka_unit_test(globs),
		cmocka_unit_test(a_fact_as_it_is_printed_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
