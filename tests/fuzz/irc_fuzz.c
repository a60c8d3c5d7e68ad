/* irc_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR irc_dissector
#define FUZZ_PATIENT true
#include "one_flow_fuzz.h"
