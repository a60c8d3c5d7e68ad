/* address.h -- where we listen: a loopback address and port, or a unix socket. Nobody else's questions are wanted: what is asked
 * has no password. */
#ifndef PW_CONTROL_ADDRESS_H
#define PW_CONTROL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { ADDRESS_WHY = 160 };

/* 127.0.0.1:9177, [::1]:9177 or unix:PATH. False: `why` says what is wrong with it. */
bool address_right(const char *text, char why[static ADDRESS_WHY]);

/* A listening socket that does not block. -errno; -EADDRINUSE of a path: somebody answers there. What is left there of one who does
 * not is replaced; a unix socket is for its owner alone. */
int address_listen(const char *text);
int address_listen_unix(const char *path, mode_t mode);

/* The path of unix:PATH, or NULL. */
const char *address_path(const char *text);

#endif
