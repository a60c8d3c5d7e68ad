/* tls_cert.h -- a handshake's Certificate message up to TLS 1.2: the keys in it, and what signed them. RFC 5246, 7.4.2. */
#ifndef PW_TLS_CERT_H
#define PW_TLS_CERT_H

#include "../sensor/base/cursor.h"
#include "../sensor/facts/cert.h"

enum {
	TLS_CERTS = 4,			/* of one chain that are looked at */
	TLS_CERT_MAX = 8192,		/* bytes of one certificate that are looked at */
};

/* One certificate in DER, by libcrypto. False: it is none. */
bool tls_cert(struct cert *, struct cursor der, bool leaf);

/* The chain in a message's body. Returns how many are in `to`; *cut: there were more, or some could not be read. */
unsigned tls_cert_chain(struct cert to[static TLS_CERTS], struct cursor body, bool *cut);

#endif
