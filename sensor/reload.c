/* reload.c -- see reload.h. */
#include "reload.h"

#include "base/log.h"
#include "config/config.h"
#include "crypto_file.h"
#include "name_files.h"
#include "names/names.h"
#include "options.h"
#include "policy/judge.h"
#include "policy_file.h"
#include "signature_folder.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct reload {
	int argc;
	char **argv;
};

/* An edition, and what it was made of. */
struct reading {
	struct edition edition;		/* first: it is freed as the edition that it is */
	struct options options;
	char **argv;			/* options point into it */
};

static void argv_free(char **argv)
{
	for (char **a = argv; a != NULL && *a != NULL; a++) {
		explicit_bzero(*a, strlen(*a));		/* a password may be in it */
		free(*a);
	}
	free(argv);
}

/* options_parse() changes the order, and must not lose what it moved. */
static char **argv_copy(int argc, char *const *argv)
{
	char **copy = calloc((size_t)argc + 1, sizeof *copy);

	for (int i = 0; copy != NULL && i < argc; i++) {
		copy[i] = strdup(argv[i]);
		if (copy[i] == NULL) {
			argv_free(copy);
			return NULL;
		}
	}
	return copy;
}

struct reload *reload_new(int argc, char **argv)
{
	struct reload *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->argc = argc;
	r->argv = argv_copy(argc, argv);
	if (r->argv != NULL)
		return r;
	free(r);
	return NULL;
}

void reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	argv_free(r->argv);
	free(r);
}

static void unload(struct reading *x)
{
	signature_folder_free(&x->options);
	policy_file_free(&x->options);
	crypto_file_free(&x->options);
	schema_free(&config_schema, &x->options.settings);
	argv_free(x->argv);
}

static void free_edition(struct edition *e)
{
	judge_free(e->judge);
	unload((struct reading *)(void *)e);
}

static uint64_t wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

/* All of it, so that every mistake is said. */
static bool read_all(struct reading *x, struct names_files **files)
{
	bool signatures = signature_folder_load(&x->options);
	bool policy = policy_file_load(&x->options);
	bool crypto = crypto_file_load(&x->options);

	*files = name_files_read(&x->options);
	return signatures && policy && crypto && *files != NULL;
}

struct edition *reload_read(struct reload *r, const struct settings *now, struct names *names, FILE *say)
{
	struct reading *x = calloc(1, sizeof *x);
	struct names_files *files = NULL;

	if (x == NULL || (x->argv = argv_copy(r->argc, r->argv)) == NULL) {
		free(x);
		fprintf(say, "no memory\n");
		return NULL;
	}
	if (options_parse_again(r->argc, x->argv, &x->options, say) >= 0 || !read_all(x, &files)) {
		names_files_free(files);
		unload(x);
		free(x);
		return NULL;
	}
	settings_keep(now, &x->options.settings, say);
	if (names != NULL)
		names_offer(names, files);
	else
		names_files_free(files);
	x->edition = (struct edition){
		.settings = &x->options.settings, .signatures = x->options.signatures, .policy = x->options.policy, .crypto = x->options.crypto,
		.read_ns = wall_ns(), .newest_ns = x->options.signatures_ns, .free = free_edition,
	};
	return &x->edition;
}
