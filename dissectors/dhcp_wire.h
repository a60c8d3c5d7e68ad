/* dhcp_wire.h -- one message of DHCP (RFC 2131, 2132, 4702), as far as it tells who has which name and address. */
#ifndef PW_DHCP_WIRE_H
#define PW_DHCP_WIRE_H

#include "../sensor/base/addr.h"
#include "../sensor/base/cursor.h"

enum { DHCP_NAME = 128 };

enum dhcp_type { DHCP_REQUEST = 3, DHCP_ACK = 5, DHCP_INFORM = 8 };

struct dhcp_message {
	bool reply;
	uint8_t type;			/* enum dhcp_type, and others */
	uint8_t mac[6];
	struct addr client, given;	/* what the client has by its own word; what the server gives. 0.0.0.0: nothing */
	char name[DHCP_NAME];
	size_t name_bytes;		/* 0: none */
};

/* A cheap look at the first bytes. */
bool dhcp_begins(const struct cursor *);

/* False: it is none, or not for Ethernet. */
bool dhcp_read(struct cursor, struct dhcp_message *);

#endif
