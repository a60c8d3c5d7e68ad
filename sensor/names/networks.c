/* networks.c -- see networks.h. */
#include "networks.h"

#include "../base/log.h"
#include "../config/schema.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

enum { ASNS = 64, ORGS = 16, ORG = 48, DATE = 11, SOURCE = 160 };

struct network {
	uint8_t hosting;		/* else a service */
	char name[EVENT_NAME];
	char date[DATE];
	char source[SOURCE];
	uint32_t asn[ASNS];
	unsigned n_asn;
	char org[ORGS][ORG];
	unsigned n_org;
	struct prefixes prefixes;
};

struct networks {
	struct schema_list list;
};

static const char *const scopes[] = {"service", "hosting", NULL};

static bool is_sound(struct binding *b, unsigned node, void *to)
{
	const struct network *n = to;

	if (n->n_asn > 0 || n->n_org > 0 || n->prefixes.n > 0)
		return true;
	schema_mistake(b, node, "prefixes", "an entry needs asn, org or prefixes");
	return false;
}

#define F(field) FIELD(struct network, field)

static const struct schema_row network_rows[] = {
	{"name", SCHEMA_TEXT, F(name), .about = "whose it is"},
	{"scope", SCHEMA_WORD, F(hosting), .words = scopes, .about = "service, or hosting"},
	{"date", SCHEMA_TEXT, F(date), .fallback = "", .about = "when that was so: 2026-11-24"},
	{"source", SCHEMA_TEXT, F(source), .fallback = "", .about = "where it can be looked up again"},
	{"asn", SCHEMA_UINTS, F(asn), .most = UINT32_MAX, .item_size = sizeof(uint32_t), .count_offset = offsetof(struct network, n_asn),
	    .fallback = "", .about = "numbers of autonomous systems"},
	{"org", SCHEMA_TEXTS, F(org), .item_size = ORG, .count_offset = offsetof(struct network, n_org), .fallback = "",
	    .about = "organisations, with * and ?, in capital or small letters"},
	{"prefixes", SCHEMA_NETWORKS, F(prefixes), .fallback = "", .about = "networks"},
};

static const struct schema network_schema = {network_rows, sizeof network_rows / sizeof *network_rows};

static const struct schema_row rows[] = {
	{"networks", SCHEMA_LIST, FIELD(struct networks, list), .item = &network_schema, .item_size = sizeof(struct network),
	    .bind = is_sound, .fallback = "", .about = "hosting, and services"},
};

static const struct schema schema = {rows, sizeof rows / sizeof *rows};

struct networks *networks_read(const char *path, struct mistakes *mistakes)
{
	struct networks *n = calloc(1, sizeof *n);
	struct document *d;
	bool ok = false;

	if (n == NULL)
		log_no_memory("names");
	d = document_read(path, mistakes);
	if (d != NULL) {
		struct binding b = {.schema = &schema, .to = n, .document = d, .path = "", .mistakes = mistakes};

		ok = schema_bind(&b, document_root(d));
	}
	document_free(d);
	if (!ok) {
		networks_free(n);
		n = NULL;
	}
	return n;
}

void networks_free(struct networks *n)
{
	if (n == NULL)
		return;
	schema_free(&schema, n);
	free(n);
}

unsigned networks_n(const struct networks *n)
{
	return n->list.n;
}

static bool has_asn(const struct network *n, uint32_t asn)
{
	for (unsigned i = 0; i < n->n_asn; i++)
		if (n->asn[i] == asn)
			return true;
	return false;
}

static bool has_org(const struct network *n, const char *org)
{
	for (unsigned i = 0; i < n->n_org; i++)
		if (fnmatch(n->org[i], org, FNM_CASEFOLD) == 0)
			return true;
	return false;
}

static const struct network *find(const struct networks *all, const struct addr *a, const struct owner *o)
{
	const struct network *items = all->list.items;

	for (unsigned i = 0; i < all->list.n; i++)
		if (prefixes_hold(&items[i].prefixes, a))
			return &items[i];
	for (unsigned i = 0; i < all->list.n && o->asn != 0; i++)
		if (has_asn(&items[i], o->asn))
			return &items[i];
	for (unsigned i = 0; i < all->list.n && o->org[0] != '\0'; i++)
		if (has_org(&items[i], o->org))
			return &items[i];
	return NULL;
}

void networks_find(const struct networks *all, const struct addr *a, struct owner *o)
{
	const struct network *n = find(all, a, o);

	if (n == NULL)
		return;
	o->scope = n->hosting ? SCOPE_HOSTING : SCOPE_SERVICE;
	snprintf(o->network, sizeof o->network, "%s", n->name);
}
