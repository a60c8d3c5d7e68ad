/* status.c -- see status.h. */
#include "status.h"

#include "../base/version.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static const uint64_t SECOND = 1000000000ULL;

enum { TIME_TEXT = 32, SPAN_TEXT = 32, SIZE_TEXT = 24 };

static const char *time_text(uint64_t ns, char to[static TIME_TEXT])
{
	time_t t = (time_t)(ns / SECOND);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(to, TIME_TEXT, "%Y-%m-%d %H:%M:%S UTC", &tm);
	return to;
}

static const char *span_text(uint64_t ns, char to[static SPAN_TEXT])
{
	uint64_t s = ns / SECOND;

	if (s < 60)
		snprintf(to, SPAN_TEXT, "%" PRIu64 " s", s);
	else if (s < 3600)
		snprintf(to, SPAN_TEXT, "%" PRIu64 " min", s / 60);
	else if (s < 86400)
		snprintf(to, SPAN_TEXT, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s / 60 % 60);
	else
		snprintf(to, SPAN_TEXT, "%" PRIu64 " d %" PRIu64 " h", s / 86400, s / 3600 % 24);
	return to;
}

static const char *size_text(uint64_t bytes, char to[static SIZE_TEXT])
{
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
	double size = (double)bytes;
	unsigned unit = 0;

	for (; size >= 1000 && unit + 1 < sizeof units / sizeof *units; unit++)
		size /= 1000;
	snprintf(to, SIZE_TEXT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
	return to;
}

static void print_interfaces(FILE *to, const struct health *h)
{
	char silent[SPAN_TEXT];

	if (h->now.n_interfaces > 0)
		fprintf(to, "\nInterfaces                 packets  last packet     stamps behind the clock\n");
	for (unsigned i = 0; i < h->now.n_interfaces; i++) {
		const struct sample_interface *f = &h->now.interface[i];

		if (f->seen.last_ns == 0)
			fprintf(to, "  %-20s %11" PRIu64 "  none yet\n", f->name, f->seen.frames);
		else if (health_silent_ns(h, i) < 2 * SECOND)
			fprintf(to, "  %-20s %11" PRIu64 "  now             %.1f s\n", f->name, f->seen.frames, (double)f->seen.behind_ns / 1e9);
		else
			fprintf(to, "  %-20s %11" PRIu64 "  %s ago%*s%.1f s\n", f->name, f->seen.frames, span_text(health_silent_ns(h, i), silent),
			    (int)(strlen(silent) < 11 ? 12 - strlen(silent) : 1), "", (double)f->seen.behind_ns / 1e9);
	}
}

static void print_traffic(FILE *to, const struct health *h)
{
	const uint64_t *n = h->now.counts.n;
	char size[SIZE_TEXT];

	fprintf(to, "\nTraffic\n  %" PRIu64 " packets, %s; %" PRIu64 " flows, %" PRIu64 " of them now\n", n[COUNT_PACKETS],
	    size_text(n[COUNT_BYTES], size), n[COUNT_FLOWS], n[COUNT_FLOWS] - n[COUNT_FLOWS_OVER]);
	if (h->one_way >= 0)
		fprintf(to, "  %.0f %% of the last minute's flows had one direction only\n", h->one_way * 100);
	if (h->duplicates > 0)
		fprintf(to, "  %.0f %% of the last minute's packets came a second time\n", h->duplicates * 100);
}

static void print_alerts(FILE *to, const struct sample *s)
{
	bool any = false;

	fprintf(to, "\nAlerts\n");
	for (unsigned k = KIND_NONE + 1; k < KIND_N; k++) {
		if (s->alerts[k] > 0)
			fprintf(to, "  %-20s %11" PRIu64 "\n", kinds[k].name, s->alerts[k]);
		any = any || s->alerts[k] > 0;
	}
	if (!any)
		fprintf(to, "  none so far\n");
}

static void print_output(FILE *to, const struct output_state *o)
{
	char size[SIZE_TEXT];

	fprintf(to, "\nOutput\n");
	if (o->journaled == 0 && o->segments == 0 && o->n_sinks == 0 && !o->failing)
		fprintf(to, "  nothing written so far\n");
	else
		fprintf(to, "  %-20s %11" PRIu64 " events, %s%s\n", "journal", o->journaled, size_text(o->bytes, size),
		    o->failing ? "; CANNOT BE WRITTEN: events wait" : "");
	for (unsigned i = 0; i < o->n_sinks; i++) {
		const struct sink_state *s = &o->sinks[i];

		fprintf(to, "  %-20s %11" PRIu64 " acknowledged, %" PRIu64 " waiting; %s", s->name, s->acknowledged, s->waiting,
		    s->connected ? "connected" : "NOT CONNECTED");
		if (s->reconnects > 0)
			fprintf(to, ", %" PRIu64 " reconnects", s->reconnects);
		if (s->refused > 0)
			fprintf(to, ", %" PRIu64 " refused", s->refused);
		if (s->lost > 0)
			fprintf(to, ", %" PRIu64 " LOST", s->lost);
		fputc('\n', to);
	}
}

static void print_rules(FILE *to, const struct sample *s)
{
	char at[TIME_TEXT];

	fprintf(to, "\nSignatures\n  %u", s->signatures);
	if (s->loaded_ns > 0)
		fprintf(to, ", read %s", time_text(s->loaded_ns, at));
	if (s->signatures_ns > 0)
		fprintf(to, "; the newest file is of %s", time_text(s->signatures_ns, at));
	fputc('\n', to);
	if (s->reload.last[0] != '\0')
		fprintf(to, "  last reload, %s: %s\n", time_text(s->reload.last_ns, at), s->reload.last);
}

static void print_losses(FILE *to, const struct counts *c)
{
	bool any = false;

	for (unsigned i = 0; i < COUNT_N; i++) {
		if (count_defs[i].kind != COUNT_LOSS || c->n[i] == 0)
			continue;
		if (!any)
			fprintf(to, "\nLost or given up, since the start\n");
		any = true;
		fprintf(to, "  %-30s %11" PRIu64 "  %s\n", count_defs[i].name, c->n[i], count_defs[i].about);
	}
}

void status_print(FILE *to, const struct health *h, const char *host)
{
	char since[TIME_TEXT], span[SPAN_TEXT];
	const struct sample *s = &h->now;

	fprintf(to, "punchwatch %s on %s: %s, up for %s (since %s)\n", PW_VERSION, host, health_ready(h) ? "ready" : "NOT READY",
	    span_text(s->now_ns - s->started_ns, span), time_text(s->started_ns, since));
	for (unsigned i = 0; i < h->n_reasons; i++)
		fprintf(to, "  %s: %s\n", health_fault_names[h->reason[i].fault], h->reason[i].text);
	print_interfaces(to, h);
	print_traffic(to, h);
	print_alerts(to, s);
	print_output(to, &s->output);
	print_rules(to, s);
	print_losses(to, &s->counts);
}
