/* owners.h -- AS number, organisation and country of an address, from MMDB files (GeoLite2, DB-IP, IPinfo: the forms differ a little). */
#ifndef PW_OWNERS_H
#define PW_OWNERS_H

#include "names.h"

struct owners;

/* Open these files; NULL: a mistake was said. */
struct owners *owners_new(const char files[][SETTING_PATH], unsigned n, struct mistakes *);
void owners_free(struct owners *);

/* What the files know; fields that they do not know stay as they are. */
void owners_find(const struct owners *, const struct addr *, struct owner *);

#endif
