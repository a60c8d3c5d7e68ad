/* derive.h -- facts that only several flows show together: a counter that one socket uses towards many ends, a name that
 * a host was given for an address.
 *
 * A deriver looks at every message of facts before the sessions do, keeps what it needs in bounded memory of its own, and
 * says facts in its turn, in messages that stand for the same moment and flow (or for another flow, after derived_for()).
 * Derived facts are weighed by signatures as all others are. It does not judge.
 */
#ifndef PW_DERIVE_H
#define PW_DERIVE_H

#include "../base/hash.h"
#include "reading.h"

enum { DERIVERS_MAX = 16 };

struct deriver {
	const char *name;		/* before its facts */
	const struct fact_def *facts;	/* its own, from FACT_OWN on, as a dissector numbers its own */
	uint16_t n_facts;
	bool overhears;			/* it also sees signalling that does not concern the border (derive_overheard()) */
	void *(*create)(const struct hash_key *);	/* NULL: no memory */
	void (*destroy)(void *state);			/* NULL is fine */
	/* now_ns: the correlator's clock, which never goes back. Facts are said with facts_begin() and fact_*(). */
	void (*derive)(void *state, const struct reading *, uint64_t now_ns, struct facts *);
};

/* The list in derive.c; ends with NULL. */
extern const struct deriver *const derivers[];

/* What is said next stands for another flow of the same local end. */
void derived_for(struct facts *, const struct endpoint *remote, uint64_t flow_id, uint64_t flow_start_ns);

/* All derivers, with their memory. */
struct derive;
struct derive *derive_new(const struct hash_key *);	/* NULL: no memory */
void derive_free(struct derive *);
/* What this message lets them say; valid until the next call. */
const struct facts *derive_all(struct derive *, const struct reading *, uint64_t now_ns);

/* Telephony between inside hosts, or between others: it may say where media go that cross the border. Only learnt from. */
void derive_overheard(struct derive *, const struct reading *, uint64_t now_ns);

#endif
