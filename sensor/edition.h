/* edition.h -- what the sensor works by, as it was read at one time: signatures, policy, profile, and those settings that may change.
 *
 * The main thread publishes a new edition by an atomic pointer. Each thread that works by them has a seat: it looks between two
 * batches whether there is a newer one, turns to it, and says so; what is older than what all have turned to is freed.
 */
#ifndef PW_EDITION_H
#define PW_EDITION_H

#include "config/settings.h"

struct crypto_profile;
struct editions;
struct judge;
struct policy;
struct seat;
struct signatures;

struct edition {
	const struct settings *settings;
	const struct signatures *signatures;	/* NULL: none; so all of these */
	const struct policy *policy;
	struct judge *judge;			/* at work with this policy: the correlator's */
	const struct crypto_profile *crypto;
	uint64_t read_ns, newest_ns;		/* wall clock; when the newest file of signatures was changed, 0: not known */
	/* Called by the main thread once nobody uses it any more; NULL: nothing is to be done. */
	void (*free)(struct edition *);
	/* editions.c's */
	unsigned number;
	struct edition *older;
};

enum { SEATS_MAX = 40, EDITIONS_WAITING = 8 };

/* The first one is copied. NULL: no memory. */
struct editions *editions_new(const struct edition *first);
void editions_free(struct editions *);		/* all threads have ended */

/* Main thread, before the threads start. NULL: more than SEATS_MAX. */
struct seat *editions_seat(struct editions *);

/* Main thread. False: EDITIONS_WAITING are still in use by somebody: the new one stays the caller's. */
bool editions_publish(struct editions *, struct edition *);
void editions_sweep(struct editions *);		/* free what nobody uses */
const struct edition *editions_newest(const struct editions *);
unsigned editions_n(const struct editions *);	/* that are not freed */

/* A seat's own thread: a newer one than it has, or NULL. Once the thread has left the old one for it: edition_taken(). */
const struct edition *edition_offered(const struct seat *);
void edition_taken(struct seat *, const struct edition *);

#endif
