/* crypto_file.h -- where the profile is found that encryption is judged by. */
#ifndef PW_CRYPTO_FILE_H
#define PW_CRYPTO_FILE_H

#include "options.h"

#include <stddef.h>

/* Is there a profile of this name (or is it a path, which is read later)? If not, `why` says it, with what there is. */
bool crypto_file_known(const char *name, char *why, size_t room);

/* Load settings.crypto.profile into options->crypto: a path, or the name of a file in the site's folder, else of one that comes with
 * the program. Warns if a name is not found that nobody asked for. False: mistakes, all said. */
bool crypto_file_load(struct options *);
void crypto_file_free(struct options *);

#endif
