/* upnp_fuzz.c -- what is asked of a gateway over HTTP, on one connection. */
#define DISSECTOR upnp_dissector
#define FUZZ_PATIENT true
#include "one_flow_fuzz.h"
