/* policy_file.c -- see policy_file.h. */
#include "policy_file.h"

#include "base/log.h"
#include "policy/policy.h"
#include "signature/signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

static void warn(void *ctx, const char *line)
{
	(void)ctx;
	log_warn("%s", line);
}

/* --- what no signature here can ever say --- */

static void warn_place(const struct policy *p, const char *section, unsigned i, unsigned line, const char *key, const char *what)
{
	log_warn("%s:%u: %s[%u].%s: %s", p->path, line, section, i, key, what);
}

/* A name that nobody will ever have. The sensor goes on: the rule holds for nothing, and signatures may come and go. */
static bool app_known(const struct signatures *set, const char *app, char *what, size_t room)
{
	struct nearest near = nearest_begin(app);

	for (unsigned i = 0; i < signatures_n(set); i++) {
		const char *known = signatures_at(set, i)->app;

		if (known != NULL && strcasecmp(known, app) == 0)
			return true;
		if (known != NULL)
			nearest_try(&near, known);
	}
	snprintf(what, room, "no signature here names '%s': this fits nothing%s%s%s", app, near.found != NULL ? "; did you mean " : "",
	    near.found != NULL ? near.found : "", near.found != NULL ? "?" : "");
	return false;
}

/* One digit away from exactly one that there is: most likely that was meant. */
static void try_sid(const char *text, uint32_t known, const char *title, unsigned *n, char *what, size_t room)
{
	struct nearest near = nearest_begin(text);
	char digits[16];

	snprintf(digits, sizeof digits, "%" PRIu32, known);
	nearest_try(&near, digits);
	if (near.found == NULL || near.distance > 1)
		return;
	if (++*n == 1)
		snprintf(what, room, "; did you mean %s (%s)?", digits, title);
	else
		what[0] = '\0';
}

static bool sid_known(const struct signatures *set, uint32_t sid, char *what, size_t room)
{
	char text[16], near[160] = "";
	unsigned n = 0;

	if (signatures_find(set, sid) != NULL)
		return true;
	snprintf(text, sizeof text, "%" PRIu32, sid);
	for (unsigned k = 1; k < KIND_N; k++) {
		if (kinds[k].sid == sid)
			return true;
		try_sid(text, kinds[k].sid, kinds[k].name, &n, near, sizeof near);
	}
	for (unsigned i = 0; i < signatures_n(set); i++)
		try_sid(text, signatures_at(set, i)->sid, signatures_at(set, i)->title, &n, near, sizeof near);
	snprintf(what, room, "no kind of alert and no signature here has the number %s: this fits nothing%s", text, near);
	return false;
}

static void warn_unknown(const struct policy *p, const struct signatures *set)
{
	const struct control *c = p->controls.items;
	char what[320];

	for (unsigned i = 0; i < p->controls.n; i++)
		if (c[i].app[0] != '\0' && !app_known(set, c[i].app, what, sizeof what))
			warn_place(p, "controls", i, c[i].line, "app", what);
	for (enum section s = APPROVED; s < SECTIONS; s++)
		for (unsigned i = 0; i < p->rules[s].n; i++) {
			const struct rule *r = policy_rule(p, s, i);

			for (unsigned k = 0; k < r->n_apps; k++)
				if (!app_known(set, r->app[k], what, sizeof what))
					warn_place(p, section_names[s], i, r->line, "apps", what);
			for (unsigned k = 0; k < r->n_sids; k++)
				if (!sid_known(set, r->sids[k], what, sizeof what))
					warn_place(p, section_names[s], i, r->line, "sids", what);
		}
}

bool policy_file_load(struct options *o)
{
	struct mistakes mistakes = {.to = o->say};

	if (o->settings.policy.file[0] == '\0' && o->dry_run)
		log_error("--dry-run of which policy? --policy FILE, or policy.file in the configuration");
	if (o->facts || o->settings.policy.file[0] == '\0')
		return !o->dry_run;
	log_debug("policy: %s", o->settings.policy.file);
	o->policy = policy_load(o->settings.policy.file, &mistakes);
	if (o->policy == NULL)
		return false;
	policy_warn(o->policy, (int64_t)time(NULL), warn, NULL);
	if (signatures_n(o->signatures) > 0)	/* without any, nothing has a name, and that was said or wanted */
		warn_unknown(o->policy, o->signatures);
	return true;
}

void policy_file_free(struct options *o)
{
	policy_free(o->policy);
	o->policy = NULL;
}
