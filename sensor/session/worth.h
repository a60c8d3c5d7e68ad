/* worth.h -- which messages matter: a first look, before anything is remembered for them. */
#ifndef PW_WORTH_H
#define PW_WORTH_H

#include "state.h"

/* It is part of an exchange: not data, not a flow's totals. */
bool worth_signals(const struct reading *);
/* A relay's wrapping is around it. */
bool worth_wrapped(const struct reading *);
/* The local end speaks as a relay does to its client. */
bool worth_serving(const struct reading *);

/* The local end asks something of its own: what it asks it does not serve. Anybody can send it an Allocate, and must not
 * hide a call by that. */
bool worth_asking(const struct reading *);

/* Is a message that belongs to no leg worth one? found: signatures say so. *rank: how much it proves. */
bool worth_leg(const struct correlator *, const struct reading *, bool signals, bool found, enum rank *rank);

#endif
