/* outside.h -- what is known of addresses, whoever talks to them: relays and servers outside, who sends checks that
 * nobody answers, which sockets gather candidates together, and which Ethernet address is one host's. */
#ifndef PW_OUTSIDE_H
#define PW_OUTSIDE_H

#include "state.h"

bool outside_init(struct correlator *);
void outside_clear(struct correlator *);

/* A server answered a query, or a relay gave an allocation (or named the address it gave): proved, not heard. */
void outside_note(struct correlator *, const struct addr *, bool relay, const struct message *);
const struct outside *outside_find(const struct correlator *, const struct addr *);
bool outside_is_relay(const struct correlator *, const struct addr *);

/* May this address make us remember one more leg that only it has spoken on? Counted until caller_leave(). */
bool caller_enter(struct correlator *, const struct addr *);
void caller_leave(struct correlator *, const struct addr *);

/* This session asks that server. Another one of the same host that began and asked it at the same moment gathers
 * for the same call: NULL if there is none. */
struct session *gather_ask(struct correlator *, struct session *, const struct leg *);

/* The card was told for this inside host. */
void card_told(struct correlator *, const uint8_t mac[static 6], const struct addr *host);
const struct card *card_find(const struct correlator *, const uint8_t mac[static 6]);	/* NULL: not told */
bool card_is_hosts(const struct correlator *, const uint8_t mac[static 6]);

#endif
