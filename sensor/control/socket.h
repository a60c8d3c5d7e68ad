/* socket.h -- the control socket: one question a connection (request.h), one answer, and the end. Main thread.
 *
 * An answer begins with a digit and a newline: the exit code of whoever asked. What follows is for people.
 */
#ifndef PW_CONTROL_SOCKET_H
#define PW_CONTROL_SOCKET_H

#include "request.h"

#include <stdio.h>

struct event_base;
struct control_socket;

/* Where it is if nobody says otherwise ("auto"). */
#ifndef CONTROL_SOCKET
#define CONTROL_SOCKET "/run/punchwatch/control.sock"
#endif

/* Prints the answer; returns its code. */
typedef int (*control_answer)(void *ctx, enum request, FILE *to);

/* path: "auto" may fail, which is said where it matters, and then *failed stays false. */
struct control_socket *control_socket_new(const char *path, struct event_base *, control_answer, void *ctx, bool *failed);
void control_socket_free(struct control_socket *);

/* The other end: ask a running sensor. Prints the answer to stdout, or to stderr if it is none to be glad of. Returns its code; 3 if nobody
 * answers, which is said. */
int control_ask(const char *path, const char *word);

#endif
