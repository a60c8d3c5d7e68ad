/* eve.c -- see eve.h: what is in every event, alerts, flows, and the choice of what is left out of a long line.
 * eve_profile7.c, eve_policy.c, eve_skype.c, eve_stats.c and eve_stun.c write what their names say; eve_parts.c has the pieces. */
#include "eve.h"

#include <openssl/evp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "community_id.h"
#include "eve_write.h"
#include "json.h"

enum { GID = 9100, REV = 1 };

/* What is left out when a line gets too long: values of evidence, evidence, then the lists. The last must always fit. */
static const struct eve_limits levels[] = {
	{EVENT_EVIDENCE, EVENT_PEERS, EVENT_SERVERS, EVENT_MAPPED, EVENT_FACT_VALUE, EVENT_SUMMARY, 256, 1024, EVE_CRYPTO_ALL},
	{EVENT_EVIDENCE, EVENT_PEERS, EVENT_SERVERS, EVENT_MAPPED, 32, EVENT_SUMMARY, 128, 256, EVE_CRYPTO_ALL},
	{16, EVENT_PEERS, EVENT_SERVERS, EVENT_MAPPED, 32, EVENT_SUMMARY, 64, 128, EVE_CRYPTO_LESS},
	{8, EVENT_PEERS, EVENT_SERVERS, EVENT_MAPPED, 24, EVENT_SUMMARY, 32, 64, EVE_CRYPTO_LESS},
	{8, 8, 4, 4, 24, 160, 24, 48, EVE_CRYPTO_LEAST},
	{2, 2, 1, 1, 16, 60, 8, 32, EVE_CRYPTO_LEAST},
};

struct eve *eve_new(const struct eve_settings *settings, const char *(*interface_name)(void *, unsigned), void *ctx)
{
	struct eve *e = calloc(1, sizeof *e);

	if (e == NULL)
		return NULL;
	e->json = json_new();
	e->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	if (e->json == NULL || e->sha1 == NULL) {
		eve_free(e);
		return NULL;
	}
	e->profile = settings->profile;
	e->hash_usernames = settings->hash_usernames;
	e->interface_name = interface_name;
	e->ctx = ctx;
	snprintf(e->host, sizeof e->host, "%s", settings->host);
	if (e->host[0] == '\0' && gethostname(e->host, sizeof e->host - 1) != 0)
		e->host[0] = '\0';
	return e;
}

void eve_free(struct eve *e)
{
	if (e == NULL)
		return;
	json_free(e->json);
	EVP_MD_free(e->sha1);
	free(e);
}

static const char *transport_name(uint8_t ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_ICMP:
		return "ICMP";
	case IPPROTO_ICMPV6:
		return "IPv6-ICMP";
	case IPPROTO_SCTP:
		return "SCTP";
	default:
		return "UNKNOWN";
	}
}

/* The heartbeat is about no flow. */
static void build_stats(struct eve *e, const struct event *event)
{
	struct json_value *root = json_start(e->json);

	eve_time(e, root, "timestamp", event->ts_ns);
	json_text(e->json, root, "event_type", "stats");
	if (e->host[0] != '\0')
		json_text(e->json, root, "host", e->host);
	eve_stats(e, root, &event->stats);
}

/* What every event of a flow starts with. */
static struct json_value *begin(struct eve *e, const struct event *event, const char *type)
{
	const char *interface = e->interface_name ? e->interface_name(e->ctx, event->interface) : NULL;
	char *community = NULL;
	struct json_value *root = json_start(e->json);

	eve_time(e, root, "timestamp", event->ts_ns);
	json_uint(e->json, root, "flow_id", event->flow_id & ((1ULL << 53) - 1));	/* JSON readers have doubles */
	if (interface != NULL && interface[0] != '\0')
		json_text(e->json, root, "in_iface", interface);
	json_text(e->json, root, "event_type", type);
	if (e->host[0] != '\0')
		json_text(e->json, root, "host", e->host);
	if (event->vlan != 0)
		json_uint(e->json, json_array(e->json, root, "vlan"), NULL, event->vlan);
	if (event->packet != 0)
		json_uint(e->json, root, "pcap_cnt", event->packet);
	eve_addr(e, root, "src_ip", &event->src.addr);
	json_uint(e->json, root, "src_port", event->src.port);
	eve_addr(e, root, "dest_ip", &event->dst.addr);
	json_uint(e->json, root, "dest_port", event->dst.port);
	json_text(e->json, root, "proto", transport_name(event->ip_proto));
	json_text(e->json, root, "app_proto", event->app_proto[0] != '\0' ? event->app_proto : "failed");
	community = json_scratch(e->json, COMMUNITY_ID_TEXT);
	if (community_id(e->sha1, &event->src, &event->dst, event->ip_proto, 0, community))
		json_text(e->json, root, "community_id", community);
	json_text(e->json, root, "direction", event->to_server ? "to_server" : "to_client");
	return root;
}

/* The flow as Suricata counts it: the first sender is the client. */
static struct json_value *put_flow(struct eve *e, struct json_value *root, const struct event *event)
{
	const struct event_flow *f = &event->flow;
	const struct endpoint *client = event->to_server ? &event->src : &event->dst;
	const struct endpoint *server = event->to_server ? &event->dst : &event->src;
	struct json_value *o = json_object(e->json, root, "flow");

	json_uint(e->json, o, "pkts_toserver", f->packets_toserver);
	json_uint(e->json, o, "pkts_toclient", f->packets_toclient);
	json_uint(e->json, o, "bytes_toserver", f->bytes_toserver);
	json_uint(e->json, o, "bytes_toclient", f->bytes_toclient);
	if (f->start_ns != 0)
		eve_time(e, o, "start", f->start_ns);
	eve_addr(e, o, "src_ip", &client->addr);
	eve_addr(e, o, "dest_ip", &server->addr);
	json_uint(e->json, o, "src_port", client->port);
	json_uint(e->json, o, "dest_port", server->port);
	return o;
}

static bool put_evidence(struct eve *e, struct json_value *in, const struct event_alert *a, const struct eve_limits *limits)
{
	struct json_value *list = json_array(e->json, in, "evidence");
	bool keep[EVENT_EVIDENCE], cut;
	size_t n = eve_choose(a, limits->evidence, keep);

	cut = n > limits->evidence;
	for (size_t i = 0; i < n; i++) {
		const struct evidence *v = &a->evidence[i];
		const char *value = eve_fact_value(e, v);
		struct json_value *o;

		if (!keep[i])
			continue;
		o = json_object(e->json, list, NULL);
		json_text(e->json, o, "fact", eve_fact_name(v));
		json_uint(e->json, o, "weight", v->weight);
		json_uint(e->json, o, "pcap_cnt", v->packet);
		if (value[0] != '\0')
			cut |= json_text_cut(e->json, o, "value", value, strlen(value), limits->value);
	}
	return cut;
}

/* --- profiles 8 and full: one object with everything --- */

static void put_host(struct eve *e, struct json_value *in, const struct event_alert *a)
{
	struct json_value *o;

	if (!a->has_mac && a->vlan == 0 && a->host_name[0] == '\0')
		return;
	o = json_object(e->json, in, "host");
	if (a->host_name[0] != '\0')
		json_text(e->json, o, "name", a->host_name);
	if (a->has_mac)
		json_text(e->json, o, "mac", eve_mac(e, a->mac));
	if (a->vlan != 0)
		json_uint(e->json, o, "vlan", a->vlan);
}

/* Returns whether something was left out. */
static bool put_lists(struct eve *e, struct json_value *in, const struct event_alert *a, const struct eve_limits *limits)
{
	struct json_value *list;
	size_t n;

	if (a->n_peers > 0) {
		list = json_array(e->json, in, "peers");
		for (n = 0; n < a->n_peers && n < limits->peers; n++)
			eve_endpoint(e, list, NULL, &a->peers[n]);
	}
	if (a->peers_total > 0)
		json_uint(e->json, in, "peers_total", a->peers_total);
	if (a->n_servers > 0) {
		list = json_array(e->json, in, "servers");
		for (n = 0; n < a->n_servers && n < limits->servers; n++) {
			struct json_value *o = eve_endpoint(e, list, NULL, &a->servers[n].at);

			if (a->servers[n].software[0] != '\0')
				json_text(e->json, o, "software", a->servers[n].software);
		}
	}
	return a->n_peers > limits->peers || a->n_servers > limits->servers;
}

/* The members of alert.context, and of p2p_session. */
void eve_context(struct eve *e, struct json_value *o, const struct event_alert *a, const struct eve_limits *limits)
{
	struct json_value *list;
	bool cut;

	cut = json_text_cut(e->json, o, "summary", a->summary, strlen(a->summary), limits->summary);
	json_text(e->json, o, "kind", kinds[a->kind < KIND_N ? a->kind : KIND_NONE].name);
	json_text(e->json, o, "path", path_name(a->path));
	if (a->app[0] != '\0') {
		json_text(e->json, o, "app", a->app);
		json_uint(e->json, o, "app_confidence", a->app_confidence);
	}
	/* Two names and none of them the session's: that is no knowledge to hand on. */
	list = a->app[0] != '\0' && a->n_other_apps > 0 ? json_array(e->json, o, "other_apps") : NULL;
	for (unsigned i = 0; list != NULL && i < a->n_other_apps; i++)
		json_text(e->json, list, NULL, a->other_apps[i]);
	if (a->rule_sid != 0) {
		list = json_object(e->json, o, "rule");
		json_uint(e->json, list, "sid", a->rule_sid);
		if (a->rule_title[0] != '\0')
			json_text(e->json, list, "title", a->rule_title);
		json_bool(e->json, list, "experimental", a->experimental);
	}
	json_uint(e->json, o, "score", a->score);
	json_text(e->json, o, "session", a->session);
	json_bool(e->json, o, "update", a->update);
	json_bool(e->json, o, "one_way", a->one_way);
	eve_time(e, o, "start", a->start_ns);
	json_seconds(e->json, o, "duration_s", a->duration_ns / 1000);
	json_uint(e->json, o, "bytes_out", a->bytes_out);
	json_uint(e->json, o, "bytes_in", a->bytes_in);
	list = eve_endpoint(e, o, "local", &a->local);
	if (a->behind_nat)
		json_bool(e->json, list, "nat_address", true);
	put_host(e, o, a);
	if (a->n_mapped > 0) {
		list = json_array(e->json, o, "mapped");
		for (size_t n = 0; n < a->n_mapped && n < limits->mapped; n++)
			eve_endpoint(e, list, NULL, &a->mapped[n]);
		cut |= a->n_mapped > limits->mapped;
	}
	json_text(e->json, o, "nat", nat_name(a->nat));
	if (a->has_peer) {
		list = eve_endpoint(e, o, "peer", &a->peer);
		json_text(e->json, list, "scope", scope_name(a->peer_scope));
		if (a->peer_name[0] != '\0')
			json_text(e->json, list, "name", a->peer_name);
		if (a->peer_asn != 0)
			json_uint(e->json, list, "asn", a->peer_asn);
		if (a->peer_org[0] != '\0')
			json_text(e->json, list, "org", a->peer_org);
		if (a->peer_country[0] != '\0')
			json_text(e->json, list, "country", a->peer_country);
	}
	if (a->far_name[0] != '\0' && strcmp(a->far_name, a->peer_name) != 0)
		json_text(e->json, o, "far_name", a->far_name);
	cut |= put_lists(e, o, a, limits);
	if (a->has_relay)
		eve_endpoint(e, o, "relay", &a->relay);
	eve_skype(e, o, &a->skype);
	eve_policy(e, o, &a->policy);
	eve_crypto(e, o, &a->crypto, limits);
	cut |= put_evidence(e, o, a, limits);
	if (a->evidence_total > a->n_evidence || a->n_evidence > limits->evidence)
		json_uint(e->json, o, "evidence_total", a->evidence_total > a->n_evidence ? a->evidence_total : a->n_evidence);
	if (cut)
		json_bool(e->json, o, "trimmed", true);
}

/* --- alerts --- */

static const char *severity_word(unsigned severity)
{
	return severity <= 1 ? "Major" : severity == 2 ? "Minor" : "Informational";
}

static void put_alert(struct eve *e, struct json_value *root, const struct event *event, const struct eve_limits *limits)
{
	const struct event_alert *a = &event->alert;
	const struct kind_def *kind = &kinds[a->kind < KIND_N ? a->kind : KIND_NONE];
	unsigned severity = a->severity != 0 ? a->severity : kind->severity;
	struct json_value *o = json_object(e->json, root, "alert"), *metadata, *context;

	json_text(e->json, o, "action", "allowed");
	json_uint(e->json, o, "gid", GID);
	json_uint(e->json, o, "signature_id", kind->sid);
	json_uint(e->json, o, "rev", REV);
	json_uint(e->json, o, "severity", severity);
	json_text(e->json, o, "signature", kind->signature);
	json_text(e->json, o, "category", kind->category);
	metadata = json_object(e->json, o, "metadata");
	json_text(e->json, json_array(e->json, metadata, "tag"), NULL, "punchwatch");
	json_text(e->json, json_array(e->json, metadata, "signature_severity"), NULL, severity_word(severity));
	eve_controls(e, metadata, kind->cids, &a->policy);
	if (kind->technique[0] != '\0')
		json_text(e->json, json_array(e->json, metadata, "mitre_technique_id"), NULL, kind->technique);
	if (e->profile == PROFILE_7) {
		eve_metadata(e, metadata, a, limits);
		eve_media7(e, metadata, &event->media);
		return;
	}
	context = json_object(e->json, o, "context");
	eve_context(e, context, a, limits);
	eve_media(e, context, &event->media);
}

/* Suricata's own place for what belongs to a flow; strings and small integers only. */
static void put_flowvars(struct eve *e, struct json_value *root, const char *session, const struct event_media *media,
    const struct event_alert *a)
{
	struct json_value *metadata, *list;

	if (session[0] == '\0')
		return;
	metadata = json_object(e->json, root, "metadata");
	list = json_array(e->json, metadata, "flowvars");
	json_text(e->json, json_object(e->json, list, NULL), "session", session);
	if (a == NULL) {
		eve_media_flowvars(e, list, media);
		return;
	}
	json_text(e->json, json_array(e->json, metadata, "flowbits"), NULL, kinds[a->kind < KIND_N ? a->kind : KIND_NONE].name);
	json_uint(e->json, json_object(e->json, metadata, "flowints"), "score", a->score);
}

static void build_alert(struct eve *e, const struct event *event, const struct eve_limits *limits)
{
	struct json_value *root = begin(e, event, "alert");

	json_text(e->json, root, "pkt_src", "wire/pcap");
	if (e->profile == PROFILE_7)
		put_flowvars(e, root, event->alert.session, &event->media, &event->alert);
	put_alert(e, root, event, limits);
	put_flow(e, root, event);
}

static void build_flow(struct eve *e, const struct event *event)
{
	const struct event_flow *f = &event->flow;
	struct json_value *root = begin(e, event, "flow"), *o;

	put_flowvars(e, root, event->session, &event->media, NULL);
	o = put_flow(e, root, event);
	if (f->end_ns != 0) {
		eve_time(e, o, "end", f->end_ns);
		json_uint(e->json, o, "age", f->end_ns > f->start_ns ? (f->end_ns - f->start_ns) / 1000000000 : 0);
	}
	json_text(e->json, o, "state", f->state[0] != '\0' ? f->state : "new");
	json_text(e->json, o, "reason", f->reason[0] != '\0' ? f->reason : "timeout");
	json_bool(e->json, o, "alerted", f->alerted);
}

static bool build(struct eve *e, const struct event *event, const struct eve_limits *limits)
{
	switch (event->type) {
	case EVENT_ALERT:
		build_alert(e, event, limits);
		return true;
	case EVENT_FLOW:
		build_flow(e, event);
		return true;
	case EVENT_STATS:
		build_stats(e, event);
		return true;
	case EVENT_SESSION:
		if (e->profile == PROFILE_FULL)
			eve_context(e, json_object(e->json, begin(e, event, "p2p_session"), "p2p_session"), &event->alert, limits);
		return e->profile == PROFILE_FULL;
	case EVENT_STUN:
		if (e->profile == PROFILE_FULL)
			eve_stun(e, json_object(e->json, begin(e, event, "stun"), "stun"), &event->stun, limits);
		return e->profile == PROFILE_FULL;
	}
	return false;
}

const char *eve_line(struct eve *e, const struct event *event, size_t *len)
{
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
		if (!build(e, event, &levels[i]))
			return NULL;
		*len = json_print(e->json, e->line, EVE_LINE_MAX);
		if (*len > 0) {
			e->line[(*len)++] = '\n';
			e->line[*len] = '\0';
			return e->line;
		}
	}
	return NULL;
}
