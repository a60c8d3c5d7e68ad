/* encryption.h -- what was seen of how flows are encrypted, kept by flow until an alert asks for it.
 *
 * It may be seen before anybody knows that the flow matters: so it does not live in legs. Bounded: where media, or their
 * handshake, were seen it stays longer than what only a TLS connection showed.
 */
#ifndef PW_ENCRYPTION_H
#define PW_ENCRYPTION_H

#include "state.h"

bool encryption_init(struct correlator *);	/* false: no memory */
void encryption_clear(struct correlator *);

/* Does a message say something about it? Then note it. */
static inline bool encryption_speaks(const struct reading *r)
{
	return says(r, FACT_CRYPTO_OFFER) || says(r, FACT_CRYPTO_PROTOCOL) || says(r, FACT_CRYPTO_CERT) || says(r, FACT_MEDIA_PROTECTION);
}
void encryption_note(struct correlator *, const struct message *);

/* For an alert of this kind that speaks of leg `main` of the session: judged by the site's profile. */
void encryption_fill(struct correlator *, const struct session *, const struct leg *main, enum kind, struct event_crypto *);

#endif
