/* eve_skype.c -- what is known of a host's Skype: an object in the alert's context, texts in profile 7's metadata. */
#include "eve_write.h"

#include <stdio.h>

#include "json.h"

static bool seen(const struct event_skype *k, uint32_t bits)
{
	return (k->seen & bits) != 0;
}

/* The roles that it was seen in, one after another; NULL at the end. */
static const char *role(const struct event_skype *k, unsigned i)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} roles[] = {{SKYPE_SEEN_SUPERNODE, "supernode"}, {SKYPE_SEEN_RELAY, "relay"}};

	if (i == 0)
		return "client";
	for (size_t n = 0, at = 1; n < sizeof roles / sizeof *roles; n++)
		if (seen(k, roles[n].bit) && at++ == i)
			return roles[n].name;
	return NULL;
}

/* What went on, one after another. */
static const char *use(const struct event_skype *k, unsigned i)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} uses[] = {
		{SKYPE_SEEN_CALL, "call"}, {SKYPE_SEEN_CALL_OUT, "call to a telephone"}, {SKYPE_SEEN_FILE_OUT, "file sent"},
		{SKYPE_SEEN_FILE_IN, "file received"}, {SKYPE_SEEN_RELAYED, "media relayed"},
	};

	for (size_t n = 0, at = 0; n < sizeof uses / sizeof *uses; n++)
		if (seen(k, uses[n].bit) && at++ == i)
			return uses[n].name;
	return NULL;
}

static void put_list(struct eve *e, struct json_value *in, const char *key, const struct event_skype *k,
    const char *(*name)(const struct event_skype *, unsigned))
{
	struct json_value *list = name(k, 0) != NULL ? json_array(e->json, in, key) : NULL;

	for (unsigned i = 0; name(k, i) != NULL; i++)
		json_text(e->json, list, NULL, name(k, i));
}

void eve_skype(struct eve *e, struct json_value *in, const struct event_skype *k)
{
	struct json_value *o;

	if (!k->there)
		return;
	o = json_object(e->json, in, "skype");
	if (k->listen_port != 0)
		json_uint(e->json, o, "listen_port", k->listen_port);
	json_bool(e->json, o, "listen_port_mapped", seen(k, SKYPE_SEEN_MAPPING));
	json_bool(e->json, o, "listens_on_web_ports", seen(k, SKYPE_SEEN_WEB_PORTS));
	if (k->version[0] != '\0')
		json_text(e->json, o, "version", k->version);
	if (k->has_own)
		eve_addr(e, o, "public_ip", &k->own);
	put_list(e, o, "roles", k, role);
	json_bool(e->json, o, "login", seen(k, SKYPE_SEEN_LOGIN));
	json_bool(e->json, o, "logged_in", seen(k, SKYPE_SEEN_LOGGED_IN));
	put_list(e, o, "seen", k, use);
}

static void meta(struct eve *e, struct json_value *in, const char *key, const char *text)
{
	json_text(e->json, json_array(e->json, in, key), NULL, text);
}

void eve_skype7(struct eve *e, struct json_value *in, const struct event_skype *k)
{
	char *port = json_scratch(e->json, 8);

	if (!k->there)
		return;
	snprintf(port, 8, "%u", k->listen_port);
	if (k->listen_port != 0)
		meta(e, in, "skype_listen_port", port);
	if (k->version[0] != '\0')
		meta(e, in, "skype_version", k->version);
	put_list(e, in, "skype_roles", k, role);
	meta(e, in, "skype_logged_in", seen(k, SKYPE_SEEN_LOGGED_IN) ? "true" : "false");
	put_list(e, in, "skype_seen", k, use);
}
