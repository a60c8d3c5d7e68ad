/* derive_media.h -- where the media of calls go, by what signalling said of them, and what the far end is. */
#ifndef PW_DERIVE_MEDIA_H
#define PW_DERIVE_MEDIA_H

#include "derive.h"

extern const struct deriver media_deriver;

#endif
