/* confine_test.c -- a parser that was taken over. The only dissector of this program does what an attacker would, on the first datagram that
 * it is shown, in a sensor that runs as it always does: every way out is refused, or ends the program.
 */
#include "../../dissectors/dissector.h"
#include "../../sensor/config/config.h"
#include "../../sensor/confine.h"
#include "../../sensor/engine.h"
#include "fake_port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

/* What the child's parser tries, and how it went. Shared with the parent. */
struct attempt {
	int (*what)(void);
	bool asked;			/* the parser was shown something */
	bool returned;			/* the attempt came back: */
	int result;			/* -1 or what it got */
	int error;
};

static struct attempt *attempt;
static int pipe_of_main[2];		/* open, and not for packet threads */

static enum verdict hijacked(struct input *in, void *state, struct facts *facts)
{
	(void)in;
	(void)state;
	(void)facts;
	if (attempt->asked)
		return V_NO;
	attempt->asked = true;
	errno = 0;
	attempt->result = attempt->what();
	attempt->error = errno;
	attempt->returned = true;
	return V_NO;
}

static const struct fact_def no_facts[] = {{.name = "hijacked", .type = FACT_FLAG, .about = "it was"}};
static const struct dissector hijacked_dissector = {
	.name = "hijacked", .facts = no_facts, .n_facts = 1, .ip_proto = 17, .give_up = 1, .dissect = hijacked,
};
const struct dissector *const dissectors[] = {&hijacked_dissector, NULL};

/* --- what it tries --- */

static int try_open(void) { return open("/etc/passwd", O_RDONLY); }
static int try_create(void) { return open("/tmp/punchwatch-hijacked", O_WRONLY | O_CREAT, 0600); }
static int try_old_open(void) { return (int)syscall(SYS_open, "/etc/passwd", O_RDONLY); }
static int try_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int try_unix_socket(void) { return socket(AF_UNIX, SOCK_DGRAM, 0); }
static int try_fork(void) { return fork(); }
static int try_send(void) { return (int)send(pipe_of_main[1], "x", 1, 0); }
static int try_ptrace(void) { return (int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL); }
static int try_unlink(void) { return unlink("/tmp/punchwatch-nothing"); }
static int try_kill(void) { return kill(getppid(), SIGTERM); }
static int try_write(void) { return (int)write(pipe_of_main[1], "x", 1); }
static int try_rights(void) { return chmod("/tmp", 0777); }
static int try_uring(void) { return (int)syscall(SYS_io_uring_setup, 1, NULL); }
static int try_chdir(void) { return chdir("/"); }

static int try_exec(void)
{
	char *argv[] = {(char[]){"true"}, NULL};

	return execve("/bin/true", argv, NULL);
}

static int try_connect(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	return connect(pipe_of_main[1], (struct sockaddr *)&to, sizeof to);
}

static int try_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static int try_code_later(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? 0 : mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

/* That the others fail for the right reason: this is allowed. */
static int try_what_is_allowed(void)
{
	void *p = malloc(1 << 20);
	struct timespec t;
	int r = clock_gettime(CLOCK_REALTIME, &t);

	free(p);
	return p != NULL && r == 0 && write(STDERR_FILENO, "", 0) == 0 ? 0 : -1;
}

/* --- the sensor around it --- */

static void child(bool confined, unsigned workers)
{
	static struct settings settings;
	static struct counts counts;
	struct capture *capture;

	alarm(20);
	settings_defaults(&settings);
	settings_decide(&settings, true, false);
	settings.capture.user[0] = '\0';
	settings.capture.confine = confined;
	settings.workers = workers;
	settings.control.socket[0] = '\0';
	settings.stats.interval_s = 0;
	capture = fake_port_new(50, 0, &counts);
	engine_run(&(struct engine_run){.settings = &settings, .captures = &capture, .n_captures = 1, .live = true, .counts = &counts});
	_exit(0);
}

/* How the program with this attempt ended: the signal, or 0. */
static int run(int (*what)(void), bool confined, unsigned workers)
{
	int status = 0;
	pid_t pid;

	*attempt = (struct attempt){.what = what};
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		child(confined, workers);
	for (unsigned i = 0; i < 1500; i++) {		/* the parser has had its turn, and it did not end the program */
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
		if (__atomic_load_n(&attempt->returned, __ATOMIC_ACQUIRE))
			break;
		usleep(10000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return 0;
}

static const struct {
	const char *name;
	int (*what)(void);
	bool deadly;
} attempts[] = {
	{"open a file", try_open, false},
	{"open a file, the old way", try_old_open, false},
	{"create a file", try_create, false},
	{"write where others write", try_write, false},
	{"memory that is executable", try_code, false},
	{"memory that becomes executable", try_code_later, false},
	{"another folder", try_chdir, false},
	{"a socket", try_socket, true},
	{"a unix socket", try_unix_socket, true},
	{"connect", try_connect, true},
	{"send", try_send, true},
	{"run a program", try_exec, true},
	{"another process", try_fork, true},
	{"look into others", try_ptrace, true},
	{"end others", try_kill, true},
	{"remove files", try_unlink, true},
	{"rights of files", try_rights, true},
	{"io_uring", try_uring, true},
};

static void nothing_gets_out(unsigned workers)
{
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
		int signal = run(attempts[i].what, true, workers);

		if (!attempt->asked)
			fail_msg("%s: the parser was not asked", attempts[i].name);
		if (attempts[i].deadly && (signal != SIGSYS || attempt->returned))
			fail_msg("%s: signal %d, result %d", attempts[i].name, signal, attempt->result);
		if (!attempts[i].deadly && (!attempt->returned || attempt->result != -1 || attempt->error != EPERM))
			fail_msg("%s: signal %d, result %d, %s", attempts[i].name, signal, attempt->result, strerror(attempt->error));
	}
}

static void of_one_worker(void **state)
{
	(void)state;
	nothing_gets_out(1);
}

static void of_several_workers(void **state)
{
	(void)state;
	nothing_gets_out(2);
}

/* And it is seccomp that does it: what is needed works, and without it the same parser opens a file. */
static void what_is_needed_works(void **state)
{
	(void)state;
	run(try_what_is_allowed, true, 1);
	assert_true(attempt->returned);
	assert_int_equal(attempt->result, 0);
	run(try_open, false, 1);
	assert_true(attempt->returned && attempt->result >= 0);
}

static void *reader_of_files(void *ctx)
{
	struct confinement set = {.files = true};
	int *failed = ctx;

	*failed = confine_thread(&set);
	*failed = *failed ? *failed : open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? -1 : 0;
	*failed = *failed ? *failed : open("/tmp/punchwatch-hijacked", O_WRONLY | O_CREAT, 0600) >= 0 ? -2 : 0;
	*failed = *failed ? *failed : open("/dev/null", O_RDWR) >= 0 ? -3 : 0;
	return NULL;
}

static void capture_files_are_read_and_nothing_is_written(void **state)
{
	pthread_t thread;
	int failed = 1;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, reader_of_files, &failed), 0);
	pthread_join(thread, NULL);
	assert_int_equal(failed, 0);
	assert_int_not_equal(access("/tmp/punchwatch-hijacked", F_OK), 0);
	failed = open("/dev/null", O_RDWR);	/* this thread is free */
	assert_true(failed >= 0);
	close(failed);
}

static int begin(void **state)
{
	(void)state;
	attempt = mmap(NULL, sizeof *attempt, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return attempt == MAP_FAILED ? -1 : socketpair(AF_UNIX, SOCK_STREAM, 0, pipe_of_main);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_one_worker),
		cmocka_unit_test(of_several_workers),
		cmocka_unit_test(what_is_needed_works),
		cmocka_unit_test(capture_files_are_read_and_nothing_is_written),
	};

	return cmocka_run_group_tests_name("confine", tests, begin, NULL);
}
