/* redis_uri_test.c -- every form that is taken, every mistake that is told, and that no message has a secret in it. */
#include "../../test.h"

#include "../../../sensor/output/redis_uri.h"

static struct redis_uri uri;
static char error[256], shown[1024];

static void good(const char *text)
{
	error[0] = '\0';
	if (!redis_uri_parse(text, &uri, error, sizeof error))
		fail_msg("%s: %s", text, error);
	redis_uri_print(&uri, shown, sizeof shown);
}

static void bad(const char *text, const char *says)
{
	if (redis_uri_parse(text, &uri, error, sizeof error))
		fail_msg("%s was taken", text);
	if (strstr(error, says) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", text, error, says);
	assert_null(strstr(error, "secret"));
}

static void network(void **state)
{
	(void)state;
	unsetenv("PUNCHWATCH_REDIS_PASSWORD");
	good("redis://localhost");
	assert_string_equal(shown, "redis://localhost:6379/0, list punchwatch");
	assert_false(uri.is_unix);
	good("redis://10.0.0.1:7000/3?key=suricata&mode=channel");
	assert_string_equal(shown, "redis://10.0.0.1:7000/3, channel suricata");
	assert_int_equal(uri.port, 7000);
	assert_int_equal(uri.db, 3);
	assert_int_equal(uri.mode, REDIS_CHANNEL);
	good("redis://[2001:db8::1]/");
	assert_string_equal(uri.host, "2001:db8::1");
	assert_string_equal(shown, "redis://[2001:db8::1]:6379/0, list punchwatch");
	good("redis://[::1]:6380?mode=stream&key=a%20b%26c&db=5");
	assert_int_equal(uri.port, 6380);
	assert_int_equal(uri.mode, REDIS_STREAM);
	assert_string_equal(uri.key, "a b&c");
	assert_int_equal(uri.db, 5);
}

static void socket_path(void **state)
{
	(void)state;
	good("redis+unix:///run/redis/redis.sock?db=2&key=k");
	assert_true(uri.is_unix);
	assert_string_equal(uri.host, "/run/redis/redis.sock");
	assert_int_equal(uri.db, 2);
	assert_string_equal(shown, "redis+unix:///run/redis/redis.sock?db=2, list k");
	good("redis+unix://u:secret@/run/a%20b@c.sock");
	assert_string_equal(uri.host, "/run/a b@c.sock");
	assert_string_equal(uri.password, "secret");
	good("redis+unix:///run/a@b.sock");
	assert_string_equal(uri.user, "");
}

static void login(void **state)
{
	(void)state;
	unsetenv("PUNCHWATCH_REDIS_PASSWORD");
	good("redis://:secret@h");
	assert_string_equal(uri.user, "");
	assert_string_equal(uri.password, "secret");
	assert_null(strstr(shown, "secret"));
	good("redis://sensor:p%40ss%2Fw%3Ao%3Frd%25@h");
	assert_string_equal(uri.user, "sensor");
	assert_string_equal(uri.password, "p@ss/w:o?rd%");
	bad("redis://sensor@h", "needs a password");
	setenv("PUNCHWATCH_REDIS_PASSWORD", "from-outside", 1);
	good("redis://sensor@h");
	assert_string_equal(uri.password, "from-outside");
	good("redis://sensor:secret@h");
	assert_string_equal(uri.password, "secret");
	good("redis://h");
	assert_string_equal(uri.password, "from-outside");
	unsetenv("PUNCHWATCH_REDIS_PASSWORD");
}

static void mistakes(void **state)
{
	char longer[2048];

	(void)state;
	bad("", "none of redis");
	bad("http://h", "none of redis");
	bad("redis:/h", "none of redis");
	bad("redis://h?ca=/x", "rediss:// (TLS)");
	bad("rediss://h?cert=/x", "cert and cert_key go together");
	bad("redis://h?push=up", "push is neither");
	bad("redis://h?mode=stream&push=left", "push is for mode=list");
	bad("redis://h?maxlen=9", "maxlen is for mode=stream");
	bad("redis://h?mode=stream&maxlen=0", "maxlen is not a number");
	bad("redis://h?batch=5000", "batch is not a number");
	bad("redis://:p@h?password_file=/x", "one too many");
	bad("redis://h?key=", "key is empty");
	bad("redis://", "host is missing");
	bad("redis://:6379", "host is missing");
	bad("redis://h:0", "port");
	bad("redis://h:", "port");
	bad("redis://h:65536", "port");
	bad("redis://h:99999999999999999999", "port");
	bad("redis://h:12a", "port");
	bad("redis://2001:db8::1", "[ ]");
	bad("redis://[::1", "]");
	bad("redis://[::1]x", "after the ]");
	bad("redis://[::1]:", "port");
	bad("redis://h/x", "database");
	bad("redis://h/1/2", "database");
	bad("redis://h/-1", "database");
	bad("redis://h?mode=queue", "mode");
	bad("redis://h?kee=x", "none of key, mode");
	bad("redis://h?key=", "empty");
	bad("redis://h?key=%00", "NUL");
	bad("redis://h?key=%4", "hexadecimal");
	bad("redis://h?key=%", "hexadecimal");
	bad("redis://h?key=%zz", "hexadecimal");
	bad("redis://u:sec%zzret-secret@h", "the password has a %");
	bad("redis://u:secret@x@h", "%40");
	bad("redis://u:secret/x@h", "%2F");
	bad("redis://h#x", "%23");
	bad("redis+unix://run/x", "does not start with /");
	bad("redis+unix://", "does not start with /");
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	memcpy(longer, "redis+unix:///", 14);
	longer[150] = '\0';
	bad(longer, "too long");
	memcpy(longer, "redis://h?key=", 14);
	longer[150] = 'a';
	bad(longer, "too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(network), cmocka_unit_test(socket_path), cmocka_unit_test(login), cmocka_unit_test(mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
