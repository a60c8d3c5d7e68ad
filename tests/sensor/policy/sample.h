/* sample.h -- alerts for the tests of policy, and policies from text. */
#ifndef PW_TEST_POLICY_SAMPLE_H
#define PW_TEST_POLICY_SAMPLE_H

#include "../event/sample.h"

#include "../../../sensor/policy/policy.h"

/* Of this kind, from this host to this far end. Packet time is 2026-01-02 (a Friday) 03:04:05 UTC. */
static inline void alert_of(struct event *e, enum kind kind, const char *host, const char *far_end)
{
	struct event_alert *a = &e->alert;

	sample_alert(e, kind);
	a->app[0] = '\0';
	a->app_confidence = 0;
	e->src = a->local = sample_at(host, 50123);
	e->dst = a->peer = sample_at(far_end, 41641);
	a->has_peer = kind != KIND_STUN_DISCOVERY && kind != KIND_VOIP_SERVER;
	a->n_peers = a->has_peer;
	a->peers_total = a->has_peer;
	a->peers[0] = a->peer;
	a->path = kind == KIND_TURN_RELAY || kind == KIND_RELAY_TUNNEL ? PATH_RELAY : PATH_DIRECT;
	a->has_relay = a->path == PATH_RELAY;
	a->relay = e->dst;
	if (a->has_relay)
		a->peer = a->peers[0] = sample_at("192.0.2.200", 5000);	/* who is behind it */
	a->n_servers = 0;
	a->informational = kinds[kind].informational;
}

static inline struct policy *policy_of(const char *text)
{
	struct mistakes m = {.to = stderr};
	struct policy *p = policy_parse("t.yaml", text, strlen(text), &m);

	assert_non_null(p);
	return p;
}

/* What is wrong with it, as it is said. */
static inline void policy_wrong(const char *text, const char *wanted)
{
	static char said[8192];
	struct mistakes m = {0};
	struct policy *p;

	memset(said, 0, sizeof said);
	m.to = fmemopen(said, sizeof said, "w");
	p = policy_parse("t.yaml", text, strlen(text), &m);
	fclose(m.to);
	if (strcmp(said, wanted) != 0)
		fail_msg("of:     %s\nwanted: %s\nsaid:   %s", text, wanted, said);
	assert_int_equal(p == NULL, *wanted != '\0');
	policy_free(p);
}

#endif
