/* share.h -- which worker a frame is for, from a look at its headers that costs little more than reading the addresses. */
#ifndef PW_SHARE_H
#define PW_SHARE_H

#include "../base/packet.h"
#include "../base/team.h"

enum { SHARE_ALL = -1 };

/* A worker's number where the frame is plainly one packet between two ends, or nothing but a count can come of it; else SHARE_ALL. */
int share_frame(const struct team *, const struct frame *);

#endif
