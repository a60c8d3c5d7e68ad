/* options.c -- see options.h: from argv and the configuration file to settings. */
#include "options.h"

#include "base/log.h"
#include "base/version.h"
#include "capture/filter.h"
#include "config/config.h"
#include "control/address.h"
#include "crypto_file.h"
#include "help.h"
#include "option_table.h"
#include "output/output.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTIONS_MAX = 64, GIVEN_MAX = 128, KEYS_MAX = 128, LONG_ONLY = 256, NAME_MAX_BYTES = 96 };

static const char PROGRAM[] = "punchwatch";

/* An option as it was given; it is applied after the file. */
struct given {
	const struct option_def *def;
	char *text;		/* its argument, in argv; or NULL */
};

struct parsing {
	struct options *options;
	bool password_said;
	struct mistakes mistakes;
	const struct command_def *command;
	char **operands;	/* command first; at the front of argv */
	unsigned n_operands;
	struct given given[GIVEN_MAX];
	unsigned n_given;
	unsigned lines[KEYS_MAX];	/* where the file gave each key, or 0 */
	bool help, version;
};

_Static_assert(OPTIONS_MAX < LONG_ONLY, "an option's number looks like a letter");

static void say(struct parsing *p, const char *option, const char *what)
{
	mistake(&p->mistakes, PROGRAM, 0, option, "%s", what);
}

/* "--ring", for messages; with what was given to it, "--set flow.flows". */
static const char *name_of(const struct option_def *def, const char *text, char to[static NAME_MAX_BYTES])
{
	if (def->what == OPTION_SET && text && strchr(text, '='))
		snprintf(to, NAME_MAX_BYTES, "--%s %.*s", def->name, (int)strcspn(text, "="), text);
	else
		snprintf(to, NAME_MAX_BYTES, "--%s", def->name);
	return to;
}

/* --- argv, by getopt_long --- */

/* The tables as getopt wants them. An operand comes as option 1 ('-'), a missing argument as ':'. */
static void getopt_tables(char letters[static OPTIONS_MAX * 2 + 3], struct option longs[static OPTIONS_MAX + 1])
{
	size_t n = 0;

	letters[n++] = '-';
	letters[n++] = ':';
	for (unsigned i = 0; i < n_options && i < OPTIONS_MAX; i++) {
		const struct option_def *def = &option_defs[i];

		longs[i] = (struct option){.name = def->name, .val = LONG_ONLY + (int)i,
			.has_arg = !def->argument ? no_argument : def->value ? optional_argument : required_argument};
		if (def->letter) {
			letters[n++] = def->letter;
			if (def->argument)
				letters[n++] = ':';
		}
	}
	letters[n] = '\0';
	longs[n_options] = (struct option){0};
}

static const struct option_def *def_of(int value)
{
	if (value >= LONG_ONLY)
		return &option_defs[value - LONG_ONLY];
	for (unsigned i = 0; i < n_options; i++)
		if (option_defs[i].letter == value)
			return &option_defs[i];
	return NULL;
}

/* getopt did not know what stands in `word`, or it may be the beginning of several names. */
static void say_unknown(struct parsing *p, const char *word)
{
	char name[NAME_MAX_BYTES], what[SCHEMA_WHY], letter[3] = {'-', (char)optopt, '\0'};
	struct nearest near;

	if (optopt >= LONG_ONLY) {
		say(p, name_of(def_of(optopt), NULL, name), "takes no argument");
		return;
	}
	if (optopt != 0) {
		say(p, letter, "unknown option");
		return;
	}
	snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
	near = nearest_begin(name + 2);
	for (unsigned i = 0; i < n_options; i++)
		nearest_try(&near, option_defs[i].name);
	if (near.found)
		snprintf(what, sizeof what, "unknown option; did you mean --%s?", near.found);
	else
		snprintf(what, sizeof what, "unknown option");
	say(p, name, what);
}

static void take_option(struct parsing *p, const struct option_def *def, char *text)
{
	struct options *o = p->options;

	switch (def->what) {
	case OPTION_CONFIG:
		o->config = text;
		break;
	case OPTION_QUIET:
		o->quiet = true;
		o->verbose = false;
		break;
	case OPTION_VERBOSE:
		o->verbose = true;
		o->quiet = false;
		break;
	case OPTION_HANDSHAKES:
		o->handshakes = true;
		break;
	case OPTION_RULES:
		o->rules = true;
		break;
	case OPTION_DRY_RUN:
		o->dry_run = true;
		break;
	case OPTION_FACTS:
		o->facts = true;
		break;
	case OPTION_MESSAGES:
		o->messages = true;
		break;
	case OPTION_SHOW:
		o->show = text != NULL ? text : def->value;
		break;
	case OPTION_HELP:
		p->help = true;
		break;
	case OPTION_VERSION:
		p->version = true;
		break;
	default:
		break;
	}
	/* Noted in any case: whether the command takes it is not known yet. */
	if (p->n_given < GIVEN_MAX)
		p->given[p->n_given++] = (struct given){def, text};
	else
		say(p, NULL, "too many options");
}

/* Operands are moved to the front of argv, where getopt has been already. */
static void parse_argv(struct parsing *p, int argc, char **argv)
{
	char letters[OPTIONS_MAX * 2 + 3], name[NAME_MAX_BYTES];
	struct option longs[OPTIONS_MAX + 1];
	int value;

	getopt_tables(letters, longs);
	p->operands = argv + (argc > 0);
	opterr = 0;
	optind = 0;		/* glibc: start anew, with new tables */
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (value == 1)
			p->operands[p->n_operands++] = optarg;
		else if (value == ':')
			say(p, name_of(def_of(optopt), NULL, name), "needs an argument");
		else if (value == '?')
			say_unknown(p, argv[optind - 1]);
		else
			take_option(p, def_of(value), optarg);
	}
	for (; optind < argc; optind++)		/* behind -- */
		p->operands[p->n_operands++] = argv[optind];
}

/* --- command --- */

static const struct command_def *command_find(const char *name)
{
	for (unsigned i = 0; i < n_commands; i++)
		if (strcmp(command_defs[i].name, name) == 0)
			return &command_defs[i];
	return NULL;
}

static void say_unknown_command(struct parsing *p, const char *name)
{
	struct nearest near = nearest_begin(name);
	char what[SCHEMA_WHY];

	for (unsigned i = 0; i < n_commands; i++)
		nearest_try(&near, command_defs[i].name);
	if (near.found)
		snprintf(what, sizeof what, "unknown command; did you mean %s?", near.found);
	else if (access(name, F_OK) == 0)
		snprintf(what, sizeof what, "is a file, not a command; did you mean `punchwatch read %.100s`?", name);
	else
		snprintf(what, sizeof what, "unknown command");
	say(p, name, what);
}

/* The command and what follows it. Returns -1 to go on, or the exit code. */
static int take_command(struct parsing *p)
{
	bool help = p->help;

	if (p->version) {
		printf("punchwatch %s\n", PW_VERSION);
		return EXIT_OK;
	}
	if (p->n_operands > 0 && strcmp(p->operands[0], "help") == 0) {
		help = true;
		p->operands++;
		p->n_operands--;
	}
	if (p->n_operands > 0) {
		p->command = command_find(p->operands[0]);
		if (!p->command)
			say_unknown_command(p, p->operands[0]);
	}
	if (help && (p->command || p->n_operands == 0)) {
		help_print(stdout, p->command);
		return EXIT_OK;
	}
	if (p->command)
		return -1;
	if (p->n_operands == 0 && p->mistakes.n == 0)
		help_print(stderr, NULL);
	else
		fprintf(stderr, "punchwatch: try `punchwatch --help`\n");
	return EXIT_USAGE;
}

static void check_options(struct parsing *p)
{
	unsigned bit = 1u << (p->command - command_defs);
	char name[NAME_MAX_BYTES], what[SCHEMA_WHY];

	for (unsigned i = 0; i < p->n_given; i++) {
		const struct option_def *def = p->given[i].def;
		int n;

		if (def->commands & bit)
			continue;
		n = snprintf(what, sizeof what, "is no option of %s, but of", p->command->name);
		for (unsigned j = 0; j < n_commands; j++)
			if (def->commands >> j & 1)
				n += snprintf(what + n, sizeof what - (size_t)n, " %s", command_defs[j].name);
		say(p, name_of(def, NULL, name), what);
	}
}

static void check_operands(struct parsing *p)
{
	const struct options *o = p->options;
	const char *name = p->command->name;
	char what[SCHEMA_WHY];
	unsigned stdins = 0;

	if ((p->command->takes_files || o->dry_run) && o->n_files == 0)
		say(p, name, "which file? - is standard input");
	for (unsigned i = 0; i < o->n_files; i++)
		stdins += strcmp(o->files[i], "-") == 0;
	if (stdins > 1)
		say(p, name, "standard input (-) can be read only once");
	if (!p->command->takes_files && !o->dry_run && o->n_files > 0) {
		snprintf(what, sizeof what, o->command == COMMAND_CHECK ? "takes no files; did you mean -c %.100s?" :
		    "takes no files; did you mean `punchwatch read %.100s`?", o->files[0]);
		say(p, name, what);
	}
	if (o->command == COMMAND_WATCH && o->settings.capture.n_interfaces == 0)
		say(p, name, "on which interface? -i IFACE, or capture.interfaces in the configuration");
}

/* --- settings --- */

/* What the file names without a / in front stands beside it. As a whole path, so that `check` prints what loads again from
 * anywhere. */
static void find_beside(struct parsing *p, char path[static SETTING_PATH])
{
	char *config, *slash, name[SETTING_PATH];

	if (path[0] == '\0' || path[0] == '/')
		return;
	config = realpath(p->options->config, NULL);
	slash = config ? strrchr(config, '/') : NULL;
	memcpy(name, path, sizeof name);
	if (slash && snprintf(path, SETTING_PATH, "%.*s/%s", (int)(slash - config), config, name) >= SETTING_PATH)
		mistake(&p->mistakes, p->options->config, 0, "policy.file", "is too long a path");
	free(config);
}

static void load_file(struct parsing *p)
{
	struct options *o = p->options;
	bool must = o->config || o->command == COMMAND_WATCH || o->command == COMMAND_CHECK;

	if (!o->config) {
		if (access(CONFIG_FILE, F_OK) != 0)
			return;
		/* An analyst may read captures on a machine whose sensor is not theirs to look into. */
		if (!must && access(CONFIG_FILE, R_OK) != 0) {
			log_warn("%s may not be read: going on with the defaults", CONFIG_FILE);
			return;
		}
		o->config = CONFIG_FILE;
	}
	log_debug("configuration: %s", o->config);
	config_load(o->config, &o->settings, p->lines, &p->mistakes);
	find_beside(p, o->settings.policy.file);
}

/* --set KEY=VALUE. */
static const char *set_pair(const char *pair, void *to, char why[static SCHEMA_WHY])
{
	size_t n = strcspn(pair, "=");
	char key[64];

	if (pair[n] != '=' || n >= sizeof key)
		return "is not KEY=VALUE";
	memcpy(key, pair, n);
	key[n] = '\0';
	return schema_set(&config_schema, key, pair + n + 1, to, why);
}

/* The first of a repeatable option replaces what the file said. */
static const char *add_item(struct parsing *p, unsigned i, char why[static SCHEMA_WHY])
{
	const struct given *g = &p->given[i];
	bool first = true;

	for (unsigned j = 0; j < i; j++)
		first = first && p->given[j].def != g->def;
	if (first)
		schema_set(&config_schema, g->def->key, "", &p->options->settings, why);
	return schema_add(&config_schema, g->def->key, g->text, &p->options->settings, why);
}

static void apply_options(struct parsing *p)
{
	for (unsigned i = 0; i < p->n_given; i++) {
		const struct given *g = &p->given[i];
		const char *wrong = NULL;
		char name[NAME_MAX_BYTES], why[SCHEMA_WHY];

		if (g->def->what == OPTION_KEY)
			wrong = schema_set(&config_schema, g->def->key, g->text ? g->text : g->def->value, &p->options->settings, why);
		else if (g->def->what == OPTION_ADD)
			wrong = add_item(p, i, why);
		else if (g->def->what == OPTION_SET)
			wrong = set_pair(g->text, &p->options->settings, why);
		if (wrong)
			say(p, name_of(g->def, g->text, name), wrong);
		if (g->text && uri_hide_password(g->text) && !p->password_said) {	/* of argv: it has been copied, and ps need not show it */
			log_warn("a password on the command line can be seen by others while the program starts: better in a file "
			    "(password_file=PATH in the address) or in PUNCHWATCH_REDIS_PASSWORD");
			p->password_said = true;
		}
	}
}

/* A value that is wrong though its text is right, at the place that gave it: the last option that did, else the file. */
static void say_of_key(struct parsing *p, const char *key, const char *what)
{
	const struct schema_row *row = schema_find(&config_schema, key);
	size_t n = strlen(key);
	char name[NAME_MAX_BYTES];

	for (unsigned i = p->n_given; i-- > 0;) {
		const struct given *g = &p->given[i];

		if ((g->def->key && strcmp(g->def->key, key) == 0) ||
		    (g->def->what == OPTION_SET && strncmp(g->text, key, n) == 0 && g->text[n] == '=')) {
			say(p, name_of(g->def, g->text, name), what);
			return;
		}
	}
	mistake(&p->mistakes, p->options->config ? p->options->config : PROGRAM, p->lines[row - config_schema.rows], key, "%s", what);
}

static void check_sinks(struct parsing *p)
{
	const struct sink_list *l = &p->options->settings.output.sinks;
	char why[SCHEMA_WHY], text[SCHEMA_WHY + 64];

	for (unsigned i = 0; i < l->n; i++) {
		if (!output_address_right(l->items[i].to, why, sizeof why)) {
			snprintf(text, sizeof text, "%s: to: %s", l->items[i].name, why);
			say_of_key(p, "output.sinks", text);
		}
		for (unsigned k = 0; k < i; k++)
			if (strcmp(l->items[i].name, l->items[k].name) == 0) {
				snprintf(text, sizeof text, "two are called %s", l->items[i].name);
				say_of_key(p, "output.sinks", text);
			}
	}
}

/* What the rows of the schema cannot say. */
static void check_settings(struct parsing *p)
{
	const struct settings *s = &p->options->settings;
	char why[SCHEMA_WHY];

	if (s->flow.stream_bytes > s->flow.stream_pool_bytes)
		say_of_key(p, "flow.stream", "is larger than flow.stream_pool");
	if (*s->output.redis && !output_address_right(s->output.redis, why, sizeof why))
		say_of_key(p, "output.redis", why);
	check_sinks(p);
	if (*s->control.http && !address_right(s->control.http, why))
		say_of_key(p, "control.http", why);
	if (*s->capture.filter && !filter_right(s->capture.filter, why, sizeof why))
		say_of_key(p, "capture.filter", why);
	/* The default may be missing where nothing was installed: that is no mistake of who wrote this. */
	if (strcmp(s->crypto.profile, schema_find(&config_schema, "crypto.profile")->fallback) != 0 &&
	    !crypto_file_known(s->crypto.profile, why, sizeof why))
		say_of_key(p, "crypto.profile", why);
}

int options_parse_again(int argc, char **argv, struct options *o, FILE *say_to)
{
	struct parsing p = {.options = o, .mistakes.to = say_to};
	int code;

	memset(o, 0, sizeof *o);
	o->say = say_to;
	parse_argv(&p, argc, argv);
	if (say_to == stderr)
		log_level_set(o->quiet ? LOG_WARN : o->verbose ? LOG_DEBUG : LOG_INFO);
	code = take_command(&p);
	if (code >= 0)
		return code;
	o->command = (enum command)(p.command - command_defs);
	o->files = (const char *const *)(p.operands + 1);
	o->n_files = p.n_operands - 1;
	settings_defaults(&o->settings);
	check_options(&p);
	load_file(&p);
	apply_options(&p);
	if (p.mistakes.n == 0)
		check_settings(&p);
	check_operands(&p);
	if (p.mistakes.n > 0)
		return EXIT_USAGE;
	if (o->command != COMMAND_CHECK || o->dry_run)	/* check prints what was written, which may be for another machine */
		settings_decide(&o->settings, o->command == COMMAND_WATCH, o->command == COMMAND_EXPLAIN && o->verbose);
	if (o->command == COMMAND_EXPLAIN || o->dry_run)
		o->settings.workers = 1;	/* what they print, they print as it comes */
	o->settings.session.openings = o->messages || o->handshakes;
	return -1;
}

int options_parse(int argc, char **argv, struct options *o)
{
	return options_parse_again(argc, argv, o, stderr);
}
