/* derive_opening.h -- punching by an unknown protocol: one socket, several outside ends, one of which answers. */
#ifndef PW_DERIVE_OPENING_H
#define PW_DERIVE_OPENING_H

#include "derive.h"

extern const struct deriver opening_deriver;

#endif
