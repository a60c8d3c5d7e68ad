/* quic_hello.h -- what a TLS ClientHello inside QUIC says about who is called, and with what. RFC 8446 4.1.2, RFC 6066, RFC 7301. */
#ifndef PW_QUIC_HELLO_H
#define PW_QUIC_HELLO_H

#include "../sensor/base/cursor.h"

enum { QUIC_ALPNS = 4 };

struct quic_hello {
	struct cursor server_name;	/* empty if there is none */
	struct cursor alpn[QUIC_ALPNS];
	unsigned n_alpn;
	struct cursor user_agent;	/* of Google's clients: a transport parameter */
	bool encrypted;			/* the real hello is hidden behind this one (ECH), which names a front */
};

enum { QUIC_HELLO_HEADER = 4 };

/* Bytes of the whole message, header included, by its first four; 0: it is no ClientHello. */
size_t quic_hello_bytes(const uint8_t header[static QUIC_HELLO_HEADER]);

/* Read it; also what is there of one that was cut. Borrows. False: it is no ClientHello. */
bool quic_hello(struct cursor message, struct quic_hello *);

#endif
