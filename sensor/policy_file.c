/* policy_file.c -- see policy_file.h. */
#include "policy_file.h"

#include "base/log.h"
#include "policy/policy.h"

#include <time.h>

static void warn(void *ctx, const char *line)
{
	(void)ctx;
	log_warn("%s", line);
}

bool policy_file_load(struct options *o)
{
	struct mistakes mistakes = {.to = stderr};

	if (o->settings.policy.file[0] == '\0' && o->dry_run)
		log_error("--dry-run of which policy? --policy FILE, or policy.file in the configuration");
	if (o->facts || o->settings.policy.file[0] == '\0')
		return !o->dry_run;
	log_debug("policy: %s", o->settings.policy.file);
	o->policy = policy_load(o->settings.policy.file, &mistakes);
	if (o->policy == NULL)
		return false;
	policy_warn(o->policy, (int64_t)time(NULL), warn, NULL);
	return true;
}

void policy_file_free(struct options *o)
{
	policy_free(o->policy);
	o->policy = NULL;
}
