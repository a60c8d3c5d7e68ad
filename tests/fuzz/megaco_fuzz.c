/* megaco_fuzz.c -- the dissector on one flow. */
#define DISSECTOR megaco_dissector
#include "one_flow_fuzz.h"
