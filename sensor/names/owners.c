/* owners.c -- see owners.h. The only file that knows libmaxminddb. */
#include "owners.h"

#include "../base/log.h"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

struct owners {
	unsigned n;
	MMDB_s file[NAMES_FILES];
};

struct owners *owners_new(const char files[][SETTING_PATH], unsigned n, struct mistakes *mistakes)
{
	struct owners *o = calloc(1, sizeof *o);
	bool ok = true;

	if (o == NULL)
		log_no_memory("names");
	for (unsigned i = 0; i < n && i < NAMES_FILES; i++) {
		int rc = MMDB_open(files[i], MMDB_MODE_MMAP, &o->file[o->n]);

		if (rc == MMDB_SUCCESS) {
			o->n++;
			continue;
		}
		mistake(mistakes, files[i], 0, NULL, "%s", MMDB_strerror(rc));
		ok = false;
	}
	if (!ok) {
		owners_free(o);
		o = NULL;
	}
	return o;
}

void owners_free(struct owners *o)
{
	if (o == NULL)
		return;
	for (unsigned i = 0; i < o->n; i++)
		MMDB_close(&o->file[i]);
	free(o);
}

/* The first of these places that has a value. */
static bool value(MMDB_entry_s *entry, const char *const *const *paths, MMDB_entry_data_s *v)
{
	for (; *paths != NULL; paths++)
		if (MMDB_aget_value(entry, v, *paths) == MMDB_SUCCESS && v->has_data)
			return true;
	return false;
}

static void text(MMDB_entry_s *entry, const char *const *const *paths, char *to, size_t room)
{
	MMDB_entry_data_s v;
	size_t n = 0;

	if (!value(entry, paths, &v) || v.type != MMDB_DATA_TYPE_UTF8_STRING)
		return;
	for (uint32_t i = 0; i < v.data_size && n < room - 1; i++)
		if ((unsigned char)v.utf8_string[i] >= ' ' && v.utf8_string[i] != 0x7f)
			to[n++] = v.utf8_string[i];
	/* No half of a character. */
	while (n == room - 1 && n > 0 && ((unsigned char)to[n - 1] & 0xc0) == 0x80)
		n--;
	if (n > 0 && ((unsigned char)to[n - 1] & 0xc0) == 0xc0)
		n--;
	to[n] = '\0';
}

/* A number, or text like "AS64500". */
static uint32_t number(MMDB_entry_s *entry, const char *const *const *paths)
{
	MMDB_entry_data_s v;
	uint32_t n = 0;

	if (!value(entry, paths, &v))
		return 0;
	switch (v.type) {
	case MMDB_DATA_TYPE_UINT16:
		return v.uint16;
	case MMDB_DATA_TYPE_UINT32:
		return v.uint32;
	case MMDB_DATA_TYPE_UTF8_STRING:
		for (uint32_t i = 0; i < v.data_size && i < 12; i++)
			if (v.utf8_string[i] >= '0' && v.utf8_string[i] <= '9')
				n = n * 10 + (uint32_t)(v.utf8_string[i] - '0');
		return n;
	default:
		return 0;
	}
}

static void read_entry(MMDB_entry_s *entry, struct owner *to)
{
	static const char *const asn[] = {"autonomous_system_number", NULL}, *const asn_text[] = {"asn", NULL};
	static const char *const org[] = {"autonomous_system_organization", NULL}, *const as_name[] = {"as_name", NULL},
	    *const name[] = {"name", NULL};
	static const char *const iso[] = {"country", "iso_code", NULL}, *const code[] = {"country_code", NULL},
	    *const plain[] = {"country", NULL}, *const registered[] = {"registered_country", "iso_code", NULL};
	static const char *const *const asns[] = {asn, asn_text, NULL};
	static const char *const *const orgs[] = {org, as_name, name, NULL};
	static const char *const *const countries[] = {iso, code, registered, plain, NULL};
	uint32_t n = number(entry, asns);

	if (n != 0)
		to->asn = n;
	text(entry, orgs, to->org, sizeof to->org);
	text(entry, countries, to->country, sizeof to->country);
	if (strlen(to->country) != 2)
		to->country[0] = '\0';
}

void owners_find(const struct owners *o, const struct addr *a, struct owner *to)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const struct sockaddr *sa = (const struct sockaddr *)&v6;

	if (addr_is_v4(a)) {
		memcpy(&v4.sin_addr, a->b + 12, 4);
		sa = (const struct sockaddr *)&v4;
	} else {
		memcpy(&v6.sin6_addr, a->b, 16);
	}
	for (unsigned i = 0; i < o->n; i++) {
		int error;
		MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&o->file[i], sa, &error);

		if (error == MMDB_SUCCESS && found.found_entry)
			read_entry(&found.entry, to);
	}
}
