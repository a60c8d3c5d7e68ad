/* redis_batch.h -- events as commands to Redis, a batch at a time: one is on its way, the next is filled meanwhile.
 *
 * A list's batch is one command, a stream's is a transaction: all of it is taken or nothing, so an error in the middle cannot
 * leave a hole that a later id closes. A channel's are commands one by one.
 */
#ifndef PW_REDIS_BATCH_H
#define PW_REDIS_BATCH_H

#include "redis_answer.h"
#include "redis_uri.h"
#include "sink.h"

struct bufferevent;
struct batches;

struct batches *batches_new(const struct redis_uri *, size_t bytes_most);	/* the URI is borrowed. NULL: no memory */
void batches_free(struct batches *);

/* Into the batch that is being filled. false: it is full. `alone`: nothing beside it, on its way or waiting. */
bool batches_put(struct batches *, const struct record *, bool alone);
/* How many events are on their way, wait to be sent, and of the former were answered well. */
unsigned batches_out(const struct batches *);
unsigned batches_next(const struct batches *);
unsigned batches_taken(const struct batches *);
/* None is on its way: send what waits. false: no memory. */
bool batches_send(struct batches *, struct bufferevent *);

enum batch_state { BATCH_MORE, BATCH_DONE, BATCH_REFUSED };	/* REFUSED: .error of batches_error() says why; all answers are in */

enum batch_state batches_answer(struct batches *, const struct answer *);
const char *batches_error(const struct batches *);
/* The connection is gone: nothing is on its way, nothing waits. */
void batches_clear(struct batches *);

/* One command of any kind. */
bool redis_command(struct bufferevent *, int argc, const char **argv, const size_t *len);

#endif
