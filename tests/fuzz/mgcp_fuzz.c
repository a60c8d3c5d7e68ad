/* mgcp_fuzz.c -- the dissector on one flow. */
#define DISSECTOR mgcp_dissector
#include "one_flow_fuzz.h"
