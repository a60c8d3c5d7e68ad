/* options_test.c -- the command line: what each option sets, who wins, and what is said when something is wrong. */
#include "../test.h"

#include "../../sensor/base/log.h"
#include "../../sensor/config/config.h"
#include "../../sensor/option_table.h"

static struct options o;
static char said[16384];	/* stdout and stderr together */
static char line[1024], *argv[200];	/* as writable and long-lived as the real ones: options point into them */

/* Run options_parse() on words separated by spaces ("%" stands for a space in a word). */
static int parse(const char *words)
{
	char *at = line, *word;
	int argc = 0, code, out = dup(1), err = dup(2);
	FILE *to = tmpfile();

	assert_non_null(to);
	snprintf(line, sizeof line, "punchwatch %s", words);
	while ((word = strsep(&at, " ")) != NULL && argc < 199) {
		for (char *c = word; *c; c++)
			*c = *c == '%' ? ' ' : *c;
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	fflush(stdout);
	dup2(fileno(to), 1);
	dup2(fileno(to), 2);
	code = options_parse(argc, argv, &o);
	fflush(stdout);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	rewind(to);
	said[fread(said, 1, sizeof said - 1, to)] = '\0';
	fclose(to);
	return code;
}

static void good(const char *words)
{
	int code = parse(words);

	if (code != -1)
		fail_msg("%s: %d: %s", words, code, said);
	assert_string_equal(said, "");
}

/* What is said begins with `wanted`, and it ends with 2. */
static void bad(const char *words, const char *wanted)
{
	assert_int_equal(parse(words), EXIT_USAGE);
	if (strncmp(said, wanted, strlen(wanted)) != 0)
		fail_msg("%s\nwanted: %s\nsaid:   %s", words, wanted, said);
}

static void commands_and_files(void **state)
{
	(void)state;
	good("read a.pcap b.pcap -");
	assert_int_equal(o.command, COMMAND_READ);
	assert_int_equal(o.n_files, 3);
	assert_string_equal(o.files[0], "a.pcap");
	assert_string_equal(o.files[2], "-");
	assert_null(o.config);
	good("-q read a.pcap");
	assert_true(o.quiet);
	good("read a.pcap -v b.pcap");		/* options anywhere */
	assert_true(o.verbose && !o.quiet);
	assert_int_equal(o.n_files, 2);
	assert_string_equal(o.files[1], "b.pcap");
	good("read -- -q --eve");		/* behind --, nothing is an option */
	assert_int_equal(o.n_files, 2);
	assert_string_equal(o.files[0], "-q");
	good("explain a.pcap");
	assert_int_equal(o.command, COMMAND_EXPLAIN);
	good("watch -i eth0");
	assert_int_equal(o.command, COMMAND_WATCH);
	good("check");
	assert_int_equal(o.command, COMMAND_CHECK);
	good("check --facts");
	assert_true(o.facts);
}

static void options_work_where_posix_wants_them_first(void **state)
{
	(void)state;
	setenv("POSIXLY_CORRECT", "1", 1);
	good("read a.pcap --severity 1 b.pcap");
	unsetenv("POSIXLY_CORRECT");
	assert_int_equal(o.settings.session.severity, 1);
	assert_int_equal(o.n_files, 2);
}

static void each_option_sets_its_key(void **state)
{
	(void)state;
	good("read --home 10.0.0.0/8,192.0.2.0/24 --placement outside -f udp%port%3478 --eve - --eve-profile full "
	    "--redis redis://h/0 --severity 2 --informational=no --no-ndpi -j 1 x");
	assert_int_equal(o.settings.home.home.n, 2);
	assert_true(o.settings.home.configured && o.settings.home.outside);
	assert_string_equal(o.settings.capture.filter, "udp port 3478");
	assert_string_equal(o.settings.output.eve, "-");
	assert_int_equal(o.settings.eve.profile, PROFILE_FULL);
	assert_true(o.settings.session.detail);
	assert_string_equal(o.settings.output.redis, "redis://h/0");
	assert_int_equal(o.settings.session.severity, 2);
	assert_false(o.settings.session.informational);
	assert_false(o.settings.ndpi.enabled);

	good("watch -i eth0 -ieth1 --interface=eth2 --ring 256MiB --user nobody --informational");
	assert_int_equal(o.settings.capture.n_interfaces, 3);
	assert_string_equal(o.settings.capture.interface[2], "eth2");
	assert_int_equal(o.settings.capture.ring_bytes, 256 << 20);
	assert_string_equal(o.settings.capture.user, "nobody");
	assert_true(o.settings.session.informational);

	good("read --set flow.flows=200000 --set=session.update=1h --set eve.host=a=b x");
	assert_int_equal(o.settings.flow.flows, 200000);
	assert_int_equal(o.settings.session.update_s, 3600);
	assert_string_equal(o.settings.eve.host, "a=b");
}

static void informational_and_detail_depend_on_the_command(void **state)
{
	(void)state;
	good("read x");
	assert_true(o.settings.session.informational);
	assert_false(o.settings.session.detail);
	good("explain x");
	assert_true(o.settings.session.informational);
	assert_false(o.settings.session.detail);
	good("explain -v x");
	assert_true(o.settings.session.detail);
	good("watch -i eth0");
	assert_false(o.settings.session.informational);
	good("read -v x");
	assert_false(o.settings.session.detail);
}

static void the_command_line_wins_over_the_file(void **state)
{
	char path[] = "/tmp/punchwatch-options-XXXXXX", words[200];
	const char *text = "capture:\n  interfaces: [mon0, mon1]\n  ring: 32MiB\n  retire: 7ms\nhome: [192.0.2.0/24]\n";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	snprintf(words, sizeof words, "watch -c %s", path);
	good(words);
	assert_string_equal(o.config, path);
	assert_int_equal(o.settings.capture.n_interfaces, 2);
	assert_int_equal(o.settings.home.home.n, 1);
	snprintf(words, sizeof words, "watch --ring 8MiB -i eth0 --home private -c %s", path);
	good(words);
	assert_int_equal(o.settings.capture.n_interfaces, 1);
	assert_string_equal(o.settings.capture.interface[0], "eth0");
	assert_int_equal(o.settings.capture.ring_bytes, 8 << 20);
	assert_int_equal(o.settings.capture.retire_ms, 7);
	assert_true(o.settings.home.home.n > 1);

	snprintf(words, sizeof words, "read -v -c %s x", path);
	assert_int_equal(parse(words), -1);
	assert_non_null(strstr(said, path));	/* -v says which file it was */
	unlink(path);
	snprintf(words, sizeof words, "read -c %s --severity 9 x", path);
	assert_int_equal(parse(words), EXIT_USAGE);
	assert_non_null(strstr(said, ": cannot be read: No such file"));
	assert_non_null(strstr(said, "punchwatch: --severity: '9' is out of range: 1 to 3\n"));	/* and all else */
	log_level_set(LOG_INFO);
}

static void mistakes_are_said(void **state)
{
	(void)state;
	bad("red x", "punchwatch: red: unknown command; did you mean read?\n");
	bad("frobnicate", "punchwatch: frobnicate: unknown command\n");
	bad("README.md", "punchwatch: README.md: ");
	bad("/dev/null", "punchwatch: /dev/null: is a file, not a command; did you mean `punchwatch read /dev/null`?");
	bad("read", "punchwatch: read: which file?");
	bad("explain", "punchwatch: explain: which file?");
	bad("watch", "punchwatch: watch: on which interface?");
	bad("read - a -", "punchwatch: read: standard input (-) can be read only once\n");
	bad("watch -i eth0 a.pcap", "punchwatch: watch: takes no files; did you mean `punchwatch read a.pcap`?\n");
	bad("check a.yaml", "punchwatch: check: takes no files; did you mean -c a.yaml?\n");
	bad("read --serverity 1 x", "punchwatch: --serverity: unknown option; did you mean --severity?\n");
	bad("read --eve-profil9=1 x", "punchwatch: --eve-profil9: unknown option; did you mean --eve-profile?\n");
	bad("read --frob x", "punchwatch: --frob: unknown option\n");
	bad("read -X x", "punchwatch: -X: unknown option\n");
	bad("read x --severity", "punchwatch: --severity: needs an argument\n");
	bad("read x -f", "punchwatch: --filter: needs an argument\n");
	bad("read --quiet=1 x", "punchwatch: --quiet: takes no argument\n");
	bad("read --no-ndpi=1 x", "punchwatch: --no-ndpi: takes no argument\n");
	bad("read -i eth0 x", "punchwatch: --interface: is no option of read, but of watch check\n");
	bad("explain --eve - x", "punchwatch: --eve: is no option of explain, but of read watch check\n");
	bad("read --eve-profile 9 x", "punchwatch: --eve-profile: '9' is not one of 7, 8, full\n");
	bad("read --home 10.0.0.0/8,10.0.0 x", "punchwatch: --home: '10.0.0' is not a network");
	bad("read -j 0 x", "punchwatch: --workers: ");
	bad("explain -j 2 x", "punchwatch: --workers: is no option of explain, but of read watch check\n");
	bad("read --set flow.flow=1 x", "punchwatch: --set flow.flow: unknown key flow.flow; did you mean flow.flows?\n");
	bad("read --set flow.flows x", "punchwatch: --set: is not KEY=VALUE\n");
	bad("read --set flow.stream_pool=1MiB --set flow.stream=2MiB x", "punchwatch: --set flow.stream: is larger than flow.stream_pool\n");
	bad("read -f udp%prot%53 x", "punchwatch: --filter: ");
	bad("read --redis http://h x", "punchwatch: --redis: ");
	bad("watch --ring 64MB -i eth0123456789012345678901234567890123456789012345678901234567890123",
	    "punchwatch: --ring: '64MB' has an unknown unit: B, KiB, MiB and GiB are known\n"
	    "punchwatch: --interface: 'eth01234567890123456...' is longer than 63 bytes\n");
}

static void a_wrong_value_is_said_where_it_was_given(void **state)
{
	char path[] = "/tmp/punchwatch-options-XXXXXX", words[200], wanted[200];
	const char *text = "capture:\n  filter: not a filter\noutput:\n  redis: 'http://u:geheim@h'\nflow:\n  stream: 2MiB\n  stream_pool: 1MiB\n";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	snprintf(words, sizeof words, "check -c %s", path);
	snprintf(wanted, sizeof wanted, "%s:6: flow.stream: is larger than flow.stream_pool\n%s:4: output.redis: ", path, path);
	bad(words, wanted);
	snprintf(wanted, sizeof wanted, "\n%s:2: capture.filter: ", path);
	assert_non_null(strstr(said, wanted));
	assert_null(strstr(said, "geheim"));
	snprintf(words, sizeof words, "check -c %s -f udp --redis redis://h --set flow.stream=1MiB", path);
	assert_int_equal(parse(words), -1);
	unlink(path);
}

static void help_and_version(void **state)
{
	(void)state;
	assert_int_equal(parse("--help"), EXIT_OK);
	assert_non_null(strstr(said, "commands:"));
	assert_int_equal(parse("-h"), EXIT_OK);
	assert_int_equal(parse("help"), EXIT_OK);
	assert_non_null(strstr(said, "commands:"));
	assert_int_equal(parse("help watch"), EXIT_OK);
	assert_non_null(strstr(said, "usage: punchwatch watch"));
	assert_int_equal(parse("read --nonsense --help"), EXIT_OK);
	assert_non_null(strstr(said, "usage: punchwatch read"));
	assert_int_equal(parse("--version"), EXIT_OK);
	assert_true(strncmp(said, "punchwatch ", 11) == 0);
	bad("help rad", "punchwatch: rad: unknown command; did you mean read?\n");
	assert_int_equal(parse("-q"), EXIT_USAGE);
	assert_non_null(strstr(said, "usage: punchwatch COMMAND"));
}

static void nobody_sees_a_password_in_argv(void **state)
{
	(void)state;
	assert_int_equal(parse("read x --redis redis://u:geheim@h/0 --set output.eve=redis://a:topsecret@b"), -1);
	assert_non_null(strstr(said, "a password on the command line can be seen"));
	assert_null(strstr(strstr(said, "can be seen") + 1, "can be seen"));
	assert_null(strstr(said, "geheim"));
	assert_string_equal(o.settings.output.redis, "redis://u:geheim@h/0");
	for (size_t i = 0; i + 6 < sizeof line; i++)
		assert_true(memcmp(line + i, "geheim", 6) != 0 && memcmp(line + i, "topsec", 6) != 0);
}

static void options_are_bounded(void **state)
{
	char words[1000] = "read x";

	(void)state;
	for (unsigned i = 0; i < 128; i++)
		strcat(words, " -q");
	good(words);
	strcat(words, " -q");
	bad(words, "punchwatch: too many options\n");
	log_level_set(LOG_INFO);
}

static void the_tables_fit_together(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_options; i++) {
		const struct option_def *def = &option_defs[i];

		assert_true(def->commands != 0);
		assert_true(def->about || def->key);
		if (def->what == OPTION_KEY || def->what == OPTION_ADD) {
			char why[SCHEMA_WHY];
			static struct settings s;

			assert_non_null(schema_find(&config_schema, def->key));
			settings_defaults(&s);
			if (def->value)
				assert_null(schema_set(&config_schema, def->key, def->value, &s, why));
		}
		for (unsigned j = 0; j < i; j++) {
			assert_string_not_equal(def->name, option_defs[j].name);
			assert_true(!def->letter || def->letter != option_defs[j].letter);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_and_files),
		cmocka_unit_test(options_work_where_posix_wants_them_first),
		cmocka_unit_test(each_option_sets_its_key),
		cmocka_unit_test(informational_and_detail_depend_on_the_command),
		cmocka_unit_test(the_command_line_wins_over_the_file),
		cmocka_unit_test(mistakes_are_said),
		cmocka_unit_test(a_wrong_value_is_said_where_it_was_given),
		cmocka_unit_test(help_and_version),
		cmocka_unit_test(nobody_sees_a_password_in_argv),
		cmocka_unit_test(options_are_bounded),
		cmocka_unit_test(the_tables_fit_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
