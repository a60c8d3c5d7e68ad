/* tls.h -- TLS for a connection of ours, over OpenSSL and libevent: the other side's certificate is always checked. */
#ifndef PW_TLS_H
#define PW_TLS_H

#include <stdbool.h>
#include <stddef.h>

struct bufferevent;
struct event_base;
struct tls;

struct tls_wish {
	const char *ca;			/* file of who may have signed; "": whom the system trusts */
	const char *cert, *cert_key;	/* files, who we are; "": nobody in particular */
	const char *name;		/* what the certificate has to be for: a host name or an address */
};

/* Reads the files. NULL: `error` says why. */
struct tls *tls_new(const struct tls_wish *, char *error, size_t room);
void tls_free(struct tls *);

/* Not connected yet; connecting includes the handshake. NULL: no memory. */
struct bufferevent *tls_channel(struct tls *, struct event_base *);
/* Why the channel failed, if TLS is the reason. */
bool tls_failure(struct bufferevent *, char *to, size_t room);

#endif
