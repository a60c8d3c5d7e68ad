/* irc_test.c -- DCC offers in IRC, and everything else that is left alone. */
#include "shown.h"

extern const struct dissector irc_dissector;

enum { OUT = true, IN = false };

static struct shown *s;

static int setup(void **state)
{
	(void)state;
	s = shown_new(&irc_dissector);
	return 0;
}

static enum verdict text(const char *t, bool from_local)
{
	return shown_stretch(s, t, strlen(t), from_local);
}

static void offers(void **state)
{
	(void)state;
	assert_int_equal(text("NICK me\r\nUSER me 0 * :me\r\n", OUT), V_YES);
	assert_string_equal(s->text, "");
	assert_int_equal(text(":irc.example 001 me :Welcome\r\n", IN), V_YES);
	assert_int_equal(text("PRIVMSG you :\1DCC SEND report.doc 3405803786 5000 123456\1\r\n", OUT), V_YES);
	assert_string_equal(s->text, "flow.app_proto == \"irc\" irc.dcc == \"send\" irc.dcc_at == 203.0.113.10:5000 irc.dcc_file == \"report.doc\""
	    " irc.dcc_size == 123456");
	text(":you!u@h PRIVMSG me :\1DCC SEND \"two words.txt\" 2001:db8::1 0 9 77\1\r\n", IN);
	assert_string_equal(s->text, "irc.dcc == \"send\" irc.dcc_at == [2001:db8::1]:0 irc.dcc_file == \"two words.txt\" irc.dcc_size == 9");
	text("@time=2026 :you!u@h PRIVMSG me :\1DCC CHAT chat 3405803786 5001\1\n", IN);
	assert_string_equal(s->text, "irc.dcc == \"chat\" irc.dcc_at == 203.0.113.10:5001");
}

static void what_is_no_offer(void **state)
{
	static const char *const none[] = {"PRIVMSG you :DCC SEND a 1 2 3\r\n", "PRIVMSG you :\1DCC SEND a b 2 3\1\r\n",
		"PRIVMSG you :\1DCC SEND a 1 99999 3\1\r\n", "PRIVMSG you :\1DCC SEND\1\r\n", "PRIVMSG you :\1DCC VOICE a 1 2\1\r\n",
		"PRIVMSG you :\1VERSION\1\r\n", "NOTICE you :\1DCC SEND a 1 2 3\1\r\n", "PRIVMSG :\1DCC SEND a 1 2 3\1\r\n",
		"PRIVMSG you :\1DCC SEND a 4294967296 2 3\1\r\n"};

	(void)state;
	text("NICK me\r\nUSER me 0 * :me\r\n", OUT);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
		assert_int_equal(text(none[i], OUT), V_YES);
		assert_string_equal(s->text, "");
	}
}

static void other_streams(void **state)
{
	(void)state;
	assert_int_equal(text("POST / HTTP/1.1\r\nHost: x\r\n\r\n", OUT), V_NO);
	setup(state);
	assert_int_equal(text("NICK me\r\n", OUT), V_MORE);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(text("what is this\r\n", OUT), V_MORE);
	assert_int_equal(text("what is this\r\n", OUT), V_NO);
	setup(state);
	memset(s->text, 0, 1);
	static char line[3000];

	memset(line, 'P', sizeof line - 1);
	assert_int_equal(text(line, OUT), V_NO);
}

static void long_lines_are_skipped(void **state)
{
	static char line[3000];

	(void)state;
	memset(line, 'x', sizeof line - 1);
	text("NICK me\r\nUSER me 0 * :me\r\n", OUT);
	assert_int_equal(text(line, OUT), V_YES);
	assert_int_equal(s->input.bytes.left, 0);
	assert_int_equal(text("xx\r\nPRIVMSG you :\1DCC CHAT chat 1 2\1\r\n", OUT), V_YES);
	assert_non_null(strstr(s->text, "chat"));
}

static void cuts_and_flips(void **state)
{
	static const char all[] = ":a!b@c PRIVMSG me :\1DCC SEND \"a b\" 3405803786 5000 123456\1\r\n";
	char copy[sizeof all];

	(void)state;
	for (size_t i = 0; i < sizeof all; i++) {
		setup(state);
		shown_stretch(s, all, i, IN);
		assert_int_equal(s->text[0] != '\0', i >= sizeof all - 1);
		memcpy(copy, all, sizeof all);
		copy[i] = (char)(copy[i] ^ 0x15);
		setup(state);
		shown_stretch(s, copy, sizeof copy - 1, IN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(offers, setup), cmocka_unit_test_setup(what_is_no_offer, setup),
		cmocka_unit_test_setup(other_streams, setup), cmocka_unit_test_setup(long_lines_are_skipped, setup),
		cmocka_unit_test_setup(cuts_and_flips, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
