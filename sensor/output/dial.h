/* dial.h -- from a host and port, or the path of a Unix socket, to a connection: names are looked up again each time, and of several
 * addresses each has its turn.
 */
#ifndef PW_DIAL_H
#define PW_DIAL_H

#include <stdbool.h>
#include <stdint.h>

struct bufferevent;
struct dial;
struct event_base;

/* `host` without brackets, or a path. NULL: no memory, or names cannot be looked up here. */
struct dial *dial_new(struct event_base *, const char *host, uint16_t port, bool is_unix);
void dial_free(struct dial *);

/* This place too, from now on, and first: the two take turns. Replaces what was told so before. false: no memory. */
bool dial_also(struct dial *, const char *host, uint16_t port);

/* Connect the channel, whose own event callback tells how it went; `failed` is called, perhaps at once, if it does not come to that. */
void dial_start(struct dial *, struct bufferevent *, void (*failed)(void *ctx, const char *why), void *ctx);
/* The channel is about to be freed: a look-up that still goes on is forgotten. */
void dial_stop(struct dial *);
/* Have all addresses had their turn? What failed before may be only one of them. */
bool dial_tried_all(const struct dial *);

#endif
