/* main.c -- one command, one call. */
#include "check.h"
#include "commands.h"
#include "control/socket.h"
#include "crypto_file.h"
#include "handshakes.h"
#include "name_files.h"
#include "options.h"
#include "policy_file.h"
#include "reload.h"
#include "signature_folder.h"
#include "vocabulary.h"

#include "base/log.h"
#include "config/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int run(const struct options *options)
{
	switch (options->command) {
	case COMMAND_READ:
		return read_run(options);
	case COMMAND_WATCH:
		return watch_run(options);
	case COMMAND_EXPLAIN:
		return options->handshakes ? handshakes_run(options) : explain_run(options);
	case COMMAND_CHECK:
		return check_run(options);
	case COMMAND_STATUS:
	case COMMAND_RELOAD:
		return control_ask(options->settings.control.socket, options->command == COMMAND_STATUS ? "status" : "reload");
	}
	return EXIT_USAGE;
}

static bool asks_only(const struct options *options)
{
	return options->command == COMMAND_STATUS || options->command == COMMAND_RELOAD;
}

int main(int argc, char **argv)
{
	static struct options options;
	struct reload *again;
	int rc;

	vocabulary_register();		/* before anything is read that names facts */
	again = reload_new(argc, argv);
	rc = options_parse(argc, argv, &options);
	options.again = again;
	if (rc < 0 && !asks_only(&options)) {		/* each says what is wrong with its own */
		bool signatures = signature_folder_load(&options), policy = policy_file_load(&options), names = name_files_load(&options);
		bool crypto = crypto_file_load(&options);

		rc = signatures && policy && names && crypto ? rc : EXIT_USAGE;
	}
	if (rc < 0)
		rc = run(&options);
	signature_folder_free(&options);
	policy_file_free(&options);
	crypto_file_free(&options);
	name_files_free(&options);
	schema_free(&config_schema, &options.settings);
	reload_free(again);
	errno = 0;
	/* A table that did not fit on the disk is lost; one that nobody read to its end is not. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) {
		log_error("standard output: %s", errno ? strerror(errno) : "could not be written");
		rc = rc ? rc : EXIT_LOST;
	}
	return rc;
}
