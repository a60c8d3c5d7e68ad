/* read.c -- `punchwatch read` and `punchwatch explain`: capture files, from the first frame to the last verdict. */
#include "commands.h"
#include "engine.h"
#include "explain.h"
#include "pipeline.h"
#include "policy/judge.h"
#include "summary.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int read_run(const struct options *options)
{
	static struct counts counts;
	const struct settings *settings = &options->settings;
	bool events_on_stdout = strcmp(settings->output.eve, "-") == 0;
	struct capture *capture;
	int rc;

	capture = capture_open_files(options->files, options->n_files, settings->capture.filter, &counts);
	if (capture == NULL)
		return EXIT_NOTHING;
	rc = engine_run(&(struct engine_run){
		.settings = settings,
		.signatures = options->signatures,
		.policy = options->policy,
		.crypto = options->crypto,
		.names = options->names,
		.captures = &capture,
		.n_captures = 1,
		.progress = !options->quiet && isatty(STDERR_FILENO),
		.summary = !options->quiet && !events_on_stdout,
		.counts = &counts,
	});
	capture_free(capture);
	return rc;
}

/* The sessions are what explain prints; their events are not wanted. */
static bool no_sink(void *ctx, const struct event *event)
{
	(void)ctx;
	(void)event;
	return true;
}

struct explanation {
	unsigned sessions;
	bool messages;		/* in place of sessions */
	bool details;
};

static void print_session(void *ctx, const struct session_view *session)
{
	struct explanation *e = ctx;

	if (e->messages)
		return;
	if (e->sessions++ > 0)
		putchar('\n');
	explain_session(stdout, session, e->details);
}

static void print_message(void *ctx, const struct message *m)
{
	(void)ctx;
	explain_message(stdout, m);
}

int explain_run(const struct options *options)
{
	static struct counts counts;
	struct capture *capture = capture_open_files(options->files, options->n_files, options->settings.capture.filter, &counts);
	struct pipeline *pipeline;
	enum capture_state state;
	struct explanation said = {.details = options->verbose, .messages = options->messages};
	struct judge *judge = NULL;

	if (capture == NULL)
		return EXIT_NOTHING;
	pipeline = pipeline_new(&options->settings, options->signatures, &capture, 1, false, &counts, no_sink, NULL);
	if (pipeline == NULL)
		log_no_memory("sessions");
	correlator_use_names(pipeline_correlator(pipeline), options->names);
	correlator_use_profile(pipeline_correlator(pipeline), options->crypto);
	correlator_on_session_end(pipeline_correlator(pipeline), print_session, &said);
	if (options->messages)
		correlator_on_message(pipeline_correlator(pipeline), print_message, NULL);
	if (options->policy != NULL) {
		judge = judge_new(options->policy, options->settings.policy.hosts, &counts);
		if (judge == NULL)
			log_no_memory("limits (policy.hosts)");
		correlator_use_judge(pipeline_correlator(pipeline), judge);
	}
	state = pipeline_run(pipeline);
	if (state != CAPTURE_DONE && pipeline_error(pipeline)[0] != '\0')
		log_error("%s", pipeline_error(pipeline));
	if (said.sessions == 0 && !options->messages)
		printf("No session: nothing in %llu packets asked for its own address, checked a path or used a relay.\n",
		    (unsigned long long)counts.n[COUNT_PACKETS]);
	if (!options->quiet)
		summary_guesses(stdout, &counts);
	pipeline_free(pipeline);
	judge_free(judge);
	capture_free(capture);
	if (state == CAPTURE_DONE)
		return EXIT_OK;
	return counts.n[COUNT_PACKETS] == 0 ? EXIT_NOTHING : EXIT_LOST;
}
