/* proxy_fuzz.c -- a conversation with a proxy: CONNECT, SOCKS 4 and 5, datagrams through it. */
#define DISSECTOR proxy_dissector
#define FUZZ_WAITING 8192	/* a head, and what comes too early */
#include "one_flow_fuzz.h"
