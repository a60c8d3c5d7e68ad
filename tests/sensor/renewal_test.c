/* renewal_test.c -- a sensor under load that is told to reload again and again, half of the files broken: no packet, no session, no alert
 * is lost, what is broken changes nothing and says why, what is right is in force. Run under AddressSanitizer and ThreadSanitizer, too.
 * RELOAD_SECONDS in the environment: for so long, instead of four seconds; RELOAD_TEST: the name of the only test.
 */
#include "../../sensor/control/socket.h"
#include "../../sensor/engine.h"
#include "../../sensor/options.h"
#include "../../sensor/policy_file.h"
#include "../../sensor/name_files.h"
#include "../../sensor/reload.h"
#include "../../sensor/signature_folder.h"
#include "../../sensor/vocabulary.h"
#include "fake_port.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { EACH_MS = 3, HOSTS_A_SECOND = 1000 * EACH_MS / 2, RELOAD_MS = 100 };

static char folder[] = "/tmp/punchwatch-renewal.XXXXXX";
static char conf[80], policy[80], names[80], signature[96], eve[80], control[80];
static struct options options;
static struct capture *capture;
static struct counts counts;
static atomic_uint good, bad, other;
static unsigned signatures_last, seconds, hosts;

static void put(const char *path, const char *text)
{
	char other_path[128];
	FILE *f;

	snprintf(other_path, sizeof other_path, "%s.new", path);
	f = fopen(other_path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(rename(other_path, path), 0);
}

static void put_signatures(unsigned n)
{
	static char text[1 << 16];
	size_t at = 0;

	for (unsigned i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "- app: Example %u\n  sid: %u\n  title: An example\n  alert: 90\n  date: 2026-11-25\n"
		    "  evidence:\n    - {when: 'payload ^= \"EX%02u\" and payload.len > 20', weight: 60}\n    - {when: 'stun.software ^= \"EX%u\"', weight: 60}\n",
		    i, 9190001 + i, i, i);
	put(signature, text);
}

static void put_conf(const char *more)
{
	char text[1024];

	snprintf(text, sizeof text, "signatures: %s/signatures\ncapture: {user: \"\"}\ncrypto: {profile: \"\"}\nsession: {informational: true, settle: 1s, sessions: 200000, sockets: 200000, legs: 200000%s}\nflow: {states: 200000}\n"
	    "policy: {file: %s}\nnames: {hosts: [%s], networks: \"\"}\noutput: {eve: %s}\ncontrol: {socket: %s}\nstats: {interval: 1s}\n"
	    "health: {silence: 0, stall: 0, clock: 0}\n", folder, more, policy, names, eve, control);
	put(conf, text);
}

/* What the n-th reload finds: every other time something is broken, each time another thing. */
static bool prepare(unsigned n)
{
	put_conf(", update: 11min");
	put(policy, n % 4 == 0 ? "limit: {count: 1000000, period: 1h}\n" : "networks: [{name: all, nets: [10.0.0.0/8]}]\nlimit: {count: 1000000, period: 1h}\n");
	put(names, "10.1.0.1,pc-1\n");
	signatures_last = 1 + n % 20;
	put_signatures(signatures_last);
	switch (n % 8) {
	case 1:
		put(signature, "- app: Broken\n  sid: 1\n  evidence: nonsense\n");
		return false;
	case 3:
		put_conf(", settle: soon");
		return false;
	case 5:
		put(policy, "networks: [{nets: here}]\n");
		return false;
	case 7:
		unlink(names);
		return false;
	}
	return true;
}

static void *operator(void *ctx)
{
	unsigned n = 0;

	while (access(control, F_OK) != 0)
		usleep(10000);
	for (; n < seconds * 1000 / RELOAD_MS; n++) {
		bool right = prepare(n);
		int code = control_ask(control, "reload");

		/* A slow machine may not have come along yet. */
		for (unsigned i = 0; right && code != 0 && i < 50; i++) {
			usleep(RELOAD_MS * 1000);
			code = control_ask(control, "reload");
		}
		atomic_fetch_add(code == 0 && right ? &good : code == 2 && !right ? &bad : &other, 1);
		usleep(RELOAD_MS * 1000);
	}
	prepare(n = 12);
	for (unsigned i = 0; i < 100 && control_ask(control, "reload") != 0; i++)
		usleep(50000);
	atomic_fetch_add(&other, control_ask(control, "status") != 0);
	while (!fake_port_done(capture))
		usleep(100000);
	usleep(2500000);	/* what settles has settled */
	kill(getpid(), SIGTERM);
	return ctx;
}

/* In all segments of the journal; the newest has its name alone, too. */
static unsigned lines_with(const char *what)
{
	static char line[16384];
	struct dirent *entry;
	DIR *d = opendir(folder);
	unsigned n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		char path[400];
		FILE *f;

		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (strncmp(entry->d_name, "eve.json.", 9) != 0 || (f = fopen(path, "r")) == NULL)
			continue;
		while (fgets(line, sizeof line, f))
			n += strstr(line, what) != NULL;
		fclose(f);
	}
	closedir(d);
	return n;
}

static struct edition *read_again(void *ctx, const struct settings *now, FILE *say)
{
	return reload_read(ctx, now, options.names, say);
}

static void under_load(const char *workers)
{
	char jobs[8], *argv[] = {(char[]){"punchwatch"}, (char[]){"watch"}, (char[]){"-q"}, (char[]){"-i"}, (char[]){"fake0"}, (char[]){"-j"}, jobs,
	    (char[]){"-c"}, conf, NULL};
	enum { ARGC = 9 };
	char command[128];
	struct reload *again;
	sigset_t all, old;
	pthread_t thread;
	int rc;

	snprintf(jobs, sizeof jobs, "%s", workers);
	again = reload_new(ARGC, argv);
	memset(&counts, 0, sizeof counts);
	atomic_store(&good, 0);
	atomic_store(&bad, 0);
	prepare(0);
	assert_int_equal(options_parse(ARGC, argv, &options), -1);
	assert_true(signature_folder_load(&options) && policy_file_load(&options) && name_files_load(&options));
	capture = fake_port_new(hosts, EACH_MS, &counts);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	assert_int_equal(pthread_create(&thread, NULL, operator, NULL), 0);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	rc = engine_run(&(struct engine_run){
		.settings = &options.settings, .signatures = options.signatures, .policy = options.policy, .names = options.names,
		.captures = &capture, .n_captures = 1, .live = true, .counts = &counts, .reload = read_again, .reload_ctx = again,
	});
	pthread_join(thread, NULL);
	assert_int_equal(rc, 0);
	assert_int_equal(atomic_load(&other), 0);
	assert_true(atomic_load(&good) > 10 && atomic_load(&bad) > 10);
	assert_int_equal(counts.n[COUNT_PACKETS], 2 * hosts);
	assert_int_equal(lines_with("\"kind\":\"stun-discovery\""), hosts);
	assert_int_equal(lines_with("\"event_type\":\"flow\""), hosts);
	assert_true(lines_with("\"event_type\":\"stats\"") >= seconds);
	assert_true(lines_with("\"rules_loaded\":13,") > 0);
	capture_free(capture);
	signature_folder_free(&options);
	policy_file_free(&options);
	name_files_free(&options);
	reload_free(again);
	snprintf(command, sizeof command, "rm -f %s/eve* %s/.eve*", folder, folder);
	assert_int_equal(system(command), 0);
}

static void one_worker(void **state)
{
	(void)state;
	under_load("1");
}

static void two_workers(void **state)
{
	(void)state;
	under_load("2");
}

static int begin(void **state)
{
	char path[96];

	(void)state;
	seconds = getenv("RELOAD_SECONDS") != NULL ? (unsigned)atoi(getenv("RELOAD_SECONDS")) : 4;
	hosts = seconds * HOSTS_A_SECOND;
	vocabulary_register();
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/signatures", folder);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(conf, sizeof conf, "%s/conf.yaml", folder);
	snprintf(policy, sizeof policy, "%s/policy.yaml", folder);
	snprintf(names, sizeof names, "%s/names.csv", folder);
	snprintf(signature, sizeof signature, "%s/signatures/one.yaml", folder);
	snprintf(eve, sizeof eve, "%s/eve.json", folder);
	snprintf(control, sizeof control, "%s/control", folder);
	return 0;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "%s %s", getenv("KEEP") ? "echo" : "rm -rf", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_worker),
		cmocka_unit_test(two_workers),
	};

	cmocka_set_test_filter(getenv("RELOAD_TEST"));
	return cmocka_run_group_tests_name("renewal", tests, begin, end);
}
