/* bittorrent_fuzz.c -- BitTorrent on one flow: peers over TCP and uTP, the hash table, trackers, local search. */
#define DISSECTOR bittorrent_dissector
#include "one_flow_fuzz.h"
