/* redis_batch.c -- see redis_batch.h. */
#include "redis_batch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <hiredis/hiredis.h>

#include "../event/eve.h"

enum { ID_TEXT = 48 };

struct batches {
	const struct redis_uri *uri;
	size_t bytes_most;
	/* the one that is filled */
	unsigned n;
	size_t bytes;
	struct evbuffer *commands;	/* stream, channel */
	char *text;			/* list: one behind the other */
	const char *argv[REDIS_BATCH_MOST + 2];
	size_t len[REDIS_BATCH_MOST + 2];
	/* the one on its way */
	unsigned out, answers, taken;	/* events; answers to come; events answered well */
	bool refused;
	char error[ANSWER_ERROR];
};

struct batches *batches_new(const struct redis_uri *uri, size_t bytes_most)
{
	struct batches *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	b->uri = uri;
	b->bytes_most = bytes_most / 2 > EVE_LINE_MAX ? bytes_most / 2 : EVE_LINE_MAX;	/* there are two */
	b->commands = evbuffer_new();
	b->text = malloc(b->bytes_most + EVE_LINE_MAX);
	if (b->commands == NULL || b->text == NULL) {
		batches_free(b);
		return NULL;
	}
	return b;
}

void batches_free(struct batches *b)
{
	if (b == NULL)
		return;
	if (b->commands != NULL)
		evbuffer_free(b->commands);
	free(b->text);
	free(b);
}

/* The command's bytes in a buffer of hiredis's. */
static bool add_command(struct evbuffer *to, int argc, const char **argv, const size_t *len)
{
	char *text = NULL;
	long long n = redisFormatCommandArgv(&text, argc, argv, len);	/* an int in hiredis 0.14 */
	bool ok = n > 0 && evbuffer_add(to, text, (size_t)n) == 0;

	if (n > 0)
		redisFreeCommand(text);
	return ok;
}

bool redis_command(struct bufferevent *channel, int argc, const char **argv, const size_t *len)
{
	return add_command(bufferevent_get_output(channel), argc, argv, len);
}

static bool put_stream(struct batches *b, const struct record *r)
{
	char id[ID_TEXT], most[16];
	const char *argv[8] = {"XADD", b->uri->key};
	size_t len[8] = {4, strlen(b->uri->key)};
	int n = 2;

	if (b->uri->maxlen > 0) {
		argv[n++] = "MAXLEN";
		argv[n++] = "~";
		snprintf(most, sizeof most, "%" PRIu32, b->uri->maxlen);
		argv[n++] = most;
	}
	snprintf(id, sizeof id, "%" PRIu64 "-%" PRIu64, r->segment, r->number);
	argv[n++] = id;
	argv[n++] = "eve";
	for (int i = 2; i < n; i++)
		len[i] = strlen(argv[i]);
	argv[n] = r->json;
	len[n++] = r->len;
	return add_command(b->commands, n, argv, len);
}

static bool put_channel(struct batches *b, const struct record *r)
{
	const char *argv[3] = {"PUBLISH", b->uri->key, r->json};
	size_t len[3] = {7, strlen(b->uri->key), r->len};

	return add_command(b->commands, 3, argv, len);
}

static bool put_list(struct batches *b, const struct record *r)
{
	memcpy(b->text + b->bytes, r->json, r->len);
	b->argv[b->n + 2] = b->text + b->bytes;
	b->len[b->n + 2] = r->len;
	return true;
}

bool batches_put(struct batches *b, const struct record *r, bool alone)
{
	bool ok;

	if (b->n == b->uri->batch || b->bytes >= b->bytes_most || (alone && b->out + b->n > 0) || r->len > EVE_LINE_MAX)
		return false;
	ok = b->uri->mode == REDIS_LIST ? put_list(b, r) : b->uri->mode == REDIS_STREAM ? put_stream(b, r) : put_channel(b, r);
	if (!ok)
		return false;
	b->n++;
	b->bytes += r->len;
	return true;
}

unsigned batches_out(const struct batches *b)
{
	return b->out;
}

unsigned batches_next(const struct batches *b)
{
	return b->n;
}

unsigned batches_taken(const struct batches *b)
{
	return b->uri->mode == REDIS_CHANNEL ? b->taken : 0;
}

bool batches_send(struct batches *b, struct bufferevent *channel)
{
	struct evbuffer *to = bufferevent_get_output(channel);
	const char *multi[] = {"MULTI"}, *exec[] = {"EXEC"};
	bool transaction = b->uri->mode == REDIS_STREAM && b->n > 1, ok;

	if (b->uri->mode == REDIS_LIST) {
		b->argv[0] = b->uri->left ? "LPUSH" : "RPUSH";
		b->argv[1] = b->uri->key;
		b->len[0] = 5;
		b->len[1] = strlen(b->uri->key);
		ok = add_command(to, (int)b->n + 2, b->argv, b->len);
	} else {
		ok = (!transaction || add_command(to, 1, multi, NULL)) && evbuffer_add_buffer(to, b->commands) == 0 &&
		    (!transaction || add_command(to, 1, exec, NULL));
	}
	b->out = b->n;
	b->answers = b->uri->mode == REDIS_LIST ? 1 : b->n + 2 * transaction;
	b->taken = 0;
	b->refused = false;
	b->error[0] = '\0';
	b->n = 0;
	b->bytes = 0;
	return ok;
}

enum batch_state batches_answer(struct batches *b, const struct answer *answer)
{
	bool last = --b->answers == 0;

	if (answer->failed || answer->failed_inside || (last && answer->none)) {
		if (!b->refused)
			memcpy(b->error, answer->error, sizeof b->error);
		b->refused = true;
	}
	b->taken += !b->refused;
	if (!last)
		return BATCH_MORE;
	if (!b->refused)
		b->out = b->taken = 0;
	return b->refused ? BATCH_REFUSED : BATCH_DONE;
}

const char *batches_error(const struct batches *b)
{
	return b->error;
}

void batches_clear(struct batches *b)
{
	b->n = b->out = b->answers = b->taken = 0;
	b->bytes = 0;
	evbuffer_drain(b->commands, evbuffer_get_length(b->commands));
}
