/* option_table.h -- the commands and options there are: what options.c parses and help.c prints. */
#ifndef PW_OPTION_TABLE_H
#define PW_OPTION_TABLE_H

#include "beside.h"
#include "options.h"

/* Read if -c names no other and it exists. */
#define CONFIG_FILE SITE_FOLDER "/punchwatch.yaml"

struct command_def {
	const char *name;
	const char *operands;		/* as the usage line has them: "FILE..." */
	bool takes_files;		/* at least one; otherwise none */
	const char *about;		/* one line */
	const char *more;		/* what else one must know, in paragraphs */
	const char *examples;		/* lines of a command and what it does */
};

enum option_what {
	OPTION_KEY,			/* sets a key of the configuration */
	OPTION_ADD,			/* adds an item to a list of the configuration; the first one replaces the file's */
	OPTION_SET,			/* KEY=VALUE: sets any key */
	OPTION_CONFIG, OPTION_QUIET, OPTION_VERBOSE, OPTION_FACTS, OPTION_RULES, OPTION_HANDSHAKES, OPTION_DRY_RUN, OPTION_SHOW, OPTION_MESSAGES, OPTION_HELP, OPTION_VERSION,
};

enum {
	FOR_READ = 1 << COMMAND_READ, FOR_WATCH = 1 << COMMAND_WATCH, FOR_EXPLAIN = 1 << COMMAND_EXPLAIN,
	FOR_CHECK = 1 << COMMAND_CHECK,
	FOR_ALL = FOR_READ | FOR_WATCH | FOR_EXPLAIN | FOR_CHECK,
	FOR_ASK = 1 << COMMAND_STATUS | 1 << COMMAND_RELOAD,
	FOR_EVERY = FOR_ALL | FOR_ASK,
};

struct option_def {
	char letter;			/* 0: none */
	const char *name;
	enum option_what what;
	unsigned commands;		/* FOR_ bits */
	const char *argument;		/* "FILE"; NULL: takes none */
	const char *value;		/* OPTION_KEY: what is set if no argument was given; with .argument it is optional */
	const char *key;		/* OPTION_KEY, OPTION_ADD */
	const char *about;		/* NULL: the key's own line */
};

extern const struct command_def command_defs[];
extern const struct option_def option_defs[];
extern const unsigned n_commands, n_options;

#endif
