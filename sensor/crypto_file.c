/* crypto_file.c -- see crypto_file.h. */
#include "crypto_file.h"

#include "base/log.h"
#include "beside.h"
#include "crypto/profile.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The site's own profiles, before those that come with the program. */
#ifndef SITE_CRYPTO
#define SITE_CRYPTO "/etc/punchwatch/crypto"
#endif

static bool find(char to[static SETTING_PATH], const char *name)
{
	char file[SETTING_TEXT + 32];

	if (strchr(name, '/') != NULL || strstr(name, ".yaml") != NULL)
		return snprintf(to, SETTING_PATH, "%s", name) < SETTING_PATH;
	if (snprintf(to, SETTING_PATH, "%s/%s.yaml", SITE_CRYPTO, name) < SETTING_PATH && access(to, R_OK) == 0)
		return true;
	snprintf(file, sizeof file, "config/crypto/%s.yaml", name);
	return beside_find(file, to) || beside_find(file + sizeof "config", to);
}

bool crypto_file_load(struct options *o)
{
	struct mistakes mistakes = {.to = stderr};
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
