/* watch.c -- `punchwatch watch`: interfaces, until a signal. Root ends before the first packet is read. */
#include "commands.h"
#include "engine.h"
#include "reload.h"
#include "notify.h"

#include "base/log.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void say_start(const struct settings *settings, struct capture **captures)
{
	char net[PREFIX_TEXT], list[512] = "";

	for (unsigned i = 0; i < settings->capture.n_interfaces; i++)
		log_info("watching %s, ring of %.1f MiB", settings->capture.interface[i],
		    (double)capture_ring_bytes(captures[i]) / (1 << 20));
	for (size_t i = 0; i < settings->home.home.n && strlen(list) + sizeof net + 2 < sizeof list; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? "," : "",
		    prefix_text(&settings->home.home.p[i], net));
	log_info("inside is %s%s", list, settings->home.configured ? "" :
	    " (the default; --home or `home` in the configuration sets it), or else whoever sends first");
	if (settings->output.eve[0] == '\0' && settings->output.redis[0] == '\0' && settings->output.sinks.n == 0)
		log_warn("no --eve and no --redis: alerts go nowhere but into the summary at the end");
}

static struct edition *read_again(void *ctx, const struct settings *now, FILE *say)
{
	const struct options *options = ctx;

	return reload_read(options->again, now, options->names, say);
}

int watch_run(const struct options *options)
{
	static struct counts counts;
	const struct settings *settings = &options->settings;
	struct capture *captures[INTERFACES_MAX] = {0};
	unsigned n = settings->capture.n_interfaces;
	int rc = notify_open();

	if (rc < 0)
		log_warn("the service manager cannot be told that this sensor runs: %s", strerror(-rc));
	rc = EXIT_NOTHING;
	for (unsigned i = 0; i < n; i++) {
		captures[i] = capture_open_live(&settings->capture, settings->capture.interface[i], &counts);
		if (captures[i] == NULL)
			goto out;
	}
	say_start(settings, captures);
	rc = engine_run(&(struct engine_run){
		.settings = settings,
		.signatures = options->signatures,
		.policy = options->policy,
		.crypto = options->crypto,
		.names = options->names,
		.captures = captures,
		.n_captures = n,
		.live = true,
		.signatures_ns = options->signatures_ns,
		.reload = options->again != NULL ? read_again : NULL,
		.reload_ctx = (void *)(uintptr_t)options,
		.summary = !options->quiet && strcmp(settings->output.eve, "-") != 0,
		.counts = &counts,
	});
out:
	for (unsigned i = 0; i < n; i++)
		capture_free(captures[i]);
	notify_close();
	return rc;
}
