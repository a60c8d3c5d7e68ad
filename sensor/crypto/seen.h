/* seen.h -- what was seen of how one flow is encrypted: collected from its messages, judged when an alert is made (judge.h). Plain data. */
#ifndef PW_CRYPTO_SEEN_H
#define PW_CRYPTO_SEEN_H

#include "../facts/cert.h"
#include "../facts/facts.h"

enum { SEEN_CERTS = 3, SEEN_SUITES = 24, SEEN_GROUPS = 12, SEEN_SRTP = 8, SEEN_NAME = 40 };

enum crypto_protocol {
	CRYPTO_NOTHING,
	CRYPTO_TLS, CRYPTO_DTLS, CRYPTO_SDES, CRYPTO_ZRTP,
	CRYPTO_RTP,			/* media in clear */
	CRYPTO_SRTP,			/* media that are encrypted, and nobody saw how that was agreed upon */
	CRYPTO_OTHER,
};

struct crypto_certs {
	uint8_t n;
	bool cut;			/* there are more */
	struct cert cert[SEEN_CERTS];
};

/* The first ones of a list of numbers, and how many it has. */
struct crypto_seen {
	uint8_t protocol;		/* enum crypto_protocol */
	bool offer, choice;		/* were seen */
	bool datagrams;			/* over UDP */
	bool resumed, key_in_clear;
	bool media_clear, media_srtp;	/* what the media look like */
	uint16_t version, suite, group, dh_bits, srtp, signature;	/* chosen; 0: not seen */
	char name[SEEN_NAME];		/* the suite, where it is a name; or what CRYPTO_OTHER is called */
	struct crypto_certs server, client;
	uint8_t n_suites, n_groups, n_srtp;	/* offered */
	uint16_t suites[SEEN_SUITES], groups[SEEN_GROUPS], profiles[SEEN_SRTP];
};

/* A message that says anything about it has one of FACT_CRYPTO_OFFER, _PROTOCOL, _CERT and FACT_MEDIA_PROTECTION. */
void crypto_seen_note(struct crypto_seen *, const struct message *);

#endif
