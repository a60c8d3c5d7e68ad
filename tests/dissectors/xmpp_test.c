/* xmpp_test.c -- offers of files between XMPP users. */
#include "shown.h"

extern const struct dissector xmpp_dissector;

enum { OUT = true, IN = false };

#define OPEN "<?xml version='1.0'?><stream:stream to='x.example' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

static struct shown *s;

static int setup(void **state)
{
	(void)state;
	s = shown_new(&xmpp_dissector);
	return 0;
}

static enum verdict text(const char *t, bool from_local)
{
	return shown_stretch(s, t, strlen(t), from_local);
}

static void jingle(void **state)
{
	(void)state;
	assert_int_equal(text(OPEN, OUT), V_YES);
	assert_string_equal(s->text, "");
	text("<iq type='set'><jingle xmlns='urn:xmpp:jingle:1' action='session-initiate'><content><description "
	    "xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file><name>x</name></file></description><transport "
	    "xmlns='urn:xmpp:jingle:transports:s5b:1' mode='tcp' sid='v'><candidate cid='h' host='203.0.113.9' jid='a@b/c' port='5086' "
	    "type='direct'/></transport></content></jingle></iq>", OUT);
	assert_string_equal(s->text, "flow.app_proto == \"xmpp\" xmpp.file == \"jingle\" | xmpp.file_host == 203.0.113.9:5086");
	text("<iq><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/></iq>", OUT);
	assert_string_equal(s->text, "");
	text("<iq><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/></iq>", IN);
	assert_string_equal(s->text, "xmpp.file == \"jingle\"");
}

static void stream_initiation(void **state)
{
	(void)state;
	text(OPEN, IN);
	text("<si xmlns='http://jabber.org/protocol/si' profile='http://jabber.org/protocol/si/profile/file-transfer'>"
	    "<file xmlns='http://jabber.org/protocol/si/profile/file-transfer' name='a' size='1022'/></si>", IN);
	assert_non_null(strstr(s->text, "xmpp.file == \"si\""));
	assert_non_null(strstr(s->text, "xmpp.file_size == 1022"));
	text("<query xmlns='http://jabber.org/protocol/bytestreams'><streamhost port=\"7777\" host=\"2001:db8::9\" jid='a'/>"
	    "<streamhost host='proxy.x.example' port='7777'/></query>", IN);
	assert_string_equal(s->text, "xmpp.file_host == [2001:db8::9]:7777");
	text("<open xmlns='http://jabber.org/protocol/ibb' block-size='4096' sid='i'/>", IN);
	assert_string_equal(s->text, "xmpp.inband");
}

static void talk_is_not_looked_at(void **state)
{
	(void)state;
	text(OPEN, OUT);
	text("<message><body>urn:xmpp:jingle:apps:file-transfer: streamhost host='1.2.3.4' port='5'</body></message>", OUT);
	assert_string_equal(s->text, "");
}

static void when_it_becomes_encrypted(void **state)
{
	(void)state;
	text(OPEN, OUT);
	assert_int_equal(text("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", IN), V_NO);
}

static void other_streams(void **state)
{
	(void)state;
	assert_int_equal(text("<html><body>", OUT), V_NO);
	assert_int_equal(text("<34>1 2026 host app - - syslog>", OUT), V_NO);
}

static void in_pieces_and_too_long(void **state)
{
	static const char tag[] = "<iq><description xmlns='urn:xmpp:jingle:apps:file-transfer:5'/>";
	static char more[5000];

	(void)state;
	text(OPEN, OUT);
	for (size_t i = 5; i < sizeof tag - 1; i++) {
		shown_stretch(s, tag + 4, i - 4, OUT);
		assert_string_equal(s->text, "");
	}
	text(tag + 4, OUT);
	assert_non_null(strstr(s->text, "jingle"));
	memset(more, 'x', sizeof more - 1);
	more[0] = '<';
	text(more, OUT);
	assert_int_equal(s->input.bytes.left, 0);
	assert_int_equal(text("'><file size='7'/>", OUT), V_YES);
	assert_non_null(strstr(s->text, "xmpp.file_size == 7"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(jingle, setup), cmocka_unit_test_setup(stream_initiation, setup),
		cmocka_unit_test_setup(talk_is_not_looked_at, setup), cmocka_unit_test_setup(when_it_becomes_encrypted, setup),
		cmocka_unit_test_setup(other_streams, setup), cmocka_unit_test_setup(in_pieces_and_too_long, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
