/* crypto_file.c -- see crypto_file.h. */
#include "crypto_file.h"

#include "base/log.h"
#include "beside.h"
#include "config/words.h"
#include "crypto/profile.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The site's own profiles, before those that come with the program. */
#define SITE_CRYPTO SITE_FOLDER "/crypto"

enum { PROFILES_MOST = 32, PROFILE_FILE = 64 };

/* The names of the profiles that there are. */
struct profiles {
	char name[PROFILES_MOST][PROFILE_FILE];
	unsigned n;
};

static void list_folder(struct profiles *to, const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *e;

	while (folder != NULL && to->n < PROFILES_MOST && (e = readdir(folder)) != NULL) {
		size_t n = strlen(e->d_name);
		unsigned i = 0;

		if (n <= 5 || n - 5 >= PROFILE_FILE || e->d_name[0] == '.' || strcmp(e->d_name + n - 5, ".yaml") != 0)
			continue;
		snprintf(to->name[to->n], PROFILE_FILE, "%.*s", (int)(n - 5), e->d_name);
		while (strcmp(to->name[i], to->name[to->n]) != 0)
			i++;
		to->n += i == to->n;
	}
	if (folder != NULL)
		closedir(folder);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void list(struct profiles *to)
{
	char shipped[SETTING_PATH];

	to->n = 0;
	list_folder(to, SITE_CRYPTO);
	if (beside_find("config/crypto", shipped) || beside_find("crypto", shipped))
		list_folder(to, shipped);
	qsort(to->name, to->n, sizeof to->name[0], by_name);
}

static bool is_path(const char *name)
{
	return strchr(name, '/') != NULL || strstr(name, ".yaml") != NULL;
}

static bool find(char to[static SETTING_PATH], const char *name)
{
	char file[SETTING_TEXT + 32];

	if (is_path(name))
		return snprintf(to, SETTING_PATH, "%s", name) < SETTING_PATH;
	if (snprintf(to, SETTING_PATH, "%s/%s.yaml", SITE_CRYPTO, name) < SETTING_PATH && access(to, R_OK) == 0)
		return true;
	snprintf(file, sizeof file, "config/crypto/%s.yaml", name);
	return beside_find(file, to) || beside_find(file + sizeof "config", to);
}

bool crypto_file_known(const char *name, char *why, size_t room)
{
	struct nearest near = nearest_begin(name);
	char path[SETTING_PATH];
	struct profiles there;
	size_t n;

	if (name[0] == '\0' || is_path(name) || find(path, name))
		return true;
	list(&there);
	for (unsigned i = 0; i < there.n; i++)
		nearest_try(&near, there.name[i]);
	n = (size_t)snprintf(why, room, "there is no profile '%.64s'", name);
	if (near.found != NULL && n < room)
		n += (size_t)snprintf(why + n, room - n, "; did you mean %s?", near.found);
	for (unsigned i = 0; i < there.n && n < room; i++)
		n += (size_t)snprintf(why + n, room - n, "%s%s", i > 0 ? ", " : near.found != NULL ? " There are " : "; there are ", there.name[i]);
	return false;
}

bool crypto_file_load(struct options *o)
{
	struct mistakes mistakes = {.to = o->say};
	const char *name = o->settings.crypto.profile;
	char path[SETTING_PATH];

	if (o->facts || name[0] == '\0')
		return true;
	if (!find(path, name)) {
		log_warn("no encryption profile %s was found: encryption is not judged (crypto.profile says which)", name);
		return true;
	}
	log_debug("encryption profile: %s", path);
	o->crypto = crypto_profile_load(path, &mistakes);
	return o->crypto != NULL;
}

void crypto_file_free(struct options *o)
{
	crypto_profile_free(o->crypto);
	o->crypto = NULL;
}
