/* beside.c -- see beside.h. */
#include "beside.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

bool beside_find(const char *name, char to[static SETTING_PATH])
{
	static const char *const places[] = {"%s/", "%s/../share/punchwatch/", "/usr/local/share/punchwatch/", "/usr/share/punchwatch/"};
	char own[SETTING_PATH];

	program_folder(own);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		bool beside = *places[i] == '%';

		if (beside && *own == '\0')
			continue;
		if (snprintf(to, SETTING_PATH, "%s%s%s", beside ? own : "", places[i] + 2 * beside, name) < SETTING_PATH &&
		    access(to, R_OK) == 0)
			return true;
	}
	return false;
}
