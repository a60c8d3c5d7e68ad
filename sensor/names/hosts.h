/* hosts.h -- names of inside hosts from a file: by address, or by Ethernet address. Built once, then only read.
 *
 * What is understood, told apart by its looks:
 *   CSV              a row each: an address, an Ethernet address or both, and a name, in any order; or a first row that names the
 *                    columns (Kea's lease file has one: address, hwaddr, hostname); commas, semicolons or tabs between
 *   dnsmasq          its lease file: time, Ethernet address, address, name, client id
 *   ISC dhcpd        its lease file: lease ADDRESS { hardware ethernet ...; client-hostname "..."; }
 *   /etc/hosts       address, name, further names
 */
#ifndef PW_HOSTS_H
#define PW_HOSTS_H

#include "../base/addr.h"
#include "../base/cursor.h"
#include "../config/mistake.h"

enum { HOSTS_MAX = 1 << 18, HOST_NAME = 64 };

struct hosts;

struct hosts *hosts_new(void);
void hosts_free(struct hosts *);

/* Add what a file says; a later line, or file, wins. `name` stands in messages. False: a mistake was said; what could be read is
 * there. */
bool hosts_read(struct hosts *, const char *name, struct cursor text, struct mistakes *);
/* No more is added from now on: sort, so that it can be searched. */
void hosts_seal(struct hosts *);

const char *hosts_by_address(const struct hosts *, const struct addr *);	/* NULL: not known */
const char *hosts_by_card(const struct hosts *, const uint8_t mac[static 6]);
unsigned hosts_n(const struct hosts *);		/* names of addresses and cards */

/* An Ethernet address as text: 02:00:5e:10:00:01, or with hyphens. */
bool mac_parse(const char *text, uint8_t to[static 6]);

#endif
