/* address_test.c -- loopback and unix sockets, and nothing else; what somebody left behind is replaced, what answers is not. */
#include "../../../sensor/control/address.h"
#include "../../test.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static void only_what_is_ours(void **state)
{
	static char long_path[128] = "unix:/";
	static const char *const right[] = {"127.0.0.1:9177", "127.9.9.9:1", "[::1]:65535", "localhost:80", "unix:/run/x.sock"};
	static const char *const wrong[] = {"", ":", "9177", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:9177x",
		"0.0.0.0:80", "10.0.0.1:80", "[::]:80", "[fe80::1]:80", "[::1]", "::1:80x", "[]:80", "[:80", "example.org:80", "unix:", "unix:run/x",
		"127.0.0.1 :80", "127.0.0.1:-1", "127.0.0.1:+1", long_path};
	char why[ADDRESS_WHY];

	(void)state;
	memset(long_path + 6, 'a', sizeof long_path - 7);
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		if (!address_right(right[i], why))
			fail_msg("%s: %s", right[i], why);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (address_right(wrong[i], why))
			fail_msg("%s is taken", wrong[i]);
		assert_true(strlen(why) > 10);
	}
	address_right("192.0.2.1:9177", why);
	assert_non_null(strstr(why, "127.0.0.1:9177 is one"));
}

static void a_unix_socket_is_its_owners(void **state)
{
	char folder[] = "/tmp/punchwatch-address.XXXXXX", path[64], text[80];
	struct stat st;
	int a, b;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/s", folder);
	snprintf(text, sizeof text, "unix:%s", path);
	a = address_listen(text);
	assert_true(a >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(address_listen(text), -EADDRINUSE);
	close(a);					/* and it is left there */
	b = address_listen(text);
	assert_true(b >= 0);
	close(b);
	unlink(path);
	assert_non_null(fclose(fopen(path, "w")) == 0 ? path : NULL);
	assert_int_equal(address_listen(text), -EADDRINUSE);	/* a file of somebody's stays */
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	unlink(path);
	rmdir(folder);
}

static void tcp(void **state)
{
	int fd = address_listen("127.0.0.1:0x50");

	(void)state;
	assert_int_equal(fd, -EINVAL);
	assert_int_equal(address_listen("192.0.2.1:9177"), -EINVAL);
	for (unsigned port = 39177; port < 39277; port++) {
		char text[32];

		snprintf(text, sizeof text, "127.0.0.1:%u", port);
		fd = address_listen(text);
		if (fd < 0)
			continue;
		assert_int_equal(address_listen(text), -EADDRINUSE);
		close(fd);
		return;
	}
	fail_msg("no port is free");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_ours),
		cmocka_unit_test(a_unix_socket_is_its_owners),
		cmocka_unit_test(tcp),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
