/* hosts_list.h -- for hosts.c and hosts_file.c: the list that files are read into. */
#ifndef PW_HOSTS_LIST_H
#define PW_HOSTS_LIST_H

#include "hosts.h"

struct host_key {
	bool card;
	uint8_t b[16];			/* an address; or an Ethernet address and zeros */
};

struct host {
	struct host_key key;
	uint32_t number;		/* in the order of reading */
	char name[HOST_NAME];
};

struct hosts {
	struct host *items;
	uint32_t n, room;
};

/* False: there are HOSTS_MAX. Names lose what cannot be printed. */
bool hosts_add_address(struct hosts *, const struct addr *, const char *name);
bool hosts_add_card(struct hosts *, const uint8_t mac[static 6], const char *name);

#endif
