/* udptl_fuzz.c -- the dissector on one flow. */
#define DISSECTOR udptl_dissector
#include "one_flow_fuzz.h"
