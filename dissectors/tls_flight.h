/* tls_flight.h -- what a handshake shows of its choices, message by message, and how that is said: for TLS and DTLS. */
#ifndef PW_TLS_FLIGHT_H
#define PW_TLS_FLIGHT_H

#include "../sensor/facts/facts.h"
#include "tls_cert.h"
#include "tls_hello.h"

/* The server's choices so far; kept in a flow's state. */
struct tls_flight {
	bool has_hello;			/* ServerHello; the rest is of no use without it */
	bool has_keys;			/* ServerKeyExchange */
	bool resumed, certs_cut;
	bool skip_certs;		/* set before: they are not looked at, and count as a chain that was cut */
	uint8_t n_certs;
	uint16_t version, suite, group, dh_bits, srtp, signature;	/* 0: not seen */
	struct cert certs[TLS_CERTS];
};

enum tls_progress {
	TLS_STRANGE,			/* not what a handshake has */
	TLS_GOES_ON,
	TLS_COMPLETE,			/* all that will be seen in clear */
};

/* The server's next message. */
enum tls_progress tls_flight_message(struct tls_flight *, uint8_t type, struct cursor body, bool datagram);

/* What the client offers, as part of a message that was begun. `from`: "tls", "dtls". */
void tls_say_offer(struct facts *, const struct tls_client_hello *, const char *from);
/* What was chosen, as a message of its own. `protocol`: "TLS", "DTLS". */
void tls_say_choice(struct facts *, const struct tls_flight *, const char *protocol);
/* The sender's chain: of the client, in a message of its own. */
void tls_say_certs(struct facts *, const struct cert certs[], unsigned n, bool cut);

#endif
