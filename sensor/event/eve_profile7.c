/* eve_profile7.c -- alert.context's content as Suricata 7's schema lets it in: alert.metadata, every value a list of
 * strings. Names are those of the context, with the parts of an object joined by '_'. */
#include "eve_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

static void meta(struct eve *e, struct json_value *in, const char *key, const char *text)
{
	json_text(e->json, json_array(e->json, in, key), NULL, text);
}

static void meta_uint(struct eve *e, struct json_value *in, const char *key, uint64_t v)
{
	char *to = json_scratch(e->json, 24);

	snprintf(to, 24, "%" PRIu64, v);
	meta(e, in, key, to);
}

static void meta_bool(struct eve *e, struct json_value *in, const char *key, bool b)
{
	meta(e, in, key, b ? "true" : "false");
}

static void meta_endpoints(struct eve *e, struct json_value *in, const char *key, const struct endpoint *at, size_t n,
    size_t most)
{
	struct json_value *list;

	if (n == 0)
		return;
	list = json_array(e->json, in, key);
	for (size_t i = 0; i < n && i < most; i++)
		json_text(e->json, list, NULL, eve_endpoint_text(e, &at[i]));
}

/* "ice.check.answered weight=30 pcap_cnt=41 203.0.113.77:41641" */
static bool meta_evidence(struct eve *e, struct json_value *in, const struct event_alert *a, const struct eve_limits *limits)
{
	struct json_value *list = json_array(e->json, in, "evidence");
	bool keep[EVENT_EVIDENCE], cut;
	size_t n = eve_choose(a, limits->evidence, keep);

	cut = n > limits->evidence;
	for (size_t i = 0; i < n; i++) {
		const struct evidence *v = &a->evidence[i];
		char text[64 + sizeof v->name + EVENT_FACT_VALUE];
		size_t at, len;
		const char *value = eve_fact_value(e, v);

		if (!keep[i])
			continue;
		at = (size_t)snprintf(text, sizeof text, "%.63s weight=%u pcap_cnt=%" PRIu64 "%s", eve_fact_name(v), v->weight,
		    v->packet, value[0] != '\0' ? " " : "");
		len = strlen(value);
		if (at >= sizeof text)
			at = sizeof text - 1;
		if (len > sizeof text - at - 1)
			len = sizeof text - at - 1;
		memcpy(text + at, value, len);
		cut |= json_text_cut(e->json, list, NULL, text, at + len, at + limits->value);
	}
	return cut;
}

static void meta_servers(struct eve *e, struct json_value *in, const struct event_alert *a, size_t most)
{
	struct json_value *at, *software = NULL;

	if (a->n_servers == 0)
		return;
	at = json_array(e->json, in, "servers");
	for (size_t i = 0; i < a->n_servers && i < most; i++)
		json_text(e->json, at, NULL, eve_endpoint_text(e, &a->servers[i].at));
	for (size_t i = 0; i < a->n_servers && i < most; i++) {
		if (a->servers[i].software[0] == '\0')
			continue;
		if (software == NULL)
			software = json_array(e->json, in, "servers_software");
		json_text(e->json, software, NULL, a->servers[i].software);
	}
}

static void meta_ends(struct eve *e, struct json_value *in, const struct event_alert *a, const struct eve_limits *limits)
{
	meta(e, in, "local", eve_endpoint_text(e, &a->local));
	if (a->behind_nat)
		meta_bool(e, in, "local_nat_address", true);
	if (a->host_name[0] != '\0')
		meta(e, in, "host_name", a->host_name);
	if (a->has_mac)
		meta(e, in, "host_mac", eve_mac(e, a->mac));
	if (a->vlan != 0)
		meta_uint(e, in, "host_vlan", a->vlan);
	meta_endpoints(e, in, "mapped", a->mapped, a->n_mapped, limits->mapped);
	meta(e, in, "nat", nat_name(a->nat));
	if (a->has_peer) {
		meta(e, in, "peer", eve_endpoint_text(e, &a->peer));
		meta(e, in, "peer_scope", scope_name(a->peer_scope));
		if (a->peer_name[0] != '\0')
			meta(e, in, "peer_name", a->peer_name);
		if (a->peer_asn != 0)
			meta_uint(e, in, "peer_asn", a->peer_asn);
		if (a->peer_org[0] != '\0')
			meta(e, in, "peer_org", a->peer_org);
		if (a->peer_country[0] != '\0')
			meta(e, in, "peer_country", a->peer_country);
	}
	if (a->far_name[0] != '\0' && strcmp(a->far_name, a->peer_name) != 0)
		meta(e, in, "far_name", a->far_name);
	meta_endpoints(e, in, "peers", a->peers, a->n_peers, limits->peers);
	if (a->peers_total > 0)
		meta_uint(e, in, "peers_total", a->peers_total);
	meta_servers(e, in, a, limits->servers);
	if (a->has_relay)
		meta(e, in, "relay", eve_endpoint_text(e, &a->relay));
}

void eve_metadata(struct eve *e, struct json_value *in, const struct event_alert *a, const struct eve_limits *limits)
{
	char *seconds = json_scratch(e->json, 32);
	struct json_value *others;
	bool cut;

	cut = json_text_cut(e->json, json_array(e->json, in, "summary"), NULL, a->summary, strlen(a->summary), limits->summary);
	meta(e, in, "kind", kinds[a->kind < KIND_N ? a->kind : KIND_NONE].name);
	meta(e, in, "path", path_name(a->path));
	if (a->app[0] != '\0') {
		meta(e, in, "app", a->app);
		meta_uint(e, in, "app_confidence", a->app_confidence);
	}
	others = a->app[0] != '\0' && a->n_other_apps > 0 ? json_array(e->json, in, "other_apps") : NULL;
	for (unsigned i = 0; others != NULL && i < a->n_other_apps; i++)
		json_text(e->json, others, NULL, a->other_apps[i]);
	if (a->rule_sid != 0) {
		meta_uint(e, in, "rule_sid", a->rule_sid);
		if (a->rule_title[0] != '\0')
			meta(e, in, "rule_title", a->rule_title);
		meta_bool(e, in, "experimental", a->experimental);
	}
	meta_uint(e, in, "score", a->score);
	meta(e, in, "session", a->session);
	meta_bool(e, in, "update", a->update);
	meta_bool(e, in, "one_way", a->one_way);
	eve_time(e, json_array(e->json, in, "start"), NULL, a->start_ns);
	snprintf(seconds, 32, "%" PRIu64 ".%06u", a->duration_ns / 1000000000, (unsigned)(a->duration_ns % 1000000000 / 1000));
	meta(e, in, "duration_s", seconds);
	meta_uint(e, in, "bytes_out", a->bytes_out);
	meta_uint(e, in, "bytes_in", a->bytes_in);
	meta_ends(e, in, a, limits);
	eve_skype7(e, in, &a->skype);
	eve_policy7(e, in, &a->policy);
	eve_crypto7(e, in, &a->crypto, limits);
	cut |= meta_evidence(e, in, a, limits);
	cut |= a->n_mapped > limits->mapped || a->n_peers > limits->peers || a->n_servers > limits->servers;
	if (a->evidence_total > a->n_evidence || a->n_evidence > limits->evidence)
		meta_uint(e, in, "evidence_total", a->evidence_total > a->n_evidence ? a->evidence_total : a->n_evidence);
	if (cut)
		meta_bool(e, in, "trimmed", true);
}
