/* networks.h -- networks that are hosting, or a service's: a far end there may be a relay for somebody else. A data file (YAML), dated;
 * it changes what an alert says of its far end, and makes or unmakes none. */
#ifndef PW_NETWORKS_H
#define PW_NETWORKS_H

#include "names.h"

struct networks;

/* Every mistake is said with its line; NULL: there was one. */
struct networks *networks_read(const char *path, struct mistakes *);
void networks_free(struct networks *);

/* By prefix first, then by AS number, then by organisation. Sets .scope and .network where an entry fits. */
void networks_find(const struct networks *, const struct addr *, struct owner *);
unsigned networks_n(const struct networks *);

#endif
