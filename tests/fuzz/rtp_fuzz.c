/* rtp_fuzz.c -- RTP and RTCP on one flow. */
#define DISSECTOR rtp_dissector
#include "one_flow_fuzz.h"
