/* irc_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR irc_dissector
#include "one_flow_fuzz.h"
