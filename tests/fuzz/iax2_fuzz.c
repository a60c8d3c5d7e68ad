/* iax2_fuzz.c -- the dissector on one flow. */
#define DISSECTOR iax2_dissector
#include "one_flow_fuzz.h"
