/* eve_write.h -- what the files of eve share, and nobody else sees. */
#ifndef PW_EVE_WRITE_H
#define PW_EVE_WRITE_H

#include "eve.h"

struct evp_md_st;	/* OpenSSL's EVP_MD */

struct json;
struct json_value;

struct eve {
	struct json *json;
	struct evp_md_st *sha1;			/* for the community id: looked for once */
	enum eve_profile profile;
	bool hash_usernames;
	const char *(*interface_name)(void *ctx, unsigned);
	void *ctx;
	uint64_t second;		/* `date` is its text: most events share one */
	char date[32];
	char host[72];
	char line[EVE_LINE_MAX + 2];
};

/* How much of an event is written. */
struct eve_limits {
	uint8_t evidence, peers, servers, mapped;	/* entries */
	uint16_t value, summary;			/* bytes of each */
	uint16_t attributes, attribute;			/* of a STUN message; bytes of each */
	uint8_t crypto;					/* enum eve_crypto_limit */
};

enum eve_crypto_limit { EVE_CRYPTO_ALL, EVE_CRYPTO_LESS, EVE_CRYPTO_LEAST };	/* no certificates and notes; the verdict only */

/* --- pieces. Text returned lives until the line is printed. --- */

void eve_time(struct eve *, struct json_value *in, const char *key, uint64_t ts_ns);
void eve_addr(struct eve *, struct json_value *in, const char *key, const struct addr *);
struct json_value *eve_endpoint(struct eve *, struct json_value *in, const char *key, const struct endpoint *);
const char *eve_endpoint_text(struct eve *, const struct endpoint *);	/* "ip:port", "[ip]:port" */
const char *eve_mac(struct eve *, const uint8_t mac[static 6]);
bool eve_names_user(const char *name);			/* would its value name a person? */
const char *eve_hashed(struct eve *, const char *text, size_t n);

const char *eve_fact_name(const struct evidence *);
const char *eve_fact_value(struct eve *, const struct evidence *);	/* hashed where asked for; "" if none */
/* Which evidence is kept when only `most` fit: the heaviest, the earlier of two as heavy; the order stays. Returns how
 * many there are to look at in `keep`. */
size_t eve_choose(const struct event_alert *, size_t most, bool keep[static EVENT_EVIDENCE]);

/* --- whole parts --- */

void eve_context(struct eve *, struct json_value *in, const struct event_alert *, const struct eve_limits *);
void eve_metadata(struct eve *, struct json_value *in, const struct event_alert *, const struct eve_limits *);
void eve_skype(struct eve *, struct json_value *in, const struct event_skype *);	/* "skype", if it is there */
void eve_skype7(struct eve *, struct json_value *in, const struct event_skype *);
void eve_policy(struct eve *, struct json_value *in, const struct event_policy *);	/* "policy", if it says anything */
void eve_policy7(struct eve *, struct json_value *in, const struct event_policy *);
/* "nzism_cid": the kind's, commas between them, and the policy's. */
void eve_controls(struct eve *, struct json_value *in, const char *commas, const struct event_policy *);
void eve_crypto(struct eve *, struct json_value *in, const struct event_crypto *, const struct eve_limits *);	/* the same */
void eve_crypto7(struct eve *, struct json_value *in, const struct event_crypto *, const struct eve_limits *);
void eve_media(struct eve *, struct json_value *in, const struct event_media *);	/* "media", if there was any */
void eve_media7(struct eve *, struct json_value *in, const struct event_media *);
void eve_media_flowvars(struct eve *, struct json_value *list, const struct event_media *);
void eve_stats(struct eve *, struct json_value *in, const struct event_stats *);	/* "stats" */
void eve_stun(struct eve *, struct json_value *in, const struct event_stun *, const struct eve_limits *);

#endif
