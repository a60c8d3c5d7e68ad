/* policy_file.h -- the site's policy, where the configuration names one. */
#ifndef PW_POLICY_FILE_H
#define PW_POLICY_FILE_H

#include "options.h"

/* Load settings.policy.file, if any, into options->policy. Warns of what has expired or will soon,
 * and of applications and signature ids that no signature here has (so they are loaded before). false: mistakes were said. */
bool policy_file_load(struct options *);
void policy_file_free(struct options *);

#endif
