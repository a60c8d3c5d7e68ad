/* name_files.c -- see name_files.h. */
#include "name_files.h"

#include "base/log.h"
#include "beside.h"
#include "names/names.h"

#include <string.h>

/* "auto": where it is found. */
static const char *networks_path(const struct options *o, char found[static SETTING_PATH])
{
	const char *networks = o->settings.names.networks;

	if (strcmp(networks, "auto") == 0) {
		/* The same file, in the source tree and installed. */
		if (beside_find("config/networks.yaml", found) || beside_find("networks.yaml", found)) {
			networks = found;
		} else {
			log_debug("no networks.yaml was found: of far ends it is not said what is hosting");
			networks = "";
		}
	}
	return networks;
}

bool name_files_load(struct options *o)
{
	struct mistakes mistakes = {.to = o->say};
	char found[SETTING_PATH];

	o->names = names_new(&o->settings.names, networks_path(o, found), &mistakes);
	return o->names != NULL;
}

struct names_files *name_files_read(const struct options *o)
{
	struct mistakes mistakes = {.to = o->say};
	char found[SETTING_PATH];

	return names_files_read(&o->settings.names, networks_path(o, found), &mistakes);
}

void name_files_free(struct options *o)
{
	names_free(o->names);
	o->names = NULL;
}
