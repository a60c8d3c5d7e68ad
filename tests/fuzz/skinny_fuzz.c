/* skinny_fuzz.c -- the dissector on one flow. */
#define DISSECTOR skinny_dissector
#include "one_flow_fuzz.h"
