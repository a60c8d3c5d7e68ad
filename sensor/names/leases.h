/* leases.h -- names of inside hosts as DHCP shows them: a name belongs to an Ethernet address, and that one to addresses. Bounded; see
 * answers.h for the form of the table. */
#ifndef PW_LEASES_H
#define PW_LEASES_H

#include "../base/addr.h"
#include "../base/cursor.h"

#include <stdbool.h>

enum { LEASE_NAME = 64 };

struct leases;

struct leases *leases_new(void);
void leases_free(struct leases *);
/* What one message said; name empty, or address NULL: it did not say. `given`: the server said it. What a client says of itself (and any
 * inside host can say it of another) counts until the server has spoken, and for a name once it speaks again: then the client's word
 * was what it agreed to. */
void leases_add(struct leases *, const uint8_t mac[static 6], struct cursor name, const struct addr *, bool given);
const char *leases_by_card(const struct leases *, const uint8_t mac[static 6]);	/* NULL: none */
const char *leases_by_address(const struct leases *, const struct addr *);

#endif
