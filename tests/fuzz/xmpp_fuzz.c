/* xmpp_fuzz.c -- see one_flow_fuzz.h. */
#define DISSECTOR xmpp_dissector
#include "one_flow_fuzz.h"
