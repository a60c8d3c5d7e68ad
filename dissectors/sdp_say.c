/* sdp_say.c -- see sdp_say.h. */
#include "sdp_say.h"

static void say_medium(struct facts *f, const struct sdp_medium *m)
{
	fact_endpoint(f, FACT_SDP_AT, &m->at);
	fact_bytes(f, FACT_SDP_MEDIUM, m->what);
	fact_bytes(f, FACT_SDP_PROFILE, m->profile);
	for (unsigned i = 0; i < m->n_candidates; i++)
		fact_endpoint(f, FACT_SDP_CANDIDATE, &m->candidate[i]);
	for (unsigned i = 0; i < m->n_suites; i++)
		fact_bytes(f, FACT_SDP_CRYPTO, m->suite[i]);
	if (m->fingerprint.left > 0)
		fact_bytes(f, FACT_SDP_FINGERPRINT, m->fingerprint);
	if (m->zrtp)
		fact_flag(f, FACT_SDP_ZRTP);
}

void sdp_say(struct facts *f, const struct sdp *s, const char *telephony, uint64_t call, const struct endpoint *sender, struct cursor agent)
{
	for (unsigned i = 0; i < s->n; i++) {
		facts_begin(f);
		fact_text(f, FACT_TELEPHONY, telephony);
		fact_uint(f, FACT_CALL, call);
		say_medium(f, &s->medium[i]);
		if (!addr_is_unspecified(&sender->addr))
			fact_endpoint(f, FACT_SDP_SENDER, sender);
		if (agent.left > 0)
			fact_bytes(f, FACT_SDP_AGENT, agent);
	}
}
