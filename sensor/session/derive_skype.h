/* derive_skype.h -- the legacy Skype protocol, as far as only several flows of a host show it. */
#ifndef PW_DERIVE_SKYPE_H
#define PW_DERIVE_SKYPE_H

#include "derive.h"

extern const struct deriver skype_deriver;

#endif
