/* eve_crypto.c -- what was seen of the encryption, and its verdict: an object in the context, texts in profile 7's metadata. */
#include "eve_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

enum { FEW = 2, SHORT = 24 };	/* of a list, and of a reason, where the line gets too long */

static unsigned shown(unsigned n, unsigned most, const struct eve_limits *limits)
{
	n = n < most ? n : most;
	return limits->crypto == EVE_CRYPTO_LEAST && n > FEW ? FEW : n;
}

/* What has one text, in both forms. */
static unsigned texts(const struct event_crypto *c, const struct eve_limits *limits, const char *names[8], const char *values[8])
{
	const struct {
		const char *name, *value;
	} all[] = {{"profile", c->profile}, {"protocol", c->protocol}, {"cipher", c->cipher}, {"group", c->group}, {"signature", c->signature},
	    {"hash", c->hash}, {"srtp", c->srtp}};
	unsigned n = 0;

	for (unsigned i = 0; i < (limits->crypto == EVE_CRYPTO_LEAST ? 1 : sizeof all / sizeof *all); i++) {
		if (all[i].value[0] == '\0')
			continue;
		names[n] = all[i].name;
		values[n++] = all[i].value;
	}
	return n;
}

/* --- profiles 8 and full --- */

static void put_some(struct eve *e, struct json_value *in, const char *key, const char *text)
{
	if (text[0] != '\0')
		json_text(e->json, in, key, text);
}

static void put_certs(struct eve *e, struct json_value *in, const struct event_crypto *c)
{
	struct json_value *list = c->n_certs > 0 ? json_array(e->json, in, "cert") : NULL;

	for (unsigned i = 0; i < c->n_certs && i < CRYPTO_CERTS; i++) {
		const struct event_cert *cert = &c->certs[i];
		struct json_value *o = json_object(e->json, list, NULL);

		json_text(e->json, o, "of", cert->of_client ? "client" : "server");
		put_some(e, o, "role", cert->role);
		put_some(e, o, "alg", cert->alg);
		if (cert->bits != 0)
			json_uint(e->json, o, "bits", cert->bits);
		put_some(e, o, "curve", cert->curve);
		put_some(e, o, "sha", cert->sha);
	}
}

void eve_crypto(struct eve *e, struct json_value *in, const struct event_crypto *c, const struct eve_limits *limits)
{
	const char *names[8], *values[8];
	struct json_value *o, *list;
	unsigned n;

	if (c->result == CRYPTO_NONE)
		return;
	o = json_object(e->json, in, "crypto");
	n = texts(c, limits, names, values);
	for (unsigned i = 0; i < n; i++)
		json_text(e->json, o, names[i], values[i]);
	if (c->bits != 0)
		json_uint(e->json, o, "bits", c->bits);
	if (limits->crypto == EVE_CRYPTO_ALL)
		put_certs(e, o, c);
	json_text(e->json, o, "visible", crypto_visible_name((enum crypto_visible)c->visible));
	json_text(e->json, o, "result", crypto_result_name((enum crypto_result)c->result));
	list = c->n_reasons > 0 ? json_array(e->json, o, "reasons") : NULL;
	for (unsigned i = 0; i < shown(c->n_reasons, CRYPTO_REASONS, limits); i++)
		json_text_cut(e->json, list, NULL, c->reasons[i], strlen(c->reasons[i]), limits->crypto == EVE_CRYPTO_LEAST ? SHORT : CRYPTO_REASON);
	list = c->classes != 0 ? json_array(e->json, o, "class") : NULL;
	for (unsigned i = 0; i < 4; i++)
		if ((c->classes >> i & 1) != 0)
			json_text(e->json, list, NULL, crypto_class_names[i]);
	list = c->n_cids > 0 ? json_array(e->json, o, "cid") : NULL;
	for (unsigned i = 0; i < shown(c->n_cids, CRYPTO_CIDS, limits); i++)
		json_uint(e->json, list, NULL, c->cids[i]);
	if (limits->crypto != EVE_CRYPTO_ALL || c->n_notes == 0)
		return;
	list = json_array(e->json, o, "notes");
	for (unsigned i = 0; i < c->n_notes && i < CRYPTO_NOTES; i++)
		json_text(e->json, list, NULL, c->notes[i]);
}

/* --- profile 7 --- */

static const char *key_of(struct eve *e, const char *name)
{
	char *key = json_scratch(e->json, 24);

	snprintf(key, 24, "crypto_%s", name);
	return key;
}

static void meta(struct eve *e, struct json_value *in, const char *name, const char *text)
{
	json_text(e->json, json_array(e->json, in, key_of(e, name)), NULL, text);
}

/* "server leaf RSA 2048 SHA-256" */
static const char *cert_text(struct eve *e, const struct event_cert *c)
{
	enum { ROOM = 96 };
	char *to = json_scratch(e->json, ROOM), bits[8] = "";

	if (c->curve[0] == '\0' && c->bits != 0)
		snprintf(bits, sizeof bits, " %u", c->bits);
	snprintf(to, ROOM, "%s %.15s %.11s%s%.19s%s%s%.11s", c->of_client ? "client" : "server", c->role, c->alg, c->curve[0] != '\0' ? " " : "", c->curve,
	    bits, c->sha[0] != '\0' ? " " : "", c->sha);
	return to;
}

void eve_crypto7(struct eve *e, struct json_value *in, const struct event_crypto *c, const struct eve_limits *limits)
{
	const char *names[8], *values[8];
	struct json_value *list;
	unsigned n;

	if (c->result == CRYPTO_NONE)
		return;
	n = texts(c, limits, names, values);
	for (unsigned i = 0; i < n; i++)
		meta(e, in, names[i], values[i]);
	meta(e, in, "visible", crypto_visible_name((enum crypto_visible)c->visible));
	meta(e, in, "result", crypto_result_name((enum crypto_result)c->result));
	list = c->n_reasons > 0 ? json_array(e->json, in, "crypto_reasons") : NULL;
	for (unsigned i = 0; i < shown(c->n_reasons, CRYPTO_REASONS, limits); i++)
		json_text_cut(e->json, list, NULL, c->reasons[i], strlen(c->reasons[i]), limits->crypto == EVE_CRYPTO_LEAST ? SHORT : CRYPTO_REASON);
	list = c->classes != 0 ? json_array(e->json, in, "crypto_class") : NULL;
	for (unsigned i = 0; i < 4; i++)
		if ((c->classes >> i & 1) != 0)
			json_text(e->json, list, NULL, crypto_class_names[i]);
	list = c->n_cids > 0 ? json_array(e->json, in, "crypto_cid") : NULL;
	for (unsigned i = 0; i < shown(c->n_cids, CRYPTO_CIDS, limits); i++) {
		char *text = json_scratch(e->json, 12);

		snprintf(text, 12, "%" PRIu32, c->cids[i]);
		json_text(e->json, list, NULL, text);
	}
	if (limits->crypto != EVE_CRYPTO_ALL)
		return;
	list = c->n_certs > 0 ? json_array(e->json, in, "crypto_cert") : NULL;
	for (unsigned i = 0; i < c->n_certs && i < CRYPTO_CERTS; i++)
		json_text(e->json, list, NULL, cert_text(e, &c->certs[i]));
	list = c->n_notes > 0 ? json_array(e->json, in, "crypto_notes") : NULL;
	for (unsigned i = 0; i < c->n_notes && i < CRYPTO_NOTES; i++)
		json_text(e->json, list, NULL, c->notes[i]);
}
