/* metrics.c -- see metrics.h. Labels are names of our own (interface, thread, sink, kind), never addresses: there are few of them. */
#include "metrics.h"

#include "../base/version.h"

#include <inttypes.h>

static const double NS = 1e9;

static void head(FILE *to, const char *name, const char *type, const char *about)
{
	fprintf(to, "# HELP punchwatch_%s %s\n# TYPE punchwatch_%s %s\n", name, about, name, type);
}

/* A label's value: quotes, backslashes and newlines are escaped. */
static void labelled(FILE *to, const char *name, const char *label, const char *value)
{
	fprintf(to, "punchwatch_%s{%s=\"", name, label);
	for (; *value; value++) {
		if (*value == '\n')
			fputs("\\n", to);
		else if (*value == '"' || *value == '\\')
			fprintf(to, "\\%c", *value);
		else
			fputc(*value, to);
	}
	fputs("\"} ", to);
}

static void gauge(FILE *to, const char *name, const char *about, double value)
{
	head(to, name, "gauge", about);
	fprintf(to, "punchwatch_%s %.10g\n", name, value);
}

static void counter(FILE *to, const char *name, const char *about, uint64_t value)
{
	head(to, name, "counter", about);
	fprintf(to, "punchwatch_%s %" PRIu64 "\n", name, value);
}

/* "flow.one_way" is punchwatch_flow_one_way_total. */
static void print_counts(FILE *to, const struct counts *c)
{
	char name[64];

	for (unsigned i = 0; i < COUNT_N; i++) {
		snprintf(name, sizeof name, "%s_total", count_defs[i].name);
		for (char *p = name; *p; p++)
			if (*p == '.')
				*p = '_';
		counter(to, name, count_defs[i].about, c->n[i]);
	}
}

static void print_interfaces(FILE *to, const struct health *h)
{
	const struct sample *s = &h->now;

	if (s->n_interfaces == 0)
		return;
	head(to, "interface_packets_total", "counter", "frames read from an interface");
	for (unsigned i = 0; i < s->n_interfaces; i++) {
		labelled(to, "interface_packets_total", "iface", s->interface[i].name);
		fprintf(to, "%" PRIu64 "\n", s->interface[i].seen.frames);
	}
	head(to, "interface_silent_seconds", "gauge", "since its last frame came");
	for (unsigned i = 0; i < s->n_interfaces; i++) {
		labelled(to, "interface_silent_seconds", "iface", s->interface[i].name);
		fprintf(to, "%.3f\n", (double)health_silent_ns(h, i) / NS);
	}
	head(to, "interface_behind_seconds", "gauge", "the machine's clock less the last frame's time stamp, when it was read");
	for (unsigned i = 0; i < s->n_interfaces; i++) {
		labelled(to, "interface_behind_seconds", "iface", s->interface[i].name);
		fprintf(to, "%.3f\n", (double)s->interface[i].seen.behind_ns / NS);
	}
}

static void print_threads(FILE *to, const struct health *h)
{
	if (h->now.n_threads == 0)
		return;
	head(to, "thread_stalled_seconds", "gauge", "since a thread was last seen to go on");
	for (unsigned i = 0; i < h->now.n_threads; i++) {
		labelled(to, "thread_stalled_seconds", "thread", h->now.thread[i].name);
		fprintf(to, "%.3f\n", (double)health_stalled_ns(h, i) / NS);
	}
}

static void print_alerts(FILE *to, const struct sample *s)
{
	head(to, "alerts_total", "counter", "alerts by kind, updates included");
	for (unsigned k = KIND_NONE + 1; k < KIND_N; k++) {
		labelled(to, "alerts_total", "kind", kinds[k].name);
		fprintf(to, "%" PRIu64 "\n", s->alerts[k]);
	}
}

static void print_sinks(FILE *to, const struct output_state *o)
{
	static const struct {
		const char *name, *type, *about;
		size_t offset;
	} rows[] = {
		{"sink_waiting_events", "gauge", "events in the journal that it has not acknowledged", offsetof(struct sink_state, waiting)},
		{"sink_sent_total", "counter", "events sent, each time counted", offsetof(struct sink_state, sent)},
		{"sink_sent_again_total", "counter", "of these, sent a second time", offsetof(struct sink_state, again)},
		{"sink_acknowledged_total", "counter", "events acknowledged", offsetof(struct sink_state, acknowledged)},
		{"sink_refused_total", "counter", "answers that were errors", offsetof(struct sink_state, refused)},
		{"sink_reconnects_total", "counter", "connections opened again", offsetof(struct sink_state, reconnects)},
		{"sink_lost_total", "counter", "events that were gone from the journal before it had them", offsetof(struct sink_state, lost)},
	};

	if (o->n_sinks > 0)
		head(to, "sink_connected", "gauge", "1 if a sink is connected");
	for (unsigned i = 0; i < o->n_sinks; i++) {
		labelled(to, "sink_connected", "sink", o->sinks[i].name);
		fprintf(to, "%d\n", o->sinks[i].connected);
	}
	for (size_t r = 0; o->n_sinks > 0 && r < sizeof rows / sizeof *rows; r++) {
		head(to, rows[r].name, rows[r].type, rows[r].about);
		for (unsigned i = 0; i < o->n_sinks; i++) {
			labelled(to, rows[r].name, "sink", o->sinks[i].name);
			fprintf(to, "%" PRIu64 "\n", *(const uint64_t *)(const void *)((const char *)&o->sinks[i] + rows[r].offset));
		}
	}
}

static void print_output(FILE *to, const struct output_state *o)
{
	counter(to, "journal_events_total", "events safe in the journal", o->journaled);
	counter(to, "journal_retries_total", "writes to it that failed and were tried again", o->retries);
	gauge(to, "journal_failing", "1 if it cannot be written", o->failing);
	gauge(to, "journal_segments", "files that it consists of", o->segments);
	gauge(to, "journal_bytes", "bytes of these", (double)o->bytes);
	print_sinks(to, o);
}

static void print_health(FILE *to, const struct health *h)
{
	gauge(to, "ready", "1 if the sensor sees what it should", health_ready(h));
	head(to, "not_ready", "gauge", "1 for each reason why it is not ready");
	for (unsigned f = 0; f < FAULT_N; f++) {
		bool wrong = false;

		for (unsigned i = 0; i < h->n_reasons; i++)
			wrong = wrong || h->reason[i].fault == (enum health_fault)f;
		labelled(to, "not_ready", "reason", health_fault_names[f]);
		fprintf(to, "%d\n", wrong);
	}
	if (h->one_way >= 0)
		gauge(to, "flow_one_way_ratio", "share of the last whole minute's flows with one direction only", h->one_way);
	if (h->duplicates >= 0)
		gauge(to, "duplicate_ratio", "share of the last whole minute's packets that were second copies", h->duplicates);
}

/* By the names that dashboards for Suricata ask for. */
static void print_aliases(FILE *to, const struct counts *c)
{
	fprintf(to, "# TYPE suricata_capture_kernel_packets_total counter\nsuricata_capture_kernel_packets_total %" PRIu64 "\n"
	    "# TYPE suricata_capture_kernel_drops_total counter\nsuricata_capture_kernel_drops_total %" PRIu64 "\n",
	    c->n[COUNT_PACKETS] + c->n[COUNT_KERNEL_DROPS], c->n[COUNT_KERNEL_DROPS]);
}

void metrics_print(FILE *to, const struct health *h)
{
	const struct sample *s = &h->now;

	head(to, "build_info", "gauge", "which version this is");
	fputs("punchwatch_build_info{version=\"" PW_VERSION "\"} 1\n", to);
	gauge(to, "start_time_seconds", "when it was started, since 1970", (double)s->started_ns / NS);
	print_health(to, h);
	print_interfaces(to, h);
	print_threads(to, h);
	gauge(to, "flows_active", "flows that are going on", (double)(s->counts.n[COUNT_FLOWS] - s->counts.n[COUNT_FLOWS_OVER]));
	print_alerts(to, s);
	gauge(to, "signatures", "signatures in force", s->signatures);
	gauge(to, "signatures_loaded_time_seconds", "when they were read", (double)s->loaded_ns / NS);
	if (s->signatures_ns > 0)
		gauge(to, "signatures_age_seconds", "age of the newest of their files",
		    s->now_ns > s->signatures_ns ? (double)(s->now_ns - s->signatures_ns) / NS : 0);
	counter(to, "reloads_total", "configurations and signatures taken over while it ran", s->reload.done);
	counter(to, "reloads_refused_total", "those with mistakes, which changed nothing", s->reload.refused);
	print_output(to, &s->output);
	print_counts(to, &s->counts);
	print_aliases(to, &s->counts);
}
