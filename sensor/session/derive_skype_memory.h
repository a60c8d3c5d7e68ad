/* derive_skype_memory.h -- what is remembered of Skype's sockets, their hosts, and the ends that these asked: bounded, and gone when it
 * has been quiet for ten minutes. Who has proved nothing goes first.
 */
#ifndef PW_DERIVE_SKYPE_MEMORY_H
#define PW_DERIVE_SKYPE_MEMORY_H

#include "reading.h"
#include "store.h"

enum {
	LADDER = 4,			/* ends */
	FLOWS = 12, WAITING = 8,	/* flows that are remembered, of a socket and of a host's connections */
	VERSION_ROOM = 24,
};

/* A flow, as much of it as is needed to speak of it later. */
struct known {
	struct endpoint local, remote;
	uint64_t id, start_ns, last_ns;
	uint64_t packets[2], bytes[2];	/* by enum way; once it is over */
	uint8_t ip_proto, side;
	bool local_first, two_way, over;
	bool likely;			/* a connection that needs no more than a host that is known */
	char reason[12];
};

struct client {				/* an inside socket that sent what may be requests */
	struct link link;
	struct endpoint at;
	uint16_t last_id;
	uint32_t last_iv;
	uint64_t last_ns, asked_ns;	/* of anything, of a request */
	struct endpoint rung[LADDER];
	uint8_t rungs;
	uint8_t n_flows, next_flow;
	uint8_t n_bootstrap;
	uint64_t bootstrap_ns;
	bool marked, bootstrap_said, supernode, relay;
	uint32_t unasked, unasked_answered;	/* flows that others began, and of these the ones that were answered */
	uint32_t calls, one_way[2];		/* of media */
	struct known flow[FLOWS];
};

struct host {
	struct link link;
	struct addr addr;
	bool marked, version_said, mapping_said;
	uint8_t n_waiting, next_waiting;
	uint16_t mapped;		/* port that it had the gateway map last */
	uint64_t last_ns;
	char version[VERSION_ROOM];
	struct known waiting[WAITING];	/* connections that look like it */
};

struct asked_key {
	struct addr host, remote;
};

struct asked {				/* an address that the host asked, or that proved itself */
	struct link link;
	struct asked_key key;
	uint64_t last_ns;
};

struct skype_memory {
	struct store clients, hosts, asked;
	struct hash_key hash;
};

/* False: no memory. */
bool memory_init(struct skype_memory *, const struct hash_key *);
void memory_clear(struct skype_memory *);

/* NULL: there is none (any more). */
struct client *client_find(struct skype_memory *, const struct endpoint *, uint64_t now_ns);
struct host *host_find(struct skype_memory *, const struct addr *, uint64_t now_ns);
/* Found or made; it is young again. */
struct client *client_of(struct skype_memory *, const struct endpoint *, uint64_t now_ns);
struct host *host_of(struct skype_memory *, const struct addr *, uint64_t now_ns);

/* This host asked that end, which has proved itself, or not. */
void asked_note(struct skype_memory *, const struct addr *host, const struct addr *remote, bool proved, uint64_t now_ns);
bool asked_is(struct skype_memory *, const struct addr *host, const struct addr *remote, uint64_t now_ns);

/* The flow of a message; one more for a list, the oldest makes way; its totals once it is over. */
struct known known_of(const struct message *);
void known_keep(struct known list[], unsigned room, uint8_t *n, uint8_t *next, const struct known *);
void known_end(struct known list[], unsigned n, const struct reading *);

#endif
