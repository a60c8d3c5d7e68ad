/* check.c -- see check.h. */
#include "check.h"

#include "base/log.h"
#include "config/config.h"
#include "dry_run.h"
#include "policy/policy.h"
#include "signature/signature.h"
#include "vocabulary.h"

#include <stdio.h>

static void print_facts(void *ctx, const char *who, const struct fact_def *defs, size_t n)
{
	static const char *const types[] = {
		[FACT_FLAG] = "flag", [FACT_UINT] = "number", [FACT_ENDPOINT] = "endpoint", [FACT_BYTES] = "text",
	};

	(void)ctx;
	if (who == NULL)
		printf("common to all:\n");
	else
		printf("\n%s:\n", who);
	for (size_t i = 0; i < n; i++)
		printf("  %-24s %-9s %s\n", defs[i].name, types[defs[i].type], defs[i].about);
}

static int show(const struct options *o)
{
	if (signatures_print_some(o->signatures, o->show, stdout) > 0)
		return EXIT_OK;
	log_error("--show: no signature's number, application or file fits %s", o->show);
	return EXIT_USAGE;
}

static int show_rules(const struct options *o)
{
	if (o->policy != NULL) {
		policy_print(o->policy, stdout);
		return EXIT_OK;
	}
	log_error("--rules: there is no policy (--policy FILE, or policy.file in the configuration)");
	return EXIT_USAGE;
}

static void print_all(const struct options *o)
{
	schema_print(&config_schema, &o->settings, stdout);
	if (signatures_n(o->signatures) == 0)
		printf("# no signatures\n");
	else
		printf("# %u signatures with %u lines; --show prints them\n", signatures_n(o->signatures), signatures_lines(o->signatures));
}

int check_run(const struct options *o)
{
	int rc = EXIT_OK;

	if (o->facts)
		vocabulary_walk(print_facts, NULL);
	else if (o->dry_run)
		rc = dry_run(o);
	else if (o->rules)
		rc = show_rules(o);
	else if (o->show != NULL)
		rc = show(o);
	else if (!o->quiet)
		print_all(o);
	/* A full disk or a closed pipe: what was asked for is not there. */
	return fflush(stdout) == 0 && !ferror(stdout) ? rc : EXIT_LOST;
}
