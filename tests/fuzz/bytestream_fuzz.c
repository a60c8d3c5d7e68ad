/* bytestream_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR bytestream_dissector
#include "one_flow_fuzz.h"
