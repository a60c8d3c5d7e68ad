/* tls_hello.h -- ClientHello and ServerHello: what is offered, and what is chosen. RFC 8446, 5246, 9147, 6347, 5764.
 *
 * TLS, DTLS and QUIC carry the same messages (DTLS with a cookie in between). What is borrowed lies in the message.
 */
#ifndef PW_TLS_HELLO_H
#define PW_TLS_HELLO_H

#include "../sensor/base/cursor.h"

enum {
	TLS_HELLO_REQUEST = 0,
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_HELLO_VERIFY_REQUEST = 3,
	TLS_NEW_SESSION_TICKET = 4,
	TLS_ENCRYPTED_EXTENSIONS = 8,
	TLS_CERTIFICATE = 11,
	TLS_SERVER_KEY_EXCHANGE = 12,
	TLS_CERTIFICATE_REQUEST = 13,
	TLS_SERVER_HELLO_DONE = 14,
	TLS_CERTIFICATE_VERIFY = 15,
	TLS_CLIENT_KEY_EXCHANGE = 16,
	TLS_FINISHED = 20,
	TLS_CERTIFICATE_URL = 21,
	TLS_CERTIFICATE_STATUS = 22,
	TLS_SUPPLEMENTAL_DATA = 23,
};

enum {
	SSL_3 = 0x0300, TLS_1_0 = 0x0301, TLS_1_1 = 0x0302, TLS_1_2 = 0x0303, TLS_1_3 = 0x0304,
	DTLS_1_0 = 0xfeff, DTLS_1_2 = 0xfefd, DTLS_1_3 = 0xfefc,
	DTLS_BAD = 0x0100,		/* OpenSSL before 0.9.8f, and Cisco's AnyConnect to this day: DTLS 1.0 in all but the number */
};

/* Lists of numbers are two bytes each, as they stand in the message; empty if there are none. */
struct tls_client_hello {
	uint16_t version;		/* the highest that is offered */
	struct cursor suites, groups, srtp;
	struct cursor host;		/* SNI; empty: none */
	struct cursor alpn;		/* a list of names, each behind one byte of length */
	struct cursor cookie;		/* DTLS up to 1.2 */
	bool psk;			/* offers a key from before */
};

struct tls_server_hello {
	uint16_t version, suite;
	uint16_t group, srtp;		/* 0: does not say */
	bool retry;			/* HelloRetryRequest: nothing is chosen for good */
	bool psk;			/* TLS 1.3: a key from before is used */
};

/* The body of a message, behind its header. False: it is none, not even a strange one. */
bool tls_client_hello(struct tls_client_hello *, struct cursor body, bool datagram);
bool tls_server_hello(struct tls_server_hello *, struct cursor body, bool datagram);

/* Is it a version that is, or was, in use? */
bool tls_version_known(uint16_t version, bool datagram);
static inline bool tls_is_13(uint16_t version)
{
	return version == TLS_1_3 || version == DTLS_1_3;
}

/* Takes the next name off an ALPN list; false at its end. */
bool tls_alpn_next(struct cursor *list, struct cursor *name);

#endif
