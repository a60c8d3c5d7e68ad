/* threema_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR threema_dissector
#define FUZZ_PORT 5222
#include "one_flow_fuzz.h"
