/* name_files.c -- see name_files.h. */
#include "name_files.h"

#include "base/log.h"
#include "beside.h"
#include "names/names.h"

#include <string.h>

bool name_files_load(struct options *o)
{
	struct mistakes mistakes = {.to = stderr};
	char found[SETTING_PATH];
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
	o->names = names_new(&o->settings.names, networks, &mistakes);
	return o->names != NULL;
}

void name_files_free(struct options *o)
{
	names_free(o->names);
	o->names = NULL;
}
