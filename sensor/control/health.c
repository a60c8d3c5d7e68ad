/* health.c -- see health.h. */
#include "health.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const uint64_t SECOND = 1000000000ULL;

enum {
	MINUTE_S = 60,
	FLOWS_LEAST = 50, PACKETS_LEAST = 1000,		/* of a minute: less says nothing about shares */
	LOSING_S = 60,		/* packets lost within this time: losing */
	AWAY_S = 30,		/* a sink is away for good by then: a restart takes less */
};

const char *const health_fault_names[FAULT_N] = {
	[FAULT_SILENT] = "interface-silent", [FAULT_STALLED] = "thread-stalled", [FAULT_CLOCK] = "clock-skew", [FAULT_ONE_WAY] = "one-way",
	[FAULT_DUPLICATES] = "duplicates", [FAULT_LOSING] = "losing-packets", [FAULT_SIGNATURES] = "signatures-old", [FAULT_OUTPUT] = "output-waits",
};

/* What an operator may turn. */
static const struct {
	enum count count;
	const char *what;
} remedies[] = {
	{COUNT_KERNEL_DROPS, "a larger capture.ring, a filter (-f), more workers (-j)"},
	{COUNT_IFACE_DROPS, "larger rings of the card: ethtool -G"},
	{COUNT_FLOW_EVICTED, "flow.flows"},
	{COUNT_STREAM_NO_ROOM, "flow.stream_pool"},
	{COUNT_STATE_NO_ROOM, "flow.states"},
	{COUNT_NDPI_NO_ROOM, "ndpi.flows"},
	{COUNT_FRAG_EVICTED, "decode.fragments"},
	{COUNT_SOCKETS_EVICTED, "session.sockets"},
	{COUNT_LEGS_EVICTED, "session.legs"},
	{COUNT_SESSIONS_EVICTED, "session.sessions"},
};

void health_init(struct health *h, const struct health_settings *set)
{
	memset(h, 0, sizeof *h);
	h->set = *set;
	h->one_way = h->duplicates = -1;
}

static void __attribute__((format(printf, 3, 4))) say(struct health *h, enum health_fault fault, const char *format, ...)
{
	struct health_reason *r = &h->reason[h->n_reasons];
	va_list args;

	if (h->n_reasons == HEALTH_REASONS)
		return;
	h->n_reasons++;
	r->fault = fault;
	va_start(args, format);
	vsnprintf(r->text, sizeof r->text, format, args);
	va_end(args);
}

/* --- what changes from sample to sample --- */

static void follow_threads(struct health *h)
{
	for (unsigned i = 0; i < h->now.n_threads; i++)
		if (!h->began || h->now.thread[i].beats != h->beats[i]) {
			h->beats[i] = h->now.thread[i].beats;
			h->beat_ns[i] = h->now.tick_ns;
		}
}

static void follow_interfaces(struct health *h)
{
	for (unsigned i = 0; i < h->now.n_interfaces; i++)
		if (!h->began || h->now.interface[i].seen.frames != h->frames[i]) {
			h->frames[i] = h->now.interface[i].seen.frames;
			h->frame_ns[i] = h->now.tick_ns;
		}
}

static void follow_sinks(struct health *h)
{
	const struct output_state *o = &h->now.output;

	for (unsigned i = 0; i < o->n_sinks && i < OUTPUT_SINKS; i++) {
		bool away = !o->sinks[i].connected && o->sinks[i].waiting > 0;

		if (!away)
			h->away_ns[i] = 0;
		else if (h->away_ns[i] == 0)
			h->away_ns[i] = h->now.tick_ns;
	}
}

static uint64_t since(const struct health *h, enum count count)
{
	return h->now.counts.n[count] - h->minute.n[count];
}

static double share(uint64_t part, uint64_t whole, uint64_t least)
{
	return whole < least ? -1 : (double)part / (double)whole;
}

static void follow_minute(struct health *h)
{
	uint64_t drops = h->now.counts.n[COUNT_KERNEL_DROPS] + h->now.counts.n[COUNT_IFACE_DROPS];

	if (drops > h->drops)
		h->lost_ns = h->now.tick_ns;
	h->drops = drops;
	if (h->began && h->now.tick_ns - h->minute_ns < MINUTE_S * SECOND)
		return;
	if (h->began) {
		h->one_way = share(since(h, COUNT_FLOWS_ONE_WAY), since(h, COUNT_FLOWS_LONG), FLOWS_LEAST);
		h->duplicates = share(since(h, COUNT_DECODE_DUPLICATE), since(h, COUNT_PACKETS), PACKETS_LEAST);
	}
	h->minute = h->now.counts;
	h->minute_ns = h->now.tick_ns;
}

/* --- what is wrong --- */

uint64_t health_stalled_ns(const struct health *h, unsigned thread)
{
	return h->now.tick_ns - h->beat_ns[thread];
}

uint64_t health_silent_ns(const struct health *h, unsigned interface)
{
	return h->now.tick_ns - h->frame_ns[interface];
}

static void judge_interfaces(struct health *h)
{
	for (unsigned i = 0; i < h->now.n_interfaces; i++) {
		const struct sample_interface *f = &h->now.interface[i];
		int64_t ms = f->seen.behind_ns / 1000000;
		uint64_t silent_s = health_silent_ns(h, i) / SECOND;

		if (h->set.silence_s > 0 && silent_s >= h->set.silence_s)
			say(h, FAULT_SILENT, "%s: no packet for %" PRIu64 " s: is the cable in, the mirror port on?", f->name, silent_s);
		else if (h->set.clock_ms > 0 && f->seen.last_ns > 0 && (ms > (int64_t)h->set.clock_ms || -ms > (int64_t)h->set.clock_ms))
			say(h, FAULT_CLOCK, "%s: time stamps are %.1f s %s the clock: we are behind, or a clock is wrong", f->name,
			    (double)(ms < 0 ? -ms : ms) / 1000, ms < 0 ? "ahead of" : "behind");
	}
}

static void judge_threads(struct health *h)
{
	h->stalled = false;
	for (unsigned i = 0; i < h->now.n_threads; i++)
		if (h->set.stall_s > 0 && health_stalled_ns(h, i) >= h->set.stall_s * SECOND) {
			say(h, FAULT_STALLED, "thread %s does not go on, for %" PRIu64 " s%s", h->now.thread[i].name, health_stalled_ns(h, i) / SECOND,
			    h->now.thread[i].patient ? ": does the disk answer?" : "");
			h->stalled = h->stalled || !h->now.thread[i].patient;
		}
}

static void judge_traffic(struct health *h)
{
	if (h->set.one_way > 0 && h->one_way * 100 > h->set.one_way)
		say(h, FAULT_ONE_WAY, "%.0f %% of the flows have one direction only: does the mirror port deliver both?", h->one_way * 100);
	if (h->set.duplicates > 0 && h->duplicates * 100 > h->set.duplicates)
		say(h, FAULT_DUPLICATES, "%.0f %% of the packets came twice: is a port mirrored at both of its ends?", h->duplicates * 100);
	if (h->lost_ns != 0 && h->now.tick_ns - h->lost_ns < LOSING_S * SECOND)
		say(h, FAULT_LOSING, "packets are lost: %" PRIu64 " by the kernel, %" PRIu64 " by the card, of %" PRIu64 " seen, since the start",
		    h->now.counts.n[COUNT_KERNEL_DROPS], h->now.counts.n[COUNT_IFACE_DROPS], h->now.counts.n[COUNT_PACKETS]);
}

static void judge_signatures(struct health *h)
{
	uint64_t age_s = h->now.signatures_ns > 0 && h->now.now_ns > h->now.signatures_ns ?
	    (h->now.now_ns - h->now.signatures_ns) / SECOND : 0;

	if (h->set.signatures_s > 0 && age_s > h->set.signatures_s)
		say(h, FAULT_SIGNATURES, "the newest signature is %" PRIu64 " days old", age_s / 86400);
}

static void judge_output(struct health *h)
{
	const struct output_state *o = &h->now.output;

	if (o->failing)
		say(h, FAULT_OUTPUT, "the journal cannot be written: events wait; is the disk full?");
	for (unsigned i = 0; i < o->n_sinks && i < OUTPUT_SINKS; i++)
		if (h->away_ns[i] != 0 && h->now.tick_ns - h->away_ns[i] >= AWAY_S * SECOND)
			say(h, FAULT_OUTPUT, "%s is away for %" PRIu64 " s: %" PRIu64 " events wait in the journal", o->sinks[i].name,
			    (h->now.tick_ns - h->away_ns[i]) / SECOND, o->sinks[i].waiting);
}

void health_take(struct health *h, const struct sample *s)
{
	h->now = *s;
	follow_threads(h);
	follow_interfaces(h);
	follow_minute(h);
	follow_sinks(h);
	h->began = true;
	h->n_reasons = 0;
	judge_threads(h);
	judge_interfaces(h);
	judge_traffic(h);
	judge_signatures(h);
	judge_output(h);
}

bool health_alive(const struct health *h)
{
	return !h->stalled;
}

/* --- losses --- */

static const char *remedy(enum count count)
{
	for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++)
		if (remedies[i].count == count)
			return remedies[i].what;
	return NULL;
}

bool health_losses(struct health *h, char line[static HEALTH_LINE])
{
	size_t n = 0;

	if (h->said_ns != 0 && h->now.tick_ns - h->said_ns < MINUTE_S * SECOND)
		return false;
	for (unsigned i = 0; i < COUNT_N && n < HEALTH_LINE; i++) {
		uint64_t more = h->now.counts.n[i] - h->said.n[i];

		if (count_defs[i].kind != COUNT_LOSS || more == 0)
			continue;
		n += (size_t)snprintf(line + n, HEALTH_LINE - n, "%s%" PRIu64 " %s", n ? "; " : "lost: ", more, count_defs[i].about);
		if (n < HEALTH_LINE && remedy((enum count)i) != NULL)
			n += (size_t)snprintf(line + n, HEALTH_LINE - n, " (what may help: %s)", remedy((enum count)i));
	}
	h->said = h->now.counts;
	h->said_ns = n > 0 ? h->now.tick_ns : 0;
	return n > 0;
}
