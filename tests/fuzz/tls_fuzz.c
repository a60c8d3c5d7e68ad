/* tls_fuzz.c -- the dissector on one stream, both ways. Seeds: seeds/one_flow.py, from captures of OpenSSL's programs. */
#define DISSECTOR tls_dissector
#define FUZZ_PATIENT true
#include "one_flow_fuzz.h"
