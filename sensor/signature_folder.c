/* signature_folder.c -- see signature_folder.h. */
#include "signature_folder.h"

#include "base/log.h"
#include "signature/signature.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The site's own signatures, beside those that come with the program. */
#ifndef SITE_SIGNATURES
#define SITE_SIGNATURES "/etc/punchwatch/signatures.d"
#endif

enum { FOLDERS_MAX = 2 };

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The folder of the running program; "" if that cannot be told. */
static void program_folder(char to[static SETTING_PATH])
{
	ssize_t n = readlink("/proc/self/exe", to, SETTING_PATH - 1);
	char *slash;

	to[n > 0 ? n : 0] = '\0';
	slash = strrchr(to, '/');
	if (slash != NULL)
		*slash = '\0';
}

static bool find(char to[static SETTING_PATH])
{
	static const char *const places[] = {
		"%s/signatures", "%s/../share/punchwatch/signatures", "/usr/local/share/punchwatch/signatures",
		"/usr/share/punchwatch/signatures",
	};
	char own[SETTING_PATH];

	program_folder(own);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		bool beside = *places[i] == '%';

		if (beside && *own == '\0')
			continue;
		if (snprintf(to, SETTING_PATH, "%s%s", beside ? own : "", places[i] + 2 * beside) < SETTING_PATH && is_folder(to))
			return true;
	}
	return false;
}

bool signature_folder_load(struct options *o)
{
	struct mistakes mistakes = {.to = stderr};
	const char *folders[FOLDERS_MAX];
	char found[SETTING_PATH];
	unsigned n = 0;

	if (o->facts || o->settings.signatures[0] == '\0')
		return true;
	if (strcmp(o->settings.signatures, "auto") != 0) {
		folders[n++] = o->settings.signatures;
	} else {
		if (find(found))
			folders[n++] = found;
		else
			log_warn("no signatures were found: applications are not named (-s DIR says where they are)");
		if (is_folder(SITE_SIGNATURES))
			folders[n++] = SITE_SIGNATURES;
	}
	for (unsigned i = 0; i < n; i++)
		log_debug("signatures: %s", folders[i]);
	o->signatures = signatures_load(folders, n, &mistakes);
	return o->signatures != NULL;
}

void signature_folder_free(struct options *o)
{
	signatures_free((struct signatures *)o->signatures);
	o->signatures = NULL;
}
