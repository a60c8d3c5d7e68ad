/* summary.c -- see summary.h. Bounded: hosts and peers beyond the table's room are counted together. */
#include "summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "event/text.h"

enum {
	ROWS = 4096,		/* slots of a table; a power of two */
	ROWS_FULL = ROWS * 3 / 4,
	SHOWN = 10,		/* rows of each table that are printed */
	APPS = 64,
	REASONS = 32,
	APP_TEXT = 4 * EVENT_APP + 8,
	WHO_TEXT = ADDR_TEXT + 4 * EVENT_NAME + 12,
};

/* One inside host, or one outside peer. */
struct row {
	struct addr addr;
	uint32_t alerts;	/* 0: free slot */
	uint32_t kinds;		/* a bit for each */
	uint8_t worst;		/* severity: the least number */
	char app[EVENT_APP];	/* the last that was named */
	char name[EVENT_NAME];	/* the last that it had; "": none */
};

struct table {
	struct row rows[ROWS];
	unsigned used;
	uint64_t others;	/* alerts of those that found no room */
};

struct app {
	char name[EVENT_APP];
	uint64_t alerts;
};

/* Why encryption fails, or is not known. */
struct reason {
	char text[CRYPTO_REASON];
	uint64_t alerts;
};

struct summary {
	struct table hosts, peers;
	uint64_t by_kind[KIND_N];	/* alerts that are not updates */
	uint8_t worst[KIND_N];
	uint64_t updates;
	struct app apps[APPS];
	unsigned n_apps;
	uint64_t crypto[CRYPTO_UNKNOWN + 1];	/* alerts by verdict on their encryption */
	char profile[sizeof ((struct event_crypto *)0)->profile];
	struct reason reasons[REASONS];
	unsigned n_reasons;
	struct timespec started;
};

struct summary *summary_new(void)
{
	struct summary *s = calloc(1, sizeof *s);

	if (s != NULL)
		clock_gettime(CLOCK_MONOTONIC, &s->started);
	return s;
}

void summary_free(struct summary *s)
{
	free(s);
}

static void note(struct table *t, const struct addr *addr, const char *name, const struct event_alert *a)
{
	size_t at = (size_t)hash_fixed(HASH_START, addr->b, sizeof addr->b) % ROWS;
	struct row *r = &t->rows[at];

	while (r->alerts > 0 && !addr_equal(&r->addr, addr))
		r = &t->rows[at = (at + 1) % ROWS];
	if (r->alerts == 0) {
		if (t->used >= ROWS_FULL) {
			t->others++;
			return;
		}
		t->used++;
		r->addr = *addr;
		r->worst = a->severity;
	}
	r->alerts++;
	r->kinds |= 1u << a->kind;
	if (a->severity < r->worst)
		r->worst = a->severity;
	if (a->app[0] != '\0')
		memcpy(r->app, a->app, sizeof r->app);
	if (name[0] != '\0')
		snprintf(r->name, sizeof r->name, "%s", name);
}

static void note_app(struct summary *s, const char *name)
{
	unsigned i = 0;

	while (i < s->n_apps && strcmp(s->apps[i].name, name) != 0)
		i++;
	if (i == APPS)
		return;
	if (i == s->n_apps)
		snprintf(s->apps[s->n_apps++].name, EVENT_APP, "%s", name);
	s->apps[i].alerts++;
}

static void note_crypto(struct summary *s, const struct event_crypto *c)
{
	if (c->result == CRYPTO_NONE || c->result > CRYPTO_UNKNOWN)
		return;
	s->crypto[c->result]++;
	memcpy(s->profile, c->profile, sizeof s->profile);
	for (unsigned k = 0; k < c->n_reasons && k < CRYPTO_REASONS; k++) {
		unsigned i = 0;

		while (i < s->n_reasons && strcmp(s->reasons[i].text, c->reasons[k]) != 0)
			i++;
		if (i == REASONS)
			continue;
		if (i == s->n_reasons)
			snprintf(s->reasons[s->n_reasons++].text, CRYPTO_REASON, "%s", c->reasons[k]);
		s->reasons[i].alerts++;
	}
}

void summary_event(struct summary *s, const struct event *e)
{
	const struct event_alert *a = &e->alert;

	if (e->type != EVENT_ALERT || a->kind >= KIND_N)
		return;
	if (a->update) {
		s->updates++;
	} else {
		s->by_kind[a->kind]++;
		if (s->worst[a->kind] == 0 || a->severity < s->worst[a->kind])
			s->worst[a->kind] = a->severity;
		if (a->app[0] != '\0')
			note_app(s, a->app);
		note_crypto(s, &a->crypto);
	}
	note(&s->hosts, &a->local.addr, a->host_name, a);
	if (a->has_peer)
		note(&s->peers, &a->peer.addr, a->peer_name[0] != '\0' ? a->peer_name : a->peer_org, a);
	for (unsigned i = 0; i < a->n_peers && i < EVENT_PEERS; i++)
		if (!a->has_peer || !addr_equal(&a->peers[i].addr, &a->peer.addr))
			note(&s->peers, &a->peers[i].addr, "", a);
}

/* --- printing --- */

/* 1234567 -> "1,234,567" */
static const char *grouped(uint64_t v, char to[static 32])
{
	char *p = to + 31;
	unsigned digits = 0;

	*p = '\0';
	do {
		if (digits > 0 && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + v % 10);
		digits++;
	} while ((v /= 10) > 0);
	return p;
}

static const char *sized(uint64_t bytes, char to[static 32])
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
	unsigned unit = 0;
	double v = (double)bytes;

	while (v >= 1000 && unit < 6) {
		v /= 1000;
		unit++;
	}
	snprintf(to, 32, unit == 0 ? "%.0f %s" : "%.1f %s", v, units[unit]);
	return to;
}

static const char *lasting(uint64_t ns, char to[static 32])
{
	uint64_t s = ns / 1000000000;

	if (s < 60)
		snprintf(to, 32, "%.1f s", (double)ns / 1e9);
	else if (s < 3600)
		snprintf(to, 32, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
	else if (s < 48 * 3600)
		snprintf(to, 32, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s / 60 % 60);
	else
		snprintf(to, 32, "%" PRIu64 " days", s / 86400);
	return to;
}

static const char *moment(uint64_t ns, char to[static 32])
{
	time_t t = (time_t)(ns / 1000000000);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(to, 32, "%Y-%m-%d %H:%M:%S", &tm);
	return to;
}

static void print_input(const struct summary *s, FILE *out, const struct counts *c, uint64_t first_ns, uint64_t last_ns)
{
	uint64_t packets = c->n[COUNT_PACKETS], bytes = c->n[COUNT_BYTES];
	char a[32], b[32], d[32];
	struct timespec now;
	double took;

	clock_gettime(CLOCK_MONOTONIC, &now);
	took = (double)(now.tv_sec - s->started.tv_sec) + (double)(now.tv_nsec - s->started.tv_nsec) / 1e9;
	fprintf(out, "%s packets, %s, in %s flow%s\n", grouped(packets, a), sized(bytes, b), grouped(c->n[COUNT_FLOWS], d),
	    c->n[COUNT_FLOWS] == 1 ? "" : "s");
	if (packets == 0)
		return;
	fprintf(out, "%s to %s UTC, ", moment(first_ns, a), moment(last_ns, b));
	fprintf(out, "%s of traffic\n", lasting(last_ns > first_ns ? last_ns - first_ns : 0, a));
	if (took > 0)
		fprintf(out, "looked at in %.2f s: %s packets a second, %s a second\n", took,
		    grouped((uint64_t)((double)packets / took), a), sized((uint64_t)((double)bytes / took), b));
}

/* The signature without the program's name. */
static const char *about(enum kind k)
{
	const char *text = strchr(kinds[k].signature, ' ');

	return text != NULL ? text + 1 : kinds[k].signature;
}

static bool print_kinds(const struct summary *s, FILE *out)
{
	bool any = false;

	for (unsigned severity = 1; severity <= 3; severity++) {
		for (unsigned k = 0; k < KIND_N; k++) {
			if (s->by_kind[k] == 0 || s->worst[k] != severity)
				continue;
			if (!any)
				fprintf(out, "\nFound                 sessions  severity\n");
			any = true;
			fprintf(out, "  %-18.18s %9" PRIu64 "  %-8u  %.56s\n", kinds[k].name, s->by_kind[k], severity, about((enum kind)k));
		}
	}
	return any;
}

/* Worst first, then the most, then by address: the same input prints the same table. */
static int by_weight(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->worst != b->worst)
		return a->worst < b->worst ? -1 : 1;
	if (a->alerts != b->alerts)
		return a->alerts > b->alerts ? -1 : 1;
	return memcmp(a->addr.b, b->addr.b, sizeof a->addr.b);
}

/* What fits of the kinds' names, the graver first in the order of the table. */
static const char *kind_list(uint32_t mask, char *to, size_t room)
{
	size_t n = 0;

	to[0] = '\0';
	for (unsigned severity = 1; severity <= 3; severity++) {
		for (unsigned k = 0; k < KIND_N; k++) {
			size_t need = strlen(kinds[k].name) + 2;

			if (!(mask & 1u << k) || kinds[k].severity != severity)
				continue;
			if (n + need + 4 >= room) {
				snprintf(to + n, room - n, ", +");
				return to;
			}
			n += (size_t)snprintf(to + n, room - n, "%s%s", n > 0 ? ", " : "", kinds[k].name);
		}
	}
	return to;
}

/* Safe to print, and no wider than its column. */
static void app_text(const char *app, char to[static APP_TEXT], size_t most)
{
	size_t n = text_clean(app, strnlen(app, EVENT_APP), to, APP_TEXT);

	to[text_cut(to, n, most)] = '\0';
}

/* The address, and how it is called. */
static void who_text(const struct row *r, const char *addr, char to[static WHO_TEXT])
{
	char name[4 * EVENT_NAME + 8];
	size_t n = text_clean(r->name, strnlen(r->name, sizeof r->name), name, sizeof name);

	name[text_cut(name, n, 40)] = '\0';
	if (name[0] != '\0')
		snprintf(to, WHO_TEXT, "%s (%s)", addr, name);
	else
		snprintf(to, WHO_TEXT, "%s", addr);
}

static void print_table(FILE *out, const char *title, const struct table *t)
{
	struct row *sorted = calloc(t->used > 0 ? t->used : 1, sizeof *sorted);
	unsigned n = 0;

	if (t->used == 0 || sorted == NULL) {
		free(sorted);
		return;
	}
	for (unsigned i = 0; i < ROWS; i++)
		if (t->rows[i].alerts > 0)
			sorted[n++] = t->rows[i];
	qsort(sorted, n, sizeof *sorted, by_weight);
	fprintf(out, "\n%-28s alerts  severity\n", title);
	for (unsigned i = 0; i < n && i < SHOWN; i++) {
		char addr[ADDR_TEXT], list[38], app[APP_TEXT], who[WHO_TEXT];
		const struct row *r = &sorted[i];

		app_text(r->app, app, 14);
		who_text(r, addr_text(&r->addr, addr), who);
		if (strlen(who) > 25)	/* a long IPv6 address has a line of its own, and so has a name */
			fprintf(out, "  %s\n", who);
		fprintf(out, "  %-25s %7" PRIu32 "  %-8u  %-36s %s\n", strlen(who) > 25 ? "" : who, r->alerts, r->worst,
		    kind_list(r->kinds, list, sizeof list), app);
	}
	if (n > SHOWN)
		fprintf(out, "  and %u more\n", n - SHOWN);
	if (t->others > 0)
		fprintf(out, "  and %" PRIu64 " alerts of others\n", t->others);
	free(sorted);
}

static void print_apps(const struct summary *s, FILE *out)
{
	if (s->n_apps == 0)
		return;
	fprintf(out, "\nApplications                sessions\n");
	for (unsigned i = 0; i < s->n_apps && i < SHOWN; i++) {
		char name[APP_TEXT];

		app_text(s->apps[i].name, name, 25);
		fprintf(out, "  %-25s %8" PRIu64 "\n", name, s->apps[i].alerts);
	}
	if (s->n_apps > SHOWN)
		fprintf(out, "  and %u more\n", s->n_apps - SHOWN);
}

static int by_alerts(const void *left, const void *right)
{
	const struct reason *a = left, *b = right;

	if (a->alerts != b->alerts)
		return a->alerts > b->alerts ? -1 : 1;
	return strcmp(a->text, b->text);
}

static void print_crypto(const struct summary *s, FILE *out)
{
	struct reason sorted[REASONS];
	uint64_t all = 0;
	char title[48];

	for (unsigned r = CRYPTO_PASS; r <= CRYPTO_UNKNOWN; r++)
		all += s->crypto[r];
	if (all == 0)
		return;
	snprintf(title, sizeof title, "Encryption, by %s", s->profile);
	fprintf(out, "\n%-28s alerts\n", title);
	for (unsigned r = CRYPTO_PASS; r <= CRYPTO_UNKNOWN; r++)
		if (s->crypto[r] > 0)
			fprintf(out, "  %-25s %7" PRIu64 "\n", crypto_result_name((enum crypto_result)r), s->crypto[r]);
	memcpy(sorted, s->reasons, sizeof sorted);
	qsort(sorted, s->n_reasons, sizeof sorted[0], by_alerts);
	for (unsigned i = 0; i < s->n_reasons && i < SHOWN; i++)
		fprintf(out, "    %-23s %7" PRIu64 "\n", sorted[i].text, sorted[i].alerts);
}

static void print_drops(FILE *out, const struct counts *c)
{
	bool any = false;

	for (unsigned i = 0; i < COUNT_N; i++) {
		char text[32];

		if (count_defs[i].kind == COUNT_NOTE || c->n[i] == 0)
			continue;
		if (!any)
			fprintf(out, "\nNot used, or given up\n");
		any = true;
		fprintf(out, "  %-25s %14s  %.54s\n", count_defs[i].name, grouped(c->n[i], text), count_defs[i].about);
	}
}

void summary_guesses(FILE *out, const struct counts *c)
{
	char flows[32];

	if (c->n[COUNT_FLOW_GUESSED] > 0) {
		fprintf(out, "%s of the flows: neither end is in the private space, so inside was guessed to be\n",
		    grouped(c->n[COUNT_FLOW_GUESSED], flows));
		fprintf(out, "whoever sent first. --home NET,... says which addresses are inside.\n");
	}
	if (c->n[COUNT_FLOW_INSIDE] > 0) {
		fprintf(out, "%s of the flows: both ends are inside, so they are not looked at, but for what concerns\n",
		    grouped(c->n[COUNT_FLOW_INSIDE], flows));
		fprintf(out, "the border. --home NET,... says which addresses are inside.\n");
	}
}

void summary_print(const struct summary *s, FILE *out, const struct counts *c, uint64_t first_ns, uint64_t last_ns)
{
	print_input(s, out, c, first_ns, last_ns);
	summary_guesses(out, c);
	if (!print_kinds(s, out))
		fprintf(out, "\nNothing found: no hole punching, no relays, no peer-to-peer calls.\n");
	print_table(out, "Inside hosts", &s->hosts);
	print_table(out, "Outside peers", &s->peers);
	print_apps(s, out);
	print_crypto(s, out);
	print_drops(out, c);
}
