/* h323_fuzz.c -- the dissector on one flow. */
#define DISSECTOR h323_dissector
#include "one_flow_fuzz.h"
