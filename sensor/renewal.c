/* renewal.c -- see renewal.h. */
#include "renewal.h"

#include "base/log.h"
#include "policy/judge.h"
#include "policy/policy.h"
#include "signature/signature.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000ULL + (uint64_t)t.tv_nsec;
}

void renewal_begin(struct renewal *r, const struct engine_run *run, struct judge *first)
{
	struct edition e = {
		.settings = run->settings, .signatures = run->signatures, .policy = run->policy, .judge = first, .crypto = run->crypto,
		.read_ns = wall_ns(), .newest_ns = run->signatures_ns,
	};

	*r = (struct renewal){.run = run, .editions = editions_new(&e)};
	if (r->editions == NULL)
		log_no_memory("the program");
}

void renewal_end(struct renewal *r)
{
	editions_free(r->editions);
	r->editions = NULL;
}

void renewal_sweep(struct renewal *r)
{
	if (r->editions != NULL)
		editions_sweep(r->editions);
}

/* NULL: no memory, or nothing to judge by: *ok tells. */
static struct judge *new_judge(const struct renewal *r, const struct edition *e, bool *ok)
{
	struct judge *j = e->policy != NULL ? judge_new(e->policy, e->settings->policy.hosts, r->run->counts) : NULL;

	*ok = j != NULL || e->policy == NULL;
	return j;
}

/* To the log line by line, and to whoever asked. */
static void tell(char *said, FILE *to, bool warning)
{
	char *rest = said;

	if (to != NULL)
		fputs(said, to);
	for (char *line; (line = strsep(&rest, "\n")) != NULL;)
		if (line[0] != '\0')
			log_say(warning ? LOG_ERROR : LOG_WARN, "%s", line);
}

static void __attribute__((format(printf, 3, 4))) conclude(struct renewal *r, FILE *to, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(r->state.last, sizeof r->state.last, format, args);
	va_end(args);
	r->state.last_ns = wall_ns();
	log_info("reload: %s", r->state.last);
	if (to != NULL)
		fprintf(to, "%s\n", r->state.last);
}

static int refuse(struct renewal *r, FILE *to, const char *why)
{
	r->state.refused++;
	conclude(r, to, "%s: everything stays as it was", why);
	return 2;
}

int renewal_run(struct renewal *r, FILE *to)
{
	char *said = NULL;
	size_t n = 0;
	FILE *say;
	struct edition *e;
	bool ok;

	if (r->editions == NULL || r->run->reload == NULL)
		return refuse(r, to, "this cannot be reloaded");
	editions_sweep(r->editions);
	if (editions_n(r->editions) > EDITIONS_WAITING)
		return refuse(r, to, "the ones before are not in force yet, try again");
	say = open_memstream(&said, &n);
	if (say == NULL)
		return refuse(r, to, "no memory");
	e = r->run->reload(r->run->reload_ctx, editions_newest(r->editions)->settings, say);
	fclose(say);
	tell(said, to, e == NULL);
	free(said);
	if (e == NULL)
		return refuse(r, to, "there are mistakes");
	e->judge = new_judge(r, e, &ok);
	if (!ok || !editions_publish(r->editions, e)) {
		e->free(e);
		free(e);
		return refuse(r, to, "no memory");
	}
	r->state.done++;
	conclude(r, to, "done: %u signatures%s", e->signatures != NULL ? signatures_n(e->signatures) : 0, e->policy != NULL ? ", policy" : "");
	return 0;
}
