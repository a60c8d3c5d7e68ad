/* sip_fuzz.c -- SIP on one flow: datagrams or a stream, with the descriptions of media in it. */
#define DISSECTOR sip_dissector
#include "one_flow_fuzz.h"
