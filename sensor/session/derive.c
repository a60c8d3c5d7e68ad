/* derive.c -- see derive.h. */
#include "derive.h"

#include "derive_media.h"
#include "derive_opening.h"
#include "derive_relay.h"
#include "derive_sharing.h"
#include "derive_skype.h"

#include <stdlib.h>

/* A row a deriver; they do not see what the others said. */
const struct deriver *const derivers[] = {
	&media_deriver,
	&opening_deriver,
	&skype_deriver,
	&sharing_deriver,
	&relay_deriver,
	NULL
};

struct derive {
	void *state[DERIVERS_MAX];
	uint16_t base[DERIVERS_MAX];
	struct facts facts;
};

struct derive *derive_new(const struct hash_key *key)
{
	struct derive *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	for (unsigned i = 0; derivers[i] != NULL; i++) {
		d->base[i] = facts_base(derivers[i]->facts, derivers[i]->n_facts);
		d->state[i] = derivers[i]->create(key);
		if (d->state[i] == NULL) {
			derive_free(d);
			return NULL;
		}
	}
	return d;
}

void derive_free(struct derive *d)
{
	if (d == NULL)
		return;
	for (unsigned i = 0; derivers[i] != NULL; i++)
		derivers[i]->destroy(d->state[i]);
	free(d);
}

void derived_for(struct facts *f, const struct endpoint *remote, uint64_t flow_id, uint64_t flow_start_ns)
{
	f->header.remote = *remote;
	f->header.flow_id = flow_id;
	f->header.flow_start_ns = flow_start_ns;
}

static void ask(struct derive *d, unsigned i, const struct reading *r, uint64_t now_ns)
{
	d->facts.header = *r->m;
	d->facts.header.nested = false;
	d->facts.base = d->base[i];
	derivers[i]->derive(d->state[i], r, now_ns, &d->facts);
}

const struct facts *derive_all(struct derive *d, const struct reading *r, uint64_t now_ns)
{
	facts_reset(&d->facts);
	for (unsigned i = 0; derivers[i] != NULL; i++)
		ask(d, i, r, now_ns);
	return &d->facts;
}

void derive_overheard(struct derive *d, const struct reading *r, uint64_t now_ns)
{
	facts_reset(&d->facts);
	for (unsigned i = 0; derivers[i] != NULL; i++)
		if (derivers[i]->overhears)
			ask(d, i, r, now_ns);
}
