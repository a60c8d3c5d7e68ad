/* zrtp_fuzz.c -- the dissector on one flow. */
#define DISSECTOR zrtp_dissector
#include "one_flow_fuzz.h"
