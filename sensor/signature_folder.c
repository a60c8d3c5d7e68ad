/* signature_folder.c -- see signature_folder.h. */
#include "signature_folder.h"

#include "base/log.h"
#include "beside.h"
#include "signature/signature.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* The site's own signatures, beside those that come with the program. */
#define SITE_SIGNATURES SITE_FOLDER "/signatures.d"

enum { FOLDERS_MAX = 2 };

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* When the newest of their files was changed, ns; 0: there are none. */
static uint64_t newest(const char *const folders[], unsigned n)
{
	uint64_t latest = 0;

	for (unsigned i = 0; i < n; i++) {
		DIR *d = opendir(folders[i]);
		const struct dirent *entry;
		struct stat st;

		while (d != NULL && (entry = readdir(d)) != NULL) {
			const char *dot = strrchr(entry->d_name, '.');

			if (dot == NULL || strcmp(dot, ".yaml") != 0 || fstatat(dirfd(d), entry->d_name, &st, 0) != 0)
				continue;
			if ((uint64_t)st.st_mtim.tv_sec * 1000000000ULL > latest)
				latest = (uint64_t)st.st_mtim.tv_sec * 1000000000ULL;
		}
		if (d != NULL)
			closedir(d);
	}
	return latest;
}

bool signature_folder_load(struct options *o)
{
	struct mistakes mistakes = {.to = o->say};
	const char *folders[FOLDERS_MAX];
	char found[SETTING_PATH];
	unsigned n = 0;

	if (o->facts || o->settings.signatures[0] == '\0')
		return true;
	if (strcmp(o->settings.signatures, "auto") != 0) {
		folders[n++] = o->settings.signatures;
	} else {
		if (beside_find("signatures", found) && is_folder(found))
			folders[n++] = found;
		else
			log_warn("no signatures were found: applications are not named (-s DIR says where they are)");
		if (is_folder(SITE_SIGNATURES))
			folders[n++] = SITE_SIGNATURES;
	}
	for (unsigned i = 0; i < n; i++)
		log_debug("signatures: %s", folders[i]);
	o->signatures_ns = newest(folders, n);
	o->signatures = signatures_load(folders, n, &mistakes);
	return o->signatures != NULL;
}

void signature_folder_free(struct options *o)
{
	signatures_free((struct signatures *)o->signatures);
	o->signatures = NULL;
}
