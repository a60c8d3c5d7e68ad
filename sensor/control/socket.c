/* socket.c -- see socket.h. Only its owner and root can connect (the file's mode), and they are asked for nothing more. */
#include "socket.h"

#include "../base/log.h"
#include "address.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { ASKERS = 16, TIMEOUT_S = 5, PATIENCE_S = 30, EXIT_NOBODY = 3 };

struct asker {
	struct control_socket *of;
	struct bufferevent *connection;		/* NULL: free */
	bool answered;
};

struct control_socket {
	struct evconnlistener *listener;
	control_answer answer;
	void *ctx;
	char path[sizeof ((struct sockaddr_un *)0)->sun_path];
	struct asker askers[ASKERS];
};

static void hang_up(struct asker *a)
{
	bufferevent_free(a->connection);
	a->connection = NULL;
	a->answered = false;
	evconnlistener_enable(a->of->listener);
}

static void on_sent(struct bufferevent *b, void *ctx)
{
	struct asker *a = ctx;

	(void)b;
	if (a->answered)
		hang_up(a);
}

static void on_over(struct bufferevent *b, short what, void *ctx)
{
	struct asker *a = ctx;

	(void)b;
	if ((what & BEV_EVENT_EOF) != 0 && a->answered)
		return;			/* it has said all it wants to, and reads */
	hang_up(a);
}

static void reply(struct asker *a, enum request request)
{
	struct evbuffer *out = bufferevent_get_output(a->connection);
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	int code = 2;

	a->answered = true;
	bufferevent_disable(a->connection, EV_READ);
	if (to == NULL)
		log_no_memory("an answer");
	if (request == REQUEST_BAD)
		fprintf(to, "not understood: status, metrics or reload and a newline\n");
	else
		code = a->of->answer(a->of->ctx, request, to);
	if (fclose(to) != 0)
		log_no_memory("an answer");
	evbuffer_add_printf(out, "%d\n", code);
	evbuffer_add(out, text, n);
	free(text);
}

static void on_asked(struct bufferevent *b, void *ctx)
{
	char bytes[REQUEST_BYTES];
	struct evbuffer *in = bufferevent_get_input(b);
	ev_ssize_t n = evbuffer_copyout(in, bytes, sizeof bytes);
	enum request request = request_parse(bytes, n > 0 ? (size_t)n : 0, false);

	if (request != REQUEST_MORE)
		reply(ctx, request);
}

static void on_connect(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len, void *ctx)
{
	struct control_socket *s = ctx;
	const struct timeval timeout = {.tv_sec = TIMEOUT_S};
	unsigned used = 0;
	struct asker *a = NULL;

	(void)from;
	(void)len;
	for (unsigned i = 0; i < ASKERS; i++) {
		used += s->askers[i].connection != NULL;
		if (s->askers[i].connection == NULL)
			a = &s->askers[i];
	}
	if (a == NULL || (a->connection = bufferevent_socket_new(evconnlistener_get_base(l), fd, BEV_OPT_CLOSE_ON_FREE)) == NULL) {
		close(fd);
		return;
	}
	if (used + 1 == ASKERS)
		evconnlistener_disable(l);	/* the next ones wait */
	a->of = s;
	bufferevent_setcb(a->connection, on_asked, on_sent, on_over, a);
	bufferevent_set_timeouts(a->connection, &timeout, &timeout);
	bufferevent_setwatermark(a->connection, EV_READ, 0, REQUEST_BYTES);
	bufferevent_enable(a->connection, EV_READ | EV_WRITE);
}

/* The folder of the usual place, if we can make it. */
static void make_folder(void)
{
	char folder[] = CONTROL_SOCKET;
	char *slash = strrchr(folder, '/');

	*slash = '\0';
	mkdir(folder, 0755);
}

struct control_socket *control_socket_new(const char *path, struct event_base *base, control_answer answer, void *ctx, bool *failed)
{
	bool anywhere = strcmp(path, "auto") == 0;
	struct control_socket *s;
	int fd;

	*failed = false;
	if (anywhere)
		make_folder();
	path = anywhere ? CONTROL_SOCKET : path;
	fd = address_listen_unix(path, 0600);
	if (fd == -EADDRINUSE && anywhere) {
		log_warn("another sensor answers on %s: this one cannot be asked, unless control.socket names another place", path);
	} else if (fd < 0 && anywhere) {
		log_debug("no control socket %s: %s", path, strerror(-fd));
	} else if (fd < 0) {
		log_error("control.socket: %s: cannot listen there: %s%s", path, strerror(-fd),
		    fd == -EADDRINUSE ? ": another sensor does" : "");
		*failed = true;
	}
	if (fd < 0)
		return NULL;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		log_no_memory("the program");
	s->answer = answer;
	s->ctx = ctx;
	snprintf(s->path, sizeof s->path, "%s", path);
	s->listener = evconnlistener_new(base, on_connect, s, LEV_OPT_CLOSE_ON_FREE, 0, fd);
	if (s->listener == NULL)
		log_no_memory("the program");
	return s;
}

void control_socket_free(struct control_socket *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < ASKERS; i++)
		if (s->askers[i].connection != NULL)
			hang_up(&s->askers[i]);
	evconnlistener_free(s->listener);
	unlink(s->path);	/* whoever we have become may not be able to: the next one replaces it */
	free(s);
}

/* --- the other end --- */

static int connect_to(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	const struct timeval patience = {.tv_sec = PATIENCE_S};
	int fd;

	if (strlen(path) >= sizeof at.sun_path)
		return -ENAMETOOLONG;
	memcpy(at.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&at, sizeof at) < 0) {
		int e = errno;

		close(fd);
		return -e;
	}
	return fd;
}

static void say_nobody(const char *path, int e)
{
	log_error("no sensor answers on %s: %s%s", path, strerror(e),
	    e == EACCES ? ": ask as root, or as the user that the sensor runs as" :
	    e == ENOENT || e == ECONNREFUSED ? ": is it running? --socket PATH, or control.socket in its configuration, says where" : "");
}

int control_ask(const char *path, const char *word)
{
	char bytes[4096], request[REQUEST_BYTES];
	int fd, code = EXIT_NOBODY, length;
	bool first = true;
	ssize_t n;

	path = strcmp(path, "auto") == 0 ? CONTROL_SOCKET : path;
	length = snprintf(request, sizeof request, "%s\n", word);
	fd = connect_to(path);
	if (fd < 0) {
		say_nobody(path, -fd);
		return EXIT_NOBODY;
	}
	if (write(fd, request, (size_t)length) != length) {
		say_nobody(path, errno);
		close(fd);
		return EXIT_NOBODY;
	}
	while ((n = read(fd, bytes, sizeof bytes)) > 0) {
		size_t from = 0;

		if (first && n >= 2 && bytes[0] >= '0' && bytes[0] <= '9' && bytes[1] == '\n') {
			code = bytes[0] - '0';
			from = 2;
		}
		first = false;
		fwrite(bytes + from, 1, (size_t)n - from, code < 2 ? stdout : stderr);
	}
	if (n < 0 || first)
		say_nobody(path, n < 0 ? errno : ECONNRESET);
	close(fd);
	return n < 0 ? EXIT_NOBODY : code;
}
