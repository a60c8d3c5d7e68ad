/* options.h -- the command line: which command, on what, with which settings.
 *
 * One table names the commands, one the options. Most options are only another name for a key of the configuration, so
 * the command line and the file cannot differ in what they accept. Order: defaults, the file, the command line.
 */
#ifndef PW_OPTIONS_H
#define PW_OPTIONS_H

#include "config/settings.h"

#include <stdio.h>

enum command { COMMAND_READ, COMMAND_WATCH, COMMAND_EXPLAIN, COMMAND_CHECK, COMMAND_STATUS, COMMAND_RELOAD };

/* Exit codes of the program (design: Command line). */
enum {
	EXIT_OK = 0,
	EXIT_LOST = 1,		/* done, but something was lost or cut short */
	EXIT_USAGE = 2,		/* usage or configuration */
	EXIT_NOTHING = 3,	/* nothing could be read */
};

struct crypto_profile;
struct policy;
struct names;
struct reload;
struct signatures;

struct options {
	enum command command;
	const char *const *files;	/* read, explain: at least one; "-" is stdin. Part of argv */
	unsigned n_files;
	const char *config;		/* the file that was read, or NULL; part of argv, or a constant */
	bool quiet, verbose;		/* log_level_set() has been called accordingly */
	bool facts;			/* check --facts */
	bool messages;			/* explain --messages */
	bool rules;			/* check --rules */
	bool handshakes;		/* explain --handshakes */
	bool dry_run;			/* check --dry-run */
	const char *show;		/* check --show, or NULL; part of argv */
	const struct signatures *signatures;	/* NULL until they are loaded, or if there are none (signature_folder.h) */
	struct crypto_profile *crypto;	/* NULL until it is loaded, or if there is none (crypto_file.h) */
	struct policy *policy;		/* NULL until it is loaded, or if there is none (policy_file.h) */
	struct names *names;		/* the same (name_files.h) */
	FILE *say;			/* where mistakes in files are said */
	uint64_t signatures_ns;		/* when the newest file of signatures was changed; 0: there are none */
	struct reload *again;		/* watch: how to read all this again; NULL: it cannot be (main.c) */
	struct settings settings;	/* decided (config.h), except for check, which prints what was written */
};

/* Read argv and the configuration into `options` (about 10 KiB: have it static). Returns -1 to go on, or the exit code to
 * end with, once everything that had to be said has been said: help and version on stdout (EXIT_OK), every mistake on
 * stderr (EXIT_USAGE). argv is reordered, operands first, and a password in --redis is overwritten, so that it does not
 * show in the list of processes. */
int options_parse(int argc, char **argv, struct options *);
/* The same while it runs: mistakes go to `say`, and what is logged stays as it is. */
int options_parse_again(int argc, char **argv, struct options *, FILE *say);

#endif
