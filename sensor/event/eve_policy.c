/* eve_policy.c -- what the site's policy makes of an alert: an object in the context, texts in profile 7's metadata, and the numbers
 * of the controls for both. */
#include "eve_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

static bool speaks(const struct event_policy *p)
{
	return p->zone[0] != '\0' || p->classification != CLASS_NONE || p->exception[0] != '\0' || p->n_controls > 0 || p->limited > 0;
}

static const char *class_text(const struct event_policy *p)
{
	return p->classification < CLASS_N ? classification_names[p->classification] : "none";
}

/* "": the control says neither. */
static const char *compliance_text(const struct event_control *c)
{
	return c->compliance != COMPLIANCE_NONE && c->compliance < COMPLIANCE_N ? compliance_names[c->compliance] : "";
}

static void put_some(struct eve *e, struct json_value *in, const char *key, const char *text)
{
	if (text[0] != '\0')
		json_text(e->json, in, key, text);
}

/* --- profiles 8 and full --- */

static void put_exception(struct eve *e, struct json_value *in, const struct event_policy *p)
{
	struct json_value *o;

	if (p->exception[0] == '\0')
		return;
	o = json_object(e->json, in, p->expired ? "expired_exception" : "exception");
	json_text(e->json, o, "name", p->exception);
	put_some(e, o, "owner", p->owner);
	put_some(e, o, "ticket", p->ticket);
	put_some(e, o, "expires", p->expires);
}

void eve_policy(struct eve *e, struct json_value *in, const struct event_policy *p)
{
	struct json_value *o, *list;

	if (!speaks(p))
		return;
	o = json_object(e->json, in, "policy");
	put_some(e, o, "zone", p->zone);
	if (p->classification != CLASS_NONE)
		json_text(e->json, o, "classification", class_text(p));
	put_exception(e, o, p);
	list = p->n_controls > 0 ? json_array(e->json, o, "controls") : NULL;
	for (unsigned i = 0; i < p->n_controls && i < EVENT_CONTROLS; i++) {
		struct json_value *control = json_object(e->json, list, NULL);

		json_uint(e->json, control, "cid", p->controls[i].cid);
		put_some(e, control, "compliance", compliance_text(&p->controls[i]));
	}
	if (p->limited > 0)
		json_uint(e->json, o, "limited", p->limited);
}

/* --- profile 7 --- */

static void meta(struct eve *e, struct json_value *in, const char *key, const char *text)
{
	if (text[0] != '\0')
		json_text(e->json, json_array(e->json, in, key), NULL, text);
}

void eve_policy7(struct eve *e, struct json_value *in, const struct event_policy *p)
{
	struct json_value *list = p->n_controls > 0 ? json_array(e->json, in, "policy_controls") : NULL;

	meta(e, in, "policy_zone", p->zone);
	if (p->classification != CLASS_NONE)
		meta(e, in, "policy_classification", class_text(p));
	meta(e, in, p->expired ? "policy_expired_exception" : "policy_exception", p->exception);
	meta(e, in, "policy_owner", p->owner);
	meta(e, in, "policy_ticket", p->ticket);
	meta(e, in, "policy_expires", p->expires);
	for (unsigned i = 0; i < p->n_controls && i < EVENT_CONTROLS; i++) {
		char *text = json_scratch(e->json, 24);
		const char *compliance = compliance_text(&p->controls[i]);

		snprintf(text, 24, "%" PRIu32 "%s%s", p->controls[i].cid, compliance[0] != '\0' ? " " : "", compliance);
		json_text(e->json, list, NULL, text);
	}
	if (p->limited > 0) {
		char *text = json_scratch(e->json, 12);

		snprintf(text, 12, "%" PRIu32, p->limited);
		meta(e, in, "policy_limited", text);
	}
}

/* --- both: those of the kind, then those that policy adds --- */

static bool is_listed(const char *commas, uint32_t cid)
{
	while (commas[0] != '\0') {
		if (strtoul(commas, NULL, 10) == cid)
			return true;
		commas += strcspn(commas, ",");
		commas += commas[0] == ',';
	}
	return false;
}

void eve_controls(struct eve *e, struct json_value *in, const char *commas, const struct event_policy *p)
{
	struct json_value *list;

	if (commas[0] == '\0' && p->n_controls == 0)
		return;
	list = json_array(e->json, in, "nzism_cid");
	for (const char *at = commas; at[0] != '\0';) {
		size_t n = strcspn(at, ",");

		json_text_cut(e->json, list, NULL, at, n, n);
		at += n + (at[n] == ',');
	}
	for (unsigned i = 0; i < p->n_controls && i < EVENT_CONTROLS; i++) {
		char *text = json_scratch(e->json, 12);

		if (is_listed(commas, p->controls[i].cid))
			continue;
		snprintf(text, 12, "%" PRIu32, p->controls[i].cid);
		json_text(e->json, list, NULL, text);
	}
}
