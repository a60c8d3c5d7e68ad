/* skype_fuzz.c -- Skype on one flow: its datagrams, and the openings of its streams. */
#define DISSECTOR skype_dissector
#define FUZZ_WAITING (2048 + 256)	/* a head */
#include "one_flow_fuzz.h"
