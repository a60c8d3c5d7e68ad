/* dcc_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR dcc_dissector
#include "one_flow_fuzz.h"
