/* dtls_fuzz.c -- the dissector on one flow, both ways. Seeds: seeds/one_flow.py, from captures of OpenSSL's programs. */
#define DISSECTOR dtls_dissector
#include "one_flow_fuzz.h"
