/* signature_folder.h -- where the signatures are found. */
#ifndef PW_SIGNATURE_FOLDER_H
#define PW_SIGNATURE_FOLDER_H

#include "options.h"

/* Load what settings.signatures says into options->signatures: the folder that it names, or with "auto" the first that there is of
 * `signatures` beside the running program, ../share/punchwatch/signatures from there, and the places of an installation; and
 * the site's own, if there are some. Warns if there is none. False: mistakes, all said. */
bool signature_folder_load(struct options *);
void signature_folder_free(struct options *);

#endif
