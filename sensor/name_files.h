/* name_files.h -- where names come from: the files of the configuration, and the list of networks that comes with the program. */
#ifndef PW_NAME_FILES_H
#define PW_NAME_FILES_H

#include "options.h"

/* Into options->names, for commands that read packets. False: mistakes, all said. */
bool name_files_load(struct options *);
/* The files alone, for names that are there already; NULL: a mistake was said. */
struct names_files;
struct names_files *name_files_read(const struct options *);
void name_files_free(struct options *);

#endif
