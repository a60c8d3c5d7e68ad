/* notify_test.c -- what the service manager hears, by a path and in the abstract namespace; without one nothing happens. */
#include "../../sensor/notify.h"
#include "../test.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

static char folder[] = "/tmp/notify_test.XXXXXX";

static int listen_at(const char *name)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(at.sun_path, name, strlen(name));
	if (name[0] == '@')
		at.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

static const char *heard(int fd)
{
	static char text[1024];
	ssize_t n = recv(fd, text, sizeof text - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void every_word_arrives(void **state)
{
	char path[sizeof folder + 16], abstract[64];
	const char *names[] = {path, abstract};

	(void)state;
	snprintf(path, sizeof path, "%s/socket", folder);
	snprintf(abstract, sizeof abstract, "@punchwatch-notify-test-%d", (int)getpid());
	for (unsigned i = 0; i < 2; i++) {
		int fd = listen_at(names[i]);

		assert_int_equal(notify_open(), 0);
		notify_ready(NULL);
		assert_string_equal(heard(fd), "READY=1\n");
		notify_ready("2 interfaces\nWATCHDOG=trigger");
		assert_string_equal(heard(fd), "READY=1\nSTATUS=2 interfaces");
		notify_status("losing packets");
		assert_string_equal(heard(fd), "STATUS=losing packets");
		notify_reloading();
		assert_int_equal(strncmp(heard(fd), "RELOADING=1\nMONOTONIC_USEC=", 27), 0);
		notify_alive();
		assert_string_equal(heard(fd), "WATCHDOG=1\n");
		notify_stopping();
		assert_string_equal(heard(fd), "STOPPING=1\n");
		notify_close();
		notify_alive();
		assert_string_equal(heard(fd), "");
		close(fd);
	}
	unlink(path);
}

static void the_environment_no_longer_has_it(void **state)
{
	char name[64];
	int fd;

	(void)state;
	snprintf(name, sizeof name, "@punchwatch-notify-test-%d", (int)getpid());
	fd = listen_at(name);
	setenv("WATCHDOG_USEC", "30000000", 1);
	assert_int_equal(notify_open(), 0);
	assert_null(getenv("NOTIFY_SOCKET"));
	assert_null(getenv("WATCHDOG_USEC"));
	assert_int_equal(notify_alive_ms(), 15000);
	assert_int_equal(notify_open(), 0);	/* nobody any more */
	assert_int_equal(notify_alive_ms(), 0);
	notify_ready("unheard");
	assert_string_equal(heard(fd), "");
	notify_close();
	close(fd);
}

static uint32_t alive_with(const char *usec, const char *pid)
{
	char name[64];
	uint32_t ms;
	int fd;

	snprintf(name, sizeof name, "@punchwatch-notify-test-%d", (int)getpid());
	fd = listen_at(name);
	setenv("WATCHDOG_USEC", usec, 1);
	if (pid != NULL)
		setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(notify_open(), 0);
	ms = notify_alive_ms();
	notify_close();
	close(fd);
	return ms;
}

static void the_watchdog_is_of_this_process_and_a_number(void **state)
{
	char own[16];

	(void)state;
	snprintf(own, sizeof own, "%d", (int)getpid());
	assert_int_equal(alive_with("2000000", own), 1000);
	assert_int_equal(alive_with("2000000", "1"), 0);
	assert_int_equal(alive_with("0", NULL), 0);
	assert_int_equal(alive_with("", NULL), 0);
	assert_int_equal(alive_with("soon", NULL), 0);
	assert_int_equal(alive_with("2000000x", NULL), 0);
	assert_int_equal(alive_with("1", NULL), 10);
	assert_int_equal(alive_with("99999999999999999999999", NULL), 0);
	assert_int_equal(alive_with("18446744073709551615", NULL), UINT32_MAX);
}

static void nobody_there_is_an_error_and_no_name_is_none(void **state)
{
	char path[sizeof folder + 16], longest[200];

	(void)state;
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(notify_open(), 0);
	snprintf(path, sizeof path, "%s/gone", folder);
	setenv("NOTIFY_SOCKET", path, 1);
	assert_int_equal(notify_open(), -ENOENT);
	setenv("NOTIFY_SOCKET", "vsock:2:9999", 1);
	assert_int_equal(notify_open(), -EINVAL);
	setenv("NOTIFY_SOCKET", "@", 1);
	assert_int_equal(notify_open(), -EINVAL);
	memset(longest, 'x', sizeof longest);
	longest[0] = '/';
	longest[sizeof longest - 1] = '\0';
	setenv("NOTIFY_SOCKET", longest, 1);
	assert_int_equal(notify_open(), -ENAMETOOLONG);
	notify_ready(NULL);
	notify_alive();
}

/* Nobody reads: it does not wait. */
static void it_never_waits(void **state)
{
	char name[64];
	int fd;

	(void)state;
	snprintf(name, sizeof name, "@punchwatch-notify-test-%d", (int)getpid());
	fd = listen_at(name);
	assert_int_equal(notify_open(), 0);
	for (unsigned i = 0; i < 10000; i++)
		notify_alive();
	notify_close();
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_arrives),
		cmocka_unit_test(the_environment_no_longer_has_it),
		cmocka_unit_test(the_watchdog_is_of_this_process_and_a_number),
		cmocka_unit_test(nobody_there_is_an_error_and_no_name_is_none),
		cmocka_unit_test(it_never_waits),
	};
	int rc;

	if (mkdtemp(folder) == NULL)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(folder);
	return rc;
}
