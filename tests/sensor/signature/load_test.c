/* load_test.c -- what is wrong with a file of signatures is said: all of it, each at its line, with what was meant. */
#include "made.h"

static void says(const char *text, const char *wanted)
{
	char *said = mistakes_of(text);

	assert_string_equal(said, wanted);
	free(said);
}

/* Of one expression: what stands behind its place. */
static void expression_says(const char *when, const char *wanted)
{
	char *text = entries((const char *const[]){when, NULL}), *said = mistakes_of(text);
	static const char place[] = "test:1: evidence[0].when: ";

	if (strncmp(said, place, sizeof place - 1) != 0 || strncmp(said + sizeof place - 1, wanted, strlen(wanted)) != 0 ||
	    said[sizeof place - 1 + strlen(wanted)] != '\n')
		fail_msg("%s\nsaid:   %swanted: %s", when, said, wanted);
	free(text);
	free(said);
}

static void every_mistake_at_its_line(void **state)
{
	(void)state;
	says("", "");
	says("# nothing\n", "");
	says("a: b\n", "test:1: must be a list of signatures, each beginning with `- `\n");
	says("- app: X\n"
	    "  titel: y\n"
	    "  kind: voipapp\n"
	    "  evidence:\n"
	    "    - {when: 'stun.qery', weight: 10, far: srver}\n"
	    "    - {when: 'stun.error == \"x\"', weight: 101}\n"
	    "- foo\n",
	    "test:2: titel: unknown key; did you mean title?\n"
	    "test:3: kind: 'voipapp' is not one of voip-app, skype, nat-traversal, p2p-filesharing, p2p-media, voip-server, relay-tunnel; "
	    "did you mean voip-app?\n"
	    "test:1: sid: is missing\n"
	    "test:1: title: is missing\n"
	    "test:5: evidence[0].far: 'srver' is not one of unsaid, server, relay, peer; did you mean server?\n"
	    "test:5: evidence[0].when: at character 1: unknown fact stun.qery; did you mean stun.query?\n"
	    "test:6: evidence[1].weight: '101' is out of range: 1 to 100\n"
	    "test:6: evidence[1].when: at character 15: a number is compared with text\n"
	    "test:7: is a single value, but must be a map of keys\n"
	    "test:7: sid: is missing\n"
	    "test:7: title: is missing\n"
	    "test:7: evidence: is missing\n");
}

static void what_keys_say_together(void **state)
{
	(void)state;
	says("- {sid: 9190000, title: t, app: X, evidence: [{when: stun.query, weight: 49}]}\n",
	    "test:1: name: the weights add up to 49, and 50 are wanted: it never names X\n");
	says("- {sid: 9190000, title: t, alert: 90, evidence: [{when: stun.query, weight: 49}, {when: stun.answer, weight: 40}]}\n",
	    "test:1: alert: the weights add up to 89: it never alerts\n");
	says("- {sid: 9190000, title: t, evidence: [{when: stun.query, weight: 49}]}\n",
	    "test:1: app: is missing, and so is `alert`: it does nothing\n");
	says("- {sid: 9190000, title: '', app: A, evidence: [{when: stun.query, weight: 50}]}\n", "test:1: title: is empty\n");
	says("- {sid: 9190000, title: t, app: A, date: 2026-1-1, evidence: [{when: stun.query, weight: 50}]}\n",
	    "test:1: date: is not like 2026-11-30\n");
	says("- {sid: 9190000, title: t, app: A, seen: ../x, evidence: [{when: stun.query, weight: 50}]}\n",
	    "test:1: seen: is a path: a name in pcaps/ is wanted\n");
	says("- {sid: 9100099, title: t, app: A, evidence: [{when: stun.query, weight: 50}]}\n",
	    "test:1: sid: '9100099' is out of range: 9100100 to 99999999\n");
	says("- {sid: 9190000, title: t, app: A, evidence: []}\n",
	    "test:1: evidence: must be a list of {when: ..., weight: ...}\n");
	says("- {sid: 9190000, title: t, app: A, evidence: [{when: stun.query, weight: 50}]}\n"
	    "- {sid: 9190001, title: t, app: A, evidence: [{when: stun.query, weight: 50}]}\n"
	    "- {sid: 9190000, title: t, app: A, evidence: [{when: stun.query, weight: 50}]}\n",
	    "test:3: sid: 9190000 is taken, by test:1\n");
}

static void what_is_wrong_with_an_expression(void **state)
{
	static const char *const rows[][2] = {
		{"", "is empty"},
		{"stun.qery", "at character 1: unknown fact stun.qery; did you mean stun.query?"},
		{"zzzzzzzzzzz", "at character 1: unknown fact zzzzzzzzzzz; `punchwatch check --facts` lists them"},
		{"stun.query == 1", "at character 15: stun.query is there or not: it has no value to compare"},
		{"stun.error == \"4\"", "at character 15: a number is compared with text"},
		{"stun.error in (\"4\")", "at character 16: a number is compared with text"},
		{"stun.error ~ 4", "at character 14: a number has no beginning and fits no glob"},
		{"stun.error in (5..4)", "at character 20: the range ends before it begins"},
		{"stun.error == (4)", "at character 15: several values are compared with `in`"},
		{"stun.error == 99999999999999999999", "at character 15: 99999999999999999999 is too large"},
		{"stun.error == host", "at character 15: host is no number"},
		{"stun.error and local.port == 65536", "at character 35: it is never more than 65535"},
		{"be16(host, 0) == 65536", "at character 23: it is never more than 65535"},
		{"be16(stun.error, 0) == 6", "at character 16: stun.error has no bytes"},
		{"be16(host) == 6", "at character 10: , is wanted, not )"},
		{"len(host)", "at character 10: it is compared with nothing (== is: equal to)"},
		{"host == 5", "at character 9: bytes are compared with a number: \"text\" or 0x0102 is wanted"},
		{"be16(host, 0) = 5", "at character 15: = means nothing: equal is =="},
		{"host[0:1] = 0x05", "at character 11: = means nothing: equal is =="},
		{"host == 0x012", "at character 9: an odd number of hexadecimal digits"},
		{"host == 0xg", "at character 9: 0x wants hexadecimal digits"},
		{"host ~ 0x01", "at character 8: a glob is text, in double quotes"},
		{"host ^= \"\"", "at character 9: everything begins with nothing"},
		{"host < \"a\"", "at character 8: bytes are not ordered; be16(host, 0) and the like give numbers"},
		{"host == \"a", "at character 9: the text has no end: \" is missing"},
		{"host == \"\\y\"", "at character 9: unknown escape: \\\" \\\\ \\n \\r \\t \\0 and \\x41 are known"},
		{"host == 'a'", "at character 9: text stands in double quotes"},
		{"host = \"a\"", "at character 6: = means nothing: equal is =="},
		{"host == \"a\" and", "at character 16: it ends where a fact is wanted"},
		{"host == \"a\" host", "at character 13: and, or, or the end is wanted, not host"},
		{"(host", "at character 6: it ends where ) is wanted"},
		{"host[0:2] == \"abc\"", "at character 14: 2 bytes are compared with 3"},
		{"host[0:0] == \"\"", "at character 11: a slice of no bytes"},
		{"host[0:2]", "at character 10: the slice is compared with nothing"},
		{"host & 0xff == 0x01", "at character 8: a mask is for a slice of that length: payload[0:2] & 0xfffe == 0x4002"},
		{"host[0:1] & 0x0f == 0x11", "at character 21: this has bits that the mask takes away"},
		{"host[0:1] & 0x0f ^= 0x01", "at character 21: masked bytes are compared with ==, != or in"},
		{"payload[60:5] == \"abcde\"", "at character 15: payload is the first 64 bytes: this is behind them"},
		{"payload[-1:1] == \"a\"", "at character 15: payload is the first 64 bytes: its offsets count from the start"},
		{"len(payload) == 5", "at character 12: payload is the first 64 bytes; the length is payload.len"},
		{"proto == \"sctp\"", "at character 10: proto is \"udp\" or \"tcp\""},
		{"stun.mapped == 5", "at character 16: this is no address: 203.0.113.1, 203.0.113.1:3478, 203.0.113.0/24, 2001:db8::/32 and "
		    "[2001:db8::1]:3478 are"},
		{"stun.mapped < 1.2.3.4", "at character 15: an address is compared with ==, != or in"},
		{"not host", "it may hold for messages that have none of its facts: name one that must be there (not, != and facts of every "
		    "message, as proto and opened, are no such)"},
		{"((((((((((((((((((((((((((((((((((host))))))))))))))))))))))))))))))))))", "at character 33: nested too deep"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		expression_says(rows[i][0], rows[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_at_its_line),
		cmocka_unit_test(what_keys_say_together),
		cmocka_unit_test(what_is_wrong_with_an_expression),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
