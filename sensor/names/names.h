/* names.h -- what addresses are called, for people: inside hosts, far ends, and who owns the networks of these.
 *
 *   answers    what an inside host was told by the domain name system     learnt, bounded
 *   hosts      what inside hosts are called                               DHCP seen: learnt, bounded; files: read again when they change
 *   owners     AS number, organisation, country                           MMDB files
 *   networks   which networks are hosting or a service's                  a data file
 *
 * Files are read by names_new(), names_files_read() and names_refresh(), which belong to the main thread, as names_offer() does; everything else
 * belongs to the correlator.
 * A name supports what is known otherwise and never makes an alert by itself.
 */
#ifndef PW_NAMES_H
#define PW_NAMES_H

#include "../config/mistake.h"
#include "../config/settings.h"
#include "../event/event.h"
#include "../facts/facts.h"

struct names;

/* NULL: a mistake was said. `networks`: the file of hosting and service networks, "" for none. */
struct names *names_new(const struct names_settings *, const char *networks, struct mistakes *);
void names_free(struct names *);
/* Files that have changed are read again, aside; the correlator turns to them when it comes along. A new one that has mistakes, or is
 * gone, changes nothing: that is logged. */
void names_refresh(struct names *);

/* Other files, or the same anew: read aside, then offered, from which on they are the names'. NULL: a mistake was said. */
struct names_files;
struct names_files *names_files_read(const struct names_settings *, const char *networks, struct mistakes *);
void names_files_free(struct names_files *);
void names_offer(struct names *, struct names_files *);

/* Take over what was refreshed or offered. Call it now and then. */
void names_follow(struct names *);

/* A message that begins with FACT_NAMING or FACT_DNS_ANSWER. now_ns never goes back. */
void names_learn(struct names *, const struct message *, uint64_t now_ns);

/* Of an inside host; "" if it has none. Valid until the next call of names_follow() or names_learn(). */
const char *names_host(const struct names *, const struct addr *);
const char *names_card(const struct names *, const uint8_t mac[static 6]);

/* What `host` was told this address is; "" if nothing, or too long ago. */
const char *names_answer(const struct names *, const struct addr *host, const struct addr *far, uint64_t now_ns);

/* Who owns the network of this address. */
struct owner {
	uint32_t asn;			/* 0: not known */
	char org[EVENT_NAME];		/* "": not known */
	char country[4];		/* ISO 3166, "": not known */
	enum scope scope;		/* public, hosting or service */
	char network[EVENT_NAME];	/* the entry of the data file that says so, "": none */
};

void names_owner(const struct names *, const struct addr *, struct owner *);

#endif
