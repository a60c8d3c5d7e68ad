/* threema_test.c -- turns and frames of Threema's lengths, and of others. */
#include "shown.h"

extern const struct dissector threema_dissector;

enum { OUT = true, IN = false };

static struct shown *s;
static const uint8_t zeros[400];

static int setup(void **state)
{
	(void)state;
	s = shown_new(&threema_dissector);
	s->packet.src.port = 50000;
	s->packet.dst.port = 5222;
	return 0;
}

static enum verdict frame(unsigned len, bool from_local)
{
	uint8_t b[400] = {(uint8_t)len, (uint8_t)(len >> 8)};

	return shown_stretch(s, b, 2 + len, from_local);
}

static void log_in(void)
{
	assert_int_equal(shown_stretch(s, zeros, 48, OUT), V_MORE);
	assert_int_equal(shown_stretch(s, zeros, 80, IN), V_MORE);
	assert_int_equal(shown_stretch(s, zeros, 191, OUT), V_MORE);
	assert_int_equal(shown_stretch(s, zeros, 32, IN), V_MORE);
}

static void a_session(void **state)
{
	(void)state;
	log_in();
	assert_int_equal(frame(20, OUT), V_MORE);
	assert_int_equal(frame(200, IN), V_MORE);
	assert_string_equal(s->text, "");
	assert_int_equal(frame(40, OUT), V_DONE);
	assert_string_equal(s->text, "flow.app_proto == \"threema\" threema.session");
}

static void a_login_and_frames_in_pieces(void **state)
{
	uint8_t b[132] = {0};

	(void)state;
	shown_stretch(s, zeros, 48, OUT);
	shown_stretch(s, zeros, 80, IN);
	shown_stretch(s, zeros, 100, OUT);
	shown_stretch(s, zeros, 91, OUT);
	b[32] = 40;			/* two frames behind the answer */
	b[74] = 56;
	assert_int_equal(shown_stretch(s, b, sizeof b, IN), V_MORE);
	assert_int_equal(s->input.bytes.left, 0);
	assert_int_equal(shown_stretch(s, b + 32, 20, OUT), V_MORE);
	assert_int_equal(s->input.bytes.left, 20);
	frame(30, OUT);
	assert_int_equal(frame(30, IN), V_DONE);
}

static void other_connections(void **state)
{
	(void)state;
	s->packet.dst.port = 5223;
	assert_int_equal(shown_stretch(s, zeros, 48, OUT), V_NO);
	setup(state);
	assert_int_equal(shown_stretch(s, zeros, 49, OUT), V_NO);
	setup(state);
	shown_stretch(s, zeros, 48, OUT);
	assert_int_equal(shown_stretch(s, zeros, 81, IN), V_NO);
	setup(state);
	shown_stretch(s, zeros, 48, OUT);
	shown_stretch(s, zeros, 80, IN);
	shown_stretch(s, zeros, 143, OUT);
	assert_int_equal(shown_stretch(s, zeros, 32, IN), V_NO);
	setup(state);
	log_in();
	assert_int_equal(frame(19, OUT), V_NO);
	setup(state);
	log_in();
	assert_int_equal(shown_stretch(s, "\xff\xff", 2, OUT), V_NO);
	setup(state);
	assert_int_equal(shown_stretch(s, "<?xml version='1.0'?><stream:stream to='x' xmlns='jabber:client'>", 66, OUT), V_NO);
	setup(state);
	shown_stretch(s, zeros, 48, OUT);
	assert_int_equal(shown_stretch(s, zeros, 48, OUT), V_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_session, setup), cmocka_unit_test_setup(a_login_and_frames_in_pieces, setup),
		cmocka_unit_test_setup(other_connections, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
