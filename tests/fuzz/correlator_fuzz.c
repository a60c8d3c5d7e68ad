/* correlator_fuzz.c -- the correlator fed with a stream of facts made of bytes: few addresses and names, tiny tables, an
 * output that has no room now and then, time that jumps. What comes out must be in order, whatever went in.
 *
 * An input is settings (1 byte), then steps: what (1 byte), then its values.
 */
#include "../../sensor/base/hash.h"
#include "../../sensor/config/mistake.h"
#include "../../sensor/session/correlator.h"
#include "../../sensor/explain.h"
#include "../../sensor/vocabulary.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct cursor in;
	struct correlator *c;
	bool full;
	uint64_t ts_ns, packet;
	struct session_settings set;
};

static struct facts facts;
static FILE *nowhere;
static struct signatures *signatures;

/* Over the core's facts: each kind, host and session, every far end. */
static const char rules[] =
"- {app: A, name: 20, sid: 9190001, title: T, kind: p2p-filesharing, join: host, alert: 60, inside: true, evidence: ["
"  {when: 'stun.software == \"aa\"', weight: 30, far: peer}, {when: 'host == \"zoom\"', weight: 30, far: server}, {when: outgoing and dialect, weight: 30}]}\n"
"- {app: B, name: 20, sid: 9190002, title: T, alert: 50, evidence: [{when: 'dialect == \"zoom\"', weight: 50}, {when: stun.query, weight: 10}]}\n"
"- {app: C, name: 20, sid: 9190003, title: T, kind: nat-traversal, alert: 40, experimental: true, evidence: [{when: 'stun.mapped and two-way', weight: 40, far: peer}]}\n"
"- {sid: 9190004, title: T, kind: voip-server, alert: 40, evidence: [{when: 'ndpi.proto', weight: 40, far: server}]}\n"
"- {app: D, name: 20, sid: 9190005, title: T, kind: skype, join: host, severity: 2, alert: 20, evidence: [{when: stun.query, weight: 20, far: peer}]}\n"
"- {app: E, name: 20, sid: 9190006, title: T, kind: relay-tunnel, alert: 20, evidence: [{when: 'peer and dialect', weight: 20, far: relay}]}\n"
"- {app: F, name: 20, sid: 9190007, title: T, kind: p2p-media, alert: 20, evidence: [{when: 'turn.channel or data.in_packets', weight: 20, far: peer}]}\n"
"- {app: G, sid: 9190008, title: T, level: operator, name: 10, evidence: [{when: 'ice.plain', weight: 10}, {when: 'stun.realm', weight: 5}]}\n";

static void must_hold(bool holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "does not hold: %s\n", what);
		abort();
	}
}

#define must(holds) must_hold(holds, #holds)

static void check_alert(const struct event_alert *a)
{
	unsigned sum = 0;

	must(a->kind > KIND_NONE && a->kind < KIND_N);
	must(a->n_evidence > 0 && a->n_evidence <= EVENT_EVIDENCE && a->n_evidence <= a->evidence_total);
	must(a->n_peers <= EVENT_PEERS && a->n_peers <= a->peers_total && a->n_servers <= EVENT_SERVERS && a->n_mapped <= EVENT_MAPPED);
	must(a->severity >= 1 && a->severity <= 3 && a->score <= 100 && a->score > 0);
	must(strlen(a->session) == 16 && a->summary[0] != '\0');
	must(a->kind >= KIND_VOIP_APP || (a->path == PATH_DIRECT) == (a->kind == KIND_HOLE_PUNCH));
	must((a->rule_sid != 0) == (a->kind >= KIND_VOIP_APP));
	for (unsigned i = 0; i < a->n_evidence; i++) {
		must(a->evidence[i].packet > 0 && a->evidence[i].name[0] != '\0' && (a->evidence[i].weight > 0 || a->rule_sid == 0));
		must(i == 0 || a->evidence[i - 1].packet <= a->evidence[i].packet);
		sum += a->evidence[i].weight;
	}
	must(a->n_evidence < a->evidence_total || a->score == (sum < 100 ? sum : 100));
}

static bool sink(void *ctx, const struct event *e)
{
	struct run *r = ctx;

	if (r->full)
		return false;
	must(event_size(e) <= sizeof *e);
	if (e->type == EVENT_ALERT) {
		check_alert(&e->alert);
		must(e->packet > 0 && endpoint_equal(&e->src, &e->alert.local));
		must(e->alert.severity <= r->set.severity);
		must(r->set.informational || !kinds[e->alert.kind].informational);
	} else if (e->type == EVENT_FLOW) {
		must(e->flow.reason[0] != '\0' && e->session[0] != '\0');
	}
	return true;
}

static void ended(void *ctx, const struct session_view *s)
{
	(void)ctx;
	explain_session(nowhere, s, true);
}

static struct endpoint some_endpoint(struct cursor *in, uint32_t net)
{
	uint8_t b = cur_u8(in);

	/* 16 addresses, 4 ports; one of the addresses is private. */
	return (struct endpoint){addr_v4(b == 0xff ? 0xc0a80101 : net + b / 16), (uint16_t)(5000 + b % 4)};
}

/* A few texts that mean something, and any bytes. */
static void put_bytes(struct run *r, unsigned id)
{
	static const char *const texts[] = {
		"aa:bb", "bb:aa", "aa:cc", "dd:ee", "aa", ":", "timeout", "evicted", "zoom", "meta-relay", "libwebrtc", "signal.org",
		"ms-turn", "turn", "",
	};
	uint8_t b = cur_u8(&r->in);

	if (b < 128)
		fact_text(&facts, id, texts[b % (sizeof texts / sizeof *texts)]);
	else
		fact_bytes(&facts, id, cur_take(&r->in, b % 32 < r->in.left ? b % 32 : 0));
}

static void put_facts(struct run *r)
{
	unsigned n = cur_u8(&r->in) % 12;

	facts_begin(&facts);
	for (unsigned i = 0; i < n; i++) {
		unsigned id = cur_u8(&r->in) % FACT_CORE_N;
		struct endpoint e;

		switch (fact_def(id)->type) {
		case FACT_FLAG:
			fact_flag(&facts, id);
			break;
		case FACT_UINT:
			fact_uint(&facts, id, cur_u8(&r->in));
			break;
		case FACT_ENDPOINT:
			e = some_endpoint(&r->in, 0xcb007100);
			fact_endpoint(&facts, id, &e);
			break;
		case FACT_BYTES:
			put_bytes(r, id);
			break;
		}
	}
}

static void put_message(struct run *r)
{
	uint8_t how = cur_u8(&r->in), gap = cur_u8(&r->in), age;
	struct endpoint local, remote;

	r->ts_ns += (uint64_t)gap * gap * 1000000;
	local = some_endpoint(&r->in, 0x0a000000);
	remote = some_endpoint(&r->in, 0xcb007100);
	age = cur_u8(&r->in);
	facts_reset(&facts);
	facts.header = (struct message){
		.ts_ns = r->ts_ns, .packet = ++r->packet, .local = local, .remote = remote,
		.ip_proto = how & 1 ? 6 : 17, .from_local = how & 2, .local_first = how & 4,
		.side = how >> 5 == 7 ? SIDE_INSIDE : how >> 5 == 6 ? SIDE_TRANSIT : SIDE_BORDER,
		.flow_start_ns = r->ts_ns - age * 1000000000ULL, .two_way = age & 1,
	};
	facts.header.flow_id = hash_fixed(HASH_START, &facts.header.local, 2 * sizeof(struct endpoint)) % 1000 + (how & 16);
	for (unsigned n = how & 8 ? 2 : 1; n > 0; n--)
		put_facts(r);
	if (how & 32 && facts.used > 0)
		((struct message *)(void *)(facts.bytes + facts.message_at))->nested = true;
	correlator_facts(r->c, &facts);
}

static void step(struct run *r)
{
	uint8_t what = cur_u8(&r->in);

	switch (what) {
	case 0xff:
		r->full = !r->full;
		break;
	case 0xfe:
		r->ts_ns += (uint64_t)cur_u16(&r->in) * 10000000;
		correlator_advance(r->c, r->ts_ns);
		break;
	case 0xfd:
		r->ts_ns -= (uint64_t)cur_u16(&r->in) * 100000000;
		break;
	case 0xfc:
		correlator_finish(r->c);
		break;
	default:
		put_message(r);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct run r = {.in = cur_of(data, size), .ts_ns = 1700000000000000000ULL};
	struct settings set = {0};
	struct counts counts = {0};
	uint8_t how = cur_u8(&r.in);

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	if (signatures == NULL) {
		struct mistakes m = {.to = stderr};

		vocabulary_register();
		signatures = signatures_parse("rules", rules, sizeof rules - 1, &m);
		must(signatures != NULL);
	}
	r.set = set.session = (struct session_settings){
		.sockets = how & 1 ? 4 : 64, .legs = how & 2 ? 8 : 128, .sessions = how & 4 ? 2 : 32, .relays = how & 8 ? 1 : 16,
		.settle_ms = 5000, .update_s = 30, .idle_s = 60, .join_s = how & 16 ? 10 : 60, .again_s = how & 16 ? 300 : 3600, .informational = how & 32,
		.severity = how & 64 ? 3 : 2, .detail = how & 128,
	};
	r.c = correlator_new(&set, signatures, &counts, sink, &r);
	must(r.c != NULL);
	if (how & 1)
		correlator_on_session_end(r.c, ended, NULL);
	while (r.in.left > 0)
		step(&r);
	r.full = false;
	correlator_finish(r.c);
	correlator_free(r.c);
	return 0;
}
