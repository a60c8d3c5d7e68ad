/* edonkey_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR edonkey_dissector
#include "one_flow_fuzz.h"
