/* dry_run.c -- see dry_run.h. */
#include "dry_run.h"

#include "base/log.h"
#include "event/text.h"
#include "pipeline.h"
#include "policy/judge.h"
#include "policy/policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { EXAMPLES = 3, REMAINING = 100, LINE = EVENT_SUMMARY + 64 };

/* What one rule did. The last one of a report is the general limit. */
struct effect {
	uint64_t n;
	uint64_t more_urgent;		/* covered: of these, so many would have been severity 1 or 2 */
	uint64_t expired;		/* would have been covered, if it still held */
	unsigned n_examples;
	char example[EXAMPLES][LINE];
};

struct report {
	const struct policy *policy;
	struct effect *effects[SECTIONS], limit;
	uint64_t before, after, unwanted;
	bool informational;
	uint8_t severity;
	unsigned n_remaining;
	char remaining[REMAINING][LINE];
};

/* "2026-11-23 17:30:39  turn-relay  2 -> 3  10.10.0.11 uses ..." */
static void line_of(const struct event *e, unsigned before, char to[static LINE])
{
	const struct event_alert *a = &e->alert;
	time_t t = (time_t)(e->ts_ns / 1000000000);
	char clock[24] = "", summary[EVENT_SUMMARY * 4], change[16];
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(clock, sizeof clock, "%Y-%m-%d %H:%M:%S", &tm);
	if (before != a->severity)
		snprintf(change, sizeof change, "%u -> %u", before, a->severity);
	else
		snprintf(change, sizeof change, "%u", before);
	text_clean(a->summary, strlen(a->summary), summary, sizeof summary);
	snprintf(to, LINE, "%s  %-6s  %-18s  %s", clock, change, kinds[a->kind].name, summary);
}

static void add_example(struct effect *f, const struct event *e, unsigned before)
{
	if (f->n_examples < EXAMPLES)
		line_of(e, before, f->example[f->n_examples++]);
}

static void on_ruling(void *ctx, const struct event *e, const struct ruling *r)
{
	struct report *report = ctx;
	struct effect *f;

	if (r->severity_given <= report->severity && (!r->informational_given || report->informational))
		report->before++;
	if (r->covered_by >= 0) {
		f = &report->effects[r->covered_in][r->covered_by];
		f->n++;
		f->more_urgent += r->severity_before < 3;
		add_example(f, e, r->severity_before);
	}
	if (r->expired_by >= 0) {
		f = &report->effects[r->expired_in][r->expired_by];
		f->expired++;
		add_example(f, e, e->alert.severity);
	}
	if (r->judgement == JUDGE_SUPPRESSED || r->judgement == JUDGE_LIMITED) {
		f = r->held_by >= 0 ? &report->effects[r->held_in][r->held_by] : &report->limit;
		f->n++;
		add_example(f, e, e->alert.severity);
	}
	report->unwanted += r->judgement == JUDGE_UNWANTED;
	if (r->judgement != JUDGE_REPORT)
		return;
	report->after++;
	if (report->n_remaining < REMAINING)
		line_of(e, r->severity_given, report->remaining[report->n_remaining++]);
}

static void print_effect(const struct effect *f, const char *did)
{
	if (f->n == 0 && f->expired == 0)
		printf("  nothing\n");
	if (f->n > 0)
		printf("  %s %" PRIu64, did, f->n);
	if (f->more_urgent > 0)
		printf(", %" PRIu64 " of them else severity 1 or 2", f->more_urgent);
	if (f->n > 0)
		putchar('\n');
	if (f->expired > 0)
		printf("  would cover %" PRIu64 ", but had expired\n", f->expired);
	for (unsigned i = 0; i < f->n_examples; i++)
		printf("    %s\n", f->example[i]);
	if (f->n + f->expired > f->n_examples)
		printf("    and %" PRIu64 " more\n", f->n + f->expired - f->n_examples);
}

static void print_report(const struct report *report)
{
	static const char *const did[SECTIONS] = {"made informational:", "made informational:", "suppressed:", "held back:"};
	const struct policy *p = report->policy;

	printf("%s: %" PRIu64 " alerts without it, %" PRIu64 " with it\n", p->path, report->before, report->after);
	for (enum section s = APPROVED; s < SECTIONS; s++)
		for (unsigned i = 0; i < p->rules[s].n; i++) {
			const struct rule *r = policy_rule(p, s, i);

			printf("\n%s[%u]%s%s (line %u)\n", section_names[s], i, r->name[0] != '\0' ? " " : "", r->name, r->line);
			print_effect(&report->effects[s][i], did[s]);
		}
	if (p->limit.count > 0) {
		printf("\nlimit\n");
		print_effect(&report->limit, "held back:");
	}
	printf("\n%" PRIu64 " alerts remain%s\n", report->after, report->unwanted > 0 ? " (others are not asked for: severity, informational)" : "");
	for (unsigned i = 0; i < report->n_remaining; i++)
		printf("  %s\n", report->remaining[i]);
	if (report->after > report->n_remaining)
		printf("  and %" PRIu64 " more\n", report->after - report->n_remaining);
}

static bool no_sink(void *ctx, const struct event *event)
{
	(void)ctx;
	(void)event;
	return true;
}

static struct report *report_new(const struct options *o)
{
	struct report *r = calloc(1, sizeof *r);

	if (r == NULL)
		log_no_memory("the report");
	r->policy = o->policy;
	r->severity = o->settings.session.severity;
	r->informational = o->settings.session.informational;
	for (enum section s = APPROVED; s < SECTIONS; s++) {
		r->effects[s] = calloc(o->policy->rules[s].n + 1, sizeof *r->effects[s]);
		if (r->effects[s] == NULL)
			log_no_memory("the report");
	}
	return r;
}

static void report_free(struct report *r)
{
	for (enum section s = APPROVED; s < SECTIONS; s++)
		free(r->effects[s]);
	free(r);
}

int dry_run(const struct options *o)
{
	static struct counts counts;
	struct capture *capture = capture_open_files(o->files, o->n_files, o->settings.capture.filter, &counts);
	struct pipeline *pipeline;
	struct judge *judge;
	struct report *report;
	enum capture_state state;

	if (capture == NULL)
		return EXIT_NOTHING;
	pipeline = pipeline_new(&o->settings, o->signatures, &capture, 1, false, &counts, no_sink, NULL);
	judge = judge_new(o->policy, o->settings.policy.hosts, &counts);
	if (pipeline == NULL || judge == NULL)
		log_no_memory("sessions and limits");
	report = report_new(o);
	judge_on_ruling(judge, on_ruling, report);
	correlator_use_judge(pipeline_correlator(pipeline), judge);
	correlator_use_names(pipeline_correlator(pipeline), o->names);
	state = pipeline_run(pipeline);
	if (state != CAPTURE_DONE && pipeline_error(pipeline)[0] != '\0')
		log_error("%s", pipeline_error(pipeline));
	print_report(report);
	report_free(report);
	pipeline_free(pipeline);
	judge_free(judge);
	capture_free(capture);
	if (state == CAPTURE_DONE)
		return EXIT_OK;
	return counts.n[COUNT_PACKETS] == 0 ? EXIT_NOTHING : EXIT_LOST;
}
