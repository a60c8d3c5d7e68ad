/* explain.c -- see explain.h. */
#include "explain.h"

#include "crypto/judge.h"

#include <inttypes.h>
#include <time.h>

enum { TIME_TEXT = 24, ENDS_TEXT = 2 * ENDPOINT_TEXT + 4, MISSING_MOST = 8 };

static const char *time_text(uint64_t ts_ns, char to[static TIME_TEXT])
{
	time_t t = (time_t)(ts_ns / 1000000000);
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		snprintf(to, TIME_TEXT, "?");
	else
		snprintf(to, TIME_TEXT, "%02d:%02d:%02d.%06u", tm.tm_hour, tm.tm_min, tm.tm_sec,
		    (unsigned)(ts_ns % 1000000000 / 1000));
	return to;
}

static const char *ends_text(const struct view_line *l, char to[static ENDS_TEXT])
{
	char a[ENDPOINT_TEXT], b[ENDPOINT_TEXT];

	snprintf(to, ENDS_TEXT, "%s %s %s", endpoint_text(&l->local, a), l->from_local ? "->" : "<-", endpoint_text(&l->remote, b));
	return to;
}

static void print_crypto(FILE *f, const struct event_crypto *c)
{
	char line[CRYPTO_LINE];

	if (c->result == CRYPTO_NONE)
		return;
	fprintf(f, "  encryption: %s\n", crypto_line(c, line));
	for (unsigned i = 0; i < c->n_notes; i++)
		fprintf(f, "    %s\n", c->notes[i]);
}

static void print_policy(FILE *f, const struct event_policy *p)
{
	if (p->zone[0] != '\0')
		fprintf(f, "  in the network %s%s%s\n", p->zone, p->classification != CLASS_NONE ? ", " : "",
		    p->classification != CLASS_NONE ? classification_names[p->classification] : "");
	for (unsigned i = 0; i < p->n_controls; i++)
		fprintf(f, "%sCID %" PRIu32 "%s%s", i > 0 ? ", " : "  controls: ", p->controls[i].cid,
		    p->controls[i].compliance != COMPLIANCE_NONE ? " " : "",
		    p->controls[i].compliance != COMPLIANCE_NONE ? compliance_names[p->controls[i].compliance] : "");
	if (p->n_controls > 0)
		fputc('\n', f);
	if (p->exception[0] != '\0')
		fprintf(f, "  %s: %s%s%s%s%s\n", p->expired ? "would be allowed, but expired on" : "allowed by",
		    p->expired ? p->expires : p->exception, p->expired ? ": " : p->ticket[0] != '\0' ? ", " : "",
		    p->expired ? p->exception : p->ticket, p->owner[0] != '\0' ? ", " : "", p->owner);
}

static void print_head(FILE *f, const struct session_view *s)
{
	const struct event_alert *a = &s->verdict->alert;
	char e[ENDPOINT_TEXT];

	fprintf(f, "session %s: %s", a->session, a->kind == KIND_NONE ? "nothing to report" : kinds[a->kind].name);
	if (a->kind != KIND_NONE)
		fprintf(f, ", path %s, score %u, severity %u%s", path_name(a->path), a->score, a->severity,
		    a->one_way ? ", one direction seen" : "");
	fprintf(f, "\n  %s\n", a->summary);
	print_crypto(f, &a->crypto);
	print_policy(f, &a->policy);
	if (s->told_in != 0)
		fprintf(f, "  no alert of its own: asked together with, and is reported by, session %016" PRIx64 "\n", s->told_in);
	if (a->app[0] != '\0')
		fprintf(f, "  speaks like %s (%u %% sure)\n", a->app, a->app_confidence);
	if (a->n_mapped > 0)
		fprintf(f, "  seen outside as");
	for (unsigned i = 0; i < a->n_mapped; i++)
		fprintf(f, "%s %s", i > 0 ? "," : "", endpoint_text(&a->mapped[i], e));
	if (a->n_mapped > 0)
		fprintf(f, "; NAT %s\n", nat_name(a->nat));
	for (unsigned i = 0; i < a->n_servers; i++)
		fprintf(f, "  server %s%s%s\n", endpoint_text(&a->servers[i].at, e), a->servers[i].software[0] != '\0' ? " " : "",
		    a->servers[i].software);
}

static void print_legs(FILE *f, const struct session_view *s)
{
	char a[ENDPOINT_TEXT], b[ENDPOINT_TEXT];

	fprintf(f, "\n  paths (out/in)\n");
	for (unsigned i = 0; i < s->n_legs; i++) {
		const struct view_leg *l = &s->legs[i];

		fprintf(f, "    %s  %s - %s  %s  checks %" PRIu32 "/%" PRIu32 ", answers %" PRIu32 "/%" PRIu32 ", data %" PRIu64 "/%"
		    PRIu64 "\n", l->ip_proto == 6 ? "TCP" : "UDP", endpoint_text(&l->local, a), endpoint_text(&l->remote, b),
		    l->role[0] != '\0' ? l->role : "-", l->checks_out, l->checks_in, l->answers_out, l->answers_in, l->data_out,
		    l->data_in);
	}
	if (s->legs_total > s->n_legs)
		fprintf(f, "    and %" PRIu32 " more\n", s->legs_total - s->n_legs);
}

/* Time, packet and ends once for what one packet showed. */
static void print_lines(FILE *f, const struct session_view *s, bool details)
{
	char t[TIME_TEXT], ends[ENDS_TEXT], last[ENDS_TEXT] = "";
	const struct view_line *head = NULL;	/* of the lines that follow; printed with the first */
	uint64_t packet = 0;

	fprintf(f, "\n  time (UTC)          packet  what was seen\n");
	for (unsigned i = 0; i < s->n_lines; i++) {
		const struct view_line *l = &s->lines[i];

		ends_text(l, ends);
		if (!l->proves && (l->packet != packet || strcmp(ends, last) != 0)) {
			head = l;
			packet = l->packet;
			memcpy(last, ends, sizeof last);
		}
		if (l->detail && !details)
			continue;
		if (head != NULL)
			fprintf(f, "  %s  %8" PRIu64 "  %s%s\n", time_text(head->ts_ns, t), head->packet, last, head->nested ? " (relayed)" : "");
		head = NULL;
		fprintf(f, "%*s%s", l->proves ? 24 : 30, "", l->proves ? "  => " : "");
		fprintf(f, "%s", l->text);
		if (l->times > 1)
			fprintf(f, "   (%" PRIu32 " times)", l->times);
		if (l->weight > 0)
			fprintf(f, "   +%u", l->weight);
		fputc('\n', f);
	}
	if (s->lines_lost > 0)
		fprintf(f, "%30s%" PRIu64 " more facts were not kept\n", "", s->lines_lost);
}

static void print_sum(FILE *f, const struct session_view *s)
{
	const struct event_alert *a = &s->verdict->alert;
	unsigned sum = 0;

	if (a->n_evidence == 0)
		return;
	fprintf(f, "\n  counts for this verdict\n");
	for (unsigned i = 0; i < a->n_evidence; i++) {
		const struct evidence *e = &a->evidence[i];

		fprintf(f, "    +%-3u %s%s%s   (packet %" PRIu64 ")\n", e->weight, e->name, e->value[0] != '\0' ? " == " : "", e->value,
		    e->packet);
		sum += e->weight;
	}
	fprintf(f, "    =%-3u %s%s\n", sum, kinds[a->kind].name, sum > 100 ? " (a score is at most 100)" : "");
}

/* "60 of 80, no alert": what is missing matters most to whoever writes one. */
static void print_reach(FILE *f, const struct view_signature *v)
{
	const struct signature *g = v->signature;
	unsigned wanted = g->alert > 0 ? g->alert : g->name;
	const char *what = g->alert == 0 ? "to be named" : kinds[g->kind].name;

	fprintf(f, "    %u of %u  %s: sid %" PRIu32 ", %s%s\n", v->sum, wanted, what, g->sid, g->title,
	    v->strangers ? "; by the far end's words alone, which counts for nothing" : "");
	if (g->alert > 0 && g->app != NULL && v->sum < g->alert && v->sum >= g->name)
		fprintf(f, "%14s%s is named from %u\n", "", g->app, g->name);
}

static void print_signatures(FILE *f, const struct session_view *s)
{
	if (s->n_signatures > 0)
		fprintf(f, "\n  signatures of which a line held\n");
	for (unsigned i = 0; i < s->n_signatures; i++) {
		const struct view_signature *v = &s->signatures[i];
		unsigned missing = 0;

		print_reach(f, v);
		for (unsigned k = 0; k < v->n_lines; k++) {
			const struct view_sign *l = &v->lines[k];

			if (l->packet == 0 && ++missing > MISSING_MOST)
				continue;
			fprintf(f, "      %s%-3u %s", l->packet == 0 ? "not +" : "    +", l->weight, l->when);
			if (l->packet != 0)
				fprintf(f, "   (%s%spacket %" PRIu64 ")", l->value, l->value[0] != '\0' ? ", " : "", l->packet);
			fputc('\n', f);
		}
		if (missing > MISSING_MOST)
			fprintf(f, "      and %u more lines that did not hold\n", missing - MISSING_MOST);
	}
}

void explain_session(FILE *f, const struct session_view *s, bool details)
{
	print_head(f, s);
	print_legs(f, s);
	print_lines(f, s, details);
	print_sum(f, s);
	print_signatures(f, s);
}

static bool only_counts(const struct message *m)
{
	struct fact first;
	size_t at = 0;

	return message_has(m, FACT_FLOW_NEW) || message_has(m, FACT_FLOW_END) || !message_next(m, &at, &first) ||
	    first.id == FACT_DATA_OUT_PACKETS;
}

void explain_message(FILE *f, const struct message *m)
{
	char t[TIME_TEXT], a[ENDPOINT_TEXT], b[ENDPOINT_TEXT], text[VIEW_TEXT * 2];
	struct fact fact;
	size_t at = 0;

	if (only_counts(m))
		return;
	fprintf(f, "%s  %8" PRIu64 "  %s %s %s %s%s\n", time_text(m->ts_ns, t), m->packet, m->ip_proto == 6 ? "TCP" : "UDP",
	    endpoint_text(&m->local, a), m->from_local ? "->" : "<-", endpoint_text(&m->remote, b), m->nested ? " (relayed)" : "");
	while (message_next(m, &at, &fact))
		if (fact_print(&fact, text, sizeof text) > 0)
			fprintf(f, "%27s%s\n", "", text);
}
