/* policy_fuzz.c -- any text as a policy: no crash, no hang; what is taken is printed so that it loads again as the same, and
 * alerts of every kind, from hosts inside and outside its networks, are judged by it without one of them being lost. */
#include "../../sensor/policy/judge.h"
#include "../../sensor/policy/policy.h"

#include <stdlib.h>
#include <string.h>

static struct policy *load(const char *text, size_t n)
{
	struct mistakes m = {0};

	return policy_parse("fuzz", text, n, &m);
}

static char *print(const struct policy *p, size_t *n)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, n);

	policy_print(p, f);
	fclose(f);
	return text;
}

static void say(void *ctx, const char *line)
{
	*(size_t *)ctx += strlen(line);
}

static void alert_of(struct event *e, enum kind kind, unsigned i)
{
	struct event_alert *a = &e->alert;

	memset(e, 0, sizeof *e);
	e->type = EVENT_ALERT;
	e->ts_ns = 1767323045000000000u + i * 3600000000000u;
	a->kind = kind;
	a->severity = kinds[kind].severity;
	a->informational = kinds[kind].informational;
	a->path = i % 2 ? PATH_RELAY : PATH_DIRECT;
	a->has_relay = i % 2;
	a->local.addr = addr_v4(0x0a000001 + (i % 5 << 16));
	a->peer.addr = e->dst.addr = a->relay.addr = a->peers[0] .addr = addr_v4(0xcb007100 + i % 9);
	a->has_peer = i % 3 > 0;
	a->n_peers = a->has_peer;
	a->peers_total = i % 3;
	strcpy(a->app, i % 2 ? "Zoom" : "");
	strcpy(a->host_name, "pc-1234");
	strcpy(a->far_name, "a.example.net");
}

static void judge_some(const struct policy *p)
{
	struct counts counts = {0};
	struct judge *j = judge_new(p, 64, &counts);
	static struct event e;
	uint64_t n[4] = {0};
	size_t written;
	char *text = NULL;
	FILE *f;

	if (j == NULL)
		return;
	for (unsigned i = 0; i < 60; i++) {
		enum judgement how;

		alert_of(&e, (enum kind)(1 + i % (KIND_N - 1)), i);
		how = judge_alert(j, &e, 3, i % 7 > 0, i * 1000000000u);
		n[how]++;
		if (how == JUDGE_REPORT)
			judge_told(j);
		if (e.alert.severity < 1 || e.alert.severity > 3)
			abort();
		if (e.alert.kind == KIND_RELAY_TUNNEL && e.alert.informational)
			abort();
	}
	if (n[JUDGE_SUPPRESSED] != counts.n[COUNT_POLICY_SUPPRESSED] || n[JUDGE_LIMITED] != counts.n[COUNT_POLICY_LIMITED] ||
	    judge_untold(j) > n[JUDGE_LIMITED])
		abort();
	f = open_memstream(&text, &written);
	judge_print(j, f);
	fclose(f);
	free(text);
	judge_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct policy *first = load((const char *)bytes, n), *second;
	size_t n_first, n_second, said = 0;
	char *a, *b;

	if (first == NULL)
		return 0;
	a = print(first, &n_first);
	second = load(a, n_first);
	if (second == NULL)
		abort();
	b = print(second, &n_second);
	if (strcmp(a, b) != 0)
		abort();
	policy_warn(first, 1767323045, say, &said);
	judge_some(first);
	free(a);
	free(b);
	policy_free(first);
	policy_free(second);
	return 0;
}
