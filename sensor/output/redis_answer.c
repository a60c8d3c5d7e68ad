/* redis_answer.c -- see redis_answer.h. */
#include "redis_answer.h"

#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "../event/text.h"

struct replies {
	redisReader *reader;
	size_t unparsed;		/* bytes given since the last whole answer */
	size_t used;
	struct answer answer;
	char bytes[ANSWER_BYTES];
};

/* The reader asks this for every status, error and string. For other objects it has no function to ask, and then it allocates
 * nothing for them, however large they say they are. What is returned only says that something is there. */
static void *on_string(const redisReadTask *task, char *text, size_t n)
{
	struct replies *a = task->privdata;
	struct answer *r = &a->answer;

	if (task->type == REDIS_REPLY_ERROR) {
		if (task->parent != NULL)
			r->failed_inside = true;
		else
			r->failed = true;
		if (r->error[0] == '\0')
			text_clean(text, n < 100 ? n : 100, r->error, sizeof r->error);
	} else if (r->n < ANSWER_TEXTS && n <= sizeof a->bytes - a->used) {
		memcpy(a->bytes + a->used, text, n);
		r->text[r->n].at = a->bytes + a->used;
		r->text[r->n++].n = n;
		a->used += n;
	}
	return a;
}

static void *on_nil(const redisReadTask *task)
{
	struct replies *a = task->privdata;

	if (task->parent == NULL)
		a->answer.none = true;
	return a;
}

static redisReplyObjectFunctions objects = {.createString = on_string, .createNil = on_nil};

struct replies *replies_new(void)
{
	struct replies *a = calloc(1, sizeof *a);

	if (a == NULL)
		return NULL;
	a->reader = redisReaderCreateWithFunctions(&objects);
	if (a->reader == NULL) {
		free(a);
		return NULL;
	}
	a->reader->privdata = a;
	return a;
}

void replies_free(struct replies *a)
{
	if (a == NULL)
		return;
	redisReaderFree(a->reader);
	free(a);
}

bool replies_feed(struct replies *a, const char *bytes, size_t n, size_t most, bool (*on_answer)(void *, const struct answer *), void *ctx)
{
	a->unparsed += n;
	if (redisReaderFeed(a->reader, bytes, n) != REDIS_OK)
		return false;
	for (;;) {
		void *reply = NULL;

		if (redisReaderGetReply(a->reader, &reply) != REDIS_OK)
			return false;
		if (reply == NULL)
			return a->unparsed <= most;
		a->unparsed = 0;
		if (!on_answer(ctx, &a->answer))
			return true;
		a->answer.failed = a->answer.failed_inside = a->answer.none = false;
		a->answer.error[0] = '\0';
		a->answer.n = 0;
		a->used = 0;
	}
}

bool answer_moved(const char *error, char host[static 256], uint16_t *port)
{
	const char *at = strncmp(error, "MOVED ", 6) == 0 ? strchr(error + 6, ' ') : NULL, *colon = strrchr(error, ':');
	unsigned long v;
	char *end;

	host[0] = '\0';
	if (at == NULL || colon == NULL || colon <= at || colon - at > 255)
		return false;
	v = strtoul(colon + 1, &end, 10);
	if (*end != '\0' || v == 0 || v > 65535)
		return false;
	memcpy(host, at + 1, (size_t)(colon - at - 1));
	host[colon - at - 1] = '\0';
	*port = (uint16_t)v;
	return true;
}
