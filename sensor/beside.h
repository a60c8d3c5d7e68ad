/* beside.h -- files that come with the program: beside it where it was built, or where it was installed; and those of the site. */
#ifndef PW_BESIDE_H
#define PW_BESIDE_H

#include "config/settings.h"

#include <stdbool.h>

/* The site's own. */
#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif
#define SITE_FOLDER SYSCONFDIR "/punchwatch"

/* The first that there is of NAME in the running program's folder, in ../share/punchwatch from there, in /usr/local/share/punchwatch and
 * in /usr/share/punchwatch. False: none. */
bool beside_find(const char *name, char to[static SETTING_PATH]);

#endif
