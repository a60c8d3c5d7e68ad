/* derive_relay.c -- see derive_relay.h. */
#include "derive_relay.h"

#include <stdlib.h>

enum { FLOWS = 1024 };

enum relay_fact { RELAY_CARRIES = FACT_OWN };

static const struct fact_def fact_defs[] = {
	{"relay.carries", FACT_BYTES, "another protocol on the flow of a TURN client with its relay, as flow.app_proto names it: quic"},
};

/* Flows on which a relay gave an allocation: a place for each, the later one stays. */
struct relay_flows {
	uint64_t id[FLOWS];
};

static void *create(const struct hash_key *key)
{
	(void)key;
	return calloc(1, sizeof(struct relay_flows));
}

static void derive(void *state, const struct reading *r, uint64_t now_ns, struct facts *facts)
{
	struct relay_flows *flows = state;
	const struct message *m = r->m;
	uint64_t *place = &flows->id[m->flow_id % FLOWS];

	(void)now_ns;
	if (m->nested)
		return;
	if (says(r, FACT_TURN_ALLOCATED) && says(r, FACT_TX_MATCHED))
		*place = m->flow_id;
	if (*place != m->flow_id || !says(r, FACT_FLOW_APP) || !cur_starts(&r->app, "quic", 4))
		return;
	facts_begin(facts);
	fact_bytes(facts, RELAY_CARRIES, r->app);
}

const struct deriver relay_deriver = {
	.name = "relay",
	.facts = fact_defs,
	.n_facts = sizeof fact_defs / sizeof fact_defs[0],
	.create = create,
	.destroy = free,
	.derive = derive,
};
