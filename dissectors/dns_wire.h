/* dns_wire.h -- an answer of the domain name system: the name that was asked for, the addresses that were given. RFC 1035. */
#ifndef PW_DNS_WIRE_H
#define PW_DNS_WIRE_H

#include "../sensor/base/addr.h"
#include "../sensor/base/cursor.h"

enum { DNS_NAME = 255, DNS_ADDRESSES = 8 };

struct dns_answer {
	struct cursor name;		/* as on the wire, but for the zero that ends it: each label behind its length. Borrowed */
	unsigned n;
	struct addr address[DNS_ADDRESSES];
	uint32_t ttl_s;			/* the shortest of theirs */
};

/* Do these bytes begin like an answer with something in it? */
bool dns_begins(const struct cursor *);

/* Read it. False: it is none, or gives no address. */
bool dns_read(struct cursor, struct dns_answer *);

#endif
