/* sample.h -- events for tests: one of every kind and type, filled to the brim or with a stranger's worst text. */
#ifndef PW_TEST_SAMPLE_H
#define PW_TEST_SAMPLE_H

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../../../sensor/event/event.h"

#define SAMPLE_NS 1767323045678901234ULL	/* 2026-01-02T03:04:05.678901 UTC */

static inline struct endpoint sample_at(const char *addr, uint16_t port)
{
	struct endpoint e = {.port = port};

	if (!addr_parse(addr, &e.addr))
		abort();
	return e;
}

static inline void sample_base(struct event *e, enum event_type type)
{
	memset(e, 0, sizeof *e);
	e->type = type;
	e->ts_ns = SAMPLE_NS;
	e->packet = 57;
	e->flow_id = 1234567890123;
	e->src = sample_at("10.1.0.10", 50123);
	e->dst = sample_at("203.0.113.77", 41641);
	e->ip_proto = IPPROTO_UDP;
	e->to_server = true;
	e->interface = 1;
	strcpy(e->app_proto, "stun");
	e->flow = (struct event_flow){30, 27, 5120, 4800, SAMPLE_NS - 4700000000, 0, "", "established", true};
}

static inline void sample_evidence(struct event_alert *a, const char *name, uint8_t weight, const char *value)
{
	struct evidence *v = &a->evidence[a->n_evidence++];

	v->fact = 0xffff;
	snprintf(v->name, sizeof v->name, "%s", name);
	v->weight = weight;
	v->packet = 40u + a->n_evidence;
	v->ts_ns = SAMPLE_NS;
	snprintf(v->value, sizeof v->value, "%s", value);
	a->evidence_total = a->n_evidence;
}

/* The alert that the design shows. */
static inline void sample_alert(struct event *e, enum kind kind)
{
	struct event_alert *a = &e->alert;

	sample_base(e, EVENT_ALERT);
	e->media = (struct event_media){.classes = MEDIA_VOICE | MEDIA_VIDEO, .encrypted = true, .packets_out = 240, .packets_in = 235,
	    .bytes_out = 20000, .bytes_in = 19000, .duration_ns = 4700000000};
	a->kind = kind;
	a->severity = kinds[kind].severity;
	a->path = PATH_DIRECT;
	a->nat = NAT_INDEPENDENT;
	a->score = 96;
	a->app_confidence = 90;
	strcpy(a->app, "WhatsApp");
	strcpy(a->session, "5b1c0123456789ab");
	strcpy(a->summary, "10.1.0.10 has a direct WhatsApp call with 203.0.113.77:41641 since 03:04:01");
	a->start_ns = SAMPLE_NS - 4700000000;
	a->duration_ns = 4700000000;
	a->bytes_out = 5120;
	a->bytes_in = 4800;
	a->local = e->src;
	a->has_peer = true;
	a->peer = e->dst;
	a->has_mac = true;
	memcpy(a->mac, "\x02\x00\x5e\x10\x00\x01", 6);
	a->vlan = 7;
	a->peers_total = 2;
	a->n_peers = 2;
	a->peers[0] = e->dst;
	a->peers[1] = sample_at("2001:db8::77", 41641);
	a->n_mapped = 1;
	a->mapped[0] = sample_at("198.51.100.1", 50123);
	a->n_servers = 1;
	a->servers[0].at = sample_at("203.0.113.3", 3478);
	strcpy(a->servers[0].software, "Coturn-4.6.1");
	sample_evidence(a, "stun.query", 10, "203.0.113.3:3478");
	sample_evidence(a, "ice.username", 20, "abcd:efgh");
	sample_evidence(a, "ice.check.answered", 30, "203.0.113.77:41641");
	sample_evidence(a, "data.both-ways", 36, "");
}

/* What a site's policy makes of it. */
static inline void sample_policy(struct event_alert *a)
{
	struct event_policy *p = &a->policy;

	strcpy(a->host_name, "pc-1234");
	strcpy(a->peer_name, "peer.example.net");
	strcpy(a->far_name, "relay.example.net");
	a->peer_asn = 64500;
	strcpy(a->peer_org, "Example Ltd");
	strcpy(a->peer_country, "NZ");
	strcpy(p->zone, "corporate");
	p->classification = CLASS_RESTRICTED;
	strcpy(p->exception, "Meetings with the bank");
	strcpy(p->owner, "J. Smith");
	strcpy(p->ticket, "SEC-77");
	strcpy(p->expires, "2027-06-30");
	p->n_controls = 3;
	p->controls[0] = (struct event_control){1555, SHOULD_NOT};
	p->controls[1] = (struct event_control){2090, MUST};
	p->controls[2] = (struct event_control){90001, COMPLIANCE_NONE};
	p->limited = 12;
}

/* How its media are encrypted. */
static inline void sample_crypto(struct event_alert *a)
{
	a->crypto = (struct event_crypto){
		.result = CRYPTO_FAIL, .visible = VISIBLE_FULL, .classes = CLASS_WEAK | CLASS_NOT_APPROVED, .profile = "nzism3.9", .protocol = "DTLS 1.2",
		.cipher = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", .group = "X25519", .signature = "rsa_pss_rsae_sha256",
		.srtp = "AEAD_AES_256_GCM", .hash = "SHA-256", .bits = 128, .n_certs = 2, .n_reasons = 2, .n_notes = 1, .n_cids = 2,
		.certs = {{false, "leaf", "RSA", "", "SHA-256", 2048}, {true, "leaf", "EC", "P-256", "SHA-256", 256}},
		.reasons = {"AES-128", "X25519"}, .notes = {"offered: 11 of 16 suites would not pass"}, .cids = {2090, 2144},
	};
}

/* Every list full, every text as long as it may be, made of `fill`. */
static inline void sample_full(struct event *e, enum event_type type, const char *fill)
{
	struct event_alert *a = &e->alert;
	size_t n = strlen(fill);

	sample_alert(e, KIND_HOLE_PUNCH);
	e->type = type;
	e->src = sample_at("2001:db8:1111:2222:3333:4444:5555:6666", 65535);
	e->flow_id = (1ULL << 51) - 1;
	e->vlan = 4094;
#define FILL(text) do { for (size_t i_ = 0; i_ + 1 < sizeof (text); i_++) (text)[i_] = fill[i_ % n]; } while (0)
	FILL(e->app_proto);
	FILL(a->app);
	FILL(a->summary);
	FILL(a->rule_title);
	FILL(a->host_name);
	FILL(a->peer_name);
	FILL(a->far_name);
	a->far_name[0] = 'z';
	a->peer_asn = UINT32_MAX;
	FILL(a->peer_org);
	FILL(a->peer_country);
	FILL(a->policy.zone);
	FILL(a->policy.exception);
	FILL(a->policy.owner);
	FILL(a->policy.ticket);
	FILL(a->policy.expires);
	a->rule_sid = 9190000;
	a->policy.classification = CLASS_TOP_SECRET;
	a->policy.limited = UINT32_MAX;
	FILL(a->skype.version);
	a->skype.there = a->skype.has_own = true;
	a->skype.listen_port = 65535;
	a->skype.seen = UINT32_MAX;
	a->skype.own = e->src.addr;
	a->policy.n_controls = EVENT_CONTROLS;
	for (unsigned i = 0; i < EVENT_CONTROLS; i++)
		a->policy.controls[i] = (struct event_control){UINT32_MAX - i, SHOULD_NOT};
	a->has_relay = true;
	a->relay = e->src;
	a->n_evidence = 0;
	for (unsigned i = 0; i < EVENT_EVIDENCE; i++) {
		sample_evidence(a, "x", (uint8_t)(i * 7 % 31), "x");
		a->evidence[i].packet = i + 1;
		FILL(a->evidence[i].name);
		FILL(a->evidence[i].value);
	}
	a->evidence_total = 40;
	a->n_peers = EVENT_PEERS;
	a->n_servers = EVENT_SERVERS;
	a->n_mapped = EVENT_MAPPED;
	for (unsigned i = 0; i < EVENT_PEERS; i++)
		a->peers[i] = e->src;
	for (unsigned i = 0; i < EVENT_SERVERS; i++) {
		a->servers[i].at = e->src;
		FILL(a->servers[i].software);
	}
	for (unsigned i = 0; i < EVENT_MAPPED; i++)
		a->mapped[i] = e->src;
	sample_crypto(a);
	FILL(a->crypto.profile);
	FILL(a->crypto.protocol);
	FILL(a->crypto.cipher);
	FILL(a->crypto.group);
	FILL(a->crypto.signature);
	FILL(a->crypto.srtp);
	FILL(a->crypto.hash);
	a->crypto.n_certs = CRYPTO_CERTS;
	a->crypto.n_reasons = CRYPTO_REASONS;
	a->crypto.n_notes = CRYPTO_NOTES;
	a->crypto.n_cids = CRYPTO_CIDS;
	a->crypto.classes = 15;
	for (unsigned i = 0; i < CRYPTO_CERTS; i++) {
		a->crypto.certs[i].bits = UINT16_MAX;
		FILL(a->crypto.certs[i].role);
		FILL(a->crypto.certs[i].alg);
		FILL(a->crypto.certs[i].curve);
		FILL(a->crypto.certs[i].sha);
	}
	for (unsigned i = 0; i < CRYPTO_REASONS; i++)
		FILL(a->crypto.reasons[i]);
	for (unsigned i = 0; i < CRYPTO_NOTES; i++)
		FILL(a->crypto.notes[i]);
	for (unsigned i = 0; i < CRYPTO_CIDS; i++)
		a->crypto.cids[i] = UINT32_MAX;
#undef FILL
	a->bytes_out = a->bytes_in = UINT64_MAX >> 11;
}

static inline void sample_flow(struct event *e)
{
	sample_base(e, EVENT_FLOW);
	e->to_server = false;		/* the outside end sent first */
	strcpy(e->session, "5b1c0123456789ab");
	e->flow.end_ns = SAMPLE_NS + 2500000000;
	strcpy(e->flow.reason, "timeout");
}

static inline void sample_detail(struct event_stun *s, const char *text)
{
	size_t n = strlen(text) + 1;

	if (s->details_len + n > sizeof s->details)
		return;
	memcpy(s->details + s->details_len, text, n);
	s->details_len = (uint16_t)(s->details_len + n);
	s->n_details++;
}

static inline void sample_stun(struct event *e)
{
	sample_base(e, EVENT_STUN);
	strcpy(e->stun.method, "BINDING");
	strcpy(e->stun.class_name, "RESPONSE_SUCCESS");
	strcpy(e->stun.transaction, "b7e7a701bc34d686fa87dfae");
	e->stun.nested = true;
	e->stun.peer = e->dst;
	e->stun.rtt_us = 20123;
	sample_detail(&e->stun, "XOR-MAPPED-ADDRESS=198.51.100.1:50123");
	sample_detail(&e->stun, "USERNAME=evtj:h6vY");
	sample_detail(&e->stun, "SOFTWARE=a=b");
	sample_detail(&e->stun, "USE-CANDIDATE");
}

#endif
