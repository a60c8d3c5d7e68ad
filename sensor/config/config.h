/* config.h -- the configuration: every key with its default, the file that sets it, and what follows from it. */
#ifndef PW_CONFIG_H
#define PW_CONFIG_H

#include "schema.h"
#include "settings.h"

/* The rows: what config/punchwatch.yaml may say, what --set may set, and what `punchwatch check` prints. */
extern const struct schema config_schema;

/* Every setting to its default; nothing is decided yet. */
void settings_defaults(struct settings *);

/* Read a file over what is there. `lines`: config_schema.n numbers, filled with where each key was given, or 0. Says every
 * mistake; false if there was one, or if the file cannot be read. */
bool config_load(const char *path, struct settings *, unsigned *lines, struct mistakes *);

/* New settings for a sensor that runs: what cannot change becomes as it was, and is named, a line each. Both are decided. Returns how many. */
unsigned settings_keep(const struct settings *old, struct settings *, FILE *to);

/* Replace what is left to us by a value: home, user, host, and for the command (live: watch; detail: every message is
 * wanted) what it reports. */
void settings_decide(struct settings *, bool live, bool detail);

#endif
