/* mumble_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR mumble_dissector
#include "one_flow_fuzz.h"
