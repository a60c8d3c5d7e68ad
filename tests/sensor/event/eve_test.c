/* eve_test.c -- events as JSON, read back field by field; `eve_test --print 7|8|full` prints one of everything. */
#include "../../test.h"

#include <stdio.h>

#include <cjson/cJSON.h>

#include "../../../sensor/event/eve.h"
#include "../../../sensor/event/text.h"
#include "sample.h"

static const char *interface_name(void *ctx, unsigned index)
{
	(void)ctx;
	return index == 1 ? "eth1" : NULL;
}

static struct eve *maker(enum eve_profile profile, bool hash)
{
	struct eve_settings s = {.profile = profile, .host = "border-1", .hash_usernames = hash};

	return eve_new(&s, interface_name, NULL);
}

/* The event's line, checked for what holds of every line, parsed. NULL: the profile has no such event. */
static cJSON *parsed(struct eve *eve, const struct event *e)
{
	size_t len;
	const char *line = eve_line(eve, e, &len);
	cJSON *root;

	if (line == NULL)
		return NULL;
	assert_true(len <= EVE_LINE_MAX);
	assert_int_equal(strlen(line), len);
	assert_int_equal(line[len - 1], '\n');
	assert_ptr_equal(memchr(line, '\n', len), line + len - 1);
	assert_true(text_is_clean(line, len - 1));
	root = cJSON_ParseWithOpts(line, NULL, true);
	assert_non_null(root);
	return root;
}

/* "alert.context.peer.ip", "alert.context.peers[1].ip" */
static const cJSON *at(const cJSON *root, const char *path)
{
	char part[64];

	while (*path != '\0') {
		size_t n = strcspn(path, ".[");

		if (n > 0) {
			snprintf(part, sizeof part, "%.*s", (int)n, path);
			root = cJSON_GetObjectItemCaseSensitive(root, part);
			path += n;
		} else {
			root = cJSON_GetArrayItem(root, atoi(path + 1));
			path = strchr(path, ']') + 1;
		}
		if (root == NULL)
			return NULL;
		path += *path == '.';
	}
	return root;
}

static void want(const cJSON *root, const char *path, const char *text)
{
	const cJSON *v = at(root, path);

	if (!cJSON_IsString(v))
		fail_msg("%s is not a string", path);
	assert_string_equal(v->valuestring, text);
}

static void want_number(const cJSON *root, const char *path, double number)
{
	const cJSON *v = at(root, path);

	if (!cJSON_IsNumber(v) || v->valuedouble != number)
		fail_msg("%s is not %f", path, number);
}

static void want_absent(const cJSON *root, const char *path)
{
	if (at(root, path) != NULL)
		fail_msg("%s is there", path);
}

static void check_base(const cJSON *r, const char *type)
{
	want(r, "timestamp", "2026-01-02T03:04:05.678901+0000");
	want_number(r, "flow_id", 1234567890123.0);
	want(r, "in_iface", "eth1");
	want(r, "event_type", type);
	want(r, "host", "border-1");
	want_absent(r, "vlan");
	want_number(r, "pcap_cnt", 57);
	want(r, "src_ip", "10.1.0.10");
	want_number(r, "src_port", 50123);
	want(r, "dest_ip", "203.0.113.77");
	want_number(r, "dest_port", 41641);
	want(r, "proto", "UDP");
	want(r, "app_proto", "stun");
	want(r, "community_id", "1:yhYm0HEs3rdtC4dRvJB5uIBxYM0=");
}

/* It speaks like another one, too. */
static void sample_names(struct event_alert *a)
{
	a->n_other_apps = 1;
	strcpy(a->other_apps[0], "Tox");
}

static void alert_in_profile_8(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_HOLE_PUNCH);
	sample_names(&e.alert);
	r = parsed(eve, &e);
	check_base(r, "alert");
	want(r, "direction", "to_server");
	want(r, "pkt_src", "wire/pcap");
	want(r, "alert.action", "allowed");
	want_number(r, "alert.gid", 9100);
	want_number(r, "alert.signature_id", 9100003);
	want_number(r, "alert.rev", 1);
	want_number(r, "alert.severity", 1);
	want(r, "alert.signature", "PUNCHWATCH P2P hole punched: direct path to an outside peer");
	want(r, "alert.category", "Potential Corporate Privacy Violation");
	want(r, "alert.metadata.tag[0]", "punchwatch");
	want(r, "alert.metadata.signature_severity[0]", "Major");
	want(r, "alert.metadata.nzism_cid[0]", "1555");
	want(r, "alert.metadata.mitre_technique_id[0]", "T1095");
	want(r, "alert.context.summary", e.alert.summary);
	want(r, "alert.context.kind", "hole-punch");
	want(r, "alert.context.path", "direct");
	want(r, "alert.context.app", "WhatsApp");
	want_number(r, "alert.context.app_confidence", 90);
	want(r, "alert.context.other_apps[0]", "Tox");
	want_number(r, "alert.context.score", 96);
	want(r, "alert.context.session", "5b1c0123456789ab");
	assert_true(cJSON_IsFalse(at(r, "alert.context.update")));
	assert_true(cJSON_IsFalse(at(r, "alert.context.one_way")));
	want(r, "alert.context.start", "2026-01-02T03:04:00.978901+0000");
	want_number(r, "alert.context.duration_s", 4.7);
	want_number(r, "alert.context.bytes_out", 5120);
	want_number(r, "alert.context.bytes_in", 4800);
	want(r, "alert.context.local.ip", "10.1.0.10");
	want_number(r, "alert.context.local.port", 50123);
	want_absent(r, "alert.context.local.nat_address");
	want(r, "alert.context.host.mac", "02:00:5e:10:00:01");
	want_number(r, "alert.context.host.vlan", 7);
	want(r, "alert.context.mapped[0].ip", "198.51.100.1");
	want(r, "alert.context.nat", "endpoint-independent");
	want(r, "alert.context.peer.ip", "203.0.113.77");
	want_number(r, "alert.context.peer.port", 41641);
	want(r, "alert.context.peer.scope", "public");
	want(r, "alert.context.peers[1].ip", "2001:db8::77");
	want_number(r, "alert.context.peers_total", 2);
	want(r, "alert.context.servers[0].ip", "203.0.113.3");
	want_number(r, "alert.context.servers[0].port", 3478);
	want(r, "alert.context.servers[0].software", "Coturn-4.6.1");
	want_absent(r, "alert.context.relay");
	assert_int_equal(cJSON_GetArraySize(at(r, "alert.context.evidence")), 4);
	want(r, "alert.context.evidence[2].fact", "ice.check.answered");
	want_number(r, "alert.context.evidence[2].weight", 30);
	want_number(r, "alert.context.evidence[2].pcap_cnt", 43);
	want(r, "alert.context.evidence[2].value", "203.0.113.77:41641");
	want_absent(r, "alert.context.evidence[3].value");
	want_absent(r, "alert.context.evidence_total");
	want_absent(r, "alert.context.trimmed");
	want_number(r, "flow.pkts_toserver", 30);
	want_number(r, "flow.pkts_toclient", 27);
	want_number(r, "flow.bytes_toserver", 5120);
	want_number(r, "flow.bytes_toclient", 4800);
	want(r, "flow.start", "2026-01-02T03:04:00.978901+0000");
	want(r, "flow.src_ip", "10.1.0.10");
	want_absent(r, "metadata");
	cJSON_Delete(r);
	eve_free(eve);
}

static void policy_in_every_profile(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_HOLE_PUNCH);
	sample_policy(&e.alert);
	r = parsed(eve, &e);
	want(r, "alert.context.host.name", "pc-1234");
	want(r, "alert.context.peer.name", "peer.example.net");
	want(r, "alert.context.far_name", "relay.example.net");
	want_number(r, "alert.context.peer.asn", 64500);
	want(r, "alert.context.peer.org", "Example Ltd");
	want(r, "alert.context.peer.country", "NZ");
	want(r, "alert.context.policy.zone", "corporate");
	want(r, "alert.context.policy.classification", "RESTRICTED");
	want(r, "alert.context.policy.exception.name", "Meetings with the bank");
	want(r, "alert.context.policy.exception.owner", "J. Smith");
	want(r, "alert.context.policy.exception.ticket", "SEC-77");
	want(r, "alert.context.policy.exception.expires", "2027-06-30");
	want_absent(r, "alert.context.policy.expired_exception");
	want_number(r, "alert.context.policy.controls[1].cid", 2090);
	want(r, "alert.context.policy.controls[1].compliance", "MUST");
	want_absent(r, "alert.context.policy.controls[2].compliance");
	want_number(r, "alert.context.policy.limited", 12);
	assert_int_equal(cJSON_GetArraySize(at(r, "alert.metadata.nzism_cid")), 3);	/* 1555 is the kind's, too */
	want(r, "alert.metadata.nzism_cid[2]", "90001");
	cJSON_Delete(r);
	e.alert.policy.expired = true;
	e.alert.policy.owner[0] = '\0';
	r = parsed(eve, &e);
	want(r, "alert.context.policy.expired_exception.name", "Meetings with the bank");
	want_absent(r, "alert.context.policy.expired_exception.owner");
	want_absent(r, "alert.context.policy.exception");
	cJSON_Delete(r);
	memset(&e.alert.policy, 0, sizeof e.alert.policy);
	r = parsed(eve, &e);
	want_absent(r, "alert.context.policy");
	cJSON_Delete(r);
	eve_free(eve);

	eve = maker(PROFILE_7, false);
	sample_policy(&e.alert);
	r = parsed(eve, &e);
	want(r, "alert.metadata.host_name[0]", "pc-1234");
	want(r, "alert.metadata.peer_name[0]", "peer.example.net");
	want(r, "alert.metadata.far_name[0]", "relay.example.net");
	want(r, "alert.metadata.peer_asn[0]", "64500");
	want(r, "alert.metadata.peer_org[0]", "Example Ltd");
	want(r, "alert.metadata.peer_country[0]", "NZ");
	want(r, "alert.metadata.policy_zone[0]", "corporate");
	want(r, "alert.metadata.policy_classification[0]", "RESTRICTED");
	want(r, "alert.metadata.policy_exception[0]", "Meetings with the bank");
	want(r, "alert.metadata.policy_owner[0]", "J. Smith");
	want(r, "alert.metadata.policy_ticket[0]", "SEC-77");
	want(r, "alert.metadata.policy_expires[0]", "2027-06-30");
	want(r, "alert.metadata.policy_controls[0]", "1555 SHOULD NOT");
	want(r, "alert.metadata.policy_controls[2]", "90001");
	want(r, "alert.metadata.policy_limited[0]", "12");
	want(r, "alert.metadata.nzism_cid[1]", "2090");
	cJSON_Delete(r);
	eve_free(eve);
}

static void skype_in_every_profile(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_SKYPE);
	r = parsed(eve, &e);
	want_absent(r, "alert.context.skype");
	cJSON_Delete(r);
	e.alert.skype = (struct event_skype){.there = true, .listen_port = 13021, .version = "7.7.0.335", .has_own = true,
	    .own = addr_v4(0xc6336401), .seen = SKYPE_SEEN_LOGGED_IN | SKYPE_SEEN_RELAY | SKYPE_SEEN_CALL | SKYPE_SEEN_FILE_IN};
	r = parsed(eve, &e);
	want_number(r, "alert.context.skype.listen_port", 13021);
	want(r, "alert.context.skype.version", "7.7.0.335");
	want(r, "alert.context.skype.public_ip", "198.51.100.1");
	want(r, "alert.context.skype.roles[0]", "client");
	want(r, "alert.context.skype.roles[1]", "relay");
	want_absent(r, "alert.context.skype.roles[2]");
	want(r, "alert.context.skype.seen[0]", "call");
	want(r, "alert.context.skype.seen[1]", "file received");
	assert_true(cJSON_IsTrue(at(r, "alert.context.skype.logged_in")));
	assert_true(cJSON_IsFalse(at(r, "alert.context.skype.listen_port_mapped")));
	cJSON_Delete(r);
	e.alert.skype = (struct event_skype){.there = true};
	r = parsed(eve, &e);
	want_absent(r, "alert.context.skype.listen_port");
	want_absent(r, "alert.context.skype.version");
	want_absent(r, "alert.context.skype.seen");
	cJSON_Delete(r);
	eve_free(eve);

	eve = maker(PROFILE_7, false);
	e.alert.skype = (struct event_skype){.there = true, .listen_port = 13021, .version = "7.7.0.335", .seen = SKYPE_SEEN_SUPERNODE};
	r = parsed(eve, &e);
	want(r, "alert.metadata.skype_listen_port[0]", "13021");
	want(r, "alert.metadata.skype_version[0]", "7.7.0.335");
	want(r, "alert.metadata.skype_roles[1]", "supernode");
	want(r, "alert.metadata.skype_logged_in[0]", "false");
	want_absent(r, "alert.metadata.skype_seen");
	cJSON_Delete(r);
	eve_free(eve);
}

static void encryption_in_every_profile(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_HOLE_PUNCH);
	r = parsed(eve, &e);
	want_absent(r, "alert.context.crypto");
	cJSON_Delete(r);
	sample_crypto(&e.alert);
	r = parsed(eve, &e);
	want(r, "alert.context.crypto.profile", "nzism3.9");
	want(r, "alert.context.crypto.protocol", "DTLS 1.2");
	want(r, "alert.context.crypto.cipher", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	want_number(r, "alert.context.crypto.bits", 128);
	want(r, "alert.context.crypto.group", "X25519");
	want(r, "alert.context.crypto.signature", "rsa_pss_rsae_sha256");
	want(r, "alert.context.crypto.hash", "SHA-256");
	want(r, "alert.context.crypto.srtp", "AEAD_AES_256_GCM");
	want(r, "alert.context.crypto.cert[0].of", "server");
	want(r, "alert.context.crypto.cert[0].alg", "RSA");
	want_number(r, "alert.context.crypto.cert[0].bits", 2048);
	want_absent(r, "alert.context.crypto.cert[0].curve");
	want(r, "alert.context.crypto.cert[1].of", "client");
	want(r, "alert.context.crypto.cert[1].curve", "P-256");
	want(r, "alert.context.crypto.cert[1].sha", "SHA-256");
	want(r, "alert.context.crypto.visible", "full");
	want(r, "alert.context.crypto.result", "fail");
	want(r, "alert.context.crypto.reasons[1]", "X25519");
	want(r, "alert.context.crypto.class[0]", "algorithm-weak");
	want(r, "alert.context.crypto.class[1]", "protocol-not-approved");
	want_absent(r, "alert.context.crypto.class[2]");
	want_number(r, "alert.context.crypto.cid[1]", 2144);
	want(r, "alert.context.crypto.notes[0]", "offered: 11 of 16 suites would not pass");
	cJSON_Delete(r);
	eve_free(eve);

	eve = maker(PROFILE_7, false);
	r = parsed(eve, &e);
	want(r, "alert.metadata.crypto_profile[0]", "nzism3.9");
	want(r, "alert.metadata.crypto_protocol[0]", "DTLS 1.2");
	want(r, "alert.metadata.crypto_group[0]", "X25519");
	want(r, "alert.metadata.crypto_cert[0]", "server leaf RSA 2048 SHA-256");
	want(r, "alert.metadata.crypto_cert[1]", "client leaf EC P-256 SHA-256");
	want(r, "alert.metadata.crypto_visible[0]", "full");
	want(r, "alert.metadata.crypto_result[0]", "fail");
	want(r, "alert.metadata.crypto_reasons[0]", "AES-128");
	want(r, "alert.metadata.crypto_class[1]", "protocol-not-approved");
	want(r, "alert.metadata.crypto_cid[0]", "2090");
	want(r, "alert.metadata.crypto_notes[0]", "offered: 11 of 16 suites would not pass");
	cJSON_Delete(r);
	eve_free(eve);
}

static void what_is_not_known_is_absent(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	struct event_alert *a = &e.alert;
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_STUN_DISCOVERY);
	sample_names(&e.alert);
	e.interface = 0;
	e.packet = 0;
	e.app_proto[0] = a->app[0] = '\0';
	a->has_peer = a->has_mac = false;
	a->vlan = a->n_peers = a->n_servers = a->n_mapped = 0;
	a->peers_total = 0;
	a->behind_nat = true;
	r = parsed(eve, &e);
	want_absent(r, "in_iface");
	want_absent(r, "pcap_cnt");
	want(r, "app_proto", "failed");
	want_absent(r, "alert.metadata.nzism_cid");
	want_absent(r, "alert.context.app");
	want_absent(r, "alert.context.app_confidence");
	want_absent(r, "alert.context.other_apps");	/* several names, and none of them the session's */
	want_absent(r, "alert.context.host");
	want_absent(r, "alert.context.peer");
	want_absent(r, "alert.context.peers");
	want_absent(r, "alert.context.peers_total");
	want_absent(r, "alert.context.servers");
	want_absent(r, "alert.context.mapped");
	assert_true(cJSON_IsTrue(at(r, "alert.context.local.nat_address")));
	cJSON_Delete(r);
	eve_free(eve);
}

static void profile_7_has_strings_only(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_7, false);
	const cJSON *v, *s;
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_P2P_FILESHARING);
	r = parsed(eve, &e);
	check_base(r, "alert");
	want_absent(r, "alert.context");
	cJSON_ArrayForEach(v, at(r, "alert.metadata")) {
		assert_true(cJSON_IsArray(v) && cJSON_GetArraySize(v) > 0);
		cJSON_ArrayForEach(s, v)
			assert_true(cJSON_IsString(s));
	}
	want(r, "alert.metadata.nzism_cid[0]", "1555");
	want(r, "alert.metadata.nzism_cid[1]", "1558");
	want(r, "alert.metadata.kind[0]", "p2p-filesharing");
	want(r, "alert.metadata.score[0]", "96");
	want(r, "alert.metadata.duration_s[0]", "4.700000");
	want(r, "alert.metadata.update[0]", "false");
	want(r, "alert.metadata.local[0]", "10.1.0.10:50123");
	want(r, "alert.metadata.host_mac[0]", "02:00:5e:10:00:01");
	want(r, "alert.metadata.host_vlan[0]", "7");
	want(r, "alert.metadata.peers[1]", "[2001:db8::77]:41641");
	want(r, "alert.metadata.servers[0]", "203.0.113.3:3478");
	want(r, "alert.metadata.servers_software[0]", "Coturn-4.6.1");
	want(r, "alert.metadata.evidence[2]", "ice.check.answered weight=30 pcap_cnt=43 203.0.113.77:41641");
	want(r, "alert.metadata.evidence[3]", "data.both-ways weight=36 pcap_cnt=44");
	want(r, "alert.metadata.media_class[0]", "voice");
	want(r, "alert.metadata.media_class[1]", "video");
	want(r, "alert.metadata.media_packets_out[0]", "240");
	want(r, "metadata.flowvars[0].session", "5b1c0123456789ab");
	want(r, "metadata.flowbits[0]", "p2p-filesharing");
	want_number(r, "metadata.flowints.score", 96);
	cJSON_Delete(r);
	eve_free(eve);
}

static void media_in_context_and_flow(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_HOLE_PUNCH);
	r = parsed(eve, &e);
	want(r, "alert.context.media.class[0]", "voice");
	want(r, "alert.context.media.class[1]", "video");
	want(r, "alert.context.media.class_from", "headers");
	want(r, "alert.context.media.protection", "srtp");
	want_number(r, "alert.context.media.packets_out", 240);
	want_number(r, "alert.context.media.bytes_in", 19000);
	want_number(r, "alert.context.media.rate_out", 51);
	want_number(r, "alert.context.media.duration_s", 4.7);
	cJSON_Delete(r);
	e.media = (struct event_media){.classes = MEDIA_FILE, .by_shape = true, .in_clear = true, .packets_in = 9};
	r = parsed(eve, &e);
	want(r, "alert.context.media.class[0]", "file transfer");
	want(r, "alert.context.media.class_from", "sizes and rates");
	want(r, "alert.context.media.protection", "none");
	want_number(r, "alert.context.media.rate_in", 0);
	cJSON_Delete(r);
	e.media = (struct event_media){0};
	r = parsed(eve, &e);
	want_absent(r, "alert.context.media");
	cJSON_Delete(r);
	sample_flow(&e);
	e.media = (struct event_media){.classes = MEDIA_VOICE | MEDIA_FAX, .packets_out = 5, .bytes_out = 800, .duration_ns = 100000000};
	r = parsed(eve, &e);
	want(r, "metadata.flowvars[1].media_class", "voice, fax");
	want(r, "metadata.flowvars[2].media_packets_out", "5");
	want(r, "metadata.flowvars[4].media_bytes_out", "800");
	want(r, "metadata.flowvars[6].media_rate_out", "50");
	want(r, "metadata.flowvars[8].media_duration_ms", "100");
	cJSON_Delete(r);
	eve_free(eve);
}

static void flow_keeps_the_first_sender_as_client(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_flow(&e);
	r = parsed(eve, &e);
	check_base(r, "flow");
	want(r, "direction", "to_client");
	want(r, "metadata.flowvars[0].session", "5b1c0123456789ab");
	want(r, "flow.src_ip", "203.0.113.77");
	want_number(r, "flow.src_port", 41641);
	want(r, "flow.dest_ip", "10.1.0.10");
	want(r, "flow.end", "2026-01-02T03:04:08.178901+0000");
	want_number(r, "flow.age", 7);
	want(r, "flow.state", "established");
	want(r, "flow.reason", "timeout");
	assert_true(cJSON_IsTrue(at(r, "flow.alerted")));
	cJSON_Delete(r);
	e.flow.alerted = false;
	r = parsed(eve, &e);
	assert_true(cJSON_IsFalse(at(r, "flow.alerted")));
	want_absent(r, "alert");
	cJSON_Delete(r);
	eve_free(eve);
}

static void types_of_our_own_only_in_full(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_FULL, true);
	struct eve *plain = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_stun(&e);
	assert_null(parsed(plain, &e));
	r = parsed(eve, &e);
	check_base(r, "stun");
	want(r, "stun.method", "BINDING");
	want(r, "stun.class", "RESPONSE_SUCCESS");
	want(r, "stun.id", "b7e7a701bc34d686fa87dfae");
	want(r, "stun.peer.ip", "203.0.113.77");
	want_number(r, "stun.rtt_us", 20123);
	want(r, "stun.attributes[0].type", "XOR-MAPPED-ADDRESS");
	want(r, "stun.attributes[0].value", "198.51.100.1:50123");
	want(r, "stun.attributes[1].value", "sha256:2fa92698b71e449b");	/* of evtj:h6vY */
	want(r, "stun.attributes[2].value", "a=b");
	want(r, "stun.attributes[3].type", "USE-CANDIDATE");
	want_absent(r, "stun.attributes[3].value");
	want_absent(r, "stun.trimmed");
	cJSON_Delete(r);

	sample_alert(&e, KIND_HOLE_PUNCH);
	e.type = EVENT_SESSION;
	assert_null(parsed(plain, &e));
	r = parsed(eve, &e);
	check_base(r, "p2p_session");
	want(r, "p2p_session.kind", "hole-punch");
	want(r, "p2p_session.evidence[1].value", "sha256:ffe5be96932c2b91");	/* of abcd:efgh */
	want_absent(r, "alert");
	cJSON_Delete(r);
	eve_free(eve);
	eve_free(plain);
}

static unsigned weights(const cJSON *evidence)
{
	unsigned sum = 0;
	const cJSON *v;

	cJSON_ArrayForEach(v, evidence)
		sum += (unsigned)at(v, "weight")->valuedouble;
	return sum;
}

static void long_lines_are_trimmed(void **state)
{
	static const char *const fills[] = {"x", "\"", "\\", "\x01", "\xff", "\xe2\x80\xae", "\xf0\x9f\x98\x80", "\xc3\xa9"};
	static const enum eve_profile profiles[] = {PROFILE_7, PROFILE_8, PROFILE_FULL};
	static struct event e;

	(void)state;
	for (size_t p = 0; p < 3; p++) {
		struct eve *eve = maker(profiles[p], false);

		for (size_t i = 0; i < sizeof fills / sizeof fills[0]; i++) {
			cJSON *r;

			sample_full(&e, EVENT_ALERT, fills[i]);
			r = parsed(eve, &e);
			assert_non_null(r);
			if (profiles[p] != PROFILE_7) {
				assert_true(cJSON_IsTrue(at(r, "alert.context.trimmed")) || fills[i][0] == 'x');
				want_number(r, "alert.context.evidence_total", 40);
				want_number(r, "flow_id", 2251799813685247.0);
				want_number(r, "alert.context.bytes_in", 9007199254740991.0);
			}
			cJSON_Delete(r);
		}
		eve_free(eve);
	}
}

static void the_heaviest_evidence_stays_in_order(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	double before = 0;
	const cJSON *v;
	cJSON *r;
	int n;

	(void)state;
	sample_full(&e, EVENT_ALERT, "\x01");
	r = parsed(eve, &e);
	n = cJSON_GetArraySize(at(r, "alert.context.evidence"));
	assert_in_range(n, 1, EVENT_EVIDENCE - 1);
	cJSON_ArrayForEach(v, at(r, "alert.context.evidence")) {
		assert_true(at(v, "pcap_cnt")->valuedouble > before);
		before = at(v, "pcap_cnt")->valuedouble;
	}
	/* Weights are i * 7 % 31 for i < 24: the eight heaviest are 30 29 28 26 25 23 22 21. */
	assert_int_equal(weights(at(r, "alert.context.evidence")), n == 8 ? 204 : n == 2 ? 59 : 0);
	cJSON_Delete(r);
	eve_free(eve);
}

static void hostile_text_is_escaped(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_8, false);
	cJSON *r;

	(void)state;
	sample_alert(&e, KIND_VOIP_APP);
	strcpy(e.alert.app, "a\n\"b\\\x1b[2J\xff");
	strcpy(e.alert.summary, "caf\xc3\xa9 \xe2\x80\xae" "evil \xc2\x9b \xed\xa0\x80");
	r = parsed(eve, &e);
	want(r, "alert.context.app", "a\\x0a\"b\\\\x1b[2J\\xff");
	want(r, "alert.context.summary", "caf\xc3\xa9 \\xe2\\x80\\xaeevil \\xc2\\x9b \\xed\\xa0\\x80");
	cJSON_Delete(r);
	eve_free(eve);
}

static void stun_details_are_bounded(void **state)
{
	static struct event e;
	struct eve *eve = maker(PROFILE_FULL, false);
	cJSON *r;

	(void)state;
	sample_stun(&e);
	for (unsigned i = 0; i < 1000; i++)
		sample_detail(&e.stun, "0xC057=\x01\x02\x03");
	r = parsed(eve, &e);
	assert_true(cJSON_IsTrue(at(r, "stun.trimmed")));
	want_number(r, "stun.attributes_total", e.stun.n_details);
	cJSON_Delete(r);

	sample_stun(&e);
	memset(e.stun.details, 0xff, sizeof e.stun.details);	/* one, without an end */
	e.stun.details_len = sizeof e.stun.details;
	r = parsed(eve, &e);
	assert_int_equal(cJSON_GetArraySize(at(r, "stun.attributes")), 1);
	cJSON_Delete(r);
	e.stun.details_len = 0;
	r = parsed(eve, &e);
	want_absent(r, "stun.attributes");
	cJSON_Delete(r);
	eve_free(eve);
}

static void only_what_event_size_says_is_read(void **state)
{
	static struct event e, part;
	struct eve *eve = maker(PROFILE_FULL, false);
	void (*const make[])(struct event *) = {sample_flow, sample_stun};
	char whole[EVE_LINE_MAX + 1];
	size_t len;

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		if (i < 2)
			make[i](&e);
		else
			sample_alert(&e, KIND_SKYPE);
		if (i == 3)
			e.type = EVENT_SESSION;
		snprintf(whole, sizeof whole, "%s", eve_line(eve, &e, &len));
		memset(&part, 0x55, sizeof part);
		memcpy(&part, &e, event_size(&e));
		assert_string_equal(whole, eve_line(eve, &part, &len));
	}
	eve_free(eve);
}

static void sample_stats(struct event *e)
{
	memset(e, 0, sizeof *e);
	e->type = EVENT_STATS;
	e->ts_ns = 1767323045678901000;
	e->stats = (struct event_stats){.uptime_s = 61, .loaded_ns = 1767323000000000000, .signatures = 95};
	for (unsigned i = 0; i < COUNT_N; i++)
		e->stats.counts.n[i] = 1000 + i;
	e->stats.counts.n[COUNT_FLOWS] = 9000;
}

static void stats_have_the_names_that_suricata_has(void **state)
{
	static const enum eve_profile profiles[] = {PROFILE_7, PROFILE_8, PROFILE_FULL};
	static struct event e;

	(void)state;
	sample_stats(&e);
	for (size_t p = 0; p < sizeof profiles / sizeof *profiles; p++) {
		struct eve *eve = maker(profiles[p], false);
		cJSON *r = parsed(eve, &e);

		want(r, "timestamp", "2026-01-02T03:04:05.678901+0000");
		want(r, "event_type", "stats");
		want(r, "host", "border-1");
		want_absent(r, "src_ip");
		want_absent(r, "flow_id");
		want_number(r, "stats.uptime", 61);
		want_number(r, "stats.capture.kernel_packets", 2000 + COUNT_PACKETS + COUNT_KERNEL_DROPS);
		want_number(r, "stats.capture.kernel_drops", 1000 + COUNT_KERNEL_DROPS);
		want_number(r, "stats.flow.active", 8000 - COUNT_FLOWS_OVER);
		want_number(r, "stats.detect.engines[0].rules_loaded", 95);
		want(r, "stats.detect.engines[0].last_reload", "2026-01-02T03:03:20.000000+0000");
		if (profiles[p] == PROFILE_7)
			want_absent(r, "stats.defrag");
		else
			want_number(r, "stats.defrag.max_trackers_reached", 1000 + COUNT_FRAG_EVICTED);
		if (profiles[p] == PROFILE_FULL)
			want_number(r, "stats.punchwatch.output.journaled", 1000 + COUNT_OUT_JOURNALED);
		else
			want_absent(r, "stats.punchwatch");
		cJSON_Delete(r);
		eve_free(eve);
	}
}

static int print(const char *profile)
{
	struct eve *eve = maker(profile[0] == '7' ? PROFILE_7 : profile[0] == '8' ? PROFILE_8 : PROFILE_FULL, false);
	static struct event e;
	size_t len;

	for (unsigned i = 0; i < KIND_N + 7u; i++) {
		const char *line;

		if (i < KIND_N) {
			sample_alert(&e, (enum kind)i);
			sample_names(&e.alert);
			if (i % 2 == 1)
				sample_policy(&e.alert);
		} else if (i == KIND_N)
			sample_flow(&e);
		else if (i == KIND_N + 1)
			sample_stun(&e);
		else if (i == KIND_N + 2)
			e.type = EVENT_FLOW, e.session[0] = '\0';
		else if (i == KIND_N + 6)
			sample_stats(&e);
		else
			sample_full(&e, i == KIND_N + 5 ? EVENT_SESSION : EVENT_ALERT, i == KIND_N + 3 ? "\xe2\x80\xae\"" : "y");
		line = eve_line(eve, &e, &len);
		if (line != NULL)
			fputs(line, stdout);
	}
	eve_free(eve);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alert_in_profile_8),
		cmocka_unit_test(policy_in_every_profile), cmocka_unit_test(encryption_in_every_profile),
		cmocka_unit_test(skype_in_every_profile),
		cmocka_unit_test(what_is_not_known_is_absent),
		cmocka_unit_test(profile_7_has_strings_only),
		cmocka_unit_test(media_in_context_and_flow),
		cmocka_unit_test(flow_keeps_the_first_sender_as_client),
		cmocka_unit_test(types_of_our_own_only_in_full),
		cmocka_unit_test(long_lines_are_trimmed),
		cmocka_unit_test(the_heaviest_evidence_stays_in_order),
		cmocka_unit_test(hostile_text_is_escaped),
		cmocka_unit_test(stun_details_are_bounded),
		cmocka_unit_test(stats_have_the_names_that_suricata_has),
		cmocka_unit_test(only_what_event_size_says_is_read),
	};

	if (argc == 3 && strcmp(argv[1], "--print") == 0)
		return print(argv[2]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
